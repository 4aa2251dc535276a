"""The true values that organisations are compared in, before any rule: for the making of an edition only, never for a page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf import settings

from dip.definitions.queries import geo
from dip.definitions.terms import AreaLevel
from dip.programme.models import Production, Theatre
from dip.warehouse.queries.reading import library
from dip.warehouse.rules.audience.persons import LIMITS, is_shared_by_nearly_all, rounded
from dip.warehouse.rules.peer_groups import PeerMeasure, PeerSide
from dip.warehouse.rules.trends import LEAD_GRID
from dip.warehouse.store.published import Manifest
from dip.warehouse.store.shelves import open_shelves

Column = npt.NDArray[Any]
Values = dict[PeerMeasure, dict[int, float]]
"""Measure → organisation → value."""
#: Columns that name the organisations of a side.
HOLDINGS: Mapping[PeerSide, str] = {PeerSide.THEATRE: "theatre", PeerSide.PROVIDER: "producer"}
_REASON = "values of all organisations are made into an edition of medians"
_ROWS = (
    "SELECT genre, size, weekday, theatre, production, producer, office, performances, tickets, recette_cents, for_sale FROM {mart}"
)
_WEEK = LEAD_GRID.index(8) + 1
_LEAD = f"SELECT theatre, producer, tickets, tickets - kept[{_WEEK}] AS late FROM {{mart}}"
_FACTORS = "SELECT side, holding, CASE WHEN is_in THEN factor ELSE 0 END FROM {mart} WHERE side IN (0, 2)"
_PARTY = "SELECT DISTINCT organisation, production FROM {mart} WHERE side = 'provider'"
_HOUSE = (
    "SELECT theatre, part, code, CAST(sum(amount) AS BIGINT) FROM {audience_cell} WHERE production = 0 AND part IN (1, 7, 13) "
    "GROUP BY theatre, part, code"
)
_TOUR = (
    "SELECT theatre, production, code, CAST(sum(amount) AS BIGINT) FROM {audience_cell} WHERE production <> 0 AND part = 1 "
    "GROUP BY theatre, production, code"
)
_AREA = "SELECT theatre, pc4, buyers FROM {audience_area}"
_NEW, _KEPT = 1, 1
_REDUCED = (2, 3)


@dataclass(frozen=True)
class Raw:
    """What an edition of a side is made from: rows of performances played (columns; ``weight``: hidden factor in sums over organisations),
    own productions of each organisation, values, and how many performances are behind them."""

    rows: Mapping[str, Column]
    productions: Mapping[int, frozenset[int]]
    values: Values = field(default_factory=dict)
    performances: Mapping[int, int] = field(default_factory=dict)


def raw_of(manifest: Manifest, season_year: int, side: PeerSide) -> Raw:
    """Everything about a side in a season, as the trends' edition and the audiences' shelves have it."""
    source = library()
    rows = {
        name: np.asarray(column)
        for name, column in source.columns(_REASON, "trend_row", [season_year], _ROWS, {}).items()
    }  # fmt: skip
    own: dict[int, set[int]] = defaultdict(set)
    for organisation, production in source.rows(_REASON, "party", [season_year], _PARTY, {}):
        own[organisation].add(production)
    productions = {organisation: frozenset(held) for organisation, held in own.items()}
    if not rows or not len(rows["genre"]):
        return Raw(rows, productions)
    rows["weight"] = _weights(rows, season_year)
    values, counts = _sales(rows, side)
    if side is PeerSide.THEATRE:
        values |= _last_week(season_year) | _houses(season_year)
    else:
        values[PeerMeasure.THEATRES] = _spread(rows)
        values[PeerMeasure.NEW_BUYERS] = _tours(season_year)
    return Raw(rows, productions, values, counts)


def _weights(rows: Mapping[str, Column], season_year: int) -> Column:
    """What each row counts for in a sum over organisations: the hidden factors of its theatre and its office; 1 where there are none."""
    found = {(side, holding): factor for side, holding, factor in library().rows(_REASON, "factor", [season_year], _FACTORS, {})}
    pairs = zip(rows["theatre"].tolist(), rows["office"].tolist(), strict=True)
    return np.array([found.get((0, theatre), 1.0) * found.get((2, office), 1.0) for theatre, office in pairs], dtype=np.float64)


def _sales(rows: Mapping[str, Column], side: PeerSide) -> tuple[Values, dict[int, int]]:
    holdings, place = np.unique(rows[HOLDINGS[side]], return_inverse=True)
    sums = {
        name: np.bincount(place, weights=rows[name].astype(np.float64))
        for name in ("performances", "tickets", "recette_cents", "for_sale")
    }
    values: Values = {
        PeerMeasure.OCCUPANCY: _ratio(holdings, sums["tickets"], sums["for_sale"]),
        PeerMeasure.PRICE: _ratio(holdings, sums["recette_cents"], sums["tickets"]),
        PeerMeasure.TICKETS: _ratio(holdings, sums["tickets"], sums["performances"]),
    }
    counts = {int(holding): round(count) for holding, count in zip(holdings, sums["performances"], strict=True)}
    if side is PeerSide.THEATRE:
        values[PeerMeasure.PERFORMANCES] = {holding: float(count) for holding, count in counts.items()}
    return values, counts


def _ratio(holdings: Column, over: Column, under: Column) -> dict[int, float]:
    return {int(h): float(o) / float(u) for h, o, u in zip(holdings, over, under, strict=True) if u > 0}


def _last_week(season_year: int) -> Values:
    columns = library().columns(_REASON, "lead_row", [season_year], _LEAD, {})
    if not columns or not len(columns["theatre"]):
        return {}
    holdings, place = np.unique(np.asarray(columns["theatre"]), return_inverse=True)
    late, tickets = (
        np.bincount(place, weights=np.asarray(columns[name]).astype(np.float64)) for name in ("late", "tickets")
    )  # fmt: skip
    return {PeerMeasure.LAST_WEEK: _ratio(holdings, late, tickets)}


def _spread(rows: Mapping[str, Column]) -> dict[int, float]:
    """Theatres per production of each producer."""
    places = set(zip(rows["producer"].tolist(), rows["production"].tolist(), rows["theatre"].tolist(), strict=True))
    shows = {(producer, production) for producer, production, _ in places}
    theatres: dict[int, int] = defaultdict(int)
    made: dict[int, int] = defaultdict(int)
    for producer, *_rest in places:
        theatres[producer] += 1
    for producer, _production in shows:
        made[producer] += 1
    return {producer: theatres[producer] / made[producer] for producer in made}


def _owners() -> dict[int, int]:
    """Theatre → the organisation behind it, merged ones too; those without one are left out."""
    fields = ("pk", "organisation_id", "merged_into__organisation_id")
    rows = Theatre.objects.order_by().values_list(*fields)
    return {number: owner or stands_for for number, owner, stands_for in rows if owner or stands_for}


def _shelves() -> Any:
    return open_shelves(Path(settings.WAREHOUSE_HOME))


def _houses(season_year: int) -> Values:
    owners = _owners()
    cells: dict[tuple[int, int], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for theatre, part, code, amount in _shelves().rows(_REASON, ["audience_cell"], None, [season_year], _HOUSE):
        if theatre in owners:
            cells[owners[theatre], part][code] += amount
    wanted = {1: (PeerMeasure.NEW_BUYERS, (_NEW,)), 7: (PeerMeasure.REDUCED, _REDUCED), 13: (PeerMeasure.RETENTION, (_KEPT,))}
    values: Values = {measure: {} for measure, _codes in wanted.values()}
    for (organisation, part), codes in cells.items():
        measure, which = wanted[part]
        share = share_of(codes, which)
        if share is not None:
            values[measure][organisation] = share
    return values | {PeerMeasure.PENETRATION: _penetration(season_year, owners)}


def share_of(codes: Mapping[int, int], which: Iterable[int]) -> float | None:
    """The share of some codes in all, from amounts rounded to five; None when either part is of fewer than ten, or nearly everything."""
    inside = sum(codes.get(code, 0) for code in which)
    parts = np.array([inside, sum(codes.values()) - inside], dtype=np.int64)
    if int(parts.min()) < LIMITS.buyers_min or is_shared_by_nearly_all(parts):
        return None
    told = rounded(parts)
    return round(float(told[0]) / float(told.sum()), 4)


def _penetration(season_year: int, owners: Mapping[int, int]) -> dict[int, float]:
    """Buyers from the municipality in which a house stands, per thousand of its inhabitants; needs loaded areas."""
    if geo.edition() is None:
        return {}
    homes: dict[int, int] = {}
    for number, postcode in Theatre.objects.filter(pk__in=owners).order_by().values_list("pk", "postcode"):
        found = geo.municipality_of(int(postcode[:4])) if postcode[:4].isdecimal() and len(postcode) >= 4 else None
        if found and found.inhabitants >= 1000:
            homes[number] = found.code
    columns = _shelves().columns(_REASON, ["audience_area"], None, [season_year], _AREA)
    if not columns or not len(columns["pc4"]):
        return {}
    parents = geo.arrays().parents(np.asarray(columns["pc4"]).astype(np.int64), AreaLevel.MUNICIPALITY)
    buyers: dict[int, int] = defaultdict(int)
    towns: dict[int, set[int]] = defaultdict(set)
    for theatre, town, amount in zip(
        np.asarray(columns["theatre"]).tolist(), parents.tolist(), np.asarray(columns["buyers"]).tolist(), strict=True
    ):
        if town and homes.get(theatre) == town:
            buyers[owners[theatre]] += amount
            towns[owners[theatre]].add(town)
    people = {one: sum(geo.inhabitants(AreaLevel.MUNICIPALITY, town) for town in held) for one, held in towns.items()}
    return {one: round(1000 * amount / people[one], 2) for one, amount in buyers.items() if amount >= LIMITS.buyers_min}


def _tours(season_year: int) -> dict[int, float]:
    """Share of buyers new to the theatre, of each producer's productions; they cross organisations, so three must be behind it."""
    owners = _owners()
    producers = dict(Production.objects.order_by().values_list("pk", "producer_id"))
    codes: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    behind: dict[int, set[int]] = defaultdict(set)
    for theatre, production, code, amount in _shelves().rows(_REASON, ["audience_cell"], None, [season_year], _TOUR):
        producer = producers.get(production)
        if producer is not None:
            codes[producer][code] += amount
            behind[producer].add(owners.get(theatre, -theatre))
    shares = {one: share_of(held, (_NEW,)) for one, held in codes.items() if len(behind[one]) >= LIMITS.organisations_min}
    return {one: share for one, share in shares.items() if share is not None}
