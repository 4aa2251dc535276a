"""Alerts, reasons and findings in words, for pages and mails alike: fixed patterns in the language of the reader."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dip.sales.terms import AlertKind, AlertUnit, GoalFinding, MailMode, Origin, Part, RuleSpec
from dip.web import formats

Values = Mapping[str, Any]

ALERT_KINDS: dict[AlertKind, str | Promise] = {
    AlertKind.NO_FIGURES: gettext_lazy("No figures"),
    AlertKind.BEHIND_TARGET: gettext_lazy("Behind target"),
    AlertKind.BEHIND_MEDIAN: gettext_lazy("Behind comparable performances"),
    AlertKind.SOLD_OUT: gettext_lazy("Sold out, or nearly"),
    AlertKind.DROP: gettext_lazy("Sudden drop"),
    AlertKind.RESTATED: gettext_lazy("A past day changed"),
}
MAIL_MODES: dict[MailMode, str | Promise] = {
    MailMode.AT_ONCE: gettext_lazy("At once"),
    MailMode.MORNING: gettext_lazy("In one mail at 07:30"),
    MailMode.NONE: gettext_lazy("No mail, on the page only"),
}
ORIGINS: dict[Origin, str | Promise] = {
    Origin.TYPED: gettext_lazy("typed"),
    Origin.PASTED: gettext_lazy("pasted"),
    Origin.BEFORE: gettext_lazy("from before"),
    Origin.CAPACITY: gettext_lazy("from the seats"),
}
PARTS: dict[Part, str | Promise] = {
    Part.FREE: gettext_lazy("free tickets"),
    Part.RESERVED: gettext_lazy("reserved tickets"),
    Part.BLOCKED: gettext_lazy("blocked seats"),
    Part.RESALE: gettext_lazy("resale"),
}


def _tickets(count: float) -> str:
    return ngettext("{n} ticket", "{n} tickets", round(count)).format(n=formats.tickets(count))


def _moment(value: object) -> str:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return formats.moment(moment) if isinstance(moment, datetime) else formats.MISSING


def rule_text(spec: RuleSpec) -> str:
    """What a rule looks for, with its limit."""
    number = formats.tickets(spec.limit)
    if spec.kind is AlertKind.DROP:
        text = _("{n} % fewer or more lost at once") if spec.unit is AlertUnit.PERCENT else _("{n} tickets fewer at once, or more")
        return text.format(n=number)
    patterns = {
        AlertKind.NO_FIGURES: _("no figures for {n} hours"),
        AlertKind.BEHIND_TARGET: _("under {n} % of what the target asks for by now"),
        AlertKind.BEHIND_MEDIAN: _("under {n} % of comparable performances"),
        AlertKind.SOLD_OUT: _("from {n} % of the seats for sale"),
        AlertKind.RESTATED: _("a past day changed by {n} tickets or more"),
    }
    return patterns[spec.kind].format(n=number)


def alert_text(kind: AlertKind, values: Values) -> str:
    """What was found, with its numbers: one sentence."""
    return _ALERTS[kind](values)


def _no_figures(v: Values) -> str:
    if not v.get("last"):
        return _("There have never been figures, {when}.").format(when=_when(v))
    return _("The last figures are of {at}, {when}.").format(at=_moment(v["last"]), when=_when(v))


def _when(v: Values) -> str:
    days = int(v.get("days", 0))
    if days < 0:
        return _("the performance is over")
    if days == 0:
        return _("the performance is today")
    return ngettext("{n} day before the performance", "{n} days before the performance", days).format(n=formats.tickets(days))


def _behind_target(v: Values) -> str:
    text = _("{sold} sold; the target of {target} asks for {expected} by now, {when}.")
    numbers = {name: formats.tickets(v.get(name)) for name in ("sold", "target", "expected")}
    return text.format(**numbers, when=_when(v))


def _behind_median(v: Values) -> str:
    text = _("{sold} sold; comparable performances stand at {expected}, {when}.")
    return text.format(sold=formats.tickets(v.get("sold")), expected=formats.tickets(v.get("expected")), when=_when(v))


def _sold_out(v: Values) -> str:
    sold, seats = v.get("sold") or 0, v.get("seats") or 0
    if seats and sold >= seats:
        return _("All {n} seats for sale are sold, {when}.").format(n=formats.tickets(seats), when=_when(v))
    text = _("{sold} of {seats} seats for sale are sold, {when}.")
    return text.format(sold=formats.tickets(sold), seats=formats.tickets(seats), when=_when(v))


def _drop(v: Values) -> str:
    lost = int(v["before"]) - int(v["after"])
    text = _("{before} → {after}: {tickets} fewer, true at {at}.")
    numbers = {"before": formats.tickets(v["before"]), "after": formats.tickets(v["after"])}
    return text.format(**numbers, tickets=_tickets(lost), at=_moment(v.get("true_at")))


def _restated(v: Values) -> str:
    text = _("A past day now counts {after} instead of {before}, as it was at {at}.")
    return text.format(before=formats.tickets(v["before"]), after=formats.tickets(v["after"]), at=_moment(v.get("true_at")))


_ALERTS: dict[AlertKind, Callable[[Values], str]] = {
    AlertKind.NO_FIGURES: _no_figures,
    AlertKind.BEHIND_TARGET: _behind_target,
    AlertKind.BEHIND_MEDIAN: _behind_median,
    AlertKind.SOLD_OUT: _sold_out,
    AlertKind.DROP: _drop,
    AlertKind.RESTATED: _restated,
}


def reason_text(code: str, values: Values) -> str:
    """One reason of a reconciliation: a sentence."""
    return _REASONS[code](values)


def _since(v: Values) -> str:
    text = (
        _("{tickets} were sold after {at}, the moment of the theatre’s number, and are not in it.")
        if v["fewer"]
        else _("{tickets} were returned after {at}, the moment of the theatre’s number, and are still in it.")
    )
    return text.format(tickets=_tickets(v["tickets"]), at=_moment(v["at"]))


def _rest_equals(v: Values) -> str:
    names = _(" and ").join(str(PARTS[Part(part)]) for part in v["parts"])
    return _("What is left, {tickets}, equals the {parts}: counted differently on the two sides.").format(
        tickets=_tickets(v["tickets"]), parts=names
    )


def _newer(v: Values) -> str:
    hours = ngettext("{n} hour", "{n} hours", v["hours"]).format(n=formats.tickets(v["hours"]))
    text = _("The theatre’s number is {hours} newer than the figures on the platform, which are of {at}.")
    found = text.format(hours=hours, at=_moment(v["at"]))
    if v.get("tickets"):
        found += " " + _("At the speed of the last days some {tickets} are sold in that time.").format(
            tickets=_tickets(v["tickets"])
        )
    return found


def _unexplained(v: Values) -> str:
    text = (
        _("{tickets} more than the platform can explain. Ask the theatre what its number counts in.")
        if v["more"]
        else _("{tickets} fewer than the platform can explain. Ask the theatre what its number leaves out.")
    )
    return text.format(tickets=_tickets(v["tickets"]))


_REASONS: dict[str, Callable[[Values], str]] = {
    "adds_up": lambda v: _("The two numbers add up: nothing is unexplained."),
    "since": _since,
    "free_counted": lambda v: _("Free tickets are counted in at the theatre: {n}. The platform keeps them apart from sold.").format(
        n=formats.tickets(v["tickets"])
    ),
    "reserved_counted": lambda v: _(
        "Reserved tickets are counted in at the theatre: {n}. The platform counts them once paid."
    ).format(n=formats.tickets(v["tickets"])),
    "blocked_counted": lambda v: _("Blocked seats are counted in at the theatre: {n}. Nobody has bought them.").format(
        n=formats.tickets(v["tickets"])
    ),
    "resale_counted": lambda v: _(
        "Tickets sold by third parties are counted in at the theatre: {n}. The platform leaves them out."
    ).format(n=formats.tickets(v["tickets"])),
    "free_unknown": lambda v: _("The theatre counts free tickets in; how many is not reported."),
    "reserved_unknown": lambda v: _("The theatre counts reserved tickets in; how many is not reported."),
    "blocked_unknown": lambda v: _("The theatre counts blocked seats in; how many is not reported."),
    "resale_unknown": lambda v: _("The theatre counts resale in; how much is not reported."),
    "rest_equals": _rest_equals,
    "newer": _newer,
    "unexplained": _unexplained,
}


def finding_text(finding: GoalFinding) -> str:
    """Why a target could not be taken, with the remedy."""
    return _FINDINGS[finding.code](finding).format(line=finding.line, value=finding.value)


_FINDINGS: dict[str, Callable[[GoalFinding], str]] = {
    "too_many_lines": lambda f: _("{value} lines at once are too many; paste 2,000 at most."),
    "count_differs": lambda f: _("Lines with numbers alone must be as many as the performances, in their order ({value}). Add a column with the date or the DIP-id."),
    "unknown_number": lambda f: _("Line {line}: there is no performance {value} in this list."),
    "unknown": lambda f: _("Line {line}: no performance in this list answers to “{value}”. Check date, theatre or DIP-id."),
    "ambiguous": lambda f: _("Line {line}: more than one performance answers to it ({value}). Add the date or the DIP-id."),
    "names_nothing": lambda f: _("Line {line}: “{value}” names no performance. Add the date or the DIP-id."),
    "twice": lambda f: _("Line {line}: the performance of {value} stood in an earlier line; that line counts."),
    "no_target": lambda f: _("Line {line}: there is no number in “{value}”."),
    "not_tickets": lambda f: _("Line {line}: “{value}” is no number of tickets; give a whole number from 1 to 100,000."),
    "not_recette": lambda f: _("Line {line}: “{value}” is no recette; give an amount in euros, such as 12500 or 12.500,00."),
    "above_seats": lambda f: _("Line {line}: the target is above the seats ({value}). It is taken as it is."),
    "changed_meanwhile": lambda f: _("Performance {line}: {value} changed this target after you opened the page. Your number was not taken."),
    "left_out": lambda f: _("{value} more performances were left out; save these first, then do the rest."),
    "no_example": lambda f: _("{value} performances have no earlier one alike, and got no proposal."),
}  # fmt: skip
