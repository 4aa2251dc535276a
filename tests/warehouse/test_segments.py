"""A licensee's own segments: for it alone, and never more than origin tells."""

from dataclasses import replace

import numpy as np
import pytest

from dip.definitions.queries import geo
from dip.registry.terms import Access, Door, Role
from dip.warehouse.models import SegmentTable
from dip.warehouse.queries import audience as door
from dip.warehouse.queries.audience import AudienceScope
from dip.warehouse.rules.audience.licensed import Shares, reach_of_segments, spread, told
from dip.warehouse.rules.audience.persons import HELD_BACK
from dip.warehouse.rules.looking import gathering
from tests.factories.registry import NOW, make_access, make_organisation
from tests.warehouse.audience.conftest import keys, make_world
from tests.warehouse.audience.test_flows import load_areas

__all__ = ["keys"]
NATION = AudienceScope("season", season_year=2025)


def array(*numbers):
    return np.array(numbers, np.int64)


def shares(*entries, size=2):
    pc4, segment, share = zip(*entries, strict=True)
    return Shares(np.array(pc4), np.array(segment), np.array(share, float), size)


def five(amount):
    return (2 * round(amount) + 5) // 10 * 5


def keep(access: Access, table: Shares, names=("Haven", "Weide")):
    return SegmentTable.objects.create(
        organisation_id=access.organisation_id, name="Wijkwijzer", version="2026", licence="tests", digest="d", file_digest="f",
        names=list(names), pc4=table.pc4.tolist(), segment=table.segment.tolist(), share=table.share.tolist(), row_count=5, kept_count=5,
        season_year=2026, loaded_at=NOW, loaded_by="Noor Dijkema",
    )  # fmt: skip


# PC4 1..4 in municipality 0, 5 and 6 in municipality 1 (held back), all in one province.
INSIDE = [array(0, 1, 2, 3, 4, 5), array(0, 0, 0, 0, 1, 1), array(0, 0, 0, 0, 0, 0)]
PEOPLE = np.array([1000.0, 1000, 3000, 1000, 500, 1500])


def test_what_is_held_back_is_spread_over_its_municipality_and_then_its_province():
    published = [array(40, 20, HELD_BACK, HELD_BACK, HELD_BACK, 0), array(80, HELD_BACK), array(100)]
    assert spread(published, INSIDE, PEOPLE).tolist() == [40, 20, 15, 5, 20, 0]


def test_a_rest_below_nothing_is_nothing_and_a_held_back_province_tells_nothing():
    published = [array(40, 45, HELD_BACK, HELD_BACK, HELD_BACK, 0), array(80, HELD_BACK), array(HELD_BACK)]
    assert spread(published, INSIDE, PEOPLE).tolist() == [40, 45, 0, 0, 0, 0]
    nobody = [array(HELD_BACK, HELD_BACK, 0, 0, 0, 0), array(10, 0), array(10)]
    assert spread(nobody, INSIDE, np.zeros(6)).tolist() == [5, 5, 0, 0, 0, 0]


def test_buyers_of_a_segment_by_shares_and_what_the_table_lacks():
    buyers = np.array([40.0, 20, 16, 4, 20, 0])
    found = told(buyers, array(1, 2, 3, 4, 5, 6), PEOPLE, shares((1, 0, 1), (2, 0, 0.25), (2, 1, 0.75), (3, 1, 1), (9, 1, 1)))
    assert found.buyers.tolist() == [45, 30]
    assert found.unmatched == 25
    assert found.base == 100
    assert found.rates.tolist() == [0.6, 0.4]
    assert found.people.tolist() == [0.25, 0.75]


def test_rules_for_figures_about_people_hold_for_segments():
    codes, table = array(1, 2, 3), shares((1, 0, 1), (2, 1, 1), (3, 2, 1), size=3)
    few = told(np.array([100.0, 40, 6]), codes, np.ones(3), table)
    assert few.buyers.tolist() == [100, HELD_BACK, HELD_BACK]
    nearly = told(np.array([100.0, 6, 4]), codes, np.ones(3), table)
    assert nearly.buyers.tolist() == [HELD_BACK] * 3
    assert told(np.array([3.0, 2, 1]), codes, np.ones(3), table).base == HELD_BACK


def test_a_table_made_to_isolate_an_area_learns_what_origin_tells_and_no_more():
    """The truth behind held-back areas may be anything that origin publishes alike: a table cannot tell one truth from another."""
    published = [array(40, 20, HELD_BACK, HELD_BACK, HELD_BACK, 0), array(80, HELD_BACK), array(100)]
    located = spread(published, INSIDE, PEOPLE)
    codes = array(1, 2, 3, 4, 5, 6)
    with_target = told(located, codes, PEOPLE, shares(*((pc4, 0, 1) for pc4 in (1, 2, 3)), (4, 1, 1), (5, 1, 1)))
    without = told(located, codes, PEOPLE, shares(*((pc4, 0, 1) for pc4 in (1, 2)), (3, 1, 1), (4, 1, 1), (5, 1, 1)))
    isolated = int(with_target.buyers[0] - without.buyers[0])
    assert isolated == 15  # what its inhabitants let expect, though 17 or 9 or 1 of the 20 may have lived there
    coded = told(located, codes, PEOPLE, shares((3, 0, 1e-6), (1, 0, 1), (1, 1, 0), (2, 1, 1)))
    assert coded.buyers.tolist() == [40, 20]


def test_how_much_a_segment_covers():
    table = shares((1, 0, 1), (2, 0, 0.5), (3, 0, 1), (2, 1, 0.5))
    areas, people = reach_of_segments(table, {1: 1000, 2: 4000, 3: 0})
    assert (areas.tolist(), people.tolist()) == ([1.5, 0.5], [3000, 2000])
    assert reach_of_segments(table, {})[0].tolist() == [2.5, 0.5]


@pytest.fixture
def areas(db):
    geo.forget()
    yield load_areas()
    geo.forget()


def by_hand(access, scope):
    """PC4 → buyers, from nothing but what origin answers at its three levels."""
    levels = ("pc4", "municipality", "province")
    shown = {level: {row.code: row.buyers for row in door.origin(access, scope, level)} for level in levels}
    found = {pc4: float(buyers) for pc4, buyers in shown["pc4"].items() if buyers is not None}
    for level in levels[1:]:
        for code, buyers in shown[level].items():
            above = {pc4: parents(pc4)[level] for pc4 in range(3811, 3815)}
            inside = [pc4 for pc4 in above if above[pc4] == code]
            open_ones = [pc4 for pc4 in inside if pc4 not in found and shown["pc4"].get(pc4, 0) is None]
            rest = max((buyers or 0) - sum(found.get(pc4, 0) for pc4 in inside), 0)
            people = sum(geo.inhabitants("pc4", pc4) for pc4 in open_ones)
            if buyers is not None:
                found |= {pc4: rest * geo.inhabitants("pc4", pc4) / people for pc4 in open_ones}
    return {pc4: found.get(pc4, 0.0) for pc4 in range(3811, 3815)}


def parents(pc4):
    return {"municipality": geo.municipality_of(pc4).code, "province": geo.province_of(pc4).code}


def test_segments_of_each_scope_are_made_of_what_origin_tells_its_owner(areas, django_assert_num_queries):
    world = make_world(orders=300, houses=4)
    theatre, provider = world.houses[0][2], world.provider
    halves = shares((3811, 0, 0.5), (3811, 1, 0.5), (3812, 0, 1), (3813, 1, 1))
    for access in (theatre, provider):
        keep(access, halves)
    for access, scope in ((theatre, world.house()), (provider, world.tour()), (provider, NATION)):
        found = by_hand(access, scope)
        assert sum(found.values()) >= 60
        answer = door.segments(access, scope)
        assert [row.buyers for row in answer.rows] == [five(found[3811] / 2 + found[3812]), five(found[3811] / 2 + found[3813])]
        told_of = (answer.name, answer.version, answer.unmatched, answer.base)
        assert told_of == ("Wijkwijzer", "2026", five(found[3814]), five(sum(found.values())))
        whole = sum(row.buyers for row in answer.rows)
        assert [row.rate for row in answer.rows] == [round(row.buyers / whole, 4) for row in answer.rows]
        assert answer.rows[0].people_rate == round((1500 + 3001) / (3000 + 3001 + 3002), 4)
    with django_assert_num_queries(5), gathering() as looks:
        door.segments(theatre, world.house())
    assert [look.purpose for look in looks] == ["licensed_segments"]
    with gathering() as looks:
        stranger = make_access(make_organisation(Role.PRODUCER), Role.PRODUCER)
        platform = make_access(make_organisation(Role.PLATFORM), Role.PLATFORM)
        for access in (stranger, platform, world.houses[1][2], replace(provider, door=Door.SHARED)):
            assert door.segments(access, NATION) is None
    assert not looks


@pytest.mark.django_db
def test_without_areas_everything_is_held_back_and_without_a_table_there_is_nothing():
    geo.forget()
    access = make_access(make_organisation(Role.THEATRE), Role.THEATRE)
    scope = AudienceScope("theatre", season_year=2026)
    assert door.segments(access, scope) is None
    keep(access, shares((3811, 0, 1), (3812, 1, 1)))
    answer = door.segments(access, scope)
    assert [tuple(row) for row in answer.rows] == [("Haven", None, None, None), ("Weide", None, None, None)]
    assert (answer.unmatched, answer.base) == (None, None)
