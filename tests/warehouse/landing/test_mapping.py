import pytest

from dip.registry.terms import AccessDenied
from dip.warehouse.actions import mapping, removals, rewriting
from dip.warehouse.models import LandedBatch, SourceCode
from dip.warehouse.rules.landed import CodeField
from dip.warehouse.rules.suggesting import suggestion
from tests.factories.registry import NOW
from tests.warehouse.landing.conftest import ALL


def coded(house):
    return house.row(kind="", source_kind="CJP pas", channel="Avondkassa", performance=None, event="ev-9")


def decide(house, of, raw, value, **over):
    given = {"access": house.access, "at": NOW, "source_id": house.source.pk, "of": of, "raw": raw, "value": value}
    return mapping.decide(**given | over)


def test_what_landed_is_read_anew_when_a_code_is_decided(house):
    house.deliver(coded(house))
    house.deliver(house.row(ticket="other"), id="without codes")
    LandedBatch.objects.across_tenants(ALL).update(state="applied")
    content = house.columns()["content"]
    decide(house, CodeField.KIND, " CJP  pas", "discount")
    decide(house, CodeField.CHANNEL, "Avondkassa", "box_office")
    decide(house, CodeField.EVENT, "ev-9", str(house.evenings[1].number))
    assert rewriting.scrub_files(NOW) == 1
    found = house.columns()
    assert (found["kind"], found["channel"], found["performance"]) == ([2], [2], [house.evenings[1].number])
    assert found["content"] == content
    batch = house.batch()
    assert (batch.state, batch.is_restated, batch.performances) == ("landed", True, [house.evenings[1].number])
    assert house.batch("without codes").state == "applied"
    landed = house.deliver(coded(house), id="later")
    assert landed.counts == {}
    assert house.columns("later")["kind"] == [2]


def test_a_decision_can_be_changed_and_made_before_the_code_comes(house):
    decide(house, CodeField.KIND, "CJP pas", "free")
    house.deliver(coded(house))
    assert house.columns()["kind"] == [3]
    decide(house, CodeField.KIND, "CJP pas", "discount")
    rewriting.scrub_files(NOW)
    assert house.columns()["kind"] == [2]
    assert decide(house, CodeField.KIND, "CJP pas", "discount").decided_by == house.access.actor
    assert rewriting.scrub_files(NOW) == 0


@pytest.mark.parametrize(
    ("of", "raw", "value"),
    [
        (CodeField.KIND, "x", "online"),
        (CodeField.CHANNEL, "x", "free"),
        (CodeField.EVENT, "x", "999999999"),
        (CodeField.EVENT, "x", "abc"),
        (CodeField.KIND, "noor@vlonder.example", "free"),
    ],
)
def test_what_a_code_cannot_mean_is_refused(house, of, raw, value):
    with pytest.raises(mapping.UnableToMap):
        decide(house, of, raw, value)
    assert not SourceCode.objects.within(house.access).exists()


def test_an_event_is_no_performance_that_stays_out(house):
    number = house.evenings[0].number
    removals.exclude_performance(access=house.access, at=NOW, number=number)
    with pytest.raises(mapping.UnableToMap):
        decide(house, CodeField.EVENT, "ev-9", str(number))
    house.deliver(coded(house))


def test_only_the_theatre_itself_decides(house):
    with pytest.raises(AccessDenied):
        decide(house, CodeField.KIND, "x", "free", access=house.looker)
    with pytest.raises(mapping.UnableToMap):
        decide(house, CodeField.KIND, "x", "free", access=house.stranger)
    assert not SourceCode.objects.within(house.stranger).exists()


def test_gender_is_kept_for_a_stated_ground_only(house):
    house.deliver(house.row(gender="f"), id="off")
    mapping.keep_gender(access=house.access, at=NOW, source_id=house.source.pk, ground="Onderzoek 2026, met toestemming")
    house.source = type(house.source).objects.within(house.access).get()
    landed = house.deliver(house.row(gender="f"), house.row(ticket="2", gender="vrouw"), id="on")
    assert landed.counts == {"unknown_word": 1}
    assert house.columns("off")["gender"] == [0]
    assert sorted(house.columns("on")["gender"]) == [0, 1]
    with pytest.raises(mapping.UnableToMap):
        mapping.keep_gender(access=house.stranger, at=NOW, source_id=house.source.pk, ground="x")


@pytest.mark.parametrize(
    ("of", "raw", "value"),
    [
        (CodeField.KIND, "CJP", "discount"),
        (CodeField.KIND, "Studenten", "discount"),
        (CodeField.KIND, "Normaal tarief", "normal"),
        (CodeField.KIND, "Vrijkaart pers", "free"),
        (CodeField.KIND, "Zwabber", ""),
        (CodeField.CHANNEL, "Webshop", "online"),
        (CodeField.CHANNEL, "Avondkassa", "box_office"),
        (CodeField.EVENT, "ev-9", ""),
    ],
)
def test_meanings_are_suggested(of, raw, value):
    assert suggestion(of, raw) == value
