"""What if: other terms or prices, before and after for both parties, without saving anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dip.contracts.forms.answers import WhatIfForm, initial_of
from dip.contracts.queries.agreement import AgreementPage, Side
from dip.contracts.rules.checks import MOST_RANKS
from dip.contracts.rules.curves import what_if as settled
from dip.contracts.rules.drafts import settlement_prices, wrong_in
from dip.contracts.rules.values import field_of, fields_of
from dip.contracts.terms.columns import Basis, Column
from dip.contracts.terms.fields import Field, FieldGroup, Value
from dip.contracts.terms.statement import Statement
from dip.contracts.views.agreement import found
from dip.contracts.views.charts import payout_figure
from dip.contracts.views.statement_rows import merged
from dip.contracts.words import finding_text
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module
from dip.web import formats


@dataclass(frozen=True, slots=True)
class TriedRow:
    """One line: by basis what it is, what it becomes, and the difference, in cents."""

    code: str
    definition: str
    css: str
    cells: tuple[tuple[str, int, int, int], ...]


def fields_to_try(format_code: str) -> tuple[Field, ...]:
    """The fields of a format that change its arithmetic by an amount or a share, and the entrance prices."""
    groups = (FieldGroup.SHARE, FieldGroup.RIGHTS, FieldGroup.SURCHARGES)
    own = [field for field in fields_of(format_code) if field.group in groups and field.kind in WhatIfForm.KINDS]
    return (*own, field_of(format_code, "entrance_prices"))


@requires(Module.CONTRACTS, Level.VIEW)
@require_safe
def what_if(request: HttpRequest, access: Access, agreement_id: int) -> HttpResponse:
    """The form, and what it does; everything that is tried stands in the address, so that it can be shared."""
    page = found(access, agreement_id)
    terms = fields_to_try(page.shown.format)
    form = WhatIfForm(terms, {code: text for code, text in request.GET.items() if text.strip()}, auto_id="try-%s")
    form.is_valid()
    _check(form, page)
    _place(form, page)
    values = tried_values(page, form)
    context = {
        "module": "contracts",
        "page": page,
        "form": form,
        "groups": [[form[field.code] for field in terms], [form["tickets"]]],
        "is_tried": bool(form.tried or form.tickets is not None),
        "rows": rows_of(page, form, values),
        "bases": [_head(page, column) for column in _columns(page)],
        "lede": _lede(page, form, values),
        "figure": payout_figure(page, values, title=_("Pay-out to both parties by tickets sold, as tried")),
        "warnings": [finding_text(one, page.shown.format) for one in wrong_in(page.shown.format, values)]
        if not form.errors
        else [],
    }
    if not request.headers.get("HX-Request"):
        return render(request, "contracts/what_if.html", context)
    response = render(request, "contracts/parts/what_if_result.html", context)
    response["HX-Replace-Url"] = address_of(page, form)
    return response


def address_of(page: AgreementPage, form: WhatIfForm) -> str:
    """The address that tries the same, with nothing in it but what is tried: to share, or to come back to."""
    query = urlencode(form.data)
    return reverse("contracts-what-if", args=[page.id]) + (f"?{query}" if query else "")


def _check(form: WhatIfForm, page: AgreementPage) -> None:
    """Beside the fields what no agreement can say; those fields are left out of the reckoning."""
    values = tried_values(page, form)
    for finding in wrong_in(page.shown.format, values):
        if finding.field in form.tried and finding.field in form.fields:
            form.add_error(finding.field, finding_text(finding, page.shown.format))
    prices = form.tried.get("entrance_prices")
    if isinstance(prices, tuple) and len(prices) > MOST_RANKS:
        form.add_error("entrance_prices", _("A hall has %(most)s ranks at most.") % {"most": MOST_RANKS})
    seats = page.columns.potential.statement.tickets
    if form.tickets is not None and seats and form.tickets > seats:
        told = {"value": formats.tickets(form.tickets), "seats": formats.tickets(seats)}
        form.add_error("tickets", _("%(value)s is more than the %(seats)s seats; give fewer.") % told)


def _place(form: WhatIfForm, page: AgreementPage) -> None:
    """What is agreed stands in each empty field as its example."""
    for code, field in form.terms.items():
        widget = form.fields[code].widget
        agreed = form.fields[code].prepare_value(initial_of(field, page.shown.values.get(code)))
        widget.attrs |= {"placeholder": str(agreed) if agreed is not None else "–"}
    form.fields["tickets"].widget.attrs |= {"placeholder": formats.tickets(page.columns.estimated.statement.tickets)}


def tried_values(page: AgreementPage, form: WhatIfForm) -> dict[str, Value]:
    """The terms as tried: settlement prices go along with entrance prices and surcharge, and one guarantee drops the other."""
    tried = form.tried
    values: dict[str, Value] = {**page.shown.values, **tried}
    pair = {"provider_guarantee": "theatre_guarantee", "theatre_guarantee": "provider_guarantee"}
    for code, other in pair.items():
        if tried.get(code) and other not in tried:
            values[other] = None
    if "entrance_prices" in tried or "theatre_surcharge" in tried:
        values["settlement_prices"] = settlement_prices(values)
    return values


def _columns(page: AgreementPage) -> list[Column]:
    return [page.columns.potential, page.columns.estimated]


def _head(page: AgreementPage, column: Column) -> tuple[str, str, str]:
    if column.basis is Basis.POTENTIAL:
        return column.basis.value, _("Sold out"), _("%(n)s tickets") % {"n": formats.tickets(column.statement.tickets)}
    return column.basis.value, _("Today’s sales"), _("%(n)s tickets") % {"n": formats.tickets(column.statement.tickets)}


def tried_statement(page: AgreementPage, form: WhatIfForm, values: Mapping[str, Value], column: Column) -> Statement:
    """A column by the terms as tried. Dearer or cheaper tickets move today's recette by the mean difference, as if the new price had
    held from the first ticket; ``tickets`` replaces today's number."""
    if column.basis is Basis.POTENTIAL:
        return page.column_with(values, column).statement
    change = _price_change(page, values)
    return settled(page.shown.format, values, column.evenings, price_change_cents=change, tickets=form.tickets)


def _price_change(page: AgreementPage, values: Mapping[str, Value]) -> int:
    """By how much a ticket becomes dearer on average over the seats, in cents."""
    before, after = page.columns.potential, page.column_with(values, page.columns.potential)
    tickets = before.statement.tickets
    if not tickets or values.get("entrance_prices") == page.shown.values.get("entrance_prices"):
        return 0
    return round((sum(one.recette_cents for one in after.evenings) - sum(one.recette_cents for one in before.evenings)) / tickets)


def rows_of(page: AgreementPage, form: WhatIfForm, values: Mapping[str, Value]) -> list[TriedRow]:
    """Every line of either statement, before and after, by basis."""
    pairs = [(column.basis.value, column.statement, tried_statement(page, form, values, column)) for column in _columns(page)]
    rows = []
    for code in merged(statement for _basis, *both in pairs for statement in both):
        line = next(
            found for _basis, before, after in pairs for found in (after.line(code), before.line(code)) if found is not None
        )
        css = "total" if code in ("provider_total", "theatre_total") else ""
        cells = tuple(
            (basis, before.cents(code), after.cents(code), after.cents(code) - before.cents(code)) for basis, before, after in pairs
        )
        rows.append(TriedRow(code, line.definition, css, cells))
    return rows


def _lede(page: AgreementPage, form: WhatIfForm, values: Mapping[str, Any]) -> str:
    """What the change does to both parties at today's sales, excluding the VAT on an invoice."""
    if not (form.tried or form.tickets is not None):
        return _("Change a term: both statements follow. Nothing is saved, and the other party sees nothing of it.")
    column = page.columns.estimated
    after = tried_statement(page, form, values, column)
    provider, theatre = (after.cents(code) - column.statement.cents(code) for code in ("provider_ex", "theatre_total"))
    told = {"provider": _signed(provider), "theatre": _signed(theatre)}
    basis = _("At today’s sales") if form.tickets is None else _("At %(n)s tickets") % {"n": formats.tickets(form.tickets)}
    own, other = _("the theatre %(theatre)s"), _("the provider %(provider)s")
    if page.side is not Side.THEATRE:
        own, other = other, own
    return f"{basis}: {own % told}, {other % told}."


def _signed(cents: int) -> str:
    return formats.signed_money(cents) if cents else _("no difference")
