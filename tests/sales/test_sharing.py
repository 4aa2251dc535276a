"""Links: what a visitor gets, what a visitor never gets, when it ends, and who sees that it is there."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from dip.registry.models import AuditLine, Membership
from dip.registry.terms import AccessDenied, Level, Module, Role
from dip.sales.actions import sharing as actions
from dip.sales.actions.targets import set_targets
from dip.sales.models import ShareLink, ShareOpening
from dip.sales.queries import sharing as queries
from dip.sales.rules.visitors import agent_of, clean_address, network_of, question_of
from dip.sales.terms import Goal, GoalEntry, Origin
from tests.factories.registry import make_access, make_client_login, make_membership, make_organisation, make_person
from tests.sales import cast
from tests.sales.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LOOKS = {Module.SALES: Level.VIEW}
SEASON = "/sales/"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def client(client):
    """A visitor who reads English."""
    client.cookies["django_language"] = "en"
    return client


def text(response) -> str:
    return response.content.decode()


def person_in(organisation, role=None, **more):
    person = make_person(name=more.pop("name", "Noor Dijkema"))
    make_membership(organisation, person, **more)
    rights = more.get("rights")
    return make_access(organisation, role, person=person, rights=rights, super_user=more.get("super_user", False))


def tour(performance) -> str:
    return reverse("sales-production", args=[performance.production.dip_id])


def share(access, address=SEASON, days=7, at=NOW, **more):
    row, token = actions.make_link(access=access, at=at, address=address, title="Zeven Dagen Vloed", days=days, **more)
    return row, reverse("sales-shared", args=[token])


# --- what a link shows ------------------------------------------------------------------------------------------------------------


def test_a_visitor_reads_the_page_and_nothing_else(client, house):
    producer, _, _, performances = house
    access = person_in(producer)
    _, link = share(access, tour(performances[0]))
    answer = client.get(link)
    page = text(answer)
    assert answer.status_code == 200
    assert "442" in page
    assert "Noor Dijkema, " + producer.name in page
    hrefs = set(re.findall(r'(?:href|hx-get|action)="([^"]+)"', page.split("<body")[1]))
    assert hrefs
    assert {href for href in hrefs if not href.startswith((link, "#"))} == set()
    assert "<form" not in page
    assert "Save or share" not in page
    assert "hx-headers" not in page
    assert answer["X-Robots-Tag"].startswith("noindex")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert '<meta name="robots" content="noindex' in page
    assert not answer.cookies


def test_its_files_go_with_it(client, house):
    producer, _, _, performances = house
    _, link = share(person_in(producer), tour(performances[0]))
    for name in ("export.xlsx", "curve.csv"):
        assert client.get(link + name).status_code == 200
    for name in ("targets", "options", "secret.txt", "..%2fexport.xlsx", "export.xlsx/", "reconciliation.csv"):
        assert client.get(link + name).status_code == 404


def test_the_sharers_targets_are_not_shown(client, house):
    producer, _, _, performances = house
    access = person_in(producer)
    set_targets(access=access, at=NOW, entries=[GoalEntry(performances[0].number, Goal(1999))], origin=Origin.TYPED)
    _, link = share(access, tour(performances[0]))
    assert "1,999" not in text(client.get(link))


def test_a_question_cannot_be_widened(client, house):
    producer, _, _, performances = house
    (other,) = cast.make_tour(producer, [None], NOW, title="Nachttrein")
    cast.sell(other, NOW, 5)
    _, link = share(person_in(producer), "/sales/?q=vloed&season=2026")
    page = text(client.get(link, {"q": "", "season": "2025", "by": "theatre", "known": "2026-11-22T07:10", "genre": "1"}))
    assert "Season 2026–27" in page
    assert "Zeven Dagen Vloed" in page
    assert 'd-venue"><strong>Nachttrein' not in re.sub(r"<span>|</span>", "", page)
    assert "You look at the state of" not in page
    assert client.get(link + "export.xlsx").status_code == 404  # the workbook holds more than the filtered list
    assert performances[0].production.title in page


def test_a_visitor_may_choose_what_the_sharer_left_open(client, house):
    producer, _, _, performances = house
    _, link = share(person_in(producer), tour(performances[0]))
    assert "Tickets sold on tour, by date" in text(client.get(link, {"scope": "tour-date"}))
    number = performances[1].number
    assert performances[1].theatre.city in text(client.get(link, {"performance": number}))
    _, fixed = share(person_in(producer), tour(performances[0]) + "?scope=tour-days")
    assert "by days before" in text(client.get(fixed, {"scope": "performance"})).split("<figcaption>")[1][:200]


def test_an_earlier_state_stays_earlier(client, house):
    producer, _, _, performances = house
    _, link = share(person_in(producer), tour(performances[0]) + "?known=2026-11-22T07:10")
    page = text(client.get(link))
    assert '<div class="val">420</div>' in page
    assert "Figures as known on" in page
    assert '<div class="val">420</div>' in text(client.get(link, {"known": ""}))


def test_another_performance_is_not_reached(client, house):
    producer, _, _, performances = house
    _, link = share(person_in(producer), reverse("sales-performance", args=[performances[0].number]))
    page = text(client.get(link, {"performance": performances[1].number}))
    assert performances[1].theatre.city not in page
    assert client.get(f"{link}{performances[1].number}").status_code == 404


def test_a_signed_in_visitor_sees_it_as_shared(client, house):
    producer, _, stranger, performances = house
    _, link = share(person_in(producer), tour(performances[0]))
    make_client_login(client, stranger)
    page = text(client.get(link))
    assert "442" in page
    assert stranger.name not in page
    assert client.get(tour(performances[0])).status_code == 404


@pytest.mark.parametrize(
    "name", ["sales-season", "sales-production", "sales-performance", "sales-theatre", "sales-region", "sales-compare"]
)
def test_every_page_of_figures_can_be_shared(client, house, name):
    producer, theatre, _, performances = house
    args = {"sales-production": [performances[0].production.dip_id], "sales-performance": [performances[0].number]}.get(name, [])
    owner, role = (theatre, Role.THEATRE) if name == "sales-theatre" else (producer, Role.PRODUCER)
    _, link = share(person_in(owner, role), reverse(name, args=args))
    answer = client.get(link)
    assert answer.status_code == 200
    hrefs = set(re.findall(r'(?:href|hx-get)="([^"]+)"', text(answer).split("<body")[1]))
    assert {href for href in hrefs if not href.startswith((link, "#"))} == set()


# --- when it ends -----------------------------------------------------------------------------------------------------------------


def test_it_ends_with_its_time(client, house, monkeypatch):
    from dip.kernel import clock

    _, link = share(person_in(house[0]), days=7)
    assert client.get(link).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=7))
    answer = client.get(link)
    assert answer.status_code == 404
    assert "This link no longer works" in text(answer)


def test_it_ends_when_it_is_revoked(client, house):
    access = person_in(house[0])
    row, link = share(access)
    actions.revoke_link(access=access, at=NOW, link_id=row.pk)
    actions.revoke_link(access=access, at=NOW, link_id=row.pk)
    assert client.get(link).status_code == 404
    assert client.get(link + "export.xlsx").status_code == 404
    assert AuditLine.objects.within(access).filter(verb="revoke_link").count() == 1


@pytest.mark.parametrize("change", [{"is_active": False}, {"rights": {"programme": 3}}])
def test_it_ends_with_the_right_of_who_shared_it(client, house, change):
    access = person_in(house[0])
    _, link = share(access)
    assert client.get(link).status_code == 200
    Membership.objects.filter(person_id=access.person_id).update(**change)
    assert client.get(link).status_code == 404


def test_it_ends_with_the_role_and_with_the_production(client, house):
    producer, _, _, performances = house
    _, link = share(person_in(producer), tour(performances[0]))
    production = performances[0].production
    production.producer = make_organisation(Role.PRODUCER)
    production.save()
    assert client.get(link).status_code == 404
    _, other = share(person_in(producer))
    producer.roles = [Role.THEATRE.value]
    producer.save()
    assert client.get(other).status_code == 404


def test_guessing_is_slowed_down(client, house):
    _, link = share(person_in(house[0]))
    for n in range(20):
        assert client.get(reverse("sales-shared", args=[f"{n:040x}"])).status_code == 404
    assert client.get(link).status_code == 429


def test_the_table_alone_opens_nothing(house):
    row, link = share(person_in(house[0]))
    token = link.strip("/").split("/")[-1]
    stored = ShareLink.objects.across_tenants("a test").filter(pk=row.pk).values().get()
    assert token not in str(stored)
    assert len(token) == 40
    assert queries.token_of(row.salt) == token  # with the platform's key


# --- who sees that it is there ----------------------------------------------------------------------------------------------------


def test_every_opening_is_kept_coarsely(client, house):
    producer, _, stranger, performances = house
    access = person_in(producer)
    row, link = share(access, tour(performances[0]))
    client.get(link, headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}, REMOTE_ADDR="192.0.2.77")
    client.get(link + "curve.csv", REMOTE_ADDR="192.0.2.78")
    found = queries.openings(access, row.pk)
    assert [(one.network, one.agent, one.part) for one in found] == [
        ("192.0.2.0/24", "", "curve.csv"), ("192.0.2.0/24", "Firefox, Windows", "page"),
    ]  # fmt: skip
    assert ShareOpening.objects.within(person_in(producer)).count() == 0
    assert ShareOpening.objects.within(person_in(producer, super_user=True)).count() == 2
    assert ShareOpening.objects.within(person_in(stranger, Role.PRODUCER, super_user=True)).count() == 0


def test_owner_colleague_super_user_and_stranger(client, house):
    producer, _, stranger, _ = house
    owner = make_client_login(client, producer, super_user=False)
    access = make_access(producer, person=owner.person)
    row, link = share(access, label="Regisseur")
    listing, page = reverse("sales-links"), reverse("sales-link", args=[row.pk])
    assert "Regisseur" in text(client.get(listing))
    assert link in text(client.get(page))
    make_client_login(client, producer, person=make_person())
    assert "Regisseur" not in text(client.get(listing))
    assert client.get(page).status_code == 404
    assert client.post(reverse("sales-link-revoke", args=[row.pk])).status_code == 404
    make_client_login(client, stranger, super_user=True)
    assert client.get(page).status_code == 404
    assert client.post(reverse("sales-link-revoke", args=[row.pk])).status_code == 404
    make_client_login(client, producer, super_user=True, person=make_person())
    assert "Regisseur" in text(client.get(listing))
    assert link not in text(client.get(page))  # only who made it copies its address
    assert client.post(reverse("sales-link-revoke", args=[row.pk])).status_code == 302
    assert ShareLink.objects.within(access).get().revoked_at == NOW


def test_made_from_the_page(client, house):
    producer, _, _, performances = house
    make_client_login(client, producer)
    address = tour(performances[0]) + "?which=coming&rows=50"
    page = text(client.get(reverse("sales-link-new"), {"address": address}))
    assert "Share “Zeven Dagen Vloed”" in page
    answer = client.post(reverse("sales-link-new"), {"address": address, "days": "30", "label": "Pers"}, follow=True)
    row = ShareLink.objects.across_tenants("a test").get()
    assert row.address == tour(performances[0]) + "?which=coming"
    assert row.expires_at == NOW + timedelta(days=30)
    assert f"/shared/{queries.token_of(row.salt)}/" in text(answer)
    assert client.post(reverse("sales-link-new"), {"address": address, "days": "91"}).status_code == 400


@pytest.mark.parametrize("address", [
    "", "/", "https://elders.example/sales/", "//elders.example/sales/", "/organisation/people", "/sales/alerts/", "/sales/export.xlsx",
    "/sales/targets/", "/sales/links/", "/sales/productions/none/", "/sales/../organisation/",
])  # fmt: skip
def test_only_pages_of_ones_own_figures_can_be_shared(client, house, address):
    make_client_login(client, house[0])
    assert client.get(reverse("sales-link-new"), {"address": address}).status_code == 404
    assert client.post(reverse("sales-link-new"), {"address": address, "days": 7}).status_code == 404


def test_another_organisations_page_cannot_be_shared(client, house):
    make_client_login(client, house[2])
    assert client.get(reverse("sales-link-new"), {"address": tour(house[3][0])}).status_code == 404


def test_limits_of_a_link(house):
    access = person_in(house[0])
    for days in (0, 91):
        with pytest.raises(actions.UnableToShare, match="from 1 to 90"):
            share(access, days=days)
    with pytest.raises(AccessDenied):
        share(person_in(house[0], rights={Module.PROGRAMME: Level.APPROVE}))
    with pytest.raises(AccessDenied):
        share(make_access(house[0]))


# --- what is kept of a visitor ----------------------------------------------------------------------------------------------------


def test_networks_and_browsers_are_coarse():
    assert network_of("192.0.2.77") == "192.0.2.0/24"
    assert network_of("2001:db8:7:9::1") == "2001:db8:7::/48"
    assert network_of("nobody") == ""
    assert agent_of("Mozilla/5.0 (iPhone; CPU) AppleWebKit Version/17 Safari/604") == "Safari, iOS"
    assert agent_of("Mozilla/5.0 (X11; Linux x86_64) Chrome/120 Safari/537 Edg/120") == "Edge, Linux"
    assert agent_of("iets") == ""


def test_a_question_is_the_shared_one_with_what_is_loose():
    asked = {"rows": "50", "season": "2024", "scope": "tour-days", "performance": "7", "which": "all"}
    assert question_of("/sales/?which=coming", asked, 2026) == {
        "which": "coming", "season": "2026", "rows": "50", "scope": "tour-days", "performance": "7",
    }  # fmt: skip
    assert "by" not in question_of("/sales/?genre=2", {"by": "theatre"}, 2026)
    assert clean_address("/sales/?rows=50&by=theatre&q=") == "/sales/?by=theatre"


@pytest.mark.parametrize("name", ["benchmark-trends", "benchmark-lead-times"])
def test_trends_are_shared_the_same_way(client, house, name):
    _, link = share(person_in(house[0]), reverse(name))
    answer = client.get(link)
    assert answer.status_code == 200
    hrefs = set(re.findall(r'(?:href|hx-get|action)="([^"]+)"', text(answer).split("<body")[1]))
    assert {href for href in hrefs if not href.startswith((link, "#"))} == set()
    assert "<form" not in text(answer)
    for other in ("", "lead-times/"):
        assert client.get(f"{link}{other}export").status_code == 404
