"""Reference lists: organisations, theatres, halls, genres, provinces and countries. Public facts, the same for every client."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from dip.definitions.models import Country as CountryRow
from dip.definitions.models import Genre as GenreRow
from dip.definitions.models import Province as ProvinceRow
from dip.exchange.rules.shapes import Country, Genre, Hall, Organisation, Province, Theatre
from dip.programme.models import Hall as HallRow
from dip.programme.models import Theatre as TheatreRow
from dip.registry.models import Organisation as OrganisationRow
from dip.registry.terms import Access


def genres(access: Access) -> list[Genre]:
    """The national genres, by id."""
    names = ("id", "code", "name_nl", "name_en", "name_fr")
    return [Genre(**row) for row in GenreRow.objects.order_by("id").values(*names)]


def provinces(access: Access) -> list[Province]:
    """The provinces, by id."""
    return [Province(**row) for row in ProvinceRow.objects.order_by("id").values("id", "code", "name")]


def countries(access: Access) -> list[Country]:
    """The countries, by id."""
    names = ("id", "code", "name_nl", "name_en", "name_fr")
    return [Country(**row) for row in CountryRow.objects.order_by("id").values(*names)]


def organisations(access: Access, *, role: str | None, number: int | None, after: int, limit: int) -> list[Organisation]:
    """Organisations behind ``after``, by national number, at most ``limit``."""
    where = Q(number__gt=after)
    if role is not None:
        where &= Q(roles__contains=[role])
    if number is not None:
        where &= Q(number=number)
    rows = OrganisationRow.objects.filter(where).order_by("number").values_list("number", "name", "roles", "city")[:limit]
    return [Organisation(id=key, name=name, roles=roles, city=city) for key, name, roles, city in rows]


def theatres(access: Access, *, theatre_id: int | None = None, q: str = "", after: int = 0, limit: int = 1) -> list[Theatre]:
    """Theatres behind ``after``, by id, at most ``limit``, merged ones and those out of use too. Two queries."""
    where = Q(pk__gt=after)
    if theatre_id is not None:
        where &= Q(pk=theatre_id)
    if q:
        where &= Q(name__icontains=q) | Q(city__icontains=q) | Q(aliases__name__icontains=q)
    rows = TheatreRow.objects.filter(where).select_related("province", "country", "organisation")
    found = list(rows.order_by("pk").distinct()[:limit])
    halls: dict[int, list[int]] = {theatre.pk: [] for theatre in found}
    inside = HallRow.objects.filter(theatre__in=found, merged_into__isnull=True).order_by("pk").values_list("theatre_id", "pk")
    for theatre_id, hall_id in inside:
        halls[theatre_id].append(hall_id)
    return [_theatre(theatre, halls[theatre.pk]) for theatre in found]


def halls(
    access: Access, *, theatre_id: int | None = None, hall_id: int | None = None, after: int = 0, limit: int = 1
) -> list[Hall]:
    """Halls behind ``after``, by id, at most ``limit``; ``theatre_id`` narrows to one theatre. One query."""
    asked: dict[str, Any] = {"pk": hall_id, "theatre_id": theatre_id}
    where = Q(pk__gt=after) & Q(**{name: value for name, value in asked.items() if value is not None})
    names = ("pk", "theatre_id", "name", "kind", "capacity", "do_not_use", "merged_into_id")
    return [_hall(row) for row in HallRow.objects.filter(where).order_by("pk").values_list(*names)[:limit]]


def _hall(row: Sequence[Any]) -> Hall:
    key, theatre_id, name, kind, capacity, do_not_use, merged = row
    in_use = not do_not_use and merged is None
    return Hall(id=key, theatre_id=theatre_id, name=name, kind=kind, capacity=capacity, in_use=in_use, merged_into=merged)


def _theatre(theatre: TheatreRow, hall_ids: list[int]) -> Theatre:
    province, owner = theatre.province, theatre.organisation
    return Theatre(
        id=theatre.pk,
        name=theatre.name,
        street=theatre.street,
        house_number=theatre.house_number,
        postcode=theatre.postcode,
        city=theatre.city,
        province=Province(id=province.pk, code=province.code, name=province.name) if province else None,
        country_code=theatre.country.code if theatre.country else None,
        kind=theatre.kind,  # type: ignore[arg-type]  # a check of the table holds it to the literals
        time_zone=theatre.time_zone,
        is_member=owner is not None and owner.is_member,
        in_use=not theatre.do_not_use and theatre.merged_into_id is None,
        merged_into=theatre.merged_into_id,
        hall_ids=hall_ids,
    )
