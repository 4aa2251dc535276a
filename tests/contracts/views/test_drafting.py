"""Drafting: choosing, the form made from the fields, its preview, saving, changing and proposing."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from dip.contracts.forms.amounts import AmountField, AmountsField, PercentageField
from dip.contracts.forms.drafting import PREFIX, TermsForm
from dip.contracts.models import Agreement
from dip.contracts.rules.formats import formats
from dip.contracts.rules.values import defaults, fields_of
from dip.contracts.terms.fields import FieldKind, Tranche
from dip.registry.terms import Level, Module, Role
from tests.factories.contracts import REASON, make_deal
from tests.factories.registry import make_client_login, make_organisation
from tests.factories.ticketing import push, tickets

NEW, PREVIEW, OPTIONS = (reverse(f"contracts-{name}") for name in ("new", "draft-preview", "productions"))


def agreements() -> list[Agreement]:
    return list(Agreement.objects.across_tenants(REASON).order_by("pk"))


def sent(deal, format_code: str = "partage", act: str = "save", **over) -> dict:
    """What a browser sends of a partage that is filled in."""
    shown = ",".join(field.code for field in fields_of(format_code))
    values = {
        "production": deal.production.dip_id, "theatre": deal.theatre.pk, "key": "sleutel-1", "act": act, "format": format_code,
        "numbers": deal.numbers, "shown": shown, "t-provider_percentage": "80", "t-theatre_surcharge": "2.00",
        "t-entrance_prices-1": "28.00", "t-royalties_percentage": "12.5", "t-payment_days": "14",
        "t-surcharges_in_recette": ["theatre"], "t-guarantee_per_performance": "on",
    }  # fmt: skip
    return {name: value for name, value in (values | over).items() if value is not None}


@pytest.fixture
def stage(db, present):
    """A provider and a theatre with two performances and no agreement."""
    return make_deal("", performances=2, ranks=[300, 80])


@pytest.fixture
def maker(client, stage):
    """The client as somebody of the provider who manages contracts."""
    make_client_login(client, stage.producer, Role.PRODUCER, {Module.CONTRACTS: Level.MANAGE})
    return client


class TestNumbers:
    @pytest.mark.parametrize(
        ("language", "text", "cents"),
        [
            ("nl", "1.234,56", 123456), ("nl", "€ 1.234,56", 123456), ("nl", "1234,5", 123450), ("nl", "1.234", 123400), ("nl", "12.50", 1250),
            ("en", "1,234.56", 123456), ("en", "1,234", 123400), ("en", "12,50", 1250), ("fr", "1 234,56", 123456),
            ("fr", "1\u202f234,56 €", 123456), ("fr", "1\u00a0234", 123400), ("nl", "6.500,-", 650000), ("nl", "", None), ("nl", "0", 0),
        ],
    )  # fmt: skip
    def test_amounts_are_read_in_the_language_of_the_reader(self, language, text, cents):
        with translation.override(language):
            assert AmountField().clean(text) == cents

    @pytest.mark.parametrize(
        ("language", "text"),
        [("nl", "1,234"), ("en", "1.234"), ("en", "6.500"), ("nl", "6,500"), ("nl", "veel"), ("nl", "1,2,3"), ("nl", "9" * 12)],
    )
    def test_what_is_no_amount_is_told_with_a_sample(self, language, text):
        from django.core.exceptions import ValidationError

        with translation.override(language), pytest.raises(ValidationError, match=r"1\.234,56|1,234\.56"):
            AmountField().clean(text)

    def test_what_is_written_is_read_again(self):
        for language in ("nl", "en", "fr"):
            with translation.override(language):
                for cents in (0, 5, 123456, 100_000_000):
                    assert AmountField().clean(AmountField().prepare_value(cents)) == cents
                for share in (Decimal("12.5"), Decimal(80), Decimal("0.125"), Decimal(0)):
                    assert PercentageField().clean(PercentageField().prepare_value(share)) == share
                assert AmountsField().clean(AmountsField().prepare_value((2800, 1950))) == (2800, 1950)


class TestTheFormOfEveryFormat:
    @pytest.mark.parametrize("format_code", [one.code for one in formats()])
    @pytest.mark.parametrize("language", ["nl", "en", "fr"])
    def test_terms_come_back_as_they_went_in(self, format_code, language):
        values = defaults(format_code) | {
            "entrance_prices": (2800, 2250),
            "settlement_prices": (2600, 2050),
            "theatre_surcharge": 200,
        }
        for field in fields_of(format_code):
            if field.kind is FieldKind.MONEY and not values.get(field.code):
                values[field.code] = 123_456
            if field.kind is FieldKind.TRANCHES:
                values[field.code] = (Tranche(400_000, Decimal(100)), Tranche(None, Decimal("50.5")))
        with translation.override(language):
            texts = {}
            for name, text in TermsForm(format_code=format_code, values=values).texts().items():
                if text not in (None, False):
                    texts[name] = text
            form = TermsForm(_query(texts), format_code=format_code, values=values)
            assert form.is_valid(), form.errors
            assert form.values() == values

    def test_settlement_prices_follow_until_somebody_deviates(self):
        before = defaults("partage") | {"entrance_prices": (2800,), "settlement_prices": (2600,), "theatre_surcharge": 200}
        texts = {"t-entrance_prices-1": "30,00", "t-settlement_prices-1": "26,00", "t-theatre_surcharge": "2,00"}
        form = TermsForm(_query(texts), format_code="partage", values=before)
        assert form.is_valid()
        assert form.values()["settlement_prices"] == (2800,)
        form = TermsForm(_query(texts | {"t-settlement_prices-1": "25,00"}), format_code="partage", values=before)
        assert form.is_valid()
        assert form.values()["settlement_prices"] == (2500,)


def _query(texts):
    from django.http import QueryDict

    data = QueryDict(mutable=True)
    for name, value in texts.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


class TestChoosing:
    def test_productions_without_agreements_are_offered(self, maker, stage):
        text = maker.get(NEW).content.decode()
        assert stage.production.title in text
        assert "2 performances to come without an agreement" in text
        assert stage.production.title in maker.get(OPTIONS, {"q": stage.production.title[:8]}).content.decode()

    def test_the_only_theatre_is_chosen_and_one_where_it_does_not_play_is_404(self, maker, stage):
        assert b'name="t-provider_percentage"' in maker.get(NEW, {"production": stage.production.dip_id}).content
        assert maker.get(NEW, {"production": stage.production.dip_id, "theatre": 1}).status_code == 404

    def test_of_several_theatres_one_is_chosen(self, maker, stage):
        other = make_deal("", production=stage.production)
        text = maker.get(NEW, {"production": stage.production.dip_id}).content.decode()
        assert stage.theatre.name in text
        assert other.theatre.name in text

    def test_a_performance_brings_its_theatre(self, maker, stage):
        make_deal("", production=stage.production)
        text = maker.get(NEW, {"production": stage.production.dip_id, "numbers": stage.numbers[1]}).content.decode()
        ticked = re.findall(r'name="numbers" value="(\d+)" checked', text)
        assert ticked == [str(stage.numbers[1])]


class TestTheForm:
    def test_it_begins_with_the_surcharges_of_the_hall_and_the_seats_of_each_rank(self, maker, stage):
        text = maker.get(NEW, {"production": stage.production.dip_id}).content.decode()
        assert re.search(r'name="t-theatre_surcharge" value="2.00"', text)
        assert re.search(r'name="t-wardrobe_surcharge" value="0.50"', text)
        assert ">300<" in text
        assert ">80<" in text
        assert 't-entrance_prices-2"' in text

    def test_five_formats_each_with_its_sentence_and_its_fields(self, maker, stage):
        for one in formats():
            text = maker.get(NEW, {"production": stage.production.dip_id, "format": one.code}).content.decode()
            for field in one.fields:
                assert f'name="{PREFIX}{field.code}' in text, (one.code, field.code)
            assert str(one.sentences["en"]).replace("’", "’")[:12] in text

    def test_another_format_keeps_what_was_typed(self, maker, stage):
        data = sent(stage, format="rent", act="show", **{"t-provider_guarantee": "6,500.00", "t-entrance_prices-1": "31.00"})
        text = maker.post(NEW, data).content.decode()
        assert 'name="t-rent"' in text
        assert re.search(r'type="hidden" name="t-provider_guarantee" value="6,500.00"', text)
        assert re.search(r'name="t-entrance_prices-1" value="31.00"', text)
        assert agreements() == []
        back = maker.post(NEW, data | {"format": "partage", "shown": ",".join(f.code for f in fields_of("rent"))}).content.decode()
        assert re.search(r'name="t-provider_guarantee" value="6,500.00"', back)

    def test_more_tranches_and_ranks_without_scripts(self, maker, stage):
        data = sent(
            stage, "volume", act="rows", **{"t-tranches-1-limit": "4,000", "t-tranches-1-share": "100", "t-tranches-3-share": ""}
        )
        text = maker.post(NEW, data).content.decode()
        assert 't-tranches-5-limit"' in text
        assert 'value="4,000"' in text
        text = maker.post(NEW, sent(stage, act="ranks", **{"t-entrance_prices-2": ""})).content.decode()
        assert 't-entrance_prices-3"' in text

    def test_an_earlier_agreement_gives_terms_and_not_the_surcharges(self, maker, stage):
        earlier = make_deal(
            "concept",
            producer=stage.producer,
            theatre=stage.theatre,
            values={"provider_guarantee": 777_700, "theatre_surcharge": 425},
        )
        address = {"production": stage.production.dip_id}
        assert earlier.agreement.reference in maker.get(NEW, address).content.decode()
        text = maker.get(NEW, address | {"copy": earlier.agreement.pk}).content.decode()
        assert 'value="7,777.00"' in text
        assert re.search(r'name="t-theatre_surcharge" value="2.00"', text)

    def test_another_partys_agreement_gives_nothing(self, maker, stage):
        foreign = make_deal("proposed", house=stage.house, values={"provider_guarantee": 777_700})
        text = maker.get(NEW, {"production": stage.production.dip_id, "copy": foreign.agreement.pk}).content.decode()
        assert "7,777.00" not in text
        assert foreign.agreement.reference not in text


class TestSaving:
    def test_a_concept_is_saved_and_the_theatre_sees_nothing(self, maker, stage):
        answer = maker.post(NEW, sent(stage, **{"t-entrance_prices-2": "22.50"}))
        assert answer.status_code == 302
        [made] = agreements()
        assert made.status == "concept"
        assert made.terms["provider_percentage"] == "80"
        assert made.terms["entrance_prices"] == [2800, 2250]
        assert made.terms["settlement_prices"] == [2600, 2050]
        assert made.terms["royalties_percentage"] == "12.5"

    def test_the_same_form_twice_is_one_concept(self, maker, stage):
        first, again = maker.post(NEW, sent(stage)), maker.post(NEW, sent(stage))
        assert len(agreements()) == 1
        assert first["Location"] == again["Location"]

    def test_an_incomplete_one_is_saved_and_says_what_is_missing(self, maker, stage):
        data = sent(stage, "buyout", **{"t-provider_percentage": None, "t-entrance_prices-1": ""})
        answer = maker.post(NEW, data, follow=True)
        [made] = agreements()
        assert answer.redirect_chain[-1][0] == reverse("contracts-edit", args=[made.pk])
        assert "Buyout sum: fill it in" in answer.content.decode()

    def test_what_cannot_be_read_is_shown_as_it_was_typed_and_nothing_is_saved(self, maker, stage):
        answer = maker.post(NEW, sent(stage, **{"t-provider_percentage": "tachtig", "t-remarks": "Blijft <b>staan</b>"}))
        text = answer.content.decode()
        assert answer.status_code == 400
        assert 'value="tachtig"' in text
        assert "is no percentage" in text
        assert "Blijft &lt;b&gt;staan&lt;/b&gt;" in text
        assert agreements() == []

    def test_contradictions_are_refused_at_the_field_with_the_remedy(self, maker, stage):
        answer = maker.post(NEW, sent(stage, **{"t-provider_guarantee": "100", "t-theatre_guarantee": "200"}))
        assert answer.status_code == 400
        assert "keep one of the two" in answer.content.decode()
        assert agreements() == []
        assert maker.post(NEW, sent(stage, **{"t-provider_guarantee": "100"})).status_code == 302

    def test_no_performance_is_told_beside_the_performances(self, maker, stage):
        answer = maker.post(NEW, sent(stage, numbers=[]))
        assert answer.status_code == 400
        assert "an agreement is for 1 to 6" in answer.content.decode()

    def test_a_gap_between_prices_is_told(self, maker, stage):
        answer = maker.post(NEW, sent(stage, **{"t-entrance_prices-1": "", "t-entrance_prices-2": "22.50"}))
        assert answer.status_code == 400
        assert "0 is a price" in answer.content.decode()

    def test_a_performance_under_an_approved_agreement_cannot_be_ticked(self, maker, stage):
        bound = make_deal("approved", producer=stage.producer)
        address = {"production": bound.production.dip_id}
        text = maker.get(NEW, address).content.decode()
        assert re.search(rf'value="{bound.numbers[0]}"[^>]*disabled', text)
        assert bound.agreement.reference in text
        assert maker.post(NEW, sent(bound)).status_code == 400

    def test_save_and_propose_goes_to_the_theatre(self, maker, stage):
        maker.post(NEW, sent(stage, act="propose", **{"t-entrance_prices-2": "20"}))
        assert [one.status for one in agreements()] == ["proposed"]

    def test_what_cannot_be_proposed_stays_a_concept_and_says_why(self, maker, stage):
        answer = maker.post(NEW, sent(stage, act="propose", **{"t-entrance_prices-1": ""}), follow=True)
        assert [one.status for one in agreements()] == ["concept"]
        assert "Not proposed yet" in answer.content.decode()


class TestChanging:
    def test_a_concept_is_changed(self, maker, stage):
        maker.post(NEW, sent(stage))
        [made] = agreements()
        address = reverse("contracts-edit", args=[made.pk])
        text = maker.get(address).content.decode()
        seen = re.search(r'name="seen" value="([^"]+)"', text)[1]
        assert re.search(r'name="t-provider_percentage" value="80"', text)
        assert maker.post(address, sent(stage, agreement=made.pk, seen=seen, **{"t-provider_percentage": "75"})).status_code == 302
        assert agreements()[0].terms["provider_percentage"] == "75"

    def test_what_a_colleague_saved_meanwhile_is_not_overwritten(self, maker, stage, monkeypatch):
        from datetime import timedelta

        from dip.kernel import clock
        from tests.factories.registry import NOW

        maker.post(NEW, sent(stage))
        [made] = agreements()
        address = reverse("contracts-edit", args=[made.pk])
        old = made.modified_at.isoformat()
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=5))
        maker.post(address, sent(stage, seen=old, **{"t-provider_percentage": "70"}))
        answer = maker.post(address, sent(stage, seen=old, **{"t-provider_percentage": "60"}))
        assert answer.status_code == 400
        assert "colleague" in answer.content.decode()
        assert 'value="60"' in answer.content.decode()
        assert agreements()[0].terms["provider_percentage"] == "70"

    def test_a_rejected_one_is_changed_for_its_next_version_and_a_proposed_one_is_not(self, client, present, db):
        rejected, proposed = make_deal("rejected"), make_deal("proposed")
        for deal, status in ((rejected, 200), (proposed, 404)):
            make_client_login(client, deal.producer, Role.PRODUCER, {Module.CONTRACTS: Level.MANAGE})
            assert client.get(reverse("contracts-edit", args=[deal.agreement.pk])).status_code == status


class TestPreview:
    def test_both_totals_sold_out_and_at_todays_sales(self, maker, stage):
        text = maker.post(PREVIEW, sent(stage, **{"t-entrance_prices-2": "20"})).content.decode()
        assert "Potential" in text
        assert "nothing to estimate from" in text
        push(stage.performances[0], tickets(140))
        text = maker.post(PREVIEW, sent(stage, **{"t-entrance_prices-2": "20"})).content.decode()
        assert "Estimated" in text
        assert "Provider, total" in text or "provider_total" in text
        assert agreements() == []

    def test_it_follows_what_is_typed(self, maker, stage):
        one = maker.post(PREVIEW, sent(stage, **{"t-provider_percentage": "80"})).content.decode()
        two = maker.post(PREVIEW, sent(stage, **{"t-provider_percentage": "50"})).content.decode()
        assert one != two

    def test_what_cannot_be_read_or_is_missing_does_not_break_it(self, maker, stage):
        for over in (
            {"t-provider_percentage": "x"}, {"numbers": []}, {"t-entrance_prices-1": ""}, {"format": "volume", "t-tranches-1-limit": "q"},
            {"format": "suppletion"}, {"format": "rent"}, {"format": "zzz"}, {"t-provider_guarantee": "1", "t-theatre_guarantee": "2"},
        ):  # fmt: skip
            assert maker.post(PREVIEW, sent(stage, **over)).status_code == 200, over

    def test_a_concept_that_exists_is_previewed_too(self, maker, stage):
        maker.post(NEW, sent(stage))
        assert maker.post(PREVIEW, sent(stage, agreement=agreements()[0].pk)).status_code == 200


class TestAccess:
    def test_only_who_manages_contracts_for_the_provider_drafts(self, client, stage):
        for rights in ({Module.CONTRACTS: Level.VIEW}, {Module.PROGRAMME: Level.APPROVE}):
            make_client_login(client, stage.producer, Role.PRODUCER, rights)
            for answer in (client.get(NEW), client.post(NEW, sent(stage)), client.post(PREVIEW, sent(stage)), client.get(OPTIONS)):
                assert answer.status_code == 403
        make_client_login(client, stage.house, Role.THEATRE)
        assert client.post(NEW, sent(stage)).status_code == 403
        make_client_login(client, make_organisation(Role.PLATFORM), Role.PLATFORM)
        assert client.get(NEW).status_code == 403
        assert agreements() == []

    def test_strangers_cannot_tell_that_it_exists(self, client, stage):
        make_client_login(client, make_organisation(Role.PRODUCER))
        assert client.get(NEW, {"production": stage.production.dip_id}).status_code == 404
        assert client.post(NEW, sent(stage)).status_code == 404
        assert client.post(PREVIEW, sent(stage)).status_code == 404
        assert stage.production.title not in client.get(OPTIONS, {"q": stage.production.title}).content.decode()

    def test_the_producer_of_an_agency_does_not_draft(self, client, present, db):
        deal = make_deal("concept", with_agency=True)
        make_client_login(client, deal.producer, Role.PRODUCER)
        assert client.get(NEW, {"production": deal.production.dip_id}).status_code == 404
        assert client.get(reverse("contracts-edit", args=[deal.agreement.pk])).status_code == 404
        make_client_login(client, deal.agency, Role.AGENCY)
        assert client.get(reverse("contracts-edit", args=[deal.agreement.pk])).status_code == 200

    def test_queries_do_not_grow_with_performances(self, maker, stage, django_assert_max_num_queries):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        counts = []
        for count in (1, 6):
            deal = make_deal("", producer=stage.producer, performances=count)
            with CaptureQueriesContext(connection) as seen:
                assert maker.get(NEW, {"production": deal.production.dip_id}).status_code == 200
            counts.append(len(seen))
        assert counts[0] == counts[1] <= 24, counts
