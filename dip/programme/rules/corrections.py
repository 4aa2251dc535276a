"""Corrections that a theatre proposes: how they are read, and what becomes of a request when they are decided."""

from collections.abc import Iterable
from datetime import date, datetime, time

from dip.programme.terms import Correction, Finding, FindingCode, ProposalField, ProposalStatus, RequestStatus

#: More seats than any hall has.
MOST_SEATS = 100_000


def read_correction(correction: Correction) -> str | Finding:
    """``after`` in the one form in which it is kept, or why it cannot be read.

    >>> read_correction(Correction(ProposalField.TIME, "20.15"))
    '20:15'
    """
    text = correction.after.strip()
    if correction.field is ProposalField.DATE:
        return _read_date(text)
    if correction.field is ProposalField.TIME:
        return _read_time(text)
    if correction.field is ProposalField.CAPACITY:
        is_number = text.isdecimal() and 0 < int(text) <= MOST_SEATS
        return str(int(text)) if is_number else Finding(FindingCode.SEATS_UNREADABLE, "capacity", text)
    return text if text.isdecimal() else Finding(FindingCode.HALL_UNKNOWN, "hall", text)


def _read_date(text: str) -> str | Finding:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return Finding(FindingCode.DATE_UNREADABLE, "date", text)


def _read_time(text: str) -> str | Finding:
    try:
        read = time.fromisoformat(text.replace(".", ":"))
    except ValueError:
        return Finding(FindingCode.TIME_UNREADABLE, "time", text)
    return f"{read:%H:%M}"


def corrected_start(start: datetime, field: str, after: str) -> datetime:
    """The local (naive) start with its date or time replaced."""
    if field == ProposalField.DATE:
        return datetime.combine(date.fromisoformat(after), start.time())
    if field == ProposalField.TIME:
        return datetime.combine(start.date(), time.fromisoformat(after))
    return start


def status_after(proposals: Iterable[str]) -> RequestStatus:
    """Where a request stands when its proposals have these statuses: waiting for the provider, or settled."""
    return RequestStatus.PROPOSED if ProposalStatus.OPEN in set(proposals) else RequestStatus.SETTLED
