"""Tour sheets: paste or upload, name the columns, choose halls, correct rows, import as concepts."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.kernel.clock import local, now
from dip.kernel.periods import season_year
from dip.programme.actions import UnableToEnter
from dip.programme.actions.tour import UnableToImport, correct_tour, drop_tour, import_tour, keep_tour, name_tour_columns
from dip.programme.forms.fields import show_findings
from dip.programme.forms.productions import ProductionForm
from dip.programme.forms.tour import TourStartForm
from dip.programme.models import Production, TourSheet
from dip.programme.queries import tour as reads
from dip.programme.rules.naming import folded
from dip.programme.rules.rights import may_enter
from dip.programme.rules.tour.fields import TourField
from dip.programme.views import tour_words as words
from dip.programme.views.parts import found, number_in, render
from dip.programme.views.productions import editable_production
from dip.registry.guard import requires
from dip.registry.sheets import XLSX_TYPE, as_xlsx
from dip.registry.terms import Access, Level, Module

_MANAGE = requires(Module.PROGRAMME, Level.MANAGE)
#: Rows to correct, and places to choose a hall for, on one page: the next ones come when these are done.
ROWS, PLACES = 40, 30


@_MANAGE
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, access: Access) -> HttpResponse:
    """Import a tour whose production may be new."""
    if not may_enter(access):
        raise Http404
    return _start(request, access, None)


@_MANAGE
@require_http_methods(["GET", "POST"])
def start_for(request: HttpRequest, access: Access, dip_id: str) -> HttpResponse:
    """Add performances to a production from a sheet."""
    return _start(request, access, found(editable_production, access, dip_id))


def _start(request: HttpRequest, access: Access, production: Production | None) -> HttpResponse:
    form = TourStartForm(request.POST, request.FILES) if request.method == "POST" else TourStartForm()
    if request.method == "POST" and form.is_valid():
        try:
            sheet = keep_tour(access=access, at=now(), production=production, content=form.content, name=form.name)
            return redirect("programme-tour", sheet.pk)
        except UnableToImport as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    waiting = [row for row in reads.open_tours(access) if production is None or row.dip_id == production.dip_id]
    context = {"form": form, "production": production, "waiting": waiting}
    return render(request, access, "tour_start", context, status=400 if form.errors else 200)


@_MANAGE
@require_GET
def tour(request: HttpRequest, access: Access, sheet_id: int) -> HttpResponse:
    """What the sheet would bring into its production, and what is to be corrected first."""
    sheet = _found(access, sheet_id)
    return _page(request, access, sheet)


def _page(
    request: HttpRequest,
    access: Access,
    sheet: TourSheet,
    *,
    form: ProductionForm | None = None,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    if sheet.settled_at is not None:
        return redirect("programme-production", sheet.production.dip_id) if sheet.production else redirect("programme-tour-new")
    preview = reads.tour_preview(access, sheet, now())
    if sheet.production is None and form is None:
        form = _production_form(access, preview)
    edited = number_in(request.GET.get("edit", ""))
    broken = [line for line in preview.of(reads.TourOutcome.WRONG) if line.row.is_wrong and not _only_venue(line)]
    editing = [line for line in preview.lines if line.row.row == edited and line not in broken]
    ready = preview.of(reads.TourOutcome.READY)
    context = {
        "sheet": sheet,
        "production": sheet.production,
        "preview": preview,
        "wrong": wrong,
        "production_form": form,
        "columns": preview.columns,
        "choices": [(field.value, words.field_name(field)) for field in TourField],
        "venues": _venues(preview, editing),
        "hidden_venues": max(len(preview.open_venues) - PLACES, 0),
        "broken": [_editable(line) for line in [*editing, *broken[:ROWS]]],
        "hidden_rows": max(len(broken) - ROWS, 0),
        "ready": [_shown(line) for line in ready],
        "warned_count": sum(bool(line.warnings) for line in ready),
        "wrong_count": len(preview.of(reads.TourOutcome.WRONG)),
        "there": preview.of(reads.TourOutcome.THERE),
        "left_out": preview.of(reads.TourOutcome.LEFT_OUT),
    }
    return render(request, access, "tour_sheet", context, status=status)


def _production_form(access: Access, preview: reads.TourPreview, data: Any = None) -> ProductionForm:
    initial = {"title": preview.title, "season_year": preview.season_year, "is_revival": "no"}
    return ProductionForm(data, access=access, season=season_year(local(now()).date()), initial=initial)


def _only_venue(line: reads.TourLine) -> bool:
    """Whether all that is wrong is that its hall is to be chosen, which is asked once for all rows there."""
    return all(finding.field is TourField.THEATRE and line.row.wanted for finding in line.problems)


def _venues(preview: reads.TourPreview, editing: list[reads.TourLine]) -> list[dict[str, Any]]:
    shown = [(match, count) for match, count in preview.open_venues[:PLACES]]
    keys = {match.wanted.key for match, _ in shown}
    shown += [(line.match, 1) for line in editing if line.match and line.match.wanted.key not in keys]
    return [{"place": place, "match": match, "count": count, "key": match.wanted.key} for place, (match, count) in enumerate(shown)]


def _editable(line: reads.TourLine) -> dict[str, Any]:
    return {"line": line, "row": line.row.row, "cells": words.cells_of(line.row), "texts": [words.finding_text(one) for one in line.row.findings]}  # fmt: skip


def _shown(line: reads.TourLine) -> dict[str, Any]:
    wanted, hall = line.row.wanted, line.hall
    is_other = wanted and hall and wanted.theatre and folded(wanted.theatre) not in (folded(hall.theatre_name), folded(f"{hall.theatre_name} {hall.city}"))  # fmt: skip
    return {
        "line": line, "hall": hall, "entry": line.entry, "written": wanted.theatre if wanted and is_other else "",
        "warnings": [words.finding_text(one) for one in line.warnings],
    }  # fmt: skip


@_MANAGE
@require_POST
def columns(request: HttpRequest, access: Access, sheet_id: int) -> HttpResponse:
    """Say what the columns hold."""
    sheet = _found(access, sheet_id)
    chosen = {number_in(key[7:]): value for key, value in request.POST.items() if key.startswith("column-") and key[7:].isdecimal()}
    try:
        name_tour_columns(access=access, at=now(), sheet_id=sheet_id, columns=chosen, has_head="no_head" not in request.POST)
    except UnableToImport as refusal:
        return _page(request, access, sheet, wrong=refusal.message, status=400)
    messages.success(request, _("The columns are remembered for your next sheet."))
    return redirect("programme-tour", sheet_id)


@_MANAGE
@require_POST
def correct(request: HttpRequest, access: Access, sheet_id: int) -> HttpResponse:
    """Keep corrected cells and chosen halls, and look again."""
    sheet = _found(access, sheet_id)
    edits: dict[int, dict[TourField, str]] = {}
    for key, value in request.POST.items():
        kind, _dash, rest = key.partition("-")
        row, _dash, name = rest.partition("-")
        if kind == "cell" and name in set(TourField):
            edits.setdefault(number_in(row), {})[TourField(name)] = value
    halls = {
        value: number_in(request.POST.getlist(f"row-{key[4:]}-hall")[-1])
        for key, value in request.POST.items()
        if key.startswith("key-") and request.POST.getlist(f"row-{key[4:]}-hall")
    }
    out = [number_in(row) for row in request.POST.getlist("out")]
    back = [number_in(row) for row in request.POST.getlist("in")]
    try:
        correct_tour(access=access, at=now(), sheet_id=sheet_id, edits=edits, halls=halls, left_out=out, taken_in=back)
    except UnableToImport as refusal:
        return _page(request, access, sheet, wrong=refusal.message, status=400)
    return redirect("programme-tour", sheet_id)


@_MANAGE
@require_POST
def enter(request: HttpRequest, access: Access, sheet_id: int) -> HttpResponse:
    """Import the rows that are ready."""
    sheet = _found(access, sheet_id)
    form = None
    if sheet.production is None:
        form = _production_form(access, reads.tour_preview(access, sheet, now()), request.POST)
        if not form.is_valid():
            return _page(request, access, sheet, form=form, status=400)
    try:
        done = import_tour(
            access=access, at=now(), sheet_id=sheet_id, stamp=request.POST.get("stamp", ""), entry=form.entry() if form else None
        )
    except UnableToImport as refusal:
        return _page(request, access, sheet, form=form, wrong=refusal.message, status=400)
    except UnableToEnter as refusal:
        if form is None:
            return _page(request, access, sheet, wrong=str(refusal), status=400)
        show_findings(form, refusal.findings)
        return _page(request, access, sheet, form=form, status=400)
    text = ngettext("%(n)s performance is entered and has its DIP-id. Publish it to ask the theatre.", "%(n)s performances are entered and have their DIP-ids. Publish them to ask the theatres.", len(done.numbers))  # fmt: skip
    messages.success(request, text % {"n": len(done.numbers)})
    return redirect("programme-tour", sheet_id) if done.left else redirect("programme-production", done.production.dip_id)


@_MANAGE
@require_POST
def drop(request: HttpRequest, access: Access, sheet_id: int) -> HttpResponse:
    """Put a sheet aside."""
    sheet = _found(access, sheet_id)
    try:
        drop_tour(access=access, at=now(), sheet_id=sheet_id)
        messages.success(request, _("The sheet is put aside. What was imported stays."))
    except UnableToImport as refusal:
        messages.error(request, refusal.message)
    return redirect("programme-production", sheet.production.dip_id) if sheet.production else redirect("programme-productions")


@_MANAGE
@require_GET
def rest(request: HttpRequest, access: Access, sheet_id: int) -> HttpResponse:
    """The rows that are not imported, as they came, with what is to be corrected."""
    sheet = _found(access, sheet_id)
    preview = reads.tour_preview(access, sheet, now())
    heads = sheet.rows[sheet.head] if sheet.head is not None else [column.letter for column, _field in preview.columns]
    waiting = [*preview.of(reads.TourOutcome.WRONG), *preview.of(reads.TourOutcome.LEFT_OUT)]
    rows = [
        [*sheet.rows[line.row.row - 1], " ".join(words.finding_text(one) for one in line.problems)]
        for line in sorted(waiting, key=lambda line: line.row.row)
    ]
    response = HttpResponse(as_xlsx([*heads, _("What to correct")], rows, _("To correct")), content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="dip-tour-{sheet_id}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response


def _found(access: Access, sheet_id: int) -> TourSheet:
    return found(reads.tour_sheet, access, sheet_id)
