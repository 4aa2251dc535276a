"""Buyers that a theatre shares with another, named, theatre: only while both consent to it."""

from dataclasses import dataclass, replace

import structlog

from dip.programme.models import Theatre
from dip.registry.terms import Access
from dip.warehouse.queries.audience.answers import AudienceScope
from dip.warehouse.queries.audience.parts import is_far, to_five
from dip.warehouse.queries.audience.reach import Reach, reach_of, shelves
from dip.warehouse.queries.consents import OVERLAP, Partner, partners
from dip.warehouse.rules.audience.persons import LIMITS
from dip.warehouse.rules.looking import Purpose

REASON = "two theatres look at the buyers that they share, with the consent of both"
_BOTH = """
SELECT
    count(*) FILTER (WHERE is_mine),
    count(*) FILTER (WHERE is_theirs),
    count(*) FILTER (WHERE is_mine AND is_theirs)
FROM (
    SELECT buyer, bool_or(list_contains($mine, theatre)) AS is_mine, bool_or(list_contains($theirs, theatre)) AS is_theirs
    FROM {audience_visitor}
    WHERE scope = 2
    GROUP BY buyer
) AS b
"""
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Shared:
    """Buyers of the season at both, known in the whole sector. ``rate``: of those at the asker's own houses. Both None: held back."""

    organisation_id: int
    name: str
    buyers: int | None
    rate: float | None


def shared_with(access: Access, scope: AudienceScope) -> tuple[Shared, ...]:
    """Of a theatre's scope and season: the buyers that it shares with each partner who consents to that, by name. Empty for other scopes.

    Counts are of ten buyers or more, rounded to five; nor may fewer than ten be left of either side, or nine tenths be shared.
    """
    reach = reach_of(access, scope)
    consenting = [one for one in partners(access) if OVERLAP in one.figures] if scope.kind == "theatre" else []
    return tuple(_shared(reach, one) for one in consenting)


def _shared(reach: Reach, partner: Partner) -> Shared:
    own = Theatre.objects.filter(organisation_id=partner.organisation_id)
    merged = Theatre.objects.filter(merged_into__organisation_id=partner.organisation_id)
    theirs = sorted({*own.values_list("pk", flat=True), *merged.values_list("pk", flat=True)} - reach.theatres.keys())
    mine = sorted(reach.theatres)
    seen = replace(reach, theatres=dict.fromkeys(theirs, partner.organisation_id), purpose=Purpose.NAMED, reason=REASON)
    log.info(
        "audience looked at",
        reason=REASON,
        organisation=reach.viewer,
        kind="shared",
        theatres=theirs,
        season=reach.scope.season_year,
    )
    rows = shelves().rows(
        seen.reason, ["audience_visitor"], [*mine, *theirs], reach.seasons, _BOTH, {"mine": mine, "theirs": theirs}
    )
    base, beside, both = rows[0] if rows else (0, 0, 0)
    if not may_tell(both, base, beside):
        return Shared(partner.organisation_id, partner.name, None, None)
    rate = round(to_five(both) / to_five(base), 4) if base else None
    return Shared(partner.organisation_id, partner.name, to_five(both), rate)


def may_tell(both: int, mine: int, theirs: int) -> bool:
    """Whether an overlap may be told: nobody, when each side is large enough; or ten and more, and not nearly everybody, of both."""
    if min(mine, theirs) < LIMITS.buyers_min:
        return False
    if both == 0:
        return True
    nearly = any(both >= LIMITS.share_max * whole for whole in (mine, theirs))
    return both >= LIMITS.buyers_min and not nearly and is_far(both, mine) and is_far(both, theirs)
