"""Pages of the Audience Monitor: to whom, with which numbers, and what they hold back."""

import csv
import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from dip.registry.models import Membership
from dip.registry.terms import Module, Role
from dip.warehouse.actions import consents
from dip.warehouse.models import SegmentTable
from dip.warehouse.queries import audience as door
from tests.audience.monitor.conftest import YEAR
from tests.factories.registry import NOW, make_client_login, make_organisation

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HELD_BACK = "not shown: too few, or too concentrated"
FILES = ("export.xlsx", "audience.csv")


def page(client, path, **asked):
    response = client.get(path, {"season": YEAR} | asked)
    assert response.status_code == 200, path
    return response.content.decode().replace("\u00a0", " ")


def addresses(stage):
    every = ["/audience/", "/audience/nation/", stage.tour, stage.house()]
    return [*every, *(one + name for one in every for name in FILES)]


def status(client, path):
    return client.get(path, {"season": YEAR}).status_code


class TestWhoMay:
    def test_a_visitor_signs_in_and_a_colleague_without_the_right_is_refused(self, client, stage):
        assert {status(client, path) for path in addresses(stage)} == {302}
        make_client_login(client, stage.world.houses[0][0])
        Membership.objects.update(rights={Module.AUDIENCE.value: 0, Module.SALES.value: 4})
        assert {status(client, path) for path in addresses(stage)} == {403}

    def test_a_provider_and_the_theatres_of_its_tour_see_a_production_and_strangers_do_not(self, client, stage):
        stranger, other_house = make_organisation(Role.PRODUCER), make_organisation(Role.THEATRE)
        owners = [stage.world.producer, stage.world.houses[2][0]]
        for organisation, answer in [*((one, 200) for one in owners), (stranger, 404), (other_house, 404), (stage.maker, 404)]:
            make_client_login(client, organisation)
            assert {status(client, stage.tour + name) for name in ("", *FILES)} == {answer}, organisation.roles

    def test_a_house_is_its_own_theatre_s(self, client, stage):
        make_client_login(client, stage.world.houses[0][0])
        assert {status(client, stage.house() + name) for name in ("", *FILES)} == {200}
        assert {status(client, stage.house(1) + name) for name in ("", *FILES)} == {404}
        make_client_login(client, stage.world.producer)
        assert {status(client, stage.house() + name) for name in ("", *FILES)} == {404}

    @pytest.mark.parametrize("role", [Role.ASSOCIATION, Role.FUNDER, Role.PLATFORM])
    def test_everybody_else_sees_the_nation(self, client, stage, role):
        make_client_login(client, make_organisation(role))
        assert "Audience of the nation" in page(client, "/audience/")
        assert "Audience of the nation" in page(client, "/audience/nation/")
        assert {status(client, path) for path in (stage.tour, stage.house())} == {404}

    def test_no_buyer_s_word_and_no_other_theatre_stands_on_a_page(self, client, stage):
        make_client_login(client, stage.world.houses[0][0])
        others = [theatre.name for _, theatre, _ in stage.world.houses[1:]]
        for path in ("/audience/", stage.tour, "/audience/nation/"):
            text = page(client, path)
            assert not [word for word in ["vlonder.example", *others] if word in text]


class TestNumbers:
    def test_a_production_says_what_the_door_says(self, client, country):
        make_client_login(client, country.world.producer)
        text = page(client, country.tour)
        found = door.audience(country.world.provider, country.world.tour())
        assert f"{found.orders:,} orders by {found.buyers:,} buyers for {found.tickets:,} tickets" in text
        assert "from 4 of 4 theatres" in text
        assert "Orders, not visitors." in text
        assert "New: no visit to this theatre in the" in text
        for row in found.part("party_sizes").rows:
            if row.count is not None:
                assert f'data-v="{row.count}">{row.count:,}</td>' in text
        for other in door.also_bought(country.world.provider, country.world.tour()):
            assert f'{other.dip_id}</small></th><td class="num">{other.buyers:,}</td>' in text
        for row in door.origin(country.world.provider, country.world.tour(), "province"):
            assert f">{row.name}" in text
        assert "Where they come from" in text
        assert 'aria-current="page">Audience</a>' in text

    def test_the_areas_are_read_at_every_level(self, client, country):
        make_client_login(client, country.world.houses[0][0])
        assert "Vlonderdam" in page(client, country.house(), level="municipality")
        text = page(client, country.house(), level="pc4")
        assert "3811 Vlonderdam" in text
        assert 'id="f-province"' in text
        assert "in the province" not in text
        told = page(client, country.house(), level="street", rows="many", season="1066")
        assert "“level” is street; give one of province, municipality, pc4." in told
        assert "“rows” is many" in told
        assert "“season” is 1066" in told

    def test_a_theatre_sees_its_productions_and_who_came_again(self, client, stage):
        make_client_login(client, stage.world.houses[1][0])
        text = page(client, "/audience/")
        assert all(one.title in text for one in stage.world.productions)
        assert "Who came again" in text
        assert "last here one season ago" in text
        assert "Other productions in the season" not in text
        assert "Over the seasons" in text
        assert 'value="new" selected' in text
        told = page(client, "/audience/", trend="online", by="genre")
        assert 'value="online" selected' in told
        assert "Orders online: share of the orders, season by season." in told
        assert "No earlier season is loaded" in page(client, "/audience/", season=2023)

    def test_the_nation_stands_alone(self, client, stage):
        make_client_login(client, stage.world.producer)
        text = page(client, "/audience/nation/")
        assert "this / national" not in text
        assert "Who orders" in text

    def test_without_areas_the_page_says_what_to_do(self, client, stage):
        make_client_login(client, stage.world.producer)
        text = page(client, stage.tour)
        assert "dip geo load" in text
        assert "not where they live" in text
        assert "Fewer come than could be" not in text

    def test_without_orders_the_page_says_what_to_do(self, client, stage):
        make_client_login(client, stage.world.producer)
        assert "ask them to switch it on" in page(client, stage.tour, season=2027)
        assert "No productions in this season" in page(client, "/audience/", season=2027)
        make_client_login(client, make_organisation(Role.THEATRE))
        assert "How to deliver orders" in page(client, "/audience/")
        assert "at least three organisations" in page(client, "/audience/nation/", season=2027)

    def test_sums_of_a_season_are_of_what_is_shown(self, client, stage):
        make_client_login(client, stage.world.producer)
        lines = door.of_season(stage.world.provider, YEAR)
        text = page(client, "/audience/")
        assert len(lines) == 3
        assert f"Together: {sum(one.orders for one in lines):,} orders" in text
        assert all(f"{one.title}</a>" in text for one in lines)


class TestHeldBack:
    def test_too_few_are_told_nowhere(self, client, country):
        """Eight orders at one theatre: neither the provider nor the theatre is told any figure, in words, charts or files."""
        for organisation in (country.maker, country.world.houses[0][0]):
            make_client_login(client, organisation)
            text = page(client, country.tiny)
            assert "This audience is not shown: too few, or too concentrated." in text
            assert HELD_BACK in text
            main = re.sub(r"<script.*?</script>|<svg.*?</svg>", "", text[text.index("<main") : text.index("</main>")], flags=re.S)
            assert not re.search(r"\b8 (orders|buyers|tickets)\b", main)
            own = [cell for cell in re.findall(r'<td data-v="[^"]*">([^<]*)</td>', main)]
            assert own
            rows = list(
                csv.reader(
                    io.StringIO(client.get(country.tiny + "audience.csv", {"season": YEAR}).content.decode("utf-8-sig")),
                    delimiter=";",
                )
            )
            parts = [row for row in rows if len(row) == 6 and row[0] == "How often they come"]
            assert parts
            assert {(row[3], row[4]) for row in parts} <= {(HELD_BACK, HELD_BACK), ("0", "")}
            assert [row[2] for row in rows if len(row) == 3 and row[0] in ("Orders", "Buyers", "Tickets")] == [HELD_BACK] * 3

    def test_in_a_list_it_stands_as_such(self, client, stage):
        make_client_login(client, stage.maker)
        text = page(client, "/audience/")
        assert "Klein geluk" in text
        assert HELD_BACK in text
        assert "Together: 0 orders" not in text


def test_own_segments_and_a_partner_by_name_are_the_reader_s_only(client, country):
    (first, _, mine), (second, _, theirs) = country.world.houses[:2]
    SegmentTable.objects.create(
        organisation_id=first.pk, name="Wijkwijzer", version="2026", licence="tests", digest="d", file_digest="f",
        names=["Haven", "Weide"], pc4=list(range(3811, 3817)), segment=[0, 0, 0, 1, 1, 1], share=[1.0] * 6, row_count=6,
        kept_count=6, season_year=2026, loaded_at=NOW, loaded_by="Noor Dijkema",
    )  # fmt: skip
    asked = consents.invite(
        access=mine,
        at=NOW,
        organisation_id=second.pk,
        figures=("overlap",),
        until=date(2027, 7, 31),
        address="https://dip.example/",
    )
    consents.accept(access=theirs, at=NOW, consent_id=asked.pk, address="https://dip.example/")
    make_client_login(client, first)
    text = page(client, "/audience/")
    assert "By your own segments: Wijkwijzer, 2026" in text
    assert "Haven" in text
    assert "Shared with your partners" in text
    assert second.name in text
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/audience/export.xlsx", {"season": YEAR}).content))
    assert [row[0] for row in book.get_sheet_by_name("Your segments").to_python()][1:3] == ["Haven", "Weide"]
    assert book.get_sheet_by_name("Shared with your partners").to_python()[1][0] == second.name
    make_client_login(client, country.world.houses[2][0])
    text = page(client, "/audience/")
    assert "Wijkwijzer" not in text
    assert "Shared with your partners" not in text


class TestDownloads:
    def test_the_workbook_and_the_text_hold_the_page_and_say_what_it_is(self, client, country):
        make_client_login(client, country.world.producer)
        found = door.audience(country.world.provider, country.world.tour())
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(country.tour + "export.xlsx", {"season": YEAR}).content))
        totals = {row[0]: row[2] for row in book.get_sheet_by_name("Totals").to_python()}
        assert (totals["Orders"], totals["Buyers"], totals["Tickets"]) == (found.orders, found.buyers, found.tickets)
        parts = {(row[0], row[1]): row[3] for row in book.get_sheet_by_name("Who orders").to_python()}
        pair = found.part("party_sizes").row("2")
        assert parts["Tickets per order", "2"] == pair.count
        for name in ("Buyers by PC4", "Beside all inhabitants", "Home and theatre", "Fewer than expected", "Also bought"):
            assert book.get_sheet_by_name(name).to_python(), name
        explained = {row[0]: row[1] for row in book.get_sheet_by_name("About these figures").to_python()}
        assert "An order is not a visitor" in explained["Orders"]
        assert explained["Counts"] == "Rounded to five"
        text = client.get(country.tour + "audience.csv", {"season": YEAR}).content.decode("utf-8-sig")
        assert f"Orders;orders;{found.orders}" in text
        listed = client.get("/audience/audience.csv", {"season": YEAR}).content.decode("utf-8-sig")
        assert all(one.dip_id in listed for one in country.world.productions)


def queries(client, path):
    client.get(path, {"season": YEAR})
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path, {"season": YEAR}).status_code == 200
    return len(asked)


def test_pages_ask_the_database_as_much_for_three_as_for_one(client, country):
    make_client_login(client, country.world.producer)
    tours = {queries(client, f"/audience/productions/{one.dip_id}/") for one in country.world.productions}
    three = queries(client, "/audience/")
    make_client_login(client, country.maker)
    assert queries(client, "/audience/") == three <= 8
    assert queries(client, country.tiny) <= max(tours) <= 45
    assert len(tours) == 1


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "Bestellingen, geen bezoekers."), ("fr", "Des commandes, pas des visiteurs.")]
)
def test_pages_speak_the_reader_s_language(client, country, language, words):
    make_client_login(client, country.world.producer, language=language)
    text = page(client, country.tour)
    assert words in text
    for english in ("Who orders", "Show as table", "Buyers per 1,000 inhabitants", "Share of "):
        assert english not in text


def test_the_tabs_of_a_production_lead_to_each_other(client, stage):
    make_client_login(client, stage.world.producer)
    sales = f"/sales/productions/{stage.world.productions[0].dip_id}/"
    assert f'href="{stage.tour}">Audience</a>' in page(client, sales)
    assert f'href="{sales}">Sales</a>' in page(client, stage.tour)
    Membership.objects.update(rights={Module.AUDIENCE.value: 0, Module.SALES.value: 4})
    assert ">Audience</a>" not in page(client, sales)
