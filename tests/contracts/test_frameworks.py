"""Framework agreements: PDFs between a pair, seen by both, ended by who uploaded them; and how an organisation wants its agreements."""

from datetime import date

import pytest

from dip.contracts import actions
from dip.contracts.models import ContractSettings, Framework
from dip.contracts.queries.parties import holding_framework, own_settings
from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied, Level
from tests.contracts.mails import to
from tests.factories.contracts import REASON, make_deal
from tests.factories.registry import NOW

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nmantel"


def upload(deal, access=None, **over) -> Framework:
    access = access or deal.taker
    other = deal.producer if access.is_taker else deal.house
    given = {
        "other_organisation_id": other.pk, "title": " Mantel 2026 ", "valid_from": date(2026, 8, 1), "valid_until": None,
        "file_name": "C:\\mijn documenten\\mantel.pdf", "media_type": "text/html", "content": PDF,
    }  # fmt: skip
    return actions.upload_framework(access=access, at=NOW, **given | over)


def test_either_party_uploads_and_both_see(deal):
    framework = upload(deal)
    assert (framework.provider, framework.taker, framework.uploader) == (deal.producer, deal.house, deal.house)
    assert (framework.title, framework.file_name, framework.media_type) == ("Mantel 2026", "mantel.pdf", "application/pdf")
    for access in (deal.provider, deal.taker):
        assert Framework.objects.within(access).get() == framework
    for access in deal.strangers()[:5]:
        assert not Framework.objects.within(access).exists()
    assert any("Mantel 2026" in subject for subject in to(deal.people["provider"].email))
    assert upload(deal, deal.provider, content=PDF + b"2").provider == deal.producer


def test_the_same_file_again_is_harmless(deal):
    first = upload(deal)
    assert upload(deal).pk == first.pk
    assert upload(deal, deal.provider, title="Anders").title == "Mantel 2026"
    assert Framework.objects.across_tenants(REASON).count() == 1
    assert AuditLine.objects.within(deal.taker).filter(verb="upload_framework").count() == 1
    assert upload(deal, valid_until=date(2027, 7, 31)).valid_until == date(2027, 7, 31)


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"content": b"GIF89a"}, "content"),
        ({"content": b""}, "content"),
        ({"content": b"x" * 1024 + PDF}, "content"),
        ({"content": PDF + b"x" * 10_000_000}, "content"),
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"valid_until": date(2026, 7, 31)}, "valid_until"),
        ({"other_organisation_id": 0}, "other_organisation_id"),
    ],
)
def test_what_is_refused(deal, english, over, field):
    with pytest.raises(actions.UnableToKeepFramework) as refusal:
        upload(deal, **over)
    assert refusal.value.field == field
    assert not Framework.objects.across_tenants(REASON).exists()


def test_the_other_party_is_on_the_other_side(deal):
    stranger = make_deal("")
    with pytest.raises(actions.UnableToKeepFramework):
        upload(deal, other_organisation_id=stranger.house.pk)
    with pytest.raises(actions.UnableToKeepFramework):
        upload(deal, other_organisation_id=deal.house.pk)


def test_only_the_uploader_ends_it_and_it_is_kept(deal):
    framework = upload(deal)
    with pytest.raises(AccessDenied):
        actions.end_framework(access=deal.provider, at=NOW, framework_id=framework.pk)
    for _ in range(2):
        actions.end_framework(access=deal.taker, at=NOW, framework_id=framework.pk)
    assert Framework.objects.within(deal.provider).get().ended_at == NOW
    assert AuditLine.objects.within(deal.taker).filter(verb="end_framework").count() == 1
    assert holding_framework(deal.provider, deal.producer.pk, deal.house.pk, NOW.date()) is None
    assert upload(deal).ended_at is None


def test_it_holds_on_its_days_both_included(deal):
    upload(deal, valid_until=date(2026, 11, 23))
    days = {day: holding_framework(deal.taker, deal.producer.pk, deal.house.pk, date(2026, 11, day)) for day in (23, 24)}
    assert days[23] is not None
    assert days[24] is None
    assert holding_framework(deal.taker, deal.producer.pk, deal.house.pk, date(2026, 7, 31)) is None


def test_who_may_not_upload_or_end(deal):
    framework = upload(deal)
    for access in [*deal.strangers()[3:5], deal.colleague("taker"), deal.colleague("provider")]:
        with pytest.raises(AccessDenied):
            upload(deal, access, other_organisation_id=deal.producer.pk)
    for access in [*deal.strangers()[:5], deal.colleague("taker")]:
        with pytest.raises(AccessDenied):
            actions.end_framework(access=access, at=NOW, framework_id=framework.pk)


class TestSettings:
    """How an organisation wants its agreements handled."""

    def test_defaults_until_somebody_says_otherwise(self, deal):
        kept = own_settings(deal.taker)
        assert (kept.four_eyes, kept.answer_days, kept.reminder_days) == (False, 14, [5, 1])
        assert not ContractSettings.objects.across_tenants(REASON).exists()

    def test_what_is_given_changes(self, deal):
        kept = actions.change_settings(
            access=deal.taker, at=NOW, answer_days=21, reminder_days=(1, 7, 7), contact_email=" contracten@vlonder.example ",
            draft_terms={"partage": {"provider_percentage": "85"}},
        )  # fmt: skip
        kept = own_settings(deal.taker)
        assert (kept.answer_days, kept.reminder_days, kept.contact_email) == (21, [7, 1], "contracten@vlonder.example")
        assert kept.draft_terms == {"partage": {"provider_percentage": "85"}}
        for _ in range(2):
            actions.change_settings(access=deal.taker, at=NOW, answer_days=20)
        assert AuditLine.objects.within(deal.taker).filter(verb="change_contract_settings").count() == 2
        assert not ContractSettings.objects.within(deal.provider).exists()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"answer_days": 0},
            {"answer_days": 91},
            {"answer_days": "14"},
            {"answer_days": True},
            {"reminder_days": [0]},
            {"reminder_days": [1, 2, 3, 4, 5, 6]},
            {"reminder_days": "5"},
            {"contact_email": "nergens"},
            {"four_eyes": "yes"},
            {"draft_terms": {"barter": {}}},
            {"draft_terms": {"partage": {"provider_percentage": "101"}}},
            {"draft_terms": {"partage": {"rent": 5}}},
            {"draft_terms": {"partage": 5}},
            {"draft_terms": []},
        ],
    )
    def test_what_is_refused(self, deal, english, wrong):
        with pytest.raises(actions.UnableToChangeSettings) as refusal:
            actions.change_settings(access=deal.taker, at=NOW, **wrong)
        assert refusal.value.field == next(iter(wrong))
        assert not ContractSettings.objects.across_tenants(REASON).exists()

    def test_an_unknown_setting_is_a_mistake_of_the_caller(self, deal):
        with pytest.raises(TypeError):
            actions.change_settings(access=deal.taker, at=NOW, colour="blue")

    def test_who_may_not(self, deal):
        for access in [*deal.strangers()[3:5], deal.colleague("taker")]:
            with pytest.raises(AccessDenied):
                actions.change_settings(access=access, at=NOW, answer_days=20)
        manager = deal.colleague("taker", Level.MANAGE)
        with pytest.raises(AccessDenied):
            actions.change_settings(access=manager, at=NOW, four_eyes=True)
        assert actions.change_settings(access=manager, at=NOW, answer_days=20).answer_days == 20
