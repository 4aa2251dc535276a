"""Settings of contracts: who reads and changes them, and what a new concept begins with."""

import re

import pytest
from django.urls import reverse

from dip.contracts.models import ContractSettings
from dip.contracts.rules.values import fields_of
from dip.registry.terms import Level, Module, Role
from tests.factories.contracts import REASON, make_deal
from tests.factories.registry import make_client_login, make_organisation

PAGE = reverse("contracts-settings")


def terms_page(code):
    return reverse("contracts-settings-terms", args=[code])


@pytest.fixture
def deal(db, present):
    return make_deal("")


@pytest.fixture
def sign_in(client, deal):
    def as_(level, side="provider"):
        organisation, role = (deal.producer, Role.PRODUCER) if side == "provider" else (deal.house, Role.THEATRE)
        make_client_login(client, organisation, role, {Module.CONTRACTS: level})
        return client

    return as_


def kept():
    return ContractSettings.objects.across_tenants(REASON).get()


class TestSettings:
    def test_whoever_manages_changes_them(self, sign_in):
        answer = sign_in(Level.MANAGE).post(PAGE, {"answer_days": "21", "contact_email": "contracten@vlonder.example"})
        assert answer.status_code == 302
        assert (kept().answer_days, kept().contact_email, kept().four_eyes) == (21, "contracten@vlonder.example", False)

    def test_four_eyes_are_for_who_approves(self, sign_in):
        sign_in(Level.MANAGE).post(PAGE, {"answer_days": "14", "four_eyes": "on"})
        assert not ContractSettings.objects.across_tenants(REASON).filter(four_eyes=True).exists()
        sign_in(Level.APPROVE).post(PAGE, {"answer_days": "14", "four_eyes": "on"})
        assert kept().four_eyes

    def test_a_theatre_chooses_its_reminders(self, sign_in):
        client = sign_in(Level.MANAGE, "taker")
        assert client.post(PAGE, {"reminder_days": "7; 2"}).status_code == 302
        assert kept().reminder_days == [7, 2]
        assert b"answer_days" not in client.get(PAGE).content

    @pytest.mark.parametrize(
        ("side", "given", "words"),
        [
            ("provider", {"answer_days": "0"}, "greater than or equal to 1"), ("provider", {"answer_days": "x"}, "whole number"),
            ("provider", {"answer_days": "14", "contact_email": "geen adres"}, "valid email"), ("taker", {"reminder_days": "veel"}, "numbers of days"),
            ("taker", {"reminder_days": "1,2,3,4,5,6"}, "at most 5"), ("taker", {"reminder_days": "99"}, "from 1 to 60"),
        ],
    )  # fmt: skip
    def test_bad_values_are_told_at_the_field(self, sign_in, side, given, words):
        answer = sign_in(Level.MANAGE, side).post(PAGE, given)
        assert answer.status_code == 400
        assert words in answer.content.decode()
        assert not ContractSettings.objects.across_tenants(REASON).exists()

    def test_viewers_read_and_do_not_change(self, sign_in):
        client = sign_in(Level.VIEW)
        assert client.get(PAGE).status_code == 200
        assert b"Save the settings" not in client.get(PAGE).content
        assert client.post(PAGE, {"answer_days": "21"}).status_code == 404

    def test_others_have_none(self, client, deal):
        make_client_login(client, make_organisation(Role.PLATFORM), Role.PLATFORM)
        assert client.get(PAGE).status_code in (403, 404)
        make_client_login(client, deal.producer, Role.PRODUCER, {Module.SALES: Level.APPROVE})
        assert client.get(PAGE).status_code == 403


class TestTerms:
    def sent(self, **over):
        shown = ",".join(field.code for field in fields_of("partage"))
        usual = {
            "t-provider_percentage": "80",
            "t-guarantee_per_performance": "on",
            "t-payment_days": "14",
            "t-surcharges_in_recette": "theatre",
        }
        return usual | {"shown": shown} | over

    def test_only_what_differs_is_kept_and_a_new_concept_begins_with_it(self, sign_in, deal):
        client = sign_in(Level.MANAGE)
        page = client.get(terms_page("partage")).content.decode()
        royalties = re.search(r'name="t-royalties_percentage" value="([^"]*)"', page)[1]
        answer = client.post(
            terms_page("partage"), self.sent(**{"t-provider_percentage": "72.5", "t-royalties_percentage": royalties})
        )
        assert answer.status_code == 302
        assert kept().draft_terms == {"partage": {"provider_percentage": "72.5"}}
        form = client.get(reverse("contracts-new"), {"production": deal.production.dip_id}).content.decode()
        assert 'name="t-provider_percentage" value="72.5"' in form
        assert "72.5" in client.get(PAGE).content.decode()

    def test_what_is_wrong_is_told_and_nothing_kept(self, sign_in):
        client = sign_in(Level.MANAGE)
        for over in (
            {"t-provider_percentage": "x"},
            {"t-provider_percentage": "180"},
            {"t-provider_guarantee": "1", "t-theatre_guarantee": "1"},
        ):
            answer = client.post(terms_page("partage"), self.sent(**over))
            assert answer.status_code == 400, over
            assert "error" in answer.content.decode()
        assert not ContractSettings.objects.across_tenants(REASON).exists()

    def test_tranches_can_be_added_without_scripts(self, sign_in):
        client = sign_in(Level.MANAGE)
        assert b"t-tranches-3-limit" in client.get(terms_page("volume")).content
        assert b"t-tranches-5-limit" in client.post(terms_page("volume"), {"act": "rows", "t-tranches-1-limit": "", **{f"t-tranches-{n}-{part}": "" for n in (1, 2, 3) for part in ("limit", "share")}}).content  # fmt: skip

    def test_only_providers_who_manage(self, sign_in):
        assert sign_in(Level.VIEW).get(terms_page("partage")).status_code == 403
        assert sign_in(Level.MANAGE, "taker").get(terms_page("partage")).status_code == 403
        assert sign_in(Level.MANAGE).get(terms_page("zzz")).status_code == 404
