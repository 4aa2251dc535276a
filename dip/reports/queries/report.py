"""One week of one organisation, put together from the answers of the Sales Monitor, the programme and the warehouse's door."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from dip.kernel.periods import season_year
from dip.programme.queries.requests import open_requests
from dip.registry.models import Organisation
from dip.registry.terms import Access, Door, Level, Module
from dip.reports.queries.weeks import weekly
from dip.reports.rules.weeks import WEEK, known_at
from dip.reports.terms import ROLES, Asked, National, PerformanceLine, Side, WeekReport
from dip.sales.queries import monitors, standings, states, visible
from dip.sales.terms import AsOf, Evening, Line, Sales, Standing, State
from dip.warehouse import queries as warehouse
from dip.warehouse.terms import GenreCell, NotShown

#: The workbook lists at most so many connection requests.
MOST_REQUESTS = 500


def access_for(organisation: Organisation, side: Side) -> Access | None:
    """The access with which an organisation's report is made; None when it has no role of that side. No queries."""
    role = next((role for role in ROLES[side] if role.value in organisation.roles), None)
    if role is None:
        return None
    rights = {Module.SALES: Level.VIEW, Module.PROGRAMME: Level.VIEW}
    return Access(organisation.pk, organisation.name, role, rights, door=Door.JOB, actor="DIP")


def report_of(access: Access, monday: date, at: datetime, national: Mapping[str, Any] | None = None) -> WeekReport:
    """The report that goes out on ``monday``, with what was known at 05:00 that day. Seventeen queries, however much is in it.

    ``national``: kept national figures (:func:`as_kept`); without them those that are published now. Requests stand as they do now.
    """
    side = Side.PROVIDER if access.is_provider else Side.THEATRE
    moment = known_at(monday)
    as_of = AsOf(moment, True)
    year = season_year(monday)
    evenings = _evenings(access, year)
    sales = monitors.sales_of(access, evenings, as_of)
    before = {line.evening.number: line.state for line in states.lines(access, evenings, AsOf(moment - WEEK, True))}
    weeks = weekly(access, evenings, monday, moment)
    references = _references(access, sales, as_of)
    lines = tuple(_line(row, before, weeks[row.line.evening.number], references) for row in sales.rows)
    later = any(line.heard for line in lines if line.season_year == year + 1)
    kept = tuple(line for line in lines if later or line.season_year == year)
    return WeekReport(
        side=side,
        organisation_name=access.organisation_name,
        role=access.role,
        monday=monday,
        known_at=moment,
        made_at=at,
        seasons=(year, year + 1) if later else (year,),
        lines=kept,
        national=_restored(national) if national else _published(access, year),
        requests=_requests(access, at) if side is Side.THEATRE else (),
    )


def _evenings(access: Access, year: int) -> list[Evening]:
    productions = visible.own_productions(access)
    return [
        *visible.evenings_of_season(access, year, productions),
        *visible.evenings_of_season(access, year + 1, productions),
    ]


def _references(access: Access, sales: Sales, as_of: AsOf) -> Mapping[int, float | NotShown | None]:
    if access.is_taker:
        return standings.colleagues(access, [row.line for row in sales.rows], as_of)
    return {row.line.evening.number: row.expected if isinstance(row.expected, NotShown) else row.median for row in sales.rows}


def _line(
    row: Standing,
    before: Mapping[int, State],
    weeks: tuple[tuple[int, ...], tuple[int, ...]],
    references: Mapping[int, float | NotShown | None],
) -> PerformanceLine:
    line: Line = row.line
    number = line.evening.number
    return PerformanceLine(
        evening=line.evening,
        season_year=season_year(line.evening.performance_date),
        state=line.state,
        earlier=before[number],
        status=row.status,
        reference=references.get(number),
        confirmed_at=line.confirmed_at,
        source=line.source,
        is_played=row.is_played,
        tickets=weeks[0],
        cents=weeks[1],
    )


def _published(access: Access, year: int) -> National | None:
    cells = warehouse.genre_cells(access, year)
    return National(year, cells[0].true_at, tuple(cells)) if cells else None


def as_kept(national: National | None) -> dict[str, Any] | None:
    """National figures as plain values, to keep with an edition; a figure that is not shown becomes None."""
    if national is None:
        return None
    cells = []
    for cell in national.cells:
        plain = asdict(cell)
        plain.pop("true_at")
        cells.append({name: None if isinstance(getattr(cell, name), NotShown) else value for name, value in plain.items()})
    return {"season_year": national.season_year, "true_at": national.true_at.isoformat(), "cells": cells}


_HIDABLE = ("performances", "tickets", "recette_cents", "for_sale")


def _restored(kept: Mapping[str, Any]) -> National:
    true_at = datetime.fromisoformat(kept["true_at"])
    cells = []
    for plain in kept["cells"]:
        values: dict[str, Any] = {
            name: NotShown() if name in _HIDABLE and value is None else value for name, value in plain.items()
        }
        cells.append(GenreCell(true_at=true_at, **values))
    return National(kept["season_year"], true_at, tuple(cells))


def _requests(access: Access, at: datetime) -> tuple[Asked, ...]:
    rows, _count = open_requests(access, MOST_REQUESTS, since=at)
    return tuple(
        Asked(
            row.performance.number, row.performance.title, row.performance.dip_id, row.performance.hall_name,
            row.performance.starts_at, row.sent_at,
        )
        for row in rows
    )  # fmt: skip


def requests_of(access: Access, at: datetime) -> tuple[Asked, ...]:
    """Connection requests that wait for a theatre, of performances still to come. Four queries at most."""
    return _requests(access, at)
