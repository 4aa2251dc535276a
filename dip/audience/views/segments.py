"""A licensee's own table of segments: what is in force, loading another, removing it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from dip.audience.forms.segments import TableForm
from dip.audience.views import register_words as words
from dip.definitions.queries import threshold
from dip.kernel import clock
from dip.registry.forms import show_refusal
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module
from dip.warehouse.actions import segments as actions
from dip.warehouse.actions.segments import Loaded, UnableToLoad
from dip.warehouse.queries.segment_tables import tables
from dip.warehouse.rules.segment_tables import HOUSEHOLDS, POSTCODE, SEGMENT, Finding, Problem
from dip.web import formats

FIELDS: dict[str, str | Promise] = {
    POSTCODE: gettext_lazy("postcode"),
    SEGMENT: gettext_lazy("segment"),
    HOUSEHOLDS: gettext_lazy("households"),
}
PROBLEMS: dict[Problem, str | Promise] = {
    Problem.NO_POSTCODE: gettext_lazy("This is no postcode. Write four digits, or four digits and two letters."),
    Problem.NO_SEGMENT: gettext_lazy("There is no segment. Fill in its name."),
    Problem.LONG_SEGMENT: gettext_lazy("The name is longer than 60 characters. Shorten it."),
    Problem.NO_NUMBER: gettext_lazy("This is no number of households. Write a whole number from 0, or leave it empty."),
    Problem.TWICE: gettext_lazy(
        "This postcode was there before. The first row counts; take the other out, or give both their households."
    ),
    Problem.MIXED: gettext_lazy("This area came with letters and without. Use one of the two for an area."),
    Problem.TOO_MANY: gettext_lazy("There are more than 80 segments. Join some of them."),
    Problem.EMPTY_AREA: gettext_lazy("No households in the whole area, so it counts as unmatched. Fill in their number."),
    Problem.FEW_AREAS: gettext_lazy("The segment covers too few postcode areas, and is left out. Join it with another."),
    Problem.FEW_PEOPLE: gettext_lazy("Too few people live in the segment, and it is left out. Join it with another."),
}


@requires(Module.AUDIENCE)
@require_http_methods(["GET", "POST"])
def segments(request: HttpRequest, access: Access) -> HttpResponse:
    """The table in force and what was found in it; whoever manages loads another."""
    form = TableForm(request.POST or None, request.FILES or None)
    refused: tuple[Finding, ...] = ()
    if request.method == "POST":
        if not actions.may_load(access):
            return _page(request, access, TableForm(), (), status=403)
        if form.is_valid():
            try:
                _tell(request, _load(access, form))
                return redirect("audience-segments")
            except UnableToLoad as refusal:
                show_refusal(form, refusal)
                refused = refusal.findings
    return _page(request, access, form, refused, status=400 if form.errors else 200)


@requires(Module.AUDIENCE, Level.MANAGE)
@require_POST
def remove(request: HttpRequest, access: Access) -> HttpResponse:
    """Take the table out of force."""
    if actions.remove_table(access=access, at=clock.now()):
        messages.success(request, _("The table is removed, and so are the figures made with it."))
    return redirect("audience-segments")


def _load(access: Access, form: TableForm) -> Loaded:
    given = form.cleaned_data
    return actions.load_table(
        access=access, at=clock.now(), name=given["name"], version=given["version"], licence=given["licence"], content=given["file"].read()
    )  # fmt: skip


def _tell(request: HttpRequest, loaded: Loaded) -> None:
    if loaded.is_repeat:
        messages.info(request, _("This table is in force already; nothing changed."))
        return
    text = ngettext(
        "The table is in force: {n} segment, from {kept} of {total} rows.", "The table is in force: {n} segments, from {kept} of {total} rows.",
        loaded.segments,
    )  # fmt: skip
    shown = {"kept": formats.tickets(loaded.kept), "total": formats.tickets(loaded.total)}
    messages.success(request, text.format(n=loaded.segments, **shown))


def _page(request: HttpRequest, access: Access, form: TableForm, refused: tuple[Finding, ...], status: int) -> HttpResponse:
    found = tables(access, clock.now())
    current = found.current
    context = {
        "module": "audience",
        "tabs": words.tabs(access, "audience-segments"),
        "found": found,
        "table": current,
        "form": form if actions.may_load(access) else None,
        "findings": _told(refused or (current.findings if current else ())),
        "is_refused": bool(refused),
        "areas_min": int(threshold("segment_postcodes_min")),
        "people_min": int(threshold("segment_inhabitants_min")),
    }
    return render(request, "audience/register/segments.html", context, status=status)


def _told(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "row": one.row or None,
            "field": FIELDS.get(one.field, one.field),
            "value": one.value,
            "text": PROBLEMS[one.problem],
        }
        for one in findings
    ]
