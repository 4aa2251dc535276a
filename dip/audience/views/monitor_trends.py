"""One trait of an audience through the seasons: as a line beside the nation, and by region or genre as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dip.audience.rules import findings
from dip.audience.views import monitor_words as words
from dip.audience.views.monitor_flows import province_name
from dip.audience.views.monitor_phrases import phrase
from dip.audience.views.monitor_question import current_season
from dip.definitions.queries import genres
from dip.registry.terms import Access
from dip.warehouse.queries import audience as door
from dip.warehouse.queries.audience import AudienceScope, AudienceTrend
from dip.web import formats
from dip.web.charts.figure import Figure
from dip.web.charts.trends import TrendChart, TrendLine, trend_chart

#: What can be followed: address, part, code, name.
TRAITS: tuple[tuple[str, str, str, Promise], ...] = (
    ("new", "returning", "new", gettext_lazy("New buyers")),
    ("kept", "retention", "kept", gettext_lazy("Buyers who came again")),
    ("core", "stages", "core", gettext_lazy("Core buyers")),
    ("omnivore", "tastes", "omnivore", gettext_lazy("Omnivores")),
    ("young", "ages", "18-24", gettext_lazy("Buyers of 18 to 24")),
    ("pairs", "party_sizes", "2", gettext_lazy("Orders of two tickets")),
    ("early", "lead_times", "91-180", gettext_lazy("Tickets 91 to 180 days ahead")),
    ("online", "channels", "online", gettext_lazy("Orders online")),
)
BYS: tuple[tuple[Literal["region", "genre"], Promise], ...] = (
    ("region", gettext_lazy("By province of the theatre")),
    ("genre", gettext_lazy("By genre")),
)
#: Parts that look back: before the whole window is loaded more of them seem new.
_LOOKING_BACK = frozenset({"returning", "stages", "retention", "lapsed"})


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One province or genre: per season the share as written, None held back."""

    name: str
    cells: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class TrendsView:
    """The section. ``figure`` None: no season before this one is loaded. ``heads``: the seasons, starred where orders reach less far back."""

    trait: str
    by: str
    traits: tuple[tuple[str, str], ...]
    bys: tuple[tuple[str, str], ...]
    definition: str
    figure: Figure | None
    heads: tuple[str, ...]
    rows: tuple[TrendRow, ...]
    note: str


def trends(access: Access, scope: AudienceScope, request: HttpRequest) -> TrendsView | None:
    """The section as the address asks for it; None for a production, which is of one season."""
    if scope.kind == "production":
        return None
    trait = next((one for one in TRAITS if one[0] == request.GET.get("trend")), TRAITS[0])
    by = next((one[0] for one in BYS if one[0] == request.GET.get("by")), BYS[0][0])
    found = door.audience_trend(access, scope, trait[1], trait[2], by)
    beside = None if scope.kind == "season" else door.audience_trend(access, _nation(scope), trait[1], trait[2], "season")
    return TrendsView(
        trait=trait[0],
        by=by,
        traits=tuple((one[0], str(one[3])) for one in TRAITS),
        bys=tuple((code, str(name)) for code, name in BYS),
        definition=words.CODES[trait[1]],
        figure=_figure(found, beside, str(trait[3])),
        heads=tuple(_heads(found)),
        rows=tuple(TrendRow(line_name(by, line.key), tuple(_cells(line.counts, line.rates))) for line in found.lines if line.key),
        note=_note(found),
    )


def _nation(scope: AudienceScope) -> AudienceScope:
    return AudienceScope("season", season_year=scope.season_year)


def line_name(by: str, key: int) -> str:
    """A province or genre; what is unknown has a name too."""
    if by == "region":
        return province_name(key) if key > 0 else _("unknown")
    return next((one.name(formats.language_of()) for one in genres() if one.id == key), _("unknown"))


def _cells(counts: Sequence[int | None], rates: Sequence[float | None]) -> list[str | None]:
    return [
        None if count is None else formats.MISSING if rate is None else formats.percent(rate, 0)
        for count, rate in zip(counts, rates, strict=True)
    ]


def _short(found: AudienceTrend) -> list[bool]:
    """Per season whether orders reach less far back than the rules look."""
    if found.part not in _LOOKING_BACK:
        return [False] * len(found.seasons)
    return [not window.is_whole for window in found.windows] or [False] * len(found.seasons)


def _heads(found: AudienceTrend) -> list[str]:
    return [words.season_name(year) + ("*" if short else "") for year, short in zip(found.seasons, _short(found), strict=True)]


def _note(found: AudienceTrend) -> str:
    said = []
    if any(_short(found)):
        said.append(
            _("* Orders go back less than 36 months: more buyers seem new, so this season does not compare with later ones.")
        )
    if found.seasons and found.seasons[-1] >= current_season():
        said.append(_("Hollow: {season} so far, no whole season.").format(season=words.season_name(found.seasons[-1])))
    return " ".join(said)


def _figure(found: AudienceTrend, beside: AudienceTrend | None, name: str) -> Figure | None:
    """Own and national, season by season; None while fewer than two seasons are loaded."""
    own = next((line for line in found.lines if line.key == 0), None)
    if own is None or len(found.seasons) < 2:
        return None
    rates = _drawn(own.counts, own.rates)
    lines = [
        TrendLine(
            _("National") if beside is None else _("Your own"), "own" if beside else "national", rates, hidden=_hidden(own.counts)
        )
    ]
    other = next((line for line in beside.lines if line.key == 0), None) if beside else None
    if beside is not None and other is not None:
        by_year = dict(zip(beside.seasons, zip(other.counts, other.rates, strict=True), strict=True))
        values = [by_year.get(year, (0, None)) for year in found.seasons]
        counts = [count for count, _rate in values]
        lines.append(
            TrendLine(_("National"), "national", _drawn(counts, [rate for _count, rate in values]), hidden=_hidden(counts))
        )
    heads = _heads(found)
    stops = [(float(n), head, words.season_name(year)) for n, (year, head) in enumerate(zip(found.seasons, heads, strict=True))]
    every = max(-(-len(stops) // 3), 1)
    return trend_chart(
        TrendChart(
            name="trend",
            title=phrase(findings.trend_heading(found.seasons, _comparable(found, rates))),
            sub=_("{trait}: share of the {unit}, season by season.").format(trait=name, unit=words.unit_name(found.unit)),
            column=_("Season"),
            stops=stops,
            lines=lines,
            ticks=[(place, head) for place, head, _raw in stops],
            few_ticks=[(place, head) for place, head, _raw in reversed(stops)][::every],
            write=lambda value: formats.percent(value, 0),
            tick=lambda value: formats.percent(value, 0),
            raw=lambda value: f"{value:.4f}",
            so_far=len(stops) - 1 if found.seasons[-1] >= current_season() else None,
        )
    )


def _comparable(found: AudienceTrend, rates: Sequence[float | None]) -> list[float | None]:
    """The shares that a heading may compare: of seasons that have ended, and that look back far enough."""
    short = _short(found)
    running = current_season()
    return [
        None if short[place] or year >= running else rate
        for place, (year, rate) in enumerate(zip(found.seasons, rates, strict=True))
    ]


def _drawn(counts: Sequence[int | None], rates: Sequence[float | None]) -> list[float | None]:
    return [None if count is None else rate for count, rate in zip(counts, rates, strict=True)]


def _hidden(counts: Sequence[int | None]) -> frozenset[int]:
    return frozenset(place for place, count in enumerate(counts) if count is None)
