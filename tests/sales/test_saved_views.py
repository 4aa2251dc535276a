"""Saved views: whose they are, how they are changed, and the one with which the Sales Monitor opens."""

import pytest
from django.urls import reverse

from dip.registry.terms import Level, Module, Role
from dip.sales.actions import sharing as actions
from dip.sales.models import FirstView, SavedView
from dip.sales.queries import sharing as queries
from tests.factories.registry import make_access, make_client_login, make_person
from tests.sales.asking import LOOKS, person_in
from tests.sales.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SEASON = "/sales/"


def text(response) -> str:
    return response.content.decode()


def test_a_view_is_ones_own_until_it_is_shared(house):
    producer, _, stranger, _ = house
    access, colleague = person_in(producer), person_in(producer)
    row = actions.save_view(access=access, at=NOW, name="Per theater", address="/sales/?by=theatre")
    assert [view.name for view in queries.views(access)] == ["Per theater"]
    assert queries.views(colleague) == []
    actions.change_view(access=access, at=NOW, view_id=row.pk, name="Per huis", is_shared=True)
    (seen,) = queries.views(colleague)
    assert (seen.name, seen.is_own) == ("Per huis", False)
    assert queries.views(person_in(stranger, Role.PRODUCER)) == []
    for act, more in (("change_view", {"name": "x", "is_shared": True}), ("delete_view", {})):
        with pytest.raises(actions.UnableToSaveView):
            getattr(actions, act)(access=colleague, at=NOW, view_id=row.pk, **more)


def test_a_name_once_and_a_repeat_replaces(house):
    access = person_in(house[0])
    first = actions.save_view(access=access, at=NOW, name="Per theater", address="/sales/?by=theatre")
    again = actions.save_view(access=access, at=NOW, name=" Per  theater ", address="/sales/")
    assert (again.pk, again.address) == (first.pk, "/sales/")
    other = actions.save_view(access=access, at=NOW, name="Iets", address="/sales/")
    with pytest.raises(actions.UnableToSaveView, match="already"):
        actions.change_view(access=access, at=NOW, view_id=other.pk, name="Per theater", is_shared=False)
    with pytest.raises(actions.UnableToSaveView, match="name"):
        actions.save_view(access=access, at=NOW, name="  ", address="/sales/")


def test_the_monitor_opens_with_the_chosen_view(client, house):
    producer = house[0]
    member = make_client_login(client, producer)
    start = reverse("sales-start")
    assert client.get(start)["Location"] == SEASON
    data = {"name": "Per theater", "address": "/sales/?by=theatre&rows=99", "is_first": "on", "is_shared": "on"}
    page = text(client.post(reverse("sales-view-save"), data, follow=True))
    assert "“Per theater” is saved." in page
    assert '<a href="/sales/?by=theatre" aria-current="page">Per theater</a>' in page
    assert client.get(start)["Location"] == "/sales/?by=theatre"
    colleague = person_in(producer)
    view = SavedView.objects.within(colleague).get()
    actions.set_first_view(access=colleague, at=NOW, view_id=view.pk)
    owner = make_access(producer, person=member.person)
    actions.change_view(access=owner, at=NOW, view_id=view.pk, name="Per theater", is_shared=False)
    assert queries.first_address(colleague) == ""
    assert FirstView.objects.within(owner).count() == 1
    client.post(reverse("sales-view-change", args=[view.pk]), {"do": "not-first"})
    assert client.get(start)["Location"] == SEASON
    client.post(reverse("sales-view-change", args=[view.pk]), {"do": "delete"})
    assert SavedView.objects.within(owner).count() == 0


def test_only_pages_of_figures_are_saved(client, house):
    make_client_login(client, house[0])
    for address in ("https://elders.example/", "/organisation/people", "/sales/alerts/", "/sales/links/new"):
        assert client.post(reverse("sales-view-save"), {"name": "x", "address": address}).status_code == 404
    for address in ("/sales/reconciliation/", "/sales/targets/"):
        assert client.post(reverse("sales-view-save"), {"name": address, "address": address}).status_code == 302


@pytest.mark.parametrize("name", ["sales-start", "sales-views", "sales-links"])
def test_who_opens_the_lists(client, house, name):
    make_client_login(client, house[0], rights=LOOKS)
    assert client.get(reverse(name), follow=True).status_code == 200
    make_client_login(client, house[0], rights={Module.PROGRAMME: Level.APPROVE}, person=make_person())
    assert client.get(reverse(name)).status_code == 403
    client.logout()
    assert client.get(reverse(name)).status_code == 302


def test_pinned_views_cost_one_query(client, house, django_assert_max_num_queries):
    member = make_client_login(client, house[0])
    access = make_access(house[0], person=member.person)

    def count() -> int:
        client.get(SEASON)
        with django_assert_max_num_queries(15) as found:
            client.get(SEASON)
        return len(found)

    before = count()
    for n in range(3):
        actions.save_view(access=access, at=NOW, name=f"Blik {n}", address="/sales/?by=theatre", is_shared=n == 1)
    assert count() == before
