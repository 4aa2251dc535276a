"""Words of the programme."""

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


class ProposalField(StrEnum):
    """What a theatre can correct."""

    DATE = "date"
    TIME = "time"
    HALL = "hall"
    CAPACITY = "capacity"


#: Ranks in use on the wire: amount_rank1 … amount_rank10.
RANKS = 10
