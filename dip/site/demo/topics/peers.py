"""Groups of like organisations, frozen when their season began, and comparisons by name: one in force and one that waits for an answer."""

from datetime import datetime, timedelta

from dip.kernel.clock import from_local, local
from dip.kernel.periods import season_period, season_year
from dip.registry.models import Organisation
from dip.registry.terms import Role
from dip.site.demo.heroes import HOUSE
from dip.site.demo.record import Written
from dip.warehouse.actions.peers import freeze
from dip.warehouse.models import Consent
from dip.warehouse.queries.consents import OVERLAP
from dip.warehouse.rules.peer_groups import MEASURES, PeerMeasure, PeerSide


def add_peers(written: Written, at: datetime) -> dict[str, int]:
    """Groups of the finished and the running season, and three agreements to compare by name. Figures come with the warehouse."""
    running = season_year(local(at).date())
    groups = 0
    for year in (running - 1, running):
        first = season_period(year).start
        began = from_local(datetime(first.year, first.month, first.day, 6, 11))  # noqa: DTZ001  a wall-clock time, made aware here
        groups += freeze(min(began, at), year).groups
    house = written.theatres[HOUSE].organisation
    houses = _others(written, house, {theatre.organisation_id for theatre in written.theatres})
    shown = {login.organisation for login in written.logins}
    maker = next(one for one in written.organisations if one.name in shown and Role.PRODUCER.value in one.roles)
    makers = _others(written, maker, {one.pk for one in written.organisations if Role.PRODUCER.value in one.roles})
    every = [measure.value for measure in MEASURES[PeerSide.THEATRE]]
    few = [measure.value for measure in (PeerMeasure.OCCUPANCY, PeerMeasure.PRICE, PeerMeasure.THEATRES)]
    until = season_period(running).last
    rows = [
        _consent(written, houses[0], house, PeerSide.THEATRE, [*every, OVERLAP], at - timedelta(days=33)),
        _consent(written, houses[1], house, PeerSide.THEATRE, every[:3], at - timedelta(days=2), is_open=True),
        _consent(written, maker, makers[0], PeerSide.PROVIDER, few, at - timedelta(days=12)),
    ]
    for row in rows:
        row.until = until
    Consent.objects.bulk_create(rows)
    return {"groups of like organisations": groups, "comparisons by name": len(rows)}


def _others(written: Written, own: Organisation, numbers: set[int | None]) -> list[Organisation]:
    return [one for one in written.organisations if one.pk in numbers and one.pk != own.pk]


def _consent(
    written: Written, asker: Organisation, answerer: Organisation, side: PeerSide, figures: list[str], at: datetime, is_open: bool = False
) -> Consent:  # fmt: skip
    low, high = sorted((asker.pk, answerer.pk))
    row = Consent(
        asker=asker, answerer=answerer, side=side.value, pair=f"{low}-{high}-{side.value}", figures=figures, asked_at=at,
        asked_by=_person(written, asker),
    )  # fmt: skip
    if not is_open:
        row.accepted_at, row.accepted_by = at + timedelta(days=1, hours=3), _person(written, answerer)
    return row


def _person(written: Written, organisation: Organisation) -> str:
    """Name of the organisation's super-user."""
    place = written.organisations.index(organisation)
    return written.persons[place].name if place in written.persons else organisation.name
