"""What an access can compare, and its lines: own figures only."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from dip.kernel.clock import AMSTERDAM
from dip.kernel.periods import season_year
from dip.programme.models import Performance, Production, Theatre
from dip.programme.terms import PerformanceStatus
from dip.registry.terms import Access
from dip.sales.queries import history, states, visible
from dip.sales.rules.compare import by_days, by_weeks, meeting, sale_began
from dip.sales.rules.distance import exact_days_before, is_played
from dip.sales.rules.totals import total
from dip.sales.terms import AsOf, Evening, Line
from dip.sales.terms.compare import Align, Composition, Gauge, Kind, Pair, Series, Subject

#: Most suggestions of one kind.
MOST = 8


def subject(access: Access, token: str) -> Subject | None:
    """What an address names, None when the access does not follow it or the name is none. One or two queries."""
    kind, rest = (*token.split(":", 1), "")[:2]
    key, year = (*rest.split(":", 1), "")[:2]
    season = int(year) if _is_year(year) else None
    if kind == Kind.SEASON and _is_year(key):
        return season_subject(int(key)) if access.is_provider or access.is_taker else None
    if kind == Kind.PRODUCTION:
        tour = visible.tour(access, key)
        return None if tour is None else _production(tour.dip_id, tour.title, season or tour.season_year, season)
    if kind == Kind.THEATRE and key.isascii() and key.isdigit() and len(key) < 16 and season is not None:
        found = _theatres(access).filter(pk=int(key)).first()
        return None if found is None else theatre_subject(found.pk, found.name, found.city, season)
    return None


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) == 4 and 1990 <= int(text) <= 2100


def season_subject(year: int) -> Subject:
    """A whole season."""
    return Subject(Kind.SEASON, str(year), _season_name(year), _("Season"), year)


def theatre_subject(pk: int, name: str, city: str, year: int) -> Subject:
    """What plays in one theatre in a season."""
    return Subject(Kind.THEATRE, str(pk), f"{name}, {_season_name(year)}", city, year)


def _production(dip_id: str, title: str, year: int, narrowed: int | None = None) -> Subject:
    return Subject(Kind.PRODUCTION, dip_id, f"{title}, {_season_name(year)}", dip_id, narrowed)


def _season_name(year: int) -> str:
    return f"{year}–{(year + 1) % 100:02d}"


def _productions(access: Access) -> Q:
    if access.is_provider:
        return Q(pk__in=visible.among(visible.own_productions(access)))
    if access.is_taker:
        played = Performance.objects.filter(
            theatre__organisation_id=access.organisation_id, status=PerformanceStatus.PUBLISHED
        ).values("production_id")
        return Q(pk__in=played)
    return Q(pk__in=[])


def _theatres(access: Access):  # type: ignore[no-untyped-def]  # a query set of theatres
    if access.is_taker:
        return Theatre.objects.filter(organisation_id=access.organisation_id, merged_into=None)
    if access.is_provider:
        played = Performance.objects.filter(
            production_id__in=visible.among(visible.own_productions(access)), status=PerformanceStatus.PUBLISHED
        ).values("theatre_id")
        return Theatre.objects.filter(pk__in=played)
    return Theatre.objects.none()


def find(access: Access, text: str, year: int) -> list[Subject]:
    """Seasons, productions and theatres (of the running season and the one before) that answer to ``text``. Five queries at most."""
    words = text.strip()
    seasons = [y for y in visible.seasons(access, visible.own_productions(access)) if words in _season_name(y)]
    found = [season_subject(y) for y in seasons[:MOST]]
    if not words:
        return found
    titles = Production.objects.filter(_productions(access), Q(title__icontains=words) | Q(dip_id__istartswith=words))
    rows = titles.order_by("-season_year", "title").values_list("dip_id", "title", "season_year")[:MOST]
    found += [_production(dip_id, title, season) for dip_id, title, season in rows]
    places = _theatres(access).filter(Q(name__icontains=words) | Q(city__icontains=words)).order_by("name")
    for pk, name, city in places.values_list("pk", "name", "city")[: MOST // 2]:
        found += [theatre_subject(pk, name, city, season) for season in (year, year - 1)]
    return found


def suggestions(access: Access, chosen: Subject, year: int) -> list[Subject]:
    """What one would set beside ``chosen``: itself a season earlier, then its like. Three queries at most."""
    if chosen.kind is Kind.SEASON:
        return [season_subject(int(chosen.key) - back) for back in (1, 2)]
    if chosen.kind is Kind.THEATRE:
        return [other] if (other := subject(access, f"theatre:{chosen.key}:{(chosen.season_year or year) - 1}")) else []
    own = Production.objects.filter(dip_id=chosen.key).first()
    if own is None:
        return []
    others = Production.objects.filter(_productions(access)).exclude(pk=own.pk)
    same = others.filter(title=own.title).order_by("-season_year")
    like = others.filter(genre_id=own.genre_id, season_year__in=(own.season_year, own.season_year - 1)).exclude(title=own.title)
    rows = [*same[:3], *like.order_by("season_year", "title")[:5]]
    return [_production(row.dip_id, row.title, row.season_year) for row in rows]


def evenings_of(access: Access, chosen: Subject) -> list[Evening]:
    """The performances of a subject that the access follows. Two or three queries."""
    if chosen.kind is Kind.PRODUCTION:
        tour = visible.tour(access, chosen.key)
        found = visible.evenings_of_tour(access, tour.production_id) if tour else []
        year = chosen.season_year
        return [e for e in found if year is None or season_year(e.performance_date) == year]
    year = int(chosen.key) if chosen.kind is Kind.SEASON else chosen.season_year or 0
    found = visible.evenings_of_season(access, year)
    return found if chosen.kind is Kind.SEASON else [e for e in found if str(e.theatre_id) == chosen.key]


def pair(access: Access, a: Subject, b: Subject, align: Align, gauge: Gauge, as_of: AsOf) -> Pair:
    """Both with their lines. Per subject three queries for its performances, two or three for states, two for the lines."""
    one, other = (_series(access, chosen, align, gauge, as_of) for chosen in (a, b))
    return Pair(align, gauge, one, other, meeting(align, one, other))


def _series(access: Access, chosen: Subject, align: Align, gauge: Gauge, as_of: AsOf) -> Series:
    lines = states.lines(access, evenings_of(access, chosen), as_of)
    heard = [line for line in lines if line.state.has_tickets]
    evenings = [line.evening for line in heard]
    by_date = history.new_per_date(access, evenings, as_of)
    made = _composition(lines, sale_began(by_date), as_of)
    is_running = made.coming > 0
    if align is Align.WEEKS:
        today = as_of.at.astimezone(AMSTERDAM).date()
        until = today if is_running else max((e.performance_date for e in evenings), default=today)
        points = by_weeks(by_date, made.sold, made.for_sale, len(heard), until, gauge)
    else:
        seats = {line.evening.number: line.state.for_sale for line in heard}
        reached = {line.evening.number: _reached(line, as_of) for line in heard}
        points = by_days(history.new_per_distance(access, evenings, as_of), seats, reached, gauge)
    return Series(chosen, made, points, is_running)


def _reached(line: Line, as_of: AsOf) -> float:
    """How near a performance has come with its figures; 0 once it has begun."""
    if is_played(line.evening.starts_at, as_of.at):
        return 0.0
    return exact_days_before(line.evening.performance_date, min(line.confirmed_at or as_of.at, as_of.at))


def _composition(lines: Sequence[Line], began: date | None, as_of: AsOf) -> Composition:
    now = total(line.state for line in lines)
    dates = [line.evening.performance_date for line in lines]
    return Composition(
        performances=now.performances,
        with_figures=now.with_tickets,
        coming=sum(not is_played(line.evening.starts_at, as_of.at) for line in lines),
        theatres=len({line.evening.theatre_id for line in lines}),
        capacity=now.capacity,
        for_sale=now.for_sale,
        sold=now.sold,
        recette_cents=now.recette_cents,
        occupancy=now.occupancy,
        first=min(dates, default=None),
        last=max(dates, default=None),
        sale_began=began,
    )
