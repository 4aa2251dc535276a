"""Proposing: what is checked, what the version keeps, who is told, and many at once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from dip.contracts import actions
from dip.contracts.models import Agreement, AgreementVersion
from dip.contracts.queries.drafts import findings_of
from dip.contracts.queries.evenings import performances_changed
from dip.programme.models import ConnectionRequest
from dip.registry.models import AuditLine, Membership
from dip.registry.terms import AccessDenied, Level, Module
from tests.contracts.mails import mails, to
from tests.factories.contracts import DAY, REASON, Deal, make_deal
from tests.factories.programme import make_hall, make_performance, make_theatre
from tests.factories.registry import NOW, make_organisation

pytestmark = pytest.mark.django_db


def refused(deal: Deal) -> list[str]:
    """Codes of what refuses the proposal, of which nothing is saved."""
    with pytest.raises(actions.UnableToPropose) as refusal:
        deal.propose()
    assert refusal.value.message
    assert deal.refresh().status == "concept"
    assert not AgreementVersion.objects.across_tenants(REASON).filter(agreement=deal.agreement).exists()
    return [finding.code for finding in refusal.value.findings]


def change(deal: Deal, **over) -> Agreement:
    return actions.change_agreement(access=deal.provider, at=NOW, agreement_id=deal.agreement.pk, **over)


def test_a_proposal_fixes_a_version_and_asks_the_theatre(deal):
    version = deal.propose()
    agreement = deal.refresh()
    assert (agreement.status, agreement.version, version.number) == ("proposed", 1, 1)
    assert agreement.answer_by == date(2026, 12, 7)
    assert version.terms == agreement.terms
    kept = version.performances[0]
    assert (kept["number"], kept["date"], kept["hall"]) == (deal.numbers[0], DAY.isoformat(), deal.hall.name)
    assert kept["capacity_by_rank"] == [600]
    assert deal.events() == ["drafted", "proposed"]
    assert AuditLine.objects.within(deal.provider).filter(verb="propose_agreement").count() == 1
    assert Agreement.objects.within(deal.taker).get() == agreement


def test_a_second_proposal_at_once_is_refused(proposed, english):
    with pytest.raises(actions.UnableToPropose, match="“Proposed” and cannot be proposed now"):
        proposed.propose()
    assert proposed.refresh().version == 1


def test_incomplete_terms_are_refused_with_every_field(english):
    deal = make_deal("concept", values={"entrance_prices": (), "provider_percentage": None})
    assert set(refused(deal)) == {"field_missing"}
    with pytest.raises(actions.UnableToPropose) as refusal:
        deal.propose()
    assert "Entrance prices: fill it in" in refusal.value.message
    assert "Provider’s share: fill it in" in refusal.value.message


def test_a_price_for_every_rank_in_use():
    deal = make_deal("concept", ranks=[300, 200, 100], values={"entrance_prices": (2800, 2300)})
    assert set(refused(deal)) == {"price_missing"}


def test_performances_are_published_and_not_cancelled():
    deal = make_deal("concept", performances=2)
    first, second = deal.performances
    first.status, second.status = "concept", "cancelled"
    first.save()
    second.save()
    assert refused(deal) == ["performance_unpublished", "performance_cancelled"]


def test_a_performance_that_moved_away_is_refused(deal):
    hall = make_hall(make_theatre())
    performance = deal.performances[0]
    performance.theatre, performance.hall = hall.theatre, hall
    performance.save()
    assert refused(deal) == ["performance_in_other_theatre"]


def test_a_theatre_that_cannot_answer(english):
    deal = make_deal("concept")
    Membership.objects.filter(organisation=deal.house).update(rights={Module.CONTRACTS.value: Level.VIEW.value})
    assert refused(deal) == ["nobody_answers"]
    deal.theatre.organisation = None
    deal.theatre.save()
    assert refused(deal) == ["theatre_unconnected"]


def test_a_theatre_where_nobody_approves_yet_is_only_told(deal):
    Membership.objects.filter(organisation=deal.house).update(rights={Module.CONTRACTS.value: Level.MANAGE.value})
    assert [finding.code for finding in findings_of(deal.provider, deal.agreement, NOW.date())] == ["nobody_approves"]
    deal.propose()


def test_the_provider_must_still_be_the_productions(deal):
    deal.production.agency = make_organisation()
    deal.production.save()
    assert refused(deal) == ["not_entitled"]


def test_one_proposal_at_a_time_for_a_performance(proposed, english):
    other = replace(proposed, agreement=proposed.draft())
    assert refused(other) == ["performance_proposed"]
    with pytest.raises(actions.UnableToPropose, match=proposed.agreement.reference):
        other.propose()
    actions.withdraw_agreement(access=proposed.provider, at=NOW, agreement_id=proposed.agreement.pk, reason="Dubbel")
    assert other.propose().number == 1


def test_what_is_only_remarkable_is_told_and_refuses_nothing(deal):
    ConnectionRequest.objects.create(
        performance=deal.performances[0], theatre=deal.theatre, salt="x", token_digest="x" * 64, sent_at=NOW, sent_to=[]
    )
    change(deal, values={"settlement_prices": (2700,), "framework_applies": True})
    found = findings_of(deal.provider, deal.refresh(), NOW.date())
    assert {one.code for one in found} == {"performance_unconfirmed", "framework_missing", "prices_differ"}
    assert all(one.is_warning for one in found)
    deal.propose()


def test_the_last_day_to_answer_is_the_providers_and_not_after_the_first_performance():
    soon = make_deal("concept", day=date(2026, 11, 27))
    soon.propose()
    assert soon.refresh().answer_by == date(2026, 11, 27)
    late = make_deal("concept")
    actions.change_settings(access=late.provider, at=NOW, answer_days=21)
    late.propose()
    assert late.refresh().answer_by == date(2026, 12, 14)


def test_the_theatre_is_mailed_and_the_provider_and_producer_get_a_copy():
    deal = make_deal("concept", with_agency=True, theatre_contact="anouk@vlonder.example")
    deal.people["taker"].language = "fr"
    deal.people["taker"].save()
    deal.propose()
    found = mails()
    assert {mail["to"] for mail in found} == {
        "anouk@vlonder.example", deal.people["taker"].email, deal.people["second"].email, deal.people["provider"].email,
        deal.producer.email,
    }  # fmt: skip
    assert {mail["to"]: mail["language"] for mail in found}[deal.people["taker"].email] == "fr"
    assert all(f"/contracts/{deal.agreement.pk}/" in mail["body"] for mail in found)
    assert not any("€" in mail["body"] or "28,00" in mail["body"] for mail in found)


def test_a_contact_of_the_theatre_itself_is_the_only_one_to_be_mailed():
    deal = make_deal("")
    deal.agreement = deal.draft(theatre_contact=deal.people["second"].email.upper())
    deal.propose()
    assert to(deal.people["taker"].email) == []
    assert len(to(deal.people["second"].email.upper())) == 1


def test_the_address_that_a_theatre_chose_gets_it(deal):
    actions.change_settings(access=deal.taker, at=NOW, contact_email="contracten@vlonder.example")
    deal.propose()
    assert len(to("contracten@vlonder.example")) == 1
    assert to(deal.people["taker"].email) == []


def test_a_refused_proposal_mails_nobody(deal):
    deal.performances[0].status = "cancelled"
    deal.performances[0].save()
    refused(deal)
    assert mails() == []


def test_the_next_version_keeps_what_was_accepted_and_asks_the_rest():
    deal = make_deal("proposed")
    deal.reject("provider_guarantee")
    change(deal, values={"provider_guarantee": 600_000, "remarks": "Zonder pauze"})
    version = deal.propose(NOW + timedelta(days=1))
    assert version.number == 2
    answers = deal.answers()
    assert "provider_guarantee" not in answers
    assert "remarks" not in answers
    assert answers["provider_percentage"].is_accepted
    assert answers["provider_percentage"].carried_from == 1
    event = deal.agreement.events.model.objects.across_tenants(REASON).filter(agreement=deal.agreement, kind="proposed").last()
    assert event.changes == {"provider_guarantee": [650_000, 600_000], "remarks": ["", "Zonder pauze"]}
    assert deal.answers(1)["provider_guarantee"].is_accepted is False


def test_carried_answers_stay_with_their_first_version():
    deal = make_deal("rejected")
    change(deal, values={"provider_guarantee": 600_000})
    deal.propose()
    deal.reject("provider_guarantee")
    change(deal, values={"provider_guarantee": 500_000})
    deal.propose()
    assert deal.answers()["provider_percentage"].carried_from == 1
    assert deal.agreement.version == 3


def test_with_another_format_only_the_performances_stay_accepted():
    deal = make_deal("rejected")
    change(deal, format_code="buyout", values={"buyout_amount": 500_000})
    deal.propose()
    assert set(deal.answers()) == {"performances"}


def test_a_performance_that_moved_is_asked_again():
    deal = make_deal("rejected")
    performance = deal.performances[0]
    performance.starts_at += timedelta(minutes=15)
    performance.save()
    deal.propose()
    assert "performances" not in deal.answers()


def test_both_see_what_became_of_the_performances(approved):
    assert performances_changed(approved.taker, approved.agreement) == ()
    performance = approved.performances[0]
    performance.starts_at += timedelta(minutes=15)
    performance.capacity_by_rank = [580]
    performance.save()
    for access in (approved.provider, approved.taker):
        changes = {change.field: (change.before, change.after) for change in performances_changed(access, approved.agreement)}
        assert set(changes) == {"starts_at", "capacity_by_rank"}
        assert changes["capacity_by_rank"] == ([600], [580])
    performance.status = "cancelled"
    performance.save()
    assert [change.after for change in performances_changed(approved.taker, approved.agreement)] == ["cancelled"]
    for access in approved.strangers():
        assert performances_changed(access, approved.agreement) == ()


def test_who_may_not_propose():
    deal = make_deal("concept", with_agency=True)
    for access in [*deal.strangers(), deal.taker, deal.colleague("provider"), deal.represented]:
        with pytest.raises(AccessDenied):
            actions.propose_agreement(access=access, at=NOW, agreement_id=deal.agreement.pk)
    manager = deal.colleague("provider", Level.MANAGE)
    assert actions.propose_agreement(access=manager, at=NOW, agreement_id=deal.agreement.pk).number == 1


def test_many_are_proposed_each_by_itself(english):
    deal = make_deal("concept", performances=3)
    first, second, third = deal.numbers
    change(deal, numbers=[first])
    other, wrong = deal.draft(numbers=[second]), deal.draft(numbers=[third], values={"entrance_prices": ()})
    stranger = make_deal("concept")
    ids = [deal.agreement.pk, wrong.pk, other.pk, stranger.agreement.pk, deal.agreement.pk]
    found = actions.propose_many(access=deal.provider, at=NOW, agreement_ids=ids)
    assert [one.agreement_id for one in found] == ids[:4]
    assert [one.refusal is None for one in found] == [True, False, True, False]
    assert "Entrance prices" in found[1].refusal
    assert found[3].reference == ""
    assert stranger.refresh().status == "concept"
    with pytest.raises(AccessDenied):
        actions.propose_many(access=deal.taker, at=NOW, agreement_ids=ids)


def test_a_version_number_is_given_once(proposed):
    with pytest.raises(IntegrityError):
        AgreementVersion.objects.create(
            agreement=proposed.agreement, number=1, format="partage", terms={}, performances=[], proposed_at=NOW, proposed_by="x"
        )


def test_a_merged_theatre_is_followed(deal):
    into = make_theatre(deal.house)
    hall = make_hall(into, ranks=[600])
    performance = deal.performances[0]
    deal.theatre.merged_into = into
    deal.theatre.save()
    performance.theatre, performance.hall = into, hall
    performance.save()
    deal.propose()
    assert deal.refresh().theatre_id == into.pk


def test_played_performances_are_told_and_can_still_be_agreed():
    deal = make_deal("concept", day=date(2026, 11, 1))
    assert [one.code for one in findings_of(deal.provider, deal.agreement, NOW.date())] == ["performance_played"]
    deal.propose()
    assert deal.refresh().answer_by == date(2026, 12, 7)


def test_the_concept_of_a_performance_bound_since(approved):
    other = make_performance(approved.production, approved.hall, day=DAY + timedelta(days=3), capacity=600)
    concept = approved.draft(numbers=[other.number])
    rival = approved.draft(numbers=[other.number])
    actions.propose_agreement(access=approved.provider, at=NOW, agreement_id=rival.pk)
    actions.approve_agreement(access=approved.taker, at=NOW, agreement_id=rival.pk)
    with pytest.raises(actions.UnableToPropose) as refusal:
        actions.propose_agreement(access=approved.provider, at=NOW, agreement_id=concept.pk)
    assert [one.code for one in refusal.value.findings] == ["performance_bound"]
