"""The access of a request: which organisation, which role, what it is worth."""

import pytest
from django.urls import reverse

from dip.registry.guard import ROLE_KEY, page_access
from dip.registry.rules import effective_rights
from dip.registry.scope import OwnedManager, Unscoped
from dip.registry.terms import Level, Module, Role
from tests.factories.registry import all_rights, make_client_login, make_membership, make_organisation, make_person

FULL = {module.value: 3 for module in Module}


@pytest.mark.parametrize(
    ("role", "roles", "is_member", "level"),
    [
        (Role.PRODUCER, ["producer"], True, Level.APPROVE),
        (Role.PRODUCER, ["producer"], False, Level.VIEW),
        (Role.AGENCY, ["producer", "agency"], False, Level.VIEW),
        (Role.AGENCY, ["agency"], False, Level.APPROVE),
        (Role.THEATRE, ["theatre"], False, Level.APPROVE),
        (Role.THEATRE, ["producer", "theatre"], False, Level.APPROVE),
    ],
)
def test_what_rights_are_worth(role, roles, is_member, level):
    assert effective_rights(FULL, role, roles, is_member) == dict.fromkeys(Module, level)


def test_a_missing_right_is_none_and_view_stays_view():
    rights = effective_rights({"sales": 1}, Role.PRODUCER, ["producer"], False)
    assert (rights[Module.SALES], rights[Module.PROGRAMME]) == (Level.VIEW, Level.NONE)


@pytest.mark.django_db
def test_a_producer_without_fee_only_reads_on_pages(client, rf):
    membership = make_client_login(client, make_organisation(Role.PRODUCER, is_member=False), super_user=True)
    request = rf.get("/")
    request.user, request.session = membership.person, {}
    access = page_access(request)
    assert access.allows(Module.PROGRAMME, Level.VIEW)
    assert not access.allows(Module.PROGRAMME, Level.MANAGE)
    assert access.is_super_user
    assert "pays no fee" in client.get(reverse("registry-organisation")).content.decode()


@pytest.mark.django_db
def test_switching_between_organisations_and_roles(client):
    person = make_person(language="en")
    both, other = make_organisation(Role.PRODUCER, Role.THEATRE), make_organisation(Role.AGENCY)
    make_membership(other, person, rights={Module.SALES: Level.VIEW})
    make_client_login(client, both, Role.PRODUCER, person=person)
    page = reverse("registry-organisation")

    def switch(organisation, role):
        return client.post(reverse("registry-switch"), {"organisation": organisation.pk, "role": role})

    assert client.get(page).context["access"].role is Role.PRODUCER
    assert switch(both, "theatre").status_code == 302
    assert client.get(page).context["access"].role is Role.THEATRE
    switch(other, "agency")
    access = client.get(page).context["access"]
    assert (access.organisation_id, access.role, access.rights[Module.PROGRAMME]) == (other.pk, Role.AGENCY, Level.NONE)
    assert switch(make_organisation(), "producer").status_code == 404
    assert switch(other, "theatre").status_code == 404
    assert client.post(reverse("registry-switch"), {"organisation": "x"}).status_code == 404
    assert client.get(reverse("registry-switch")).status_code == 405


@pytest.mark.django_db
def test_a_role_that_was_given_up_falls_back(client):
    both = make_organisation(Role.PRODUCER, Role.THEATRE)
    make_client_login(client, both, Role.THEATRE)
    both.roles = ["producer"]
    both.save()
    assert client.session[ROLE_KEY] == "theatre"
    assert client.get(reverse("registry-organisation")).context["access"].role is Role.PRODUCER


@pytest.mark.django_db
def test_a_membership_that_is_switched_off_shuts_out_at_once(client):
    membership = make_client_login(client)
    assert client.get(reverse("registry-organisation")).status_code == 200
    membership.is_active = False
    membership.save()
    assert client.get(reverse("registry-organisation")).status_code == 403


@pytest.mark.django_db
def test_a_person_who_is_switched_off_is_signed_out(client):
    membership = make_client_login(client)
    membership.person.is_active = False
    membership.person.save()
    assert client.get(reverse("registry-organisation")).status_code == 302


def owned_models():
    from django.apps import apps

    return [model for model in apps.get_models() if isinstance(getattr(model, "objects", None), OwnedManager)]


@pytest.mark.parametrize("model", owned_models(), ids=lambda model: model.__name__)
@pytest.mark.parametrize(
    "read",
    [
        "all",
        "count",
        "exists",
        "first",
        "last",
        "get",
        "filter",
        "exclude",
        "values",
        "values_list",
        "order_by",
        "aggregate",
        "annotate",
        "update",
        "iterator",
        "in_bulk",
        "get_or_create",
        "update_or_create",
        "select_related",
        "only",
        "none",
    ],
)
def test_owned_tables_refuse_every_read_without_a_scope(model, read):
    with pytest.raises(Unscoped):
        getattr(model.objects, read)()


@pytest.mark.parametrize("model", owned_models(), ids=lambda model: model.__name__)
def test_reading_across_tenants_needs_a_reason(model):
    with pytest.raises(Unscoped):
        model.objects.across_tenants("")


@pytest.mark.django_db
def test_all_rights_covers_every_module():
    assert set(all_rights()) == set(Module)
