"""Own performances beside a published market: bands, statuses, colleagues, shares."""

import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from dip.registry.terms import Role
from dip.sales.queries import monitors, standings, visible
from dip.sales.rules import findings
from dip.sales.terms import AsOf, Sentence, Status
from dip.sales.views import phrases
from dip.warehouse.terms import NotShown
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_access, make_client_login, make_organisation
from tests.factories.warehouse import make_market, publish
from tests.sales import cast
from tests.sales.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(db):
    """Eight theatres and twelve producers, last season played; our own producer plays once in a hall of the same size, 40 days from now."""
    made = make_market(producers=12)
    ours = make_organisation(Role.PRODUCER)
    hall = make_hall(make_theatre(make_organisation(Role.THEATRE)), capacity=300)
    production = make_production(ours, genre=made.genre, title="Zeven Dagen Vloed")
    performance = make_performance(production, hall, day=(NOW + timedelta(days=40)).date())
    publish(NOW)
    return made, ours, performance


@pytest.mark.parametrize(
    ("sold", "status"), [(150, Status.AHEAD), (38, Status.ON_COURSE), (20, Status.BEHIND), (300, Status.SOLD_OUT)]
)
def test_the_status_against_last_season(market, sold, status):
    _, ours, performance = market
    cast.sell(performance, NOW, sold)
    access = make_access(ours)
    sales = monitors.sales_of(access, visible.evenings_of_season(access, 2026), AsOf(NOW))
    assert sales.rows[0].status is status
    assert 34 < sales.rows[0].median < 56  # 20 to 30 % of 60 % of 300, between 60 and 40 days


def test_the_heading_the_curve_and_the_table_say_the_same(market, client):
    _, ours, performance = market
    cast.sell(performance, NOW, 140, 150)
    make_client_login(client, ours)
    page = client.get(reverse("sales-performance", args=[performance.number])).content.decode()
    ahead = int(re.search(r"<h2>\S+ is (\d+) tickets ahead of the median, 40 days out", page)[1])
    sold, median = re.search(r'data-v="40">40</th><td data-v="(\d+)">\d+</td><td data-v="([\d.]+)"', page).groups()
    assert ahead == round(int(sold) - float(median))
    assert "96 comparable performances" in page


def test_the_key_figures_stand_beside_comparable_productions(market, client):
    _, ours, performance = market
    cast.sell(performance, NOW, 150)
    make_client_login(client, ours)
    page = client.get(reverse("sales-production", args=[performance.production.dip_id])).content.decode()
    assert page.count('class="strip"') >= 3
    assert re.search(r"you against \d+ comparable productions", page)
    assert "% above the median of comparable productions" in page.replace("</strong>", "").replace("\u00a0", " ")


def test_a_theatre_sees_the_mean_of_its_colleagues_or_that_it_may_not(market):
    made, ours, performance = market
    cast.sell(performance, NOW, 150)
    house = make_access(performance.theatre.organisation, Role.THEATRE)
    sales = monitors.sales_of(house, visible.evenings_of_season(house, 2026), AsOf(NOW))
    assert standings.colleagues(house, [row.line for row in sales.rows], AsOf(NOW)) == {performance.number: NotShown()}
    assert standings.colleagues(make_access(ours), [row.line for row in sales.rows], AsOf(NOW)) == {}
    taker = make_access(made.takers[2], Role.THEATRE)
    rows = monitors.sales_of(taker, visible.evenings_of_season(taker, 2025), AsOf(NOW)).rows
    means = standings.colleagues(taker, [row.line for row in rows], AsOf(NOW))
    assert len(means) == len(made.producers)
    assert all(0.4 < mean < 0.8 for mean in means.values())


def test_the_market_of_a_season(market, client):
    made, _, _ = market
    make_client_login(client, made.producers[0])
    page = client.get(reverse("sales-season"), {"season": "2025"}).content.decode()
    assert "Your largest share is" in page
    page = client.get(reverse("sales-region"), {"season": "2025", "genre": "1", "province": "1"}).content.decode()
    assert "Groningen" in page
    assert "Show as table" in page


def test_an_association_sees_which_genre_fills_best(market, client):
    make_client_login(client, make_organisation(Role.ASSOCIATION))
    page = client.get(reverse("sales-season"), {"season": "2025"}).content.decode()
    assert re.search(r"Theatre fills best: \d\d\.\d", page)
    assert "Your tickets" not in page


def test_no_other_organisation_is_named(market, client):
    made, ours, performance = market
    cast.sell(performance, NOW, 150)
    make_client_login(client, ours)
    names = [o.name for o in (*made.takers, *made.producers)] + [t.name for t in made.theatres]
    for address in (
        reverse("sales-season"),
        reverse("sales-region"),
        reverse("sales-production", args=[performance.production.dip_id]),
    ):
        page = client.get(address).content.decode()
        assert [name for name in names if re.search(re.escape(name) + r"(?!\d)", page)] == []


def codes_in_rules() -> set[str]:
    """Every code that the rules can answer with."""
    source = Path(findings.__file__).read_text(encoding="utf-8")
    written = set(re.findall(r'Sentence\(\s*"(\w+)"', source)) | set(
        re.findall(r'Sentence\(\s*"\w+" if [^"]+ else "(\w+)"', source)
    )
    several = ["ahead", "behind", "ahead_played", "behind_played", "groups_lag", "groups_ahead", "groups_silent"]
    several += ["towns_lag_and_silent", "towns_only_lag", "towns_only_silent", "one_never_figures", "one_no_figures"]
    return written | set(several)


VALUES = {
    "town": "Haarlem", "title": "Vloed", "days": 40, "tickets": 79, "sold": 338, "silent_days": 9, "rate": 0.097, "performances": 48,
    "occupancy": 0.614, "seats": 702, "median": 258.4, "low": 120.0, "high": 400.0, "final": 431.0, "count": 2, "behind": 3,
    "silent": 1, "full": 2, "ahead": 4, "towns": ["Nijmegen", "Maastricht"], "names": ["Vloed", "Nachttrein"], "season": 2026,
    "share": 0.041, "genre": "Cabaret", "province": "Limburg", "before": 559, "after": 552, "day": NOW.date(), "house": False,
}  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_every_sentence_has_words_in_every_language(language):
    with translation.override(language):
        for code in sorted(codes_in_rules()):
            values = dict(VALUES)
            if code == "restated_days":
                values["days"] = 2
            if code == "towns":
                values["towns"] = 3
            for variant in (values, values | {"count": 1, "behind": 1, "performances": 1, "days": 1, "house": True}):
                words = str(phrases.phrase(Sentence(code, variant)))
                assert words
                assert not re.search(r"[{}]|%\(", words), code
                assert words[0].upper() == words[0] or words.startswith("<")


def test_translations_differ():
    def said(language):
        with translation.override(language):
            return str(phrases.phrase(Sentence("ahead", VALUES)))

    found = [said(language) for language in ("nl", "en", "fr")]
    assert all(a != b for a, b in pairwise(found))
    assert found[1] == "Haarlem is 79 tickets ahead of the median, 40 days out"
