"""Events and registrations as the wire shows them."""

from typing import Any
from zoneinfo import ZoneInfo

from dip.kernel.clock import local
from dip.ticketing.queries.planning import PlannedEvent, PlanningRow
from dip.ticketing.rules.planning import Remark, RemarkCode

#: What each remark says, and what to do; shown in answers and in the documentation.
REMARKS: dict[RemarkCode, tuple[str, str]] = {
    RemarkCode.NO_MATCH: (
        "No performance of yours at that time fits.",
        "It waits. When the provider publishes the performance, send the event again; or send its dip_id.",
    ),
    RemarkCode.TO_CONFIRM: (
        "A performance fits in part: time, but not hall or title.",
        "Say on the page Planning whether it is this one, or send its dip_id.",
    ),
    RemarkCode.UNREADABLE_ID: ("dip_id has another form.", "Send it as NL-26-00123-00279|104512."),
    RemarkCode.UNKNOWN_ID: ("dip_id is not published.", "Take it from GET /events."),
    RemarkCode.OTHER_PRODUCTION: ("The number belongs to another production.", "Take the dip_id from GET /events."),
    RemarkCode.OTHER_THEATRE: ("The performance plays in another theatre.", "Take the dip_id from GET /events."),
    RemarkCode.TAKEN: ("Another event of yours is linked to this performance.", "Unlink that one first with DELETE."),
    RemarkCode.CANCELLED: ("The performance is cancelled on the platform.", "Ask the provider when it plays after all."),
    RemarkCode.DIFFERS: (
        "The platform has another start.",
        "Unless it was proposed to the provider, propose it on the performance's page.",
    ),
    RemarkCode.PROPOSED_TO_PROVIDER: ("The start was proposed to the provider as a correction.", "Wait for the answer."),
    RemarkCode.PROVIDER_TOLD: ("The provider was told by mail that you plan this.", "Wait, or ask the provider."),
}


def event_on_wire(event: PlannedEvent, asked: str = "") -> dict[str, Any]:
    """A performance. ``id`` is the planning system's own once linked, else the national number; figures that are not told are null."""
    standing, zone = event.standing, ZoneInfo(event.time_zone)
    return {
        "id": event.remote_id or asked or str(event.number),
        "linked": bool(event.remote_id),
        "number": event.number,
        "dip_id": event.dip_id,
        "name": event.title,
        "production": {"id": event.production, "name": event.title},
        "location": {"id": str(event.hall_id), "name": f"{event.theatre}, {event.hall}"},
        "starttime": local(event.starts_at, zone).isoformat(timespec="seconds"),
        "status": event.status,
        "capacity": standing.capacity,
        "sold": standing.sold,
        "complimentary": standing.complimentary,
        "reserved": standing.reserved,
        "blocked": standing.blocked,
        "resale": standing.resale,
        "available": standing.available,
        "revenue_cents": standing.recette_cents,
        "updated": local(standing.true_at, zone).isoformat(timespec="seconds") if standing.true_at else None,
    }


def registration_on_wire(row: PlanningRow, *, unchanged: bool = False) -> dict[str, Any]:
    """What became of a registration; ``event`` is the performance that it is."""
    linked = row.event if row.state.value == "linked" else None
    return {
        "id": row.remote_id,
        "state": row.state.value,
        "unchanged": unchanged,
        "matched_by": row.matched_by.value if row.matched_by else None,
        "number": linked.number if linked else None,
        "dip_id": linked.dip_id if linked else row.production or None,
        "event": event_on_wire(linked, row.remote_id) if linked else None,
        "proposed": row.event.dip_id if row.event and not linked else None,
        "remarks": [_remark(one) for one in row.remarks],
    }


def _remark(remark: Remark) -> dict[str, str]:
    message, remedy = REMARKS[remark.code]
    return {"code": remark.code.value, "field": remark.field, "value": remark.value, "message": message, "remedy": remedy}
