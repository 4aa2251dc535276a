"""API clients: the secret is shown once, two are good while a system changes over, revoked is over."""

from datetime import timedelta

import pytest

from dip.registry import tokens
from dip.registry.actions import clients
from dip.registry.models import ApiClient, ApiSecret, AuditLine
from dip.registry.terms import AccessDenied, Level, Module, Role
from tests.factories.registry import NOW, make_access, make_api_client, make_membership, make_organisation

pytestmark = pytest.mark.django_db
RIGHTS = {Module.SALES: Level.MANAGE}
LATER = NOW + timedelta(days=1)


@pytest.fixture
def access():
    membership = make_membership(make_organisation(Role.THEATRE), super_user=True)
    return make_access(membership.organisation, person=membership.person, super_user=True)


def create(access, **over):
    return clients.create_api_client(access=access, at=NOW, **{"name": "Kassa", "role": Role.THEATRE, "rights": RIGHTS} | over)


def works(client, secret, at=LATER) -> bool:
    try:
        tokens.issue_token(client.client_id, secret, at)
    except tokens.UnableToIssueToken:
        return False
    return True


def test_a_new_client_works_and_its_secret_is_nowhere(access):
    client, secret = create(access)
    assert works(client, secret)
    assert len(secret) >= 40
    kept = str([*ApiSecret.objects.values(), *ApiClient.objects.across_tenants("test").values()])
    kept += str(list(AuditLine.objects.across_tenants("test").values()))
    assert secret not in kept
    assert AuditLine.objects.across_tenants("test").get().verb == "create_api_client"


def test_a_repeat_of_the_form_makes_no_second_client(access):
    create(access, once="abc")
    with pytest.raises(clients.UnableToCreateClient, match="made already"):
        create(access, once="abc")
    assert ApiClient.objects.across_tenants("test").count() == 1


@pytest.mark.parametrize(
    ("over", "field"), [({"name": " "}, "name"), ({"role": Role.PRODUCER}, "role"), ({"rights": {}}, "programme")]
)
def test_poor_facts_are_named(access, over, field):
    with pytest.raises(clients.UnableToCreateClient) as refusal:
        create(access, **over)
    assert refusal.value.field == field


def test_the_old_secret_stays_good_for_a_week(access):
    client, first = create(access)
    _, second = clients.rotate_secret(access=access, at=NOW, client_id=client.pk)
    assert works(client, first)
    assert works(client, second)
    assert not works(client, first, NOW + clients.OVERLAP)
    assert works(client, second, NOW + clients.OVERLAP)


def test_the_old_secret_can_end_at_once_and_its_tokens_with_it(access, django_capture_on_commit_callbacks):
    client, first = create(access)
    token, _ = tokens.issue_token(client.client_id, first, NOW)
    tokens.access_from_token(token, NOW)
    with django_capture_on_commit_callbacks(execute=True):
        _, second = clients.rotate_secret(access=access, at=NOW, client_id=client.pk, ends_at_once=True)
    assert not works(client, first)
    assert works(client, second)
    with pytest.raises(tokens.UnableToAuthenticate):
        tokens.access_from_token(token, NOW)


def test_never_more_than_two_secrets_are_good(access):
    client, first = create(access)
    _, second = clients.rotate_secret(access=access, at=NOW, client_id=client.pk)
    _, third = clients.rotate_secret(access=access, at=NOW, client_id=client.pk)
    assert [works(client, secret) for secret in (first, second, third)] == [False, True, True]


def test_a_repeated_rotation_is_refused(access):
    client, _ = create(access)
    seen = client.secrets.get().pk
    clients.rotate_secret(access=access, at=NOW, client_id=client.pk, replaces=seen)
    with pytest.raises(clients.UnableToChangeClient, match="replaced already"):
        clients.rotate_secret(access=access, at=NOW, client_id=client.pk, replaces=seen)


def test_a_revoked_client_is_over(access, django_capture_on_commit_callbacks):
    client, secret = create(access)
    token, _ = tokens.issue_token(client.client_id, secret, NOW)
    tokens.access_from_token(token, NOW)
    with django_capture_on_commit_callbacks(execute=True):
        clients.revoke_client(access=access, at=NOW, client_id=client.pk)
    assert not works(client, secret)
    with pytest.raises(tokens.UnableToAuthenticate):
        tokens.access_from_token(token, NOW)
    for act in (clients.revoke_client, clients.rotate_secret):
        with pytest.raises(clients.UnableToChangeClient, match="revoked"):
            act(access=access, at=NOW, client_id=client.pk)


def test_strangers_and_colleagues_touch_nothing(access):
    theirs, _ = make_api_client()
    with pytest.raises(clients.UnableToChangeClient, match="no such client"):
        clients.rotate_secret(access=access, at=NOW, client_id=theirs.pk)
    colleague = make_access(theirs.organisation, person=make_membership(theirs.organisation).person)
    for act in (lambda: create(colleague), lambda: clients.revoke_client(access=colleague, at=NOW, client_id=theirs.pk)):
        with pytest.raises(AccessDenied):
            act()
