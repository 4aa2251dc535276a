"""Pages of like organisations and of comparing by name: to whom, with which numbers, and what they hold back."""

import csv
import io
import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from dip.benchmark.rules.standings import in_short, place_from_zero, place_on_strip
from dip.benchmark.views import peer_words
from dip.registry.models import Membership
from dip.registry.terms import Level, Module, Role
from dip.warehouse.actions import consents as acts
from dip.warehouse.models import Consent, PeerEdition
from dip.warehouse.queries.consents import figures_of
from dip.warehouse.queries.peers import PeerGroupFacts
from dip.warehouse.rules.peer_groups import PeerMeasure, PeerSide
from tests.factories.peers import make_peer_market, publish_peers
from tests.factories.registry import NOW, make_access, make_client_login, make_organisation
from tests.warehouse.audience.conftest import make_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAGES = ("benchmark-peers", "benchmark-named")
DOWNLOADS = ("benchmark-peers-export", "benchmark-peers-csv")
HELD_BACK = "not shown: too few, or too concentrated"
CELLS = r'<td class="num p-(?:own|median)">(?:<span[^>]*>[^<]*</span>)?([\d.]+ %)</td>'
PAGE = "https://dip.example/trends/named/"


def page(client, name, *args, status=200, **asked):
    response = client.get(reverse(name, args=args), asked, headers={"accept-language": "en"})
    assert response.status_code == status
    return response.content.decode().replace("\u00a0", " ").replace("\u2060", "")


@pytest.fixture
def like():
    """Thirteen theatres, published and frozen."""
    made = make_peer_market()
    publish_peers()
    return made


def agreed(one, two, figures=("occupancy", "price")):
    row = acts.invite(
        access=make_access(one, Role.THEATRE),
        at=NOW,
        organisation_id=two.pk,
        figures=figures,
        until=date(2027, 7, 31),
        address=PAGE,
    )
    return acts.accept(access=make_access(two, Role.THEATRE), at=NOW, consent_id=row.pk, address=PAGE)


class TestPeers:
    def test_one_s_own_beside_the_others_and_nobody_s_figures_by_name(self, client, like, django_assert_max_num_queries):
        make_client_login(client, like.takers[0])
        client.get(reverse("benchmark-peers"))
        with django_assert_max_num_queries(14):
            text = page(client, "benchmark-peers")
        assert re.search(r"Occupancy, paid: [\d.]+ % with you, [\d.]+ % in the middle of 12 other theatres\.", text)
        assert "Theatres of any size: 13 members, frozen on 23-11-2026." in text
        assert all(taker.name in text for taker in like.takers)
        assert "in the lowest quarter" in text
        assert "100 % of your mix can be compared" in text
        assert HELD_BACK in text
        assert "no figures of yours" in text
        assert "give the year" in page(client, "benchmark-peers", season="next")
        assert "Nothing is published of the season 2020–21" in page(client, "benchmark-peers", season="2020")
        rows = list(csv.reader(io.StringIO(client.get(reverse("benchmark-peers-csv")).content.decode("utf-8-sig")), delimiter=";"))
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(reverse("benchmark-peers-export")).content))
        table = book.get_sheet_by_name("Like organisations").to_python()
        assert rows[0] == table[0]
        line = dict(zip(rows[0], rows[1], strict=True))
        assert (line["Figure"], line["Unit"], line["Other organisations"]) == ("Occupancy, paid", "share, 0 to 1", "12")
        assert f"{100 * float(line['Median']):.1f} %" in text
        assert table[1][4] == pytest.approx(float(line["Median"]))
        assert rows[7][3:7] == [HELD_BACK] * 4
        assert not any(taker.name in str(row) for taker in like.takers[1:] for row in [*rows, *table])

    @pytest.mark.parametrize("name", [*PAGES, *DOWNLOADS])
    def test_who_may(self, client, name):
        assert client.get(reverse(name)).status_code == 302
        theatre = make_organisation(Role.THEATRE)
        make_client_login(client, theatre)
        assert client.get(reverse(name)).status_code == (404 if name in DOWNLOADS else 200)
        Membership.objects.update(rights={"sales": 0})
        assert client.get(reverse(name)).status_code == 403

    def test_roles_without_figures_and_seasons_without_an_edition(self, client):
        make_client_login(client, make_organisation(Role.FUNDER))
        assert "Only theatres and providers" in page(client, "benchmark-peers")
        assert "Only theatres and providers" in page(client, "benchmark-named")
        assert client.get(reverse("benchmark-named-invite")).status_code == 403
        make_client_login(client, make_organisation(Role.THEATRE))
        assert "Nothing is published yet" in page(client, "benchmark-peers")


class TestNamed:
    def test_asked_accepted_looked_at_and_ended(self, client, like, mailoutbox):
        one, two = like.takers[:2]
        make_client_login(client, one)
        form = page(client, "benchmark-named-invite")
        assert two.name in form
        assert like.producers[0].name not in form
        url = reverse("benchmark-named-invite")
        wrong = client.post(url, {"organisation": two.pk, "figures": ["occupancy"], "until": "2026-01-01"})
        assert wrong.status_code == 400
        assert "Choose a day after today" in wrong.content.decode()
        sent = client.post(url, {"organisation": two.pk, "figures": ["occupancy"], "until": "2027-07-31"})
        row = Consent.objects.across_tenants("tests").get()
        assert sent.url == reverse("benchmark-named-comparison", args=[row.pk])
        assert "Nothing is shown to either of you until it accepts" in page(client, "benchmark-named-comparison", row.pk)
        assert client.get(reverse("benchmark-named-csv", args=[row.pk])).status_code == 404
        make_client_login(client, two)
        assert "Waits for your answer" in page(client, "benchmark-named")
        client.post(reverse("benchmark-named-accept", args=[row.pk]))
        text = page(client, "benchmark-named-comparison", row.pk)
        assert "Both in 2025–26" in text
        assert "Occupancy, paid" in text
        assert "Average price" not in text
        mine, theirs = re.findall(CELLS, text)
        rows = client.get(reverse("benchmark-named-csv", args=[row.pk])).content.decode("utf-8-sig")
        assert f";{float(theirs[:-2]) / 100:.3f}"[:5] in rows
        assert two.name in rows
        assert client.get(reverse("benchmark-named-export", args=[row.pk])).status_code == 200
        make_client_login(client, one)
        assert re.findall(CELLS, page(client, "benchmark-named-comparison", row.pk)) == [
            theirs, mine,
        ]  # fmt: skip
        client.post(reverse("benchmark-named-end", args=[row.pk]))
        for party in (one, two):
            make_client_login(client, party)
            text = page(client, "benchmark-named-comparison", row.pk)
            assert "neither of you sees" in text
            assert "%</td>" not in text
            assert client.get(reverse("benchmark-named-csv", args=[row.pk])).status_code == 404

    def test_buyers_of_both_by_number_and_share(self, client, settings, tmp_path):
        settings.PSEUDONYM_KEYS = tmp_path / "keys"
        world = make_world(orders=450, houses=2)
        (one, _, _), (two, _, _) = world.houses
        PeerEdition.objects.create(season_year=2025, side="theatre", made_at=NOW, trends_made_on=NOW.date(), until=date(2026, 8, 1))
        row = agreed(one, two, ("overlap",))
        make_client_login(client, one)
        assert re.search(r"\d+ buyers ordered with you and with", page(client, "benchmark-named-comparison", row.pk))
        line = client.get(reverse("benchmark-named-csv", args=[row.pk])).content.decode("utf-8-sig").splitlines()[1]
        assert re.fullmatch(r"Buyers of both;buyers;(\d+);\1", line)
        make_client_login(client, one, rights={Module.SALES: Level.APPROVE})
        assert "you need the right to look at audiences" in page(client, "benchmark-named-comparison", row.pk)

    def test_strangers_find_nothing_and_viewers_change_nothing(self, client):
        one, two, three = (make_organisation(Role.THEATRE) for _ in range(3))
        row = agreed(one, two)
        views = [reverse(f"benchmark-named-{name}", args=[row.pk]) for name in ("comparison", "export", "csv")]
        acts_ = [reverse(f"benchmark-named-{name}", args=[row.pk]) for name in ("accept", "end")]
        make_client_login(client, three)
        assert [client.get(url).status_code for url in views] == [404] * 3
        assert [client.post(url).status_code for url in acts_] == [404] * 2
        make_client_login(client, make_organisation(Role.PRODUCER))
        assert client.get(views[0]).status_code == 404
        make_client_login(client, two, rights={Module.SALES: Level.VIEW})
        assert "Either can end it" in client.get(views[0]).content.decode()
        assert [client.post(url).status_code for url in acts_] == [403] * 2
        assert client.get(reverse("benchmark-named-invite")).status_code == 403
        client.logout()
        assert client.get(views[0]).status_code == 302
        assert Consent.objects.across_tenants("tests").get().ended_at is None

    def test_one_or_three_cost_the_same(self, client, django_assert_num_queries):
        one, *others = (make_organisation(Role.THEATRE) for _ in range(4))
        make_client_login(client, one)
        counts = []
        for batch in (others[:1], others[1:]):
            for other in batch:
                agreed(one, other)
            client.get(reverse("benchmark-named"))
            with django_assert_num_queries(4) as asked:
                page(client, "benchmark-named")
            counts.append(len(asked))


class TestWords:
    def test_places_on_the_strip(self):
        assert [place_on_strip(value, 4, 6) for value in (4, 5, 6, -50, 50)] == [30, 50, 70, 2, 98]
        assert place_on_strip(4, 4, 4) == 50
        assert place_from_zero(0, 0) == 2
        assert place_from_zero(50, 100) == pytest.approx(41.67, abs=0.01)
        assert in_short(["", ""]).code == "nothing"
        assert in_short(["highest", "lower", "", "lowest", "middle"]).values == {"of": 4, "high": 1, "low": 1, "between": 2}

    @pytest.mark.parametrize("language", ["nl", "en", "fr"])
    def test_every_group_has_a_name(self, language):
        with translation.override(language):
            said = [
                peer_words.group_name(PeerGroupFacts(kinds, low, high, (), NOW, 1, NOW, 0), side)
                for side, kinds in ((PeerSide.THEATRE, ("Festival", "Theater")), (PeerSide.PROVIDER, ("1", "3")))
                for low, high in ((0, None), (0, 500), (500, 1000), (1000, None))
            ]
            assert len(set(said)) == 8
            assert not re.search(r"[{}]", "".join(said))
            for side in PeerSide:
                assert [code for code, _name in peer_words.figure_names(side)] == list(figures_of(side))

    def test_values_are_written_with_their_unit(self):
        with translation.override("en"):
            told = [peer_words.write(value, measure) for value, measure in (
                (0.7126, PeerMeasure.OCCUPANCY), (2345, PeerMeasure.PRICE), (12.26, PeerMeasure.THEATRES), (None, PeerMeasure.TICKETS),
            )]  # fmt: skip
        assert [one.replace("\u00a0", " ") for one in told] == ["71.3 %", "€ 23.45", "12.3", "–"]
        assert all(peer_words.unit_of(measure) for measure in PeerMeasure)
