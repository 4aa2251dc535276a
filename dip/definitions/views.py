"""Pages of the standard: every definition, one definition with its history, and all of it as JSON. Public."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from dip.definitions import geo_words, queries
from dip.definitions.queries import geo
from dip.definitions.queries import purposes as purpose_register
from dip.definitions.rules import order_format
from dip.definitions.terms import AreaLevel
from dip.web import formats
from dip.web.charts.figure import Figure
from dip.web.charts.maps import AreaMap, AreaValue, area_map
from dip.web.doors import open_to_all

#: The order in which people meet the numbers.
ORDER = (
    "tickets_sold", "free_tickets", "reservations", "blocked", "capacity", "for_sale", "occupancy_paid", "occupancy_total", "recette",
    "average_price", "change_since_yesterday", "restatement", "days_before", "national_median", "national_band", "colleagues_mean", "market_share",
)  # fmt: skip
#: The lines of a settlement stand in a section of their own, in the order of the arithmetic.
SETTLEMENT = "settlement_"
SETTLEMENT_ORDER = (
    "sales", "outside_theatre", "outside_consumption", "outside_service", "outside_wardrobe", "gross",
    "surcharge_theatre", "surcharge_consumption", "surcharge_service", "surcharge_wardrobe", "recette", "vat",
    "royalties", "net", "shared_costs", "shareable", "provider_share", "theatre_share", "guarantee", "supplement",
    "rent", "other_charges", "provider_ex", "provider_vat", "provider_recette_vat", "use_vat", "provider_total",
    "theatre_ex", "theatre_surcharges", "theatre_total", "payable", "break_even",
)  # fmt: skip
UNITS = {
    "tickets": gettext_lazy("tickets"),
    "seats": gettext_lazy("seats"),
    "days": gettext_lazy("days"),
    "hours": gettext_lazy("hours"),
    "cents": gettext_lazy("euros"),
    "rate": gettext_lazy("per cent"),
    "points": gettext_lazy("points"),
    "orders": gettext_lazy("orders"),
    "buyers": gettext_lazy("buyers"),
    "organisations": gettext_lazy("organisations"),
    "performances": gettext_lazy("performances"),
    "theatres": gettext_lazy("theatres"),
}
BETTER = {
    True: gettext_lazy("more is better"),
    False: gettext_lazy("less is better"),
    None: gettext_lazy("neither more nor less is better in itself"),
}


@open_to_all
def metrics(request: HttpRequest) -> HttpResponse:
    """Every definition, how comparable performances are chosen, the limits, and the rates with their dates."""
    language = formats.language_of()
    place = {code: index for index, code in enumerate((*ORDER, *(SETTLEMENT + line for line in SETTLEMENT_ORDER)))}
    every = sorted(queries.metrics(language), key=lambda each: place.get(each.code, len(ORDER)))
    context = {
        "metrics": [each for each in every if not each.code.startswith(SETTLEMENT)],
        "settlement": [each for each in every if each.code.startswith(SETTLEMENT)],
        "rates": queries.rates(language),
        "limits": queries.thresholds(language),
        "values": {limit.code: limit.value for limit in queries.thresholds(language)},
        "genres": [genre.name(language) for genre in queries.genres()],
    }
    return render(request, "definitions/metrics.html", context)


@open_to_all
def metric(request: HttpRequest, code: str) -> HttpResponse:
    """One definition with all its versions."""
    versions = queries.metric_versions(code, formats.language_of())
    if not versions:
        raise Http404(f"no metric {code!r} in the standard")
    current = queries.metric(code, formats.language_of())
    context = {
        "metric": current,
        "versions": versions,
        "unit": UNITS.get(current.unit, current.unit),
        "better": BETTER[current.more_is_better],
    }
    return render(request, "definitions/metric.html", context)


@open_to_all
def standard_json(request: HttpRequest) -> JsonResponse:
    """The whole standard, every version, in the three languages."""
    found: dict[str, Any] = asdict(queries.standard())
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1})


#: Names of what happens to a field before anything is kept.
TREATMENTS = {
    "none": gettext_lazy("kept as it is"),
    "hash": gettext_lazy("becomes a pseudonym"),
    "coarsen": gettext_lazy("made coarser"),
    "drop": gettext_lazy("not kept"),
}
PARTS = {"ticket": gettext_lazy("Ticket"), "order": gettext_lazy("Order"), "buyer": gettext_lazy("Buyer")}


@open_to_all
def orders(request: HttpRequest) -> HttpResponse:
    """The standard format for orders: every field, what it means and what happens to it at the door."""
    stated, language = order_format.order_format(), formats.language_of()
    parts = [
        (name, [(field, field.meaning(language), TREATMENTS[field.treatment]) for field in stated.fields if field.part == part])
        for part, name in PARTS.items()
    ]
    context = {"format": stated, "name": stated.names[language], "sentence": stated.sentences[language], "parts": parts}
    return render(request, "definitions/orders.html", context)


@open_to_all
def orders_schema(request: HttpRequest, version: int) -> JsonResponse:
    """A version of the format as JSON Schema, at an address that stays."""
    stated = order_format.order_format()
    if version != stated.version:
        raise Http404(f"the format for orders has no version {version}")
    found = order_format.json_schema(stated, settings.BASE_URL + reverse("definitions-orders-schema", args=[version]))
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1}, content_type="application/schema+json")


#: Where a purpose stands.
PLACES = {
    "door": gettext_lazy("asked by people, in the Audience Monitor"),
    "platform": gettext_lazy("done by the platform"),
    "planned": gettext_lazy("not done yet"),
}


@open_to_all
def purposes(request: HttpRequest) -> HttpResponse:
    """The purpose register: what orders and buyers are used for, on what ground, by whom, for how long, and what is never stored."""
    found = purpose_register.register(formats.language_of())
    context = {"register": found, "purposes": [(each, PLACES[each.place]) for each in found.purposes]}
    return render(request, "definitions/purposes.html", context)


@open_to_all
def purposes_json(request: HttpRequest) -> JsonResponse:
    """The purpose register, every version, in the three languages."""
    return JsonResponse(purpose_register.as_data(), json_dumps_params={"ensure_ascii": False, "indent": 1})


@open_to_all
def areas(request: HttpRequest) -> HttpResponse:
    """Which areas are loaded, from which files, and what was found in them."""
    edition = geo.edition()
    context = {
        "edition": edition,
        "provinces": geo.province_lines(),
        "findings": geo_words.lines(edition.findings) if edition else [],
        "figure": _people_map() if edition else None,
        "lost": geo.lost_polygons(),
    }
    return render(request, "definitions/areas.html", context)


def _people_map() -> Figure | None:
    """Inhabitants per km² of each municipality; None without polygons."""
    shapes = geo.shapes(AreaLevel.MUNICIPALITY)
    if not shapes:
        return None
    values = [
        AreaValue(str(term.code), term.name, round(term.inhabitants / term.km2) if term.km2 else None)
        for term in geo.areas(AreaLevel.MUNICIPALITY)
    ]
    measure = gettext("Inhabitants per km²")
    outlines = geo.shapes(AreaLevel.PROVINCE)
    made = AreaMap("areas", measure, values, shapes, measure, gettext("Municipality"), outlines=outlines)
    return area_map(made)
