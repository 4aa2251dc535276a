"""Concepts: what they begin with, what they may lack, what refuses them, and who may make and change them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from dip.contracts import actions
from dip.contracts.models import Agreement, AgreementEvent, AgreementPerformance
from dip.contracts.queries.drafts import draft_values, findings_of
from dip.contracts.rules.values import restored
from dip.programme.models import Surcharge
from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied, Level, Module, Role
from tests.factories.contracts import DAY, REASON, Deal, make_deal
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import NOW, make_access, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def bare() -> Deal:
    return make_deal("")


def values_of(agreement: Agreement) -> dict:
    return restored(agreement.format, agreement.terms)


def change(deal: Deal, **over) -> Agreement:
    return actions.change_agreement(access=deal.provider, at=NOW, agreement_id=deal.agreement.pk, **over)


def codes(refusal) -> list[str]:
    return [finding.code for finding in refusal.value.findings]


def test_a_concept_begins_with_the_hall_the_standard_and_what_was_given(bare):
    agreement = bare.draft(values={"theatre_surcharge": 250})
    values = values_of(agreement)
    assert values["theatre_surcharge"] == 250
    assert (values["consumption_surcharge"], values["wardrobe_surcharge"], values["service_surcharge"]) == (100, 50, 0)
    assert values["settlement_prices"] == (2550,)
    assert values["royalties_percentage"] == Decimal(12)
    assert values["framework_applies"] is False
    assert agreement.status == "concept"
    assert agreement.version == 0
    assert (agreement.first_date, agreement.last_date) == (DAY, DAY)


def test_references_count_up_by_season(bare):
    first, second = bare.draft(), bare.draft()
    assert first.reference.startswith("A26-")
    assert int(second.reference[4:]) == int(first.reference[4:]) + 1
    later = make_performance(bare.production, bare.hall, day=date(2027, 9, 1))
    assert bare.draft(numbers=[later.number]).reference.startswith("A27-")


def test_surcharges_are_those_of_the_day_it_is_made(bare):
    Surcharge.objects.create(hall=bare.hall, valid_from=NOW.date(), theatre_cents=225)
    Surcharge.objects.create(hall=bare.hall, valid_from=NOW.date() + timedelta(days=1), theatre_cents=300)
    given = {"format_code": "partage", "production_id": bare.production.pk, "theatre_id": bare.theatre.pk, "numbers": bare.numbers}
    assert draft_values(bare.provider, **given, on=NOW.date())["theatre_surcharge"] == 225
    assert draft_values(bare.provider, **given, on=date(2019, 1, 1))["theatre_surcharge"] == 0


def test_own_terms_and_a_framework_agreement_are_taken_along(bare):
    actions.change_settings(access=bare.provider, at=NOW, draft_terms={"partage": {"provider_percentage": "85", "free_tickets": 8}})
    actions.upload_framework(
        access=bare.taker, at=NOW, other_organisation_id=bare.producer.pk, title="Mantel 2026", valid_from=date(2026, 8, 1),
        valid_until=None, file_name="mantel.pdf", media_type="application/pdf", content=b"%PDF-1.7 mantel",
    )  # fmt: skip
    values = draft_values(
        bare.provider, format_code="partage", production_id=bare.production.pk, theatre_id=bare.theatre.pk, numbers=bare.numbers,
        on=NOW.date(),
    )  # fmt: skip
    assert values["provider_percentage"] == Decimal(85)
    assert values["free_tickets"] == 8
    assert values["framework_applies"] is True


def test_a_concept_may_be_incomplete(bare):
    agreement = bare.draft(values={"provider_percentage": None, "entrance_prices": ()})
    found = {finding.code for finding in findings_of(bare.provider, agreement, NOW.date())}
    assert "field_missing" in found


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"provider_percentage": Decimal(101)}, "percentage_out_of_range", "provider_percentage"),
        ({"provider_guarantee": 1, "theatre_guarantee": 1}, "two_guarantees", "theatre_guarantee"),
        ({"provider_guarantee": -1}, "negative", "provider_guarantee"),
        ({"provider_guarantee": 10**12}, "too_much", "provider_guarantee"),
        ({"provider_guarantee": "veel"}, "unreadable", "provider_guarantee"),
        ({"provider_guarantee": True}, "unreadable", "provider_guarantee"),
        ({"entrance_prices": "2800"}, "unreadable", "entrance_prices"),
        ({"rent": 5}, "field_unknown", "rent"),
        ({"remarks": "x" * 5000}, "too_long", "remarks"),
        ({"share_vat": "sometimes"}, "choice_unknown", "share_vat"),
        ({"provider_percentage": "NaN"}, "unreadable", "provider_percentage"),
        ({"surcharges_in_recette": ["taxi"]}, "unreadable", "surcharges_in_recette"),
        ({"surcharges_in_recette": ["theatre"] * 50}, "too_many", "surcharges_in_recette"),
        ({"provider_percentage": "1e999999999"}, "unreadable", "provider_percentage"),
        ({"provider_percentage": "0.0000000001"}, "unreadable", "provider_percentage"),
        ({"provider_guarantee": 10**60, "theatre_guarantee": 10**60}, "two_guarantees", "theatre_guarantee"),
        ({"entrance_prices": [1] * 11}, "too_many_ranks", "entrance_prices"),
        ({"remarks": ["x"]}, "unreadable", "remarks"),
    ],
)
def test_wrong_terms_are_refused_and_nothing_is_saved(bare, english, values, code, field):
    with pytest.raises(actions.UnableToDraft) as refusal:
        bare.draft(values=values)
    assert (refusal.value.findings[0].code, refusal.value.field) == (code, field)
    assert refusal.value.message
    assert not Agreement.objects.across_tenants(REASON).exists()


@pytest.mark.parametrize(
    ("tranches", "code"),
    [
        ([{"limit_cents": 5, "percentage": "50"}, {"limit_cents": 5, "percentage": "60"}], "tranches_out_of_order"),
        ([{"limit_cents": None, "percentage": "50"}, {"limit_cents": 5, "percentage": "60"}], "tranche_after_the_last"),
        ([{"limit_cents": None, "percentage": "150"}], "percentage_out_of_range"),
        ([{"percentage": "50"}], "unreadable"),
    ],
)
def test_wrong_tranches_are_refused(bare, tranches, code):
    with pytest.raises(actions.UnableToDraft) as refusal:
        bare.draft("volume", values={"tranches": tranches})
    assert code in codes(refusal)


def test_what_no_table_can_keep_is_left_out(bare):
    agreement = bare.draft(values={"remarks": "Zonder\x00 pauze\ud800"}, name="V\x0012")
    assert values_of(agreement)["remarks"] == "Zonder pauze"
    assert agreement.name == "V12"
    with pytest.raises(actions.UnableToDraft) as refusal:
        bare.draft(numbers=[2**80, -1])
    assert codes(refusal) == ["performance_unknown"] * 2


def test_refusals_name_field_value_and_remedy(bare, english):
    with pytest.raises(actions.UnableToDraft) as refusal:
        bare.draft(values={"provider_guarantee": 650_000, "theatre_guarantee": 100_000, "provider_percentage": Decimal("104.5")})
    told = refusal.value.message
    assert "Guarantee for the theatre: €\xa01,000.00 contradicts the guarantee for the provider of €\xa06,500.00" in told
    assert "Provider’s share: 104.5\xa0% is no share; give 0 to 100 %." in told


def test_performances_of_one_production_in_one_theatre(bare, english):
    elsewhere = make_performance(bare.production, make_hall(make_theatre()))
    other = make_performance(make_production(bare.producer), bare.hall)
    for number, code in ((elsewhere.number, "performance_in_other_theatre"), (other.number, "performance_of_other_production")):
        with pytest.raises(actions.UnableToDraft) as refusal:
            bare.draft(numbers=[*bare.numbers, number])
        assert codes(refusal) == [code]
        assert str(number) in refusal.value.message
    with pytest.raises(actions.UnableToDraft) as refusal:
        bare.draft(numbers=[999_999])
    assert codes(refusal) == ["performance_unknown"]


def test_one_to_six_performances():
    deal = make_deal("", performances=7)
    for numbers in ([], deal.numbers):
        with pytest.raises(actions.UnableToDraft) as refusal:
            deal.draft(numbers=numbers)
        assert codes(refusal) == ["performances_count"]
    assert deal.draft(numbers=[*deal.numbers[:6], deal.numbers[0]]).last_date == deal.performances[5].performance_date


def test_a_performance_under_an_approved_agreement_is_named(approved, english):
    with pytest.raises(actions.UnableToDraft) as refusal:
        approved.draft()
    assert codes(refusal) == ["performance_bound"]
    assert approved.agreement.reference in refusal.value.message


def test_a_merged_performance_and_production_are_refused(bare):
    other = make_performance(bare.production, bare.hall)
    other.merged_into = bare.performances[0]
    other.save()
    with pytest.raises(actions.UnableToDraft) as refusal:
        bare.draft(numbers=[other.number])
    assert codes(refusal) == ["performance_merged"]
    bare.production.merged_into = make_production(bare.producer)
    bare.production.save()
    with pytest.raises(actions.UnableToDraft) as refusal:
        bare.draft()
    assert codes(refusal) == ["production_merged"]


def test_unknown_formats_productions_theatres_and_addresses(bare):
    for over, field in (
        ({"format_code": "barter"}, "format"),
        ({"production_id": 0}, "production"),
        ({"theatre_id": 0}, "theatre"),
        ({"theatre_contact": "anouk@"}, "theatre_contact"),
        ({"name": "x" * 81}, "name"),
        ({"agency_as_provider": True}, "agency_as_provider"),
    ):
        given = {"values": {}} if field == "format" else {}
        with pytest.raises(actions.UnableToDraft) as refusal:
            actions.draft_agreement(
                **{
                    "access": bare.provider, "at": NOW, "format_code": "partage", "production_id": bare.production.pk,
                    "theatre_id": bare.theatre.pk, "numbers": bare.numbers, "values": {},
                } | over | given
            )  # fmt: skip
        assert refusal.value.field == field


def test_the_agency_proposes_and_its_producer_only_reads(english):
    deal = make_deal("concept", with_agency=True)
    assert (deal.agreement.provider, deal.agreement.producer) == (deal.agency, deal.producer)
    assert Agreement.objects.within(deal.represented).get() == deal.agreement
    with pytest.raises(actions.UnableToDraft, match="proposed by"):
        actions.draft_agreement(
            access=deal.represented, at=NOW, format_code="partage", production_id=deal.production.pk, theatre_id=deal.theatre.pk,
            numbers=deal.numbers, values={},
        )  # fmt: skip
    with pytest.raises(AccessDenied):
        actions.change_agreement(access=deal.represented, at=NOW, agreement_id=deal.agreement.pk, name="x")


def test_a_co_producer_cannot_draft(bare):
    partner = make_organisation(Role.PRODUCER)
    bare.production.co_producers.add(partner)
    with pytest.raises(actions.UnableToDraft):
        actions.draft_agreement(
            access=make_access(partner), at=NOW, format_code="partage", production_id=bare.production.pk,
            theatre_id=bare.theatre.pk, numbers=bare.numbers, values={},
        )  # fmt: skip


def test_who_may_not_draft_or_change(deal):
    given = {
        "at": NOW, "format_code": "partage", "production_id": deal.production.pk, "theatre_id": deal.theatre.pk,
        "numbers": deal.numbers, "values": {},
    }  # fmt: skip
    for access in [*deal.strangers(), deal.taker, deal.colleague("provider")]:
        with pytest.raises(AccessDenied):
            actions.draft_agreement(access=access, **given)
        with pytest.raises(AccessDenied):
            actions.change_agreement(access=access, at=NOW, agreement_id=deal.agreement.pk, name="gelekt")
        with pytest.raises(AccessDenied):
            actions.copy_agreement(
                access=access, at=NOW, agreement_id=deal.agreement.pk, theatre_id=deal.theatre.pk, numbers=deal.numbers
            )
    assert deal.refresh().name == ""
    manager = make_access(deal.producer, Role.PRODUCER, {Module.CONTRACTS: Level.MANAGE})
    assert actions.change_agreement(access=manager, at=NOW, agreement_id=deal.agreement.pk, name="V-12").name == "V-12"


def test_a_producer_that_pays_no_fee_only_reads(bare):
    bare.producer.is_member = False
    bare.producer.save()
    with pytest.raises(AccessDenied):
        bare.draft()


def test_nobody_else_sees_a_concept(deal):
    for access in [*deal.strangers(), deal.taker]:
        assert not Agreement.objects.within(access).exists()
        assert not AgreementPerformance.objects.within(access).exists()
        assert not AgreementEvent.objects.within(access).exists()


def test_a_change_keeps_what_was_not_given_and_tells_what_changed(deal):
    agreement = change(deal, values={"provider_guarantee": 700_000}, name=" Vlonder ", theatre_contact="anouk@vlonder.example")
    values = values_of(agreement)
    assert (values["provider_guarantee"], values["provider_percentage"]) == (700_000, Decimal(80))
    event = AgreementEvent.objects.within(deal.provider).get(kind="changed")
    assert event.changes["provider_guarantee"] == [650_000, 700_000]
    assert event.changes["name"] == ["", "Vlonder"]
    assert event.is_internal
    assert AuditLine.objects.within(deal.provider).filter(verb="change_agreement").count() == 1


def test_the_same_change_again_writes_nothing(deal):
    for _ in range(2):
        change(deal, values={"provider_guarantee": 700_000})
    assert deal.events() == ["drafted", "changed"]


def test_settlement_prices_follow_until_somebody_deviates(deal):
    assert values_of(change(deal, values={"entrance_prices": (3000, 2500)}))["settlement_prices"] == (2800, 2300)
    assert values_of(change(deal, values={"settlement_prices": (2700, 2300)}))["settlement_prices"] == (2700, 2300)
    assert values_of(change(deal, values={"entrance_prices": (3100, 2500)}))["settlement_prices"] == (2700, 2300)


def test_performances_are_exchanged():
    deal = make_deal("concept", performances=3)
    first, second, third = deal.numbers
    agreement = change(deal, numbers=[second, third])
    assert (agreement.first_date, agreement.last_date) == (DAY + timedelta(days=1), DAY + timedelta(days=2))
    held = AgreementPerformance.objects.within(deal.provider).values_list("performance_id", flat=True)
    assert list(held) == [second, third]
    with pytest.raises(actions.UnableToDraft):
        change(deal, numbers=[])
    assert deal.refresh().first_date == DAY + timedelta(days=1)
    assert first not in held


def test_another_format_keeps_what_both_have(deal):
    agreement = change(deal, format_code="buyout", values={"buyout_amount": 450_000})
    values = values_of(agreement)
    assert values["buyout_amount"] == 450_000
    assert values["entrance_prices"] == (2800,)
    assert "provider_guarantee" not in values
    with pytest.raises(actions.UnableToDraft) as refusal:
        change(deal, format_code="barter")
    assert refusal.value.field == "format"


def test_what_a_colleague_saved_meanwhile_is_not_overwritten(deal):
    seen = deal.agreement.modified_at
    actions.change_agreement(
        access=deal.provider, at=NOW + timedelta(minutes=5), agreement_id=deal.agreement.pk, values={"provider_guarantee": 1}
    )
    with pytest.raises(actions.UnableToDraft):
        change(deal, values={"provider_guarantee": 2}, seen_at=seen)
    assert deal.refresh().terms["provider_guarantee"] == 1


def test_what_is_proposed_or_over_cannot_be_changed():
    for state in ("proposed", "approved", "revised", "withdrawn", "expired"):
        deal = make_deal(state)
        with pytest.raises(actions.UnableToDraft):
            change(deal, name="x")


def test_a_copy_for_another_theatre_takes_the_surcharges_of_its_hall(approved):
    theatre = make_theatre(make_organisation(Role.THEATRE))
    hall = make_hall(theatre)
    Surcharge.objects.create(hall=hall, valid_from=date(2026, 1, 1), theatre_cents=300)
    there = make_performance(approved.production, hall, day=DAY)
    copy = actions.copy_agreement(
        access=approved.provider, at=NOW, agreement_id=approved.agreement.pk, theatre_id=theatre.pk, numbers=[there.number]
    )
    values = values_of(copy)
    assert (values["theatre_surcharge"], values["consumption_surcharge"]) == (300, 0)
    assert values["settlement_prices"] == (2500,)
    assert values["provider_guarantee"] == 650_000
    assert (copy.status, copy.version, copy.parent_id) == ("concept", 0, None)


def test_a_copy_in_the_same_theatre_keeps_everything(approved):
    again = make_performance(approved.production, approved.hall, day=DAY + timedelta(days=20))
    copy = actions.copy_agreement(
        access=approved.provider, at=NOW, agreement_id=approved.agreement.pk, theatre_id=approved.theatre.pk, numbers=[again.number]
    )
    assert copy.terms == approved.agreement.terms
