"""Shape of what people fill in at a borderel: figures with a reason, replies, disputed lines, a reason to reopen, a day of payment."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dip.contracts.queries.settlements import Remark, SettlementState
from dip.contracts.settlement_words import FIELD_NAMES, FIGURES
from dip.contracts.terms.settlements import Disputed, SettledFigures, Sold, Typed
from dip.kernel.money import cents
from dip.registry.terms import Refusal
from dip.web import formats
from dip.web.tables.numbers import Notation, read_number

_NUMBERS = ("tickets", "free", "recette")


def show_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Put an action's refusal beside the field that it names, or over the form. A form that saw other figures sees these from now on."""
    if refusal.field == "seen" and isinstance(form, FiguresForm):
        form.data = {**form.data.dict(), "seen": form.state.digest}
    form.add_error(refusal.field if refusal.field in form.fields and refusal.field != "seen" else None, refusal.message)


def euros_text(amount_cents: int) -> str:
    """Cents as a field shows them: 12345,60."""
    sign = "-" if amount_cents < 0 else ""
    whole, rest = divmod(abs(amount_cents), 100)
    return f"{sign}{whole},{rest:02d}"


def _number(text: str, *, is_money: bool) -> int | None:
    """Whole tickets or cents; None for what is no number."""
    value = read_number(text, Notation.COMMA).value
    if value is None or abs(value) > 10**12:
        return None
    if is_money:
        return cents(value) if value * 100 == int(value * 100) else None
    return int(value) if value == int(value) else None


class FiguresForm(forms.Form):
    """The theatre's figures per performance, and its replies to what is disputed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    def __init__(self, *args: Any, state: SettlementState, **kwargs: Any) -> None:
        initial = {"seen": state.digest}
        for one in state.figures:
            initial |= _initial(one)
        initial |= {f"reply-{remark.id}": remark.reply for remark in waiting(state)}
        super().__init__(*args, initial=initial, **kwargs)
        self.state = state
        for one in state.figures:
            for name in _NUMBERS:
                self.fields[f"{name}-{one.number}"] = forms.CharField(
                    required=False, max_length=24, label=FIELD_NAMES[name], widget=forms.TextInput(attrs={"inputmode": "decimal"})
                )
            self.fields[f"reason-{one.number}"] = forms.CharField(
                required=False,
                max_length=300,
                label=FIELD_NAMES["reason"],
                help_text=_("Only for other figures than the ticketing system’s; the provider reads it."),
            )
        for remark in waiting(state):
            self.fields[f"reply-{remark.id}"] = forms.CharField(
                required=False, max_length=500, label=_("Your reply"), widget=forms.Textarea(attrs={"rows": 2})
            )

    def clean(self) -> dict[str, Any]:
        """Numbers as people write them; each one that cannot be read is named with its performance."""
        given: dict[str, Any] = super().clean() or {}
        for one in self.state.figures:
            texts = {name: str(given.get(f"{name}-{one.number}") or "").strip() for name in _NUMBERS}
            if not any(texts.values()) and one.sold is None:
                continue
            for name, text in texts.items():
                value = _number(text or ("0" if name == "free" else ""), is_money=name == "recette")
                if value is None:
                    self._unreadable(one, name, text)
                else:
                    given[f"{name}-{one.number}"] = value
        return given

    def _unreadable(self, one: SettledFigures, name: str, text: str) -> None:
        sample = "12.345,60" if name == "recette" else "412"
        if text:
            told = gettext("{day}: “{field}” is {value}, which is no number. Write it as {sample}.")
        else:
            told = gettext("{day}: “{field}” is empty. Give a number, {sample} for example.")
        day = formats.day(one.on)
        self.add_error(f"{name}-{one.number}", told.format(day=day, field=FIELD_NAMES[name], value=text[:24], sample=sample))

    def typed(self) -> dict[int, Typed]:
        """What was filled in by performance, after ``is_valid``; those left empty are not there."""
        found = {}
        for one in self.state.figures:
            numbers = [self.cleaned_data.get(f"{name}-{one.number}") for name in _NUMBERS]
            if all(isinstance(value, int) for value in numbers):
                found[one.number] = Typed(Sold(*numbers), self.cleaned_data[f"reason-{one.number}"])
        return found

    def changes_figures(self) -> bool:
        """Whether other figures were filled in than the statement was made from, after ``is_valid``."""
        typed = self.typed()
        return any(
            one.number in typed and typed[one.number] != Typed(one.sold or Sold(-1, 0, 0), one.reason) for one in self.state.figures
        )

    def replies(self) -> dict[int, str]:
        """Replies by remark, after ``is_valid``."""
        return {remark.id: self.cleaned_data[f"reply-{remark.id}"] for remark in waiting(self.state)}


def waiting(state: SettlementState) -> tuple[Remark, ...]:
    """Remarks of this round: those without a reply, and those whose reply can still be changed."""
    before = state.confirmed_at
    return tuple(one for one in state.remarks if one.replied_at is None or before is None or one.replied_at > before)


def _initial(one: SettledFigures) -> dict[str, str]:
    if one.sold is None:
        return {}
    return {
        f"tickets-{one.number}": str(one.sold.tickets),
        f"free-{one.number}": str(one.sold.free_tickets),
        f"recette-{one.number}": euros_text(one.sold.recette_cents),
        f"reason-{one.number}": one.reason,
    }


class DisputeForm(forms.Form):
    """Lines that the provider disputes: a tick, why, and the amount it should be."""

    def __init__(self, *args: Any, lines: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = list(lines)
        for code in self.codes:
            self.fields[f"line-{code}"] = forms.BooleanField(
                required=False, label=_("Dispute the figures") if code == FIGURES else _("Dispute this line")
            )
            self.fields[f"reason-{code}"] = forms.CharField(required=False, max_length=500, label=_("Why"))
            self.fields[f"expected-{code}"] = forms.CharField(
                required=False, max_length=24, label=_("It should be"), widget=forms.TextInput(attrs={"inputmode": "decimal"})
            )

    def clean(self) -> dict[str, Any]:
        """An expected amount is a number, where it is given."""
        given: dict[str, Any] = super().clean() or {}
        for code in self.codes:
            text = str(given.get(f"expected-{code}") or "").strip()
            amount = _number(text, is_money=True) if text else None
            if text and amount is None:
                told = gettext("“It should be” is {value}, which is no amount. Write it as 12.345,60, or leave it empty.")
                self.add_error(f"expected-{code}", told.format(value=text))
            given[f"expected-{code}"] = amount
        return given

    def remarks(self) -> list[Disputed]:
        """The lines that were ticked, after ``is_valid``."""
        given = self.cleaned_data
        return [
            Disputed(code, given[f"reason-{code}"], given[f"expected-{code}"]) for code in self.codes if given.get(f"line-{code}")
        ]


class ReopenForm(forms.Form):
    """Why a closed borderel is reopened."""

    reason = forms.CharField(
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=_("Why"),
        help_text=_("Both parties read it."),
    )


class PaidForm(forms.Form):
    """On which day it was paid."""

    paid_date = forms.DateField(label=_("Paid on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial={"paid_date": today}, **kwargs)
