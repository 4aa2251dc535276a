"""Words of the programme, and the entries that its actions take."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PerformanceKind(StrEnum):
    """Place of a performance in the life of its production; values as on the wire."""

    NORMAL = "normal"
    PREMIERE = "premiere"
    TRYOUT = "tryout"
    DERNIERE = "derniere"


class PerformanceStatus(StrEnum):
    """Life of a performance. On the wire a published one is ``agreed`` and a cancelled one ``cancellation``."""

    CONCEPT = "concept"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class FundFeature(StrEnum):
    """What the performing arts fund wants to know of a performance."""

    REGULAR = "regular"
    SCHOOL_PRIMARY = "school_primary"
    SCHOOL_SECONDARY = "school_secondary"
    EDUCATION = "education"
    LECTURE = "lecture"
    OTHER = "other"


class HallKind(StrEnum):
    """A hall of the house, another place in the building, or a place elsewhere."""

    REGULAR = "regular"
    OTHER_LOCATION = "other_location"
    EXTERNAL = "external"


class VenueKind(StrEnum):
    """Kind of a theatre on the wire."""

    THEATRE = "Theater"
    FESTIVAL = "Festival"
    OTHER = "Other"


class RequestStatus(StrEnum):
    """Life of a connection request."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    PROPOSED = "proposed"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class ProposalStatus(StrEnum):
    """Life of one proposed correction."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ProposalField(StrEnum):
    """What a theatre can correct."""

    DATE = "date"
    TIME = "time"
    HALL = "hall"
    CAPACITY = "capacity"


class DuplicateKind(StrEnum):
    """What can turn out to be entered twice."""

    THEATRE = "theatre"
    HALL = "hall"
    PRODUCTION = "production"


class DuplicateStatus(StrEnum):
    """Life of a report that two are one."""

    OPEN = "open"
    MERGED = "merged"
    DISMISSED = "dismissed"


#: Ranks in use on the wire: amount_rank1 … amount_rank10.
RANKS = 10


class EventKind(StrEnum):
    """What can happen to a performance or a production."""

    CREATED = "created"
    CHANGED = "changed"
    PUBLISHED = "published"
    MOVED = "moved"
    CANCELLED = "cancelled"
    CONFIRMED = "confirmed"
    PROPOSED = "proposed"
    CORRECTED = "corrected"
    DECLINED = "declined"
    REOPENED = "reopened"
    AGENCY_MOVED = "agency_moved"
    VENUE_MERGED = "venue_merged"
    PRODUCTION_MERGED = "production_merged"
    FOLDED = "folded"


class FindingCode(StrEnum):
    """What a check of a performance or a venue can find. The first ones refuse, those from ``HALL_TAKEN`` on only warn."""

    TITLE_MISSING = "title_missing"
    TITLE_TAKEN = "title_taken"
    SEASON_OUT_OF_RANGE = "season_out_of_range"
    GENRE_UNKNOWN = "genre_unknown"
    PRODUCER_UNKNOWN = "producer_unknown"
    AGENCY_UNKNOWN = "agency_unknown"
    CO_PRODUCER_UNKNOWN = "co_producer_unknown"
    THEATRE_UNKNOWN = "theatre_unknown"
    THEATRE_NOT_IN_USE = "theatre_not_in_use"
    HALL_UNKNOWN = "hall_unknown"
    HALL_ELSEWHERE = "hall_elsewhere"
    HALL_NOT_IN_USE = "hall_not_in_use"
    IN_THE_PAST = "in_the_past"
    TOO_MANY_RANKS = "too_many_ranks"
    ALREADY_ENTERED = "already_entered"
    NOT_CONCEPT = "not_concept"
    ALREADY_CANCELLED = "already_cancelled"
    UNKNOWN_PERFORMANCE = "unknown_performance"
    NOT_PUBLISHED = "not_published"
    REASON_MISSING = "reason_missing"
    NOTHING_CORRECTED = "nothing_corrected"
    DATE_UNREADABLE = "date_unreadable"
    TIME_UNREADABLE = "time_unreadable"
    SEATS_UNREADABLE = "seats_unreadable"
    NO_LONGER_ASKED = "no_longer_asked"
    ALREADY_DECIDED = "already_decided"
    NAME_MISSING = "name_missing"
    CITY_MISSING = "city_missing"
    NAME_TAKEN = "name_taken"
    INTO_ITSELF = "into_itself"
    ALREADY_MERGED = "already_merged"
    ADDRESS_UNREADABLE = "address_unreadable"
    AMOUNT_UNREADABLE = "amount_unreadable"
    FESTIVAL_UNKNOWN = "festival_unknown"
    FESTIVAL_BACKWARDS = "festival_backwards"
    OUTSIDE_FESTIVAL = "outside_festival"
    OTHER_FESTIVAL = "other_festival"
    FESTIVAL_NOT_EMPTY = "festival_not_empty"
    NOT_THE_SAME_KIND = "not_the_same_kind"
    OTHER_PRODUCER = "other_producer"
    OTHER_SEASON = "other_season"
    BOTH_HAVE_FIGURES = "both_have_figures"
    PRODUCTION_UNKNOWN = "production_unknown"
    REPORTED_ALREADY = "reported_already"
    CHOOSE_HALL = "choose_hall"
    PROVINCE_UNKNOWN = "province_unknown"
    KIND_UNKNOWN = "kind_unknown"
    YES_UNREADABLE = "yes_unreadable"
    ROW_TWICE = "row_twice"
    CHANGED_SINCE = "changed_since"
    DATE_MISSING = "date_missing"
    PLACE_MISSING = "place_missing"
    HALL_TAKEN = "hall_taken"
    MORE_SEATS_THAN_HALL = "more_seats_than_hall"
    NOBODY_TO_ASK = "nobody_to_ask"


#: Findings that warn and refuse nothing.
WARNINGS = frozenset({FindingCode.HALL_TAKEN, FindingCode.MORE_SEATS_THAN_HALL, FindingCode.NOBODY_TO_ASK})


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem found by a check: where (row of the input, field), what, and the value that it is about."""

    code: FindingCode
    field: str = ""
    value: str = ""
    row: int | None = None
    number: int | None = None

    @property
    def is_warning(self) -> bool:
        """Whether the act goes on all the same."""
        return self.code in WARNINGS


@dataclass(frozen=True, slots=True)
class ProductionEntry:
    """What a provider states of a production. ``producer_id`` None means the acting organisation itself."""

    title: str
    season_year: int
    genre_id: int
    producer_id: int | None = None
    agency_id: int | None = None
    co_producer_ids: tuple[int, ...] = ()
    is_revival: bool = False
    subsidy_scheme: str = ""
    fund_consent: bool = False
    cast_members: tuple[str, ...] = ()
    external_ref: str = ""


@dataclass(frozen=True, slots=True)
class PerformanceEntry:
    """What a provider states of a performance. A naive ``starts_at`` is on the venue's clock.

    Without ``capacity_by_rank`` the seats come from the hall's default rank template, or from its capacity.
    """

    starts_at: datetime
    theatre_id: int
    hall_id: int
    kind: PerformanceKind = PerformanceKind.NORMAL
    is_private: bool = False
    in_festival: bool = False
    is_other_location: bool = False
    fund_feature: FundFeature = FundFeature.REGULAR
    capacity_by_rank: tuple[int, ...] | None = None
    external_ref: str = ""
    festival_id: int | None = None
    """The festival in which it plays; with one, ``in_festival`` is true whatever it says."""


@dataclass(frozen=True, slots=True)
class FestivalEntry:
    """What is stated of a festival; both days included, local dates."""

    name: str
    city: str
    first_date: date
    last_date: date


@dataclass(frozen=True, slots=True)
class LightEntry:
    """What a small maker states in five fields: title, genre, where, when, seats; and three choices.

    The place is a hall that was found (``hall_id``), or a name and town. ``starts`` are naive, on the venue's clock; without
    ``seats`` the hall's own count.
    """

    title: str
    genre_id: int
    starts: tuple[datetime, ...]
    hall_id: int | None = None
    place_name: str = ""
    place_city: str = ""
    seats: int | None = None
    fund_feature: FundFeature = FundFeature.REGULAR
    publish: bool = True
    festival_id: int | None = None


@dataclass(frozen=True, slots=True)
class LightMade:
    """What became of a light entry. ``is_repeat``: the form came twice; ``joined``: the production was known, dates joined it."""

    dip_id: str
    numbers: tuple[int, ...] = ()
    findings: tuple["Finding", ...] = ()
    is_repeat: bool = False
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction that a theatre proposes: an ISO date, ``20:15``, the id of a hall, or seats."""

    field: ProposalField
    after: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A provider's answer to one proposal; a decline gives its reason."""

    proposal_id: int
    accept: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: numbers published now, and findings on the rest or about them."""

    numbers: tuple[int, ...]
    findings: tuple[Finding, ...] = ()
