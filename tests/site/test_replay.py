"""The replay of real sales: reading dirty files, seasons, the table, and the whole way over HTTP, twice."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from dip.programme.models import Performance, Production, Theatre
from dip.registry.models import Organisation
from dip.registry.terms import Role
from dip.site.replay.reading import UnableToRead, read_weeks
from dip.site.replay.run import DIFFERS, EQUAL, UNABLE, replay_file
from dip.site.replay.seasons import Seasons, read_published
from dip.site.replay.telling import remark_lines, season_lines
from dip.site.replay.terms import Remark, Season, Totals
from dip.site.replay.wire import UnableToReplay, Wire
from dip.ticketing.models import PerformanceSales, Position
from tests.factories.registry import make_api_client, make_organisation

pytestmark = pytest.mark.slow

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "broadway_1998_2018"
SEEN = "the tests look at everything"
HEADER = (
    "week_ending,show,theatre,type,gross_usd,potential_gross_usd,gross_pct_of_potential,avg_ticket_usd,top_ticket_usd,"
    "seats_sold,seats_available,performances,pct_capacity"
)
LINES = (
    "2004-05-30,DE VEERMAN,Kaapwal,Musical,512340,700000,73.2,60.1,90,8525,9000,8,94.7",
    "2004-06-06,DE VEERMAN,Kaapwal,Musical,498000,700000,71.1,59.2,90,8412,9000,8,93.5",
    "2004-06-06,DE VEERMAN,Zeggehuis,Musical,12000,20000,60.0,40.0,90,300,1000,1,30.0",  # the same week again
    '2004-06-07,DE LANDMETER,Zeggehuis,Play,"$120,450",0,0,45.5,0,2647,2500,8,105.9',  # a Monday, $ and commas, no potential, oversold
    "2004-06-13,DE LANDMETER,Zeggehuis,Special,98765.43,150000,65.8,41.1,70,2403,0,8,0",  # no seats, cents
    "31-12-2004,DE LANDMETER,Zeggehuis,Play,1,1,1,1,1,1,1,1,1",  # no date
    "2004-06-20,DE LANDMETER,Zeggehuis,Play,many,150000,65.8,41.1,70,2403,2500,8,96.1",  # no number
    "2004-06-27,,Zeggehuis,Play,1,1,1,1,1,1,1,1,1",  # no show
)
PUBLISHED = (
    "season,first_week_ending,last_week_ending,attendance,gross_usd,playing_weeks,pct_seats,source\n"
    "2004-05,2004-06-06,2005-05-29,14000,735000,5,,https://league.example/2004\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "weeks.csv"
    path.write_text("\n".join([HEADER, *LINES]) + "\n")
    (tmp_path / "published_season_totals.csv").write_text(PUBLISHED)
    return path


class TestReading:
    def test_every_line_is_a_week_or_a_remark(self, file):
        weeks, remarks = read_weeks(file)
        assert [week.line for week in weeks] == [2, 3, 4, 5, 6]
        assert {r.line: r.code for r in remarks if r.is_left_out} == {7: "date", 8: "number", 9: "show"}
        assert all(
            str(value) in next(r.told for r in remarks if r.line == line) for line, value in ((7, "31-12-2004"), (8, "many"))
        )

    def test_dirty_lines_are_kept_and_told(self, file):
        weeks, remarks = read_weeks(file)
        told = {(remark.line, remark.code) for remark in remarks if not remark.is_left_out}
        assert told == {(4, "repeated"), (5, "weekday"), (5, "potential"), (5, "oversold"), (5, "money"), (6, "seats")}
        assert [week.occurrence for week in weeks] == [1, 1, 2, 1, 1]
        assert weeks[3].gross_cents == 12_045_000
        assert weeks[4].gross_cents == 9_876_543
        assert weeks[3].week_ending == date(2004, 6, 7)

    def test_the_original_columns_do_too(self, tmp_path):
        path = tmp_path / "raw.csv"
        path.write_text(
            "week,name,grosses,potential_gross,grosses_percentage,average_ticket,top_ticket,seat_sold,total_seat,per,seat_percentage\n"
            '2018-08-26,DE OPTOCHT,"$1,339,909","$1,709,374",78.4%,$100.71,$200,13305,13816,8,96.3%\n'
        )
        (week,), _ = read_weeks(path)
        assert (week.show, week.tickets, week.gross_cents) == ("DE OPTOCHT", 13305, 133_990_900)

    def test_another_layout_is_refused_with_what_it_lacks(self, tmp_path):
        path = tmp_path / "other.csv"
        path.write_text("a,b\n1,2\n")
        with pytest.raises(UnableToRead, match="week_ending, show"):
            read_weeks(path)

    def test_a_limit_reads_the_first_weeks(self, file):
        assert len(read_weeks(file, 2)[0]) == 2


class TestSeasons:
    def test_published_weeks_decide_where_they_are_known(self, file):
        published = read_published(file.with_name("published_season_totals.csv"))
        seasons = Seasons(published, [date(2003, 9, 7), date(2006, 5, 28)])
        found = {
            day: seasons.of(day).name for day in map(date.fromisoformat, ("2004-05-30", "2004-06-06", "2005-05-29", "2005-06-05"))
        }
        assert list(found.values()) == ["2003-04", "2004-05", "2004-05", "2005-06"]
        assert seasons.of(date(2004, 6, 6)).attendance == 14000

    def test_a_week_on_another_day_belongs_with_its_sunday(self):
        seasons = Seasons({}, [date(2010, 1, 3), date(2011, 1, 2)])
        assert seasons.of(date(2010, 5, 24)).year == 2010  # Monday of the week that ends on 30 May
        assert seasons.of(date(2010, 5, 23)).year == 2009

    def test_without_a_file_the_end_of_may_decides(self):
        assert read_published(None) == {}
        assert Seasons({}, [date(1998, 9, 27)]).of(date(1998, 9, 27)).wire == "1998-1999"


class TestTelling:
    def test_remarks_by_kind_with_all_line_numbers(self):
        many = [Remark(line, "oversold", "more than seats") for line in range(2, 60)]
        lines = list(remark_lines([*many, Remark(70, "date", "no date", is_left_out=True)]))
        assert lines[0] == "date: 1 lines, 1 of them left out"
        assert lines[1] == "  line 70: no date"
        assert lines[2] == "oversold: 58 lines, all kept"
        assert lines[-1] == "  lines 2-59"

    def test_the_table_tells_differences(self):
        season = Season(2004, date(2004, 6, 6), date(2005, 5, 29), 1000, 50_000, 10)
        head, equal, different = season_lines(
            [Totals(season, 10, 990, 49_000, 990, 49_000), Totals(season, 10, 990, 49_000, 989, 49_000)]
        )
        assert "tickets in file" in head
        assert "equal" in equal
        assert "-1.00 %" in equal
        assert "-2.00 %" in equal
        assert "DIFFERS" in different


def test_it_knows_nothing_of_the_platform_inside():
    told = (
        "import dip.site.replay.run, sys; print([m for m in sys.modules if m.partition('.')[0] in ('django', 'psycopg', 'ninja')])"
    )
    run = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.fixture
def owner(transactional_db) -> Organisation:
    return make_organisation(Role.PRODUCER, Role.THEATRE)


@pytest.fixture
def replay(live_server, owner):
    """Replays a file into the live server with two clients of one organisation; keyword arguments change the call."""
    booking, booking_secret = make_api_client(owner, Role.PRODUCER)
    ticketing, ticketing_secret = make_api_client(owner, Role.THEATRE)
    given = {
        "layout": "broadway-weekly",
        "base_url": f"{live_server.url}/external/v1",
        "producer": owner.number,
        "client_id": booking.client_id,
        "client_secret": booking_secret,
        "ticketing_id": ticketing.client_id,
        "ticketing_secret": ticketing_secret,
    }
    return lambda file, **over: replay_file(file, **given | over)


class TestOverHttp:
    def test_totals_equal_the_file_to_the_ticket_and_the_cent(self, replay, owner, file, capsys):
        assert replay(file) == EQUAL
        told = capsys.readouterr().out
        assert "line 7: week_ending '31-12-2004' is no date" in told
        assert "Every total on the platform equals the file's." in told
        (row,) = [line for line in told.splitlines() if line.startswith("2004-05")]
        assert row.split() == [
            "2004-05",
            "4",
            "13,762",
            "13,762",
            "729,215.43",
            "729,215.43",
            "equal",
            "5",
            "14,000",
            "735,000",
            "-1.70",
            "%",
            "-0.79",
            "%",
        ]
        states = PerformanceSales.objects.across_tenants(SEEN)
        assert sum(state.sold for state in states) == 8525 + 13_762
        assert sum(state.recette_cents for state in states) == 51_234_000 + 72_921_543
        assert Theatre.objects.filter(organisation=owner).count() == 2
        assert set(Production.objects.values_list("title", "season_year")) == {
            ("DE VEERMAN", 2003), ("DE VEERMAN", 2004), ("DE LANDMETER", 2004),
        }  # fmt: skip
        evening = Performance.objects.get(production__season_year=2003)
        assert (evening.capacity, evening.status) == (9000, "published")

    def test_a_second_run_changes_nothing(self, replay, file, capsys):
        counted = (Theatre.objects, Production.objects, Performance.objects, Position.objects.across_tenants(SEEN))
        assert replay(file, limit=3) == EQUAL  # as if it had been interrupted
        assert replay(file) == EQUAL
        before = [rows.count() for rows in counted]
        capsys.readouterr()
        assert replay(file) == EQUAL
        assert [rows.count() for rows in counted] == before == [2, 3, 5, 5]
        assert "0 brought news, 5 were known, 0 were refused" in capsys.readouterr().err

    def test_wrong_credentials_stop_it_with_the_remedy(self, replay, file, capsys):
        assert replay(file, ticketing_secret="wrong") == UNABLE
        assert "Check the id and the secret" in capsys.readouterr().err
        assert not Production.objects.exists()

    def test_missing_credentials_are_asked_for(self, replay, file, capsys):
        assert replay(file, producer=0) == UNABLE
        assert "--ticketing-id" in capsys.readouterr().err

    def test_an_unknown_layout(self, replay, file, capsys):
        assert replay(file, layout="westend") == UNABLE
        assert "broadway-weekly" in capsys.readouterr().err

    def test_another_producer_is_refused(self, replay, file, capsys):
        other = make_organisation(Role.PRODUCER)
        assert replay(file, producer=other.number) == UNABLE
        assert "is not you" in capsys.readouterr().err

    def test_theatres_of_somebody_else_keep_their_figures(self, replay, file, capsys):
        """Rows for a theatre that is not the caller's are refused by the platform, and the replay says so."""
        stranger = make_organisation(Role.THEATRE)
        theatre = Theatre.objects.create(name="Kaapwal", city="New York", organisation=stranger)
        theatre.halls.create(name="Main stage")
        assert replay(file) == DIFFERS
        told = capsys.readouterr().out
        assert "platform: unknown_performance: 2 lines, 2 of them left out" in told
        assert "Totals differ in 2003-04, 2004-05." in told
        assert sum(state.sold for state in PerformanceSales.objects.across_tenants(SEEN)) == 300 + 2647 + 2403

    def test_nobody_answers(self, file):
        with pytest.raises(UnableToReplay, match="cannot be reached"):
            Wire("http://127.0.0.1:9/external/v1", "a", "b").get("/genres")

    @pytest.mark.skipif(not REAL.exists(), reason=f"the real sales are not here ({REAL})")
    def test_real_sales(self, replay, capsys):
        assert replay(REAL / "broadway_joined.csv", limit=600) == EQUAL
        assert "Every total on the platform equals the file's." in capsys.readouterr().out
