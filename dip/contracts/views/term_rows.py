"""The terms of an agreement as rows of a page: each value with its words, how it was answered, and what changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dip.contracts.forms.answers import RejectForm, initial_of
from dip.contracts.queries.agreement import AgreementPage, Side
from dip.contracts.queries.versions import Answer, Evening, Version
from dip.contracts.rules.answers import FORMAT, PERFORMANCES, answerable
from dip.contracts.rules.formats import format_of
from dip.contracts.rules.values import field_of, fields_of
from dip.contracts.terms.fields import Field, FieldGroup, FieldKind, Value
from dip.contracts.terms.states import AgreementStatus
from dip.contracts.views.effects import effect_text
from dip.contracts.wording import MISSING, format_name, said, value_text
from dip.contracts.words import field_name
from dip.definitions import queries as standard
from dip.web import formats

ACCEPTED, REJECTED, OPEN, PLAIN, LOCKED = "accepted", "rejected", "open", "plain", "fixed"


@dataclass(frozen=True, slots=True)
class TermRow:
    """One row. ``state``: accepted, rejected, open, plain (not to be answered now) or fixed; ``lock``: what fixes it."""

    code: str
    name: str
    value: str
    small: str = ""
    lines: Sequence[str] = ()
    state: str = PLAIN
    has_control: bool = False
    note: str = ""
    lock: str = ""
    reason: str = ""
    counter: str = ""
    effect: str = ""
    is_kept: bool = False
    """Whether the rejection is kept already, so that it can be taken back."""
    form: RejectForm | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still asks for an answer."""
        return self.state == OPEN

    @property
    def is_rejected(self) -> bool:
        """Whether it was rejected, or is being rejected."""
        return self.state == REJECTED


def term_rows(page: AgreementPage, rejecting: RejectForm | None = None, field: str = "") -> list[TermRow]:
    """Every row to show, in page order; ``rejecting``: the form for ``field``, open in its row."""
    version = page.shown
    rows = [term_row(page, code, rejecting if code == field else None) for code in answerable(version.format, version.values)]
    rows = [row for row in rows if row.value != MISSING or row.state == REJECTED or row.note]
    place = next((at for at, row in enumerate(rows) if _group(version, row.code) > _LAST_SHARE), len(rows))
    return [*rows[:place], vat_row(version), *rows[place:]]


_ORDER = list(FieldGroup)
_LAST_SHARE = _ORDER.index(FieldGroup.SHARE)


def _group(version: Version, code: str) -> int:
    if code in (FORMAT, PERFORMANCES):
        return -1
    return _ORDER.index(field_of(version.format, code).group)


def term_row(page: AgreementPage, code: str, rejecting: RejectForm | None = None) -> TermRow:
    """One row: what is agreed, how it is answered, and what changed since the version before."""
    version = page.shown
    answer = _answer(page, code)
    value, small, lines = value_words(version, code)
    state = _state(page, code, answer) if rejecting is None else REJECTED
    counter = answer.counter if answer and not answer.is_accepted else None
    form = rejecting or (reject_form(page, code, answer) if page.may_answer and state == REJECTED else None)
    return TermRow(
        code=code,
        name=field_name(version.format, code),
        value=value,
        small=small,
        lines=lines,
        state=state,
        has_control=page.may_answer,
        note=_note(page, code, answer, state),
        reason=answer.reason if answer else "",
        counter=counter_text(version.format, code, counter),
        effect=effect_text(page, code, counter) if counter is not None else "",
        is_kept=answer is not None and not answer.is_accepted,
        form=form,
    )


def reject_form(page: AgreementPage, code: str, answer: Answer | None, data: Any = None) -> RejectForm:
    """The form with which a field is rejected, filled with what was answered before; typing a counter-proposal tells its effect."""
    field = None if code in (FORMAT, PERFORMANCES) else field_of(page.shown.format, code)
    initial: dict[str, Any] = {"reason": answer.reason if answer and not answer.is_accepted else ""}
    if answer is not None and answer.counter is not None:
        initial["counter"] = initial_of(field, answer.counter) if field else answer.counter
    form = RejectForm(field, data, is_format=code == FORMAT, initial=initial, auto_id=f"{code}-%s")
    form.fields["reason"].widget.attrs |= {"class": "input"}
    if "counter" in form.fields:
        told = {"hx-get": reverse("contracts-effect", args=[page.id, code]), "hx-target": f"#effect-{code}", "hx-swap": "innerHTML"}
        form.fields["counter"].widget.attrs |= {"class": "input", "hx-trigger": "input changed delay:350ms, change", **told}
    return form


def counter_text(format_code: str, code: str, counter: Value) -> str:
    """A counter-proposal as people read it; empty when there is none."""
    if counter is None:
        return ""
    if code == FORMAT:
        return format_name(str(counter))
    return value_text(field_of(format_code, code), counter) if code != PERFORMANCES else str(counter)


def _answer(page: AgreementPage, code: str) -> Answer | None:
    """The answer that is shown: the theatre's own draft, or what was sent."""
    answer = page.answers.get(code)
    if answer is None or (page.side is not Side.THEATRE and page.newest is not None and page.newest.answered_at is None):
        return None
    return answer


def _state(page: AgreementPage, code: str, answer: Answer | None) -> str:
    if answer is not None:
        if page.is_draft and _has_changed(page, code):
            return PLAIN
        return ACCEPTED if answer.is_accepted else REJECTED
    return OPEN if page.side is Side.THEATRE and page.status is AgreementStatus.PROPOSED else PLAIN


def _has_changed(page: AgreementPage, code: str) -> bool:
    before, after = page.previous, page.shown
    if before is None:
        return False
    if code == FORMAT:
        return before.format != after.format
    if code == PERFORMANCES:
        return [(one.number, one.place) for one in before.evenings] != [(one.number, one.place) for one in after.evenings]
    return before.values.get(code) != after.values.get(code)


def _note(page: AgreementPage, code: str, answer: Answer | None, state: str) -> str:
    """What changed since the version before, what the theatre said of that, and whether an answer is still asked."""
    parts = []
    before = page.previous
    if before is not None and _has_changed(page, code):
        old = value_words(before, code)[0] if code in (FORMAT, PERFORMANCES) or code in before.values else MISSING
        told = {"value": old, "number": before.number}
        known = old not in (MISSING, "")
        parts.append(_("Changed from %(value)s in version %(number)s.") % told if known else _("Not in version %(number)s.") % told)
    if state == PLAIN and answer is not None and not answer.is_accepted:
        parts.append(_("Rejected there: “%(reason)s”") % {"reason": answer.reason})
        if answer.counter is not None:
            wished = counter_text(page.shown.format, code, answer.counter)
            parts.append(_("The theatre proposed %(value)s.") % {"value": wished})
    if state == OPEN:
        parts.append(_("Not yet answered."))
    return " ".join(parts)


def value_words(version: Version, code: str) -> tuple[str, str, Sequence[str]]:
    """The value of a field, what stands small beside it, and further lines."""
    if code == FORMAT:
        return format_name(version.format), said(format_of(version.format).sentences), ()
    if code == PERFORMANCES:
        return evenings_words(version.evenings)
    try:
        field = field_of(version.format, code)
    except KeyError:
        return MISSING, "", ()
    value = version.values.get(code)
    text = with_unit(field, value)
    return text, "" if text == MISSING else _small(version, field), ()


_PER_PERFORMANCE = ("provider_guarantee", "theatre_guarantee", "suppletion", "suppletion_warranty")


def _small(version: Version, field: Field) -> str:
    """What an amount is of; a guarantee also says whether it is of each performance."""
    hint = said(field.hints)
    if field.code not in _PER_PERFORMANCE or len(version.evenings) < 2:
        return hint
    each = version.values.get("guarantee_per_performance") or version.values.get("guarantee_sum") == "each"
    of_what = _("a performance") if each else _("over all performances together")
    return f"{of_what}, {hint}"


def with_unit(field: Field, value: Value) -> str:
    """A value with what it is of: 14 days, 2 people."""
    text = value_text(field, value)
    if field.kind is not FieldKind.COUNT or not isinstance(value, int):
        return text
    units = {
        "days": ngettext("%(n)s day", "%(n)s days", value),
        "people": ngettext("%(n)s person", "%(n)s people", value),
        "tickets": ngettext("%(n)s ticket", "%(n)s tickets", value),
    }
    return units[field.unit] % {"n": text} if field.unit in units else text


def evenings_words(evenings: Sequence[Evening]) -> tuple[str, str, Sequence[str]]:
    """The performances: one in a sentence, several by line; the hall beside them when it is the same for all."""
    if not evenings:
        return MISSING, "", ()
    places = {(one.hall, one.capacity) for one in evenings}
    together = _place(evenings[0]) if len(places) == 1 else ""
    if len(evenings) == 1:
        return formats.full_moment(evenings[0].starts_at), together, ()
    lines = [
        formats.full_moment(one.starts_at) if together else f"{formats.full_moment(one.starts_at)} · {_place(one)}"
        for one in evenings
    ]
    count = ngettext("%(n)s performance", "%(n)s performances", len(evenings)) % {"n": len(evenings)}
    return count, together, lines


def _place(one: Evening) -> str:
    if not one.capacity:
        return one.hall
    seats = ngettext("%(n)s seat", "%(n)s seats", one.capacity) % {"n": formats.tickets(one.capacity)}
    return f"{one.hall}, {seats}"


def vat_row(version: Version) -> TermRow:
    """The rate of VAT that the law sets for tickets, with its date; nobody answers it."""
    rates = {term.version: term for term in (standard.rate_term("vat_low", one.on) for one in version.evenings)}
    text = " / ".join(formats.percent(term.value, _decimals(term.value)) for _version, term in sorted(rates.items()))
    newest = rates[max(rates)] if rates else None
    since = _("low rate, valid from %(day)s") % {"day": formats.plain_day(newest.valid_from)} if newest else ""
    return TermRow("vat", _("VAT rate"), text or MISSING, since, state=LOCKED, lock=_("fixed by law"))


def _decimals(rate: Decimal) -> int:
    share = (Decimal(rate) * 100).normalize()
    return max(-int(share.as_tuple().exponent), 0)


def default_rows(version: Version) -> list[TermRow]:
    """How unsettled terms are read, those that stand at the default of the standard: nobody answers them."""
    return [
        TermRow(field.code, said(field.names), value_text(field, version.values.get(field.code)), state=LOCKED, lock=_("default"))
        for field in fields_of(version.format)
        if field.is_reading and version.values.get(field.code) == field.default
    ]
