"""Jobs of the reports: the weekly mail."""

from datetime import UTC, date, datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from dip.kernel import clock
from dip.reports.actions import editions
from dip.reports.rules.weeks import monday_of
from dip.reports.terms import Side

#: The hour of Monday at which people read their mail, on the clock of the Netherlands.
HOUR = 7
#: A failed organisation is tried again after 4, 16, 64 … seconds, five times; the others do not wait for it.
RETRY = RetryStrategy(max_attempts=6, exponential_wait=4)


@app.periodic(cron="0 5,6 * * 1", periodic_id="reports-weekly")  # in UTC: one of the two is 07:00, summer or winter
@app.task(queue="reports", name="dip.reports.jobs.start_week", queueing_lock="reports-weekly", pass_context=False)
def start_week(timestamp: int) -> int:
    """Monday 07:00: begin the week's mails. ``timestamp``: when it was due. Organisations that were begun."""
    due = datetime.fromtimestamp(timestamp, UTC)
    return editions.start_week(monday=monday_of(due), at=due) if clock.local(due).hour == HOUR else 0


@app.task(queue="reports", name="dip.reports.jobs.mail_week", retry=RETRY)
def mail_week(organisation_id: int, side: str, monday: str) -> int:
    """One organisation's week, to its readers; how many mails."""
    return editions.mail_week(organisation_id=organisation_id, side=Side(side), monday=date.fromisoformat(monday), at=clock.now())


@app.task(queue="reports", name="dip.reports.jobs.mail_asked", retry=RETRY)
def mail_asked(organisation_id: int, side: str, monday: str, person_id: int) -> int:
    """The week for one person who asked for it now; how many mails."""
    return editions.mail_asked(
        organisation_id=organisation_id, side=Side(side), monday=date.fromisoformat(monday), person_id=person_id, at=clock.now()
    )


@app.periodic(cron="17 3 * * *", periodic_id="reports-tidy")
@app.task(queue="reports", name="dip.reports.jobs.tidy", queueing_lock="reports-tidy", pass_context=False)
def tidy(timestamp: int) -> int:
    """Every night: let go of workbooks that were sent long ago. How many."""
    return editions.tidy(at=datetime.fromtimestamp(timestamp, UTC))
