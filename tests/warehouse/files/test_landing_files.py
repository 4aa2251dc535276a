"""A file is tried, landed and known again; how it is read is kept."""

import pytest

from dip.registry.terms import AccessDenied
from dip.warehouse.actions import files as actions
from dip.warehouse.actions import landing, removals
from dip.warehouse.models import FileMapping, LandedBatch, SourceCode
from dip.warehouse.queries import files as queries
from tests.factories.registry import NOW
from tests.warehouse.files.conftest import csv, line, read


def test_a_trial_keeps_nothing_and_says_what_landing_will(house, till):
    number = house.evenings[0].number
    file = read(csv(line("o-1", "t-1", number), "", line("o-2", "t-2", 999_999), line("o-3", "t-3", number, price="veel")))
    trial, made = actions.try_file(access=house.access, at=NOW, source_id=till.pk, file=file)
    assert (trial.total, trial.accepted, trial.rejected, len(made.rows)) == (3, 1, 2, 3)
    assert not LandedBatch.objects.within(house.access).exists()
    assert not SourceCode.objects.within(house.access).exists()
    landed = actions.land_file(access=house.access, at=NOW, source_id=till.pk, file=file)
    assert (landed.accepted, landed.rejected, landed.counts) == (1, 2, trial.counts)
    assert landed.verdicts == trial.verdicts
    assert {(one.row + 1, one.code.value, one.field) for one in landed.verdicts if one.rejects} == {
        (4, "unknown_performance", "performance"),
        (5, "wrong_type", "price_cents"),
    }


def test_the_same_file_lands_once(house, till):
    number = house.evenings[0].number
    content = csv(line("o-1", "t-1", number))
    first = actions.land_file(access=house.access, at=NOW, source_id=till.pk, file=read(content))
    again = actions.land_file(access=house.access, at=NOW, source_id=till.pk, file=read(content, at=NOW.replace(hour=10)))
    assert (again.is_repeat, again.batch_id) == (True, first.batch_id)
    assert FileMapping.objects.within(house.access).count() == 1


def test_how_it_is_read_is_kept_by_version(house, till):
    number = house.evenings[0].number
    content = csv(line("o-1", "t-1", number))
    file = read(content)
    actions.land_file(access=house.access, at=NOW, source_id=till.pk, file=file)
    kept = queries.mapping_of(house.access, till.pk, file.layout.headings)
    without = {place: field.value for place, field in file.layout.chosen.items() if field.value != "postcode"}
    other = read(content, chosen=without, is_cents=False)
    landed = actions.land_file(access=house.access, at=NOW, source_id=till.pk, file=other)
    assert not landed.is_repeat
    newest = queries.mapping_of(house.access, till.pk, file.layout.headings)
    assert (kept.version, newest.version) == (1, 2)
    again = read(content, saved=newest.columns, is_whole=True)
    assert again.layout.chosen == other.layout.chosen
    assert "naam klant" not in str(newest.columns)
    assert queries.mapping_of(house.stranger, till.pk, file.layout.headings) is None


def test_a_lifted_exclusion_lets_the_same_file_bring_its_tickets_back(house, till):
    number = house.evenings[0].number
    content = csv(line("o-1", "t-1", number))
    actions.land_file(access=house.access, at=NOW, source_id=till.pk, file=read(content))
    gone = removals.exclude_performance(access=house.access, at=NOW, number=number)
    again = actions.land_file(access=house.access, at=NOW, source_id=till.pk, file=read(content))
    assert again.is_repeat
    removals.lift_exclusion(access=house.access, at=NOW, removal_id=gone.pk)
    back = actions.land_file(access=house.access, at=NOW, source_id=till.pk, file=read(content))
    assert (back.is_repeat, back.accepted) == (False, 1)


def test_who_may(house, till):
    file = read(csv(line("o-1", "t-1", house.evenings[0].number)))
    with pytest.raises(AccessDenied):
        actions.land_file(access=house.looker, at=NOW, source_id=till.pk, file=file)
    with pytest.raises(landing.UnableToLand):
        actions.land_file(access=house.stranger, at=NOW, source_id=till.pk, file=file)
    with pytest.raises(AccessDenied):
        actions.make_source(access=house.looker, at=NOW, name="Kassa")


def test_the_same_name_is_the_same_source(house, till):
    assert actions.make_source(access=house.access, at=NOW, name=" kassa  grote zaal ") == till
    with pytest.raises(landing.UnableToLand):
        actions.make_source(access=house.access, at=NOW, name=" ")


def test_too_much_and_too_little(house, till, monkeypatch):
    monkeypatch.setattr(actions, "MOST_ROWS", 2)
    rows = [line(f"o-{n}", f"t-{n}", 1) for n in range(4)]
    with pytest.raises(landing.UnableToLand, match="2 kaarten"):
        actions.try_file(access=house.access, at=NOW, source_id=till.pk, file=read(csv(*rows)))
    with pytest.raises(landing.UnableToLand, match="koppen"):
        actions.try_file(access=house.access, at=NOW, source_id=till.pk, file=read(csv()))
