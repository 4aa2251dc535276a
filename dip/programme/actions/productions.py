"""Entering and changing productions."""

from datetime import datetime

from django.db import connection, transaction

from dip.definitions.models import Genre
from dip.kernel.identifiers import production_dip_id
from dip.programme.actions.entitlement import UnableToEnter, need_entering
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
    write_line(
        access=access, at=at, verb="create_production", subject="production", subject_id=production.dip_id, label=production.title
    )
    return production


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
    return Production.objects.filter(producer_id=producer_id, external_ref=entry.external_ref.strip()).first()


def _reference_findings(producer_id: int, agency_id: int | None, entry: ProductionEntry) -> list[Finding]:
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
        twin = Production.objects.filter(
            producer_id=producer_id, season_year=entry.season_year, title__iexact=entry.title.strip()
        ).first()
        if twin is not None:
            found.append(Finding(FindingCode.TITLE_TAKEN, "title", f"{twin.title} ({twin.dip_id})"))
    return found
