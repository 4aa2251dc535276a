"""The towns of a tour on the provinces' squares: a shape per status, the remarkable ones by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dip.definitions.queries import provinces
from dip.sales.rules import findings
from dip.sales.terms import Standing, Status
from dip.sales.views.phrases import phrase
from dip.web import formats
from dip.web.marks import PILLS

WIDTH, HEIGHT, GAP = 97, 86, 3
_LINE, _STEP, _SHAPES_PER_LINE = 16, 14, 6
#: Characters of a name that fit beside its shape.
_FITS = 10
#: Named towns in one square; the rest are shapes.
_NAMED = 3
_REMARKABLE = (Status.NO_FIGURES, Status.BEHIND)
_ORDER = [Status.NO_FIGURES, Status.BEHIND, Status.AHEAD, Status.SOLD_OUT, Status.ON_COURSE, None]


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape at a place in its square, with the town's name where it is remarkable."""

    x: float
    y: float
    shape: SafeString
    tone: str
    name: str
    full: str


@dataclass(frozen=True, slots=True)
class Square:
    """One province."""

    code: str
    x: int
    y: int
    marks: tuple[Mark, ...]
    is_played: bool


@dataclass(frozen=True, slots=True)
class TownRow:
    """One row of the table twin."""

    town: str
    province: str
    performances: int
    sold: int | None
    median: int | None
    status: str


@dataclass(frozen=True, slots=True)
class TownMap:
    """What the part ``towns.html`` draws."""

    title: str
    sub: str
    description: str
    width: int
    height: int
    squares: tuple[Square, ...]
    counts: tuple[tuple[str, int], ...]
    elsewhere: tuple[str, ...]
    rows: tuple[TownRow, ...]


def town_map(rows: Sequence[Standing]) -> TownMap:
    """The map of a list of performances; every town once, with its most remarkable status."""
    statuses = findings.town_statuses(rows)
    by_province: dict[int | None, list[str]] = {}
    home = {row.line.evening.city: row.line.evening.province_id for row in rows}
    for town in sorted(statuses, key=lambda t: (_ORDER.index(statuses[t]), t)):
        by_province.setdefault(home[town], []).append(town)
    known = provinces()
    squares = [
        Square(
            p.code,
            p.column * (WIDTH + GAP),
            p.row * (HEIGHT + GAP),
            _marks(by_province.get(p.id, []), statuses),
            p.id in by_province,
        )
        for p in known
    ]
    ids = {p.id for p in known}
    away = [town for province, towns in by_province.items() if province not in ids for town in towns]
    title = phrase(findings.towns_heading(statuses.values()))
    return TownMap(
        title=title,
        sub=_sub(len(statuses)),
        description=_description(title, statuses),
        width=(max((p.column for p in known), default=0) + 1) * (WIDTH + GAP) - GAP,
        height=(max((p.row for p in known), default=0) + 1) * (HEIGHT + GAP) - GAP,
        squares=tuple(squares),
        counts=tuple((s.value, n) for s in _ORDER if s and (n := list(statuses.values()).count(s))),
        elsewhere=tuple(away),
        rows=tuple(_row(town, statuses, rows, {p.id: p.name for p in known}) for town in sorted(statuses)),
    )


def _sub(towns: int) -> str:
    text = ngettext("{n} town, tickets against the national median", "{n} towns, tickets against the national median", towns)
    return text.format(n=formats.tickets(towns))


def _description(title: str, statuses: Mapping[str, Status | None]) -> str:
    parts = [
        f"{PILLS[s].word}: {', '.join(t for t, status in statuses.items() if status is s)}"
        for s in _REMARKABLE
        if s in statuses.values()
    ]
    return ". ".join([title, *parts])


def _marks(towns: Sequence[str], statuses: Mapping[str, Status | None]) -> tuple[Mark, ...]:
    named = [t for t in towns if statuses[t] in _REMARKABLE][:_NAMED]
    rest = [t for t in towns if t not in named]
    found = [_mark(town, statuses[town], 9, 26 + place * _LINE, named=True) for place, town in enumerate(named)]
    below = 26 + len(named) * _LINE
    for place, town in enumerate(rest):
        line, column = divmod(place, _SHAPES_PER_LINE)
        found.append(_mark(town, statuses[town], 9 + column * _STEP, below + line * _STEP, named=False))
    return tuple(found)


def _mark(town: str, status: Status | None, x: float, y: float, *, named: bool) -> Mark:
    pill = PILLS[status.value if status else "no_comparison"]
    short = town if len(town) <= _FITS else f"{town[: _FITS - 1]}…"
    return Mark(x, y, mark_safe(pill.shape), pill.tone, short if named else "", f"{town}: {pill.word}")  # noqa: S308  our own drawing


def _row(town: str, statuses: Mapping[str, Status | None], rows: Sequence[Standing], names: Mapping[int, str]) -> TownRow:
    here = [row for row in rows if row.line.evening.city == town]
    heard = [row for row in here if row.line.state.has_tickets]
    medians = [row.median for row in heard]
    known = [median for median in medians if median is not None]
    status = statuses[town]
    return TownRow(
        town=town,
        province=names.get(here[0].line.evening.province_id or 0, _("outside the provinces")),
        performances=len(here),
        sold=sum(row.line.state.sold for row in heard) if heard else None,
        median=round(sum(known)) if known and len(known) == len(medians) else None,
        status=status.value if status else "no_comparison",
    )
