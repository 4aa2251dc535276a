"""Organisations are made by the platform and changed by their own; profiles by their owner."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from dip.registry.actions import invitations, organisations, profiles
from dip.registry.models import AuditLine, Invitation, Organisation
from dip.registry.terms import AccessDenied, Role
from tests.factories.registry import NOW, make_access, make_membership, make_organisation

pytestmark = pytest.mark.django_db


def access_of(*roles, super_user=True):
    membership = make_membership(make_organisation(*roles), super_user=super_user)
    return make_access(membership.organisation, person=membership.person, super_user=super_user)


def create(access, **over):
    values = {"name": "Schouwburg  Het Baken ", "roles": [Role.THEATRE], "super_user_email": "hoofd@baken.example", "city": "Hoorn"}
    return organisations.create_organisation(access=access, at=NOW, **values | over)


def test_the_platform_makes_an_organisation_with_its_first_super_user():
    access = access_of(Role.PLATFORM)
    first, invitation = create(access)
    second, _ = create(access, name="Lichtschip", super_user_email="b@baken.example", roles=[Role.AGENCY, Role.PRODUCER])
    assert (first.name, first.roles) == ("Schouwburg Het Baken", ["theatre"])
    assert second.number == first.number + 1
    assert second.roles == ["producer", "agency"]
    assert invitation.is_super_user
    assert invitation.rights["sales"] == 3
    assert ProcrastinateJob.objects.filter(task_name="dip.registry.jobs.send_mail").count() == 2
    seen = AuditLine.objects.across_tenants("test").filter(subject_id=str(first.pk), verb="create_organisation")
    assert {line.organisation_id for line in seen} == {access.organisation_id, first.pk}


@pytest.mark.parametrize(
    ("over", "field"),
    [({"name": "  "}, "name"), ({"roles": []}, "roles"), ({"super_user_email": "geen adres"}, "email")],
)
def test_nothing_is_made_from_poor_facts(over, field):
    access = access_of(Role.PLATFORM)
    before = Organisation.objects.count()
    with pytest.raises((organisations.UnableToCreateOrganisation, invitations.UnableToInvite)) as refusal:
        create(access, **over)
    assert refusal.value.field == field
    assert Organisation.objects.count() == before
    assert not Invitation.objects.across_tenants("test").exists()


def test_a_repeat_is_refused():
    access = access_of(Role.PLATFORM)
    create(access)
    with pytest.raises(organisations.UnableToCreateOrganisation, match="exists already"):
        create(access, name="schouwburg het BAKEN")


@pytest.mark.parametrize(("roles", "super_user"), [([Role.PLATFORM], False), ([Role.THEATRE], True)])
def test_only_the_platforms_super_user_makes_organisations(roles, super_user):
    access = access_of(*roles, super_user=super_user)
    with pytest.raises(AccessDenied):
        create(access)
    with pytest.raises(AccessDenied):
        invitations.invite_super_user(access=access, at=NOW, organisation_id=access.organisation_id, email="a@baken.example")


def change(access, organisation_id, **over):
    values = {"name": "Nieuwe Naam", "city": "Hoorn", "email": "post@baken.example"}
    return organisations.change_organisation(access=access, at=NOW, organisation_id=organisation_id, **values | over)


def test_a_super_user_changes_their_own_facts_once():
    access = access_of(Role.THEATRE)
    for _ in range(2):
        change(access, access.organisation_id)
    line = AuditLine.objects.across_tenants("test").get()
    assert line.changes["name"][1] == "Nieuwe Naam"
    assert Organisation.objects.get(pk=access.organisation_id).city == "Hoorn"


@pytest.mark.parametrize("over", [{"roles": [Role.PLATFORM]}, {"is_member": True}])
def test_roles_and_fee_are_the_platforms(over):
    access = access_of(Role.THEATRE)
    with pytest.raises(AccessDenied):
        change(access, access.organisation_id, **over)
    with pytest.raises(AccessDenied):
        change(access, make_organisation().pk)


def test_the_platform_changes_roles_and_fee_of_others():
    access, other = access_of(Role.PLATFORM), make_organisation(Role.PRODUCER)
    change(access, other.pk, roles=[Role.PRODUCER, Role.AGENCY], is_member=False)
    other.refresh_from_db()
    assert (other.roles, other.is_member) == (["producer", "agency"], False)
    assert AuditLine.objects.across_tenants("test").filter(organisation=other).count() == 1
    with pytest.raises(organisations.UnableToChangeOrganisation, match="keeps the role"):
        change(access, access.organisation_id, roles=[Role.FUNDER])
    with pytest.raises(AccessDenied):
        change(access, 10**9)


def test_the_platform_invites_a_super_user_where_one_was_lost():
    access, other = access_of(Role.PLATFORM), make_organisation()
    made = invitations.invite_super_user(access=access, at=NOW, organisation_id=other.pk, email="nieuw@vlonder.example")
    assert (made.organisation, made.is_super_user) == (other, True)
    with pytest.raises(invitations.UnableToInvite, match="no such organisation"):
        invitations.invite_super_user(access=access, at=NOW, organisation_id=10**9, email="nieuw@vlonder.example")


def test_people_change_their_own_profile():
    membership = make_membership()
    access = make_access(membership.organisation, person=membership.person)
    for _ in range(2):
        profiles.change_profile(access=access, at=NOW, name=" Noor  de Wit", language="fr")
    membership.person.refresh_from_db()
    assert (membership.person.name, membership.person.language) == ("Noor de Wit", "fr")
    assert AuditLine.objects.across_tenants("test").count() == 1
    for bad, field in (({"name": "", "language": "nl"}, "name"), ({"name": "Noor", "language": "xx"}, "language")):
        with pytest.raises(profiles.UnableToChangeProfile) as refusal:
            profiles.change_profile(access=access, at=NOW, **bad)
        assert refusal.value.field == field
