"""Theatres and halls: adding what a search did not find, changing, other names, and taking out of use."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from dip.programme.actions.entitlement import UnableToAct
from dip.programme.models import Hall, HallAlias, Theatre, TheatreAlias
from dip.programme.rules.naming import folded
from dip.programme.rules.rights import may_add_theatre, may_edit_theatre
from dip.programme.terms import Finding, FindingCode, HallKind, VenueKind
from dip.registry.terms import Access, AccessDenied
from dip.registry.trail import write_line

#: What a theatre's own organisation keeps; ``organisation``, ``is_coupled`` and merging are the platform's.
THEATRE_FIELDS = (
    "name",
    "street",
    "house_number",
    "postcode",
    "city",
    "province_id",
    "country_id",
    "kind",
    "contact_email",
    "do_not_use",
)
PLATFORM_FIELDS = ("organisation_id", "is_coupled", "time_zone")
HALL_FIELDS = ("name", "kind", "capacity", "do_not_use")


class UnableToKeep(UnableToAct):
    """A theatre or hall cannot be kept as stated."""


@transaction.atomic
def add_theatre(*, access: Access, at: datetime, name: str, city: str, **values: Any) -> Theatre:
    """Add a theatre that a search did not find. The same name in the same city is refused: use that one.

    ``values``: other ``THEATRE_FIELDS``; a theatre's own people add it to their organisation. Raises UnableToKeep, AccessDenied.
    """
    if not may_add_theatre(access):
        raise AccessDenied("adding a theatre needs manage in programme, of a provider or theatre")
    findings = _theatre_findings(name, city, str(values.get("contact_email", "")))
    twin = twin_theatre(name, city)
    if twin is not None:
        findings.append(Finding(FindingCode.NAME_TAKEN, "name", f"{twin.name}, {twin.city}"))
    if findings:
        raise UnableToKeep(findings)
    allowed = {k: v for k, v in values.items() if k in THEATRE_FIELDS or (access.is_platform and k in PLATFORM_FIELDS)}
    own = {"organisation_id": access.organisation_id} if access.is_taker else {}
    theatre = Theatre.objects.create(name=name.strip(), city=city.strip(), **({"kind": VenueKind.THEATRE} | allowed | own))
    _write(access, at, "add_theatre", "theatre", theatre, {})
    return theatre


@transaction.atomic
def change_theatre(*, access: Access, at: datetime, theatre_id: int, **values: Any) -> Theatre:
    """Change a theatre; a new name keeps the former one as an alias. The same values again change nothing."""
    theatre = _theatre(access, theatre_id)
    allowed = THEATRE_FIELDS + (PLATFORM_FIELDS if access.is_platform else ())
    values = {k: v.strip() if isinstance(v, str) else v for k, v in values.items() if k in allowed}
    name, city = values.get("name", theatre.name), values.get("city", theatre.city)
    findings = _theatre_findings(name, city, values.get("contact_email", theatre.contact_email))
    twin = twin_theatre(name, city)
    if twin is not None and twin.pk != theatre.pk:
        findings.append(Finding(FindingCode.NAME_TAKEN, "name", f"{twin.name}, {twin.city}"))
    if findings:
        raise UnableToKeep(findings)
    former = theatre.name
    changes = _apply(theatre, values)
    if "name" in changes and folded(former) != folded(name):
        TheatreAlias.objects.get_or_create(theatre=theatre, name=former)
    if changes:
        theatre.save()
        _write(access, at, "change_theatre", "theatre", theatre, changes)
    return theatre


@transaction.atomic
def name_theatre(*, access: Access, at: datetime, theatre_id: int, aliases: Iterable[str]) -> tuple[str, ...]:
    """Set the other and former names of a theatre; all of them, by name."""
    theatre = _theatre(access, theatre_id)
    wanted = sorted({a.strip()[:200] for a in aliases if a.strip()})
    before = sorted(theatre.aliases.values_list("name", flat=True))
    if wanted != before:
        theatre.aliases.exclude(name__in=wanted).delete()
        TheatreAlias.objects.bulk_create(TheatreAlias(theatre=theatre, name=n) for n in wanted if n not in before)
        _write(access, at, "name_theatre", "theatre", theatre, {"aliases": [before, wanted]})
    return tuple(wanted)


@transaction.atomic
def add_hall(
    *, access: Access, at: datetime, theatre_id: int, name: str, kind: HallKind = HallKind.REGULAR, capacity: int = 0
) -> Hall:
    """Add a hall, another location in the building, or an external one. Providers may add one too: they know where they play."""
    theatre = Theatre.objects.select_for_update().get(pk=theatre_id, merged_into__isnull=True)
    if not (may_add_theatre(access) if not access.is_taker else may_edit_theatre(access, theatre.organisation_id)):
        raise AccessDenied("adding a hall needs manage in programme, of this theatre or a provider")
    findings = _hall_findings(theatre.pk, None, name)
    if findings:
        raise UnableToKeep(findings)
    hall = Hall.objects.create(theatre=theatre, name=name.strip(), kind=kind, capacity=capacity)
    _write(access, at, "add_hall", "hall", hall, {})
    return hall


@transaction.atomic
def change_hall(*, access: Access, at: datetime, hall_id: int, aliases: Iterable[str] | None = None, **values: Any) -> Hall:
    """Change a hall; a new name keeps the former one as an alias; ``aliases`` sets the other names. Repeats change nothing."""
    hall = editable_hall(access, hall_id)
    values = {k: v.strip() if isinstance(v, str) else v for k, v in values.items() if k in HALL_FIELDS}
    former, name = hall.name, values.get("name", hall.name)
    findings = _hall_findings(hall.theatre_id, hall.pk, name)
    if findings:
        raise UnableToKeep(findings)
    changes = _apply(hall, values)
    before = sorted(hall.aliases.values_list("name", flat=True))
    names = {a.strip()[:120] for a in aliases if a.strip()} if aliases is not None else set(before)
    if "name" in changes and folded(former) != folded(name):
        names.add(former)
    if sorted(names) != before:
        hall.aliases.exclude(name__in=names).delete()
        HallAlias.objects.bulk_create(HallAlias(hall=hall, name=n) for n in sorted(names) if n not in before)
        changes["aliases"] = [before, sorted(names)]
    if changes:
        hall.save()
        _write(access, at, "change_hall", "hall", hall, changes)
    return hall


def editable_hall(access: Access, hall_id: int) -> Hall:
    """The hall, locked, when the access may change it. Raises ``Hall.DoesNotExist``, AccessDenied."""
    hall: Hall = Hall.objects.select_for_update(of=("self",)).select_related("theatre").get(pk=hall_id, merged_into__isnull=True)
    if not may_edit_theatre(access, hall.theatre.organisation_id):
        raise AccessDenied("a hall is changed by its theatre's own organisation, or by the platform")
    return hall


def _theatre(access: Access, theatre_id: int) -> Theatre:
    theatre: Theatre = Theatre.objects.select_for_update().get(pk=theatre_id, merged_into__isnull=True)
    if not may_edit_theatre(access, theatre.organisation_id):
        raise AccessDenied("a theatre is changed by its own organisation, or by the platform")
    return theatre


def _theatre_findings(name: str, city: str, contact_email: str) -> list[Finding]:
    found = []
    if not name.strip():
        found.append(Finding(FindingCode.NAME_MISSING, "name", name))
    if not city.strip():
        found.append(Finding(FindingCode.CITY_MISSING, "city", city))
    if contact_email.strip():
        try:
            validate_email(contact_email.strip())
        except ValidationError:
            found.append(Finding(FindingCode.ADDRESS_UNREADABLE, "contact_email", contact_email))
    return found


def twin_theatre(name: str, city: str) -> Theatre | None:
    """A theatre of the same name, or with it as an alias, in the same city; accents and capitals do not count."""
    there = Theatre.objects.filter(city__iexact=city.strip(), merged_into__isnull=True).prefetch_related("aliases")
    wanted = folded(name)
    return next((t for t in there if wanted in {folded(t.name), *(folded(a.name) for a in t.aliases.all())}), None)


def _hall_findings(theatre_id: int, hall_id: int | None, name: str) -> list[Finding]:
    if not name.strip():
        return [Finding(FindingCode.NAME_MISSING, "name", name)]
    others = Hall.objects.filter(theatre_id=theatre_id).exclude(pk=hall_id)
    twin = next((n for n in others.values_list("name", flat=True) if folded(n) == folded(name)), None)
    return [Finding(FindingCode.NAME_TAKEN, "name", twin)] if twin else []


def _apply(row: Theatre | Hall, values: dict[str, Any]) -> dict[str, list[Any]]:
    changes = {k: [getattr(row, k), v] for k, v in values.items() if getattr(row, k) != v}
    for name, (_, after) in changes.items():
        setattr(row, name, after)
    return changes


def _write(access: Access, at: datetime, verb: str, subject: str, row: Theatre | Hall, changes: dict[str, Any]) -> None:
    label = row.name if isinstance(row, Theatre) else f"{row.theatre.name}, {row.name}"
    write_line(access=access, at=at, verb=verb, subject=subject, subject_id=row.pk, label=label, changes=changes)
