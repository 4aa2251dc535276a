"""Tokens: bought with a secret, good for an hour, dead with their client."""

import time
from datetime import timedelta

import jwt
import pytest

from dip.registry import tokens
from dip.registry.models import ApiClient
from dip.registry.terms import Door, Level, Module, Role
from tests.factories.registry import NOW, make_api_client, make_organisation

pytestmark = pytest.mark.django_db


def test_a_secret_buys_a_token_and_the_token_an_access():
    client, secret = make_api_client(role=Role.THEATRE, rights={Module.SALES: Level.MANAGE})
    token, seconds = tokens.issue_token(client.client_id, secret, NOW)
    access = tokens.access_from_token(token, NOW)
    assert seconds == 3600
    assert (access.organisation_id, access.role, access.door) == (client.organisation_id, Role.THEATRE, Door.API)
    assert (access.client_id, access.actor, access.person_id) == (client.pk, client.name, None)
    assert access.allows(Module.SALES, Level.MANAGE)
    assert not access.allows(Module.PROGRAMME)
    assert not access.is_super_user


@pytest.mark.parametrize("wrong", ["secret", "client", "empty", "capitals"])
def test_wrong_credentials_are_refused_with_one_wording(wrong):
    client, secret = make_api_client()
    name, given = {
        "secret": (client.client_id, secret + "x"),
        "client": ("nobody", secret),
        "empty": ("", ""),
        "capitals": (client.client_id, secret.swapcase()),
    }[wrong]
    with pytest.raises(tokens.UnableToIssueToken, match="client_id or client_secret"):
        tokens.issue_token(name, given, NOW)


def test_a_secret_of_another_client_is_refused():
    client, _ = make_api_client()
    _, other = make_api_client()
    with pytest.raises(tokens.UnableToIssueToken):
        tokens.issue_token(client.client_id, other, NOW)


def test_a_token_ends_after_its_hour():
    client, secret = make_api_client()
    token, seconds = tokens.issue_token(client.client_id, secret, NOW)
    tokens.access_from_token(token, NOW + timedelta(seconds=seconds - 1))
    with pytest.raises(tokens.UnableToAuthenticate, match="expired"):
        tokens.access_from_token(token, NOW + timedelta(seconds=seconds))


def test_a_token_does_not_outlive_its_secret():
    client, secret = make_api_client()
    client.secrets.update(expires_at=NOW + timedelta(minutes=10))
    token, seconds = tokens.issue_token(client.client_id, secret, NOW)
    assert seconds == 600
    with pytest.raises(tokens.UnableToAuthenticate):
        tokens.access_from_token(token, NOW + timedelta(minutes=11))
    with pytest.raises(tokens.UnableToIssueToken):
        tokens.issue_token(client.client_id, secret, NOW + timedelta(minutes=10))


def test_a_revoked_client_and_a_dropped_secret_end_running_tokens():
    client, secret = make_api_client()
    token, _ = tokens.issue_token(client.client_id, secret, NOW)
    tokens.access_from_token(token, NOW)
    client.secrets.update(expires_at=NOW)
    tokens.forget(client.client_id)
    with pytest.raises(tokens.UnableToAuthenticate, match="no longer"):
        tokens.access_from_token(token, NOW)
    client.secrets.update(expires_at=None)
    client.is_active = False
    client.save()
    tokens.forget(client.client_id)
    with pytest.raises(tokens.UnableToAuthenticate, match="no longer"):
        tokens.access_from_token(token, NOW)


@pytest.mark.parametrize("change", [{"aud": "other"}, {"iss": "https://else.example"}, {"sub": "nobody"}, {"exp": 1}])
def test_claims_of_another_make_are_refused(change):
    client, secret = make_api_client()
    token, _ = tokens.issue_token(client.client_id, secret, NOW)
    claims = jwt.decode(token, options={"verify_signature": False}) | change
    forged = jwt.encode(claims, tokens.derived_key("api-token"), algorithm="HS256")
    with pytest.raises(tokens.UnableToAuthenticate):
        tokens.access_from_token(forged, NOW)


@pytest.mark.parametrize("token", ["", "a.b.c", "Bearer x", jwt.encode({"sub": "x"}, "k" * 32, algorithm="HS256")])
def test_nonsense_is_refused(token):
    with pytest.raises(tokens.UnableToAuthenticate):
        tokens.access_from_token(token, NOW)


def test_an_unsigned_token_is_refused():
    client, secret = make_api_client()
    token, _ = tokens.issue_token(client.client_id, secret, NOW)
    claims = jwt.decode(token, options={"verify_signature": False})
    with pytest.raises(tokens.UnableToAuthenticate):
        tokens.access_from_token(jwt.encode(claims, None, algorithm="none"), NOW)


def test_a_client_in_a_role_that_the_organisation_gave_up_is_refused():
    client, secret = make_api_client(role=Role.AGENCY)
    client.organisation.roles = [Role.PRODUCER.value]
    client.organisation.save()
    token, _ = tokens.issue_token(client.client_id, secret, NOW)
    with pytest.raises(tokens.UnableToAuthenticate):
        tokens.access_from_token(token, NOW)


def test_a_producer_that_is_no_member_only_reads():
    client, secret = make_api_client(make_organisation(Role.PRODUCER, is_member=False))
    token, _ = tokens.issue_token(client.client_id, secret, NOW)
    access = tokens.access_from_token(token, NOW)
    assert access.allows(Module.PROGRAMME, Level.VIEW)
    assert not access.allows(Module.PROGRAMME, Level.MANAGE)


def test_use_is_noted_at_most_every_few_minutes(django_assert_num_queries):
    client, secret = make_api_client()
    token, _ = tokens.issue_token(client.client_id, secret, NOW)
    used = ApiClient.objects.across_tenants("test").get(pk=client.pk).last_used_at
    assert used == NOW
    with django_assert_num_queries(2):
        tokens.access_from_token(token, NOW + timedelta(minutes=1))
    with django_assert_num_queries(0):
        tokens.access_from_token(token, NOW + timedelta(minutes=2))
    tokens.forget(client.client_id)
    with django_assert_num_queries(3):
        tokens.access_from_token(token, NOW + timedelta(minutes=6))
    assert ApiClient.objects.across_tenants("test").get(pk=client.pk).last_used_at == NOW + timedelta(minutes=6)


def test_a_check_is_far_below_a_millisecond():
    client, secret = make_api_client()
    token, _ = tokens.issue_token(client.client_id, secret, NOW)
    tokens.access_from_token(token, NOW)
    times = []
    for _ in range(300):
        start = time.perf_counter()
        tokens.access_from_token(token, NOW)
        times.append(time.perf_counter() - start)
    assert sorted(times)[150] < 0.0005
