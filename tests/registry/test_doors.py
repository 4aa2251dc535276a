"""What the pages' forms do, for the super-user, a colleague without the right, and a stranger."""

import logging
import re

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from dip.registry import tokens
from dip.registry.models import ApiClient, AuditLine, Invitation, Membership, Organisation
from dip.registry.terms import Level, Module, Role
from tests.factories.registry import (
    NOW,
    PASSWORD,
    make_api_client,
    make_client_login,
    make_membership,
    make_organisation,
    make_person,
)

pytestmark = pytest.mark.django_db
RIGHTS = {"programme": "1", "sales": "2", "audience": "0", "contracts": "0", "reports": "3"}


@pytest.fixture
def theatre():
    return make_organisation(Role.THEATRE, name="Theater De Vlonder")


@pytest.fixture
def head(client, theatre):
    """The super-user, signed in."""
    return make_client_login(client, theatre, super_user=True)


def invitation(organisation, **over):
    values = {"organisation": organisation, "email": "sanne@baken.example", "token_digest": "0" * 64, "sent_at": NOW}
    return Invitation.objects.create(**values | {"expires_at": NOW.replace(year=2099)} | over)


def invitations():
    return Invitation.objects.across_tenants("test")


def lines():
    return AuditLine.objects.across_tenants("test")


def link_of_the_last_mail() -> str:
    job = ProcrastinateJob.objects.filter(task_name="dip.registry.jobs.send_mail").order_by("pk").last()
    return re.search(r"/organisation/activate\?token=[\w-]+", job.args["body"])[0]


def writes(organisation):
    """Every form of the registry: address, what is sent."""
    member, (machine, _) = make_membership(organisation), make_api_client(organisation)
    invited = invitation(organisation, email="b@baken.example", token_digest="1" * 64)
    return [
        (reverse("registry-organisation-change"), {"name": "Anders", "city": "", "email": ""}),
        (reverse("registry-invite"), {"email": "c@baken.example", "language": "nl", **RIGHTS}),
        (reverse("registry-person", args=[member.pk]), RIGHTS),
        (reverse("registry-deactivate", args=[member.pk]), {}),
        (reverse("registry-reactivate", args=[member.pk]), {}),
        (reverse("registry-resend", args=[invited.pk]), {}),
        (reverse("registry-withdraw", args=[invited.pk]), {}),
        (reverse("registry-client-new"), {"name": "Kassa", "role": "theatre", "once": "abc", **RIGHTS}),
        (reverse("registry-client-rotate", args=[machine.pk]), {"ends": "now", "replaces": machine.secrets.get().pk}),
        (reverse("registry-client-revoke", args=[machine.pk]), {}),
        (
            reverse("registry-organisation-new"),
            {"name": "Nieuw", "roles": ["theatre"], "super_user_email": "d@baken.example", "language": "nl"},
        ),
        (reverse("registry-organisation-edit", args=[organisation.pk]), {"name": "Anders", "roles": ["producer"]}),
        (reverse("registry-invite-super-user", args=[organisation.pk]), {"super_user_email": "e@baken.example", "language": "nl"}),
    ]


def test_a_colleague_writes_nothing(client, theatre):
    make_client_login(client, theatre)
    for address, sent in writes(theatre):
        assert client.post(address, sent).status_code == 403, address
    assert not lines().exists()


def test_a_visitor_writes_nothing(client, theatre):
    for address, sent in writes(theatre):
        assert client.post(address, sent).status_code == 302, address
    assert not lines().exists()


def test_a_stranger_writes_nothing_here(client, theatre):
    make_client_login(client, make_organisation(Role.THEATRE), super_user=True)
    for address, sent in writes(theatre):
        if re.search(r"/\d+", address):
            assert client.post(address, sent).status_code in {302, 403, 404}, address
    assert not lines().exists()


def test_forms_without_token_are_refused(theatre):
    strict = Client(enforce_csrf_checks=True)
    make_client_login(strict, theatre, super_user=True)
    for address, sent in writes(theatre):
        assert strict.post(address, sent).status_code == 403, address


def test_inviting_and_coming_in(client, head, caplog):
    form = {"email": "sanne@baken.example", "name": "", "language": "nl", **RIGHTS}
    with caplog.at_level(logging.INFO):
        answer = client.post(reverse("registry-invite"), form, follow=True)
        assert "sanne@baken.example gets a mail" in answer.content.decode()
        visitor, link = Client(), link_of_the_last_mail()
        page = visitor.get(link).content.decode()
        assert "Welkom bij DIP" in page
        assert "Theater De Vlonder" in page
        token = link.partition("=")[2]
        poor = visitor.post(reverse("registry-activate"), {"token": token, "name": "", "language": "nl", "password": "kort"})
        assert poor.status_code == 400
        entered = {"token": token, "name": "Sanne Oudkerk", "language": "nl", "password": PASSWORD}
        assert visitor.post(reverse("registry-activate"), entered)["Location"] == "/"
        assert visitor.cookies["django_language"].value == "nl"
        assert token not in caplog.text
    membership = Membership.objects.get(person__email="sanne@baken.example")
    assert membership.levels()[Module.REPORTS] is Level.APPROVE
    assert "Sanne Oudkerk" in client.get(reverse("registry-people")).content.decode()
    assert visitor.post(reverse("registry-activate"), entered).status_code == 410


def test_an_invitation_may_be_refused_with_everything_kept(client, head):
    form = {"email": head.person.email, "name": "Ikzelf", "language": "fr", "is_super_user": "on", **RIGHTS}
    answer = client.post(reverse("registry-invite"), form)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "is a member already" in text
    assert 'value="Ikzelf"' in text
    assert re.search(r'name="reports" value="3" checked', text)


@pytest.mark.parametrize("wrong", [{"sales": "9"}, {"sales": ""}, {"language": "xx"}, {"email": "geen"}])
def test_nonsense_in_a_form_is_told_beside_its_field(client, head, wrong):
    answer = client.post(reverse("registry-invite"), {"email": "a@baken.example", "language": "nl", **RIGHTS} | wrong)
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == set(wrong)
    assert not invitations().exists()


def test_somebody_with_an_account_signs_in_and_joins(client, head):
    person = make_membership(person=make_person(email="sanne@baken.example", language="en")).person
    client.post(reverse("registry-invite"), {"email": "sanne@baken.example", "language": "en", **RIGHTS})
    link, visitor = link_of_the_last_mail(), Client()
    token = link.partition("=")[2]
    asked = visitor.get(link)
    assert asked["Location"].startswith("/account/login/?next=")
    make_client_login(visitor, person=make_person(language="en"))
    wrong = visitor.post(reverse("registry-activate"), {"token": token})
    assert wrong.status_code == 400
    assert "signed in as" in wrong.content.decode()
    visitor.force_login(person)
    assert "Join Theater De Vlonder" in visitor.get(link).content.decode()
    visitor.post(reverse("registry-activate"), {"token": token})
    assert person.memberships.count() == 2
    assert visitor.get(reverse("registry-organisation")).context["access"].organisation_name == "Theater De Vlonder"


def test_wrong_links_say_what_is_wrong(client, theatre):
    client.cookies["django_language"] = "en"
    assert client.get(reverse("registry-activate")).status_code == 404
    assert client.get(reverse("registry-activate"), {"token": "guess"}).status_code == 404
    from dip.registry.actions.invitations import token_digest

    invitation(theatre, token_digest=token_digest("old"), expires_at=NOW.replace(year=2020))
    answer = client.get(reverse("registry-activate"), {"token": "old"})
    assert answer.status_code == 410
    assert "Ask the super-user of Theater De Vlonder" in answer.content.decode()


def test_sending_again_and_withdrawing(client, head, theatre):
    invited = invitation(theatre)
    answer = client.post(reverse("registry-resend", args=[invited.pk]), follow=True)
    assert "gets a new link" in answer.content.decode()
    answer = client.post(reverse("registry-withdraw", args=[invited.pk]), follow=True)
    assert "is withdrawn" in answer.content.decode()
    assert "withdrawn already" in client.post(reverse("registry-resend", args=[invited.pk]), follow=True).content.decode()


def test_granting_and_switching_off(client, head, theatre):
    member = make_membership(theatre)
    page = reverse("registry-person", args=[member.pk])
    assert client.post(page, RIGHTS)["Location"] == reverse("registry-people")
    member.refresh_from_db()
    assert member.rights == {"programme": 1, "sales": 2, "reports": 3}
    client.post(reverse("registry-deactivate", args=[member.pk]))
    assert not Membership.objects.get(pk=member.pk).is_active
    assert "switched off" in client.get(reverse("registry-people")).content.decode()
    client.post(reverse("registry-reactivate", args=[member.pk]))
    assert Membership.objects.get(pk=member.pk).is_active
    own = client.post(reverse("registry-deactivate", args=[head.pk]), follow=True)
    assert "cannot switch yourself off" in own.content.decode()
    lowered = client.post(reverse("registry-person", args=[head.pk]), RIGHTS)
    assert "give up being super-user" in lowered.content.decode()


def test_a_secret_is_shown_once_and_works(client, head, theatre):
    form = client.get(reverse("registry-client-new"))
    sent = {"name": "Kassa", "role": "theatre", "once": form.context["form"]["once"].value(), **RIGHTS}
    answer = client.post(reverse("registry-client-new"), sent)
    assert "no-store" in answer["Cache-Control"]
    secret = answer.context["secret"]
    machine = ApiClient.objects.across_tenants("test").get()
    from dip.kernel.clock import now

    tokens.issue_token(machine.client_id, secret, now())
    assert secret not in client.get(reverse("registry-clients")).content.decode()
    assert client.post(reverse("registry-client-new"), sent).status_code == 400

    page = reverse("registry-client-rotate", args=[machine.pk])
    seen = client.get(page).context["form"]["replaces"].value()
    rotated = client.post(page, {"ends": "now", "replaces": seen})
    fresh = rotated.context["secret"]
    assert "no-store" in rotated["Cache-Control"]
    with pytest.raises(tokens.UnableToIssueToken):
        tokens.issue_token(machine.client_id, secret, now())
    tokens.issue_token(machine.client_id, fresh, now())
    again = client.post(page, {"ends": "now", "replaces": seen})
    assert "replaced already" in again.content.decode()

    told = client.post(reverse("registry-client-revoke", args=[machine.pk]), follow=True)
    assert "is revoked" in told.content.decode()
    assert "was revoked" in client.post(reverse("registry-client-revoke", args=[machine.pk]), follow=True).content.decode()
    with pytest.raises(tokens.UnableToIssueToken):
        tokens.issue_token(machine.client_id, fresh, now())


def test_a_client_cannot_act_in_a_role_of_others(client, head):
    answer = client.post(reverse("registry-client-new"), {"name": "Kassa", "role": "producer", "once": "x", **RIGHTS})
    assert set(answer.context["form"].errors) == {"role"}


def test_own_facts_change(client, head, theatre):
    client.post(reverse("registry-organisation-change"), {"name": "De Vlonder", "city": "Hoorn", "email": ""})
    theatre.refresh_from_db()
    assert (theatre.name, theatre.city, theatre.roles) == ("De Vlonder", "Hoorn", ["theatre"])
    assert client.post(reverse("registry-organisation-change"), {"name": "", "email": "x"}).status_code == 400


def test_the_platform_makes_and_changes_organisations(client):
    make_client_login(client, make_organisation(Role.PLATFORM), super_user=True)
    new = {"name": "Het Baken", "city": "Hoorn", "roles": ["theatre"], "is_member": "on", "super_user_email": "d@baken.example"}
    told = client.post(reverse("registry-organisation-new"), new | {"language": "fr"}, follow=True)
    assert "gets a mail to start as super-user" in told.content.decode()
    made = Organisation.objects.get(name="Het Baken")
    repeat = client.post(reverse("registry-organisation-new"), new | {"language": "fr"})
    assert set(repeat.context["form"].errors) == {"name"}
    taken = client.post(reverse("registry-organisation-new"), new | {"name": "X", "super_user_email": "geen", "language": "fr"})
    assert set(taken.context["form"].errors) == {"super_user_email"}
    client.post(reverse("registry-organisation-edit", args=[made.pk]), {"name": "Het Baken", "roles": ["theatre", "festival"]})
    made.refresh_from_db()
    assert (made.roles, made.is_member, made.city) == (["theatre", "festival"], False, "")
    page = reverse("registry-invite-super-user", args=[made.pk])
    again = client.post(page, {"super_user_email": "d@baken.example", "language": "nl"})
    assert "has an invitation already" in str(again.context["invite"].errors)
    assert client.post(page, {"super_user_email": "e@baken.example", "language": "nl"}).status_code == 302
    assert client.get(reverse("registry-organisations"), {"q": "baken", "role": "festival"}).context["total"] == 1
    assert client.get(reverse("registry-organisations"), {"q": str(made.number)}).context["total"] == 1
    assert client.get(reverse("registry-organisations"), {"q": "niets van dit"}).context["total"] == 0


def test_ones_own_profile(client, head):
    answer = client.post(reverse("registry-profile"), {"name": "Noor de Wit", "language": "fr"})
    assert client.cookies["django_language"].value == "fr"
    assert "Votre profil est modifié" in client.get(answer["Location"]).content.decode()
    assert client.post(reverse("registry-profile"), {"name": "", "language": "xx"}).status_code == 400
