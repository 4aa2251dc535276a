"""What the address of a page asks: the moment, the season, which part of a list and how much of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dip.kernel import clock
from dip.kernel.periods import season_year
from dip.sales.terms import AsOf, CurveScope, Which

Choice = TypeVar("Choice", Which, CurveScope)
#: Rows of a list at first, and per "show more".
ROWS = 25
#: The platform has no figures from before this year.
FIRST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class Question:
    """The parameters of a page of figures, read and checked. What could not be read is told in ``problems``, never guessed silently."""

    as_of: AsOf
    season_year: int
    which: Which | None
    rows: int
    scope: CurveScope
    number: int | None
    genre_id: int | None
    province_id: int | None
    search: str
    by: str
    problems: tuple[str, ...]


def read(request: HttpRequest) -> Question:
    """Everything that a page of the Sales Monitor may be asked."""
    problems: list[str] = []
    as_of = _as_of(request, problems)
    current = season_year(clock.local(as_of.at).date())
    return Question(
        as_of=as_of,
        season_year=_number(request, "season", problems, low=FIRST_YEAR, high=current + 5) or current,
        which=_choice(request, "which", Which, problems),
        rows=_number(request, "rows", problems, low=1, high=5000) or ROWS,
        scope=_choice(request, "scope", CurveScope, problems) or CurveScope.PERFORMANCE,
        number=_number(request, "performance", problems, low=1, high=2**62),
        genre_id=_number(request, "genre", problems, low=1, high=32000),
        province_id=_number(request, "province", problems, low=1, high=32000),
        search=request.GET.get("q", "").strip()[:80],
        by=request.GET.get("by", ""),
        problems=tuple(problems),
    )


def _as_of(request: HttpRequest, problems: list[str]) -> AsOf:
    now = clock.now()
    text = request.GET.get("known", "").strip()
    if not text:
        return AsOf(now)
    try:
        naive = datetime.fromisoformat(text)
    except ValueError:
        problems.append(
            _("“Known on” is {value}, which is no date and time. Write it as 2026-11-20T07:10.").format(value=text[:40])
        )
        return AsOf(now)
    moment = naive if naive.tzinfo else clock.from_local(naive)
    if moment.year < FIRST_YEAR:
        problems.append(_("“Known on” is {value}, before there were figures. Choose a later day.").format(value=text[:40]))
        return AsOf(now)
    return AsOf(moment, True) if moment < now else AsOf(now)


def _number(request: HttpRequest, name: str, problems: list[str], *, low: int, high: int) -> int | None:
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and low <= int(text[:20]) <= high:
        return int(text)
    problems.append(
        _("“{name}” is {value}; give a whole number from {low} to {high}.").format(name=name, value=text[:40], low=low, high=high)
    )
    return None


def _choice(request: HttpRequest, name: str, kind: type[Choice], problems: list[str]) -> Choice | None:
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    try:
        return kind(text)
    except ValueError:
        known = ", ".join(kind)
        problems.append(_("“{name}” is {value}; give one of {known}.").format(name=name, value=text[:40], known=known))
        return None
