"""Buyers that two theatres share: told while both consent, and as the rules for figures about people allow."""

from datetime import date

import pytest

from dip.kernel import clock
from dip.registry.terms import AccessDenied, Level, Module, Role
from dip.warehouse.actions import consents as acts
from dip.warehouse.queries.audience import shared_with
from dip.warehouse.queries.audience.shared_with import may_tell
from tests.factories.registry import NOW, make_access

PAGE = "https://dip.example/trends/named/"


@pytest.mark.django_db
@pytest.mark.slow
def test_buyers_of_both_while_both_consent(world, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    (first, _, mine), (second, _, theirs), (_, _, third) = world.houses[:3]
    scope = world.house(0)
    assert shared_with(mine, scope) == ()
    row = acts.invite(
        access=mine, at=NOW, organisation_id=second.pk, figures=("overlap",), until=date(2027, 7, 31), address=PAGE
    )  # fmt: skip
    assert shared_with(mine, scope) == ()
    acts.accept(access=theirs, at=NOW, consent_id=row.pk, address=PAGE)
    buyers = [
        {line["buyer"] for line in world.rows if line["house"] == house and line["year"] == 2025 and line["known"]}
        for house in (0, 1)
    ]
    both, base = len(buyers[0] & buyers[1]), len(buyers[0])
    (told,) = shared_with(mine, scope)
    five = (2 * both + 5) // 10 * 5
    assert (told.organisation_id, told.name, told.buyers) == (second.pk, second.name, five)
    assert told.rate == pytest.approx(both / base, abs=0.03)
    assert shared_with(theirs, world.house(1))[0].buyers == five
    assert shared_with(third, world.house(2)) == ()
    assert shared_with(world.provider, world.tour()) == ()
    with pytest.raises(AccessDenied):
        shared_with(make_access(first, Role.THEATRE, {Module.AUDIENCE: Level.NONE}), scope)
    acts.end(access=theirs, at=NOW, consent_id=row.pk, address=PAGE)
    assert shared_with(mine, scope) == shared_with(theirs, world.house(1)) == ()


@pytest.mark.parametrize(
    ("both", "mine", "theirs", "is_told"),
    [
        (9, 100, 100, False), (10, 100, 100, True), (0, 100, 100, True), (0, 9, 100, False), (91, 100, 500, False), (95, 500, 100, False),
        (10, 19, 100, False), (10, 20, 100, True), (40, 500, 45, False),
    ],
)  # fmt: skip
def test_what_may_be_told(both, mine, theirs, is_told):
    assert may_tell(both, mine, theirs) is is_told
