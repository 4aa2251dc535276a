"""What changed in a window of transactions, as far as somebody sees it: what webhooks tell."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max

from dip.exchange.queries.performances import withdrawn_performances
from dip.exchange.queries.productions import own_productions, withdrawn_productions
from dip.exchange.rules.events import performance_types, production_type
from dip.exchange.rules.shapes import Withdrawn
from dip.exchange.terms import EventType, Happening, Window
from dip.kernel.periods import season_name
from dip.programme.models import ConnectionRequest, Departure, Performance, PerformanceEvent, Production, ProductionEvent
from dip.programme.queries.visibility import party_to_performance
from dip.registry.terms import Access
from dip.ticketing.models import Position
from dip.ticketing.terms import Measure

_REASON = "whether anything at all changed; what did is read by each endpoint's own access"


def is_quiet(window: Window) -> bool:
    """Whether nothing changed for anybody in the window. Four short queries."""
    span = {"changed_txid__gte": window.since, "changed_txid__lt": window.until}
    plain = {"txid__gte": window.since, "txid__lt": window.until}
    return not (
        Performance.objects.filter(**span).exists()
        or Production.objects.filter(**span).exists()
        or Position.objects.across_tenants(_REASON).filter(**plain).exists()
        or Departure.objects.across_tenants(_REASON).filter(**plain).exists()
    )


def happenings(access: Access, window: Window, wanted: Collection[EventType], base: str) -> list[Happening]:
    """What the access may hear of the window, among the kinds that are ``wanted``. ``base``: address of the API, for links.

    At most nine queries, whatever their number.
    """
    found = [*_productions(access, window, base), *_performances(access, window, base)] if _programme(wanted) else []
    if EventType.POSITIONS_CHANGED in wanted:
        found += _positions(access, window, base)
    if EventType.PRODUCTION_WITHDRAWN in wanted:
        found += [_withdrawal(EventType.PRODUCTION_WITHDRAWN, one) for one in withdrawn_productions(access, window)]
    if EventType.PERFORMANCE_WITHDRAWN in wanted:
        found += [_withdrawal(EventType.PERFORMANCE_WITHDRAWN, one) for one in withdrawn_performances(access, window)]
    return [one for one in found if one.event_type in wanted]


def _programme(wanted: Collection[EventType]) -> bool:
    return any(not one.is_about_sales for one in wanted)


def _productions(access: Access, window: Window, base: str) -> list[Happening]:
    changed = Production.objects.filter(
        own_productions(access), changed_txid__gte=window.since, changed_txid__lt=window.until
    ).order_by("changed_txid", "pk")
    rows = list(changed.values_list("pk", "dip_id", "title", "season_year", "changed_at"))
    kinds = _kinds(ProductionEvent, "production_id", [row[0] for row in rows], window)
    return [
        Happening(
            production_type(kinds[key]),
            dip_id,
            at,
            {"dipId": dip_id, "title": title, "season": season_name(year), "url": f"{base}/productions/{dip_id}"},
        )
        for key, dip_id, title, year, at in rows
    ]


def _performances(access: Access, window: Window, base: str) -> list[Happening]:
    changed = Performance.objects.filter(
        party_to_performance(access), changed_txid__gte=window.since, changed_txid__lt=window.until
    ).order_by("changed_txid", "number")
    names = ("number", "production__dip_id", "status", "starts_at", "theatre__time_zone", "changed_at")
    rows = list(changed.values_list(*names))
    numbers = [row[0] for row in rows]
    kinds = _kinds(PerformanceEvent, "performance_id", numbers, window)
    asked = ConnectionRequest.objects.within(access).filter(performance_id__in=numbers)
    parties = set(asked.values_list("performance_id", flat=True)) if numbers else set()
    return [
        Happening(kind, data["dipId"], at, data)
        for number, dip_id, status, starts_at, zone, at in rows
        for data in [_facts(base, number, dip_id, status, starts_at.astimezone(ZoneInfo(zone)))]
        for kind in performance_types(kinds[number])
        if number in parties or not kind.is_about_connection
    ]


def _facts(base: str, number: int, dip_id: str, status: str, starts_at: Any) -> dict[str, Any]:
    return {
        "number": number,
        "dipId": f"{dip_id}|{number}",
        "production": dip_id,
        "status": status,
        "startsAt": starts_at,
        "url": f"{base}/performances/{number}",
    }


def _positions(access: Access, window: Window, base: str) -> list[Happening]:
    """One a performance, whatever the number of pushes; which figures it got is fetched, with a token, from the address."""
    rows = (
        Position.objects.within(access)
        .filter(txid__gte=window.since, txid__lt=window.until)
        .order_by("performance_id", "measure")
        .values_list("performance_id", "performance__production__dip_id", "measure")
        .annotate(known=Max("known_at"))
    )
    measures: dict[tuple[int, str], list[tuple[Measure, Any]]] = defaultdict(list)
    for number, dip_id, measure, known in rows:
        measures[number, dip_id].append((Measure(measure), known))
    return [
        Happening(
            EventType.POSITIONS_CHANGED,
            f"{dip_id}|{number}",
            max(known for _, known in found),
            {
                "number": number,
                "dipId": f"{dip_id}|{number}",
                "production": dip_id,
                "measures": [measure.name.lower() for measure, _ in found],
                "url": f"{base}/positions?performance={number}",
            },
        )
        for (number, dip_id), found in measures.items()
    ]


def _withdrawal(event_type: EventType, lost: Withdrawn) -> Happening:
    subject = lost.dip_id if lost.number is None else f"{lost.dip_id}|{lost.number}"
    return Happening(event_type, subject, lost.at, {"number": lost.number, "dipId": subject, "production": lost.dip_id})


def _kinds(model: Any, column: str, keys: Collection[int], window: Window) -> Mapping[int, list[str]]:
    """Kinds of the events written in the window, in their order, by what they are of. One query, none without keys."""
    kinds: dict[int, list[str]] = defaultdict(list)
    if keys:
        rows: Iterable[tuple[int, str]] = (
            model.objects.filter(**{f"{column}__in": list(keys)}, txid__gte=window.since, txid__lt=window.until)
            .order_by("at", "id")
            .values_list(column, "kind")
        )
        for key, kind in rows:
            kinds[key].append(kind)
    return kinds
