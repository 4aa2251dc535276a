"""Where an agreement stands from the first draft to the last payment, in one word, and what a list asks and shows of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from dip.contracts.terms.fields import Values
from dip.contracts.terms.states import Turn


class Stage(StrEnum):
    """The status of an agreement, and while it binds, what its settlement (borderel) waits for."""

    CONCEPT = "concept"
    PROPOSED = "proposed"
    REJECTED = "rejected"
    APPROVED = "approved"
    """Binds; the performances are still to be played, or no settlement stands yet."""
    TO_CONFIRM = "to_confirm"
    """The theatre has to confirm the figures."""
    DISPUTED = "disputed"
    TO_SIGN = "to_sign"
    TO_INVOICE = "to_invoice"
    TO_PAY = "to_pay"
    PAID = "paid"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


#: Still to be agreed upon; the borderel is being made; nothing follows.
AGREEING = (Stage.CONCEPT, Stage.PROPOSED, Stage.REJECTED)
SETTLING = (Stage.TO_CONFIRM, Stage.DISPUTED, Stage.TO_SIGN, Stage.TO_INVOICE, Stage.TO_PAY)
OVER = (Stage.PAID, Stage.REVISED, Stage.WITHDRAWN, Stage.EXPIRED)

#: Whose act each stage waits for; who invoices and who pays depends on the agreement, see :mod:`dip.contracts.queries.lists`.
TURNS: Mapping[Stage, Turn] = {
    Stage.CONCEPT: Turn.PROVIDER,
    Stage.PROPOSED: Turn.THEATRE,
    Stage.REJECTED: Turn.PROVIDER,
    Stage.APPROVED: Turn.NOBODY,
    Stage.TO_CONFIRM: Turn.THEATRE,
    Stage.DISPUTED: Turn.THEATRE,
    Stage.TO_SIGN: Turn.PROVIDER,
    Stage.TO_INVOICE: Turn.PROVIDER,
    Stage.TO_PAY: Turn.THEATRE,
    **dict.fromkeys(OVER, Turn.NOBODY),
}


class Whose(StrEnum):
    """Whose turn it is, seen from the reader."""

    MINE = "mine"
    THEIRS = "theirs"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class AgreementFilter:
    """What is asked of the list. Empty or None: no matter which.

    ``stage``: a :class:`Stage`, or ``agreeing``, ``settling``, ``over``. ``season_year`` None with ``is_current``: this season's
    and, of others, what is not over.
    """

    whose: str = ""
    stage: str = ""
    season_year: int | None = None
    is_current: bool = False
    format: str = ""
    theatre_id: int | None = None
    production_id: int | None = None
    text: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the season was asked."""
        return bool(self.whose or self.stage or self.format or self.theatre_id or self.production_id or self.text)


@dataclass(frozen=True, slots=True)
class ListedPerformance:
    """A performance under an agreement, as its reader may know it."""

    number: int
    on: date
    starts_at: datetime
    hall: str
    seats: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One line of the list. A theatre reads what was proposed, never the draft that may be ahead of it."""

    id: int
    reference: str
    name: str
    production_id: int
    title: str
    dip_id: str
    season_year: int
    theatre_id: int
    theatre: str
    city: str
    provider: str
    producer: str
    agency: str
    format: str
    version: int
    stage: Stage
    whose: Whose
    turn: Turn
    first_date: date
    last_date: date
    due_date: date | None
    """Of what the stage waits for: an answer, or a borderel."""
    performances: tuple[ListedPerformance, ...]
    own_potential_cents: int | None
    own_estimated_cents: int | None
    """What it gives the reader's own side; None while nothing was calculated."""
    outlook_at: datetime | None
    """Moment of the sales in the estimate; None: no figures yet."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """Only for the export: contacts, moments, the other side's outlook, the settlement's sums."""
    values: Values = field(default_factory=dict)
    """Only for the export: the terms."""

    @property
    def is_concept(self) -> bool:
        """Whether only its provider sees it."""
        return self.stage is Stage.CONCEPT


@dataclass(frozen=True, slots=True)
class Counts:
    """How many agreements a filter finds: by whose turn (whatever turn is asked) and by stage (whatever stage is asked)."""

    whose: Mapping[str, int]
    stages: Mapping[str, int]
    found: int

    @property
    def all_whose(self) -> int:
        """Whoever's turn."""
        return sum(self.whose.values())
