"""The endpoints of the planning API."""

from calendar import monthrange
from datetime import date
from typing import Any

from django.http import HttpRequest

from dip.kernel import clock
from dip.programme.models import Performance
from dip.registry.terms import Access, AccessDenied, Level, Module
from dip.ticketing.actions import planning, planning_entries
from dip.ticketing.api.yesplan.shapes import event_on_wire, registration_on_wire
from dip.ticketing.api.yesplan.speaking import Unheard, answers, not_here
from dip.ticketing.models import PlanningLink
from dip.ticketing.queries import planning as queries
from dip.ticketing.rules.planning import Misfit, checked_id, read_event, read_production

Answer = tuple[int, Any]
_YEARS = range(1990, 2101)


def _need_view(access: Access) -> None:
    if not access.allows(Module.SALES, Level.VIEW):
        raise AccessDenied("needs the right to view sales")


def _list_events(request: HttpRequest, access: Access) -> Answer:
    _need_view(access)
    year, month = _asked(request, "year", _YEARS), _asked(request, "month", range(1, 13))
    last = date(year, month, monthrange(year, month)[1])
    return 200, [event_on_wire(event) for event in queries.planned_events(access, first=date(year, month, 1), last=last)]


def _asked(request: HttpRequest, name: str, allowed: range) -> int:
    text = request.GET.get(name, "")
    remedy = f"Send a whole number from {allowed.start} to {allowed.stop - 1}, such as /events?year=2026&month=11."
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text) in allowed):
        raise Misfit(name, text, "is no such number" if text else "is missing", remedy)
    return int(text)


def _read_event(request: HttpRequest, access: Access, event_id: str) -> Answer:
    _need_view(access)
    asked = checked_id(event_id)
    try:
        found = queries.planned_event(access, asked)
    except Performance.DoesNotExist as error:
        raise not_here(asked) from error
    if isinstance(found, queries.PlannedEvent):
        return 200, event_on_wire(found, asked)
    return 200, registration_on_wire(found)


def _put_event(request: HttpRequest, access: Access, event_id: str) -> Answer:
    remote_id, told = checked_id(event_id), read_event(request.body)
    if access.is_provider:
        registered = planning_entries.enter_event(access=access, at=clock.now(), remote_id=remote_id, told=told)
    else:
        registered = planning.register_event(access=access, at=clock.now(), remote_id=remote_id, told=told)
    return _registered(access, "event", remote_id, registered)


def _put_production(request: HttpRequest, access: Access, production_id: str) -> Answer:
    remote_id, told = checked_id(production_id), read_production(request.body)
    if access.is_provider:
        registered = planning_entries.enter_production(access=access, at=clock.now(), remote_id=remote_id, told=told)
    else:
        registered = planning.register_production(access=access, at=clock.now(), remote_id=remote_id, told=told)
    return _registered(access, "production", remote_id, registered)


def _registered(access: Access, kind: str, remote_id: str, registered: planning.Registered) -> Answer:
    row = queries.registration(access, kind, remote_id)
    if row is None:
        raise not_here(remote_id)
    return 201 if registered.is_new else 200, registration_on_wire(row, unchanged=registered.is_unchanged)


def _delete_event(request: HttpRequest, access: Access, event_id: str) -> Answer:
    reason = " ".join(request.GET.get("reason", "").split())[:200]
    remote_id = checked_id(event_id)
    try:
        if access.is_provider:
            if not reason.isprintable():
                raise Misfit("reason", reason, "holds characters that cannot be shown", "Send plain text.")
            planning_entries.withdraw_event(access=access, at=clock.now(), remote_id=remote_id, reason=reason)
        else:
            _refuse_reason(reason)
            planning.unlink(access=access, at=clock.now(), kind="event", remote_id=remote_id)
    except PlanningLink.DoesNotExist as error:
        raise not_here(remote_id) from error
    return 204, None


def _refuse_reason(reason: str) -> None:
    if reason:
        told = "A theatre does not cancel a provider's performance."
        raise Unheard(409, "not_yours", told, field="reason", value=reason, remedy="Leave the reason out to unlink the event only.")


def _delete_production(request: HttpRequest, access: Access, production_id: str) -> Answer:
    remote_id = checked_id(production_id)
    try:
        planning.unlink(access=access, at=clock.now(), kind="production", remote_id=remote_id)
    except PlanningLink.DoesNotExist as error:
        raise not_here(remote_id) from error
    return 204, None


def _read_mappings(request: HttpRequest, access: Access) -> Answer:
    return 200, queries.mappings(access) | {"statuses": [{"id": one, "name": one} for one in ("confirmed", "option", "cancelled")]}


events = answers(get=_list_events)
event = answers(get=_read_event, put=_put_event, delete=_delete_event)
production = answers(put=_put_production, delete=_delete_production)
mappings = answers(get=_read_mappings)
