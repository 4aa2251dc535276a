"""Productions as ``/api/v2`` shows them, in the order in which they changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from dip.exchange.queries.horizon import after
from dip.exchange.rules.shapes import GenrePart, Party, Withdrawn
from dip.exchange.rules.shapes import Production as Shape
from dip.exchange.terms import Window
from dip.kernel.periods import season_name
from dip.programme.models import Departure, Performance, Production
from dip.programme.queries.visibility import called, party_to_performance, party_to_production
from dip.programme.rules.rights import may_edit
from dip.registry.terms import Access


@dataclass(frozen=True, slots=True)
class ProductionFilter:
    """What narrows the list; None does not. ``season_year`` is the year in which the season begins."""

    season_year: int | None = None
    theatre_id: int | None = None
    genre_id: int | None = None
    producer: int | None = None
    changed_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Items up to ``limit``, and the place (transaction, key) behind the last; None when there is nothing more below the horizon."""

    items: Sequence[Any]
    last: tuple[int, int] | None


def own_productions(access: Access) -> Q:
    """The access's own productions; what was merged into one of them is among them, as a state."""
    return party_to_production(access) | Q(merged_into__in=Production.objects.filter(party_to_production(access)).order_by())


def narrowed(access: Access, given: ProductionFilter) -> Q:
    """The access's own productions that the filter lets through."""
    named = {
        "season_year": given.season_year,
        "genre_id": given.genre_id,
        "producer__number": given.producer,
        "changed_at__gte": given.changed_since,
    }
    where = own_productions(access) & Q(**{name: value for name, value in named.items() if value is not None})
    if given.theatre_id is not None:
        here = Performance.objects.filter(party_to_performance(access), production_id=OuterRef("pk"), theatre_id=given.theatre_id)
        where &= Q(Exists(here))
    return where


def changed_productions(access: Access, given: ProductionFilter, place: tuple[int, int], until: int, limit: int) -> Page:
    """Own productions behind ``place`` that changed before ``until``. Two queries.

    A production is new to a theatre when a performance in its house becomes public: that counts as a change here.
    """
    found = Production.objects.filter(narrowed(access, given))
    if access.is_taker:
        keys = _of_taker(access, found, place, until, limit)
    else:
        behind = found.filter(after("changed_txid", "pk", *place), changed_txid__lt=until)
        keys = list(behind.order_by("changed_txid", "pk").values_list("changed_txid", "pk")[: limit + 1])
    shown = keys[:limit]
    by_key = {production.pk: production for production in _joined(Production.objects.filter(pk__in=[key for _, key in shown]))}
    last = shown[-1] if len(keys) > limit else None
    return Page([_shape(access, by_key[key]) for _, key in shown if key in by_key], last)


def _of_taker(access: Access, found: QuerySet[Production], place: tuple[int, int], until: int, limit: int) -> list[tuple[int, int]]:
    """(transaction, key) of a theatre's productions: changed by themselves, or by a performance in its houses."""
    stamps: dict[int, int] = {}
    changed = found.filter(changed_txid__gte=place[0], changed_txid__lt=until).order_by()
    for key, txid in changed.values_list("pk", "changed_txid"):
        stamps[key] = txid
    evenings = Performance.objects.filter(party_to_performance(access), changed_txid__gte=place[0], changed_txid__lt=until)
    for key, txid in evenings.filter(production__in=found.order_by()).order_by().values_list("production_id", "changed_txid"):
        stamps[key] = max(txid, stamps.get(key, 0))
    return sorted(pair for pair in ((txid, key) for key, txid in stamps.items()) if pair > place)[: limit + 1]


def production_of(access: Access, dip_id: str, *, is_locked: bool = False) -> tuple[Production, Shape] | None:
    """One own production with its shape, by its id or one that was merged into it; None for strangers to it, as when there is none."""
    rows = Production.objects.filter(own_productions(access) & called(dip_id))
    if is_locked:
        rows = rows.select_for_update(of=("self",))
    found = _joined(rows).first()
    return None if found is None else (found, _shape(access, found))


def withdrawn_productions(access: Access, window: Window) -> list[Withdrawn]:
    """Productions that the organisation lost sight of in the window and does not see now. One query."""
    rows = Departure.objects.within(access).filter(txid__gte=window.since, txid__lt=window.until, production__isnull=False)
    seen = Production.objects.filter(own_productions(access), pk=OuterRef("production_id"))
    lost = rows.exclude(Exists(seen)).order_by("txid", "id").values_list("production__dip_id", "at")
    return [Withdrawn(dip_id=dip_id, number=None, at=at) for dip_id, at in lost]


def _joined(rows: QuerySet[Production]) -> QuerySet[Production]:
    joined = rows.select_related("genre", "producer", "agency", "merged_into")
    return joined.prefetch_related("co_producers").order_by()


def _shape(access: Access, production: Production) -> Shape:
    is_own = not access.is_taker
    edits = access.is_platform or access.organisation_id in (production.producer_id, production.agency_id)
    merged: Production | None = production.merged_into
    return Shape(
        dip_id=production.dip_id,
        title=production.title,
        season=season_name(production.season_year),
        genre=GenrePart(id=production.genre_id, code=production.genre.code),
        producer=_party(production.producer),
        agency=_party(production.agency) if production.agency else None,
        co_producers=sorted((_party(one) for one in production.co_producers.all()), key=lambda party: party.id),
        cast_members=list(production.cast_members),
        is_revival=production.is_revival,
        subsidy_scheme=production.subsidy_scheme if is_own else None,
        fund_consent=production.fund_consent if is_own else None,
        external_ref=production.external_ref or None if edits else None,
        merged_into=merged.dip_id if merged else None,
        created_at=production.created_at,
        changed_at=production.changed_at,
    )


def _party(organisation: Any) -> Party:
    return Party(id=organisation.number, name=organisation.name)


def may_change(access: Access, production: Production) -> bool:
    """Whether the access may change this production and its performances."""
    return may_edit(access, production.producer_id, production.agency_id)


def filters_of(given: Any) -> Mapping[str, object]:
    """The filter's values by name, for the cursor to be bound to."""
    return {name: getattr(given, name) for name in given.__slots__}
