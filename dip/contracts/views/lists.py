"""The list of agreements: whose turn it is, filters, pages, and the same list as a file."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dip.contracts.forms.lists import ALL, read_filter, read_page
from dip.contracts.queries.choices import FilterChoices, filter_choices
from dip.contracts.queries.lists import agreement_list, all_agreements
from dip.contracts.rules.formats import formats
from dip.contracts.terms.stages import AGREEING, OVER, SETTLING, AgreementFilter, AgreementLine, Counts, Stage, Whose
from dip.contracts.views import export as sheets
from dip.contracts.views.stages import GROUPS, STAGES, deadline, stage_pill, turn_words
from dip.contracts.wording import format_name, said
from dip.kernel import clock
from dip.kernel.periods import season_name, season_year
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module

_VIEW = requires(Module.CONTRACTS)


@_VIEW
@require_GET
def agreements(request: HttpRequest, access: Access) -> HttpResponse:
    """All agreements that the access may see, its own turn first."""
    today = clock.local(clock.now()).date()
    wanted = read_filter(request.GET, today)
    page, counts = agreement_list(access, wanted, today, read_page(request.GET))
    choices = filter_choices(access)
    context = {
        "module": "contracts",
        "page": page,
        "rows": [_row(line, access, today) for line in page.object_list],
        "wanted": wanted,
        "tab_items": _tabs(request, wanted, counts),
        "stage_groups": _stage_groups(access, counts),
        "seasons": _seasons(choices, wanted, today),
        "formats": [(one.code, said(one.names)) for one in formats()],
        "choices": choices,
        "has_any": bool(choices.seasons),
        "may_draft": access.is_provider and access.allows(Module.CONTRACTS, Level.MANAGE),
        "concept_count": counts.stages[Stage.CONCEPT],
        "today": today,
    }
    return render(request, "contracts/agreements.html", context)


@_VIEW
@require_GET
def export(request: HttpRequest, access: Access) -> HttpResponse:
    """The filtered list as a file: one row per agreement with every field, and one per performance."""
    today = clock.local(clock.now()).date()
    wanted = read_filter(request.GET, today)
    lines = all_agreements(access, wanted, today)
    if request.GET.get("as") == "csv":
        return sheets.csv_file(lines, access)
    return sheets.workbook_file(lines, access, _asked_words(wanted))


def _row(line: AgreementLine, access: Access, today: date) -> dict[str, Any]:
    text, is_pressing = deadline(line, today)
    halls = list(dict.fromkeys(one.hall for one in line.performances))
    return {
        "line": line,
        "pill": stage_pill(line.stage),
        "format": format_name(line.format),
        "deadline": text,
        "is_pressing": is_pressing and line.whose is Whose.MINE,
        "turn": turn_words(line, access.is_taker),
        "halls": ", ".join(halls),
        "other": line.provider if access.is_taker else line.theatre,
        "for_producer": line.producer if line.producer != line.provider else "",
        "act": _act(line),
    }


def _act(line: AgreementLine) -> str:
    """Where the reader's next act is: the borderel while it is being made, the form of a concept, else the agreement's own page."""
    from dip.web.templatetags.dip import maybe_url

    settlement = maybe_url("contracts-settlement", line.id) if line.stage in SETTLING else ""
    edit = reverse("contracts-edit", args=[line.id]) if line.is_concept and line.whose is Whose.MINE else ""
    return settlement or edit or maybe_url("contracts-agreement", line.id) or edit


def _tabs(request: HttpRequest, wanted: AgreementFilter, counts: Counts) -> list[tuple[str, str, bool, int]]:
    """Whose turn, with how many."""
    words = {"": _("All"), Whose.MINE: _("Your turn"), Whose.THEIRS: _("Their turn"), Whose.NOBODY: _("Nobody’s turn")}
    items = []
    for value, name in words.items():
        query = request.GET.copy()
        for key in ("turn", "page"):
            query.pop(key, None)
        if value:
            query["turn"] = str(value)
        number = counts.whose[value] if value else counts.all_whose
        items.append((name, f"?{query.urlencode()}", wanted.whose == value, number))
    return items


def _stage_groups(access: Access, counts: Counts) -> list[dict[str, Any]]:
    """The choices of the status: three groups, each stage with how many."""
    groups = []
    for code, stages in (("agreeing", AGREEING), ("approved", (Stage.APPROVED,)), ("settling", SETTLING), ("over", OVER)):
        shown = [stage for stage in stages if not (access.is_taker and stage is Stage.CONCEPT)]
        number = sum(counts.stages[stage] for stage in shown)
        options = [(stage.value, STAGES[stage], counts.stages[stage]) for stage in shown]
        groups.append({"code": code, "name": GROUPS.get(code), "count": number, "options": options})
    return groups


def _seasons(choices: FilterChoices, wanted: AgreementFilter, today: date) -> list[tuple[str, str, bool]]:
    years = sorted({*choices.seasons, season_year(today)}, reverse=True)
    asked = None if wanted.is_current else wanted.season_year
    this = season_name(season_year(today)).replace("-", "–")
    return [
        ("", _("%(season)s and open") % {"season": this}, wanted.is_current),
        *((str(year), season_name(year).replace("-", "–"), year == asked) for year in years),
        (ALL, _("All seasons"), wanted.season_year is None),
    ]


def _asked_words(wanted: AgreementFilter) -> list[tuple[str, str]]:
    """What the export was filtered by."""
    season = season_name(wanted.season_year).replace("-", "–") if wanted.season_year else _("All seasons")
    if wanted.is_current:
        season = _("%(season)s and open") % {"season": season}
    found = [(_("Season"), season)]
    if wanted.stage:
        found.append((_("Status"), str(GROUPS.get(wanted.stage) or STAGES[wanted.stage])))
    if wanted.format:
        found.append((_("Format"), format_name(wanted.format)))
    if wanted.text:
        found.append((_("Searched for"), wanted.text))
    return found
