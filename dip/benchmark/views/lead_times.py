"""Do people buy later? Lead times season by season, and by one dimension."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dip.benchmark.rules import findings
from dip.benchmark.rules.closures import closures_of
from dip.benchmark.views import charts, phrases, question, sheets, tables, words
from dip.benchmark.views.question import Question
from dip.benchmark.views.trends import scope_of
from dip.definitions.queries import genres
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module
from dip.warehouse import queries as warehouse
from dip.warehouse.terms import Lead, LeadCell, LeadTimes
from dip.web import downloads, formats

#: Definitions that explain every download.
CODES = ("lead_time", "lead_share", "trend_interval", "days_before", "tickets_sold")


@requires(Module.SALES, Level.VIEW)
def lead_times(request: HttpRequest, access: Access) -> HttpResponse:
    """``by``: the dimension of the table; ``genre`` narrows everything."""
    asked = question.read(request)
    times = warehouse.lead_times(access, asked.dimension, asked.genre_id)
    context = {
        "module": "trends",
        "asked": asked,
        "places": words.places("benchmark-lead-times"),
        "times": times,
        "dimensions": [(one.value, text) for one, text in words.DIMENSIONS.items()],
        "genres": [(genre.id, genre.name(formats.language_of())) for genre in genres()],
        **(_figures(times, asked) if times else {}),
    }
    return render(request, "benchmark/lead_times.html", context)


def _figures(times: LeadTimes, asked: Question) -> dict[str, Any]:
    names, scope = words.value_names(asked.dimension), scope_of(asked)
    years = findings.finished(times)
    answer = findings.lead_answer(times)
    bars = [(charts.season_words(times.seasons, year), times.totals[year]) for year in years if year in times.totals]
    return {
        "lede": phrases.paragraph(answer),
        "medians": charts.medians(times, scope, _medians_heading(times, years)),
        "horizons": charts.horizons(times, bars, _horizons_heading(bars), scope) if bars else None,
        "curves": charts.curves(times, scope),
        "rows": tables.lead_rows(times, names),
        "heads": tables.heads(times.seasons),
        "has_own": any(cell.own for cell in times.totals.values()),
        "own_season": words.season_name(years[-1]) if years else "",
        "made_on": max(season.made_on for season in times.seasons),
        "newest": times.seasons[-1],
        "newest_until": words.until(times.seasons[-1]),
        "dimension_name": words.DIMENSIONS[asked.dimension],
        "coverage": _coverage(times, years),
        "closures": words.closure_note(closures_of(tuple(season.season_year for season in times.seasons))),
    }


def _medians_heading(times: LeadTimes, years: list[int]) -> str:
    shown = [(year, times.totals[year].national) for year in years if year in times.totals]
    known = [(year, lead.median) for year, lead in shown if isinstance(lead, Lead)]
    if not known:
        return _("Median lead time by season")
    year, median = known[-1]
    return _("Half of the tickets of {season} were sold {days} days before").format(
        season=words.unbroken_season(year), days=formats.number(median, 1)
    )


def _horizons_heading(bars: list[tuple[str, LeadCell]]) -> str:
    shown = [(name, lead) for name, cell in bars if isinstance(lead := cell.national, Lead)]
    if not shown:
        return _("Shares by horizon")
    name, lead = shown[-1]
    share = lead.buckets[0] + lead.buckets[1]
    season = words.unbroken(name)
    return _("{share} of the tickets of {season} went in the last week").format(share=formats.percent(share, 0), season=season)


def _coverage(times: LeadTimes, years: list[int]) -> str:
    year = years[-1] if years else 0
    if year not in times.coverage:
        return ""
    return _("{share} of the performances of {season} count: coupled, and followed from the start of their sale.").format(
        share=formats.percent(times.coverage[year], 0), season=words.unbroken_season(year)
    )


def _sheet(access: Access, asked: Question) -> tuple[downloads.Sheet, list[tuple[str, str]], list[str]] | None:
    times = warehouse.lead_times(access, asked.dimension, asked.genre_id)
    if times is None:
        return None
    subject = _("Lead times by {dimension}, {scope}").format(
        dimension=str(words.DIMENSIONS[asked.dimension]).lower(), scope=scope_of(asked)
    )
    return tables.lead_sheet(times, words.value_names(asked.dimension)), sheets.about(access, subject, times.seasons), list(CODES)


@requires(Module.SALES, Level.VIEW)
def export(request: HttpRequest, access: Access) -> HttpResponse:
    """Medians and shares of what the page shows, as a workbook."""
    asked = question.read(request)
    made = _sheet(access, asked)
    if made is None:
        return HttpResponse(status=404)
    table, lines, codes = made
    return sheets.workbook(table, lines, codes, f"lead-times-{asked.dimension}.xlsx")


@requires(Module.SALES, Level.VIEW)
def numbers(request: HttpRequest, access: Access) -> HttpResponse:
    """The same, comma-separated."""
    asked = question.read(request)
    made = _sheet(access, asked)
    if made is None:
        return HttpResponse(status=404)
    return sheets.comma_separated(*made, f"lead-times-{asked.dimension}.csv")
