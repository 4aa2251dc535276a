"""Buying a token, and being refused."""

import base64

import pytest

from dip.registry.terms import Role
from tests.factories.registry import make_api_client, make_organisation

pytestmark = pytest.mark.django_db
TOKEN = "/external/v1/token"


@pytest.fixture
def credentials():
    client, secret = make_api_client(make_organisation(Role.THEATRE), Role.THEATRE)
    return {"client_id": client.client_id, "client_secret": secret}


def test_form_fields_buy_a_token(client, credentials):
    answer = client.post(TOKEN, credentials)
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert set(body) == {"access_token", "token_type", "expires_in"}
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    assert answer["Cache-Control"] == "no-store"


def test_grant_type_is_accepted_and_not_required(client, credentials):
    assert client.post(TOKEN, credentials | {"grant_type": "client_credentials"}).status_code == 200
    answer = client.post(TOKEN, credentials | {"grant_type": "password"})
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_basic_authentication_does_too(client, credentials):
    pair = base64.b64encode(":".join(credentials.values()).encode()).decode()
    assert client.post(TOKEN, headers={"Authorization": f"Basic {pair}"}).status_code == 200
    answer = client.post(TOKEN, headers={"Authorization": "Basic %%%"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_what_is_missing_is_named(client, credentials):
    for name in credentials:
        answer = client.post(TOKEN, {k: v for k, v in credentials.items() if k != name})
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
        assert name in answer.json()["error_description"]


def test_wrong_credentials_are_refused_without_saying_which(client, credentials):
    wrong = [credentials | {"client_id": "nobody"}, credentials | {"client_secret": "wrong"}]
    answers = [client.post(TOKEN, one) for one in wrong]
    assert [a.status_code for a in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["error"] == "invalid_client"


def test_only_post(client):
    assert client.get(TOKEN).status_code == 405


def test_guessing_is_slowed_down(client, credentials):
    answers = [client.post(TOKEN, credentials | {"client_secret": "guess"}).status_code for _ in range(22)]
    assert answers[0] == 401
    assert answers[-1] == 429


@pytest.mark.parametrize("value", ["é", "####", "w6k", base64.b64encode(b"\xff\xfe:x").decode()])
def test_a_basic_header_that_cannot_be_read(db, client, value):
    answer = client.post("/external/v1/token", headers={"Authorization": f"Basic {value}"})
    assert answer.status_code == 400, answer.content


def test_a_client_id_with_a_nul(db, client):
    answer = client.post("/external/v1/token", {"client_id": "dip\0x", "client_secret": "y"})
    assert answer.status_code in {400, 401}, answer.content
