import pytest

from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied, Role
from dip.warehouse.actions import landing, removals, rewriting
from dip.warehouse.actions.removals import UnableToRemove
from dip.warehouse.models import LandedBatch, Removal
from dip.warehouse.rules.landed import BatchState
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import NOW, make_access, make_organisation
from tests.warehouse.landing.conftest import ALL, ndjson


def two_evenings(house, id="d-1"):
    return house.deliver(
        house.row(), house.row(ticket="t-2", performance=str(house.evenings[1].number), email="z@vlonder.example"), id=id
    )


def applied(house, id="d-1"):
    LandedBatch.objects.across_tenants(ALL).filter(delivery_id=id).update(state=BatchState.APPLIED.value)


@pytest.mark.parametrize("remove", [removals.exclude_performance, removals.withdraw_performance])
def test_a_removed_performance_goes_out_of_the_files_and_stays_out(house, remove):
    two_evenings(house)
    applied(house)
    file = house.batch().file
    removal = remove(access=house.access, at=NOW, number=house.evenings[0].number)
    assert remove(access=house.access, at=NOW, number=house.evenings[0].number) == removal
    assert not removal.is_done
    assert rewriting.scrub_files(NOW) == 1
    batch = house.batch()
    assert house.columns()["performance"] == batch.performances == [house.evenings[1].number]
    assert (batch.state, batch.is_restated, batch.stale) == ("landed", True, False)
    assert batch.file != file
    assert not (house.home / "landing" / file).exists()
    landed = two_evenings(house, "d-2")
    assert landed.counts == {"removed": 1}
    assert house.columns("d-2")["performance"] == [house.evenings[1].number]
    assert rewriting.scrub_files(NOW) == 0
    assert removals.settle(at=NOW, removal_ids=[removal.pk], is_published=False) == 1
    assert removals.settle(at=NOW, removal_ids=[removal.pk], is_published=True) == 1
    removal = Removal.objects.within(house.access).get()
    assert removal.is_done
    assert AuditLine.objects.within(house.access).filter(subject="Removal").count() == 1


def test_an_exclusion_can_be_lifted_and_a_withdrawal_cannot(house):
    excluded = removals.exclude_performance(access=house.access, at=NOW, number=house.evenings[0].number)
    withdrawn = removals.withdraw_performance(access=house.access, at=NOW, number=house.evenings[1].number)
    removals.lift_exclusion(access=house.access, at=NOW, removal_id=excluded.pk)
    for key in (excluded.pk, withdrawn.pk, 0):
        with pytest.raises(UnableToRemove):
            removals.lift_exclusion(access=house.access, at=NOW, removal_id=key)
    assert two_evenings(house).counts == {"removed": 1}


def test_a_batch_of_nothing_but_what_must_go_keeps_its_receipt(house):
    house.deliver(house.row())
    removals.withdraw_performance(access=house.access, at=NOW, number=house.evenings[0].number)
    rewriting.scrub_files(NOW)
    assert house.batch().file == ""
    assert not list(house.home.glob("landing/*/*"))
    assert house.deliver(house.row()).is_repeat


@pytest.mark.parametrize("by", ["email", "pseudonym", "customer"])
def test_the_tickets_of_an_erased_buyer_stay_and_are_nobodys(house, by, keys):
    from dip.warehouse.rules.pseudonyms import p1_of_email
    from dip.warehouse.store.keys import read_keys

    over = {"email": None, "customer": "k-7"} if by == "customer" else {}
    p1 = p1_of_email("noor.dijkema@vlonder.example", read_keys(keys, NOW).sector).hex()
    asked = {
        "email": {"email": " NOOR.Dijkema@vlonder.example"},
        "pseudonym": {"pseudonym": p1},
        "customer": {"customer": "k-7", "source_id": house.source.pk},
    }[by]
    house.deliver(house.row(**over), house.row(ticket="t-2", email="z@vlonder.example"))
    content = house.columns()["content"]
    (removal,) = removals.erase_buyer(access=house.access, at=NOW, **asked)
    assert removals.erase_buyer(access=house.access, at=NOW, **asked) == [removal]
    assert rewriting.scrub_files(NOW) == 1
    found = house.columns()
    place = found["buyer"].index(0)
    assert [found[name][place] for name in ("scope", "pc4", "country", "birth", "gender")] == [0] * 5
    assert len([buyer for buyer in found["buyer"] if buyer]) == 1
    assert found["content"] == content
    house.deliver(house.row(**over), id="d-2")
    assert house.columns("d-2")["buyer"] == [0]
    removal.refresh_from_db(from_queryset=Removal.objects.across_tenants(ALL))
    assert removal.files_done_at == NOW


def test_what_was_asked_leaves_no_trace_but_a_pseudonym(house):
    removals.erase_buyer(access=house.access, at=NOW, email="noor.dijkema@vlonder.example")
    for row in [*Removal.objects.across_tenants(ALL).values(), *AuditLine.objects.across_tenants(ALL).values()]:
        assert "vlonder.example" not in str(row).lower()


def test_a_theatre_reaches_its_own_files_and_the_platform_all(house):
    other = make_organisation(Role.THEATRE)
    evening = make_performance(make_production(), make_hall(make_theatre(other)))
    access = make_access(other, Role.THEATRE)
    source = landing.source_for(access=access, at=NOW, system="tixly")
    body = ndjson(house.row(performance=str(evening.number)))
    landing.land(access=access, at=NOW, source=source, delivery_id="theirs", body=body)
    house.deliver(house.row())
    removals.erase_buyer(access=house.access, at=NOW, email="noor.dijkema@vlonder.example")
    rewriting.scrub_files(NOW)
    assert house.columns()["buyer"] == [0]
    assert house.columns("theirs")["buyer"] != [0]
    platform = make_access(make_organisation(Role.PLATFORM), Role.PLATFORM)
    removals.erase_buyer(access=platform, at=NOW, email="noor.dijkema@vlonder.example")
    rewriting.scrub_files(NOW)
    assert house.columns("theirs")["buyer"] == [0]
    landing.land(access=access, at=NOW, source=source, delivery_id="theirs too", body=body)
    assert house.columns("theirs too")["buyer"] == [0]


def test_a_delivery_that_is_under_way_does_not_bring_back_what_is_removed(house, monkeypatch):
    write = landing.files.write
    asked = []

    def removed_meanwhile(*given):
        if not asked:
            asked.append(removals.withdraw_performance(access=house.access, at=NOW, number=house.evenings[0].number))
        return write(*given)

    monkeypatch.setattr(landing.files, "write", removed_meanwhile)
    landed = two_evenings(house)
    assert landed.counts == {"removed": 1}
    assert house.columns()["performance"] == [house.evenings[1].number]
    assert len(list(house.home.glob("landing/*/*"))) == 1


def test_what_cannot_be_removed_is_told(house):
    with pytest.raises(UnableToRemove):
        removals.exclude_performance(access=house.access, at=NOW, number=999_999_999)
    for asked in ({}, {"email": "x"}, {"pseudonym": "x"}, {"customer": "7"}, {"customer": "7", "source_id": 0}):
        with pytest.raises(UnableToRemove):
            removals.erase_buyer(access=house.access, at=NOW, **asked)


def test_only_the_theatre_itself_removes(house):
    producer = make_access(make_organisation(Role.PRODUCER), Role.PRODUCER)
    for access in (house.looker, producer):
        with pytest.raises(AccessDenied):
            removals.exclude_performance(access=access, at=NOW, number=house.evenings[0].number)
        with pytest.raises(AccessDenied):
            removals.erase_buyer(access=access, at=NOW, email="z@vlonder.example")
    with pytest.raises(UnableToRemove):
        removals.withdraw_performance(access=house.stranger, at=NOW, number=house.evenings[0].number)
    mine = removals.exclude_performance(access=house.access, at=NOW, number=house.evenings[0].number)
    with pytest.raises(UnableToRemove):
        removals.lift_exclusion(access=house.stranger, at=NOW, removal_id=mine.pk)
