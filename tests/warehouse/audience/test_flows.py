"""Home region by venue region, and buyers beside inhabitants: true, rounded, and silent where they must be."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dip.definitions.models import Area, GeoEdition, Municipality
from dip.definitions.queries import geo
from dip.registry.terms import AccessDenied, Role
from dip.warehouse.actions.applying import apply_orders, tend
from dip.warehouse.queries.audience import (
    AudienceScope,
    also_bought,
    audience,
    audience_trend,
    home_and_venue,
    origin,
    population,
)
from dip.warehouse.store.shelves import lane_folder, read_catalogue, swap_catalogue
from tests.factories.programme import make_province
from tests.factories.registry import NOW, make_access, make_organisation
from tests.warehouse.audience.conftest import make_world

pytestmark = pytest.mark.django_db
NATION = AudienceScope("season", season_year=2025)


def five(amount):
    return (2 * amount + 5) // 10 * 5


@pytest.fixture
def land(db):
    """Six houses in two provinces."""
    geo.forget()
    yield make_world(orders=200, houses=6, provinces=("UT", "GE"))
    geo.forget()


def load_areas():
    """3811 to 3813 in the one province, 3814 in the other, and 3815 nowhere."""
    provinces = [make_province("UT"), make_province("GE")]
    towns = [
        Municipality.objects.create(name=name, province=province, inhabitants=9000, lat=52.1, lon=5.4, km2=3.0)
        for name, province in zip(("Vlonderdam", "Kadehaven"), provinces, strict=True)
    ]
    for number in range(4):
        place = number // 3
        Area.objects.create(
            pc4=3811 + number, place="Vlonderdam", municipality=towns[place], province=provinces[place], inhabitants=3000 + number,
            lat=52.1 + number / 100, lon=5.4, km2=1.0, urbanity=1 + number % 2, ages=[150 + 20 * number] * 20,
        )  # fmt: skip
    GeoEdition.objects.create(
        digest="d", loaded_at=NOW, dated=date(2021, 1, 1), attribution="CBS", counts={}, findings=[], shapes={}
    )
    geo.forget()
    return provinces


def flows_of(world, home, **of):
    """(Home, venue) → buyers, each once per house for the nation and once per province of venues for a production."""
    found = defaultdict(set)
    for row in world.rows:
        if row["year"] == 2025 and row["known"] and all(row[name] == value for name, value in of.items()):
            theatre = world.houses[row["house"]][1]
            at = theatre.pk if "place" not in of else theatre.province_id
            found[home(int(row["postcode"][:4])), theatre.province_id].add((at, row["buyer"]))
    return {key: len(buyers) for key, buyers in found.items()}


def agree(found, truth):
    told = {(flow.home, flow.venue): flow.buyers for flow in found}
    assert set(truth) <= set(told)
    for key, buyers in told.items():
        assert buyers in (None, five(truth.get(key, 0))), (key, buyers, truth)
    assert sum(buyers is not None for buyers in told.values()) >= len(told) / 2, told
    for flow in found:
        whole = sum(buyers for (_, venue), buyers in truth.items() if venue == flow.venue)
        assert flow.rate == (None if flow.buyers is None else pytest.approx(flow.buyers / whole, abs=0.04))


def beside_inhabitants(found, access, scope, one, other):
    """Of 3000 + … inhabitants each; 3811 and 3813 are of urbanity 1, 3812 and 3814 of 2."""
    told = {population.code: {row.code: row for row in population.rows} for population in found}
    areas = {row.code: row.buyers for row in origin(access, scope, "pc4")}
    assert scope.kind == "theatre" or all(buyers is not None for buyers in areas.values())
    if all(buyers is not None for buyers in areas.values()):
        share = (areas[3811] + areas[3813]) / sum(areas.values())
        assert told["urbanity"]["1"].rate == pytest.approx(share, abs=0.02)  # towns are rounded by themselves
    assert told["urbanity"]["1"].people_rate == pytest.approx((3000 + 3002) / (3000 + 3001 + 3002 + 3003), abs=1e-4)
    assert [row.rate for row in told["urbanity"].values()][2:] == [0, 0, 0]
    for rows in told.values():
        for rates in zip(*[(row.people_rate, row.expected_rate) for row in rows.values()], strict=True):
            assert sum(rates) == pytest.approx(1, abs=1e-3)
    assert told["age"]["18-24"].people_rate == pytest.approx(1.4 / 16.4, abs=1e-3)  # 18 and 19 are 2/5 of a band
    parts = {row.code: row.count for row in audience(access, scope).ages.rows}
    grown = {code: count for code, count in parts.items() if code in told["age"] and count is not None}
    for code, row in told["age"].items():
        assert row.rate == (pytest.approx(grown[code] / sum(grown.values()), abs=1e-4) if code in grown else None)
    provinces = {row.code: row.buyers for row in origin(access, scope, "province")}
    assert told["province"][str(one.pk)].rate == pytest.approx(provinces[one.pk] / sum(provinces.values()), abs=1e-4)
    assert set(told["province"]) >= {str(one.pk), str(other.pk)}


def through_the_seasons(world):
    """Each season as its own answer tells it; regions and genres as counted, and rates of what is shown."""
    theatre = world.houses[0][2]
    for access, scope, house in ((theatre, world.house(0), 0), (world.provider, NATION, None)):
        found = audience_trend(access, scope, "returning", "new", "season")
        assert (found.unit, found.seasons, [line.key for line in found.lines]) == ("buyers", (2023, 2024, 2025), [0])
        assert [(window.days, window.is_whole) for window in found.windows] == [(0, False), (366, False), (731, False)]
        for place, year in enumerate(found.seasons):
            row = audience(access, replace(scope, season_year=year)).returning.row("new")
            assert (found.lines[0].counts[place], found.lines[0].rates[place]) == (row.count, row.rate)
        for by in ("region", "genre"):
            truth = Counter()
            for row in world.rows:
                if house in (None, row["house"]) and row["kind"] == "discount":
                    genre, province = world.productions[row["place"]].genre_id, world.houses[row["house"]][1].province_id
                    for key in (0, genre if by == "genre" else province):
                        truth[key, row["year"]] += 1
            found = audience_trend(access, scope, "kinds", "discount", by)
            assert {line.key for line in found.lines} == {key for key, _ in truth}
            for line in found.lines:
                for year, count, rate in zip(found.seasons, line.counts, line.rates, strict=True):
                    assert count == five(truth[line.key, year]) or (count is None and house is not None)
                    assert (rate is None) == (count is None)
                    assert rate is None or 0 < rate < 1
    assert audience_trend(theatre, world.house(0, 2024), "kinds", "free", "season").seasons == (2023, 2024)
    assert audience_trend(world.provider, world.tour(), "kinds", "free", "season").lines == ()
    assert audience_trend(theatre, world.house(0), "kinds", "none such", "season").lines == ()


def old_homes_rebuild_themselves(world, home):
    """Shelves of before a mart was thought of: nothing is told of it, nothing fails, and the next runs make it."""
    access, told = world.houses[0][2], home_and_venue(world.provider, NATION)
    bought = also_bought(access, world.tour())
    for lane, mart in (("national", "audience_flow"), ("theatre", "audience_basket")):
        folder = lane_folder(home, lane)
        for path in folder.glob(f"parts/*/{mart}.parquet"):
            path.unlink()
        swap_catalogue(folder, replace(read_catalogue(folder), make="of before"))
    assert home_and_venue(world.provider, NATION) == also_bought(access, world.tour()) == ()
    tend(NOW)  # the theatres' shelves are not all new yet
    apply_orders(NOW)
    tend(NOW)
    assert (home_and_venue(world.provider, NATION), also_bought(access, world.tour())) == (told, bought)
    assert told


def test_home_and_venue_regions(land, settings):
    asked = [
        (land.provider, NATION, {}),
        (land.provider, land.tour(), {"place": 0}),
        (land.houses[0][2], land.house(0), {"house": 0}),
    ]
    assert population(land.provider, NATION) == ()
    for access, scope, of in asked:  # without areas: the regions of the theatres
        agree(home_and_venue(access, scope), flows_of(land, lambda pc4: None, **of))
    through_the_seasons(land)
    one, other = load_areas()

    def home(pc4):
        return {3811: one.pk, 3812: one.pk, 3813: one.pk, 3814: other.pk}.get(pc4)

    for access, scope, of in asked:
        found = home_and_venue(access, scope)
        agree(found, flows_of(land, home, **of))
        sums = Counter()
        for flow in found:
            sums[flow.home] += flow.buyers or 0
        if "place" not in of:
            for row in origin(access, scope, "province"):
                assert row.buyers is None or abs(sums[row.code] - row.buyers) <= 5
        beside_inhabitants(population(access, scope), access, scope, one, other)
    assert home_and_venue(land.houses[0][2], AudienceScope("theatre", season_year=2019)) == ()
    assert population(land.houses[0][2], AudienceScope("theatre", season_year=2019)) == ()
    stranger = make_organisation(Role.FUNDER)
    with pytest.raises(AccessDenied):
        home_and_venue(make_access(stranger, Role.FUNDER), land.tour())
    assert home_and_venue(make_access(stranger, Role.FUNDER), NATION) == home_and_venue(land.provider, NATION)
    old_homes_rebuild_themselves(land, Path(settings.WAREHOUSE_HOME))
