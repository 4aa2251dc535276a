"""Invitations and memberships: who comes in, what they may, and that a super-user always remains."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from procrastinate.contrib.django.models import ProcrastinateJob

from dip.registry.actions import invitations, memberships
from dip.registry.models import AuditLine, Invitation, Membership, Person
from dip.registry.terms import AccessDenied, Level, Module, Role
from tests.factories.registry import NOW, PASSWORD, all_rights, make_access, make_membership, make_organisation, make_person

pytestmark = pytest.mark.django_db
VIEW_SALES = {Module.SALES: Level.VIEW}


@pytest.fixture
def head():
    return make_membership(make_organisation(Role.THEATRE), super_user=True)


@pytest.fixture
def access(head):
    return make_access(head.organisation, person=head.person, super_user=True)


def verbs(organisation):
    lines = AuditLine.objects.across_tenants("test").filter(organisation=organisation)
    return list(lines.order_by("pk").values_list("verb", flat=True))


def token_of(mail) -> str:
    return re.search(r"token=([\w-]+)", mail.args["body"])[1]


def mails():
    return list(ProcrastinateJob.objects.filter(task_name="dip.registry.jobs.send_mail").order_by("pk"))


def invite(access, **over):
    values = {"email": "Sanne@Baken.example", "name": "Sanne", "language": "fr", "rights": VIEW_SALES}
    return invitations.invite_person(access=access, at=NOW, **values | over)


def accept(token, **over):
    values = {"name": "Sanne Oudkerk", "password": PASSWORD, "language": "fr"}
    return invitations.accept_invitation(token=token, at=NOW + timedelta(days=1), **values | over)


def test_an_invitation_is_mailed_in_the_invitees_language_and_its_token_is_not_kept(access):
    invitation = invite(access)
    (mail,) = mails()
    assert mail.args["to"] == "sanne@baken.example"
    assert mail.args["language"] == "fr"
    token = token_of(mail)
    assert token not in str(Invitation.objects.across_tenants("test").values().get())
    assert invitation.token_digest == invitations.token_digest(token)
    assert len(invitation.token_digest) == 64
    assert verbs(invitation.organisation) == ["invite_person"]


def test_accepting_makes_person_membership_and_verified_address(access):
    invitation = invite(access)
    membership = accept(token_of(mails()[0]))
    person = membership.person
    assert (person.email, person.name, person.language) == ("sanne@baken.example", "Sanne Oudkerk", "fr")
    assert person.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=person).verified
    assert membership.levels()[Module.SALES] is Level.VIEW
    assert membership.levels()[Module.PROGRAMME] is Level.NONE
    assert not membership.is_super_user
    assert verbs(invitation.organisation) == ["invite_person", "accept_invitation"]


def test_a_link_works_once(access):
    invite(access)
    token = token_of(mails()[0])
    accept(token)
    with pytest.raises(invitations.UnableToAcceptInvitation, match="has been used"):
        accept(token)


def test_an_expired_link_is_refused_with_the_remedy(access):
    invite(access)
    late = NOW + invitations.VALID_FOR
    with pytest.raises(invitations.UnableToAcceptInvitation, match="Ask the super-user"):
        invitations.accept_invitation(token=token_of(mails()[0]), at=late, name="Sanne", password=PASSWORD, language="nl")


def test_a_withdrawn_link_and_an_unknown_one_are_refused(access):
    invitation = invite(access)
    invitations.revoke_invitation(access=access, at=NOW, invitation_id=invitation.pk)
    with pytest.raises(invitations.UnableToAcceptInvitation, match="withdrawn"):
        accept(token_of(mails()[0]))
    with pytest.raises(invitations.UnableToAcceptInvitation, match="not known"):
        accept("guess")
    with pytest.raises(invitations.UnableToChangeInvitation, match="withdrawn already"):
        invitations.revoke_invitation(access=access, at=NOW, invitation_id=invitation.pk)


def test_sending_again_ends_the_first_link(access):
    invitation = invite(access)
    invitations.resend_invitation(access=access, at=NOW + timedelta(days=20), invitation_id=invitation.pk)
    first, second = (token_of(mail) for mail in mails())
    with pytest.raises(invitations.UnableToAcceptInvitation, match="not known"):
        accept(first)
    assert accept(second).person.email == "sanne@baken.example"
    with pytest.raises(invitations.UnableToChangeInvitation, match="accepted"):
        invitations.resend_invitation(access=access, at=NOW, invitation_id=invitation.pk)


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"name": " "}, "name"),
        ({"password": "kort"}, "password"),
        ({"password": "1234567890"}, "password"),
        ({"password": "sanne@baken.example"}, "password"),
    ],
)
def test_a_poor_answer_uses_nothing_up(access, over, field):
    invite(access)
    token = token_of(mails()[0])
    with pytest.raises(invitations.UnableToAcceptInvitation) as refusal:
        accept(token, **over)
    assert refusal.value.field == field
    assert not Person.objects.filter(email="sanne@baken.example").exists()
    accept(token)


@pytest.mark.parametrize("email", ["", "geen adres", "a@b", "two@baken.example, three@baken.example"])
def test_a_wrong_address_is_named(access, email):
    with pytest.raises(invitations.UnableToInvite) as refusal:
        invite(access, email=email)
    assert refusal.value.field == "email"
    assert not mails()


def test_a_member_or_somebody_invited_is_not_invited_twice(access, head):
    with pytest.raises(invitations.UnableToInvite, match="member already"):
        invite(access, email=head.person.email.upper())
    invite(access)
    with pytest.raises(invitations.UnableToInvite, match="has an invitation already"):
        invite(access, email="SANNE@baken.example")


def test_somebody_with_an_account_joins_a_second_organisation(access):
    person = make_person(email="sanne@baken.example")
    make_membership(person=person)
    invite(access)
    token = token_of(mails()[0])
    with pytest.raises(invitations.UnableToAcceptInvitation, match="has an account already"):
        accept(token)
    membership = invitations.join_organisation(token=token, at=NOW, person_id=person.pk)
    assert person.memberships.count() == 2
    assert membership.organisation_id == access.organisation_id


def test_a_link_is_not_for_somebody_else(access):
    invite(access)
    other = make_person()
    with pytest.raises(invitations.UnableToAcceptInvitation, match="signed in as"):
        invitations.join_organisation(token=token_of(mails()[0]), at=NOW, person_id=other.pk)


def test_only_super_users_invite(head):
    colleague = make_membership(head.organisation)
    with pytest.raises(AccessDenied):
        invite(make_access(head.organisation, person=colleague.person))


def test_rights_are_granted_and_the_trail_says_what_changed(access, head):
    colleague = make_membership(head.organisation, rights=VIEW_SALES)
    for _ in range(2):
        memberships.grant_rights(
            access=access, at=NOW, membership_id=colleague.pk, rights={Module.SALES: Level.APPROVE}, is_super_user=True
        )
    line = AuditLine.objects.across_tenants("test").get()
    assert line.changes == {"sales": ["view", "approve"], "super_user": [False, True]}
    assert (line.actor, line.label, line.person_id) == (head.person.name, colleague.person.name, head.person_id)
    colleague.refresh_from_db()
    assert colleague.rights == {"sales": 3}


def test_super_users_cannot_lower_their_own_rights_but_may_raise_them(access, head):
    def grant(rights, is_super_user=True):
        memberships.grant_rights(access=access, at=NOW, membership_id=head.pk, rights=rights, is_super_user=is_super_user)

    with pytest.raises(memberships.UnableToGrant) as refusal:
        grant(all_rights(), is_super_user=False)
    assert refusal.value.field == "is_super_user"
    with pytest.raises(memberships.UnableToGrant) as refusal:
        grant(all_rights() | {Module.SALES: Level.VIEW})
    assert refusal.value.field == "sales"
    head.rights = {"sales": 1}
    head.save()
    grant(all_rights())
    head.refresh_from_db()
    assert head.levels() == all_rights()


def test_nobody_switches_themselves_off(access, head):
    with pytest.raises(memberships.UnableToDeactivate, match="yourself"):
        memberships.deactivate_membership(access=access, at=NOW, membership_id=head.pk)


def test_switching_off_and_on_again(access, head):
    colleague = make_membership(head.organisation, rights=VIEW_SALES)
    for act in (memberships.deactivate_membership, memberships.deactivate_membership, memberships.reactivate_membership):
        act(access=access, at=NOW, membership_id=colleague.pk)
    assert verbs(head.organisation) == ["deactivate_membership", "reactivate_membership"]
    colleague.refresh_from_db()
    assert colleague.is_active
    assert colleague.rights == {"sales": 1}


def test_the_last_super_user_cannot_vanish(access, head):
    """Two super-users take each other's right: whoever comes second no longer holds theirs."""
    second = make_membership(head.organisation, super_user=True)
    memberships.grant_rights(access=access, at=NOW, membership_id=second.pk, rights={}, is_super_user=False)
    stale = make_access(head.organisation, person=second.person, super_user=True)
    for act in (
        lambda: memberships.grant_rights(access=stale, at=NOW, membership_id=head.pk, rights={}, is_super_user=False),
        lambda: memberships.deactivate_membership(access=stale, at=NOW, membership_id=head.pk),
    ):
        with pytest.raises(AccessDenied):
            act()
    assert Membership.objects.filter(organisation=head.organisation, is_super_user=True, is_active=True).count() == 1


def test_members_of_others_are_not_found(access):
    stranger = make_membership()
    with pytest.raises(memberships.UnableToGrant, match="no such member"):
        memberships.grant_rights(access=access, at=NOW, membership_id=stranger.pk, rights={}, is_super_user=False)
    with pytest.raises(memberships.UnableToDeactivate, match="no such member"):
        memberships.deactivate_membership(access=access, at=NOW, membership_id=stranger.pk)


def test_invitations_of_others_are_not_found(access):
    other = make_membership(super_user=True)
    theirs = invite(make_access(other.organisation, person=other.person, super_user=True))
    for act in (invitations.resend_invitation, invitations.revoke_invitation):
        with pytest.raises(invitations.UnableToChangeInvitation, match="no such invitation"):
            act(access=access, at=NOW, invitation_id=theirs.pk)
