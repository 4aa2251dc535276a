"""Pages of connections: owner, colleague without the right, stranger, platform; and setting one up."""

import re

import pytest
from django.urls import reverse

from dip.registry.models import AuditLine
from dip.registry.sealed import unseal
from dip.registry.terms import Level, Module, Role
from dip.ticketing.actions.connections import PURPOSE, create_connection
from dip.ticketing.models import Connection, SourceKind
from tests.factories.registry import make_access, make_client_login, make_organisation
from tests.ticketing.connectors.conftest import house, till  # noqa: F401
from tests.ticketing.connectors.house import ALL, sales
from tests.ticketing.connectors.till import Failure

pytestmark = pytest.mark.django_db
LIST = reverse("ticketing-connections")
NEW = reverse("ticketing-connection-new", args=["pretix"])
MANAGE, VIEW = {Module.SALES: Level.MANAGE}, {Module.SALES: Level.VIEW}
PAGES = ("ticketing-connection", "ticketing-connection-performances", "ticketing-connection-kinds", "ticketing-connection-history")


def page(name, connection, *more):
    return reverse(name, args=[connection.pk, *more])


def text_of(response, status=200):
    assert response.status_code == status, response.content.decode()[:2000]
    return re.sub(r"\s+", " ", response.content.decode())


def typed(till, **over):  # noqa: F811
    return {
        "name": "Kassa",
        "address": till.address,
        "account": till.account,
        "secret": till.token,
        "sealed": "",
        "act": "test",
    } | over


# --- setting up ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def newcomer(client, till):  # noqa: F811
    organisation = make_organisation(Role.THEATRE)
    make_client_login(client, organisation, rights=MANAGE)
    return organisation


def test_without_a_connection_the_three_ways_are_told(client, newcomer):
    text = text_of(client.get(LIST))
    assert NEW in text
    assert "How to call the API" in text
    assert "fill in a spreadsheet" in text


def test_a_test_tells_what_was_found_and_keeps_nothing(client, newcomer, till):  # noqa: F811
    till.add_date(till.now.replace(year=till.now.year + 1), dip_id="nonsense")
    till.open_also = {"customers/"}
    text = text_of(client.post(NEW, typed(till)))
    for told in ("pretix 2026.8.0", "Theater De Vlonder", "customer accounts", "DIP-ids that do not hold"):
        assert told in text
    assert till.token not in text
    assert not Connection.objects.across_tenants(ALL).exists()
    sealed = re.search(r'name="sealed" value="([^"]+)"', text)[1]
    text_of(client.post(NEW, typed(till, secret="", sealed=sealed, act="keep")), 302)
    connection = Connection.objects.across_tenants(ALL).get()
    assert (connection.organisation_id, connection.name) == (newcomer.pk, "Kassa")
    assert unseal(connection.sealed_secret, PURPOSE) == till.token
    text = text_of(client.get(page("ticketing-connection", connection)))
    assert till.token not in text
    assert sealed not in text


@pytest.mark.parametrize(
    ("over", "told"),
    [
        ({"secret": "wrong"}, "refuses the token"),
        ({"account": "anders"}, "does not answer at this address, or does not know the account"),
        ({"address": "ftp://x"}, "is no address of the form"),
        ({"secret": ""}, "Paste the token"),
        ({"account": ""}, "This field is required"),
        ({"secret": "", "sealed": "broken"}, "Paste the token"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_kept(client, newcomer, till, over, told):  # noqa: F811
    assert told in text_of(client.post(NEW, typed(till, act="keep", **over)), 400)
    assert not Connection.objects.across_tenants(ALL).exists()


def test_a_missing_right_keeps_it_from_being_connected(client, newcomer, till):  # noqa: F811
    till.forbidden = {"events/trein/orders/"}
    assert "view orders" in text_of(client.post(NEW, typed(till, act="keep")), 400)
    assert not Connection.objects.across_tenants(ALL).exists()


def test_a_sealed_token_of_another_organisation_opens_nothing(client, newcomer, till):  # noqa: F811
    sealed = re.search(r'name="sealed" value="([^"]+)"', text_of(client.post(NEW, typed(till))))[1]
    client.logout()
    make_client_login(client, make_organisation(Role.THEATRE), rights=MANAGE)
    assert "Paste the token" in text_of(client.post(NEW, typed(till, secret="", sealed=sealed)), 400)


def test_the_same_account_is_connected_once(client, newcomer, till):  # noqa: F811
    text_of(client.post(NEW, typed(till, act="keep")), 302)
    assert "connected already" in text_of(client.post(NEW, typed(till, act="keep")), 400)
    assert Connection.objects.across_tenants(ALL).count() == 1


# --- who ----------------------------------------------------------------------------------------------------------------------


def test_the_theatre_sees_its_own_and_changes_it(client, house):  # noqa: F811
    make_client_login(client, house.organisation, rights=MANAGE)
    house.read()
    assert "Kassa" in text_of(client.get(LIST))
    for name in PAGES:
        text_of(client.get(page(name, house.connection)))
    assert "/ticketing/hooks/" in text_of(client.get(page("ticketing-connection", house.connection)))


def test_a_colleague_with_the_right_to_view_changes_nothing(client, house):  # noqa: F811
    make_client_login(client, house.organisation, rights=VIEW)
    for name in PAGES:
        text = text_of(client.get(page(name, house.connection)))
        assert "/ticketing/hooks/" not in text
        assert 'class="btn primary"' not in text
    assert client.get(NEW).status_code == 403
    assert client.get(page("ticketing-connection-change", house.connection)).status_code == 403
    assert client.post(page("ticketing-connection-kinds", house.connection), {}).status_code == 403
    assert client.post(page("ticketing-connection-decide", house.connection), {}).status_code == 403
    assert client.post(page("ticketing-connection-act", house.connection, "remove")).status_code == 403
    assert house.fresh()


def test_a_colleague_without_the_right_and_strangers_see_nothing(client, house):  # noqa: F811
    make_client_login(client, house.organisation, rights={Module.PROGRAMME: Level.APPROVE})
    assert {client.get(page(name, house.connection)).status_code for name in PAGES} == {403}
    for role in (Role.THEATRE, Role.PRODUCER, Role.ASSOCIATION):
        client.logout()
        make_client_login(client, make_organisation(role))
        assert {client.get(page(name, house.connection)).status_code for name in PAGES} == {404}
        assert "Kassa" not in text_of(client.get(LIST))
        for act in ("read", "pause", "remove"):
            assert client.post(page("ticketing-connection-act", house.connection, act)).status_code == 404
    assert house.fresh().is_paused is False


def test_the_platform_sees_who_is_silent_and_changes_nothing(client, house):  # noqa: F811
    house.till.failures = [Failure(500)] * 3
    house.read()
    make_client_login(client, make_organisation(Role.PLATFORM))
    text = text_of(client.get(LIST))
    assert house.organisation.name in text
    assert "Cannot be read" in text
    assert "1 connection cannot be read" in text
    assert client.post(page("ticketing-connection-act", house.connection, "remove")).status_code == 403


# --- acts ---------------------------------------------------------------------------------------------------------------------


def test_pausing_resuming_renaming_another_token_and_removing(client, house):  # noqa: F811
    make_client_login(client, house.organisation, rights=MANAGE)
    act = lambda name: client.post(page("ticketing-connection-act", house.connection, name))  # noqa: E731
    assert act("pause").status_code == act("pause").status_code == 302
    assert house.fresh().is_paused
    assert "Resume" in text_of(client.get(page("ticketing-connection", house.connection)))
    act("resume")
    assert not house.fresh().is_paused
    change = page("ticketing-connection-change", house.connection)
    assert client.post(change, {"act": "rename", "name": "Grote kassa"}).status_code == 302
    assert client.post(change, {"act": "token", "secret": "another"}).status_code == 302
    assert (house.fresh().name, unseal(house.fresh().sealed_secret, PURPOSE)) == ("Grote kassa", "another")
    assert client.post(change, {"act": "rename", "name": " "}).status_code == 400
    assert act("read").status_code == 302
    assert act("burn").status_code == 404
    assert act("remove")["Location"] == LIST
    assert not Connection.objects.across_tenants(ALL).exists()
    verbs = list(AuditLine.objects.across_tenants(ALL).order_by("id").values_list("verb", flat=True))
    assert verbs == [
        "connect_system", "pause_connection", "resume_connection", "rename_connection", "replace_token", "remove_connection",
    ]  # fmt: skip


def test_figures_stay_when_a_connection_is_removed(client, house):  # noqa: F811
    performance = house.performance()
    house.till.order(house.date_of(performance), 1)
    house.read()
    make_client_login(client, house.organisation, rights=MANAGE)
    client.post(page("ticketing-connection-act", house.connection, "remove"))
    assert sales(performance).sold == 1


def test_proposals_are_confirmed_refused_linked_and_unlinked(client, house):  # noqa: F811
    first, second = house.performance(20), house.performance(21, title="Iets heel anders")
    house.date_of(first, with_id=False)
    house.date_of(second, with_id=False)
    house.read()
    make_client_login(client, house.organisation, rights=MANAGE)
    shown = page("ticketing-connection-performances", house.connection)
    decide = page("ticketing-connection-decide", house.connection)
    text = text_of(client.get(shown))
    assert "100 % alike" in text
    assert "Confirm the ticked ones" in text
    client.post(decide, {"which": "proposed", "ref": ["trein/1", "trein/2", "nonsense"]})
    assert house.event("trein/1").performance_id == first.pk
    assert house.event("trein/2").performance_id is None
    text = text_of(client.post(decide, {"which": "unknown", "link": "trein/2", "number-trein/2": "x"}, follow=True))
    assert "is no number" in text
    text = text_of(client.post(decide, {"link": "trein/2", "number-trein/2": str(first.pk)}, follow=True))
    assert "gets its figures from another performance" in text
    client.post(decide, {"link": "trein/2", "number-trein/2": f"{second.production.dip_id}|{second.pk}"})
    assert house.event("trein/2").performance_id == second.pk
    client.post(decide, {"unlink": "trein/2"})
    assert (house.event("trein/2").performance_id, house.event("trein/2").refused) == (None, [second.pk])
    assert client.post(decide, {"refuse": "nowhere"}).status_code == 404
    stranger = make_organisation(Role.THEATRE)
    client.logout()
    make_client_login(client, stranger)
    assert client.post(decide, {"confirm": "trein/1"}).status_code == 404


def test_kinds_are_saved_once_for_all(client, house):  # noqa: F811
    performance = house.performance()
    house.till.order(house.date_of(performance), 1, 2)
    house.read()
    make_client_login(client, house.organisation, rights=MANAGE)
    kinds = page("ticketing-connection-kinds", house.connection)
    assert "2 are guesses from their names" in text_of(client.get(kinds))
    client.post(kinds, {"kind-Normaal": "normal", "kind-CJP": "other", "kind-Nieuw": "free"})
    found = {one.name: (one.kind, one.is_guess) for one in SourceKind.objects.across_tenants(ALL)}
    assert found == {"Normaal": ("normal", False), "CJP": ("other", False)}
    assert not re.search(r">\s*guess\s*<", text_of(client.get(kinds)))
    assert "no national kind" in text_of(client.post(kinds, {"kind-CJP": "vip"}, follow=True))


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_pages_come_in_the_readers_language(client, house, language):  # noqa: F811
    performance = house.performance()
    house.date_of(performance, with_id=False)
    house.till.failures = []
    house.read()
    make_client_login(client, house.organisation, rights=MANAGE, language=language)
    for name in PAGES:
        text = text_of(client.get(page(name, house.connection)))
        for english in ("How it does", "Last success", "Which readings", "Counts as", "In your ticketing system"):
            assert english not in text


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(client, house, django_assert_num_queries, count):  # noqa: F811
    for number in range(count):
        house.date_of(house.performance(20 + number), with_id=False)
        if number:
            create_connection(
                access=house.access, at=house.now(), vendor="pretix", name="", address=house.till.address,
                account=f"more{number}", secret="x",
            )  # fmt: skip
    house.read()
    make_client_login(client, house.organisation, rights=MANAGE)
    client.get(LIST)
    with django_assert_num_queries(4):  # session, person, access, connections
        client.get(LIST)
    with django_assert_num_queries(6):  # session, person, access, connection, counts, performances
        client.get(page("ticketing-connection-performances", house.connection))
    with django_assert_num_queries(9):  # … counts, remarks, kinds and their tickets, readings
        client.get(page("ticketing-connection", house.connection))


def test_a_system_without_webhooks_promises_none(client, newcomer, till):  # noqa: F811
    made = create_connection(
        access=make_access(newcomer, Role.THEATRE), at=till.now, vendor="tixly", name="Kassa", address=till.address, account="vlonder",
        secret="a-token",
    )  # fmt: skip
    text = text_of(client.get(page("ticketing-connection", made)))
    assert "webhook" not in text
    assert "Tixly" in text_of(client.get(LIST))
