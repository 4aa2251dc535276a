"""A borderel as rows of a page: figures per performance, lines with their parts, what is remarkable, and a sentence on top."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dip.contracts.forms.settlements import DisputeForm, FiguresForm
from dip.contracts.queries.settlements import Remark, SettlementPage, SettlementState
from dip.contracts.settlement_words import FIGURES, figures_refusal, sold_text
from dip.contracts.terms.settlements import SettledFigures
from dip.contracts.terms.statement import Sign, StatementLine
from dip.contracts.terms.states import SettlementStatus, Turn
from dip.contracts.views.statement_rows import amount, formula_of, small_words
from dip.web import formats

_CSS = {Sign.MINUS: "less", Sign.PLUS: "plus", Sign.SUM: "sum", Sign.NONE: ""}
_TOTALS = ("provider_total", "theatre_total")


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One performance: its figures, what ticketing says by now when that is something else, and the fields of the theatre's form."""

    figures: SettledFigures
    now_text: str
    fields: tuple[BoundField, ...]
    reason: BoundField | None


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line, or with ``heading`` a party's name over those that follow. ``parts``: cents per performance."""

    heading: str = ""
    line: StatementLine | None = None
    css: str = ""
    small: str = ""
    formula: str = ""
    parts: tuple[int, ...] = ()
    remarks: tuple[Remark, ...] = ()
    dispute: tuple[BoundField, ...] = ()


def figure_rows(state: SettlementState, form: FiguresForm | None) -> list[FigureRow]:
    """Every performance of the borderel, with fields where the reader may change them."""
    rows = []
    for one in state.figures:
        now = state.changes.get(one.number)
        fields = tuple(form[f"{name}-{one.number}"] for name in ("tickets", "free", "recette")) if form else ()
        rows.append(FigureRow(one, sold_text(now[1]) if now else "", fields, form[f"reason-{one.number}"] if form else None))
    return rows


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """What is disputed, with the field for the reply where the reader may give one."""

    remark: Remark
    field: BoundField | None


def remark_rows(state: SettlementState, form: FiguresForm | None) -> list[RemarkRow]:
    """Every remark, in the order in which they were made."""
    return [RemarkRow(one, form[f"reply-{one.id}"] if form and f"reply-{one.id}" in form.fields else None) for one in state.remarks]


def check_text(state: SettlementState) -> str:
    """What adds back to gross."""
    names = {
        "provider_ex": _("provider"),
        "theatre_ex": _("theatre"),
        "theatre_surcharges": _("surcharges"),
        "vat": _("VAT"),
        "royalties": _("royalties"),
    }
    parts = [f"{name} {amount(state.statement.cents(code))}" for code, name in names.items() if state.statement.cents(code)]
    total = _("gross %(sum)s") % {"sum": amount(state.statement.cents("gross"))}
    return f"{' + '.join(parts) or amount(0)} = {total}"


def statement_rows(page: SettlementPage, state: SettlementState, disputing: DisputeForm | None) -> list[LineRow]:
    """The statement in the order of the arithmetic, with a heading where the subject changes."""
    headings = {
        "share": _("Split"),
        "parties": _("%(name)s receives") % {"name": page.provider},
        "totals": _("%(name)s keeps") % {"name": page.theatre},
    }
    rows, step = [], ""
    for line in state.statement:
        if line.step != step and line.step in headings:
            rows.append(LineRow(heading=headings[line.step], css="gap party"))
        step = line.step
        rows.append(_line_row(state, line, disputing))
    return rows


def _line_row(state: SettlementState, line: StatementLine, disputing: DisputeForm | None) -> LineRow:
    css = "total" if line.code in _TOTALS else _CSS[line.sign]
    return LineRow(
        line=line,
        css=f"{css} hit".strip() if line.bites else css,
        small=small_words(line, state.statement),
        formula=formula_of(line),
        parts=line.evenings if len(state.statement.numbers) > 1 else (),
        remarks=tuple(one for one in state.remarks if one.line == line.code),
        dispute=dispute_fields(disputing, line.code),
    )


def dispute_fields(form: DisputeForm | None, code: str = FIGURES) -> tuple[BoundField, ...]:
    """The tick, the reason and the expected amount of a line; nothing while nobody disputes."""
    return tuple(form[f"{name}-{code}"] for name in ("line", "reason", "expected")) if form else ()


def warnings_of(state: SettlementState) -> list[str]:
    """What is remarkable in the figures, in sentences."""
    days = {one.number: one.on for one in state.figures}
    return [figures_refusal(one, days[one.number]) for one in state.findings if one.is_warning]


def facts_of(page: SettlementPage, state: SettlementState) -> list[str]:
    """What stands under the title."""
    days = formats.full_day(page.first_date)
    if page.first_date != page.last_date:
        days = f"{formats.full_day(page.first_date)} – {formats.full_day(page.last_date)}"
    return [page.title, page.provider, f"{page.theatre}, {page.city}", days]


def lede(page: SettlementPage, state: SettlementState, today: date) -> SafeString:
    """Where it stands, whose turn it is, until when, and what is paid to whom."""
    return format_html("{} {}", _standing(page, state, today), _money(page, state))


def _standing(page: SettlementPage, state: SettlementState, today: date) -> str:
    if state.status is SettlementStatus.REOPENED:
        return _("This borderel was reopened; a later one took its place.")
    if state.status is SettlementStatus.PAID:
        return _("Both parties signed, and it was paid on {day}.").format(day=formats.full_day(state.paid_date))
    if state.status is SettlementStatus.SIGNED:
        return _("Both parties signed. What is left is the invoice and the payment.")
    texts = {
        SettlementStatus.OPEN: _("{theatre} confirms the figures"),
        SettlementStatus.DISPUTED: _("{provider} disputes the borderel; {theatre} replies and confirms again"),
        SettlementStatus.CONFIRMED: _("{theatre} confirmed; {provider} signs off or disputes lines"),
    }
    told = texts[state.status].format(theatre=page.theatre, provider=page.provider)
    if state.act_by is None:
        return f"{told}."
    left = (state.act_by - today).days
    if left < 0:
        late = ngettext("one day late", "{n} days late", -left).format(n=-left)
        return _("{what}: {late}, it was due on {day}.").format(what=told, late=late, day=formats.day(state.act_by))
    return _("{what}, on {day} at the latest.").format(what=told, day=formats.day(state.act_by))


def _money(page: SettlementPage, state: SettlementState) -> SafeString:
    cents = state.statement.payable_cents
    names = {"payer": page.theatre, "payee": page.provider} if cents >= 0 else {"payer": page.provider, "payee": page.theatre}
    told = format_html("<strong>{}</strong>", formats.money(abs(cents)))
    if state.missing:
        return format_html("{}", _("Figures are missing, so the statement is not complete."))
    if not cents:
        return format_html("{}", _("Nothing is to be paid."))
    if state.status in (SettlementStatus.OPEN, SettlementStatus.DISPUTED):
        return format_html(_("By these figures {payer} pays {payee} {amount}, VAT included."), **names, amount=told)
    return format_html(_("{payer} pays {payee} {amount}, VAT included."), **names, amount=told)


@dataclass(frozen=True, slots=True)
class Mark:
    """One step of the timeline: ``css`` is done, now or nothing."""

    name: str
    css: str
    small: str


def step_marks(state: SettlementState) -> list[Mark]:
    """From the last performance to the payment."""
    status = state.status
    is_signed = status in (SettlementStatus.SIGNED, SettlementStatus.PAID)
    last = max((one.on for one in state.figures), default=None)
    confirmed = _mark(_("Confirmed"), state.confirmed_at, is_now=state.turn is Turn.THEATRE, due=state.act_by)
    if status is SettlementStatus.DISPUTED:
        confirmed = Mark(_("Disputed"), "now", _until(state.act_by))
    return [
        Mark(_("Played"), "done", formats.day(last) if last else ""),
        Mark(_("Opened"), "done", formats.day(state.opened_at)),
        confirmed,
        _mark(_("Signed"), state.signed_at if is_signed else None, is_now=state.turn is Turn.PROVIDER, due=state.act_by),
        _mark(_("Paid"), state.paid_date, is_now=status is SettlementStatus.SIGNED, due=None),
    ]


def _mark(name: str, moment: Any, *, is_now: bool, due: date | None) -> Mark:
    if is_now:
        return Mark(name, "now", _until(due))
    return Mark(name, "done" if moment else "", formats.day(moment) if moment else "")


def _until(due: date | None) -> str:
    return _("until {day}").format(day=formats.day(due)) if due else ""
