"""A producer with theatres that a tour can name. Every name is invented."""

from datetime import UTC, datetime

from dip.programme.actions.tour import correct_tour, import_tour, keep_tour
from dip.programme.models import HallAlias, TheatreAlias
from dip.programme.queries import tour as reads
from dip.registry.terms import Level, Module, Role
from tests.factories.programme import make_hall, make_production, make_theatre
from tests.factories.registry import make_access, make_organisation

#: When these tours are looked at: before their evenings.
AT = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)


class Country:
    """Four theatres: one hall, two halls, a former name, and the same name in another town."""

    def __init__(self):
        self.producer = make_organisation(Role.PRODUCER)
        self.access = make_access(self.producer)
        self.viewer = make_access(self.producer, rights={Module.PROGRAMME: Level.VIEW})
        self.stranger = make_access(role=Role.PRODUCER)
        self.production = make_production(self.producer, title="Zout")
        self.kade = make_hall(make_theatre(name="Theater De Kade", city="Waterveen"), name="Zaal", capacity=400)
        spiegel = make_theatre(name="Schouwburg Spiegelhof", city="Lindenstad")
        self.big, self.small = (
            make_hall(spiegel, name="Grote Zaal", capacity=800),
            make_hall(spiegel, name="Kleine Zaal", capacity=150),
        )
        self.wissel = make_hall(make_theatre(name="De Wissel", city="Oosterdam"), name="Theaterzaal", capacity=300)
        TheatreAlias.objects.create(theatre=self.wissel.theatre, name="Oude Remise")
        HallAlias.objects.create(hall=self.big, name="Rabozaal")
        self.other = make_hall(make_theatre(name="De Wissel", city="Westerloo"), name="Theaterzaal", capacity=200)


HEADS = "Datum\tAanvang\tTheater\tPlaats\tZaal\tSoort\tCapaciteit"


def pasted(*rows: str, heads: str = HEADS) -> str:
    """Rows as they come from the clipboard; in the arguments a | stands for a tab."""
    return "\r\n".join([heads, *(row.replace("|", "\t") for row in rows)])


def keep(country: Country, *rows: str, production="own", heads: str = HEADS, at: datetime = AT):
    chosen = country.production if production == "own" else production
    return keep_tour(access=country.access, at=at, production=chosen, content=pasted(*rows, heads=heads))


def look(country: Country, sheet, at: datetime = AT) -> reads.TourPreview:
    return reads.tour_preview(country.access, reads.tour_sheet(country.access, sheet.pk), at)


def correct(country: Country, sheet, **what):
    return correct_tour(access=country.access, at=AT, sheet_id=sheet.pk, **{"edits": {}, "halls": {}} | what)


def bring_in(country: Country, sheet, **what):
    return import_tour(access=country.access, at=AT, sheet_id=sheet.pk, stamp=look(country, sheet).stamp, **what)


def codes(preview: reads.TourPreview) -> list[tuple[int, str]]:
    """(row, code) of every finding."""
    return [(finding.row, finding.code.value) for line in preview.lines for finding in line.findings]


def outcomes(preview: reads.TourPreview) -> list[str]:
    return [line.outcome.value for line in preview.lines]
