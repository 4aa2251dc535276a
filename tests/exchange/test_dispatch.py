"""What becomes a notice: what its organisation sees, each change once, whatever dies when."""

import threading
from datetime import timedelta

import msgspec
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from dip.exchange import actions
from dip.exchange.actions import dispatch as dispatching
from dip.exchange.models import Endpoint, Notice
from dip.exchange.rules.events import performance_types, production_type
from dip.exchange.terms import EventType
from dip.programme import actions as programme
from dip.programme.models import Performance, Production
from dip.registry.models import Organisation
from dip.registry.terms import Role
from dip.ticketing.terms import Measure
from tests.exchange.conftest import ALL, make_head, notices
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import NOW, make_access, make_organisation
from tests.factories.ticketing import push, push_totals, tickets

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(minutes=5)


def told(endpoint):
    return [EventType(one.event_type).short for one in notices(endpoint)]


def hear(endpoint):
    """What an endpoint gets now, and nothing that it got before."""
    known = {one.pk for one in notices(endpoint)}
    actions.dispatch_changes(at=LATER)
    return [EventType(one.event_type).short for one in notices(endpoint) if one.pk not in known]


def test_a_new_endpoint_hears_nothing_of_what_was(stage):
    endpoint, _ = stage.listen()
    assert actions.dispatch_changes(at=LATER) == 0
    assert told(endpoint) == []


def test_the_life_of_a_performance(stage):
    endpoint, _ = stage.listen()
    provider = make_access(stage.producer)
    hall = stage.performance.hall
    concept = make_performance(stage.production, hall, state="concept", starts_at=NOW + timedelta(days=70))
    assert hear(endpoint) == ["performance.created"]
    programme.publish_performances(access=provider, at=NOW, numbers=[concept.number])
    assert hear(endpoint) == ["performance.published"]
    theatre = make_access(stage.house, Role.THEATRE)
    programme.confirm_connections(access=theatre, at=NOW, numbers=[concept.number])
    assert hear(endpoint) == ["connection.confirmed"]
    programme.move_performance(
        access=provider,
        at=NOW,
        number=concept.number,
        starts_at=NOW + timedelta(days=71),
        theatre_id=hall.theatre_id,
        hall_id=hall.pk,
    )
    assert hear(endpoint) == ["performance.moved"]
    programme.change_performance(access=provider, at=NOW, number=concept.number, kind="premiere")
    assert hear(endpoint) == ["performance.changed"]
    programme.cancel_performance(access=provider, at=NOW, number=concept.number, reason="Ziekte")
    assert hear(endpoint) == ["performance.cancelled"]
    assert hear(endpoint) == []


def test_a_write_past_the_actions_is_told_too(stage):
    endpoint, _ = stage.listen()
    Performance.objects.filter(pk=stage.performance.pk).update(capacity=3)
    Production.objects.filter(pk=stage.production.pk).update(title="Anders")
    assert sorted(hear(endpoint)) == ["performance.changed", "production.changed"]


def test_entered_and_published_at_once_is_told_once(stage):
    endpoint, _ = stage.listen()
    make_production(stage.producer)
    make_performance(stage.production, stage.performance.hall)
    assert sorted(hear(endpoint)) == ["performance.published", "production.created"]


def test_the_body_is_a_cloud_event_with_pointers_and_no_figures(stage):
    endpoint, _ = stage.listen()
    push(stage.performance, tickets(123), at=NOW)
    push_totals(stage.performance, reserved=4)
    assert hear(endpoint) == ["positions.changed"]
    (notice,) = notices(endpoint)
    body = msgspec.json.decode(notice.body)
    number, dip_id = stage.performance.number, stage.production.dip_id
    assert body["specversion"] == "1.0"
    assert body["id"] == notice.message_id
    assert body["source"].endswith("/api/v2")
    assert body["type"] == "nl.dip.positions.changed.v1"
    assert body["subject"] == f"{dip_id}|{number}"
    assert body["datacontenttype"] == "application/json"
    assert body["data"] == {
        "number": number, "dipId": f"{dip_id}|{number}", "production": dip_id, "measures": ["tickets", "reservations"],
        "url": f"{body['source']}/positions?performance={number}",
    }  # fmt: skip
    assert "123" not in notice.body.replace(str(number), "").replace(dip_id, "").replace(body["id"], "").replace(body["time"], "")
    assert Measure.TICKETS.name.lower() in notice.body


def test_a_stranger_hears_nothing_of_it(stage):
    others = [make_organisation(role) for role in (Role.PRODUCER, Role.AGENCY, Role.THEATRE, Role.ASSOCIATION)]
    ears = [stage.listen(make_head(one))[0] for one in others]
    own, _ = stage.listen()
    Performance.objects.filter(pk=stage.performance.pk).update(is_private=True)
    Production.objects.filter(pk=stage.production.pk).update(title="Anders")
    push(stage.performance, tickets(5))
    actions.dispatch_changes(at=LATER)
    assert len(notices(own)) == 3
    assert [told(one) for one in ears] == [[], [], [], []]


def test_a_theatre_hears_of_its_own_house_and_not_of_concepts(stage):
    endpoint, _ = stage.listen(make_head(stage.house))
    make_performance(stage.production, stage.performance.hall, state="concept")
    make_performance(stage.production, make_hall(make_theatre()))
    assert hear(endpoint) == []
    push(stage.performance, tickets(5))
    assert hear(endpoint) == ["positions.changed"]


def test_a_co_producer_is_no_party_to_the_connection(stage):
    partner = make_organisation(Role.PRODUCER)
    stage.production.co_producers.add(partner)
    provider, hall = make_access(stage.producer), stage.performance.hall
    concept = make_performance(stage.production, hall, state="concept", starts_at=NOW + timedelta(days=70))
    programme.publish_performances(access=provider, at=NOW, numbers=[concept.number])
    endpoint, _ = stage.listen(make_head(partner))
    own, _ = stage.listen()
    programme.confirm_connections(access=make_access(stage.house, Role.THEATRE), at=NOW, numbers=[concept.number])
    actions.dispatch_changes(at=LATER)
    assert told(own) == ["connection.confirmed"]
    assert told(endpoint) == []


def test_a_theatre_that_is_left_hears_that_it_lost_the_performance(stage):
    endpoint, _ = stage.listen(make_head(stage.house))
    hall = make_hall(make_theatre(make_organisation(Role.THEATRE)))
    Performance.objects.filter(pk=stage.performance.pk).update(theatre=hall.theatre, hall=hall)
    assert hear(endpoint) == ["performance.withdrawn"]


def test_only_what_was_chosen(stage):
    endpoint, _ = stage.listen(types=["performance.cancelled"])
    programme.change_performance(access=make_access(stage.producer), at=NOW, number=stage.performance.number, kind="premiere")
    programme.cancel_performance(access=make_access(stage.producer), at=NOW, number=stage.performance.number, reason="Ziekte")
    assert hear(endpoint) == ["performance.cancelled"]


def test_while_paused_changes_gather_and_come_once(stage):
    endpoint, _ = stage.listen()
    actions.pause_endpoint(access=stage.head, at=NOW, endpoint_id=endpoint.pk)
    for capacity in (1, 2, 3):
        Performance.objects.filter(pk=stage.performance.pk).update(capacity=capacity)
        assert hear(endpoint) == []
    actions.resume_endpoint(access=stage.head, at=NOW, endpoint_id=endpoint.pk)
    assert hear(endpoint) == ["performance.changed"]


def test_an_organisation_without_its_role_hears_nothing(stage):
    endpoint, _ = stage.listen()
    Organisation.objects.filter(pk=stage.producer.pk).update(roles=[Role.ASSOCIATION.value])
    Performance.objects.filter(pk=stage.performance.pk).update(is_private=True)
    assert hear(endpoint) == []


def test_killed_before_the_end_of_the_transaction_nothing_is_lost_and_nothing_doubled(stage, monkeypatch):
    endpoint, _ = stage.listen()
    mark = endpoint.read_until
    Performance.objects.filter(pk=stage.performance.pk).update(is_private=True)
    whole = dispatching.write_notices

    def dies(*given):
        whole(*given)
        raise SystemExit  # a process that is killed runs no handler of ours either

    monkeypatch.setattr(dispatching, "write_notices", dies)
    with pytest.raises(SystemExit):
        actions.dispatch_changes(at=LATER)
    assert notices(endpoint) == []
    assert Endpoint.objects.across_tenants(ALL).get(pk=endpoint.pk).read_until == mark
    monkeypatch.undo()
    assert hear(endpoint) == ["performance.changed"]
    assert hear(endpoint) == []


def test_trouble_of_one_endpoint_does_not_keep_the_others_waiting(stage, monkeypatch):
    first, _ = stage.listen()
    second, _ = stage.listen()
    whole = dispatching.write_notices

    def fails(endpoint, *given):
        if endpoint.pk == first.pk:
            raise RuntimeError("a test breaks it")
        return whole(endpoint, *given)

    monkeypatch.setattr(dispatching, "write_notices", fails)
    Performance.objects.filter(pk=stage.performance.pk).update(is_private=True)
    assert hear(second) == ["performance.changed"]
    monkeypatch.undo()
    assert hear(first) == ["performance.changed"]


def test_what_is_not_committed_is_not_told_and_not_passed_over(stage):
    endpoint, _ = stage.listen()
    began, may_end = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                Performance.objects.filter(pk=stage.performance.pk).update(is_private=True)
                began.set()
                may_end.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert began.wait(20)
    Production.objects.filter(pk=stage.production.pk).update(title="Anders")
    assert hear(endpoint) == [], "it committed, and lies above one that is open"
    may_end.set()
    thread.join(20)
    assert sorted(hear(endpoint)) == ["performance.changed", "production.changed"]


def test_queries_do_not_grow_with_what_changed(stage):
    stage.listen()
    counts = []
    for _ in range(2):
        made = [make_performance(stage.production, stage.performance.hall) for _ in range(1 + 4 * len(counts))]
        push(made[0], tickets(4))
        with CaptureQueriesContext(connection) as seen:
            assert actions.dispatch_changes(at=LATER)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_old_notices_are_forgotten(stage):
    endpoint, _ = stage.listen()
    Performance.objects.filter(pk=stage.performance.pk).update(is_private=True)
    actions.dispatch_changes(at=NOW)
    assert actions.forget_old(at=NOW + timedelta(days=29)) == 0
    assert actions.forget_old(at=NOW + timedelta(days=31)) == 1
    assert Notice.objects.across_tenants(ALL).count() == 0
    assert told(endpoint) == []


@pytest.mark.parametrize(
    ("kinds", "types"),
    [
        ([], ["performance.changed"]),
        (["created"], ["performance.created"]),
        (["created", "published"], ["performance.published"]),
        (["created", "changed", "published"], ["performance.published"]),
        (["moved", "reopened"], ["performance.moved"]),
        (["corrected", "corrected"], ["connection.corrected", "performance.changed"]),
        (["published", "moved", "cancelled"], ["performance.published", "performance.moved", "performance.cancelled"]),
        (["venue_merged"], ["performance.changed"]),
    ],
)
def test_kinds_of_events(kinds, types):
    assert [one.short for one in performance_types(kinds)] == types


def test_kinds_of_productions():
    assert production_type(["created", "changed"]) is EventType.PRODUCTION_CREATED
    assert production_type([]) is EventType.PRODUCTION_CHANGED
