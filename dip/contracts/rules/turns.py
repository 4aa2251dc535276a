"""Whose turn it is, and by when."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from dip.contracts.terms.states import AgreementStatus, SettlementStatus, Turn

#: Days before the last day to answer on which a theatre is reminded, unless it chose others.
REMINDER_DAYS = (5, 1)
ANSWER_DAYS = 14
#: Whose act an agreement waits for. An approved one waits for what its borderel waits for.
OF_STATUS: Mapping[AgreementStatus, Turn] = {
    AgreementStatus.CONCEPT: Turn.PROVIDER,
    AgreementStatus.PROPOSED: Turn.THEATRE,
    AgreementStatus.REJECTED: Turn.PROVIDER,
}
OF_SETTLEMENT: Mapping[SettlementStatus, Turn] = {
    SettlementStatus.OPEN: Turn.THEATRE,
    SettlementStatus.CONFIRMED: Turn.PROVIDER,
    SettlementStatus.DISPUTED: Turn.THEATRE,
}


def turn(status: str, settlement_status: str | None = None) -> Turn:
    """Whose act is next. ``settlement_status``: of the standing borderel, None while there is none. A signed borderel waits for an
    invoice and a payment, which are made elsewhere: nobody's turn here."""
    if status == AgreementStatus.APPROVED:
        return OF_SETTLEMENT.get(SettlementStatus(settlement_status), Turn.NOBODY) if settlement_status else Turn.NOBODY
    return OF_STATUS.get(AgreementStatus(status), Turn.NOBODY)


def last_day_to_answer(today: date, days: int, first_date: date) -> date:
    """So many days from now, and not later than the first performance while that is still to come."""
    asked = today + timedelta(days=days)
    return min(asked, first_date) if first_date > today else asked


def is_reminder_due(
    today: date, answer_by: date, proposed_on: date, last_reminded: date | None, days: Sequence[int] = REMINDER_DAYS
) -> bool:
    """Whether a theatre is to be reminded now: the moment of a reminder has come since it was proposed, and none was sent since that
    moment. A moment that was missed (the platform was down) is made up for until the last day."""
    come = [answer_by - timedelta(days=before) for before in (days or REMINDER_DAYS)]
    come = [moment for moment in come if proposed_on < moment <= today]
    return bool(come) and today <= answer_by and (last_reminded is None or last_reminded < max(come))
