"""Productions of an access."""

from dataclasses import dataclass

from django.db.models import QuerySet

from dip.programme.models import Production
from dip.programme.queries.visibility import called, party_to_production
from dip.programme.rules.rights import may_edit
from dip.registry.terms import Access

_COLUMNS = (
    "id",
    "dip_id",
    "title",
    "season_year",
    "genre_id",
    "genre__code",
    "producer_id",
    "producer__name",
    "agency_id",
    "agency__name",
    "is_revival",
    "subsidy_scheme",
    "fund_consent",
)


@dataclass(frozen=True, slots=True)
class ProductionRow:
    """A production as lists and monitors show it. ``can_edit``: the access may change it."""

    id: int
    dip_id: str
    title: str
    season_year: int
    genre_id: int
    genre_code: str
    producer_id: int
    producer_name: str
    agency_id: int | None
    agency_name: str | None
    is_revival: bool
    subsidy_scheme: str
    fund_consent: bool
    can_edit: bool


def production_rows(access: Access, productions: "QuerySet[Production]") -> list[ProductionRow]:
    """Rows of a query set, in its order. One query."""
    return [
        ProductionRow(*values, can_edit=may_edit(access, values[6], values[8])) for values in productions.values_list(*_COLUMNS)
    ]


def productions_of(access: Access, season_year: int) -> list[ProductionRow]:
    """The access's own productions of a season, by title. One query."""
    return production_rows(
        access, Production.objects.filter(party_to_production(access), season_year=season_year).order_by("title")
    )


def production_for(access: Access, dip_id: str) -> ProductionRow:
    """One of the access's own productions. Raises ``Production.DoesNotExist`` for strangers to it, as when there is none."""
    rows = production_rows(access, Production.objects.filter(party_to_production(access) & called(dip_id)))
    if not rows:
        raise Production.DoesNotExist(dip_id)
    return rows[0]
