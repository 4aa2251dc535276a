"""What a festival can hold, and who decides about it."""

from datetime import date

from dip.programme.rules.rights import may_enter
from dip.programme.terms import FestivalEntry, Finding, FindingCode
from dip.registry.terms import Access, Level, Module

#: Longer than any festival; a slip of the year is more likely.
LONGEST_DAYS = 200


def may_add_festival(access: Access) -> bool:
    """Whether a festival may be entered: by providers, theatres and festivals that manage the programme, and the platform."""
    return may_enter(access) or (access.is_taker and access.allows(Module.PROGRAMME, Level.MANAGE))


def may_run_festival(access: Access, owner_id: int) -> bool:
    """Whether this festival's facts and programme may be changed: by its owner, or the platform."""
    if not access.allows(Module.PROGRAMME, Level.MANAGE):
        return False
    return access.is_platform or (access.organisation_id == owner_id and may_add_festival(access))


def may_place(access: Access, theatre_organisation_id: int | None, *, can_edit: bool) -> bool:
    """Whether a performance may be put into a festival: by its provider (``can_edit``), or by the house in which it plays."""
    if can_edit:
        return True
    plays_here = access.is_taker and theatre_organisation_id == access.organisation_id
    return plays_here and access.allows(Module.PROGRAMME, Level.MANAGE)


def festival_findings(entry: FestivalEntry) -> list[Finding]:
    """Problems in what is stated of a festival."""
    found = []
    if not entry.name.strip():
        found.append(Finding(FindingCode.NAME_MISSING, "name", entry.name))
    if not entry.city.strip():
        found.append(Finding(FindingCode.CITY_MISSING, "city", entry.city))
    if not 0 <= (entry.last_date - entry.first_date).days <= LONGEST_DAYS:
        found.append(Finding(FindingCode.FESTIVAL_BACKWARDS, "last_date", entry.last_date.isoformat()))
    return found


def is_within(first: date, last: date, day: date) -> bool:
    """Whether a local date lies in the festival; a night's programme may end after midnight, so one day later counts too."""
    return first <= day and (day - last).days <= 1
