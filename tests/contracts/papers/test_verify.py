"""The page that says what became of a document."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dip.contracts.actions.documents import agreement_document, settlement_document
from dip.contracts.terms.states import AgreementStatus
from dip.contracts.views import verify
from dip.registry.seal_check import MOST_BYTES
from dip.registry.seals import renew_key
from dip.registry.terms import Level, Module, Role
from tests.contracts.papers.making import Cast, make_agreement, make_settlement, make_version
from tests.contracts.papers.test_documents import NOW, agency, agreed
from tests.factories.registry import make_client_login, make_organisation

pytestmark = pytest.mark.django_db
URL = reverse("contracts-verify")


@pytest.fixture(autouse=True)
def _no_count():
    cache.clear()


@pytest.fixture(autouse=True)
def _english(client):
    client.cookies["django_language"] = "en"


def ask(client, content: bytes, name: str = "overeenkomst.pdf", **headers) -> str:
    answer = client.post(URL, {"file": SimpleUploadedFile(name, content, "application/pdf")}, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def test_anybody_may_open_it(client):
    answer = client.get(URL)
    assert answer.status_code == 200
    assert "Check a document" in answer.content.decode()


def test_a_whole_document_is_told_with_what_stands_in_it(client):
    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.APPROVED)
    said = ask(client, agreed(agency(cast), agreement).content)
    for part in (
        "Whole, and sealed by this platform",
        agreement.reference,
        "version 1",
        "approved",
        "Wed 11-11-2026, 10:05",
        "Nederlands",
        "overeenkomst.pdf",
    ):
        assert part in said, part
    assert "newest" not in said


def test_a_borderel_is_told_as_such(client):
    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.APPROVED)
    settlement = make_settlement(agreement)
    made = settlement_document(access=agency(cast), at=NOW, agreement_id=agreement.pk, number=settlement.number, language="fr")
    said = ask(client, made.content)
    assert f"Borderel 1 of agreement {agreement.reference}" in said
    assert "signed by both" in said


def test_only_parties_with_the_right_read_whether_there_is_a_newer_one(client):
    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.REJECTED)
    first = agreed(agency(cast), agreement).content
    agreement.version = 2
    agreement.save()
    make_version(agreement, 2)
    news = "Not the newest: version 2 was proposed since."
    assert news not in ask(client, first)
    make_client_login(client, make_organisation(Role.AGENCY), Role.AGENCY)
    assert news not in ask(client, first)
    make_client_login(client, cast.house, Role.THEATRE, {Module.SALES: Level.VIEW})
    assert news not in ask(client, first)
    for organisation, role in ((cast.house, Role.THEATRE), (cast.agency, Role.AGENCY), (cast.producer, Role.PRODUCER)):
        make_client_login(client, organisation, role, {Module.CONTRACTS: Level.VIEW})
        assert news in ask(client, first)


def test_a_party_reads_that_a_revision_took_its_place(client):
    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.APPROVED)
    made = agreed(agency(cast), agreement).content
    make_client_login(client, cast.house, Role.THEATRE)
    assert "This is the newest version." in ask(client, made)
    later = make_agreement(cast, status=AgreementStatus.APPROVED, parent=agreement)
    assert f"A later agreement, {later.reference}, took its place." in ask(client, made)


def test_a_changed_document_is_told(client):
    cast = Cast()
    made = bytearray(agreed(agency(cast), make_agreement(cast, status=AgreementStatus.APPROVED)).content)
    made[5000] ^= 1
    said = ask(client, bytes(made))
    assert "Changed after it was sealed" in said
    assert "A26-" not in said


def test_something_added_after_the_seal_is_told(client):
    cast = Cast()
    made = agreed(agency(cast), make_agreement(cast, status=AgreementStatus.APPROVED)).content
    assert "Something was added after it was sealed" in ask(client, made + b"\n% note\n")


def test_a_seal_by_a_replaced_key_still_holds(client):
    cast = Cast()
    made = agreed(agency(cast), make_agreement(cast, status=AgreementStatus.APPROVED)).content
    renew_key(at=NOW + timedelta(days=1), by="Noor Dijkema")
    said = ask(client, made)
    assert "Whole, and sealed by this platform" in said
    assert "one that the platform used until 02-02-2027" in said


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"", "No file"),
        (b"a letter", "Not a PDF"),
        (b"%PDF-1.7\nnobody sealed this", "Not sealed by this platform"),
        (b"%PDF-1.7\n/Encrypt 3 0 R", "Protected with a password"),
    ],
)
def test_every_other_file_gets_a_clear_answer(client, content, answer):
    assert answer in ask(client, content)


def test_a_draft_is_not_sealed(client):
    cast = Cast()
    made = agreement_document(access=agency(cast), at=NOW, agreement_id=make_agreement(cast).pk, language="nl")
    assert "Not sealed by this platform" in ask(client, made.content)


def test_a_file_too_large_is_refused_before_it_is_read(client):
    answer = client.post(URL, b"x", content_type="multipart/form-data; boundary=b", CONTENT_LENGTH=str(MOST_BYTES * 3))
    assert answer.status_code == 413
    assert "Too large" in answer.content.decode()
    assert "Too large" in ask(client, b"%PDF-1.7" + b"0" * MOST_BYTES)


def test_nothing_chosen_is_told(client):
    assert "No file" in client.post(URL, {}).content.decode()


def test_a_name_with_markup_stays_text(client):
    assert "&lt;b&gt;.pdf" in ask(client, b"%PDF-1.7", "<b>.pdf")


def test_too_many_files_from_one_address_wait(client, monkeypatch):
    monkeypatch.setattr(verify, "MOST_FILES", 2)
    for _ in range(2):
        ask(client, b"%PDF-1.7")
    answer = client.post(URL, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")})
    assert answer.status_code == 429
    assert "Wait five minutes" in answer.content.decode()


def test_with_scripts_only_the_answer_comes(client):
    said = ask(client, b"%PDF-1.7", HX_Request="true")
    assert "<html" not in said
    assert "Not sealed by this platform" in said


def test_it_answers_where_no_token_of_a_form_is_sent(client):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post(URL, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")}).status_code == 200
