"""Pages of the trends: to whom, with which numbers, and what they hold back."""

import csv
import io
import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from dip.benchmark.terms import Finding
from dip.benchmark.views import phrases, words
from dip.registry.models import Membership
from dip.registry.terms import Role
from dip.warehouse.terms import Dimension, TrendMeasure
from tests.benchmark.conftest import two_seasons
from tests.factories.registry import NOW, make_client_login, make_organisation
from tests.factories.warehouse import add_season, publish

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAGES = ("benchmark-trends", "benchmark-lead-times")
DOWNLOADS = ("benchmark-trends-export", "benchmark-trends-csv", "benchmark-lead-times-export", "benchmark-lead-times-csv")
HELD_BACK = "not shown: too few, or too concentrated"


def page(client, name, **asked):
    response = client.get(reverse(name), asked, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


class TestWhoMay:
    @pytest.mark.parametrize("name", [*PAGES, *DOWNLOADS])
    def test_a_visitor_signs_in_first(self, client, name):
        assert client.get(reverse(name)).status_code == 302

    @pytest.mark.parametrize("name", [*PAGES, *DOWNLOADS])
    def test_a_colleague_without_the_right_is_refused(self, client, market, name):
        make_client_login(client, market.producers[0])
        Membership.objects.update(rights={"sales": 0})
        assert client.get(reverse(name)).status_code == 403

    @pytest.mark.parametrize("name", [*PAGES, *DOWNLOADS])
    @pytest.mark.parametrize("role", [Role.ASSOCIATION, Role.FUNDER, Role.THEATRE, Role.AGENCY])
    def test_everybody_else_may_look(self, client, market, name, role):
        make_client_login(client, make_organisation(role))
        assert client.get(reverse(name)).status_code == 200

    @pytest.mark.parametrize("name", PAGES)
    def test_own_figures_are_their_owner_s_only(self, client, market, name):
        make_client_login(client, market.producers[0])
        assert "Your own<" in page(client, name)
        make_client_login(client, make_organisation(Role.FUNDER))
        assert "Your own<" not in page(client, name)

    @pytest.mark.parametrize("name", [*PAGES, *DOWNLOADS])
    def test_no_other_organisation_is_named(self, client, market, name):
        make_client_login(client, market.producers[0])
        text = client.get(reverse(name)).content.decode(errors="ignore")
        others = [o.name for o in (*market.takers, *market.producers[1:])] + [t.name for t in market.theatres]
        assert [other for other in others if other in text] == []


class TestNumbers:
    def test_the_heading_the_table_and_the_twin_say_the_same(self, client, market):
        make_client_login(client, make_organisation(Role.ASSOCIATION))
        text = page(client, "benchmark-trends").replace("\u00a0", " ").replace("\u2060", "")
        start, end = re.search(r"Occupancy, paid rose from ([\d.]+) % in 2024–25 to ([\d.]+) % in 2025–26", text).groups()
        twin = re.search(r'data-v="2024–25">2024–25</th><td data-v="([\d.]+)">([\d.]+) %</td>', text)
        assert (twin[2], f"{100 * float(twin[1]):.1f}") == (start, start)
        assert f'<td class="num">{start} %</td><td class="num">{end} %</td>' in text

    @pytest.mark.parametrize("measure", list(TrendMeasure))
    @pytest.mark.parametrize("dimension", list(Dimension))
    def test_every_question_has_an_answer(self, client, market, measure, dimension):
        make_client_login(client, market.takers[0])
        for scale in ("values", "index"):
            page(client, "benchmark-trends", measure=measure.value, by=dimension.value, scale=scale)

    @pytest.mark.parametrize("dimension", list(Dimension))
    def test_lead_times_by_everything(self, client, market, dimension):
        make_client_login(client, market.takers[0])
        text = page(client, "benchmark-lead-times", by=dimension.value, genre="1")
        assert "people" in text
        assert "Half of the tickets" in text

    def test_what_is_held_back_is_told_and_nothing_else(self, client, db):
        market = two_seasons(theatres=5)
        publish(NOW)
        make_client_login(client, market.takers[0])
        for name in PAGES:
            text = page(client, name)
            assert HELD_BACK in text
            assert "cannot be shown" in text
        rows = list(csv.reader(io.StringIO(client.get(reverse("benchmark-trends-csv")).content.decode("utf-8-sig")), delimiter=";"))
        assert rows[1][3:8] == [HELD_BACK] * 5
        assert rows[1][-5] not in ("", HELD_BACK)  # one's own stands there

    def test_before_the_first_edition(self, client, db):
        make_client_login(client, make_organisation(Role.THEATRE))
        for name in PAGES:
            assert "have not been published yet" in page(client, name)
        for name in DOWNLOADS:
            assert client.get(reverse(name)).status_code == 404

    def test_a_running_season_is_marked(self, client, market):
        add_season(market, first_day=date(2026, 8, 10))
        publish(NOW + timedelta(days=12))
        make_client_login(client, make_organisation(Role.ASSOCIATION))
        text = page(client, "benchmark-trends")
        assert "until 31" in text
        assert "these months alone are no whole season" in text
        assert "is not drawn" in page(client, "benchmark-trends", measure="tickets")

    def test_what_cannot_be_read_is_told(self, client, market):
        make_client_login(client, market.takers[0])
        text = page(client, "benchmark-trends", by="colour", measure="joy", scale="3d")
        assert "“by” is colour; give one of genre, region, weekday, month, price, size." in text
        assert "“measure” is joy" in text
        assert "“genre” is 99" in page(client, "benchmark-trends", by="month", genre="99")


class TestDownloads:
    def test_the_workbook_equals_the_page_and_says_what_it_is(self, client, market):
        make_client_login(client, market.producers[0])
        body = client.get(reverse("benchmark-trends-export"), {"by": "genre"}).content
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        head, *rows = book.get_sheet_by_name("Trends").to_python()
        table = [dict(zip(head, row, strict=True)) for row in rows]
        total = next(row for row in table if row["Genre"] == "All together" and row["Season"] == "2025–26")
        text = page(client, "benchmark-trends").replace("\u00a0", " ")
        assert f"{total['Occupancy, paid, national']:.1%}".replace("%", " %") in text
        assert total["Tickets sold, national"] / total["Seats for sale, national"] == pytest.approx(
            total["Occupancy, paid, national"]
        )
        assert total["Theatres"] == 8
        explained = {row[0]: row[1] for row in book.get_sheet_by_name("About these figures").to_python()}
        assert explained["Edition of"] == "23-11-2026"
        assert "direct standardisation" in explained["At constant composition"]

    def test_csv_holds_the_same_rows(self, client, market):
        make_client_login(client, market.producers[0])
        for stem, sheet in (("trends", "Trends"), ("lead-times", "Lead times")):
            text = client.get(reverse(f"benchmark-{stem}-csv")).content.decode("utf-8-sig")
            rows = [row for row in csv.reader(io.StringIO(text), delimiter=";")]
            body = client.get(reverse(f"benchmark-{stem}-export")).content
            table = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_name(sheet).to_python()
            assert rows[0] == table[0]
            assert [row[:3] for row in rows[1 : len(table)]] == [row[:3] for row in table[1:]]
            assert rows[len(table)] == []


def test_pages_ask_the_database_the_same_few_questions(client, market, django_assert_max_num_queries):
    make_client_login(client, market.takers[0])
    for name in PAGES:
        client.get(reverse(name))
        with django_assert_max_num_queries(6):
            client.get(reverse(name), {"by": "month"})


VALUES = {
    "season": 2025, "before": 2024, "base": 2021, "first": 2021, "last": 2025, "value": 0.7, "start": 0.6, "end": 0.7, "change": 0.1,
    "margin": 0.02, "of": "Dans", "days": 7.8, "late": 0.02,
}  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_every_sentence_has_words_in_every_language(language):
    with translation.override(language):
        for code in phrases._PATTERNS:
            for measure in TrendMeasure:
                values = {**VALUES, "margin": 2.0} if code.startswith("lead") else VALUES
                said = str(phrases.phrase(Finding(code, values), measure))
                assert said
                assert not re.search(r"[{}]|%\(", said), code


def test_sentences_differ_by_language():
    said = []
    for language in ("nl", "en", "fr"):
        with translation.override(language):
            said.append(phrases.phrase(Finding("lead_later", {**VALUES, "margin": 3.2})))
    assert all(a != b for a, b in pairwise(said))
    assert (
        said[1]
        .replace("\u2060", "")
        .startswith("Yes: in 2025–26 people bought 7.8 days later than in 2024–25 (±\N{NO-BREAK SPACE}3.2)")
    )


def test_values_have_names_in_their_own_order():
    with translation.override("en"):
        assert list(words.value_names(Dimension.MONTH).values())[:2] == ["August", "September"]
        assert words.value_names(Dimension.WEEKDAY)[1] == "Monday"
        assert words.value_names(Dimension.PRICE)[2] == "€\u00a015 to €\u00a025"
        assert words.value_names(Dimension.SIZE)[3] == "Large, 500 seats and more"
