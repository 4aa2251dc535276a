"""What a theatre asked to be gone, and how far that is."""

from dataclasses import dataclass
from datetime import datetime

from dip.registry.terms import Access
from dip.warehouse.models import Removal
from dip.warehouse.queries.evenings import Evening, evenings_of
from dip.warehouse.rules.landed import RemovalKind

#: Removals on one page.
PAGE = 50


class UnknownRemoval(LookupError):
    """There is no such removal here for this access."""


@dataclass(frozen=True, slots=True)
class RemovalRow:
    """One removal. The moments tell where it is done; ``evening`` is None for a buyer, of whom nothing is told."""

    id: int
    kind: RemovalKind
    evening: Evening | None
    requested_at: datetime
    requested_by: str
    files_done_at: datetime | None
    facts_done_at: datetime | None
    published_done_at: datetime | None
    lifted_at: datetime | None

    @property
    def is_done(self) -> bool:
        """Whether it is gone everywhere."""
        return None not in (self.files_done_at, self.facts_done_at, self.published_done_at)

    @property
    def steps(self) -> tuple[tuple[str, datetime | None], ...]:
        """(Where, when it was done there)."""
        return (("files", self.files_done_at), ("facts", self.facts_done_at), ("published", self.published_done_at))


def removals(access: Access, *, before: int | None = None) -> list[RemovalRow]:
    """What the organisation asked, newest first; one more than :data:`PAGE` when there are more. Two queries."""
    rows = Removal.objects.within(access).order_by("-pk")
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    known = evenings_of(access, {one.performance_id for one in found if one.performance_id})
    return [_row(one, known) for one in found]


def removal(access: Access, removal_id: int) -> RemovalRow:
    """One of them. Raises :class:`UnknownRemoval`."""
    found = Removal.objects.within(access).filter(pk=removal_id).first()
    if found is None:
        raise UnknownRemoval(f"There is no removal {removal_id} here for you.")
    return _row(found, evenings_of(access, {found.performance_id} if found.performance_id else set()))


def _row(one: Removal, known: dict[int, Evening]) -> RemovalRow:
    return RemovalRow(
        one.pk, RemovalKind(one.kind), known.get(one.performance_id or 0), one.requested_at, one.requested_by, one.files_done_at,
        one.facts_done_at, one.published_done_at, one.lifted_at,
    )  # fmt: skip
