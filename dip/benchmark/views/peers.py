"""One's own figures beside those of the others in one's group."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from dip.benchmark.rules.standings import in_short
from dip.benchmark.views import peer_words, sheets, words
from dip.kernel import clock
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module
from dip.warehouse.queries.peers import PeerFigures, PeerRow, peer_figures
from dip.warehouse.terms import NotShown
from dip.web import downloads, formats

_CODES = ("peer_group", "peer_spread", "peer_at_mix")


def season_of(request: HttpRequest) -> tuple[int | None, list[str]]:
    """The season that the address asks for, and what could not be read of it."""
    text = request.GET.get("season", "").strip()
    if not text:
        return None, []
    if text.isdecimal() and len(text) == 4:
        return int(text), []
    return None, [
        _("“{name}” is {value}; give the year in which a season begins, like 2026.").format(name="season", value=text[:40])
    ]


@requires(Module.SALES, Level.VIEW)
@never_cache
def peers(request: HttpRequest, access: Access) -> HttpResponse:
    """``season``: the year in which it begins; without it the newest that is published."""
    year, problems = season_of(request)
    found = peer_figures(access, year)
    if found is None and year is not None:
        problems.append(_("Nothing is published of the season {season}.").format(season=words.season_name(year)))
        found = peer_figures(access)
    context = {
        "module": "trends",
        "places": words.places("benchmark-peers"),
        "asked": {"problems": problems},
        "figures": found,
        "has_side": access.is_taker or access.is_provider,
        **(_shown(found) if found else {}),
    }
    return render(request, "benchmark/peers.html", context)


def _first_capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shown(found: PeerFigures) -> dict[str, Any]:
    rows = [
        {
            "row": row,
            "code": peer_words.CODES[row.measure],
            "name": peer_words.MEASURE_NAMES[row.measure],
            "own": peer_words.write(row.own, row.measure),
            "low": peer_words.write(row.low, row.measure),
            "median": peer_words.write(row.median, row.measure),
            "high": peer_words.write(row.high, row.measure),
            "standing": peer_words.STANDINGS.get(row.standing, ""),
            "others": peer_words.others(row.count, found.side) if row.count else "",
            "strip": peer_words.strip(row),
            "at_mix": peer_words.write(row.at_mix, row.measure),
            "coverage": formats.percent(row.coverage, 0),
        }
        for row in found.rows
    ]
    edition = found.edition
    return {
        "rows": rows,
        "mixes": [one for one in rows if one["row"].has_mix],  # type: ignore[attr-defined]
        "lede": peer_words.lede(found, in_short(row.standing for row in found.rows)),
        "season_name": words.unbroken_season(edition.season_year),
        "seasons": [(str(year), words.season_name(year)) for year in found.seasons],
        "until": formats.text_day(edition.until.fromordinal(edition.until.toordinal() - 1)),
        "group_name": _first_capital(peer_words.group_name(found.group, found.side)) if found.group else "",
    }


def _sheet(access: Access, request: HttpRequest) -> tuple[downloads.Sheet, list[tuple[str, str]], list[str]]:
    found = peer_figures(access, season_of(request)[0])
    if found is None:
        raise Http404("nothing is published")
    heads = [
        _("Your own"), _("Lower quartile"), _("Median"), _("Upper quartile"), _("Other organisations"), _("The others at your mix"),
        _("Share of your mix compared"),
    ]  # fmt: skip
    columns = [(_("Figure"), downloads.TEXT), (_("Unit"), downloads.TEXT), *((head, downloads.NUMBER) for head in heads)]
    rows = [_line(row) for row in found.rows]
    about = [
        (_("Figures of"), _("Like organisations, season {season}").format(season=words.season_name(found.edition.season_year))),
        (_("For"), access.organisation_name),
        (_("Group"), peer_words.group_name(found.group, found.side) if found.group else _("none")),
        (_("Edition of"), formats.plain_day(found.edition.trends_made_on)),
        (_("Performances before"), formats.plain_day(found.edition.until)),
        (_("Made on"), formats.full_moment(clock.now())),
        (_("Amounts"), _("Euros, including VAT and the theatre surcharge")),
        (_("Not shown"), _("not shown: too few, or too concentrated")),
    ]
    codes = [*_CODES, *(peer_words.CODES[row.measure] for row in found.rows)]
    return downloads.Sheet(_("Like organisations"), columns, rows), about, codes


def _line(row: PeerRow) -> list[Any]:
    held = NotShown()
    told = [peer_words.plain(value, row.measure) for value in (row.low, row.median, row.high)]
    spread: list[Any] = [held] * 4 if row.median is None else [*told, row.count]
    mix: list[Any] = [None, None]
    if row.has_mix:
        mix = [held if row.at_mix is None else peer_words.plain(row.at_mix, row.measure), row.coverage]
    name, unit = str(peer_words.MEASURE_NAMES[row.measure]), peer_words.unit_of(row.measure)
    return [name, unit, peer_words.plain(row.own, row.measure), *spread, *mix]


@requires(Module.SALES, Level.VIEW)
def export(request: HttpRequest, access: Access) -> HttpResponse:
    """What the page shows, as a workbook."""
    table, about, codes = _sheet(access, request)
    return sheets.workbook(table, about, codes, "peers.xlsx")


@requires(Module.SALES, Level.VIEW)
def numbers(request: HttpRequest, access: Access) -> HttpResponse:
    """The same, comma-separated."""
    return sheets.comma_separated(*_sheet(access, request), "peers.csv")
