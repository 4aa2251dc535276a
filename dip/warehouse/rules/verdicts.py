"""What is told of the rows of a delivery: a closed list, each with its reason and remedy. Values are never repeated.

A row that is shifted by one column has a name where a code should be; so a verdict names the row and the field, and the sender looks
the value up in what it sent.
"""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

#: Verdicts that are kept of one delivery; all of them are counted.
MOST_KEPT = 1000


class VerdictCode(StrEnum):
    """Why a row was refused, or what was left out of one that was kept."""

    UNREADABLE = "unreadable"
    MISSING = "missing"
    WRONG_TYPE = "wrong_type"
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN_STATE = "unknown_state"
    MALFORMED_TIME = "malformed_time"
    IN_FUTURE = "in_future"
    NO_PERFORMANCE = "no_performance"
    UNKNOWN_PERFORMANCE = "unknown_performance"
    OTHER_PRODUCTION = "other_production"
    REMOVED = "removed"
    CONFLICT = "conflict"
    UNKNOWN_CODE = "unknown_code"
    PERSONAL_CODE = "personal_code"
    UNMATCHED_EVENT = "unmatched_event"
    UNKNOWN_WORD = "unknown_word"
    UNREADABLE_BUYER = "unreadable_buyer"
    UNREADABLE_POSTCODE = "unreadable_postcode"
    UNREADABLE_BIRTH = "unreadable_birth"


#: Verdicts that keep their row out; the other ones are told beside a row that was kept.
REJECTING = frozenset(
    {
        VerdictCode.UNREADABLE,
        VerdictCode.MISSING,
        VerdictCode.WRONG_TYPE,
        VerdictCode.OUT_OF_RANGE,
        VerdictCode.UNKNOWN_STATE,
        VerdictCode.MALFORMED_TIME,
        VerdictCode.IN_FUTURE,
        VerdictCode.NO_PERFORMANCE,
        VerdictCode.UNKNOWN_PERFORMANCE,
        VerdictCode.OTHER_PRODUCTION,
        VerdictCode.REMOVED,
        VerdictCode.CONFLICT,
    }
)
#: (Reason, remedy).
WORDS: Mapping[VerdictCode, tuple[str, str]] = {
    VerdictCode.UNREADABLE: ("The row is no JSON object.", "Send one object a line, in UTF-8."),
    VerdictCode.MISSING: ("A field that is required is not there.", "Give the field."),
    VerdictCode.WRONG_TYPE: ("The value has another type than the field.", "See the standard format for the field's type."),
    VerdictCode.OUT_OF_RANGE: ("The value is too long, too large or too small.", "See the standard format for the field's bounds."),
    VerdictCode.UNKNOWN_STATE: ("The state is none.", "Send sold, reserved, cancelled or exchanged."),
    VerdictCode.MALFORMED_TIME: ("The moment cannot be read.", "Send RFC 3339 with an offset, such as 2026-11-25T20:15:00+01:00."),
    VerdictCode.IN_FUTURE: ("The moment lies in the future.", "Set the clock of the sending system."),
    VerdictCode.NO_PERFORMANCE: ("The row names neither a performance nor an event.", "Give one of the two."),
    VerdictCode.UNKNOWN_PERFORMANCE: (
        "The performance is none of your theatre's.",
        "Send its national number, or your own event and couple that once.",
    ),
    VerdictCode.OTHER_PRODUCTION: ("The performance is of another production.", "Correct the number, or leave the production out."),
    VerdictCode.REMOVED: ("The performance was excluded or withdrawn.", "Lift the exclusion when it should count."),
    VerdictCode.CONFLICT: (
        "Another row has the same ticket and changed_at, and says something else; the first one counts.",
        "Give a later changed_at to what changed.",
    ),
    VerdictCode.UNKNOWN_CODE: ("The code is new here; the ticket counts as other.", "Say once what the code means."),
    VerdictCode.PERSONAL_CODE: (
        "The code looks like something of a person; it was not kept.",
        "Send the code of the kind or channel.",
    ),
    VerdictCode.UNMATCHED_EVENT: ("The event has no performance yet; the ticket waits.", "Couple the event to its performance."),
    VerdictCode.UNKNOWN_WORD: ("The value is none of the list; it counts as not given.", "See the standard format for the list."),
    VerdictCode.UNREADABLE_BUYER: ("The buyer cannot be read; the ticket counts, the buyer does not.", "Correct the field."),
    VerdictCode.UNREADABLE_POSTCODE: ("The postcode is none; it counts as unknown.", "Correct it, or give the country with it."),
    VerdictCode.UNREADABLE_BIRTH: (
        "The birth is not likely or cannot be read; it counts as unknown.",
        "Correct it, or leave it out.",
    ),
}


class Verdict(NamedTuple):
    """One thing told about one row: ``row`` counts from 0, ``field`` is "" for the row as a whole."""

    row: int
    code: VerdictCode
    field: str

    @property
    def rejects(self) -> bool:
        """Whether the row was kept out."""
        return self.code in REJECTING


class Verdicts:
    """The verdicts of one delivery: all counted, the first ones kept. Goes on from those ``before``."""

    def __init__(self, before: "Verdicts | None" = None) -> None:
        self.counts: Counter[str] = Counter(before.counts if before else ())
        self._kept: list[Verdict] = list(before._kept if before else ())

    def tell(self, row: int, code: VerdictCode, field: str = "") -> None:
        """Add one."""
        self.counts[code.value] += 1
        if len(self._kept) < MOST_KEPT:
            self._kept.append(Verdict(row, code, field))

    def tell_many(self, rows: list[int], code: VerdictCode, field: str) -> None:
        """Add the same one of many rows."""
        if rows:
            self.counts[code.value] += len(rows)
            self._kept.extend(Verdict(row, code, field) for row in rows[: max(0, MOST_KEPT - len(self._kept))])

    def kept(self) -> list[Verdict]:
        """The ones that are kept, by row."""
        return sorted(self._kept)
