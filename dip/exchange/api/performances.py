"""Performances: their changes, one of them, entering in bulk, changing, moving, publishing, cancelling."""

from datetime import datetime
from typing import Any

from django.db import transaction
from msgspec import UNSET

from dip.exchange.api.answering import check_version, tagged
from dip.exchange.api.findings import refusals_told, refused, told
from dip.exchange.api.operations import Call, Result, operation
from dip.exchange.api.paging import page, read_cursor, season_of
from dip.exchange.problems import Problem, error_at, error_in
from dip.exchange.queries import performances as queries
from dip.exchange.queries.horizon import horizon
from dip.exchange.queries.productions import may_change, production_of
from dip.exchange.rules import bodies, shapes
from dip.exchange.terms import Window
from dip.programme import actions
from dip.programme.models import Performance
from dip.programme.terms import Finding, FundFeature, PerformanceEntry, PerformanceKind, PerformanceStatus
from dip.registry.terms import Access, AccessDenied, Level

_TAG = "Performances"
#: Years in which a performance can begin; the platform takes in history.
FIRST_YEAR, LAST_YEAR = 1980, 2079
_PLACE = ("starts_at", "theatre_id", "hall_id")
_FLAGS = ("kind", "is_private", "in_festival", "is_other_location", "fund_feature", "capacity_by_rank", "external_ref")


@operation(
    "GET", "/performances", tag=_TAG, summary="Performances, and what changed of them",
    query=bodies.PerformanceQuery, answer=shapes.PerformancePage,
)  # fmt: skip
def list_performances(call: Call) -> Result:
    """Your performances in the order in which they changed last; a theatre sees the published ones in its houses. Cancelled ones stay,
    with that status; what is no longer your business is named in withdrawn. Paging as for productions."""
    place, until = read_cursor(call, "performances", (0, 0)), horizon()
    found = queries.changed_performances(call.access, filter_of(call.query), (place[0], place[1]), until, call.query.limit)
    following = found.last or (max(until, place[0]), 0 if until > place[0] else place[1])
    lost = queries.withdrawn_performances(call.access, Window(place[0], following[0])) if place[0] else []
    has_more = found.last is not None
    return page(call, "performances", shapes.PerformancePage, following, has_more, items=found.items, withdrawn=lost)


@operation("GET", "/performances/{number}", tag=_TAG, summary="One performance", answer=shapes.Performance, refusals=(404,))
def read_performance(call: Call) -> Result:
    """A performance that you take part in."""
    return tagged(_shown(call.access, call.path["number"]))


@operation(
    "POST", "/productions/{dipId}/performances", tag=_TAG, summary="Enter performances",
    level=Level.MANAGE, body=bodies.PerformanceEntries, answer=shapes.PerformancesWritten, status=201, refusals=(404, 422),
)  # fmt: skip
def enter_performances(call: Call) -> Result:
    """Enter one performance or a whole tour: all rows or none. A refusal points to each row that is wrong. Published ones are public at
    once, and their theatres are asked to confirm; concepts wait for a PATCH with status published."""
    access, rows = call.access, call.body
    found = production_of(access, call.path["dipId"])
    if found is None:
        raise Problem("not-found", f"There is no production {call.path['dipId'][:40]} here for you.")
    production = found[0]
    if not may_change(access, production):
        raise AccessDenied(f"{production.dip_id} is changed by its main producer or that producer's agency.")
    entries = [_entry(place, row) for place, row in enumerate(rows)]
    with refusals_told(in_rows=True):
        made = actions.add_performances(access=access, at=call.at, production=production, entries=entries)
        ready = [one.number for one, row in zip(made, rows, strict=True) if row.status == "published"]
        warnings = _publish(access, call.at, ready, {one.number: place for place, one in enumerate(made)})
    items = queries.performances_numbered(access, dict.fromkeys(one.number for one in made))
    return Result(shapes.PerformancesWritten(items=items, warnings=warnings), 201)


@operation(
    "PATCH", "/performances/{number}", tag=_TAG, summary="Change, move, publish or cancel a performance",
    level=Level.MANAGE, body=bodies.PerformanceChange, answer=shapes.Performance, refusals=(404, 412, 422, 428),
)  # fmt: skip
def change_performance(call: Call) -> Result:
    """Change a performance of a production that you lead or act for, with If-Match. The same values again change nothing."""
    access, body, number = call.access, call.body, call.path["number"]
    with transaction.atomic():
        performance = queries.lock_performance(access, number)
        shape = _shown(access, number)
        assert performance is not None  # what is shown is there
        check_version(call.request, shape)
        with refusals_told():
            if body.status == "cancelled":
                _cancel(access, call.at, performance, body)
            else:
                _change(access, call.at, performance, body)
        return tagged(_shown(access, number))


def filter_of(query: Any) -> queries.PerformanceFilter:
    """The filter that a query states."""
    if query.from_ and query.until and query.until < query.from_:
        told = f"until {query.until} lies before from {query.from_}. Exchange them."
        raise Problem("unreadable", told, errors=[error_in("until", told)])
    return queries.PerformanceFilter(
        production=query.production,
        season_year=season_of(query.season),
        theatre_id=query.theatre_id,
        genre_id=getattr(query, "genre_id", None),
        status=getattr(query, "status", None),
        first=query.from_,
        last=query.until,
        changed_since=query.changed_since if isinstance(query, bodies.PerformanceQuery) else None,
    )


def _shown(access: Access, number: int) -> shapes.Performance:
    found = queries.performances_numbered(access, [number])
    if not found:
        raise Problem("not-found", f"There is no performance {number} here for you.")
    return found[0]


def _entry(place: int, row: bodies.PerformanceEntry) -> PerformanceEntry:
    return PerformanceEntry(
        starts_at=_begin(row.starts_at, f"#/{place}/startsAt"),
        theatre_id=row.theatre_id,
        hall_id=row.hall_id,
        kind=PerformanceKind(row.kind),
        is_private=row.is_private,
        in_festival=row.in_festival,
        is_other_location=row.is_other_location,
        fund_feature=FundFeature(row.fund_feature),
        capacity_by_rank=None if row.capacity_by_rank is None else tuple(row.capacity_by_rank),
        external_ref=row.external_ref.strip(),
    )


def _begin(moment: datetime, pointer: str) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        told = f"startsAt {moment.isoformat()} lies outside {FIRST_YEAR} to {LAST_YEAR}. Correct the year."
        raise Problem("refused", told, errors=[error_at(pointer, told)])
    return moment


def _publish(access: Access, at: datetime, numbers: list[int], places: dict[int, int]) -> list[shapes.Remark]:
    """Publish those that are concepts still; what was remarked. What refuses one refuses all."""
    waiting = Performance.objects.filter(pk__in=numbers, status=PerformanceStatus.CONCEPT).values_list("pk", flat=True)
    published = actions.publish_performances(access=access, at=at, numbers=list(waiting), allow_past=True)
    placed = [_placed(finding, places) for finding in published.findings]
    wrong = [finding for finding in placed if not finding.is_warning]
    if wrong:
        raise refused(wrong, in_rows=True)
    return [shapes.Remark(**told(finding, in_rows=True)) for finding in placed]


def _placed(finding: Finding, places: dict[int, int]) -> Finding:
    return Finding(finding.code, finding.field, finding.value, places.get(finding.number or 0, finding.row or 0), finding.number)


def _cancel(access: Access, at: datetime, performance: Performance, body: bodies.PerformanceChange) -> None:
    other = next((name for name in (*_PLACE, *_FLAGS) if getattr(body, name) is not UNSET), None)
    if other is not None:
        told = "A cancellation goes with nothing else than cancelReason. Send the other changes apart, before it."
        raise Problem("refused", told, errors=[error_at("#/status", told)])
    if performance.status != PerformanceStatus.CANCELLED:
        reason = "" if body.cancel_reason is UNSET else body.cancel_reason
        actions.cancel_performance(access=access, at=at, number=performance.number, reason=reason)


def _change(access: Access, at: datetime, performance: Performance, body: bodies.PerformanceChange) -> None:
    number = performance.number
    if body.cancel_reason is not UNSET:
        told = "cancelReason goes with status cancelled. Leave it out, or send that status."
        raise Problem("refused", told, errors=[error_at("#/cancelReason", told)])
    if any(getattr(body, name) is not UNSET for name in _PLACE):
        place: dict[str, Any] = {
            name: getattr(performance, name) if getattr(body, name) is UNSET else getattr(body, name) for name in _PLACE
        }
        place["starts_at"] = _begin(place["starts_at"], "#/startsAt")
        actions.move_performance(access=access, at=at, number=number, allow_past=True, **place)
    given = {name: getattr(body, name) for name in _FLAGS if getattr(body, name) is not UNSET}
    if "external_ref" in given:
        given["external_ref"] = given["external_ref"].strip()
    actions.change_performance(access=access, at=at, number=number, **given)
    if body.status == "published" and performance.status == PerformanceStatus.CONCEPT:
        published = actions.publish_performances(access=access, at=at, numbers=[number], allow_past=True)
        wrong = [finding for finding in published.findings if not finding.is_warning]
        if wrong:
            raise refused(wrong)
