"""Whatever both parties do in whatever order: a performance is bound once, a proposal has its version, one revision is open at a time."""

import contextlib
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dip.contracts import actions
from dip.contracts.models import Agreement, AgreementEvent, AgreementPerformance, AgreementVersion, FieldAnswer
from dip.contracts.rules.answers import answerable
from dip.contracts.rules.values import restored
from dip.contracts.terms.states import OPEN
from dip.registry.terms import AccessDenied, Refusal
from tests.factories.contracts import REASON, Deal, make_deal
from tests.factories.registry import NOW

#: An act: its name, which agreement it is about, which performances it takes, and which of two people of the theatre does it.
ACTS = st.tuples(
    st.sampled_from(
        [
            "draft",
            "change",
            "propose",
            "propose",
            "approve",
            "approve",
            "accept",
            "send",
            "reject",
            "field",
            "withdraw",
            "revise",
            "revise",
            "copy",
            "many",
            "expire",
            "four_eyes",
            "cancel",
        ]
    ),
    st.integers(0, 5),
    st.sets(st.integers(0, 2), min_size=1),
    st.booleans(),
)


class _Undo(Exception):
    """Takes an example's rows away again."""


def act(deal: Deal, name: str, agreement: Agreement, numbers: list[int], person, at) -> None:
    provider = {"access": deal.provider, "at": at, "agreement_id": agreement.pk}
    theatre = {"access": person, "at": at, "agreement_id": agreement.pk}
    acts = {
        "draft": lambda: deal.draft(numbers=numbers),
        "change": lambda: actions.change_agreement(**provider, numbers=numbers, values={"provider_guarantee": len(numbers) * 1000}),
        "propose": lambda: actions.propose_agreement(**provider),
        "approve": lambda: actions.approve_agreement(**theatre),
        "accept": lambda: actions.accept_rest(**theatre),
        "send": lambda: actions.send_answer(**theatre),
        "reject": lambda: actions.reject_agreement(**theatre, reason="Nee"),
        "field": lambda: actions.answer_field(**theatre, field="provider_guarantee", is_accepted=False, reason="Te hoog"),
        "withdraw": lambda: actions.withdraw_agreement(**provider, reason="Ander plan"),
        "revise": lambda: actions.revise_agreement(**provider),
        "copy": lambda: actions.copy_agreement(**provider, theatre_id=deal.theatre.pk, numbers=numbers),
        "many": lambda: actions.propose_many(access=deal.provider, at=at, agreement_ids=every().values_list("pk", flat=True)),
        "expire": lambda: actions.expire_agreements(at=at + timedelta(days=7)),
        "four_eyes": lambda: actions.change_settings(access=person, at=at, four_eyes=len(numbers) > 1),
        "cancel": lambda: deal.performances[0].__class__.objects.filter(pk=numbers[0]).update(status="cancelled"),
    }
    try:
        with transaction.atomic():
            acts[name]()
    except (Refusal, AccessDenied):
        return


def every():
    return Agreement.objects.across_tenants(REASON).order_by("pk")


def check() -> None:
    held: dict[int, list[tuple[int, bool]]] = {}
    for agreement_id, number, is_binding in AgreementPerformance.objects.across_tenants(REASON).values_list(
        "agreement_id", "performance_id", "is_binding"
    ):
        held.setdefault(agreement_id, []).append((number, is_binding))
    rows = list(every())
    bound = Counter(number for found in held.values() for number, is_binding in found if is_binding)
    assert all(count == 1 for count in bound.values())
    proposed = Counter(number for row in rows if row.status == "proposed" for number, _ in held[row.pk])
    assert all(count == 1 for count in proposed.values())
    open_revisions = Counter(row.parent_id for row in rows if row.parent_id and row.status in OPEN)
    assert all(count == 1 for count in open_revisions.values())
    for row in rows:
        check_one(row, held[row.pk], rows)


def check_one(row: Agreement, held: list[tuple[int, bool]], rows: list[Agreement]) -> None:
    assert all(is_binding == (row.status == "approved") for _, is_binding in held)
    assert 1 <= len(held) <= 6
    versions = list(AgreementVersion.objects.across_tenants(REASON).filter(agreement=row))
    assert [version.number for version in versions] == list(range(1, row.version + 1))
    if row.status in ("proposed", "approved", "revised"):
        assert versions
        assert versions[-1].terms == row.terms
        assert sorted(kept["number"] for kept in versions[-1].performances) == sorted(number for number, _ in held)
    outcome = {"approved": "approved", "revised": "approved", "rejected": "rejected", "proposed": "", "expired": "expired"}
    if row.status in outcome:
        assert versions[-1].outcome == outcome[row.status]
    if row.status in ("approved", "revised"):
        answers = FieldAnswer.objects.across_tenants(REASON).filter(version=versions[-1])
        asked = answerable(row.format, restored(row.format, row.terms))
        assert {answer.field for answer in answers if answer.is_accepted} == set(asked)
    if row.status == "revised":
        assert any(other.parent_id == row.pk and other.status in ("approved", "revised") for other in rows)
    kinds = set(AgreementEvent.objects.across_tenants(REASON).filter(agreement=row).values_list("kind", flat=True))
    assert row.status in kinds | {"concept"}


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ACTS, min_size=8, max_size=24))
def test_no_order_of_acts_breaks_what_must_hold(acts):
    with contextlib.suppress(_Undo), transaction.atomic():
        deal = make_deal("proposed", performances=3)
        for step, (name, which, chosen, is_second) in enumerate(acts):
            rows = list(every())
            numbers = [deal.numbers[place] for place in sorted(chosen)]
            person = deal.second if is_second else deal.taker
            act(deal, name, rows[which % len(rows)], numbers, person, NOW + timedelta(hours=step))
            check()
        raise _Undo
