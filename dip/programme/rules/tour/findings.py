"""What can be wrong with, or remarkable about, a row of a tour: which, what, and the remedy."""

from enum import StrEnum
from typing import NamedTuple

from dip.programme.rules.tour.fields import TourField


def gettext_noop(text: str) -> str:
    """Mark a pattern for translation; the page that shows it translates it."""
    return text


class TourCode(StrEnum):
    """The closed list of findings."""

    NO_DAY = "no_day"
    ODD_DAY = "odd_day"
    NO_YEAR = "no_year"
    NO_TIME = "no_time"
    ODD_TIME = "odd_time"
    NO_VENUE = "no_venue"
    VENUE_UNKNOWN = "venue_unknown"
    VENUE_UNSURE = "venue_unsure"
    ODD_SEATS = "odd_seats"
    TWICE = "twice"
    REFERENCE_TWICE = "reference_twice"
    OTHER_WEEKDAY = "other_weekday"
    YEAR_ASSUMED = "year_assumed"
    OTHER_SEASON = "other_season"
    IN_PAST = "in_past"
    FROM_ABOVE = "from_above"
    ODD_KIND = "odd_kind"
    ODD_FLAG = "odd_flag"
    MORE_SEATS = "more_seats"
    HALL_TAKEN = "hall_taken"
    OTHER_TITLE = "other_title"


#: From here on findings only warn: the row can be imported all the same.
WARNINGS = frozenset(list(TourCode)[list(TourCode).index(TourCode.OTHER_WEEKDAY) :])


class TourFinding(NamedTuple):
    """One thing about one row: row as the sheet counts, the field (None: the row), and the value that the pattern names."""

    row: int
    field: TourField | None
    code: TourCode
    value: str = ""

    @property
    def rejects(self) -> bool:
        """Whether the row must be corrected first."""
        return self.code not in WARNINGS


#: English pattern of each code.
PATTERNS: dict[TourCode, str] = {
    TourCode.NO_DAY: gettext_noop("The date is empty. Give the date."),
    TourCode.ODD_DAY: gettext_noop("“%(value)s” is no date. Write it as 17-11-2026."),
    TourCode.NO_YEAR: gettext_noop("“%(value)s” has no year. Write it as 17-11-2026."),
    TourCode.NO_TIME: gettext_noop("The time is empty. Give the time at which it begins."),
    TourCode.ODD_TIME: gettext_noop("“%(value)s” is no time. Write it as 20:15."),
    TourCode.NO_VENUE: gettext_noop("The theatre is empty. Give its name or its town."),
    TourCode.VENUE_UNKNOWN: gettext_noop("No theatre like “%(value)s” is known. Search it under another name, or add it."),
    TourCode.VENUE_UNSURE: gettext_noop("“%(value)s” can be several halls. Choose the one that is meant."),
    TourCode.ODD_SEATS: gettext_noop("“%(value)s” are no seats. Write one number, or those of each rank as 300 + 80."),
    TourCode.TWICE: gettext_noop("Row %(value)s has the same hall and moment. Leave one of them out."),
    TourCode.REFERENCE_TWICE: gettext_noop("Row %(value)s has the same reference. Correct one of them."),
    TourCode.OTHER_WEEKDAY: gettext_noop("That date is no “%(value)s”. Check the date."),
    TourCode.YEAR_ASSUMED: gettext_noop("No year was written; it is taken to be %(value)s."),
    TourCode.OTHER_SEASON: gettext_noop("%(value)s lies outside the production's season. Check the year."),
    TourCode.IN_PAST: gettext_noop("This moment has passed: it can be entered, and not be published."),
    TourCode.FROM_ABOVE: gettext_noop("Taken from the row above: %(value)s."),
    TourCode.ODD_KIND: gettext_noop("“%(value)s” is no type that is known; it becomes a regular performance."),
    TourCode.ODD_FLAG: gettext_noop("“%(value)s” is neither yes nor no; it is taken as no."),
    TourCode.MORE_SEATS: gettext_noop("More seats than the hall has: %(value)s. Check the ranks."),
    TourCode.HALL_TAKEN: gettext_noop("Another performance in this hall starts within three hours of this one. Check the time."),
    TourCode.OTHER_TITLE: gettext_noop("The row is called “%(value)s”. Leave it out if it is of another production."),
}
