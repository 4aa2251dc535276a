"""The log of who looked, as the theatre whose people they were reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, Sum

from dip.programme.models import Production
from dip.registry.models import Organisation
from dip.registry.terms import Access, AccessDenied, Module
from dip.warehouse.models import Look
from dip.warehouse.rules.looking import Purpose

#: Lines of a download.
MOST = 20_000


@dataclass(frozen=True, slots=True)
class LookFilter:
    """Which looks. ``whose``: "others", "own" or "" for both; ``organisation_id``: None for all."""

    since: date | None = None
    until: date | None = None
    organisation_id: int | None = None
    whose: str = ""


@dataclass(frozen=True, slots=True)
class LookRow:
    """Somebody looked, on a day, for a purpose. ``looks``: requests; ``kind``: of a
    "production", a "list" of them, or a "theatre"; ``title``: of the production, "" for all; ``is_own``: a colleague."""

    day: date
    organisation: str
    actor: str
    door: str
    purpose: str
    kind: str
    title: str
    dip_id: str
    season_year: int
    looks: int
    first_at: datetime
    last_at: datetime
    is_own: bool


@dataclass(frozen=True, slots=True)
class LookSums:
    """What there is in a period, whoever is filtered: looks by others, their organisations and people, looks of the house itself, and
    looks at the nation (by anybody, this house too) with the organisations that did."""

    others: int
    organisations: int
    people: int
    own: int
    nation: int
    nation_organisations: int


@dataclass(frozen=True, slots=True)
class LookPage:
    """Some of the looks, newest first; ``total``: days, people and scopes, not requests."""

    rows: tuple[LookRow, ...]
    total: int


def looks(access: Access, wanted: LookFilter, *, offset: int = 0, limit: int = MOST) -> LookPage:
    """Looks at the people of the access's organisation. Three queries. Raises :class:`AccessDenied`."""
    found = _narrowed(_owned(access), wanted, access)
    rows = list(found.select_related("looked_by").order_by("-day", "-last_at", "-pk")[offset : offset + limit])
    titles = _titles(row.production for row in rows)
    return LookPage(tuple(_row(row, titles, access) for row in rows), found.count())


def sums(access: Access, wanted: LookFilter) -> LookSums:
    """Of the period of ``wanted``. Two queries. Of the nation only how much: whose page it was, is nobody's business."""
    period = LookFilter(wanted.since, wanted.until)
    is_own = Q(looked_by_id=access.organisation_id)
    mine = _narrowed(_owned(access), period, access).aggregate(
        others=Sum("looks", filter=~is_own),
        organisations=Count("looked_by", distinct=True, filter=~is_own),
        people=Count("actor", distinct=True, filter=~is_own),
        own=Sum("looks", filter=is_own),
    )
    everybody = Look.objects.across_tenants("looks at the nation are told to every theatre, as a number").filter(kind="season")
    nation = _narrowed(everybody, period, access).aggregate(looks=Sum("looks"), organisations=Count("looked_by", distinct=True))
    return LookSums(
        others=mine["others"] or 0,
        organisations=mine["organisations"],
        people=mine["people"],
        own=mine["own"] or 0,
        nation=nation["looks"] or 0,
        nation_organisations=nation["organisations"],
    )


def who_looked(access: Access) -> list[tuple[int, str]]:
    """(Key, name) of the organisations in the log, by name. One query."""
    keys = _owned(access).order_by().values("looked_by").distinct()
    return list(Organisation.objects.filter(pk__in=keys).order_by("name").values_list("pk", "name"))


def by_purpose(access: Access, since: date) -> dict[str, tuple[int, int]]:
    """Purpose → looks since a day by others, and by the house itself. One query."""
    is_own = Q(looked_by_id=access.organisation_id)
    rows = _owned(access).filter(day__gte=since).order_by().values("purpose")
    counted = rows.annotate(others=Sum("looks", filter=~is_own), own=Sum("looks", filter=is_own))
    found = {row["purpose"]: (row["others"] or 0, row["own"] or 0) for row in counted}
    return {one.value: found.get(one.value, (0, 0)) for one in Purpose}


def _owned(access: Access) -> Any:
    if not access.is_taker or not access.allows(Module.AUDIENCE):
        raise AccessDenied("the log of who looked is for the theatre's own people")
    return Look.objects.within(access)


def _narrowed(rows: Any, wanted: LookFilter, access: Access) -> Any:
    if wanted.since:
        rows = rows.filter(day__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(day__lte=wanted.until)
    if wanted.organisation_id is not None:
        rows = rows.filter(looked_by_id=wanted.organisation_id)
    if wanted.whose == "own":
        rows = rows.filter(looked_by_id=access.organisation_id)
    if wanted.whose == "others":
        rows = rows.exclude(looked_by_id=access.organisation_id)
    return rows


def _titles(numbers: Iterable[int]) -> dict[int, tuple[str, str]]:
    wanted = {number for number in numbers if number}
    rows = Production.objects.filter(pk__in=wanted).values_list("pk", "title", "dip_id") if wanted else ()
    return {pk: (title, dip_id) for pk, title, dip_id in rows}


def _row(row: Look, titles: dict[int, tuple[str, str]], access: Access) -> LookRow:
    title, dip_id = titles.get(row.production, ("", ""))
    return LookRow(
        day=row.day,
        organisation=row.looked_by.name,
        actor=row.actor,
        door=row.door,
        purpose=row.purpose,
        kind=row.kind,
        title=title,
        dip_id=dip_id,
        season_year=row.season,
        looks=row.looks,
        first_at=row.first_at,
        last_at=row.last_at,
        is_own=row.looked_by_id == access.organisation_id,
    )
