"""Buyers beside the people who live here: by urbanity and by age."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dip.audience.rules import findings
from dip.audience.rules.shares import ends
from dip.audience.views.monitor_words import value_name
from dip.registry.terms import Access
from dip.warehouse.queries import audience as door
from dip.warehouse.queries.audience import AudienceScope, Population
from dip.web import formats
from dip.web.marks import DotRow, dot_track

_URBANITY: dict[str, Promise] = {
    "1": gettext_lazy("Very strongly urban"), "2": gettext_lazy("Strongly urban"), "3": gettext_lazy("Moderately urban"),
    "4": gettext_lazy("Slightly urban"), "5": gettext_lazy("Not urban"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """A group as the rules for findings read it: the inhabitants stand where the nation does."""

    code: str
    count: int | None
    rate: float | None
    national_rate: float | None


@dataclass(frozen=True, slots=True)
class PeopleLine:
    """A group: share of the buyers (None: held back), of the inhabitants, and of who lives where it plays."""

    name: str
    rate: float | None
    people: float
    expected: float | None
    track: str


@dataclass(frozen=True, slots=True)
class PeopleView:
    """One comparison with the people who live here. ``adjusted``: a sentence of what distance alone lets expect; "" without it."""

    code: str
    title: str
    sub: str
    head: str
    axis: tuple[str, str]
    lines: tuple[PeopleLine, ...]
    is_hidden: bool
    adjusted: str


def people(access: Access, scope: AudienceScope) -> list[PeopleView]:
    """Comparisons by urbanity and age; none while no areas are loaded or the audience is too small."""
    return [_view(one) for one in door.population(access, scope) if one.code in ("urbanity", "age") and one.rows]


def group_name(population: str, code: str) -> str:
    """A group as people read it."""
    return str(_URBANITY[code]) if population == "urbanity" else value_name("ages", code)


def _view(found: Population) -> PeopleView:
    groups = [Group(row.code, None if row.rate is None else 1, row.rate, row.people_rate) for row in found.rows]
    most = findings.stands_out(groups)
    low, high = ends([rate for row in found.rows for rate in (row.rate, row.people_rate)])
    lines = tuple(
        PeopleLine(
            group_name(found.code, row.code), row.rate, row.people_rate, row.expected_rate,
            dot_track(DotRow("", row.rate, row.people_rate, ""), low, high),
        )
        for row in found.rows
    )  # fmt: skip
    return PeopleView(
        code=found.code,
        title=_title(found.code, most),
        sub=_("Urbanity of the buyer's postcode, share of the buyers. Tick: all inhabitants.")
        if found.code == "urbanity"
        else _("Age of the buyer, share of the buyers of whom it is known. Tick: all inhabitants from 18."),
        head=_("Urbanity") if found.code == "urbanity" else _("Age"),
        axis=(formats.percent(low, 0), formats.percent(high, 0)),
        lines=lines,
        is_hidden=all(line.rate is None for line in lines),
        adjusted=_adjusted(found, most),
    )


def _title(code: str, most: findings.Row | None) -> str:
    if most is None:
        return _("Where they live, beside all inhabitants") if code == "urbanity" else _("Their age, beside all inhabitants")
    return _("{value}: {rate} of the buyers, {people} of the inhabitants").format(
        value=group_name(code, most.code), rate=formats.percent(most.rate, 0), people=formats.percent(most.national_rate, 0)
    )


def _adjusted(found: Population, most: findings.Row | None) -> str:
    expected = next((row.expected_rate for row in found.rows if most is not None and row.code == most.code), None)
    if most is None or expected is None:
        return ""
    return _("Were distance to the theatre alone to count, “{value}” would be {expected}.").format(
        value=group_name(found.code, most.code).lower(), expected=formats.percent(expected, 0)
    )


def table(found: Sequence[Population]) -> list[list[object]]:
    """Rows for a download: comparison, group, and the three rates."""
    heads = {"urbanity": _("Urbanity"), "age": _("Age")}
    return [
        [heads[one.code], group_name(one.code, row.code), row.rate, row.people_rate, row.expected_rate]
        for one in found
        if one.code in heads
        for row in one.rows
    ]
