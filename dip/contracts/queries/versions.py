"""What was proposed in each version of an agreement, and how each field of it was answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dip.contracts.models import Agreement, AgreementVersion, FieldAnswer
from dip.contracts.rules.values import differences, field_of, read_value, restored
from dip.contracts.terms.fields import Value, Values
from dip.kernel.clock import local
from dip.registry.terms import Access


@dataclass(frozen=True, slots=True)
class Evening:
    """A performance as it was proposed, or as it stands. ``seats``: by rank."""

    number: int
    on: date
    starts_at: datetime
    hall: str
    seats: tuple[int, ...] = ()

    @property
    def capacity(self) -> int:
        """Seats of all ranks."""
        return sum(self.seats)

    @property
    def place(self) -> tuple[datetime, str]:
        """When and where: what differs once it was moved."""
        return self.starts_at, self.hall


@dataclass(frozen=True, slots=True)
class Answer:
    """How the theatre answers one field. ``counter``: the value it would accept, None when it proposes none."""

    field: str
    is_accepted: bool
    reason: str
    counter: Value
    at: datetime
    by: str
    carried_from: int | None = None
    """Version in which it was accepted, unchanged since; None: answered in this one."""


@dataclass(frozen=True, slots=True)
class Version:
    """One proposal. ``answers`` by field: those that the reader may see. ``number`` 0 is a draft that was never proposed."""

    number: int
    format: str
    values: Values
    evenings: tuple[Evening, ...]
    proposed_at: datetime | None = None
    proposed_by: str = ""
    answered_at: datetime | None = None
    answered_by: str = ""
    outcome: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def rejected(self) -> tuple[Answer, ...]:
        """The answers that reject, in the order in which they were given."""
        return tuple(sorted((one for one in self.answers.values() if not one.is_accepted), key=lambda one: one.at))

    @property
    def accepted_count(self) -> int:
        """Fields that were accepted."""
        return sum(one.is_accepted for one in self.answers.values())


def versions_of(access: Access, agreement: Agreement) -> tuple[Version, ...]:
    """Every version that was proposed, oldest first, with the answers that the access may see. Two queries."""
    rows = AgreementVersion.objects.within(access).filter(agreement=agreement).order_by("number")
    answers: dict[int, list[FieldAnswer]] = {}
    for answer in FieldAnswer.objects.within(access).filter(version__agreement=agreement).order_by("at", "id"):
        answers.setdefault(answer.version_id, []).append(answer)
    return tuple(_version(row, answers.get(row.pk, [])) for row in rows)


def _version(row: AgreementVersion, answers: list[FieldAnswer]) -> Version:
    return Version(
        number=row.number,
        format=row.format,
        values=restored(row.format, row.terms),
        evenings=tuple(sorted((_evening(raw) for raw in row.performances), key=lambda one: one.number)),
        proposed_at=row.proposed_at,
        proposed_by=row.proposed_by,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
        outcome=row.outcome,
        answers={answer.field: _answer(row.format, answer) for answer in answers},
    )


def _evening(raw: Mapping[str, Any]) -> Evening:
    starts = datetime.fromisoformat(raw["starts_at"])
    return Evening(
        number=raw["number"],
        on=date.fromisoformat(raw["date"]) if raw.get("date") else local(starts).date(),
        starts_at=starts,
        hall=str(raw.get("hall", "")),
        seats=tuple(raw.get("capacity_by_rank") or ()),
    )


def _answer(format_code: str, row: FieldAnswer) -> Answer:
    return Answer(
        row.field, row.is_accepted, row.reason, counter_of(format_code, row.field, row.counter), row.at, row.by, row.carried_from
    )


def counter_of(format_code: str, code: str, raw: Any) -> Value:
    """A counter-proposal as it is calculated with; what is not a field of the format stays as it was written."""
    if raw is None:
        return None
    try:
        return read_value(field_of(format_code, code), raw)
    except KeyError:
        return str(raw)


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of which two versions differ; a code that is no field of a format is ``format`` or ``performances``."""

    code: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions side by side: what changed, and what came and went of the performances."""

    earlier: Version
    later: Version
    changed: Mapping[str, Changed]
    added: tuple[Evening, ...]
    dropped: tuple[Evening, ...]
    moved: tuple[tuple[Evening, Evening], ...]

    @property
    def evenings_differ(self) -> bool:
        """Whether anything of the performances changed."""
        return bool(self.added or self.dropped or self.moved)

    @property
    def count(self) -> int:
        """Number of differences, the performances and the format as one each."""
        return len(self.changed) + self.evenings_differ + (self.earlier.format != self.later.format)


def compared(earlier: Version, later: Version) -> Comparison:
    """What differs between two versions. Fields of both formats when the format itself changed."""
    changed = {
        **differences(earlier.format, earlier.values, later.values),
        **differences(later.format, earlier.values, later.values),
    }
    before, after = ({one.number: one for one in version.evenings} for version in (earlier, later))
    return Comparison(
        earlier=earlier,
        later=later,
        changed={code: Changed(code, old, new) for code, (old, new) in changed.items()},
        added=tuple(one for number, one in after.items() if number not in before),
        dropped=tuple(one for number, one in before.items() if number not in after),
        moved=tuple(
            (before[number], one) for number, one in after.items() if number in before and before[number].place != one.place
        ),
    )
