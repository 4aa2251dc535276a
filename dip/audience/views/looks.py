"""Who looked at the audience of a theatre's houses: listed by day, filtered, as a file."""

from collections.abc import Iterator, Sequence

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dip.audience.forms.looks import LooksForm
from dip.audience.views import register_words as words
from dip.registry.guard import requires
from dip.registry.sheets import XLSX_TYPE, Cell, as_csv, as_xlsx
from dip.registry.terms import Access, Module
from dip.warehouse.queries import looks as queries
from dip.warehouse.queries.looks import LookFilter, LookRow

#: Lines on a page.
ROWS = 50


@requires(Module.AUDIENCE)
@require_GET
def looks(request: HttpRequest, access: Access) -> HttpResponse:
    """The list, newest first: others, and the house itself."""
    form = _form(request, access)
    wanted = _chosen(form)
    number = _page_number(request)
    found = queries.looks(access, wanted, offset=(number - 1) * ROWS, limit=ROWS)
    names = words.purpose_names()
    context = {
        "module": "audience",
        "tabs": words.tabs(access, "audience-looks"),
        "form": form,
        "sums": queries.sums(access, wanted),
        "lines": [(row, names.get(row.purpose, row.purpose), *_about(row)) for row in found.rows],
        "total": found.total,
        "page": Paginator(range(found.total), ROWS).get_page(number),
        "is_filtered": wanted != LookFilter(),
    }
    return render(request, "audience/register/looks.html", context)


@requires(Module.AUDIENCE)
@require_GET
def export(request: HttpRequest, access: Access, kind: str) -> HttpResponse:
    """The filtered list as CSV or as a sheet."""
    rows = _cells(queries.looks(access, _chosen(_form(request, access))).rows)
    heads = [
        _("Day"), _("Organisation"), _("Who"), _("Came in by"), _("Purpose"), _("Production"), _("Season"), _("Looks"), _("First"),
        _("Last"), _("Own people"),
    ]  # fmt: skip
    if kind == "csv":
        response = HttpResponse(as_csv(heads, rows), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(as_xlsx(heads, rows, _("Who looked")), content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="who-looked.{kind}"'
    return response


def _form(request: HttpRequest, access: Access) -> LooksForm:
    if not access.is_taker:
        raise PermissionDenied("the log of who looked is for the theatre's own people")
    form = LooksForm(request.GET, organisations=queries.who_looked(access))
    form.is_valid()
    return form


def _chosen(form: LooksForm) -> LookFilter:
    """What was filled in rightly; a wrong choice is left out and says so beside its field."""
    given = form.cleaned_data
    return LookFilter(given.get("since"), given.get("until"), given.get("organisation"), given.get("whose", ""))


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def _about(row: LookRow) -> tuple[str, str, str]:
    """What was looked at, of which season, and how it came in."""
    door = str(words.DOORS.get(row.door, row.door)) if row.door != "page" else ""
    return (
        row.title or (_("list of productions") if row.kind == "list" else _("your houses")),
        words.season_name(row.season_year),
        door,
    )


def _cells(rows: Sequence[LookRow]) -> Iterator[Sequence[Cell]]:
    names = words.purpose_names()
    for row in rows:
        yield [
            row.day.isoformat(), row.organisation, row.actor, str(words.DOORS.get(row.door, row.door)),
            names.get(row.purpose, row.purpose), row.title, words.season_name(row.season_year), row.looks, row.first_at, row.last_at,
            _("yes") if row.is_own else _("no"),
        ]  # fmt: skip
