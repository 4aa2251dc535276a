import pytest
from django.test import RequestFactory

from dip.registry.terms import Level, Module, Role
from tests.factories.registry import make_membership, make_organisation

pytestmark = pytest.mark.django_db


def test_the_gallery_is_only_for_developing(client, settings):
    assert client.get("/gallery").status_code == 404
    settings.DEBUG = True
    page = client.get("/gallery", headers={"accept-language": "en"})
    assert page.status_code == 200
    assert b"Haarlem is 99 tickets ahead of the median" in page.content
    assert client.get("/gallery?wrong=1&title=").status_code == 200


def test_a_visitor_sees_no_modules(client):
    text = client.get("/definitions/").content.decode()
    assert "Verkoopmonitor" not in text
    assert 'lang="nl"' in text
    assert "Inloggen" in text


def test_the_language_of_the_browser_counts(client):
    assert "Se connecter" in client.get("/definitions/", headers={"accept-language": "fr"}).content.decode()


def test_the_frame_shows_what_the_person_may_open(client):
    organisation = make_organisation(Role.PRODUCER, Role.THEATRE, name="Theater Zuidpool")
    membership = make_membership(organisation, rights={Module.PROGRAMME: Level.VIEW})
    client.force_login(membership.person)
    text = client.get("/definitions/", headers={"accept-language": "en"}).content.decode()
    assert "Theater Zuidpool" in text
    assert "Productions" in text
    assert "Sales Monitor" not in text
    assert "People and rights" not in text


def test_the_double_pet_offers_every_role_and_marks_the_present_one(client):
    membership = make_membership(make_organisation(Role.PRODUCER, Role.THEATRE))
    client.force_login(membership.person)
    text = client.get("/definitions/").content.decode()
    assert text.count('name="role" value="theatre"') == text.count('name="role" value="producer"') > 0
    assert 'aria-current="true"><span>' in text


def test_the_frame_costs_one_query(client, django_assert_num_queries):
    """Session, person, memberships with their organisations; the definitions are in memory."""
    membership = make_membership(make_organisation(Role.PRODUCER))
    client.force_login(membership.person)
    client.get("/definitions/")
    with django_assert_num_queries(3):
        client.get("/definitions/")


@pytest.mark.parametrize("status", ["400", "403", "403_csrf", "404", "429", "500"])
@pytest.mark.parametrize("with_request", [True, False])
def test_error_pages_stand_without_anything(status, with_request):
    from django.contrib.auth.models import AnonymousUser
    from django.template.loader import get_template

    request = RequestFactory().get("/") if with_request else None
    if request:
        request.user, request.session = AnonymousUser(), {}
    html = get_template(f"{status}.html").render({}, request)
    assert "<h1>" in html
    assert 'id="main"' in html


def test_a_page_that_is_not_there_says_what_to_do(client):
    page = client.get("/no/such/page")
    assert page.status_code == 404
    assert "andere organisatie" in page.content.decode()


@pytest.mark.parametrize("name", ["login", "password/reset"])
def test_entrance_pages_have_labels_and_no_inline_script(client, name):
    text = client.get(f"/account/{name}/").content.decode()
    assert "<label" in text
    assert 'class="input"' in text
    assert "onclick" not in text
    assert "sign up" not in text.lower()


def test_an_entrance_error_stands_beside_its_field(client):
    text = client.post("/account/login/", {"login": "niemand@vlonder.example", "password": "fout"}).content.decode()
    assert 'role="alert"' in text or 'class="error"' in text
