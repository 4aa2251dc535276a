"""Two at the same moment: one acts, the other is refused or changes nothing."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from dip.contracts import actions
from dip.contracts.models import Agreement, AgreementVersion
from dip.registry.terms import Refusal
from tests.factories.contracts import REASON, make_deal
from tests.factories.registry import NOW


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What became of each act, begun together: ok, or the name of the refusal; sorted."""
    start, found = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait()
            act()
            found.append("ok")
        except Refusal as refusal:
            found.append(type(refusal).__name__)
        except Exception as error:  # told to the test
            found.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(found)


def one(name: str, access, agreement: Agreement, **over) -> Callable[[], object]:
    return lambda: getattr(actions, name)(access=access, at=NOW, agreement_id=agreement.pk, **over)


@pytest.mark.django_db(transaction=True)
def test_one_of_two_proposals_for_a_performance_goes_out():
    deal = make_deal("concept")
    other = deal.draft()
    found = at_once(*(one("propose_agreement", deal.provider, agreement) for agreement in (deal.agreement, other)))
    assert found == ["UnableToPropose", "ok"]
    assert Agreement.objects.across_tenants(REASON).filter(status="proposed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_version():
    deal = make_deal("concept")
    act = one("propose_agreement", deal.provider, deal.agreement)
    assert at_once(act, act, act) == ["UnableToPropose", "UnableToPropose", "ok"]
    assert AgreementVersion.objects.across_tenants(REASON).count() == 1


@pytest.mark.django_db(transaction=True)
def test_approving_and_withdrawing_at_once_end_in_one_of_both():
    deal = make_deal("proposed")
    found = at_once(
        one("approve_agreement", deal.taker, deal.agreement),
        one("withdraw_agreement", deal.provider, deal.agreement, reason="Andere datum"),
    )
    assert found in (["UnableToAnswer", "ok"], ["UnableToEnd", "ok"])
    assert bool(deal.bound()) == (deal.refresh().status == "approved")


@pytest.mark.django_db(transaction=True)
def test_four_eyes_of_the_same_person_in_two_windows():
    deal = make_deal("proposed")
    actions.change_settings(access=deal.taker, at=NOW, four_eyes=True)
    act = one("approve_agreement", deal.taker, deal.agreement)
    assert at_once(act, act) == ["UnableToApprove", "ok"]
    assert deal.refresh().status == "proposed"


@pytest.mark.django_db(transaction=True)
def test_four_eyes_of_two_people_at_once_are_enough():
    deal = make_deal("proposed")
    actions.change_settings(access=deal.taker, at=NOW, four_eyes=True)
    found = at_once(*(one("approve_agreement", who, deal.agreement) for who in (deal.taker, deal.second)))
    assert found == ["ok", "ok"]
    assert deal.refresh().status == "approved"


@pytest.mark.django_db(transaction=True)
def test_one_revision_is_begun():
    deal = make_deal("approved")
    act = one("revise_agreement", deal.provider, deal.agreement)
    assert at_once(act, act) == ["UnableToRevise", "ok"]


@pytest.mark.django_db(transaction=True)
def test_references_at_once_are_different():
    deal = make_deal("")
    assert at_once(*[deal.draft] * 4) == ["ok"] * 4
    rows = Agreement.objects.across_tenants(REASON).values_list("reference", flat=True)
    assert len(set(rows)) == 4


@pytest.mark.django_db(transaction=True)
def test_the_job_and_an_answer_at_once():
    deal = make_deal("proposed")
    late = NOW.replace(year=2027)
    found = at_once(
        one("approve_agreement", deal.taker, deal.agreement),
        lambda: actions.expire_agreements(at=late),
    )
    assert "ok" in found
    assert deal.refresh().status in ("approved", "expired")
    assert bool(deal.bound()) == (deal.agreement.status == "approved")
