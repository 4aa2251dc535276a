"""The audit trail: filtered, paged, as a file."""

from collections.abc import Iterable, Iterator, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dip.registry import queries, words
from dip.registry.forms import TrailForm
from dip.registry.guard import super_user
from dip.registry.sheets import XLSX_TYPE, Cell, as_csv, as_xlsx
from dip.registry.terms import Access
from dip.registry.views.parts import ROWS, page_number, page_of, render


@super_user
@require_GET
def trail(request: HttpRequest, access: Access) -> HttpResponse:
    """Who did what, the newest first."""
    form = _form(request, access)
    number = page_number(request)
    wanted = _chosen(form)
    window = queries.trail_of(access, wanted, offset=(number - 1) * ROWS, limit=ROWS)
    lines = [(line, words.verb_name(line.verb), _changes(line)) for line in window.rows]
    context = {
        "form": form,
        "lines": lines,
        "page": page_of(window, number),
        "total": window.total,
        "filtered": wanted != queries.TrailFilter(),
    }
    return render(request, access, "trail", "registry-trail", context)


@super_user
@require_GET
def export(request: HttpRequest, access: Access, kind: str) -> HttpResponse:
    """The filtered trail as a spreadsheet or CSV."""
    if kind not in {"xlsx", "csv"}:
        raise Http404
    rows = _rows(queries.whole_trail(access, _chosen(_form(request, access))))
    heads = [_("Moment"), _("Who"), _("Came in by"), _("Act"), _("On"), _("Name"), _("Changes")]
    if kind == "csv":
        response = HttpResponse(as_csv(heads, rows), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(as_xlsx(heads, rows, _("Audit trail")), content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="audit-trail.{kind}"'
    return response


def _form(request: HttpRequest, access: Access) -> TrailForm:
    verbs = sorted(((verb, words.verb_name(verb)) for verb in queries.verbs_of(access)), key=lambda pair: pair[1])
    form = TrailForm(request.GET, verbs=verbs)
    form.is_valid()
    return form


def _chosen(form: TrailForm) -> queries.TrailFilter:
    """The filters that were filled in rightly; a wrong one is left out and says so beside its field."""
    given = form.cleaned_data
    return queries.TrailFilter(given.get("verb", ""), given.get("who", ""), given.get("since"), given.get("until"))


def _changes(line: queries.TrailLine) -> list[tuple[str, str, str]]:
    return [(words.field_name(field), words.value_words(before), words.value_words(after)) for field, before, after in line.changes]


def _rows(lines: Iterable[queries.TrailLine]) -> Iterator[Sequence[Cell]]:
    for line in lines:
        changes = "; ".join(f"{field}: {before or '–'} → {after or '–'}" for field, before, after in _changes(line))
        yield [line.at, line.actor, line.door, words.verb_name(line.verb), line.subject.replace("_", " "), line.label, changes]
