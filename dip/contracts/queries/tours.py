"""What a whole tour asks at once: the surcharges of many halls, and with which theatres a framework agreement holds."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q

from dip.contracts.models import Framework
from dip.contracts.terms.fields import Value
from dip.programme.models import Surcharge
from dip.registry.terms import Access


def hall_terms_of(hall_ids: Iterable[int], on: date) -> dict[int, Mapping[str, Value]]:
    """The surcharges a ticket that hold on a day, by hall, as terms. One query."""
    rows = Surcharge.objects.filter(hall_id__in=set(hall_ids), valid_from__lte=on).order_by("hall_id", "-valid_from")
    names = ("theatre", "consumption", "service", "wardrobe")
    return {row.hall_id: {f"{name}_surcharge": getattr(row, f"{name}_cents") for name in names} for row in rows.distinct("hall_id")}


def has_framework(access: Access, taker_ids: Iterable[int | None], on: date) -> frozenset[int]:
    """With which of these organisations the access has a framework agreement that holds on a day. One query."""
    holds = Q(valid_until=None) | Q(valid_until__gte=on)
    wanted = {pk for pk in taker_ids if pk is not None}
    rows = Framework.objects.within(access).filter(
        holds, provider_id=access.organisation_id, taker_id__in=wanted, ended_at=None, valid_from__lte=on
    )
    return frozenset(rows.values_list("taker_id", flat=True))
