"""Who sees which productions and performances."""

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from dip.programme.models import Performance, Production
from dip.registry.terms import Access

NOBODY = Q(pk__in=[])


def called(*dip_ids: str) -> Q:
    """Productions by national id; one that was merged answers as what it was merged into, in one step."""
    asked = Production.objects.filter(dip_id__in=dip_ids).order_by()
    return Q(pk__in=asked.values(standing=Coalesce("merged_into_id", "pk")))


def _co_produced(access: Access) -> Q:
    through = Production.co_producers.through
    return Q(pk__in=through.objects.filter(organisation_id=access.organisation_id).values("production_id"))


def party_to_production(access: Access) -> Q:
    """Productions that are the access's business: its own, those it acts for, those it co-produces; for a theatre those with a
    published performance in its houses; for the platform all. What was merged away is nobody's."""
    own = access.organisation_id
    stands = Q(merged_into__isnull=True)
    if access.is_platform:
        return stands
    if access.is_provider:
        return stands & (Q(producer_id=own) | Q(agency_id=own) | _co_produced(access))
    if access.is_taker:
        here = Performance.objects.filter(production_id=OuterRef("pk"), theatre__organisation_id=own, published_at__isnull=False)
        return Q(Exists(here))
    return NOBODY


def party_to_performance(access: Access) -> Q:
    """Performances that are the access's business: of its productions, concepts too; for a theatre the published ones in its
    houses; for the platform all."""
    own = access.organisation_id
    if access.is_platform:
        return Q()
    if access.is_provider:
        through = Production.co_producers.through
        together = through.objects.filter(organisation_id=own).values("production_id")
        return Q(production__producer_id=own) | Q(production__agency_id=own) | Q(production_id__in=together)
    if access.is_taker:
        return Q(theatre__organisation_id=own, published_at__isnull=False)
    return NOBODY


def public_production(access: Access) -> Q:
    """Productions that any member may look up: those with a published performance, and one's own; none that was merged away."""
    if access.is_platform:
        return Q(merged_into__isnull=True)
    shown = Q(Exists(Performance.objects.filter(production_id=OuterRef("pk"), published_at__isnull=False)))
    return shown | party_to_production(access) if access.is_provider else shown


def public_performance(access: Access) -> Q:
    """Performances that any member may look up: the published ones, and one's own."""
    if access.is_platform:
        return Q()
    shown = Q(published_at__isnull=False)
    return shown | party_to_performance(access) if access.is_provider else shown
