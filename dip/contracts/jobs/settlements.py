"""Borderels every morning: open what was played, close what a revision overtook, remind who is late."""

from procrastinate.contrib.django import app

from dip.contracts.actions.settlement_opening import close_overtaken, open_settlements, remind_settlements
from dip.kernel import clock


@app.periodic(cron="40 5 * * *", periodic_id="contracts-settlements")
@app.task(
    queue="contracts", queueing_lock="contracts-settlements", lock="contracts-settlements", name="dip.contracts.jobs.open_borderels"
)
def open_borderels(timestamp: int | None = None) -> int:
    """At twenty to six UTC, after the nightly pushes: how many were opened. ``timestamp`` is the scheduler's, unused."""
    at = clock.now()
    close_overtaken(at=at)
    return open_settlements(at=at)


@app.periodic(cron="0 7 * * *", periodic_id="contracts-settlement-reminders")
@app.task(
    queue="contracts", queueing_lock="contracts-reminders", lock="contracts-reminders", name="dip.contracts.jobs.remind_borderels"
)
def remind_borderels(timestamp: int | None = None) -> int:
    """Every morning: how many reminders went out."""
    return remind_settlements(at=clock.now())
