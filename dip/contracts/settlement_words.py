"""Borderels as people read them: lines, corrections, findings in the figures, and what the checklist says."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dip.contracts.terms.settlements import ChecklistItem, FiguresFinding, Sold, Step, StepState
from dip.definitions import queries as standard
from dip.web import formats

#: What is disputed beside the lines of a statement.
FIGURES = "figures"
FIELD_NAMES: Mapping[str, str | Promise] = {
    "tickets": gettext_lazy("Paid tickets"),
    "free": gettext_lazy("Free tickets"),
    "recette": gettext_lazy("Recette"),
    "reason": gettext_lazy("Reason"),
}
_FINDINGS: Mapping[str, str | Promise] = {
    "figures_missing": gettext_lazy(
        "{day}: there are no figures yet. Fill them in with the reason, or wait for the ticketing system."
    ),
    "negative": gettext_lazy("{day}: “{field}” is {value}; give 0 or more."),
    "too_large": gettext_lazy("{day}: “{field}” is {value}, more than any hall takes; check the number, {most} at most."),
    "recette_without_tickets": gettext_lazy(
        "{day}: “{field}” is {recette_cents} without paid tickets. Fill in the tickets, or make the recette 0."
    ),
    "tickets_without_recette": gettext_lazy(
        "{day}: {tickets} paid tickets and no recette. Check the recette, or count the tickets as free."
    ),
    "more_than_seats": gettext_lazy("{day}: {tickets} tickets, paid and free, for {seats} seats. Check the number."),
    "reason_missing": gettext_lazy("{day}: say why these figures are not those of the ticketing system."),
}


def figures_refusal(finding: FiguresFinding, on: date) -> str:
    """A finding in a sentence that names the performance, the field, the value and what to do."""
    values = {name: _value(finding, name, value) for name, value in finding.values.items()}
    return str(_FINDINGS[finding.code]).format(day=formats.day(on), field=FIELD_NAMES[finding.field], **values)


def _value(finding: FiguresFinding, name: str, value: Any) -> str:
    is_money = name.endswith("_cents") or (finding.field == "recette" and name in ("value", "most"))
    return formats.money(value) if is_money else formats.tickets(value)


def line_name(code: str, language: str | None = None) -> str:
    """Name of a line of the statement, from the standard's definition; of the figures as a whole, too."""
    if code == FIGURES:
        return _("Figures")
    return standard.metric(f"settlement_{code}", formats.language_of(language)).name


def sold_text(sold: Sold | None) -> str:
    """Figures in a few words."""
    if sold is None:
        return _("no figures")
    text = _("{tickets} paid, {free} free, {recette}")
    return text.format(
        tickets=formats.tickets(sold.tickets), free=formats.tickets(sold.free_tickets), recette=formats.money(sold.recette_cents)
    )


STEP_NAMES: Mapping[Step, str | Promise] = {
    Step.AGREEMENT: gettext_lazy("Agreement approved"),
    Step.CAPACITY: gettext_lazy("Capacity of the hall"),
    Step.ROYALTIES: gettext_lazy("Royalties"),
    Step.FRAMEWORK: gettext_lazy("Framework agreement"),
    Step.FIGURES: gettext_lazy("Figures of every performance"),
    Step.CONFIRMED: gettext_lazy("Borderel confirmed by the theatre"),
    Step.SIGNED: gettext_lazy("Borderel signed off by the provider"),
    Step.INVOICE: gettext_lazy("Invoice"),
    Step.PAID: gettext_lazy("Paid"),
}
#: What makes a step so; under its code, or "<step>_<state>".
_DETAILS: Mapping[str, str | Promise] = {
    "agreement_done": gettext_lazy("on {day}"),
    "agreement_draft": gettext_lazy("being drafted"),
    "agreement_answer": gettext_lazy("waits for the theatre’s answer"),
    "agreement_rejected": gettext_lazy("waits for a new proposal"),
    "agreement_ended": gettext_lazy("no longer stands"),
    "capacity_done": gettext_lazy("{seats} seats"),
    "capacity_missing": gettext_lazy("unknown for {performances}"),
    "royalties_done": "{percentage}",
    "royalties_none": gettext_lazy("none agreed"),
    "framework_done": gettext_lazy("“{title}”"),
    "framework_missing": gettext_lazy("none is uploaded for these two parties and these days"),
    "framework_none": gettext_lazy("does not apply"),
    "figures_done": gettext_lazy("oldest of {moment}"),
    "figures_missing": gettext_lazy("none yet for {performances}"),
    "figures_later": gettext_lazy("after the performance of {day}"),
    "figures_cancelled": gettext_lazy("every performance was cancelled"),
    "confirmed_done": gettext_lazy("on {day}"),
    "confirmed_disputed": gettext_lazy("disputed on {remarks}: reply, and confirm again"),
    "signed_done": gettext_lazy("on {day}"),
    "invoice_done": gettext_lazy("number {invoice}"),
    "invoice_elsewhere": gettext_lazy("not made here"),
    "paid_done": gettext_lazy("on {day}"),
}


def step_name(item: ChecklistItem) -> str:
    """What the step is."""
    return str(STEP_NAMES[item.step])


def step_detail(item: ChecklistItem) -> str:
    """Why the step stands so; empty where the state says it all."""
    values = dict(item.values)
    code = str(values.pop("code", f"{item.step.value}_{'done' if item.state is StepState.DONE else item.state.value}"))
    text = _DETAILS.get(code)
    return str(text).format(**{name: _detail(name, value) for name, value in values.items()}) if text else ""


def _detail(name: str, value: Any) -> str:
    if name == "day":
        return formats.day(value)
    if name == "moment":
        return formats.moment(value)
    if name == "seats":
        return formats.tickets(value)
    return str(value)
