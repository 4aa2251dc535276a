"""Targets: who may set them, what is kept, and the pages around them."""

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from python_calamine import CalamineWorkbook

from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied, Level, Module, Role
from dip.sales.actions.targets import UnableToSetTargets, set_targets
from dip.sales.models import Target, TargetChange
from dip.sales.queries import goals as queries
from dip.sales.queries.visible import evenings_of_season
from dip.sales.terms import AsOf, Goal, GoalEntry, Origin
from tests.factories.programme import make_hall, make_performance, make_production
from tests.factories.registry import make_access, make_client_login, make_organisation, make_person
from tests.sales import cast
from tests.sales.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LOOKS = {Module.SALES: Level.VIEW}
DAY = timedelta(days=1)


def text(response) -> str:
    return response.content.decode()


def aim(organisation, role, *pairs, at=NOW, **more):
    entries = [GoalEntry(performance.number, goal) for performance, goal in pairs]
    return set_targets(access=make_access(organisation, role), at=at, entries=entries, origin=Origin.TYPED, **more)


def known(organisation, role=None, at=None):
    access = make_access(organisation, role)
    as_of = AsOf(at or NOW, at is not None)
    return queries.goals(access, evenings_of_season(access, 2026), as_of)


# --- the act ----------------------------------------------------------------------------------------------------------------------


def test_each_side_has_its_own_and_sees_no_other(house):
    producer, theatre, stranger, (here, _) = house
    aim(producer, Role.PRODUCER, (here, Goal(500, 1_250_000)))
    aim(theatre, Role.THEATRE, (here, Goal(600)))
    assert known(producer) == {here.number: Goal(500, 1_250_000)}
    assert known(theatre) == {here.number: Goal(600)}
    for role in (Role.PRODUCER, Role.THEATRE):
        assert known(stranger, role) == {}
    assert known(make_organisation(Role.PLATFORM)) == {}


def test_a_change_is_kept_with_what_was_before(house):
    producer, _, _, (here, _) = house
    aim(producer, Role.PRODUCER, (here, Goal(500)), at=NOW - 3 * DAY)
    aim(producer, Role.PRODUCER, (here, Goal(550)), at=NOW - 2 * DAY)
    aim(producer, Role.PRODUCER, (here, None), at=NOW - DAY)
    assert known(producer) == {}
    assert known(producer, at=NOW - timedelta(days=1, hours=1)) == {here.number: Goal(550)}
    assert known(producer, at=NOW - timedelta(days=2, hours=1)) == {here.number: Goal(500)}
    assert known(producer, at=NOW - timedelta(days=4)) == {}
    access = make_access(producer)
    changes = queries.goal_changes(access, evenings_of_season(access, 2026), AsOf(NOW))
    assert [(c.before, c.after) for c in changes] == [(Goal(550), None), (Goal(500), Goal(550)), (None, Goal(500))]
    lines = AuditLine.objects.within(access).filter(verb="set_targets")
    assert [line.changes["tickets"] for line in lines.order_by("at")] == [[0, 500], [500, 550], [550, 0]]


def test_a_repeat_changes_nothing(house):
    producer, _, _, (here, _) = house
    assert aim(producer, Role.PRODUCER, (here, Goal(500)))[0] == 1
    assert aim(producer, Role.PRODUCER, (here, Goal(500)))[0] == 0
    assert TargetChange.objects.within(make_access(producer)).count() == 1


def test_the_history_cannot_be_rewritten(house):
    producer, _, _, (here, _) = house
    aim(producer, Role.PRODUCER, (here, Goal(500)))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        TargetChange.objects.across_tenants("a test").update(tickets=1)


def test_what_cannot_be_is_told_and_the_rest_is_kept(house):
    producer, _, stranger, (here, there) = house
    elsewhere = make_performance(make_production(stranger))
    changed, findings = aim(
        producer, Role.PRODUCER, (here, Goal(500)), (there, Goal(0)), (elsewhere, Goal(5)), (there, Goal(10, 10**12))
    )
    assert changed == 1
    assert [(f.number or f.line, f.code) for f in findings] == [
        (there.number, "not_tickets"), (elsewhere.number, "unknown_number"), (there.number, "not_recette"),
    ]  # fmt: skip
    assert known(producer) == {here.number: Goal(500)}


def test_a_colleague_who_was_faster_is_not_overwritten(house):
    producer, _, _, (here, there) = house
    aim(producer, Role.PRODUCER, (here, Goal(500)), (there, Goal(100)), at=NOW - 2 * DAY)
    seen = NOW - DAY
    aim(producer, Role.PRODUCER, (here, Goal(520)), (there, Goal(120)), at=NOW - timedelta(hours=1))
    changed, findings = aim(producer, Role.PRODUCER, (here, Goal(540)), (there, Goal(100)), seen_at=seen)
    assert changed == 0
    assert [(f.number, f.code) for f in findings] == [(here.number, "changed_meanwhile")]  # the other was left as it was shown
    assert known(producer) == {here.number: Goal(520), there.number: Goal(120)}


@pytest.mark.parametrize("rights", [LOOKS, {Module.PROGRAMME: Level.APPROVE}])
def test_who_may_only_look_sets_nothing(house, rights):
    producer, _, _, (here, _) = house
    with pytest.raises(AccessDenied):
        set_targets(
            access=make_access(producer, rights=rights), at=NOW, entries=[GoalEntry(here.number, Goal(5))], origin=Origin.TYPED
        )
    with pytest.raises(AccessDenied):
        aim(make_organisation(Role.FUNDER), Role.FUNDER, (here, Goal(5)))


def test_a_stranger_sets_nothing(house):
    _, _, stranger, (here, _) = house
    with pytest.raises(UnableToSetTargets):
        aim(stranger, Role.PRODUCER, (here, Goal(5)))
    with pytest.raises(UnableToSetTargets):
        aim(stranger, Role.PRODUCER)


# --- the pages --------------------------------------------------------------------------------------------------------------------


def address(performance, name="sales-production-targets"):
    return reverse(name, args=[performance.production.dip_id])


def fields(*pairs, **more):
    return {"do": "save", "seen": NOW.isoformat()} | {f"t-{p.number}": value for p, value in pairs} | more


def test_typed_in_the_table(client, house):
    producer, _, _, (here, there) = house
    make_client_login(client, producer)
    data = fields((here, "1.250"), (there, ""), **{f"r-{here.number}": "12.500,50"})
    answer = client.post(address(here), data, follow=True)
    assert "1 target saved." in text(answer)
    assert known(producer) == {here.number: Goal(1250, 1_250_050)}
    assert f'name="t-{here.number}" inputmode="numeric" autocomplete="off" value="1250"' in text(answer)


def test_a_field_that_cannot_be_read_stays_and_says_why(client, house):
    producer, _, _, (here, there) = house
    make_client_login(client, producer)
    page = text(client.post(address(here), fields((here, "500"), (there, "veel"))))
    assert "“veel” is no number of tickets; give a whole number from 1 to 100,000." in page
    assert 'value="veel"' in page
    assert "These rows were not saved; the others were." in page
    assert known(producer) == {here.number: Goal(500)}


def test_a_recette_needs_tickets(client, house):
    producer, _, _, (here, _) = house
    make_client_login(client, producer)
    page = text(client.post(address(here), fields((here, ""), **{f"r-{here.number}": "100"})))
    assert "a recette alone is no target" in page


def test_pasted_with_a_preview(client, house):
    producer, _, _, (here, there) = house
    make_client_login(client, producer)
    lines = f"{here.performance_date:%d-%m-%Y}\t450\nGroningen\t300\n"
    page = text(client.post(address(here), {"do": "paste", "text": lines}))
    assert "Proposal for 1 performance, not saved yet" in page
    assert 'value="450"' in page
    assert "Line 2: no performance in this list answers to “Groningen”." in page
    assert known(producer) == {}
    client.post(address(here), fields((here, "450"), origin="pasted"))
    assert Target.objects.within(make_access(producer)).get().origin == Origin.PASTED
    assert there.number not in known(producer)


def test_a_percentage_of_the_seats_for_all_at_once(client, house):
    producer, _, _, (here, there) = house
    aim(producer, Role.PRODUCER, (there, Goal(9)))
    make_client_login(client, producer)
    page = text(client.post(address(here), {"do": "capacity", "percent": "70"}))
    assert 'value="490"' in page  # 720 seats, 20 of them blocked
    assert "Proposal for 1 performance" in page  # the other has one
    page = text(client.post(address(here), {"do": "capacity", "percent": "70", "all": "on"}))
    assert "Proposal for 2 performances" in page
    assert "was 9" in page
    assert known(producer) == {there.number: Goal(9)}


@pytest.mark.parametrize(("data", "words"), [
    ({"do": "capacity", "percent": "zeventig"}, "must be a number from 1 to 100"),
    ({"do": "capacity", "percent": "nan"}, "must be a number from 1 to 100"),
    ({"do": "before", "factor": "0"}, "must be a number from 0.1 to 10"),
    ({"do": "paste", "text": " "}, "Paste the lines"),
])  # fmt: skip
def test_a_proposal_that_cannot_be_made_says_why(client, house, data, words):
    producer, _, _, (here, _) = house
    make_client_login(client, producer)
    assert words in text(client.post(address(here), data))


def test_from_last_season(client, house):
    producer, theatre, _, (here, _there) = house
    before = make_production(producer, title="Zeven Dagen Vloed", season_year=2025)
    old = make_performance(before, here.hall, day=date(2025, 12, 30))
    cast.put(old, datetime(2025, 12, 30, 21, tzinfo=UTC), normal=400)
    cast.settle(old)
    make_client_login(client, producer)
    page = text(client.post(address(here), {"do": "before", "factor": "1,1"}))
    assert 'value="440"' in page
    assert "400 for Zeven Dagen Vloed" in page
    make_client_login(client, theatre)  # the theatre draws on what played in its own hall
    assert 'value="440"' in text(client.post(address(here), {"do": "before", "factor": "1,1"}))
    assert known(producer) == {}


def test_sums_and_shares_on_the_pages_of_the_monitor(client, house):
    producer, theatre, _, (here, there) = house
    aim(producer, Role.PRODUCER, (here, Goal(400)), (there, Goal(200)))
    make_client_login(client, producer)
    season = text(client.get(reverse("sales-season")))
    assert "74 % of target" in season.replace("\u00a0", " ")  # 442 of 600
    assert "73.7 % of target 600" in season.replace("\u00a0", " ")
    tour = text(client.get(reverse("sales-production", args=[here.production.dip_id]))).replace("\u00a0", " ")
    assert "84 % of target 400" in tour  # 338
    assert "52 % of target 200" in tour  # 104
    one = text(client.get(reverse("sales-performance", args=[here.number])))
    assert "400 target" in one  # on the line in the chart
    book = CalamineWorkbook.from_filelike(BytesIO(client.get(reverse("sales-season-export")).content))
    head, *rows = book.get_sheet_by_name("Performances").to_python()
    assert sum(row[head.index("Target")] for row in rows) == 600
    make_client_login(client, theatre)
    assert "of target" not in text(client.get(reverse("sales-season")))


def test_as_known_then(client, house):
    producer, _, _, (here, _) = house
    aim(producer, Role.PRODUCER, (here, Goal(400)), at=NOW - 3 * DAY)
    aim(producer, Role.PRODUCER, (here, Goal(500)), at=NOW)
    make_client_login(client, producer)
    then = {"known": "2026-11-22T07:10"}
    page = text(client.get(address(here), then))
    assert "400 tickets" in page
    assert "Save targets" not in page
    assert "of target 400" in text(client.get(reverse("sales-season"), then))


@pytest.mark.parametrize("name", ["sales-production-targets", "sales-production-targets-export"])
def test_who_may_open_the_targets_of_a_production(client, house, name):
    producer, theatre, stranger, (here, _) = house
    for organisation in (producer, theatre):
        make_client_login(client, organisation)
        assert client.get(address(here, name)).status_code == 200
    make_client_login(client, producer, rights={Module.PROGRAMME: Level.APPROVE}, person=make_person())
    assert client.get(address(here, name)).status_code == 403
    for role in (Role.PRODUCER, Role.THEATRE):
        make_client_login(client, stranger, role)
        assert client.get(address(here, name)).status_code == 404
    client.logout()
    assert client.get(address(here, name)).status_code == 302


def test_a_colleague_who_may_only_look(client, house):
    producer, _, _, (here, _) = house
    aim(producer, Role.PRODUCER, (here, Goal(400)))
    make_client_login(client, producer, rights=LOOKS, person=make_person())
    page = text(client.get(address(here)))
    assert "400" in page
    assert "Save targets" not in page
    assert client.post(address(here), fields((here, "1"))).status_code == 403


def test_the_list_of_the_season_and_its_sheet(client, house):
    producer, theatre, stranger, (here, there) = house
    aim(producer, Role.PRODUCER, (here, Goal(400, 999_900)))
    for organisation, count in ((producer, 2), (theatre, 1), (stranger, 0)):
        make_client_login(client, organisation)
        page = text(client.get(reverse("sales-targets")))
        assert len(re.findall(r'name="t-\d+"', page)) == count
    make_client_login(client, producer)
    book = CalamineWorkbook.from_filelike(BytesIO(client.get(reverse("sales-targets-export")).content))
    head, *rows = book.get_sheet_by_name("Targets").to_python()
    found = {row[head.index("Number")]: row for row in rows}
    assert found[here.number][head.index("Target")] == 400
    assert found[here.number][head.index("Recette target")] == 9999
    assert found[there.number][head.index("Target")] == ""
    assert book.get_sheet_by_name("Changes").to_python()[1][7:9] == ["", 400]
    make_client_login(client, make_organisation(Role.ASSOCIATION))
    assert client.get(reverse("sales-targets")).status_code == 404


def test_a_fixed_number_of_queries(client, house, django_assert_max_num_queries):
    producer, _, _, (here, _) = house
    make_client_login(client, producer)
    hall = make_hall()

    def count() -> int:
        client.get(address(here))
        with django_assert_max_num_queries(15) as queries:
            client.get(address(here))
        return len(queries)

    before = count()
    for days in range(3):
        more = make_performance(here.production, hall, day=(NOW + timedelta(days=70 + days)).date())
        cast.sell(more, NOW, 10)
        aim(producer, Role.PRODUCER, (more, Goal(40)))
    assert count() == before
