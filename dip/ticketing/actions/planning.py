"""Registrations of a theatre's planning system: which performance or production each is, and what differs told to the provider."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from dip.kernel.clock import AMSTERDAM, from_local, local
from dip.programme.actions import UnableToAct, propose_corrections
from dip.programme.actions.letters import production_page, provider_contacts
from dip.programme.models import HallAlias, Performance, Production, TheatreAlias
from dip.programme.terms import Correction, PerformanceStatus, ProposalField
from dip.registry.post import queue_mail
from dip.registry.terms import Access, AccessDenied, Level, Module, Refusal
from dip.registry.trail import write_line
from dip.ticketing.actions.tables import wait_for_turn
from dip.ticketing.models import PlanningLink
from dip.ticketing.rules.matching import Known, title_likeness
from dip.ticketing.rules.planning import (
    SURE_TITLE,
    EventTold,
    LinkState,
    Match,
    MatchedBy,
    ProductionTold,
    Remark,
    RemarkCode,
    is_same_start,
    match_event,
)

EVENT, PRODUCTION = "event", "production"
#: How far around a start performances are looked for: enough for every clock.
_AROUND = timedelta(hours=15)


class UnableToPlan(Refusal):
    """A registration cannot be decided like this."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of a registration: its row, whether it is new here, and whether nothing changed at all."""

    link: PlanningLink
    is_new: bool
    is_unchanged: bool


def need_registering(access: Access) -> None:
    """Refuse whoever is no theatre that manages its sales."""
    if not (access.is_taker and access.allows(Module.SALES, Level.MANAGE)):
        raise AccessDenied("needs a theatre's right to manage sales")


@transaction.atomic
def register_event(*, access: Access, at: datetime, remote_id: str, told: EventTold) -> Registered:
    """Take what the theatre's planning system says of one of its events, and link it when it is sure which performance that is.

    The same again changes nothing. A link that stands stays; what the planning system then says otherwise of start and hall is
    proposed to the provider as a correction, when the client may answer for its theatre. What matches nothing waits.
    """
    need_registering(access)
    wait_for_turn(access.organisation_id)
    link = _link(access, EVENT, remote_id)
    stands = link is not None and link.state == LinkState.LINKED and not told.dip_id
    match = _standing(link) if link is not None and stands else _matched(access, remote_id, told)
    refused = link.told.get("refused") if link is not None else None
    kept = told.kept() | ({"refused": refused} if refused else {})
    if link is not None and link.told == kept and (link.state, link.performance_id) == (match.state.value, match.number):
        return Registered(link, is_new=False, is_unchanged=True)
    remarks = list(match.remarks)
    if match.state is LinkState.LINKED and match.number is not None:
        remarks += _tell_differences(access, at, match.number, told)
    production_id = _production_of(access, told) if match.number is None else None
    if production_id and (link is None or link.told.get("starts_at") != kept.get("starts_at")):
        remarks += _tell_provider(access, production_id, told)
    values = {"performance_id": match.number, "production_id": production_id, "matched_by": match.matched_by or ""}
    return _keep(access, at, link, EVENT, remote_id, match.state, kept, remarks, values)


@transaction.atomic
def register_production(*, access: Access, at: datetime, remote_id: str, told: ProductionTold) -> Registered:
    """Take what the theatre's planning system says of a production: linked by its DIP-id, or by its title among those that play in
    the theatre; else it waits. The same again changes nothing, unless a production has come that fits."""
    need_registering(access)
    wait_for_turn(access.organisation_id)
    link = _link(access, PRODUCTION, remote_id)
    found, matched_by, remarks = _production(access, told)
    state = LinkState.LINKED if found else LinkState.WAITING
    key = found.pk if found else None
    if link is not None and link.told == told.kept() and (link.state, link.production_id) == (state.value, key):
        return Registered(link, is_new=False, is_unchanged=True)
    values = {"production_id": key, "performance_id": None, "matched_by": matched_by or ""}
    return _keep(access, at, link, PRODUCTION, remote_id, state, told.kept(), remarks, values)


@transaction.atomic
def unlink(*, access: Access, at: datetime, kind: str, remote_id: str) -> PlanningLink:
    """Forget a registration; the performance or production itself stays as it is. Unlinking twice changes nothing.

    Raises ``PlanningLink.DoesNotExist`` for what was never registered.
    """
    if not access.allows(Module.SALES, Level.MANAGE) and not access.allows(Module.PROGRAMME, Level.MANAGE):
        raise AccessDenied("needs the right to manage sales or programme")
    link: PlanningLink = PlanningLink.objects.within(access).select_for_update().get(kind=kind, remote_id=remote_id)
    if link.state != LinkState.REMOVED:
        link.state, link.performance, link.production, link.matched_by = LinkState.REMOVED, None, None, ""
        link.remarks, link.changed_at = [], at
        link.save()
        _trail(access, at, "unlink_planned", link)
    return link


@transaction.atomic
def decide_event(*, access: Access, at: datetime, link_id: int, is_it: bool) -> PlanningLink:
    """A person says whether a proposed event is the performance that was found. Deciding twice the same changes nothing.

    Raises :class:`UnableToPlan` when nothing is proposed (any more), ``PlanningLink.DoesNotExist`` for strangers.
    """
    need_registering(access)
    link: PlanningLink = PlanningLink.objects.within(access).select_for_update().get(pk=link_id, kind=EVENT)
    if link.state == LinkState.LINKED and is_it:
        return link
    if link.state != LinkState.PROPOSED:
        raise UnableToPlan(_("Nothing is proposed for this event any more."))
    if is_it and _taken(access, [link.performance_id], link.remote_id):
        raise UnableToPlan(_("This performance is linked to another event already. Unlink that one first."))
    if is_it:
        link.state, link.matched_by, link.remarks = LinkState.LINKED, MatchedBy.PERSON, []
    else:
        refused = [*link.told.get("refused", []), link.performance_id]
        link.state, link.performance, link.matched_by = LinkState.WAITING, None, ""
        link.told, link.remarks = link.told | {"refused": refused}, [[RemarkCode.NO_MATCH.value, "name", link.told.get("name", "")]]
    link.changed_at = at
    link.save()
    _trail(access, at, "decide_planned", link)
    return link


def enter_link(
    *,
    access: Access,
    at: datetime,
    kind: str,
    remote_id: str,
    told: Mapping[str, Any],
    performance_id: int | None = None,
    production_id: int | None = None,
) -> Registered:
    """Keep which of a provider's own entries an id of its booking system is; in the transaction of the caller."""
    link = _link(access, kind, remote_id)
    same = link is not None and (link.state, link.told, link.performance_id, link.production_id) == (
        LinkState.LINKED,
        dict(told),
        performance_id,
        production_id,
    )
    if link is not None and same:
        return Registered(link, is_new=False, is_unchanged=True)
    values = {"performance_id": performance_id, "production_id": production_id, "matched_by": MatchedBy.ENTRY}
    return _keep(access, at, link, kind, remote_id, LinkState.LINKED, dict(told), [], values)


def _link(access: Access, kind: str, remote_id: str) -> PlanningLink | None:
    found: PlanningLink | None = (
        PlanningLink.objects.within(access).select_for_update().filter(kind=kind, remote_id=remote_id).first()
    )
    return found


def _standing(link: PlanningLink) -> Match:
    return Match(LinkState.LINKED, link.performance_id, MatchedBy(link.matched_by) if link.matched_by else None)


def _keep(
    access: Access,
    at: datetime,
    link: PlanningLink | None,
    kind: str,
    remote_id: str,
    state: LinkState,
    told: dict[str, Any],
    remarks: Sequence[Remark],
    values: Mapping[str, Any],
) -> Registered:
    is_new = link is None or link.state == LinkState.REMOVED
    if link is None:
        link = PlanningLink(organisation_id=access.organisation_id, kind=kind, remote_id=remote_id, registered_at=at)
    link.state, link.told, link.changed_at, link.source = state, told, at, access.actor[:120]
    link.remarks = [[remark.code.value, remark.field, remark.value] for remark in remarks]
    for name, value in values.items():
        setattr(link, name, value)
    link.save()
    _trail(access, at, "register_planned", link)
    return Registered(link, is_new=is_new, is_unchanged=False)


def _zone(access: Access) -> ZoneInfo:
    """The clock of the theatre's houses."""
    name = Performance._meta.get_field("theatre").related_model.objects.filter(organisation_id=access.organisation_id)
    found = name.order_by("pk").values_list("time_zone", flat=True).first()
    return ZoneInfo(found) if found else AMSTERDAM


def _aware(told: EventTold, zone: ZoneInfo) -> datetime | None:
    if told.starts_at is None or told.starts_at.tzinfo is not None:
        return told.starts_at
    return from_local(told.starts_at, zone)


def _matched(access: Access, remote_id: str, told: EventTold) -> Match:
    """The judgement on an event that has no link yet, or that names its DIP-id."""
    starts_at = _aware(told, _zone(access))
    near = Q(starts_at__range=(starts_at - _AROUND, starts_at + _AROUND)) if starts_at else Q(pk__in=[])
    number = told.dip_id.rpartition("|")[2]
    named = Q(pk=int(number)) if number.isascii() and number.isdecimal() and len(number) < 10 else Q(pk__in=[])
    rows = list(
        Performance.objects.filter(near | named, theatre__organisation_id=access.organisation_id, published_at__isnull=False)
        .select_related("production", "theatre", "hall")
        .order_by("starts_at", "number")
    )
    names = _hall_names(rows)
    link = _link(access, EVENT, remote_id)
    refused = set(link.told.get("refused", [])) if link is not None else set()
    known = [
        Known(
            row.number,
            row.production.dip_id,
            row.production.title,
            row.starts_at,
            names[row.number],
            row.status == PerformanceStatus.PUBLISHED and row.number not in refused,
        )
        for row in rows
    ]
    elsewhere = Performance.objects.filter(named, published_at__isnull=False).exclude(pk__in=[row.number for row in rows])
    return match_event(
        told,
        starts_at,
        known,
        elsewhere=list(elsewhere.values_list("pk", flat=True)),
        taken=_taken(access, [row.number for row in rows], remote_id),
        remote_id=remote_id,
        hall_numbers=[row.number for row in rows if str(row.hall_id) == told.location_id],
    )


def _hall_names(rows: Sequence[Performance]) -> dict[int, tuple[str, ...]]:
    """Every name by which a planning system can mean the hall of each performance."""
    halls: dict[int, list[str]] = {}
    for hall_id, name in HallAlias.objects.filter(hall_id__in={row.hall_id for row in rows}).values_list("hall_id", "name"):
        halls.setdefault(hall_id, []).append(name)
    houses: dict[int, list[str]] = {}
    for theatre_id, name in TheatreAlias.objects.filter(theatre_id__in={row.theatre_id for row in rows}).values_list(
        "theatre_id", "name"
    ):
        houses.setdefault(theatre_id, []).append(name)
    found = {}
    for row in rows:
        own = [row.hall.name, *halls.get(row.hall_id, [])]
        theatres = [row.theatre.name, *houses.get(row.theatre_id, [])]
        found[row.number] = (*own, *(f"{house} {hall}" for house in theatres for hall in own))
    return found


def _taken(access: Access, numbers: Sequence[int | None], remote_id: str) -> dict[int, str]:
    """Which of the numbers other events of the same planning system have."""
    links = PlanningLink.objects.within(access).filter(kind=EVENT, state=LinkState.LINKED, performance_id__in=numbers)
    return dict(links.exclude(remote_id=remote_id).values_list("performance_id", "remote_id"))


def _tell_differences(access: Access, at: datetime, number: int, told: EventTold) -> list[Remark]:
    """Propose to the provider what the planning system says otherwise of the start; what cannot be proposed is remarked."""
    performance = Performance.objects.select_related("theatre").get(pk=number)
    if performance.status == PerformanceStatus.CANCELLED:
        return [Remark(RemarkCode.CANCELLED, "status", performance.cancel_reason)]
    zone = ZoneInfo(performance.theatre.time_zone)
    starts_at = _aware(told, zone)
    if starts_at is None or is_same_start(starts_at, performance.starts_at):
        return []
    meant, known = local(starts_at, zone), local(performance.starts_at, zone)
    reason = _("From the planning system of the theatre.")
    corrections = [Correction(ProposalField.TIME, f"{meant:%H:%M}", reason)]
    if meant.date() != known.date():
        corrections.append(Correction(ProposalField.DATE, meant.date().isoformat(), reason))
    differs = Remark(RemarkCode.DIFFERS, "starttime", known.isoformat(timespec="minutes"))
    try:
        with transaction.atomic():
            propose_corrections(access=access, at=at, number=number, corrections=corrections)
    except (UnableToAct, AccessDenied):  # nobody is asked any more, or this client may not answer: a person must
        return [differs]
    return [differs, Remark(RemarkCode.PROPOSED_TO_PROVIDER, "starttime", meant.isoformat(timespec="minutes"))]


def _production_of(access: Access, told: EventTold) -> int | None:
    """The production that a waiting event belongs to, as far as the planning system has linked it."""
    if not told.production_id:
        return None
    link = PlanningLink.objects.within(access).filter(kind=PRODUCTION, remote_id=told.production_id).first()
    return link.production_id if link else None


def _tell_provider(access: Access, production_id: int, told: EventTold) -> list[Remark]:
    """Mail the provider that a theatre plans an evening of its production that is not on the platform."""
    production = Production.objects.get(pk=production_id)
    starts_at = _aware(told, _zone(access))
    contacts = provider_contacts(production)
    for contact in contacts:
        with override(contact.language):
            context = {
                "theatre": access.organisation_name,
                "production": production,
                "starts_at": starts_at and local(starts_at, _zone(access)),
                "hall": told.location,
                "link": production_page(production),
            }
            subject, _rest, body = render_to_string("ticketing/mail/planned.txt", context).lstrip().partition("\n")
            queue_mail(to=contact.email, subject=subject, body=body)
    return [Remark(RemarkCode.PROVIDER_TOLD, "production", production.dip_id)] if contacts else []


def _production(access: Access, told: ProductionTold) -> tuple[Production | None, MatchedBy | None, list[Remark]]:
    here = Production.objects.filter(
        pk__in=Performance.objects.filter(theatre__organisation_id=access.organisation_id, published_at__isnull=False).values(
            "production_id"
        )
    )
    if told.dip_id:
        found = here.filter(dip_id=told.dip_id).first()
        return found, MatchedBy.DIP_ID if found else None, [] if found else [Remark(RemarkCode.UNKNOWN_ID, "dip_id", told.dip_id)]
    season = here.filter(season_year=told.season_year) if told.season_year else here
    alike = [one for one in season.order_by("-season_year", "pk") if title_likeness(told.name, one.title) >= SURE_TITLE]
    newest = [one for one in alike if one.season_year == alike[0].season_year]
    if len(newest) == 1:
        return newest[0], MatchedBy.TITLE, []
    return None, None, [Remark(RemarkCode.NO_MATCH if not alike else RemarkCode.TO_CONFIRM, "name", told.name)]


def _trail(access: Access, at: datetime, verb: str, link: PlanningLink) -> None:
    changes = {
        "state": [None, str(link.state)],
        "performance": [None, link.performance_id],
        "production": [None, link.production_id],
    }
    label = f"{link.remote_id}: {link.told.get('name', '')}"
    write_line(access=access, at=at, verb=verb, subject="planning_link", subject_id=link.pk, label=label, changes=changes)
