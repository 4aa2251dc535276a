"""What the address of a page asks: the season, the level of areas, and how much of a list."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dip.definitions.queries import provinces
from dip.kernel import clock
from dip.kernel.periods import season_year
from dip.warehouse.queries import audience as door

LEVELS = ("province", "municipality", "pc4")
#: Rows of a list at first, and per "show more".
ROWS = 12
FIRST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class Question:
    """The parameters of a page, read and checked. What could not be read is told in ``problems``, never guessed silently.

    ``season_year`` 0: not asked. ``province``: id, of which the PC4 are shown; None for the one with most buyers.
    """

    season_year: int
    level: str
    province: int | None
    rows: int
    problems: tuple[str, ...]


def read(request: HttpRequest) -> Question:
    """Everything that a page of the Audience Monitor may be asked."""
    problems: list[str] = []
    last = current_season() + 5
    return Question(
        season_year=_number(request, "season", FIRST_YEAR, last, problems) or 0,
        level=_choice(request, "level", LEVELS, problems),
        province=_number(request, "province", 1, len(provinces()), problems),
        rows=_number(request, "rows", 1, 5000, problems) or ROWS,
        problems=tuple(problems),
    )


def current_season() -> int:
    """The season of today."""
    return season_year(clock.local(clock.now()).date())


def seasons(asked: int) -> list[int]:
    """Seasons to choose from, the newest first: those of which orders are loaded, the running one, and the one on the page."""
    return sorted({*door.told_seasons(), current_season(), asked}, reverse=True)


def _number(request: HttpRequest, name: str, low: int, high: int, problems: list[str]) -> int | None:
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and low <= int(text[:20]) <= high:
        return int(text)
    problems.append(
        _("“{name}” is {value}; give a whole number from {low} to {high}.").format(name=name, value=text[:40], low=low, high=high)
    )
    return None


def _choice(request: HttpRequest, name: str, known: tuple[str, ...], problems: list[str]) -> str:
    text = request.GET.get(name, "").strip()
    if text and text not in known:
        problems.append(_("“{name}” is {value}; give one of {known}.").format(name=name, value=text[:40], known=", ".join(known)))
    return text if text in known else known[0]
