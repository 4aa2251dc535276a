"""The sector over the years: one measure, by one dimension, with what stands behind it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dip.benchmark.rules import findings
from dip.benchmark.rules.closures import closures_of
from dip.benchmark.views import charts, phrases, question, sheets, tables, words
from dip.benchmark.views.question import Question, Scale
from dip.definitions.queries import genres
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module
from dip.warehouse import queries as warehouse
from dip.warehouse.terms import Dimension, Trend
from dip.web import downloads, formats

#: Definitions that explain every download.
CODES = ("trend", "occupancy_paid", "average_price", "tickets_sold", "recette", "for_sale", "trend_adjusted", "trend_interval")


@requires(Module.SALES, Level.VIEW)
def trends(request: HttpRequest, access: Access) -> HttpResponse:
    """``by``: the dimension; ``measure``; ``genre`` narrows; ``scale=index``: the first season is 100."""
    asked = question.read(request)
    trend = warehouse.trend(access, asked.dimension, asked.genre_id)
    context = {
        "module": "trends",
        "asked": asked,
        "places": words.places("benchmark-trends"),
        "trend": trend,
        "dimensions": [(one.value, text) for one, text in words.DIMENSIONS.items()],
        "measures": [(one.value, text) for one, text in words.MEASURES.items()],
        "scales": [(Scale.VALUES.value, _("Values")), (Scale.INDEX.value, _("First season = 100"))],
        "genres": [(genre.id, genre.name(formats.language_of())) for genre in genres()],
        **(_figures(access, trend, asked) if trend else {}),
    }
    return render(request, "benchmark/trends.html", context)


def _figures(access: Access, trend: Trend, asked: Question) -> dict[str, Any]:
    names = words.value_names(asked.dimension)
    scope = scope_of(asked)
    years = findings.finished(trend)
    margin = None
    if len(years) > 1:
        margin = warehouse.difference_width(access, asked.dimension, asked.genre_id, 0, (years[-2], years[-1]), asked.measure)
    return {
        "lede": phrases.paragraph(findings.trend_answer(trend, asked.measure, margin), asked.measure),
        "whole": charts.whole(trend, asked.measure, asked.scale, scope),
        "values": charts.by_value(trend, asked.measure, names, scope),
        "rows": tables.trend_rows(trend, asked.measure, names),
        "heads": tables.heads(trend.seasons),
        "composition": tables.composition(trend),
        "has_own": any(cell.own for cell in trend.totals.values()),
        "own_season": words.season_name(years[-1]) if years else "",
        "made_on": max(season.made_on for season in trend.seasons),
        "newest": trend.seasons[-1],
        "newest_until": words.until(trend.seasons[-1]),
        "code": words.CODES[asked.measure],
        "measure_name": words.MEASURES[asked.measure],
        "dimension_name": words.DIMENSIONS[asked.dimension],
        "base_name": words.season_name(trend.base),
        "closures": words.closure_note(closures_of(tuple(season.season_year for season in trend.seasons))),
        "is_price": asked.dimension is Dimension.PRICE,
    }


def scope_of(asked: Question) -> str:
    """Of what: a genre, or all of them."""
    names = {genre.id: genre.name(formats.language_of()) for genre in genres()}
    return names[asked.genre_id].lower() if asked.genre_id else _("all genres")


def _sheet(access: Access, asked: Question) -> tuple[downloads.Sheet, list[tuple[str, str]], list[str]] | None:
    trend = warehouse.trend(access, asked.dimension, asked.genre_id)
    if trend is None:
        return None
    codes = [*CODES, *(["price_class"] if asked.dimension is Dimension.PRICE else [])]
    subject = _("Trends by {dimension}, {scope}").format(
        dimension=str(words.DIMENSIONS[asked.dimension]).lower(), scope=scope_of(asked)
    )
    return tables.trend_sheet(trend, words.value_names(asked.dimension)), sheets.about(access, subject, trend.seasons), codes


@requires(Module.SALES, Level.VIEW)
def export(request: HttpRequest, access: Access) -> HttpResponse:
    """All measures of what the page shows, as a workbook."""
    asked = question.read(request)
    made = _sheet(access, asked)
    if made is None:
        return HttpResponse(status=404)
    table, lines, codes = made
    return sheets.workbook(table, lines, codes, f"trends-{asked.dimension}.xlsx")


@requires(Module.SALES, Level.VIEW)
def numbers(request: HttpRequest, access: Access) -> HttpResponse:
    """The same, comma-separated."""
    asked = question.read(request)
    made = _sheet(access, asked)
    if made is None:
        return HttpResponse(status=404)
    return sheets.comma_separated(*made, f"trends-{asked.dimension}.csv")
