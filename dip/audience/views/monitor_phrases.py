"""Findings in words, from fixed patterns, in the language of the request."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from dip.audience.rules.findings import Finding
from dip.audience.views import monitor_words as words
from dip.web import formats

Values = Mapping[str, Any]


def paragraph(findings: Sequence[Finding], reference: str) -> SafeString:
    """The findings one after the other; the first stands out."""
    said = [phrase(finding, reference) for finding in findings]
    first = format_html("<strong>{}</strong>", said[0]) if len(said) > 1 or findings[0].code == "held_back" else said[0]
    return format_html("{} {}", first, format_html_join(" ", "{}", ((one,) for one in said[1:])))


def phrase(finding: Finding, reference: str = "") -> str:
    """One finding as a sentence or heading. ``reference``: what stands beside, as "the nation"."""
    return _PATTERNS[finding.code]({**finding.values, "reference": reference})


def enumeration(names: Sequence[str]) -> str:
    """A, B and C."""
    return _("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1]) if len(names) > 1 else "".join(names)


def _written(values: Values) -> dict[str, str]:
    written = {}
    for name, value in values.items():
        if name in ("rate", "national", "start", "end"):
            written[name] = formats.percent(value, 0)
        elif name in ("first", "last"):
            written[name] = words.season_name(value)
        elif name == "names":
            written[name] = enumeration(value)
        elif name == "count":
            written[name] = words.counted(value, "buyers")
        else:
            written[name] = str(value)
    if "of" in values and "part" in values:
        written["value"] = words.value_name(values["part"], values["of"])
    return written


def _filled(pattern: str) -> Callable[[Values], str]:
    return lambda values: _(pattern).format(**_written(values))


def _in_hundred(pattern: str) -> Callable[[Values], str]:
    return lambda values: _(pattern).format(**(_written(values) | {"n": formats.number(round(100 * values["rate"]))}))


def _moment(values: Values) -> str:
    return _("Most orders come on {moment}").format(moment=words.value_name("moments", values["of"]).lower())


_PATTERNS: Mapping[str, Callable[[Values], str]] = {
    "measure": lambda values: words.measure(values["part"]),
    "over": _filled(gettext_noop("{value} stands out: {rate}, against {national}")),
    "new": _in_hundred(gettext_noop("{n} in 100 buyers are new to the theatre")),
    "pairs": _filled(gettext_noop("Most come as a pair: {rate} of the orders")),
    "earlier": _filled(gettext_noop("They decide early: {rate} more than a month ahead, against {national}")),
    "later": _filled(gettext_noop("They decide late: {rate} more than a month ahead, against {national}")),
    "month": _filled(gettext_noop("{rate} of the tickets go more than a month ahead")),
    "moment": _moment,
    "once": _filled(gettext_noop("{rate} came once")),
    "more_than_once": _filled(gettext_noop("More than half came more than once: {rate}")),
    "kept": _filled(gettext_noop("{rate} of last season's buyers came again")),
    "kept_beside": _filled(gettext_noop("{rate} of last season's buyers came again, against {national}")),
    "lapsed": _filled(gettext_noop("{count} stayed away")),
    "areas": lambda values: _("Where the buyers live"),
    "areas_twice": _filled(gettext_noop("Most buyers for their inhabitants: {names}")),
    "elsewhere": lambda values: _("Also at another theatre"),
    "elsewhere_part": _filled(gettext_noop("{rate} also ordered at another organisation's theatre")),
    "elsewhere_more": _filled(
        gettext_noop("{rate} also ordered at another organisation's theatre, more than the {national} of {reference}")
    ),
    "elsewhere_less": _filled(
        gettext_noop("{rate} also ordered at another organisation's theatre, fewer than the {national} of {reference}")
    ),
    "trend": lambda values: _("Season by season"),
    "trend_same": _filled(gettext_noop("About the same: {start} in {first}, {end} in {last}")),
    "trend_rose": _filled(gettext_noop("Up from {start} in {first} to {end} in {last}")),
    "trend_fell": _filled(gettext_noop("Down from {start} in {first} to {end} in {last}")),
    "held_back": lambda values: _("This audience is not shown: too few, or too concentrated."),
    "nobody": lambda values: _("No orders in this season yet."),
    "lede_measure": _filled(gettext_noop("Who orders, when, how much and from where, beside {reference}.")),
    "lede_new": _in_hundred(gettext_noop("{n} in 100 buyers are new to the theatre they booked.")),
    "lede_new_as": _in_hundred(gettext_noop("{n} in 100 buyers are new to the theatre they booked, about as in {reference}.")),
    "lede_new_more": _in_hundred(
        gettext_noop("{n} in 100 buyers are new to the theatre they booked, more than the {national} of {reference}.")
    ),
    "lede_new_less": _in_hundred(
        gettext_noop("{n} in 100 buyers are new to the theatre they booked, fewer than the {national} of {reference}.")
    ),
    "lede_earlier": _filled(gettext_noop("They book earlier than {reference}: {rate} of the tickets more than a month ahead.")),
    "lede_later": _filled(gettext_noop("They book later than {reference}: {rate} of the tickets more than a month ahead.")),
    "lede_over": _filled(gettext_noop("“{value}” stands out: {rate} of the buyers, against {national}.")),
    "lede_home": _filled(gettext_noop("{rate} of those whose area is shown live in {name}.")),
}
