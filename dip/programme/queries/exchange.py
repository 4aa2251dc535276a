"""What booking and ticketing systems exchange: reference lists, productions and performances as the external API shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, Q

from dip.definitions.models import Country, Genre, Province
from dip.programme.models import Hall, Performance, Production, Theatre
from dip.programme.queries.visibility import called, party_to_performance, party_to_production
from dip.registry.models import Organisation
from dip.registry.terms import Access, Role


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with its wire id and its Dutch name; ``kind`` is empty for all but organisations."""

    id: int
    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Venue:
    """A theatre with its halls in use."""

    id: int
    name: str
    street: str
    house_number: str
    postcode: str
    city: str
    province: Named | None
    kind: str
    is_member: bool
    halls: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Show:
    """A production. Organisations carry their national number as id."""

    dip_id: str
    title: str
    season_year: int
    genre: Named
    producer: Named
    co_producers: tuple[Named, ...]
    agency: Named | None
    cast_members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evening:
    """A performance. ``starts_at`` aware UTC, ``time_zone`` the venue's; ``ranks`` the agreed seats of rank 1, 2 …"""

    number: int
    starts_at: datetime
    time_zone: str
    status: str
    kind: str
    is_private: bool
    in_festival: bool
    is_other_location: bool
    ranks: tuple[int, ...]
    production: str
    title: str
    genre: Named
    theatre: Named
    hall: Named


def genres(access: Access) -> list[Named]:
    """The national genres."""
    return [Named(g.id, g.name_nl) for g in Genre.objects.all()]


def provinces(access: Access) -> list[Named]:
    """The provinces, by id."""
    return [Named(*row) for row in Province.objects.order_by("id").values_list("id", "name")]


def countries(access: Access) -> list[Named]:
    """The countries, by id; ``kind`` is the ISO code."""
    return [Named(*row) for row in Country.objects.order_by("id").values_list("id", "name_nl", "code")]


def producers(access: Access, *, others_only: bool = False) -> list[Named]:
    """Producers and agencies by name; ``others_only``: those whose productions the access takes part in, itself left out."""
    found = Organisation.objects.filter(Q(roles__contains=[Role.PRODUCER.value]) | Q(roles__contains=[Role.AGENCY.value]))
    if others_only:
        shared = Production.objects.filter(party_to_production(access), producer_id=OuterRef("pk"))
        found = found.filter(Exists(shared)).exclude(pk=access.organisation_id)
    return [_organisation(o) for o in found.order_by("name", "number")]


def venues(access: Access, *, theatre_id: int | None = None, others_only: bool = False) -> list[Venue]:
    """Theatres in use with their halls, by name; of a theatre that was merged the one that it became.

    ``others_only``: those with performances of the access, its own left out. Two queries.
    """
    halls = Prefetch("halls", Hall.objects.filter(do_not_use=False, merged_into__isnull=True), to_attr="halls_in_use")
    found = Theatre.objects.filter(merged_into__isnull=True).select_related("province", "organisation").prefetch_related(halls)
    if theatre_id is not None:
        found = found.filter(Q(pk=theatre_id) | Q(merged__pk=theatre_id)).distinct()
    else:
        found = found.filter(do_not_use=False)
    if others_only:
        here = Performance.objects.filter(party_to_performance(access), theatre_id=OuterRef("pk"))
        found = found.filter(Exists(here)).exclude(organisation_id=access.organisation_id)
    return [_venue(theatre) for theatre in found.order_by("name", "id")]


def shows(
    access: Access,
    *,
    season_years: Iterable[int] | None = None,
    organisation_number: int | None = None,
    dip_ids: Iterable[str] | None = None,
    others_only: bool = False,
) -> list[Show]:
    """The access's own productions by title; ``organisation_number`` narrows to one producer or agency. Two queries."""
    where = party_to_production(access)
    if season_years is not None:
        where &= Q(season_year__in=list(season_years))
    if organisation_number is not None:
        where &= Q(producer__number=organisation_number) | Q(agency__number=organisation_number)
    if dip_ids is not None:
        where &= called(*dip_ids)
    if others_only:
        where &= ~Q(producer_id=access.organisation_id)
    found = Production.objects.filter(where).select_related("genre", "producer", "agency").prefetch_related("co_producers")
    return [_show(production) for production in found.order_by("title", "dip_id")]


def evenings(
    access: Access,
    *,
    dip_id: str | None = None,
    organisation_number: int | None = None,
    theatre_id: int | None = None,
    own_theatres: bool = False,
    since: date | None = None,
    until: date | None = None,
    numbers: Iterable[int] | None = None,
    concepts: bool = False,
) -> list[Evening]:
    """The access's own performances by date: the published ones (cancelled ones too), with ``concepts`` also the others.

    ``since`` and ``until`` are local dates, both included. One query.
    """
    given = {
        "theatre_id": theatre_id,
        "theatre__organisation_id": access.organisation_id if own_theatres else None,
        "performance_date__gte": since,
        "performance_date__lte": until,
        "pk__in": None if numbers is None else list(numbers),
    }
    where = party_to_performance(access) & Q(**{name: value for name, value in given.items() if value is not None})
    if dip_id is not None:
        where &= Q(production_id__in=Production.objects.filter(called(dip_id)).values("pk"))
    if not concepts:
        where &= Q(published_at__isnull=False)
    if organisation_number is not None:
        where &= Q(production__producer__number=organisation_number) | Q(production__agency__number=organisation_number)
    found = Performance.objects.filter(where).select_related("production__genre", "theatre", "hall")
    return [_evening(performance) for performance in found.order_by("starts_at", "number")]


def _organisation(organisation: Organisation) -> Named:
    kind = "Producer" if organisation.plays(Role.PRODUCER) else "Agency"
    return Named(organisation.number, organisation.name, kind)


def _venue(theatre: Theatre) -> Venue:
    owner = theatre.organisation
    return Venue(
        id=theatre.pk,
        name=theatre.name,
        street=theatre.street,
        house_number=theatre.house_number,
        postcode=theatre.postcode,
        city=theatre.city,
        province=Named(theatre.province.pk, theatre.province.name) if theatre.province else None,
        kind=theatre.kind,
        is_member=owner is not None and owner.is_member,
        halls=tuple(Named(hall.pk, hall.name) for hall in theatre.halls_in_use),
    )


def _show(production: Production) -> Show:
    return Show(
        dip_id=production.dip_id,
        title=production.title,
        season_year=production.season_year,
        genre=Named(production.genre_id, production.genre.name_nl),
        producer=_organisation(production.producer),
        co_producers=tuple(_organisation(o) for o in production.co_producers.all()),
        agency=_organisation(production.agency) if production.agency else None,
        cast_members=tuple(production.cast_members),
    )


def _evening(performance: Performance) -> Evening:
    production = performance.production
    return Evening(
        number=performance.pk,
        starts_at=performance.starts_at,
        time_zone=performance.theatre.time_zone,
        status=performance.status,
        kind=performance.kind,
        is_private=performance.is_private,
        in_festival=performance.in_festival,
        is_other_location=performance.is_other_location,
        ranks=tuple(performance.capacity_by_rank),
        production=production.dip_id,
        title=production.title,
        genre=Named(production.genre_id, production.genre.name_nl),
        theatre=Named(performance.theatre_id, performance.theatre.name),
        hall=Named(performance.hall_id, performance.hall.name),
    )
