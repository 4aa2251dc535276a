"""The spreadsheet route: download a sheet, upload it filled, look at what changes, confirm. For theatres without a coupling."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from dip.kernel import clock
from dip.registry.guard import requires
from dip.registry.sheets import XLSX_TYPE
from dip.registry.terms import Access, Level, Module
from dip.ticketing.actions.sheets import UnableToUpload, confirm_upload, drop_upload, keep_upload, name_columns
from dip.ticketing.forms.sheets import PeriodForm, UploadForm
from dip.ticketing.models import SheetUpload
from dip.ticketing.queries import sheets as reads
from dip.ticketing.rules.sheets.changes import Line, Outcome
from dip.ticketing.rules.sheets.fields import Field
from dip.ticketing.rules.sheets.findings import CellFinding
from dip.ticketing.terms import SHEET_DAYS, SheetStatus
from dip.ticketing.views import sheet_words as words
from dip.ticketing.views.sheet_files import rows_to_correct, sheet_to_fill
from dip.web import formats
from dip.web.tables.columns import letter_of
from dip.web.tables.terms import UnableToRead
from dip.web.tables.words import note_text

_MANAGE = requires(Module.SALES, Level.MANAGE)
#: Days back that the downloaded sheet begins with, unless another day is chosen.
RECENT = 14


@_MANAGE
@require_GET
def sheet(request: HttpRequest, access: Access) -> HttpResponse:
    """Download, upload, and what was uploaded before."""
    return _page(request, access, UploadForm(at=clock.now()))


def _page(request: HttpRequest, access: Access, form: UploadForm, status: int = 200) -> HttpResponse:
    _need_theatre(access)
    at = clock.now()
    houses = reads.houses(access)
    since = clock.local(at).date() - timedelta(days=RECENT)
    rows = reads.uploads(access, at)
    context = {
        "module": "organisation",
        "houses": houses,
        "house_names": ", ".join(house.name for house in houses),
        "coupled_names": ", ".join(house.name for house in houses if house.is_coupled),
        "is_refused": all(house.is_coupled for house in houses),
        "form": form,
        "period": PeriodForm(initial={"since": since}),
        "count": len(reads.sheet_performances(access, since, None)),
        "uploads": [(row, *words.standing(row)) for row in rows],
        "days": SHEET_DAYS,
    }
    return render(request, "ticketing/sheet.html", context, status=status)


@_MANAGE
@require_GET
def download(request: HttpRequest, access: Access) -> HttpResponse:
    """The sheet to fill, for the chosen days."""
    _need_theatre(access)
    at = clock.now()
    houses = [house for house in reads.houses(access) if not house.is_coupled]
    if not houses:
        return redirect("ticketing-sheet")
    form = PeriodForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    since = given.get("since") or clock.local(at).date() - timedelta(days=RECENT)
    until = given.get("until")
    found = reads.sheet_performances(access, since, until + timedelta(days=1) if until else None)
    if not found:
        messages.warning(request, _("No published performance in those days. Choose an earlier first day."))
        return redirect("ticketing-sheet")
    name = ", ".join(house.name for house in houses)
    return _file(sheet_to_fill(found, name, at), f"dip-{slugify(name)[:60]}-{clock.local(at):%Y-%m-%d}.xlsx", XLSX_TYPE)


@_MANAGE
@require_POST
def upload(request: HttpRequest, access: Access) -> HttpResponse:
    """Keep an uploaded file and look at it."""
    _need_theatre(access)
    at = clock.now()
    form = UploadForm(request.POST, request.FILES, at=at)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = keep_upload(access=access, at=at, file_name=file.name, content=file.read(), true_at=form.cleaned_data["true_at"])
        except UnableToUpload as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            if not kept.is_new:
                messages.warning(request, _already(kept.upload))
            return redirect("ticketing-sheet-upload", kept.upload.pk)
    return _page(request, access, form, 400)


def _already(one: SheetUpload) -> str:
    told = {"when": formats.moment(one.uploaded_at), "who": one.uploaded_by}
    if one.status == SheetStatus.OPEN:
        return _("This very file was uploaded on %(when)s by %(who)s and waits to be confirmed: here it is.") % told
    return _("Nothing new: this very file was uploaded on %(when)s by %(who)s, and its figures are confirmed.") % told


@_MANAGE
@require_GET
def look(request: HttpRequest, access: Access, upload_id: int) -> HttpResponse:
    """What an upload would change, or what it did."""
    return _look(request, access, upload_id)


def _look(request: HttpRequest, access: Access, upload_id: int, wrong: str = "", status: int = 200) -> HttpResponse:
    one = _found(access, upload_id)
    row = reads.upload_row(one, clock.now())
    pill, word = words.standing(row)
    context: dict[str, Any] = {"module": "organisation", "row": row, "pill": pill, "word": word, "wrong": wrong, "days": SHEET_DAYS}
    if row.status is not SheetStatus.OPEN:
        context["left"] = [_told(finding, "") for finding in reads.findings_left(one)]
        return render(request, "ticketing/sheet_settled.html", context, status=status)
    preview = reads.preview(access, one)
    wrong_lines, changing = preview.of(Outcome.WRONG), preview.of(Outcome.CHANGES)
    same = [line for line in preview.of(Outcome.SAME) if line.stated]
    context |= {
        "preview": preview,
        "notes": [note_text(note) for note in preview.notes],
        "columns": [(column, field, letter_of(column.place)) for column, field in preview.columns],
        "choices": [(field.value, words.field_name(field)) for field in Field],
        "problems": [
            _told(finding, _cell(preview, one, finding)) | {"known": line.known} for line in wrong_lines for finding in line.findings if finding.rejects
        ],
        "changing": [_changed(line) for line in changing],
        "same": same,
        "empty_count": len(preview.of(Outcome.EMPTY)),
        "wrong_count": len(wrong_lines),
        "warning_count": sum(bool(line.warnings) for line in changing),
        "good_count": len(preview.good),
        "may_confirm": bool(preview.good) and not row.is_expired,
    }  # fmt: skip
    return render(request, "ticketing/sheet_upload.html", context, status=status)


def _cell(preview: reads.Preview, one: SheetUpload, finding: CellFinding) -> str:
    """Where a finding is, as a spreadsheet calls it: G7."""
    place = next((int(place) for place, name in one.columns.items() if finding.field and name == finding.field.value), None)
    return f"{letter_of(place)}{finding.row}" if place is not None else str(finding.row)


def _told(finding: CellFinding, cell: str) -> dict[str, Any]:
    return {"finding": finding, "cell": cell or finding.row, "field": words.field_name(finding.field), "text": words.finding_text(finding)}  # fmt: skip


def _changed(line: Line) -> dict[str, Any]:
    changes = [
        (words.field_name(change.field), words.figure(change.field, change.before), words.figure(change.field, change.after), change.before is not None)
        for change in line.changes
    ]  # fmt: skip
    return {"line": line, "known": line.known, "changes": changes, "warnings": [_told(one, "") for one in line.warnings]}


@_MANAGE
@require_POST
def columns(request: HttpRequest, access: Access, upload_id: int) -> HttpResponse:
    """Say what the columns hold."""
    _found(access, upload_id)
    chosen = {int(key[7:]): value for key, value in request.POST.items() if key.startswith("column-") and key[7:].isdecimal() and len(key) < 12}  # fmt: skip
    try:
        name_columns(access=access, at=clock.now(), upload_id=upload_id, columns=chosen)
    except UnableToUpload as refusal:
        return _look(request, access, upload_id, refusal.message, 400)
    messages.success(request, _("The columns are remembered for your next file."))
    return redirect("ticketing-sheet-upload", upload_id)


@_MANAGE
@require_POST
def confirm(request: HttpRequest, access: Access, upload_id: int) -> HttpResponse:
    """Write the good rows."""
    _found(access, upload_id)
    try:
        done = confirm_upload(access=access, at=clock.now(), upload_id=upload_id, stamp=request.POST.get("stamp", ""))
    except UnableToUpload as refusal:
        return _look(request, access, upload_id, refusal.message, 400)
    if done.changed:
        text = ngettext(
            "New figures of %(n)s performance are written.", "New figures of %(n)s performances are written.", done.changed
        )
        messages.success(request, text % {"n": formats.tickets(done.changed)})
    else:
        messages.success(request, _("Nothing new: the figures that were known are confirmed."))
    return redirect("ticketing-sheet-upload", upload_id)


@_MANAGE
@require_POST
def drop(request: HttpRequest, access: Access, upload_id: int) -> HttpResponse:
    """Put an upload aside."""
    _found(access, upload_id)
    try:
        drop_upload(access=access, at=clock.now(), upload_id=upload_id)
        messages.success(request, _("The file is put aside; no figures were written."))
    except UnableToUpload as refusal:
        messages.error(request, refusal.message)
    return redirect("ticketing-sheet")


@_MANAGE
@require_GET
def corrections(request: HttpRequest, access: Access, upload_id: int) -> HttpResponse:
    """The rows that were kept back, with a comment in each wrong cell."""
    one = _found(access, upload_id)
    try:
        table, head = reads.table_of(one)
    except UnableToRead as error:
        raise Http404 from error
    if one.status == SheetStatus.OPEN:
        findings = [
            finding for line in reads.preview(access, one).of(Outcome.WRONG) for finding in line.findings if finding.rejects
        ]
    else:
        findings = reads.findings_left(one)
    fields = {int(place): Field(name) for place, name in one.columns.items()}
    stem = slugify(one.file_name.rsplit(".", 1)[0])[:60] or "dip"
    return _file(rows_to_correct(table, head, fields, findings), f"{stem}-{_('to-correct')}.xlsx", XLSX_TYPE)


@_MANAGE
@require_GET
def original(request: HttpRequest, access: Access, upload_id: int) -> HttpResponse:
    """The file as it was uploaded."""
    one = _found(access, upload_id)
    stem, _dot, end = one.file_name.rpartition(".")
    name = f"{slugify(stem)[:80] or 'dip'}.{slugify(end)[:8] or 'bin'}"
    return _file(bytes(one.content), name, "application/octet-stream")


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _found(access: Access, upload_id: int) -> SheetUpload:
    try:
        return reads.upload(access, upload_id)
    except SheetUpload.DoesNotExist as error:
        raise Http404 from error


def _need_theatre(access: Access) -> None:
    """Providers and others have no houses to state figures of."""
    if not access.is_taker:
        raise Http404("only theatres state figures")
