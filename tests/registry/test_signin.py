"""Signing in: password, limits, second factor, recovery codes, passkeys, reset; invitation is the only way in."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from dip.registry.models import AuditLine, Membership, Person
from tests.factories.registry import PASSWORD, make_membership, make_person

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "een ander lang wachtwoord 8"


@pytest.fixture
def person():
    return make_membership(person=make_person(email="sanne@baken.example", language="fr")).person


def sign_in(client, email="sanne@baken.example", password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": email, "password": password} | more)


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def mails():
    return [job.args for job in ProcrastinateJob.objects.filter(task_name="dip.registry.jobs.send_mail").order_by("pk")]


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def activate_totp(client) -> str:
    confirm(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    return secret


def confirm(client) -> None:
    """Give the password again, as every change of how one signs in asks."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def age_sign_in(client) -> None:
    """As if the password was given an hour ago."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()


def test_the_right_password_opens_and_brings_the_persons_language(client, person):
    response = sign_in(client, email="SANNE@baken.example")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_in(client)
    assert client.cookies["django_language"].value == "fr"
    assert '<html lang="fr"' in client.get(reverse("registry-organisation")).content.decode()


def test_the_bars_choice_stays_and_comes_back(client, person):
    sign_in(client)
    client.post("/i18n/setlang/", {"language": "nl", "next": "/organisation/"})
    assert '<html lang="nl"' in client.get(reverse("registry-organisation")).content.decode()
    fresh = Client()
    sign_in(fresh)
    assert fresh.cookies["django_language"].value == "nl"
    client.post("/i18n/setlang/", {"language": "xx"})
    person.refresh_from_db()
    assert person.language == "nl"


def test_a_visitor_chooses_a_language_too(client):
    client.post("/i18n/setlang/", {"language": "fr"})
    assert '<html lang="fr"' in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("email", ["sanne@baken.example", "niemand@baken.example"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, person, email):
    client.cookies["django_language"] = "en"
    response = sign_in(client, email=email, password="fout")
    assert not is_in(client)
    assert response.context["form"].non_field_errors() == ["The email address and/or password you specified are not correct."]


def test_guessing_is_stopped_per_address_even_with_the_right_password(client, person):
    client.cookies["django_language"] = "en"
    for _ in range(5):
        sign_in(client, password="fout")
    response = sign_in(client)
    assert not is_in(client)
    assert "Too many failed login attempts" in str(response.context["form"].errors)


def test_guessing_is_stopped_per_machine(client, person):
    answers = [sign_in(client, email=f"{number}@baken.example", password="fout").status_code for number in range(31)]
    assert answers[-1] == 429
    assert sign_in(client).status_code == 429


def test_nobody_signs_up(client):
    form = {"email": "nieuw@baken.example", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post(reverse("account_signup"), form).status_code == 200
    assert not Person.objects.filter(email="nieuw@baken.example").exists()


def test_a_second_factor_is_asked_once_it_is_set(client, person):
    sign_in(client)
    secret = activate_totp(client)
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))

    fresh = Client()
    response = sign_in(fresh)
    assert response["Location"].startswith(reverse("mfa_authenticate"))
    assert not is_in(fresh)
    assert fresh.get(reverse("registry-organisation")).status_code == 302
    wrong = fresh.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert not is_in(fresh)
    fresh.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert is_in(fresh)
    assert fresh.cookies["django_language"].value == "fr"


def test_a_code_works_once(client, person):
    sign_in(client)
    secret = activate_totp(client)
    used = code(secret)
    for opens in (True, False):
        fresh = Client()
        sign_in(fresh)
        fresh.post(reverse("mfa_authenticate"), {"code": used})
        assert is_in(fresh) is opens


def test_a_recovery_code_opens_once(client, person):
    sign_in(client)
    activate_totp(client)
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10
    for opens in (True, False):
        fresh = Client()
        sign_in(fresh)
        fresh.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert is_in(fresh) is opens


def test_a_change_of_a_factor_is_mailed(client, person, django_capture_on_commit_callbacks):
    sign_in(client)
    with django_capture_on_commit_callbacks(execute=True):
        activate_totp(client)
    assert {mail["to"] for mail in mails()} == {"sanne@baken.example"}
    assert {mail["language"] for mail in mails()} == {"fr"}


def test_factors_are_changed_only_after_the_password_was_given_again(client, person):
    sign_in(client)
    page = reverse("mfa_activate_totp")
    response = client.get(page)
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert client.post(response["Location"], {"password": "fout"}).status_code == 200
    assert client.get(page).status_code == 302
    assert client.post(response["Location"], {"password": PASSWORD})["Location"] == page
    assert client.get(page).status_code == 200
    age_sign_in(client)
    assert client.get(page).status_code == 302


def test_passkeys_can_be_added_and_used(client, person):
    sign_in(client)
    confirm(client)
    assert "publicKey" in client.get(reverse("mfa_add_webauthn")).content.decode()
    options = Client().get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"}).json()
    assert options["request_options"]["publicKey"]["challenge"]


def test_a_forgotten_password_is_replaced_by_mail(client, person, settings):
    answer = client.post(reverse("account_reset_password"), {"email": "sanne@baken.example"}, headers={"host": "localhost"})
    assert answer["Location"] == reverse("account_reset_password_done")
    (mail,) = mails()
    assert (mail["to"], mail["language"]) == ("sanne@baken.example", "fr")
    link = re.search(rf"{settings.BASE_URL}(/account/password/reset/key/\S+)", mail["body"])[1]
    page = client.get(link)
    form = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post(page["Location"], form).status_code == 302
    assert sign_in(Client()).status_code == 200
    fresh = Client()
    sign_in(fresh, password=NEW_PASSWORD)
    assert is_in(fresh)
    assert client.get(link).status_code == 200  # says that the link was used


def test_a_poor_new_password_is_refused(client, person):
    client.post(reverse("account_reset_password"), {"email": "sanne@baken.example"})
    link = re.search(r"(/account/password/reset/key/\S+)", mails()[0]["body"])[1]
    page = client.get(link)["Location"]
    assert client.post(page, {"password1": "kort", "password2": "kort"}).status_code == 200
    assert person.check_password(PASSWORD)


def test_an_unknown_address_gets_the_same_page(client):
    client.cookies["django_language"] = "en"
    answer = client.post(reverse("account_reset_password"), {"email": "niemand@baken.example"})
    assert answer["Location"] == reverse("account_reset_password_done")
    (mail,) = mails()
    assert mail["to"] == "niemand@baken.example"
    assert "by invitation" in mail["body"]


def test_a_new_address_counts_once_it_is_confirmed(client, person):
    sign_in(client)
    confirm(client)
    client.post(reverse("account_email"), {"email": "nieuw@baken.example", "action_add": ""})
    person.refresh_from_db()
    assert person.email == "sanne@baken.example"
    mail = next(mail for mail in mails() if mail["to"] == "nieuw@baken.example")
    link = re.search(r"https?://\S+?(/account/confirm-email/\S+/)", mail["body"])[1]
    client.post(link)
    person.refresh_from_db()
    assert person.email == "nieuw@baken.example"
    assert EmailAddress.objects.get(user=person).verified


def test_signing_out(client, person):
    sign_in(client)
    client.post(reverse("account_logout"))
    assert not is_in(client)


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_reset_password_done", "account_signup"])
def test_entrance_pages_wear_the_house_style(client, name):
    text = client.get(reverse(name)).content.decode()
    assert "dip/dip.css" in text
    assert "Menu:" not in text


@pytest.mark.parametrize(
    "name", ["mfa_index", "account_email", "account_change_password", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_activate_totp"]
)
def test_pages_about_signing_in_wear_the_house_style(client, person, name):
    sign_in(client)
    confirm(client)
    text = client.get(reverse(name)).content.decode()
    assert "dip/dip.css" in text
    assert "Menu:" not in text


def test_signing_in_leaves_a_line_in_the_trail_of_each_organisation(client, person):
    second = make_membership(person=person)
    assert not is_in(client)
    assert not lines_of_signing_in()
    sign_in(client, password="wrong")
    assert not lines_of_signing_in()
    sign_in(client)
    assert {line.organisation_id for line in lines_of_signing_in()} == {
        second.organisation_id,
        *person_organisations(person),
    }
    assert {line.person_id for line in lines_of_signing_in()} == {person.pk}


def lines_of_signing_in():
    return list(AuditLine.objects.across_tenants("test").filter(verb="sign_in"))


def person_organisations(person):
    return set(Membership.objects.filter(person=person).values_list("organisation_id", flat=True))
