"""What every connector to a ticketing system gives: the same three questions, the same records, whatever the vendor.

A connector reads and never writes. It holds no state: the platform keeps its cursor, saves it together with what was read, and asks
again from there after any failure, so an answer may come twice and must then be equal. Times are aware; money is integer cents
including VAT; counts are net of cancellations. Nothing in these records points to a buyer.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from dip.ticketing.terms.orders import TicketRow


class SalesStatus(StrEnum):
    """Where the sale of a performance stands in the vendor's calendar."""

    NOT_ON_SALE = "not_on_sale"
    ON_SALE = "on_sale"
    SOLD_OUT = "sold_out"
    CLOSED = "closed"
    MOVED = "moved"
    CANCELLED = "cancelled"


class Trouble(StrEnum):
    """Why a system could not be read: the closed list that pages explain with a remedy."""

    ADDRESS = "address"
    """The address may not or cannot be called, or no such system answers there."""
    CREDENTIALS = "credentials"
    """The token is unknown, expired or revoked."""
    RIGHTS = "rights"
    """The token is known, and lacks a right that is needed."""
    LIMIT = "limit"
    """The system asks us to slow down."""
    AWAY = "away"
    """The system does not answer, or answers that it is down."""
    ANSWER = "answer"
    """An answer that does not have the documented shape."""


class UnableToRead(Exception):
    """A system could not be read. ``detail`` names the question and what came back, without secrets.

    ``retry_after``: seconds that the system asked us to wait.
    """

    def __init__(self, trouble: Trouble, detail: str, retry_after: float | None = None) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble, self.detail, self.retry_after = trouble, detail, retry_after


@dataclass(frozen=True, slots=True)
class SourcePerformance:
    """A performance as the ticketing system knows it. ``ref`` is its name there, the same for as long as it exists."""

    ref: str
    title: str
    starts_at: datetime
    hall_name: str = ""
    dip_id: str = ""
    """As typed in the system, unchecked; empty: none."""
    sales_status: SalesStatus = SalesStatus.ON_SALE
    sale_starts_at: datetime | None = None
    sale_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Paid tickets of one of the system's own kinds. ``kind`` is one of the national kinds (``ticketing.terms.TicketKind``)."""

    source_kind: str
    kind: str
    tickets: int
    gross_cents: int
    vat_cents: int | None = None
    price_band: str = ""
    channel: str = "all"


@dataclass(frozen=True, slots=True)
class SourceSnapshot:
    """The cumulative state of one performance at ``as_of``. None: the system does not tell.

    ``reserved``: an order that holds seats and is not paid. ``blocked``: seats withheld without an order. ``resale`` is sold by
    third parties and is in none of the lines.
    """

    ref: str
    as_of: datetime
    lines: tuple[SourceLine, ...]
    capacity: int | None = None
    reserved: int | None = None
    reserved_cents: int | None = None
    blocked: int | None = None
    blocked_cents: int | None = None
    available: int | None = None
    resale: int | None = None
    own_total: int | None = None
    """Tickets that hold a seat as the system itself adds them up: sold and free, reserved, and resale where it counts that."""
    sales_status: SalesStatus = SalesStatus.ON_SALE
    quality: Mapping[str, str] = field(default_factory=dict)
    """What the system does not give or gives doubtfully: a word of :data:`QUALITY` → what was done instead."""


#: What a snapshot may be marked with: the system gives no VAT; kinds were guessed from their names; blocked seats or reservations are
#: not told; capacity is unlimited; more sold than there are seats; the calendar does not tell whether it is on sale.
QUALITY = frozenset({"no_vat", "kind_guessed", "no_blocked", "no_reserved", "capacity_unlimited", "oversold", "no_status"})


@dataclass(frozen=True, slots=True)
class Changes:
    """Performances whose figures, calendar or capacity changed since a cursor. ``everything``: the system cannot tell which.

    ``cursor`` is where the next question begins; it may overlap what was read, never leave a gap. ``as_of``: what the answer does
    not name stood unchanged until then (None: the system does not tell). ``calendar``: performances came, went or moved, so :meth:`Connector.performances` has news.
    """

    refs: frozenset[str]
    cursor: str
    everything: bool = False
    calendar: bool = False
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a connection test found: the system's name and version, the account, and rights that are there or missing."""

    system: str
    version: str
    account: str
    missing_rights: tuple[str, ...] = ()
    needless_rights: tuple[str, ...] = ()
    performance_count: int = 0


@dataclass(frozen=True, slots=True)
class Hint:
    """What a webhook of the system says: that something changed. It is believed in nothing, and only shortens the wait.

    ``event``: the ref, or what the refs of its performances begin with up to a slash; empty: not told.
    """

    account: str
    event: str = ""
    figures: bool = False
    """Whether anything was sold, paid or returned."""
    seats: bool = False
    """Whether seats were added, taken away or withheld."""
    calendar: bool = False
    """Whether performances came, went or moved."""


@dataclass(frozen=True, slots=True)
class Account:
    """How to reach one theatre's account: ``address`` as checked, ``account`` the system's name for it, ``secret`` in clear."""

    address: str
    account: str
    secret: str
    kinds: Mapping[str, str] = field(default_factory=dict)
    """The theatre's own mapping of source kinds to national kinds; what is not in it is guessed from its name."""
    pseudonym: Callable[[str], str] | None = field(default=None, repr=False)
    """Makes the pseudonym of a buyer's e-mail address; "" for what is no address. None: orders are given without it."""
    consent: str = "none"
    """On which ground the theatre has its buyers counted: statistics, consent or none."""


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Tickets of orders that changed since a cursor, in any order; a ticket may come again, and its newest version counts.

    ``cursor``: where the next question begins; it may overlap what was given, never leave a gap. ``done``: that was all for now.
    """

    rows: tuple[TicketRow, ...]
    cursor: str
    done: bool


@runtime_checkable
class OrderSource(Protocol):
    """What a connector answers when its system tells of orders. No row holds a name, an address, a seat or a telephone number."""

    def orders(self, since: str) -> OrderPage:
        """The next tickets that changed since the cursor; the empty cursor stands for the beginning. Raises :class:`UnableToRead`."""


class Connector(Protocol):
    """One theatre's account at one vendor. Every method raises :class:`UnableToRead` and nothing else for what lies outside."""

    def greet(self) -> Greeting:
        """Test the connection with the cheapest questions that prove every right we need."""

    def performances(self) -> Iterator[SourcePerformance]:
        """Every performance from yesterday on, in any order, once."""

    def changes(self, cursor: str) -> Changes:
        """What changed since the cursor; the empty cursor stands for the beginning."""

    def snapshots(self, refs: frozenset[str]) -> Iterator[SourceSnapshot]:
        """The state of each of these performances now, one by one, in any order; one that no longer exists is left out."""

    def tallies(self, refs: frozenset[str]) -> Mapping[str, int]:
        """``own_total`` of these performances counted a second, independent way, for the nightly check; empty: there is none."""
