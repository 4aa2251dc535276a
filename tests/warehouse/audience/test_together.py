"""Origin, underserved areas, also bought, overlap: true, rounded, and silent where they must be."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date

import pytest

from dip.definitions.models import Area, GeoEdition, Municipality
from dip.definitions.queries import geo
from dip.warehouse.queries.audience import AudienceScope, also_bought, elsewhere, origin, overlap, underserved
from tests.factories.programme import make_province
from tests.factories.registry import NOW

pytestmark = pytest.mark.django_db
NATION = AudienceScope("season", season_year=2025)


def five(amount):
    return (2 * amount + 5) // 10 * 5


@pytest.fixture
def country(world, settings):
    """Two municipalities of the province: 3811 to 3813 in one, 3814 to 3816 in the other, of which nobody comes from 3816."""
    province = make_province()
    towns = [
        Municipality.objects.create(name=name, province=province, inhabitants=9000, lat=52.1, lon=5.4, km2=3.0)
        for name in ("Vlonderdam", "Kadehaven")
    ]
    for number in range(6):
        Area.objects.create(
            pc4=3811 + number, place="Vlonderdam", municipality=towns[number // 3], province=province, inhabitants=3000 + number,
            lat=52.1 + number / 100, lon=5.4, km2=1.0, urbanity=1 + number % 5, ages=[150] * 20,
        )  # fmt: skip
    GeoEdition.objects.create(
        digest="d", loaded_at=NOW, dated=date(2021, 1, 1), attribution="CBS", counts={}, findings=[], shapes={}
    )
    geo.forget()
    yield towns
    geo.forget()


def homes(world, **of):
    """PC4 → buyers."""
    found = {}
    for row in world.rows:
        if row["year"] == 2025 and row["known"] and all(row[name] == value for name, value in of.items()):
            found[row["buyer"]] = int(row["postcode"][:4])
    return Counter(found.values())


def test_without_areas_nothing_is_told(world):
    geo.forget()
    assert origin(world.houses[0][2], world.house(0), "pc4") == ()
    assert underserved(world.houses[0][2], world.house(0)) == ()


def test_a_theatre_sees_where_its_buyers_live(world, country):
    truth = homes(world, house=0)
    rows = {row.code: row for row in origin(world.houses[0][2], world.house(0), "pc4")}
    assert set(rows) == set(truth)
    for code, amount in truth.items():
        assert rows[code].buyers == five(amount)
        assert rows[code].per_1000 == pytest.approx(1000 * five(amount) / (3000 + code - 3811), abs=0.01)
    assert rows[3811].distance_km == 0.0
    assert rows[3812].distance_km == pytest.approx(1.1, abs=0.05)
    assert sum(row.is_catchment for row in rows.values()) >= 3
    towns = {row.name: row.buyers for row in origin(world.houses[0][2], world.house(0), "municipality")}
    near = sum(amount for code, amount in truth.items() if code <= 3813)
    assert towns == {"Vlonderdam": five(near), "Kadehaven": five(sum(truth.values()) - near)}
    (province,) = origin(world.houses[0][2], world.house(0), "province")
    assert province.buyers == five(sum(truth.values()))


def test_a_provider_and_the_nation_see_areas_of_three_organisations(world, country):
    truth = homes(world, place=0)
    for row in origin(world.provider, world.tour(), "pc4"):
        assert row.buyers in (None, five(truth[row.code]))
    assert any(row.buyers for row in origin(world.provider, world.tour(), "pc4"))
    sums = sum((homes(world, house=house) for house in range(4)), Counter())
    for row in origin(world.provider, NATION, "pc4"):
        assert row.buyers in (None, five(sums[row.code]))
    assert {row.pc4 for row in underserved(world.houses[0][2], world.house(0))} <= set(range(3811, 3817))


def test_an_area_of_nine_takes_a_sibling_with_it(world, country):
    from dip.warehouse.queries.audience import areas
    from dip.warehouse.queries.audience.reach import reach_of

    access, scope = world.houses[0][2], world.house(0)
    found = areas.people_of(access, reach_of(access, scope))
    found.buyers[0][:] = [9, 30, 20, 40, 50, 0]
    found.buyers[1][:] = [59, 90]
    found.buyers[2][:] = [149]
    published = areas.published_of(found)
    assert published[0].tolist() == [-1, 30, -1, 40, 50, 0]
    assert published[1].tolist() == [60, 90]


def test_also_bought_counts_buyers_of_both(world):
    carts = defaultdict(set)
    for row in world.rows:
        if row["year"] == 2025 and row["known"]:
            carts[row["buyer"]].add(row["place"])
    both = Counter(place for cart in carts.values() if 0 in cart for place in cart)
    titles = {world.productions[place].dip_id: amount for place, amount in both.items() if place}
    found = also_bought(world.provider, world.tour())
    assert {row.dip_id: row.buyers for row in found} == {code: five(amount) for code, amount in titles.items()}
    assert all(row.rate == round(row.buyers / five(both[0]), 4) for row in found)
    own = defaultdict(set)
    for row in world.rows:
        if row["year"] == 2025 and row["known"] and row["house"] == 0:
            own[row["buyer"]].add(row["place"])
    here = Counter(place for cart in own.values() if 0 in cart for place in cart)
    for row in also_bought(world.houses[0][2], world.tour()):
        place = next(place for place, one in enumerate(world.productions) if one.dip_id == row.dip_id)
        assert row.buyers == five(here[place])
    assert also_bought(world.provider, NATION) == ()


def test_overlap_tells_at_how_many_organisations_and_names_none(world):
    places = defaultdict(set)
    for row in world.rows:
        if row["year"] == 2025 and row["known"]:
            places[row["buyer"]].add(row["house"])
    for access, scope, whose in (
        (world.houses[0][2], world.house(0), {buyer for buyer, at in places.items() if 0 in at}),
        (world.provider, NATION, set(places)),
        (
            world.provider,
            world.tour(),
            {row["buyer"] for row in world.rows if row["place"] == 0 and row["year"] == 2025 and row["known"]},
        ),
    ):
        truth = Counter(("1", "2", "3+")[min(len(places[buyer]), 3) - 1] for buyer in whose)
        found = overlap(access, scope)
        assert {row.code: row.count for row in found.rows} == {code: five(truth[code]) for code in ("1", "2", "3+")}
    assert overlap(world.houses[0][2], world.tour()).rows[0].count in (None, 0)


def test_elsewhere_tells_which_part_of_a_theatres_buyers_bought_at_another_organisation(world):
    places, here = defaultdict(set), defaultdict(set)
    for row in world.rows:
        if row["year"] == 2025 and row["known"]:
            places[row["buyer"]].add(row["house"])
            here[row["house"], row["place"]].add(row["buyer"])
    found = {row.theatre_id: row for row in elsewhere(world.provider, world.tour())}
    genre = [(house, place) for house, place in here if place in (0, 2)]  # the two of theatre
    national = sum(len(places[b]) > 1 for key in genre for b in here[key]) / sum(len(here[key]) for key in genre)
    assert len(found) == 4
    for house, (_, theatre, access) in enumerate(world.houses):
        buyers = here[house, 0]
        too = sum(len(places[buyer]) > 1 for buyer in buyers)
        row = found[theatre.pk]
        assert (row.name, row.buyers) == (theatre.name, five(len(buyers)))
        assert row.rate == round(five(too) / five(len(buyers)), 4)
        assert row.national_rate == pytest.approx(national, abs=0.01)
        assert elsewhere(access, world.tour()) in ((row,), (replace(row, buyers=None, rate=None),))
    assert elsewhere(world.provider, NATION) == ()


def test_who_bought_elsewhere_is_told_of_many_of_both_kinds_and_of_three_organisations():
    from dip.warehouse.queries.audience.elsewhere import _told

    def told(*rows, whole=(900, 450)):
        return _told([(number, *row) for number, row in enumerate(rows)], whole).tolist()

    assert told((100, 40, 3), (80, 30, 4)) == [True, True]
    assert told((100, 40, 2), (80, 30, 4), (70, 35, 3)) == [False, True, False]  # alone it would follow
    assert told((100, 9, 3), (60, 12, 3), (90, 30, 3)) == [False, False, True]
    assert told((100, 92, 3)) == [False]
    assert told((100, 8, 3), (100, 92, 3)) == [False, False]
    assert told((300, 145, 3), whole=(400, 150)) == [False]  # five elsewhere beyond it
