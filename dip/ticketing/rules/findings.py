"""The words of every finding: which field, which value, and the remedy."""

from dip.ticketing.terms import Finding, FindingCode


def gettext_noop(text: str) -> str:
    """Mark a pattern for translation; the page that shows it translates it."""
    return text


#: English pattern of each code; ``%(name)s`` takes the finding's value of that name.
PATTERNS: dict[FindingCode, str] = {
    FindingCode.UNREADABLE: gettext_noop("%(field)s cannot be read: %(problem)s. Send the row as the documentation shows."),
    FindingCode.MALFORMED_TIME: gettext_noop(
        "updated %(value)s is not a moment. Send local time without offset, such as 2026-11-23T02:40:00, or leave it out for now."
    ),
    FindingCode.IN_FUTURE: gettext_noop(
        "updated %(value)s lies more than 10 minutes ahead of %(now)s. Check the clock and the time zone of the sender."
    ),
    FindingCode.UNKNOWN_PERFORMANCE: gettext_noop(
        "number %(number)s is not a published performance in one of your theatres. Fetch the numbers from /theaters/performances."
    ),
    FindingCode.OTHER_PRODUCTION: gettext_noop(
        "production %(value)s does not belong to number %(number)s, which is of %(production)s. Correct the DIP-id in the ticketing system."
    ),
    FindingCode.NEGATIVE: gettext_noop("%(field)s is %(value)s. Send the cumulative state, which is 0 or more."),
    FindingCode.OUT_OF_RANGE: gettext_noop(
        "%(field)s is %(value)s, more than the platform keeps. Check whether the figure is in the right unit."
    ),
    FindingCode.RANK_COUNT: gettext_noop("%(value)s ranks were sent. Send the seats of rank 1 to 10 at most, at least rank 1."),
    FindingCode.REPLACED_IN_BODY: gettext_noop(
        "number %(number)s comes twice with updated %(value)s and other figures; the later row counts. Send each performance once."
    ),
    FindingCode.REPEATED_IN_BODY: gettext_noop(
        "number %(number)s comes twice with updated %(value)s and the same figures. Send each performance once."
    ),
    FindingCode.FREE_WITH_RECETTE: gettext_noop(
        "free.recette is %(value)s cents, and free tickets bring none. Kept as sent; check which kind these tickets are."
    ),
    FindingCode.OVER_CAPACITY: gettext_noop(
        "%(value)s tickets are more than the capacity of %(capacity)s. Kept as sent; push the capacity if it has changed."
    ),
    FindingCode.DROP: gettext_noop(
        "Tickets went from %(before)s to %(value)s, down more than 20%%. Kept as sent; check that no kind is missing."
    ),
    FindingCode.CANCELLED: gettext_noop(
        "number %(number)s is cancelled on the platform. Kept; ask the producer if it plays after all."
    ),
    FindingCode.PRIVATE: gettext_noop("number %(number)s is a private performance. Kept; it stays out of public comparisons."),
    FindingCode.OLDER: gettext_noop(
        "updated %(value)s is older than the known state of %(known)s. Kept as history; the current state stays."
    ),
    FindingCode.RESTATES: gettext_noop("The closing figures of %(value)s change. Kept; the restatement is shown with the figures."),
}


def message(finding: Finding) -> str:
    """The finding in English, as the API answers it."""
    return PATTERNS[finding.code] % finding.values
