"""Every page of the registry, for a cast of three: super-user, colleague without the right, stranger."""

import pytest
from django.urls import reverse

from dip.registry.terms import Role
from tests.factories.registry import make_api_client, make_client_login, make_membership, make_organisation

pytestmark = pytest.mark.django_db

SECRET_NAME = "Wilhelmina Oudkerk"


@pytest.fixture
def theatre():
    return make_organisation(Role.THEATRE, name="Theater De Vlonder")


def pages(organisation):
    """Every page with its reader: name, address, who may."""
    membership = make_membership(organisation)
    client, _ = make_api_client(organisation)
    return [
        ("registry-organisation", [], "member"),
        ("registry-profile", [], "member"),
        ("registry-organisation-change", [], "super"),
        ("registry-people", [], "super"),
        ("registry-invite", [], "super"),
        ("registry-person", [membership.pk], "super"),
        ("registry-clients", [], "super"),
        ("registry-client-new", [], "super"),
        ("registry-client-rotate", [client.pk], "super"),
        ("registry-trail", [], "super"),
        ("registry-trail-export", ["xlsx"], "super"),
        ("registry-trail-export", ["csv"], "super"),
        ("registry-organisations", [], "platform"),
        ("registry-organisation-new", [], "platform"),
        ("registry-organisation-edit", [organisation.pk], "platform"),
    ]


def test_the_super_user_reads_the_organisations_pages(client, theatre):
    make_client_login(client, theatre, super_user=True)
    for name, args, who in pages(theatre):
        expected = 403 if who == "platform" else 200
        assert client.get(reverse(name, args=args)).status_code == expected, name


def test_a_colleague_reads_only_facts_and_their_own_profile(client, theatre):
    make_client_login(client, theatre)
    for name, args, who in pages(theatre):
        assert client.get(reverse(name, args=args)).status_code == (200 if who == "member" else 403), name


def test_a_visitor_is_sent_to_sign_in(client, theatre):
    for name, args, _who in pages(theatre):
        response = client.get(reverse(name, args=args))
        assert response.status_code == 302, name
        assert response["Location"].startswith("/account/login/"), name


def test_the_platforms_super_user_reads_everything_of_the_platform(client):
    platform = make_organisation(Role.PLATFORM)
    make_client_login(client, platform, super_user=True)
    for name, args, _who in pages(platform):
        assert client.get(reverse(name, args=args)).status_code == 200, name


def test_the_platforms_colleague_does_not_read_the_list(client):
    platform = make_organisation(Role.PLATFORM)
    make_client_login(client, platform)
    assert client.get(reverse("registry-organisations")).status_code == 403


def test_another_hat_of_the_platforms_organisation_does_not_read_the_list(client):
    both = make_organisation(Role.PLATFORM, Role.ASSOCIATION)
    make_client_login(client, both, Role.ASSOCIATION, super_user=True)
    assert client.get(reverse("registry-organisations")).status_code == 403


def test_strangers_cannot_tell_that_a_record_exists(client, theatre):
    theirs = make_membership(make_organisation())
    machine, _ = make_api_client()
    make_client_login(client, theatre, super_user=True)
    assert client.get(reverse("registry-person", args=[theirs.pk])).status_code == 404
    assert client.get(reverse("registry-person", args=[10**9])).status_code == 404
    assert client.get(reverse("registry-client-rotate", args=[machine.pk])).status_code == 404
    assert client.post(reverse("registry-client-revoke", args=[machine.pk])).status_code == 404
    machine.refresh_from_db()
    assert machine.is_active


def test_nothing_of_a_stranger_leaks_into_the_lists(client, theatre):
    other = make_organisation(Role.THEATRE, name="Schouwburg Het Baken")
    member = make_membership(other)
    member.person.name = SECRET_NAME
    member.person.save()
    make_api_client(other, name=f"Kassa van {SECRET_NAME}")
    make_client_login(client, theatre, super_user=True)
    for name in ("registry-people", "registry-clients", "registry-trail", "registry-organisation"):
        assert SECRET_NAME not in client.get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", ["registry-people", "registry-clients", "registry-trail"])
def test_lists_ask_as_much_for_three_as_for_one(client, theatre, name, django_assert_max_num_queries):
    from tests.registry.lines import add_line

    def fill():
        make_membership(theatre)
        make_api_client(theatre)
        add_line(theatre)

    make_client_login(client, theatre, super_user=True)
    counts = []
    for _ in range(2):
        fill()
        with django_assert_max_num_queries(12) as asked:
            client.get(reverse(name))
        counts.append(len(asked))
        fill()
    assert counts[0] == counts[1]


def test_the_platforms_list_asks_as_much_for_three_as_for_one(client, django_assert_num_queries):
    make_client_login(client, make_organisation(Role.PLATFORM), super_user=True)
    client.get(reverse("registry-organisations"))
    for _ in range(2):
        with django_assert_num_queries(5):
            client.get(reverse("registry-organisations"))
        for _ in range(3):
            make_membership()


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_pages_come_in_three_languages(client, theatre, language):
    make_client_login(client, theatre, super_user=True, language=language)
    text = client.get(reverse("registry-people")).content.decode()
    assert {"nl": "Mensen en rechten", "en": "People and rights", "fr": "Personnes et droits"}[language] in text
    assert f'<html lang="{language}"' in text
