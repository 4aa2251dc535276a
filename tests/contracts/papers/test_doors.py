"""Who gets which document, and how."""

import pytest
from django.urls import reverse

from dip.contracts.terms.states import AgreementStatus, SettlementStatus
from dip.registry.seal_check import Verdict, check_seal
from dip.registry.terms import Level, Module, Role
from tests.contracts.papers.making import PARTAGE, Cast, make_agreement, make_settlement, make_version
from tests.contracts.papers.reading import text_of
from tests.factories.programme import make_theatre_organisation
from tests.factories.registry import make_client_login, make_organisation

pytestmark = pytest.mark.django_db


def agreement_url(agreement, **asked):
    return (
        reverse("contracts-agreement-pdf", args=[agreement.pk]) + "?" + "&".join(f"{name}={value}" for name, value in asked.items())
    )


def borderel_url(agreement, number=1):
    return reverse("contracts-settlement-pdf", args=[agreement.pk, number])


def test_each_party_downloads_the_sealed_document(client):
    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.APPROVED)
    settlement = make_settlement(agreement)
    for organisation, role in ((cast.agency, Role.AGENCY), (cast.house, Role.THEATRE), (cast.producer, Role.PRODUCER)):
        make_client_login(client, organisation, role, {Module.CONTRACTS: Level.VIEW})
        for url in (agreement_url(agreement), borderel_url(agreement, settlement.number)):
            answer = client.get(url)
            assert answer.status_code == 200
            assert answer["Content-Type"] == "application/pdf"
            assert answer["Cache-Control"] == "private, no-store"
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert agreement.reference in answer["Content-Disposition"]
            assert check_seal(answer.content).verdict is Verdict.INTACT


def test_people_without_the_right_get_403(client):
    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.APPROVED)
    make_settlement(agreement)
    for organisation, role in ((cast.agency, Role.AGENCY), (cast.house, Role.THEATRE)):
        make_client_login(client, organisation, role, {Module.SALES: Level.APPROVE})
        assert client.get(agreement_url(agreement)).status_code == 403
        assert client.get(borderel_url(agreement)).status_code == 403


@pytest.mark.parametrize("role", [Role.PRODUCER, Role.AGENCY, Role.THEATRE, Role.PLATFORM, Role.ASSOCIATION, Role.FUNDER])
def test_strangers_and_the_platform_get_nothing(client, role):
    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.APPROVED)
    make_settlement(agreement)
    other = make_theatre_organisation()[0] if role is Role.THEATRE else make_organisation(role)
    make_client_login(client, other, role, super_user=True)
    wanted = {404} if role not in (Role.PLATFORM, Role.ASSOCIATION, Role.FUNDER) else {403, 404}
    assert client.get(agreement_url(agreement)).status_code in wanted
    assert client.get(borderel_url(agreement)).status_code in wanted


def test_visitors_are_asked_to_sign_in(client):
    agreement = make_agreement(Cast(), status=AgreementStatus.APPROVED)
    assert "/account/login" in client.get(agreement_url(agreement))["Location"]


def test_the_theatre_gets_versions_and_never_the_draft(client):
    cast = Cast()
    concept, proposed = make_agreement(cast), make_agreement(cast, status=AgreementStatus.PROPOSED)
    make_client_login(client, cast.house, Role.THEATRE)
    assert client.get(agreement_url(concept)).status_code == 404
    assert client.get(agreement_url(concept, version="concept")).status_code == 404
    assert client.get(agreement_url(proposed, version="concept")).status_code == 404
    assert client.get(agreement_url(proposed, version=2)).status_code == 404
    assert client.get(agreement_url(proposed, version=1)).status_code == 200


def test_the_provider_gets_its_draft_unsealed_and_the_newest_version_first(client):
    cast = Cast()
    concept, rejected = make_agreement(cast), make_agreement(cast, status=AgreementStatus.REJECTED, version=2)
    make_version(rejected, 2, "rejected")
    make_client_login(client, cast.agency, Role.AGENCY)
    assert "concept" in client.get(agreement_url(concept))["Content-Disposition"]
    assert "-v2-" in client.get(agreement_url(rejected))["Content-Disposition"]
    draft = client.get(agreement_url(rejected, version="concept"))
    assert check_seal(draft.content).verdict is Verdict.NOT_OURS


def test_the_language_is_the_readers_unless_asked(client):
    cast = Cast()
    agreement = make_agreement(cast, PARTAGE, status=AgreementStatus.APPROVED)
    make_client_login(client, cast.house, Role.THEATRE, language="fr")
    assert "engage les deux parties" in text_of(client.get(agreement_url(agreement)).content)
    assert "bindt beide partijen" in text_of(client.get(agreement_url(agreement, language="nl")).content)


@pytest.mark.parametrize(
    "asked", [{"version": "two"}, {"version": "0"}, {"version": "-1"}, {"version": "9" * 40}, {"version": "²"}, {"language": "de"}]
)
def test_a_wrong_question_is_told_what_is_wrong(client, asked):
    cast = Cast()
    make_client_login(client, cast.house, Role.THEATRE)
    answer = client.get(agreement_url(make_agreement(cast, status=AgreementStatus.APPROVED), **asked))
    assert answer.status_code == 400
    name, value = next(iter(asked.items()))
    assert f"{name}={value}: " in answer.content.decode()


def test_an_open_borderel_and_an_unknown_one_are_no_documents(client):
    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.APPROVED)
    make_settlement(agreement, SettlementStatus.OPEN)
    make_client_login(client, cast.house, Role.THEATRE)
    assert client.get(borderel_url(agreement)).status_code == 404
    assert client.get(borderel_url(agreement, 2)).status_code == 404


def test_without_a_readable_key_no_document_is_given_and_the_page_says_why(client, settings):
    from dip.registry import seals

    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.APPROVED)
    key = seals.current_key(agreement.created_at)
    key.sealed_key = "of another platform"
    key.save()
    seals._signer.cache_clear()
    make_client_login(client, cast.house, Role.THEATRE)
    answer = client.get(agreement_url(agreement))
    assert answer.status_code == 503
    assert "dip seal" in answer.content.decode()
