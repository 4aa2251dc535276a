"""The search field of every page: productions, DIP-ids, theatres."""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Case, IntegerField, Q, QuerySet, When

from dip.kernel.identifiers import is_production_dip_id, parse_performance_dip_id
from dip.programme.models import Performance, Production
from dip.programme.queries.productions import ProductionRow, production_rows
from dip.programme.queries.search import TheatreHit, search_theatres
from dip.programme.queries.visibility import called, party_to_production, public_performance, public_production
from dip.registry.models import Organisation
from dip.registry.terms import Access

#: Productions alike that are looked at, newest first.
_CANDIDATES = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """What a search finds. ``exact``: the one page that a DIP-id names: ("production", dip_id) or ("performance", number)."""

    productions: tuple[ProductionRow, ...]
    theatres: tuple[TheatreHit, ...]
    exact: tuple[str, str | int] | None = None


def search_everything(access: Access, text: str, limit: int = 8) -> Found:
    """Productions (own ones first, newest season first) and theatres for a text of two letters or more. Five queries at most."""
    text = text.strip()
    exact = exact_page(access, text)
    if exact is not None or len(text) < 2:
        return Found((), (), exact)
    rows = _productions(access, text, limit)
    return Found(tuple(rows), tuple(search_theatres(access, text, limit, slips=False)))


def _productions(access: Access, text: str, limit: int) -> list[ProductionRow]:
    """What is alike is found first, and only then asked whether it is public and one's own: that is dear for every production."""
    alike = _alike(text).order_by("-season_year", "title")
    candidates = list(alike.values_list("pk", flat=True)[:_CANDIDATES])
    is_own = Case(When(party_to_production(access), then=1), default=0, output_field=IntegerField())
    found = Production.objects.filter(public_production(access), pk__in=candidates).annotate(is_own=is_own)
    return production_rows(access, found.order_by("-is_own", "-season_year", "title")[:limit])


def _alike(text: str) -> "QuerySet[Production]":
    """Productions in whose title every word asked for begins a word, and those of organisations so named. All by index."""
    named = list(Organisation.objects.filter(name__icontains=text).order_by().values_list("pk", flat=True))
    whose = Q(producer_id__in=named) | Q(agency_id__in=named)
    words = " & ".join(f"{word}:*" for word in re.findall(r"\w+", text))
    if not words:
        return Production.objects.filter(whose)
    title = SearchVector("title", config="simple")
    asked = SearchQuery(words, config="simple", search_type="raw")
    return Production.objects.annotate(title_words=title).filter(Q(title_words=asked) | whose)


def exact_page(access: Access, text: str) -> tuple[str, str | int] | None:
    """The page that a DIP-id (of a production, or pasted with a performance's number), or a bare number, names; None for any other
    text, and for what the access may not know of."""
    reference = parse_performance_dip_id(text.upper())
    if reference is not None or (text.isdecimal() and len(text) >= 6):
        number = reference.number if reference else int(text)
        found = Performance.objects.filter(public_performance(access), pk=number)
        if reference:
            found = found.filter(production__in=Production.objects.filter(called(reference.production)))
        known = found.exists()
        return ("performance", number) if known else None
    if is_production_dip_id(text.upper()):
        known = Production.objects.filter(public_production(access) & called(text.upper())).exists()
        return ("production", text.upper()) if known else None
    return None
