import stat
from datetime import timedelta

import pytest

from dip.warehouse.actions import keys as actions
from dip.warehouse.actions import removals
from dip.warehouse.models import Removal
from dip.warehouse.rules.pseudonyms import p1_of_email
from dip.warehouse.store.keys import PLATFORM, SECTOR, UnableToReadKeys, read_keys
from tests.factories.registry import NOW
from tests.warehouse.landing.conftest import ALL

YEAR = timedelta(days=366)


def test_keys_are_made_once_for_the_platform_alone(keys):
    first = read_keys(keys, NOW)
    assert first == read_keys(keys, NOW + YEAR)
    assert first.sector != first.platform
    assert not first.is_mapping
    for name in (SECTOR, PLATFORM):
        assert stat.S_IMODE((keys / name).stat().st_mode) == 0o600


def test_a_lost_key_is_never_made_anew(keys):
    read_keys(keys, NOW)
    (keys / SECTOR).unlink()
    with pytest.raises(UnableToReadKeys, match="Put it back"):
        read_keys(keys, NOW)


def test_a_damaged_key_is_told(keys):
    read_keys(keys, NOW)
    (keys / PLATFORM).write_text("2026-11-23 zz\n")
    with pytest.raises(UnableToReadKeys, match=PLATFORM):
        read_keys(keys, NOW)


def test_keys_never_show_themselves(keys):
    made = read_keys(keys, NOW)
    assert made.sector.hex() not in repr(made)
    assert made.sector.hex() not in str(actions.tell_keys(NOW))


@pytest.mark.parametrize("which", ["sector", "platform"])
def test_in_the_mapping_period_a_buyer_has_both_pseudonyms(house, which):
    house.deliver(house.row(), id="before")
    actions.rotate_key(at=NOW, which=which)
    with pytest.raises(actions.UnableToRotate):
        actions.rotate_key(at=NOW, which=which)
    house.deliver(house.row(), id="mapping")
    house.deliver(house.row(), id="after", at=NOW + YEAR)
    before, mapping, after = (house.columns(one) for one in ("before", "mapping", "after"))
    assert before["buyer_before"] == after["buyer_before"] == [0]
    assert mapping["buyer_before"] == before["buyer"]
    assert mapping["buyer"] == after["buyer"] != before["buyer"]
    assert before["ticket"] == mapping["ticket"] == after["ticket"]
    assert before["content"] == after["content"]


def test_a_venue_delivers_old_and_new_while_the_sectors_key_changes(house, keys):
    old = p1_of_email("noor@vlonder.example", read_keys(keys, NOW).sector).hex()
    house.deliver(house.row(email=None, buyer_pseudonym=old), id="before")
    actions.rotate_key(at=NOW, which="sector")
    new = p1_of_email("noor@vlonder.example", read_keys(keys, NOW).sector).hex()
    house.deliver(house.row(email=None, buyer_pseudonym=f"{new} {old}"), id="mapping")
    house.deliver(house.row(email="noor@vlonder.example"), id="door")
    assert house.columns("mapping")["buyer_before"] == house.columns("before")["buyer"]
    assert house.columns("mapping")["buyer"] == house.columns("door")["buyer"]


def test_who_was_erased_stays_erased_under_the_new_key(house):
    removals.erase_buyer(access=house.access, at=NOW, email="noor.dijkema@vlonder.example")
    actions.rotate_key(at=NOW, which="platform")
    house.deliver(house.row(), id="mapping")
    house.deliver(house.row(), id="after", at=NOW + YEAR)
    assert house.columns("mapping")["buyer"] == house.columns("after")["buyer"] == [0]
    assert Removal.objects.across_tenants(ALL).count() == 2


def test_unknown_keys_are_refused():
    with pytest.raises(actions.UnableToRotate):
        actions.rotate_key(at=NOW, which="house")
