"""Tours from a sheet: read, matched with halls, corrected, imported once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from dip.programme.actions.tour import UnableToImport, drop_tour, import_tour, keep_tour, name_tour_columns
from dip.programme.models import Performance, Production
from dip.programme.models.tour import TourSheet
from dip.programme.queries import tour as reads
from dip.programme.rules.tour.fields import TourField
from dip.programme.terms import FundFeature, PerformanceKind, PerformanceStatus, ProductionEntry
from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied
from tests.factories.programme import make_genre, make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_access
from tests.programme.tours import AT, Country, bring_in, codes, correct, keep, look, outcomes, pasted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def country():
    return Country()


def test_a_tour_becomes_concepts_with_their_numbers(country):
    sheet = keep(
        country,
        "di 17 november 2026|20.15|Theater De Kade|Waterveen|Zaal|try-out|",
        "18-11-2026|20u15|Schouwburg Spiegelhof|Lindenstad|Grote Zaal|Première|600 + 150",
        "2026-11-19|14:00|De Wissel|Oosterdam||school|",
    )
    done = bring_in(country, sheet)
    assert len(done.numbers) == 3
    assert done.left == 0
    first, second, third = Performance.objects.filter(production=country.production).order_by("starts_at")
    assert (first.kind, first.status, first.hall, first.starts_at) == (PerformanceKind.TRYOUT, PerformanceStatus.CONCEPT, country.kade, datetime(2026, 11, 17, 19, 15, tzinfo=UTC))  # fmt: skip
    assert (second.kind, second.capacity_by_rank, second.hall) == (PerformanceKind.PREMIERE, [600, 150], country.big)
    assert (third.fund_feature, third.capacity) == (FundFeature.SCHOOL_PRIMARY, 300)
    assert "import_tour" in AuditLine.objects.within(make_access(country.producer, super_user=True)).values_list("verb", flat=True)


def test_importing_twice_doubles_nothing(country):
    rows = ("17-11-2026|20.15|Theater De Kade|Waterveen|||", "18-11-2026|20.15|Theater De Kade|Waterveen|||")
    bring_in(country, keep(country, *rows))
    again = keep(country, *rows)
    preview = look(country, again)
    assert outcomes(preview) == ["there", "there"]
    assert all(line.number for line in preview.lines)
    with pytest.raises(UnableToImport, match="No row is ready"):
        bring_in(country, again)
    assert Performance.objects.filter(production=country.production).count() == 2


def test_a_finished_sheet_is_not_imported_again(country):
    sheet = keep(country, "17-11-2026|20.15|Theater De Kade|Waterveen|||")
    stamp = look(country, sheet).stamp
    bring_in(country, sheet)
    with pytest.raises(UnableToImport, match="finished"):
        import_tour(access=country.access, at=AT, sheet_id=sheet.pk, stamp=stamp)


def test_the_same_sheet_is_kept_once_while_it_is_open(country):
    rows = ("17-11-2026|20.15|Theater De Kade|Waterveen|||",)
    first, again = keep(country, *rows), keep(country, *rows)
    assert first.pk == again.pk
    drop_tour(access=country.access, at=AT, sheet_id=first.pk)
    assert keep(country, *rows).pk != first.pk


def test_the_same_evening_twice_in_the_sheet(country):
    rows = ("17-11-2026|20.15|Theater De Kade|Waterveen|||", "17-11-2026|20:15|De Kade|Waterveen|||")
    preview = look(country, keep(country, *rows))
    assert codes(preview) == [(3, "twice")]
    assert outcomes(preview) == ["ready", "wrong"]


@pytest.mark.parametrize(
    ("place", "hall"),
    [
        ("Theater De Kade|Waterveen|", "kade"),
        ("De Kade|Waterveen|", "kade"),
        ("THEATER DE KADE Waterveen||", "kade"),
        ("Theatre de Kade|waterveen|zaal", "kade"),
        ("|Waterveen|", "kade"),
        ("Oude Remise|Oosterdam|", "wissel"),
        ("Oude Remise||", "wissel"),
        ("De Wissel|Westerloo|", "other"),
        ("Schouwburg Spiegelhof|Lindenstad|GZ", "big"),
        ("Schouwburg Spiegelhof|Lindenstad|Rabozaal", "big"),
        ("Schouwburg Spiegelhof|Lindenstad|Kleine zaal", "small"),
        ("Schouwburg Spiegelhof Kleine Zaal|Lindenstad|", "small"),
        ("Schouwburg Spiegelhof|Lindenstad|", None),
        ("De Wissel||", None),
        ("Theater Spiegelhof|Lindenstad|GZ", None),
        ("Spiegelhoff|Lindenstad|GZ", None),
    ],
)
def test_places_are_recognised_when_they_are_sure(country, place, hall):
    line = look(country, keep(country, f"17-11-2026|20.15|{place}||")).lines[0]
    if hall is None:
        assert line.hall is None
        assert line.match.offers, "what it may be is offered"
        assert [finding.code.value for finding in line.findings] == ["venue_unsure"]
    else:
        assert line.hall.hall_id == getattr(country, hall).pk


def test_an_unknown_place_is_asked_for(country):
    line = look(country, keep(country, "17-11-2026|20.15|Zxqvw Paleis|Nergenshuizen|||")).lines[0]
    assert [finding.code.value for finding in line.findings] == ["venue_unknown"]


def test_a_chosen_hall_counts_for_all_rows_there_and_for_the_next_sheet(country):
    sheet = keep(country, "17-11-2026|20.15|Spiegelhof|Lindenstad|||", "18-11-2026|20.15|Spiegelhof|Lindenstad|||")
    preview = look(country, sheet)
    ((match, count),) = preview.open_venues
    assert count == 2
    correct(country, sheet, halls={match.wanted.key: country.small.pk})
    assert {line.hall.hall_id for line in look(country, sheet).lines} == {country.small.pk}
    bring_in(country, sheet)
    following = look(country, keep(country, "25-11-2026|20.15|spiegelhof|Lindenstad|||"))
    assert outcomes(following) == ["ready"]
    assert following.lines[0].match.is_chosen


def test_a_hall_that_does_not_exist_is_not_chosen(country):
    sheet = keep(country, "17-11-2026|20.15|Spiegelhof|Lindenstad|||")
    correct(country, sheet, halls={"spiegelhof|lindenstad|": 987654})
    assert outcomes(look(country, sheet)) == ["wrong"]


def test_wrong_rows_stay_and_are_corrected_in_the_page(country):
    sheet = keep(country, "31-2-2027|20.15|Theater De Kade|Waterveen|||", "18-11-2026|kwart over 8|Theater De Kade|Waterveen||huh|veel", "19-11-2026|20.15|Theater De Kade|Waterveen|||")  # fmt: skip
    assert codes(look(country, sheet)) == [(2, "odd_day"), (3, "odd_time"), (3, "odd_kind"), (3, "odd_seats")]
    done = bring_in(country, sheet)
    assert (len(done.numbers), done.left) == (1, 2)
    correct(country, sheet, edits={2: {TourField.DATE: "28-2-2027"}, 3: {TourField.TIME: "20.15", TourField.SEATS: "300+80"}})
    preview = look(country, sheet)
    assert outcomes(preview) == ["ready", "ready", "there"]
    assert len(bring_in(country, sheet).numbers) == 2
    sheet.refresh_from_db()
    assert sheet.settled_at == AT
    assert sheet.imported_count == 3


def test_a_row_that_is_left_out_and_taken_in_again(country):
    sheet = keep(country, "17-11-2026|20.15|Theater De Kade|Waterveen|||", "18-11-2026|20.15|Theater De Kade|Waterveen|||")
    correct(country, sheet, left_out=[3])
    assert outcomes(look(country, sheet)) == ["ready", "left_out"]
    correct(country, sheet, taken_in=[3])
    assert outcomes(look(country, sheet)) == ["ready", "ready"]


def test_what_is_left_empty_is_that_of_the_row_above(country):
    preview = look(country, keep(country, "17-11-2026|20.15|Theater De Kade|Waterveen|||", "18-11-2026||||||x", heads="Datum\tAanvang\tTheater\tPlaats\tZaal\tSoort\tOpmerking"))  # fmt: skip
    assert outcomes(preview) == ["ready", "ready"]
    assert codes(preview) == [(3, "from_above"), (3, "from_above")]


def test_warnings_do_not_keep_a_row_back(country):
    make_performance(make_production(), country.kade, starts_at=datetime(2026, 11, 25, 18, 30, tzinfo=UTC))
    preview = look(
        country,
        keep(
            country,
            "ma 24-11-2026|20.15|Theater De Kade|Waterveen|||",
            "25-11-2026|20.15|Theater De Kade|Waterveen|||500",
            "26-11|20.15|Theater De Kade|Waterveen|||",
            "27-11-2025|20.15|Theater De Kade|Waterveen|||",
        ),
    )
    assert outcomes(preview) == ["ready"] * 4
    assert codes(preview) == [
        (2, "other_weekday"), (3, "more_seats"), (3, "hall_taken"), (4, "year_assumed"), (5, "other_season"), (5, "in_past"),
    ]  # fmt: skip


def test_a_reference_is_recognised(country):
    heads = "Datum\tTijd\tTheater\tReferentie"
    first = keep(country, "17-11-2026|20.15|Theater De Kade|B-7", heads=heads)
    bring_in(country, first)
    moved = look(country, keep(country, "18-11-2026|20.15|Theater De Kade|B-7", "19-11-2026|20.15|Theater De Kade|B-8", "20-11-2026|20.15|Theater De Kade|B-8", heads=heads))  # fmt: skip
    assert outcomes(moved) == ["there", "ready", "wrong"]
    assert codes(moved) == [(4, "reference_twice")]


def test_columns_without_names_are_known_by_what_is_in_them(country):
    sheet = keep(
        country, "18-11-2026|20:15|De Kade|Waterveen|première", heads="17-11-2026\t20:15\tTheater De Kade\tWaterveen\ttry-out"
    )
    assert sheet.columns == {"0": "date", "1": "time", "2": "theatre", "3": "city", "4": "kind"}
    assert outcomes(look(country, sheet)) == ["ready", "ready"]


def test_columns_are_named_once_and_remembered(country):
    heads = "Wann\tUm\tHaus\tOrt"
    sheet = keep(country, "17-11-2026|20.15|Zaalhuis X|Waterveen", heads=heads)
    name_tour_columns(access=country.access, at=AT, sheet_id=sheet.pk, columns={0: "date", 1: "time", 2: "", 3: "city"})
    assert outcomes(look(country, sheet)) == ["ready"]
    following = keep(country, "Waterveen|Onbekend|20.15|24-11-2026", heads="Ort\tHaus\tUm\tWann")
    assert following.columns == {"0": "city", "2": "time", "3": "date"}
    with pytest.raises(UnableToImport, match="Two columns"):
        name_tour_columns(access=country.access, at=AT, sheet_id=sheet.pk, columns={0: "date", 1: "date"})


def test_the_production_can_be_made_with_its_tour(country):
    sheet = keep(country, "17-11-2026|20.15|Theater De Kade|Waterveen", production=None, heads="Datum\tTijd\tTheater\tPlaats")
    assert look(country, sheet).season_year == 2026
    with pytest.raises(UnableToImport, match="Say of which production"):
        bring_in(country, sheet)
    done = bring_in(country, sheet, entry=ProductionEntry("Nieuw Zout", 2026, make_genre().pk))
    assert done.production.title == "Nieuw Zout"
    assert Performance.objects.get(production=done.production).number == done.numbers[0]


def test_nothing_is_made_when_the_production_cannot(country):
    sheet = keep(country, "17-11-2026|20.15|Theater De Kade|Waterveen", production=None, heads="Datum\tTijd\tTheater\tPlaats")
    before = Production.objects.count()
    entry = ProductionEntry("", 2026, make_genre().pk)
    from dip.programme.actions import UnableToEnter

    with pytest.raises(UnableToEnter):
        bring_in(country, sheet, entry=entry)
    assert Production.objects.count() == before
    assert replace(entry, title="x").title == "x"


def test_rows_that_changed_since_the_look_are_not_entered(country):
    sheet = keep(country, "17-11-2026|20.15|Theater De Kade|Waterveen|||")
    stamp = look(country, sheet).stamp
    correct(country, sheet, edits={2: {TourField.TIME: "20.30"}})
    with pytest.raises(UnableToImport, match="changed since you looked"):
        import_tour(access=country.access, at=AT, sheet_id=sheet.pk, stamp=stamp)


def test_strangers_and_colleagues(country):
    sheet = keep(country, "17-11-2026|20.15|Theater De Kade|Waterveen|||")
    with pytest.raises(TourSheet.DoesNotExist):
        reads.tour_sheet(country.stranger, sheet.pk)
    with pytest.raises(TourSheet.DoesNotExist):
        import_tour(access=country.stranger, at=AT, sheet_id=sheet.pk, stamp="")
    assert reads.open_tours(country.stranger) == []
    with pytest.raises(AccessDenied):
        import_tour(access=country.viewer, at=AT, sheet_id=sheet.pk, stamp="")
    with pytest.raises(AccessDenied):
        keep_tour(access=country.stranger, at=AT, production=country.production, content=pasted("17-11-2026|20.15|x|y|||"))


@pytest.mark.parametrize(("content", "told"), [("", "nothing in it"), (b"\x89PNG\x00", "Save it as Excel"), ("a\n" * 1001, "Send the tour in parts")])  # fmt: skip
def test_what_is_no_tour_is_refused_with_a_remedy(country, content, told):
    with pytest.raises(UnableToImport, match=told):
        keep_tour(access=country.access, at=AT, production=country.production, content=content)


def test_five_hundred_rows_within_seconds_and_few_questions(country, django_assert_max_num_queries):
    halls = [make_hall(make_theatre(name=f"Podium {word}huis", city=f"{word}dorp"), name="Zaal") for word in ("Appel", "Berken", "Cipres", "Dennen", "Eiken")]  # fmt: skip
    places = [f"Podium {h.theatre.name.split()[1]}|{h.theatre.city}" for h in halls]
    day = datetime(2026, 12, 1, tzinfo=UTC)
    rows = [
        f"{day + timedelta(days=i % 200):%d-%m-%Y}|{12 + i % 9}:{'00' if i < 250 else '30'}|{places[i % 5]}|||" for i in range(500)
    ]
    sheet = keep(country, *rows)
    with django_assert_max_num_queries(8):
        preview = look(country, sheet)
    assert len(preview.of(reads.TourOutcome.READY)) == 500
    with django_assert_max_num_queries(32):
        done = bring_in(country, sheet)
    assert len(done.numbers) == 500


@pytest.mark.parametrize("count", [1, 3])
def test_the_questions_do_not_grow(country, django_assert_num_queries, count):
    rows = [f"{17 + i}-11-2026|20.15|Theater De Kade|Waterveen|||" for i in range(count)]
    sheet = keep(country, *rows, f"2{count}-11-2026|20.15|Spiegelhof|Lindenstad|||")
    look(country, sheet)
    with django_assert_num_queries(7):  # sheet, remembered, list version, hall aliases, zones, performances there, halls taken
        look(country, sheet)
