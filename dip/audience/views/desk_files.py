"""Files with tickets: chosen, looked at, landed. The browser holds the file and sends it at every step; nothing here keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from dip.audience.forms.desk import FileForm, SourceForm, shown
from dip.audience.views import desk_words as words
from dip.audience.views.desk import page
from dip.audience.views.desk_door import desk
from dip.kernel import clock
from dip.registry.forms import show_refusal
from dip.registry.terms import Access, Level
from dip.warehouse.actions import files as actions
from dip.warehouse.actions.landing import Landed, UnableToLand
from dip.warehouse.queries import sources as reads
from dip.warehouse.queries.files import mapping_of, mappings, newest_mapping
from dip.warehouse.rules import normalising
from dip.warehouse.rules.files.columns import Layout, NoHeadings, lay_out, masked
from dip.warehouse.rules.files.fields import NEEDED, OF_PERSON, FileField
from dip.warehouse.rules.files.making import Made, Options
from dip.web.tables.reading import read_file
from dip.web.tables.terms import UnableToRead
from dip.web.tables.words import note_text, problem_text

_MANAGE = desk(Level.MANAGE)
#: Rows of a preview, and verdicts told row by row before landing.
PREVIEWED, TOLD = 5, 50
#: Columns of a preview, in this order, where the file has them.
_SHOWN = ("ticket", "order", "performance", "event", "state", "sold_at", "source_kind", "kind", "channel", "price_cents", "fee_cents", "email", "customer", "postcode", "country", "birth_date", "birth_year", "gender", "consent")  # fmt: skip
_MASKED = {field.value for field in OF_PERSON}
_CODES = ("source_kind", "kind", "channel", "state")


@_MANAGE
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, access: Access) -> HttpResponse:
    """Which source a file is of: one that is known, or a new one."""
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_source(access=access, at=clock.now(), name=form.cleaned_data["name"])
        except UnableToLand as refusal:
            show_refusal(form, refusal)
        else:
            return redirect("audience-desk-file", made.pk)
    rows = [(one, words.SYSTEMS.get(one.system, one.system)) for one in reads.sources(access)]
    rows.sort(key=lambda pair: pair[0].system != actions.SYSTEM)
    return page(request, access, "files", "files", {"sources": rows, "form": form}, 400 if form.errors else 200)


@dataclass(slots=True)
class _Look:
    """What a step found out about the file that it was given."""

    layout: Layout | None = None
    options: Options | None = None
    digest: str = ""
    notes: tuple[str, ...] = ()
    wrong: str = ""
    is_known: bool = False
    trial: Landed | None = None
    made: Made | None = None


@sensitive_post_parameters()
@_MANAGE
@never_cache
@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, access: Access, source_id: int) -> HttpResponse:
    """Look at a file, say what its columns hold, and land it."""
    try:
        source = reads.source(access, source_id)
    except reads.UnknownSource as error:
        raise Http404 from error
    at = clock.now()
    look, status = _Look(), 200
    form = FileForm(request.POST or None, request.FILES or None, at=at)
    if request.method == "POST" and form.is_valid():
        look = _looked(request, access, source_id, form)
        is_same = (
            look.digest == request.POST.get("digest")
            and look.layout is not None
            and look.layout.headings == request.POST.get("headings")
        )
        if request.POST.get("act") == "land" and look.trial is not None and is_same:
            landed = _land(access, at, source_id, look, form.cleaned_data["exported_at"])
            if isinstance(landed, Landed):
                return _gone_on(request, landed)
            look.wrong = landed
        if look.wrong:
            status = 400
    elif form.errors:
        status = 400
    if request.htmx:  # type: ignore[attr-defined]  # set by its middleware; a refusal is shown too
        status = 200
    context = {"source": source, "form": form, "versions": len(mappings(access, source_id)), **_context(look, form)}
    return page(request, access, "file", "files", context, status)


def _looked(request: HttpRequest, access: Access, source_id: int, form: FileForm) -> _Look:
    """Read the file that was sent, in memory, and try it."""
    content: bytes = form.cleaned_data["file"].read()
    look = _Look(digest=actions.digest_of(content))
    try:
        table = read_file(content, actions.LIMITS)
        layout = lay_out(table)
    except UnableToRead as error:
        look.wrong = problem_text(error, actions.LIMITS)
        return look
    except NoHeadings:
        look.wrong = _("The file has no row with headings that we know, such as order number and price. Without headings the first row may be somebody's, so nothing is read. Put headings over the columns.")  # fmt: skip
        return look
    look.notes = tuple(note_text(one) for one in table.notes)
    saved = mapping_of(access, source_id, layout.headings)
    if request.POST.get("headings") == layout.headings:
        look.layout, look.options = lay_out(table, chosen=_chosen(request.POST)), form.options()
    else:
        known = saved or newest_mapping(access, source_id)
        columns = known.columns if known else ()
        look.layout = lay_out(table, columns, is_whole=saved is not None)
        look.options = known.options if known else Options()
    look.is_known = saved is not None and look.layout.keys == [list(pair) for pair in saved.columns]
    if not look.layout.missing:
        _try(access, source_id, look, form.cleaned_data["exported_at"])
    return look


def _chosen(post: Mapping[str, Any]) -> dict[int, str]:
    return {int(key[7:]): str(post[key]) for key in post if key.startswith("column-") and key[7:].isdecimal() and len(key) < 12}


def _try(access: Access, source_id: int, look: _Look, exported_at: datetime) -> None:
    if look.layout is None or look.options is None:
        return
    given = actions.TicketFile(look.digest, look.layout, look.options, exported_at)
    try:
        look.trial, look.made = actions.try_file(access=access, at=clock.now(), source_id=source_id, file=given)
    except UnableToLand as refusal:
        look.wrong = refusal.message


def _land(access: Access, at: datetime, source_id: int, look: _Look, exported_at: datetime) -> Landed | str:
    """What became of it, or why it was refused."""
    if look.layout is None or look.options is None:
        return look.wrong
    given = actions.TicketFile(look.digest, look.layout, look.options, exported_at)
    try:
        return actions.land_file(access=access, at=at, source_id=source_id, file=given)
    except UnableToLand as refusal:
        return refusal.message


def _gone_on(request: HttpRequest, landed: Landed) -> HttpResponse:
    if landed.is_repeat:
        messages.warning(request, _("Nothing new: this very file was landed before. Here is its receipt."))
    else:
        messages.success(request, _("The file has landed. What it was read from is not kept."))
    address = reverse("audience-desk-delivery", args=[landed.batch_id])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)  # type: ignore[attr-defined]


def _context(look: _Look, form: FileForm) -> dict[str, Any]:
    layout = look.layout
    if layout is None:
        return {"look": look}
    columns = layout.columns()
    options = FileForm(initial=shown(look.options or Options()), at=form.at)
    return {
        "look": look,
        "columns": [(one, words.TREATED.get(one.field, "")) for one in columns],
        "personal": [one.head or one.letter for one in columns if one.is_personal],
        "choices": [(field.value, words.FIELDS[field.value]) for field in FileField],
        "missing": [[words.FIELDS[field.value] for field in group] for group in layout.missing],
        "needed": [[words.FIELDS[field.value] for field in group] for group in NEEDED],
        "options": [options[name] for name in ("days", "decimal", "unit", "price", "consent")],
        "heads": _heads(look.made) if look.made else [],
        "preview": _preview(look.made) if look.made else [],
        "tallies": words.tallies(look.trial.counts) if look.trial else [],
        "verdicts": words.told_first(look.trial.verdicts, TOLD) if look.trial else [],
    }


def _fields(made: Made) -> list[str]:
    there = {name for row in made.rows[:PREVIEWED] for name in row}
    return [name for name in _SHOWN if name in there]


def _heads(made: Made) -> list[Any]:
    return [words.FIELDS[name] for name in _fields(made)]


def _preview(made: Made) -> list[tuple[int, list[tuple[str, str]]]]:
    """(Row of the sheet, [(how it is shown, value)]) of the first tickets; what is of a person is masked."""
    names = _fields(made)
    rows = zip(made.places[:PREVIEWED], made.rows[:PREVIEWED], strict=True)
    return [(place + 1, [_cell(name, row.get(name)) for name in names]) for place, row in rows]


def _is_stray(name: str, text: str) -> bool:
    """Whether something of a person stands where it should not, in a shifted row for example."""
    return "@" in text or (name in _CODES and text != "" and not normalising.code(text))


def _cell(name: str, value: Any) -> tuple[str, Any]:
    if value is None:
        return "none", ""
    if name in _MASKED or _is_stray(name, str(value)):
        return "masked", masked(str(value))
    if name.endswith("_cents") and isinstance(value, int):
        return "money", value
    if name == "sold_at" and "T" in str(value):
        try:
            return "moment", datetime.fromisoformat(str(value))
        except ValueError:
            return "text", str(value)
    return "text", str(value)
