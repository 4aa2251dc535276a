"""Every published figure is the true one, rounded; what is held back has a reason; and no two answers isolate fewer than ten."""

import shutil
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from django.conf import settings

from dip.programme.models import Production, Theatre
from dip.registry.terms import AccessDenied, Level, Module, Role
from dip.warehouse.queries.audience import (
    PARTS,
    AudienceScope,
    also_bought,
    audience,
    figures,
    origin,
    overlap,
    underserved,
)
from dip.warehouse.queries.audience.reach import reach_of
from dip.warehouse.store.shelves import Shelf, lane_folder, read_catalogue, swap_catalogue
from tests.factories.registry import make_access, make_organisation
from tests.warehouse.audience.oracle import buyer_traits, order_cells, person

pytestmark = pytest.mark.django_db
NATION = AudienceScope("season", season_year=2025)
SALES = ("party_sizes", "lead_times", "moments", "kinds", "price_bands", "channels")


def five(amount):
    return (2 * amount + 5) // 10 * 5


def agree(part, truth, is_own=True):
    """Shown figures are true; all of one's own are shown when each may stand and none is shared by nearly all."""
    for row in part.rows:
        if row.count is not None:
            assert row.count == five(truth[row.code]), (part.code, row.code)
            assert truth[row.code] == 0 or truth[row.code] >= 10
    assert set(truth) <= {row.code for row in part.rows}
    if is_own and min(truth.values()) >= 10 and max(truth.values()) < 0.9 * sum(truth.values()):
        assert not part.is_held_back, part


def test_a_theatre_sees_its_own_audience(world):
    rows = [row for row in world.rows if row["house"] == 0 and row["year"] == 2025]
    found = audience(world.houses[0][2], world.house(0))
    truth = order_cells(rows)
    assert (found.orders, found.tickets, found.buyers) == tuple(
        five(truth["totals"][name]) for name in ("orders", "tickets", "buyers")
    )
    for code in SALES:
        agree(found.part(code), truth[code])
    traits = buyer_traits(world.rows, 0)
    for code in ("returning", "stages", "tastes", "frequency"):
        agree(found.part(code), Counter(one[code] for one in traits[2025].values()))
    people = {row["buyer"]: person(row, 2025) for row in rows if row["known"]}
    for code in ("ages", "genders"):
        agree(found.part(code), Counter(one[code] for one in people.values()))
    before, now = set(traits[2024]), set(traits[2025])
    agree(found.retention, Counter(kept=len(before & now), lost=len(before - now)))
    agree(found.lapsed, Counter(away=len(before - now), dormant=len(set(traits[2023]) - before - now)))
    assert (found.window.days, found.window.is_whole) == (731, False)
    assert sum(not found.part(code).is_held_back for code in PARTS) >= 8
    assert found.anonymous_tickets in (None, five(sum(not row["known"] for row in rows)))
    assert found.true_at is not None
    assert (found.theatres, found.theatres_asked) == (1, 1)


def from_the_mart_as_from_the_theatres(world):
    """The slow lane's cells are those that the theatres' files give; once a theatre has published more, the files are asked."""
    for place in range(3):
        reach = reach_of(world.provider, world.tour(place))
        assert figures._is_whole(reach)
        assert figures.cells_of(reach) == figures._sales(reach) | figures._people(reach, figures.visitors(reach))
    folder = lane_folder(Path(settings.WAREHOUSE_HOME), "theatre")
    held = read_catalogue(folder)
    place = (world.houses[0][1].pk, 2025)
    moved = f"{held.shelves[place].folder}-newer"
    shutil.copytree(folder / "parts" / held.shelves[place].folder, folder / "parts" / moved)
    swap_catalogue(folder, replace(held, shelves={**held.shelves, place: Shelf(moved, 1)}))
    assert not figures._is_whole(reach)
    assert not figures._is_whole(reach_of(world.houses[1][2], world.tour()))
    for access in (world.provider, world.houses[0][2]):
        each = [reach_of(access, world.tour(number)) for number in range(3)]
        assert figures.cells_of_each(each) == [figures.cells_of(one) for one in each]
    swap_catalogue(folder, held)


def test_a_provider_sees_its_production_over_all_theatres_and_counts_a_buyer_once(world):
    rows = [row for row in world.rows if row["place"] == 0 and row["year"] == 2025]
    found = audience(world.provider, world.tour())
    truth = order_cells(rows)
    assert (found.orders, found.tickets, found.buyers) == tuple(
        five(truth["totals"][name]) for name in ("orders", "tickets", "buyers")
    )
    for code in SALES:
        agree(found.part(code), truth[code], is_own=False)
    here = defaultdict(list)
    for house in range(4):
        traits = buyer_traits(world.rows, house)[2025]
        for buyer in {row["buyer"] for row in rows if row["house"] == house and row["known"]}:
            here[buyer].append((traits[buyer], house))
    rank = ("new", "reactivated", "returning")
    stage = ("new", "occasional", "regular", "core")
    merged = {
        "returning": Counter(max((one["returning"] for one, _ in all_), key=rank.index) for all_ in here.values()),
        "stages": Counter(max((one["stages"] for one, _ in all_), key=stage.index) for all_ in here.values()),
        "tastes": Counter(min(all_, key=lambda one: (-one[0]["visits"], one[1]))[0]["tastes"] for all_ in here.values()),
        "frequency": Counter(max(all_, key=lambda one: one[0]["visits"])[0]["frequency"] for all_ in here.values()),
    }
    for code, truth_of in merged.items():
        agree(found.part(code), truth_of, is_own=False)
        assert any(row.count for row in found.part(code).rows)
    assert found.retention.rows == ()
    assert found.unmatched_tickets == 0
    assert any(row.national_rate is not None for row in found.stages.rows)
    from_the_mart_as_from_the_theatres(world)


def test_the_nation_is_the_sum_over_theatres_and_is_shown_to_members(world):
    rows = [row for row in world.rows if row["year"] == 2025]
    truth = order_cells(rows)
    for role in (Role.ASSOCIATION, Role.FUNDER, Role.PRODUCER):
        found = audience(make_access(make_organisation(role), role), NATION)
        assert (found.orders, found.tickets, found.buyers) == tuple(
            five(truth["totals"][name]) for name in ("orders", "tickets", "buyers")
        )
        for code in SALES:
            agree(found.part(code), truth[code], is_own=False)
        assert [row.rate for row in found.channels.rows] == [row.national_rate for row in found.channels.rows]


def test_who_has_no_business_gets_nothing(world):
    theatre, provider = world.houses[0][2], world.provider
    with pytest.raises(Theatre.DoesNotExist):
        audience(theatre, world.house(1))
    with pytest.raises(Theatre.DoesNotExist):
        audience(provider, world.house(0))
    stranger = make_access(make_organisation(Role.PRODUCER), Role.PRODUCER)
    for ask in (audience, also_bought, overlap, underserved, lambda a, s: origin(a, s, "pc4")):
        with pytest.raises(Production.DoesNotExist):
            ask(stranger, world.tour())
        with pytest.raises(AccessDenied):
            ask(make_access(make_organisation(Role.FUNDER), Role.FUNDER), world.tour())
        with pytest.raises(AccessDenied):
            ask(make_access(world.producer, Role.PRODUCER, {Module.AUDIENCE: Level.NONE}), NATION)


def test_a_co_producer_reads_and_an_agency_too(world):
    together, agency = make_organisation(Role.PRODUCER), make_organisation(Role.AGENCY)
    world.productions[0].co_producers.add(together)
    Production.objects.filter(pk=world.productions[0].pk).update(agency=agency)
    expected = audience(world.provider, world.tour()).orders
    assert audience(make_access(together, Role.PRODUCER), world.tour()).orders == expected
    assert audience(make_access(agency, Role.AGENCY), world.tour()).orders == expected


def answers(found):
    """(part, code) → what is told."""
    told = {(part.code, row.code): row.count for part in found.parts.values() for row in part.rows if row.count is not None}
    totals = {("totals", name): getattr(found, name) for name in ("orders", "tickets", "buyers", "anonymous_tickets")}
    bases = {("base", part.code): part.base for part in found.parts.values()}
    return {key: value for key, value in {**told, **totals, **bases}.items() if value is not None}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_subtracting_any_two_answers_never_leaves_fewer_than_ten(db, seed):
    from tests.warehouse.audience.conftest import make_world

    world = make_world(orders=120 + 60 * seed, seed=seed)
    for access, scopes in (
        (world.houses[0][2], [world.house(0), world.tour(0), world.tour(1), world.tour(2), NATION]),
        (world.provider, [world.tour(0), world.tour(1), world.tour(2), NATION]),
    ):
        told = [answers(audience(access, scope)) for scope in scopes]
        assert all(value == 0 or value >= 10 for one in told for value in one.values())
        for scope, other in combinations(range(len(told)), 2):
            if scopes[scope].kind == scopes[other].kind:
                continue  # two productions: neither holds the other
            whole, part = (
                told[other if scopes[other].kind == "season" else scope],
                told[scope if scopes[other].kind == "season" else other],
            )
            for key in whole.keys() & part.keys():
                left = whole[key] - part[key]
                assert left <= 0 or left >= 10, (scopes[scope], scopes[other], key, whole[key], part[key])
