"""A provider's own booking system speaking the planning API: what it registers is entered, changed, moved, published or cancelled."""

from datetime import datetime
from typing import Any

from django.db import transaction

from dip.definitions.models import Genre
from dip.kernel.identifiers import parse_performance_dip_id
from dip.programme import actions as programme
from dip.programme.models import Hall, Performance, Production
from dip.programme.queries.visibility import party_to_performance, party_to_production
from dip.programme.terms import PerformanceEntry, PerformanceStatus, ProductionEntry
from dip.registry.models import Organisation
from dip.registry.terms import Access, AccessDenied, Level, Module, Role
from dip.ticketing.actions.planning import EVENT, PRODUCTION, Registered, enter_link, unlink
from dip.ticketing.actions.tables import wait_for_turn
from dip.ticketing.models import PlanningLink
from dip.ticketing.rules.planning import EventTold, LinkState, Misfit, ProductionTold, Status


def need_entering(access: Access) -> None:
    """Refuse whoever is no provider that manages its programme."""
    if not (access.is_provider and access.allows(Module.PROGRAMME, Level.MANAGE)):
        raise AccessDenied("needs a provider's right to manage the programme")


@transaction.atomic
def enter_production(*, access: Access, at: datetime, remote_id: str, told: ProductionTold) -> Registered:
    """Enter or change a production of the provider; the same again changes nothing.

    Raises :class:`Misfit` for a field that lacks or is unknown, ``UnableToAct`` for what the programme refuses.
    """
    need_entering(access)
    wait_for_turn(access.organisation_id)
    link = _linked(access, PRODUCTION, remote_id)
    known = link.production if link else _by_dip_id(access, told)
    if known is None:
        known = programme.create_production(access=access, at=at, entry=_new_production(access, told, remote_id))
    elif told.name:
        programme.change_production(access=access, at=at, production=known, entry=_changed_production(known, told))
    return enter_link(access=access, at=at, kind=PRODUCTION, remote_id=remote_id, told=told.kept(), production_id=known.pk)


@transaction.atomic
def enter_event(*, access: Access, at: datetime, remote_id: str, told: EventTold) -> Registered:
    """Enter, change, move, publish or cancel a performance of the provider; the same again changes nothing.

    An option is entered as a concept; anything else is published, and its theatre is asked. Raises as :func:`enter_production`.
    """
    need_entering(access)
    wait_for_turn(access.organisation_id)
    link = _linked(access, EVENT, remote_id)
    if link is not None and link.told == told.kept():
        return Registered(link, is_new=False, is_unchanged=True)
    known = link.performance if link else _performance_by_dip_id(access, told)
    number = known.number if known else _new_performance(access, at, told, remote_id)
    if known is not None:
        _change(access, at, known, told)
    performance = Performance.objects.get(pk=number)
    if told.status is Status.CONFIRMED and performance.status == PerformanceStatus.CONCEPT:
        published = programme.publish_performances(access=access, at=at, numbers=[number], allow_past=True)
        refusals = [finding for finding in published.findings if not finding.is_warning]
        if refusals:
            raise programme.UnableToAct(refusals)
    return enter_link(access=access, at=at, kind=EVENT, remote_id=remote_id, told=told.kept(), performance_id=number)


@transaction.atomic
def withdraw_event(*, access: Access, at: datetime, remote_id: str, reason: str = "") -> PlanningLink:
    """Unlink a provider's event; with a reason the performance is cancelled too, and its theatre told. Twice changes nothing."""
    need_entering(access)
    link = _linked(access, EVENT, remote_id)
    if link is not None and reason.strip() and link.performance.status != PerformanceStatus.CANCELLED:
        programme.cancel_performance(access=access, at=at, number=link.performance_id, reason=reason)
    return unlink(access=access, at=at, kind=EVENT, remote_id=remote_id)


def _linked(access: Access, kind: str, remote_id: str) -> PlanningLink | None:
    found: PlanningLink | None = (
        PlanningLink.objects.within(access)
        .filter(kind=kind, remote_id=remote_id, state=LinkState.LINKED)
        .select_related("performance__production", "production")
        .first()
    )
    return found


def _by_dip_id(access: Access, told: ProductionTold) -> Production | None:
    if not told.dip_id:
        return None
    found = Production.objects.filter(party_to_production(access), dip_id=told.dip_id).first()
    if found is None:
        raise Misfit("dip_id", told.dip_id, "is no production of yours", "Leave it out to enter a new one.")
    return found


def _performance_by_dip_id(access: Access, told: EventTold) -> Performance | None:
    if not told.dip_id:
        return None
    reference = parse_performance_dip_id(told.dip_id)
    own = Performance.objects.filter(party_to_performance(access)).select_related("production")
    found = own.filter(pk=reference.number, production__dip_id=reference.production).first() if reference else None
    if found is None:
        raise Misfit("dip_id", told.dip_id, "is no performance of yours", "Leave it out to enter a new one.")
    return found


def _reference(remote_id: str) -> str:
    """What recognises a repeat in the programme: the booking system's id, marked as coming from here."""
    return f"plan:{remote_id}"[:80]


def _genre(told: ProductionTold) -> int:
    found = Genre.objects.filter(code=told.genre).first()
    if found is None and told.genre.isascii() and told.genre.isdecimal() and len(told.genre) < 6:
        found = Genre.objects.filter(pk=int(told.genre)).first()
    if found is None:
        raise Misfit("genre", told.genre, "is no genre of the national list", "Take the id of a genre from /mappings.")
    return int(found.pk)


def _new_production(access: Access, told: ProductionTold, remote_id: str) -> ProductionEntry:
    if told.season_year is None:
        raise Misfit("season", "", "is missing", "Send the season, such as 2026-2027.")
    return ProductionEntry(
        title=told.name,
        season_year=told.season_year,
        genre_id=_genre(told),
        producer_id=_producer(access, told),
        external_ref=_reference(remote_id),
    )


def _producer(access: Access, told: ProductionTold) -> int:
    if access.role is Role.PRODUCER:
        return access.organisation_id
    found = Organisation.objects.filter(number=told.producer or 0, roles__contains=[Role.PRODUCER.value]).first()
    if found is None:
        raise Misfit("producer", told.producer or "", "is no producer", "An agency sends the producer's national number.")
    return int(found.pk)


def _changed_production(known: Production, told: ProductionTold) -> ProductionEntry:
    return ProductionEntry(
        title=told.name,
        season_year=known.season_year,
        genre_id=_genre(told) if told.genre else known.genre_id,
        producer_id=known.producer_id,
        co_producer_ids=tuple(known.co_producers.values_list("pk", flat=True)),
        is_revival=known.is_revival,
        subsidy_scheme=known.subsidy_scheme,
        fund_consent=known.fund_consent,
        cast_members=tuple(known.cast_members),
        external_ref=known.external_ref,
    )


def _new_performance(access: Access, at: datetime, told: EventTold, remote_id: str) -> int:
    if told.starts_at is None:
        raise Misfit("starttime", "", "is missing", "Send the start of the performance.")
    if told.status is Status.CANCELLED:
        raise Misfit("status", told.status.value, "is that of an event that was never registered", "Leave cancelled events out.")
    production = _production(access, told)
    hall = _hall(told)
    entry = PerformanceEntry(
        starts_at=told.starts_at,
        theatre_id=hall.theatre_id,
        hall_id=hall.pk,
        capacity_by_rank=(told.capacity,) if told.capacity else None,
        external_ref=_reference(remote_id),
    )
    made = programme.add_performances(access=access, at=at, production=production, entries=[entry])
    return int(made[0].number)


def _production(access: Access, told: EventTold) -> Production:
    asked = told.production_id or told.production
    link = _linked(access, PRODUCTION, asked) if asked else None
    if link is not None and link.production is not None:
        return link.production
    found = Production.objects.filter(party_to_production(access), dip_id=asked).first() if asked else None
    if found is None:
        raise Misfit("production", asked, "is no production of yours", "Register it first with PUT /productions/{id}.")
    return found


def _hall(told: EventTold) -> Hall:
    """The hall that is meant: by its id of the mappings, or by theatre and hall as they stand there."""
    halls = Hall.objects.filter(do_not_use=False, merged_into=None, theatre__merged_into=None, theatre__do_not_use=False)
    key = told.location_id or (told.location if told.location.isdecimal() else "")
    found = halls.filter(pk=int(key)).first() if key.isascii() and key.isdecimal() and len(key) < 16 else None
    if found is None and ", " in told.location:
        house, _, name = told.location.rpartition(", ")
        several = list(halls.filter(theatre__name__iexact=house, name__iexact=name)[:2])
        found = several[0] if len(several) == 1 else None
    if found is None:
        raise Misfit("location", told.location or told.location_id, "is no hall", "Take the id of a location from /mappings.")
    return found


def _change(access: Access, at: datetime, known: Performance, told: EventTold) -> None:
    """Cancel, or move and change as far as the event says otherwise."""
    if told.status is Status.CANCELLED:
        if known.status != PerformanceStatus.CANCELLED:
            if not told.reason:
                raise Misfit("reason", "", "is missing", "Say why it is cancelled; the theatre reads it.")
            programme.cancel_performance(access=access, at=at, number=known.number, reason=told.reason)
        return
    hall = _hall(told) if told.location_id or told.location else known.hall
    values: dict[str, Any] = {"theatre_id": hall.theatre_id, "hall_id": hall.pk, "allow_past": True}
    programme.move_performance(access=access, at=at, number=known.number, starts_at=told.starts_at or known.starts_at, **values)
    if told.capacity:
        programme.change_performance(access=access, at=at, number=known.number, capacity_by_rank=(told.capacity,))
