"""What can be wrong with, or remarkable about, a cell that somebody filled: which, what, and the remedy."""

from enum import StrEnum
from typing import NamedTuple

from dip.ticketing.rules.sheets.fields import Field


def gettext_noop(text: str) -> str:
    """Mark a pattern for translation; the page that shows it translates it."""
    return text


class Code(StrEnum):
    """The closed list of findings."""

    NO_NUMBER = "no_number"
    AMBIGUOUS = "ambiguous"
    NOT_WHOLE = "not_whole"
    TOO_FINE = "too_fine"
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"
    NO_REFERENCE = "no_reference"
    ODD_REFERENCE = "odd_reference"
    UNKNOWN = "unknown"
    OTHER_PRODUCTION = "other_production"
    ODD_DAY = "odd_day"
    ODD_TIME = "odd_time"
    NOT_FOUND = "not_found"
    SEVERAL = "several"
    COUPLED = "coupled"
    OTHER_ROW = "other_row"
    GUESSED = "guessed"
    SAME_ROW = "same_row"
    LEFT_EMPTY = "left_empty"
    FREE_WITH_RECETTE = "free_with_recette"
    NO_RECETTE = "no_recette"
    NO_TICKETS = "no_tickets"
    ODD_PRICE = "odd_price"
    OVER_CAPACITY = "over_capacity"
    TOO_MANY_TAKEN = "too_many_taken"
    DROP = "drop"
    OLDER = "older"
    CANCELLED = "cancelled"


#: From here on findings only warn: the row can be confirmed all the same.
WARNINGS = frozenset(list(Code)[list(Code).index(Code.GUESSED) :])


class CellFinding(NamedTuple):
    """One thing about one cell: row as the spreadsheet counts, the field (None: the row), and the values that the pattern names."""

    row: int
    field: Field | None
    code: Code
    values: dict[str, str | int]

    @property
    def rejects(self) -> bool:
        """Whether the row must be corrected first."""
        return self.code not in WARNINGS


#: English pattern of each code; ``%(name)s`` takes the finding's value of that name.
PATTERNS: dict[Code, str] = {
    Code.NO_NUMBER: gettext_noop("“%(value)s” is no number. Type digits only, or leave the cell empty."),
    Code.AMBIGUOUS: gettext_noop(
        "“%(value)s” can be read in two ways, and this column writes both. Type it without a thousands sign."
    ),
    Code.NOT_WHOLE: gettext_noop("%(value)s is no whole number. Type how many tickets or seats there are."),
    Code.TOO_FINE: gettext_noop("%(value)s has more than two decimals. Type euros and cents."),
    Code.NEGATIVE: gettext_noop("%(value)s is less than 0. Type the state until now, not the change."),
    Code.TOO_LARGE: gettext_noop("%(value)s is more than one performance can have. Check the digits."),
    Code.NO_REFERENCE: gettext_noop("The row has figures and no performance. Fill in its DIP-id, or date and time."),
    Code.ODD_REFERENCE: gettext_noop("“%(value)s” is no DIP-id. Copy it from the downloaded sheet."),
    Code.UNKNOWN: gettext_noop(
        "%(value)s is not a published performance in your theatre. Copy the DIP-id from a newly downloaded sheet."
    ),
    Code.OTHER_PRODUCTION: gettext_noop("%(value)s belongs to %(production)s. Correct the DIP-id."),
    Code.ODD_DAY: gettext_noop("“%(value)s” is no date with a year. Type it as 17-11-2026."),
    Code.ODD_TIME: gettext_noop("“%(value)s” is no time. Type it as 20:15."),
    Code.NOT_FOUND: gettext_noop(
        "No published performance begins in your theatre on %(value)s. Correct date and time, or add the DIP-id."
    ),
    Code.SEVERAL: gettext_noop("%(count)s performances begin in your theatre on %(value)s. Add the hall or the DIP-id."),
    Code.COUPLED: gettext_noop("%(value)s is coupled: its ticketing system states the figures. Leave this row out."),
    Code.OTHER_ROW: gettext_noop("Row %(other)s says something else about the same performance. Keep one of the two."),
    Code.GUESSED: gettext_noop("“%(value)s” is read as %(read)s: three digits after the sign are taken for thousands."),
    Code.SAME_ROW: gettext_noop("Row %(other)s says the same about this performance. It is taken once."),
    Code.LEFT_EMPTY: gettext_noop("Left empty, so it counts as 0; %(before)s was known."),
    Code.FREE_WITH_RECETTE: gettext_noop(
        "Free tickets bring no recette, and %(cents)s is filled in. Check which kind these tickets are."
    ),
    Code.NO_RECETTE: gettext_noop("%(value)s tickets and no recette. Fill in the recette, or count them as free tickets."),
    Code.NO_TICKETS: gettext_noop("Recette of %(cents)s and no tickets. Check the row."),
    Code.ODD_PRICE: gettext_noop("That is %(cents)s a ticket. Check the decimal sign."),
    Code.OVER_CAPACITY: gettext_noop(
        "%(value)s tickets are more than the capacity of %(capacity)s. Check the figures, or correct the capacity."
    ),
    Code.TOO_MANY_TAKEN: gettext_noop(
        "Tickets, reserved and blocked seats make %(value)s, more than the capacity of %(capacity)s."
    ),
    Code.DROP: gettext_noop("Tickets go from %(before)s to %(value)s, down more than 20%%. Check that no kind is missing."),
    Code.OLDER: gettext_noop("Newer figures are known, of %(known)s. Yours are kept as history; the current state stays."),
    Code.CANCELLED: gettext_noop("The performance is cancelled on the platform. Ask the producer if it plays after all."),
}
