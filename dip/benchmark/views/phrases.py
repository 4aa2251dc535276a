"""Findings in words, from fixed patterns, in the language of the request."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dip.benchmark.terms import Finding
from dip.benchmark.views.words import unbroken_season, write, write_change, write_size
from dip.warehouse.terms import TrendMeasure
from dip.web import formats

_Say = Callable[[Mapping[str, Any], TrendMeasure], str]


def paragraph(findings: Sequence[Finding], measure: TrendMeasure = TrendMeasure.OCCUPANCY) -> SafeString:
    """The findings one after the other; the first stands out."""
    said = [phrase(finding, measure) for finding in findings]
    rest = "".join(format_html(" {}", sentence) for sentence in said[1:])
    return format_html("<strong>{}</strong>{}", said[0], mark_safe(rest)) if said else SafeString("")  # noqa: S308  # escaped above


def phrase(finding: Finding, measure: TrendMeasure = TrendMeasure.OCCUPANCY) -> str:
    """One finding as a sentence or heading."""
    return _PATTERNS[finding.code](finding.values, measure)


def _whole(sentence: str) -> str:
    """The sentence, in which no margin is parted from its sign."""
    return sentence.replace("± ", "±\N{NO-BREAK SPACE}")


def _subject(measure: TrendMeasure) -> str:
    return {
        TrendMeasure.OCCUPANCY: _("Occupancy, paid"),
        TrendMeasure.PRICE: _("The average price"),
        TrendMeasure.TICKETS: _("Tickets sold"),
        TrendMeasure.RECETTE: _("Recette"),
        TrendMeasure.PERFORMANCES: _("The number of performances"),
    }[measure]


def _filled(pattern: str, values: Mapping[str, Any], measure: TrendMeasure) -> str:
    """``pattern`` with the values written as the measure asks."""
    words: dict[str, str] = {"subject": _subject(measure)}
    for name, value in values.items():
        if name in ("season", "before", "base", "first", "last"):
            words[name] = unbroken_season(value)
        elif name in ("change", "margin"):
            words[name] = write_size(value, measure)
        elif name == "of":
            words[name] = str(value)
        else:
            words[name] = write(value, measure)
    return pattern.format(**words)


def _days(pattern: str, values: Mapping[str, Any]) -> str:
    words = {name: unbroken_season(values[name]) for name in ("season", "before") if name in values}
    for name in ("days", "margin"):
        if name in values:
            words[name] = formats.number(round(values[name], 1), 1)
    if "late" in values:
        words["late"] = formats.points(values["late"])
    return _whole(pattern.format(**words))


def _own_change(values: Mapping[str, Any], measure: TrendMeasure) -> str:
    written = write_change(values["change"], measure)
    return _("You: {value} ({change}).").format(value=write(values["value"], measure), change=written)


def _adjusted_days(values: Mapping[str, Any], _measure: TrendMeasure) -> str:
    days, before = formats.number(round(abs(values["days"]), 1), 1), unbroken_season(values["before"])
    if round(values["days"], 1) < 0:
        return _("With the genres and halls of {before} it would be {days} days later.").format(days=days, before=before)
    return _("With the genres and halls of {before} it would be {days} days earlier.").format(days=days, before=before)


_PATTERNS: Mapping[str, _Say] = {
    "young": lambda v, m: _("No season has ended yet: a trend begins with the first that has."),
    "hidden": lambda v, m: _filled(_("The figures of {season} cannot be shown: too few, or too concentrated."), v, m),
    "nothing": lambda v, m: _filled(_("Nothing was played in {season}."), v, m),
    "national": lambda v, m: _filled(_("{subject} in {season}: {value} nationally."), v, m),
    "national_more": lambda v, m: _with_margin(
        v, m, _("{subject} in {season}: {value} nationally, {change} more than in {before}.")
    ),
    "national_less": lambda v, m: _with_margin(
        v, m, _("{subject} in {season}: {value} nationally, {change} less than in {before}.")
    ),
    "national_same": lambda v, m: _filled(_("{subject} in {season}: {value} nationally, about as in {before}."), v, m),
    "national_within": lambda v, m: _filled(
        _("{subject} in {season}: {value} nationally; the difference with {before}, {change}, is within its margin of {margin}."), v, m
    ),
    "adjusted": lambda v, m: _filled(_("With the genres and halls of {base} it would be {value}."), v, m),
    "own": lambda v, m: _filled(_("You: {value}."), v, m),
    "own_more": _own_change,
    "own_less": _own_change,
    "measure": lambda v, m: _filled(_("{subject} over the years"), v, m),
    "stayed": lambda v, m: _filled(_("{subject} stayed about the same: {start} in {first}, {end} in {last}"), v, m),
    "rose": lambda v, m: _filled(_("{subject} rose from {start} in {first} to {end} in {last}"), v, m),
    "fell": lambda v, m: _filled(_("{subject} fell from {start} in {first} to {end} in {last}"), v, m),
    "values": lambda v, m: _filled(_("{subject}, each on the same scale"), v, m),
    "value_rose": lambda v, m: _filled(_("{of} moved most: {change} more than in {before}"), v, m),
    "value_fell": lambda v, m: _filled(_("{of} moved most: {change} less than in {before}"), v, m),
    "lead_hidden": lambda v, m: _filled(_("The lead times of {season} cannot be shown: too few, or too concentrated."), v, m),
    "lead_later": lambda v, m: _days(
        _("Yes: in {season} people bought {days} days later than in {before} (± {margin}); the share of the last 30 days changed by {late}."),
        v,
    ),
    "lead_earlier": lambda v, m: _days(
        _("No: in {season} people bought {days} days earlier than in {before} (± {margin}); the share of the last 30 days changed by {late}."),
        v,
    ),
    "lead_same": lambda v, m: _days(
        _("Not measurably: between {before} and {season} the median moved by {days} days, within its margin of {margin}."), v
    ),
    "lead_since_later": lambda v, m: _days(_("Against {before} people buy {days} days later (± {margin})."), v),
    "lead_since_earlier": lambda v, m: _days(_("Against {before} people buy {days} days earlier (± {margin})."), v),
    "lead_since_same": lambda v, m: _days(_("Against {before} there is no measurable difference."), v),
    "lead_adjusted": _adjusted_days,
    "lead_own": lambda v, m: _days(_("Half of your own tickets of {season} were sold {days} days before."), v),
}  # fmt: skip


def _with_margin(values: Mapping[str, Any], measure: TrendMeasure, pattern: str) -> str:
    said = _filled(pattern, values, measure)
    if "margin" not in values:
        return said
    return _whole(_("{sentence} The margin is ± {margin}.").format(sentence=said, margin=write_size(values["margin"], measure)))
