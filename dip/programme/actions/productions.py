"""Entering and changing productions."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from dip.definitions.models import Genre
from dip.kernel.identifiers import production_dip_id
from dip.programme.actions.entitlement import UnableToEnter, need_editing, need_entering
from dip.programme.actions.letters import people_of, production_page, send_letter
from dip.programme.models import Production, ProductionEvent
from dip.programme.rules.entries import production_findings
from dip.programme.terms import EventKind, Finding, FindingCode, ProductionEntry
from dip.registry.models import Organisation
from dip.registry.terms import Access, Role
from dip.registry.trail import write_line

_MINT = """
INSERT INTO programme_productionserial (producer_id, season_year, last) VALUES (%s, %s, 1)
ON CONFLICT (producer_id, season_year) DO UPDATE SET last = programme_productionserial.last + 1
RETURNING last
"""


@transaction.atomic
def create_production(*, access: Access, at: datetime, entry: ProductionEntry) -> Production:
    """Enter a production and mint its DIP-id. A repeat with the same ``external_ref`` answers what was entered before.

    An agency names the producer it acts for; a producer may name the agency that acts for it. Raises :class:`UnableToEnter`
    with a finding per field, AccessDenied for whoever may not enter.
    """
    need_entering(access)
    producer_id, agency_id = _parties(access, entry)
    known = _entered_before(producer_id, entry)
    if known is not None:
        return known
    findings = production_findings(entry) + _reference_findings(producer_id, agency_id, entry)
    if findings:
        raise UnableToEnter(findings)
    production = Production.objects.create(
        dip_id=mint_dip_id(producer_id, entry.season_year),
        title=entry.title.strip(),
        season_year=entry.season_year,
        producer_id=producer_id,
        agency_id=agency_id,
        genre_id=entry.genre_id,
        is_revival=entry.is_revival,
        subsidy_scheme=entry.subsidy_scheme.strip(),
        fund_consent=entry.fund_consent,
        cast_members=list(entry.cast_members),
        external_ref=entry.external_ref.strip(),
    )
    production.co_producers.set(entry.co_producer_ids)
    ProductionEvent.objects.create(production=production, at=at, kind=EventKind.CREATED, actor=access.actor)
    if access.role is Role.AGENCY:
        _tell_producer(production)
    _write(access, at, "create_production", production, {})
    return production


@transaction.atomic
def change_production(*, access: Access, at: datetime, production: Production, entry: ProductionEntry) -> Production:
    """Change what a production states of itself. Season, producer and DIP-id stay; the agency goes through :func:`move_agency`.

    The same values again change nothing. Raises :class:`UnableToEnter` with a finding per field.
    """
    need_editing(access, production)
    production = Production.objects.select_for_update().get(pk=production.pk)
    entry = replace(entry, season_year=production.season_year, producer_id=production.producer_id, agency_id=None)
    findings = production_findings(entry) + _reference_findings(production.producer_id, None, entry, production.pk)
    if findings:
        raise UnableToEnter(findings)
    changes = _apply(production, entry)
    if not changes:
        return production
    production.save()
    ProductionEvent.objects.create(production=production, at=at, kind=EventKind.CHANGED, actor=access.actor, changes=changes)
    _write(access, at, "change_production", production, changes)
    return production


@transaction.atomic
def move_agency(*, access: Access, at: datetime, production: Production, agency_id: int | None, note: str = "") -> Production:
    """Let another agency act for a production, or none. The producer, the agency that leaves or the platform does it; both
    agencies and the producer are told, and the history keeps who acted when."""
    need_editing(access, production)
    production = Production.objects.select_for_update(of=("self",)).select_related("producer", "agency").get(pk=production.pk)
    if production.agency_id == agency_id:
        return production
    new = Organisation.objects.filter(pk=agency_id).first() if agency_id else None
    if agency_id and (new is None or not new.plays(Role.AGENCY)):
        raise UnableToEnter([Finding(FindingCode.AGENCY_UNKNOWN, "agency", str(agency_id))])
    old = production.agency
    changes = {"agency": [old.name if old else "", new.name if new else ""]}
    production.agency = new
    production.save(update_fields=["agency"])
    ProductionEvent.objects.create(
        production=production, at=at, kind=EventKind.AGENCY_MOVED, actor=access.actor, changes=changes, note=note.strip()[:300]
    )
    _write(access, at, "move_agency", production, changes)
    readers = people_of({production.producer_id, *(o.pk for o in (old, new) if o)})
    context = {"production": production, "before": changes["agency"][0], "after": changes["agency"][1], "actor": access.actor}
    contacts = {c.email: c for group in readers.values() for c in group}
    send_letter(list(contacts.values()), "agency_moved", context | {"link": production_page(production)})
    return production


def _tell_producer(production: Production) -> None:
    """An agency entered this in the producer's name: the producer hears of it."""
    context = {"production": production, "agency": production.agency, "link": production_page(production)}
    send_letter(people_of([production.producer_id]).get(production.producer_id, []), "entered", context)


def _apply(production: Production, entry: ProductionEntry) -> dict[str, list[Any]]:
    """Put the entry in the production; field → [before, after] in words."""
    genres = {g.pk: g.code for g in Genre.objects.filter(pk__in=(production.genre_id, entry.genre_id))}
    partners = dict(Organisation.objects.filter(pk__in=entry.co_producer_ids).values_list("pk", "name"))
    now = list(production.co_producers.order_by("name"))
    pairs: dict[str, tuple[Any, Any]] = {
        "title": (production.title, entry.title.strip()),
        "genre": (genres.get(production.genre_id), genres.get(entry.genre_id)),
        "is_revival": (production.is_revival, entry.is_revival),
        "subsidy_scheme": (production.subsidy_scheme, entry.subsidy_scheme.strip()),
        "fund_consent": (production.fund_consent, entry.fund_consent),
        "cast_members": (production.cast_members, list(entry.cast_members)),
        "external_ref": (production.external_ref, entry.external_ref.strip() or production.external_ref),
        "co_producers": ([o.name for o in now], sorted(partners.values())),
    }
    changes = {name: list(pair) for name, pair in pairs.items() if pair[0] != pair[1]}
    if {o.pk for o in now} != set(partners):
        production.co_producers.set(entry.co_producer_ids)
    production.genre_id = entry.genre_id
    for name in ("title", "is_revival", "subsidy_scheme", "fund_consent", "cast_members", "external_ref"):
        setattr(production, name, pairs[name][1])
    return changes


def _write(access: Access, at: datetime, verb: str, production: Production, changes: dict[str, list[Any]]) -> None:
    write_line(
        access=access,
        at=at,
        verb=verb,
        subject="production",
        subject_id=production.dip_id,
        label=production.title,
        changes=changes,
    )


def mint_dip_id(producer_id: int, season_year: int) -> str:
    """The next national id of a producer in a season. The counter's row is locked until the transaction ends: never two alike,
    and a serial that was given out once is not given again, also when its production disappears."""
    number = Organisation.objects.values_list("number", flat=True).get(pk=producer_id)
    with connection.cursor() as cursor:
        cursor.execute(_MINT, [producer_id, season_year])
        (serial,) = cursor.fetchone()
    return production_dip_id(season_year, number, serial)


def _parties(access: Access, entry: ProductionEntry) -> tuple[int, int | None]:
    """(producer, agency): the acting organisation stands in its own place, whatever the entry says."""
    own = access.organisation_id
    if access.role is Role.PRODUCER:
        return own, entry.agency_id
    if access.role is Role.AGENCY:
        return entry.producer_id or 0, own
    return entry.producer_id or 0, entry.agency_id


def _entered_before(producer_id: int, entry: ProductionEntry) -> Production | None:
    if not entry.external_ref.strip():
        return None
    known = Production.objects.select_related("merged_into").filter(
        producer_id=producer_id, external_ref=entry.external_ref.strip()
    )
    found = known.first()
    return found and (found.merged_into or found)


def _reference_findings(
    producer_id: int, agency_id: int | None, entry: ProductionEntry, itself: int | None = None
) -> list[Finding]:
    """What the entry points to and is not there, and a title that this producer has already entered in the season."""
    found = []
    asked = {producer_id, agency_id, *entry.co_producer_ids} - {None}
    parties = {o.pk: o for o in Organisation.objects.filter(pk__in=asked)}
    if producer_id not in parties or not parties[producer_id].plays(Role.PRODUCER):
        found.append(Finding(FindingCode.PRODUCER_UNKNOWN, "producer", str(entry.producer_id or "")))
    if agency_id is not None and (agency_id not in parties or not parties[agency_id].plays(Role.AGENCY)):
        found.append(Finding(FindingCode.AGENCY_UNKNOWN, "agency", str(agency_id)))
    found += [
        Finding(FindingCode.CO_PRODUCER_UNKNOWN, "co_producers", str(co))
        for co in entry.co_producer_ids
        if co not in parties or co == producer_id
    ]
    if not Genre.objects.filter(pk=entry.genre_id).exists():
        found.append(Finding(FindingCode.GENRE_UNKNOWN, "genre", str(entry.genre_id)))
    if not entry.external_ref.strip():
        twin = (
            Production.objects.filter(
                producer_id=producer_id, season_year=entry.season_year, title__iexact=entry.title.strip(), merged_into=None
            )
            .exclude(pk=itself)
            .first()
        )
        if twin is not None:
            found.append(Finding(FindingCode.TITLE_TAKEN, "title", f"{twin.title} ({twin.dip_id})"))
    return found
