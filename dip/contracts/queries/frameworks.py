"""Framework agreements of an organisation: per pair of parties, their files, and the agreements that cite them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q

from dip.contracts.models import Agreement, AgreementVersion, Framework
from dip.contracts.terms.states import AgreementStatus
from dip.programme.models import Performance
from dip.registry.models import Organisation
from dip.registry.terms import PROVIDERS, TAKERS, Access

#: Days before its last day from which a framework agreement asks for attention.
SOON = 60


@dataclass(frozen=True, slots=True)
class FrameworkRow:
    """A framework agreement as lists show it. ``standing``: holds, to_come, soon (its last day is near), over, or ended."""

    id: int
    title: str
    provider_id: int
    provider: str
    taker_id: int
    taker: str
    other: str
    """The other party, to the reader."""
    valid_from: date
    valid_until: date | None
    file_name: str
    size: int
    uploaded_at: datetime
    uploaded_by: str
    uploader: str
    is_own: bool
    """Uploaded by the reader's organisation, which may end it."""
    ended_at: datetime | None
    standing: str


@dataclass(frozen=True, slots=True)
class Citing:
    """An agreement to which a framework agreement applies."""

    id: int
    reference: str
    title: str
    theatre: str
    first_date: date
    last_date: date
    status: str


def framework_rows(access: Access, today: date) -> list[FrameworkRow]:
    """All of an organisation: those in use first, by the other party, the newest first. One query, without the files."""
    rows = _rows(access).order_by("-valid_from", "-pk")
    found = [_row(access, row, today) for row in rows]
    return sorted(found, key=lambda one: (one.standing in ("over", "ended"), one.other.lower()))


def framework_of(access: Access, framework_id: int, today: date) -> FrameworkRow:
    """One of them. Raises ``Framework.DoesNotExist`` for strangers. One query."""
    return _row(access, _rows(access).get(pk=framework_id), today)


def _rows(access: Access):  # type: ignore[no-untyped-def]  # the query set of an owned manager
    from django.db.models.functions import Length

    rows = Framework.objects.within(access).select_related("provider", "taker", "uploader").defer("content")
    return rows.annotate(size=Length("content"))


def _row(access: Access, row: Framework, today: date) -> FrameworkRow:
    is_provider = row.provider_id == access.organisation_id
    return FrameworkRow(
        id=row.pk,
        title=row.title,
        provider_id=row.provider_id,
        provider=row.provider.name,
        taker_id=row.taker_id,
        taker=row.taker.name,
        other=row.taker.name if is_provider else row.provider.name,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        file_name=row.file_name,
        size=row.size,  # type: ignore[attr-defined]  # annotated
        uploaded_at=row.uploaded_at,
        uploaded_by=row.uploaded_by,
        uploader=row.uploader.name,
        is_own=row.uploader_id == access.organisation_id,
        ended_at=row.ended_at,
        standing=standing_of(row.valid_from, row.valid_until, row.ended_at, today),
    )


def standing_of(valid_from: date, valid_until: date | None, ended_at: datetime | None, today: date) -> str:
    """How a framework agreement stands on a day, see :class:`FrameworkRow`."""
    if ended_at is not None:
        return "ended"
    if valid_until is not None and valid_until < today:
        return "over"
    if valid_from > today:
        return "to_come"
    return "soon" if valid_until is not None and valid_until <= today + timedelta(days=SOON) else "holds"


def framework_file(access: Access, framework_id: int) -> tuple[str, str, bytes]:
    """Name, media type and content. Raises ``Framework.DoesNotExist`` for strangers. One query."""
    row = Framework.objects.within(access).get(pk=framework_id)
    return row.file_name, row.media_type, bytes(row.content)


def citing(access: Access, framework: FrameworkRow, limit: int = 100) -> list[Citing]:
    """Agreements between the two that say that a framework agreement applies and were proposed (or, of the reader's own concepts, are
    drafted) while this one holds, newest first. At most one query."""
    pair = {"provider_id": framework.provider_id, "theatre__organisation_id": framework.taker_id}
    rows = Agreement.objects.within(access).filter(**pair).exclude(status=AgreementStatus.WITHDRAWN)
    newest = AgreementVersion.objects.within(access).filter(agreement_id=OuterRef("pk"), number=OuterRef("version"))
    until = framework.valid_until or date.max
    proposed = Exists(
        newest.filter(terms__framework_applies=True, proposed_at__date__gte=framework.valid_from, proposed_at__date__lte=until)
    )
    asked = Q(proposed)
    if access.is_provider:
        drafted = Q(
            version=0, terms__framework_applies=True, created_at__date__gte=framework.valid_from, created_at__date__lte=until
        )
        asked |= drafted
    found = rows.filter(asked).select_related("production", "theatre").order_by("-first_date", "-id")[:limit]
    return [
        Citing(row.pk, row.reference, row.production.title, row.theatre.name, row.first_date, row.last_date, row.status)
        for row in found
    ]


def partners(access: Access) -> Sequence[tuple[int, str]]:
    """Organisations to have a framework agreement with, by name: for a provider those whose houses its productions play, for a
    theatre those whose productions play there; after them all others of that kind. One query."""
    wanted = TAKERS if access.is_provider else PROVIDERS
    own = access.organisation_id
    plays = Performance.objects.filter(merged_into__isnull=True)
    if access.is_provider:
        mine = Q(production__producer_id=own) | Q(production__agency_id=own)
        near = Exists(plays.filter(mine, theatre__organisation_id=OuterRef("pk")))
    else:
        theirs = Q(production__producer_id=OuterRef("pk")) | Q(production__agency_id=OuterRef("pk"))
        near = Exists(plays.filter(theirs, theatre__organisation_id=own))
    rows = Organisation.objects.exclude(pk=own).filter(roles__overlap=[role.value for role in wanted]).annotate(near=near)
    return list(rows.order_by(F("near").desc(), "name").values_list("pk", "name"))


def ending_soon(access: Access, today: date, limit: int = 4) -> tuple[list[FrameworkRow], int]:
    """Those whose last day is within sixty days and that no later one follows, soonest first, and how many. One query."""
    until = today + timedelta(days=SOON)
    rows = _rows(access).filter(ended_at=None, valid_from__lte=today, valid_until__gte=today, valid_until__lte=until)
    later = Framework.objects.within(access).filter(
        Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until")),
        provider_id=OuterRef("provider_id"), taker_id=OuterRef("taker_id"), ended_at=None,
    )  # fmt: skip
    found = [_row(access, row, today) for row in rows.filter(~Exists(later)).order_by("valid_until", "pk")]
    return found[:limit], len(found)
