"""Pages of conformance: starting a run, watching it, its report, and every check for vendors without an account."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.kernel.clock import now
from dip.registry.guard import public, requires
from dip.registry.terms import Access, Level, Module, Refusal
from dip.ticketing.actions.conformance import finish_run, start_run
from dip.ticketing.conformance.calls import CallKind
from dip.ticketing.conformance.pushing_words import CHECKLISTS, Suite
from dip.ticketing.conformance.reading_words import READING
from dip.ticketing.conformance.terms import Check, Evidence, Outcome, Result, Severity, Verdict
from dip.ticketing.forms.conformance import RunForm
from dip.ticketing.models import ConformanceRun
from dip.ticketing.queries import conformance as queries

#: Shape of the pill, and its word.
OUTCOMES = {
    Outcome.PASSED: ("confirmed", gettext_lazy("Passed")),
    Outcome.FAILED: ("refused", gettext_lazy("Failed")),
    Outcome.WAITING: ("open", gettext_lazy("Waiting")),
    Outcome.NOT_APPLICABLE: ("no_comparison", gettext_lazy("Nothing to judge")),
}
VERDICTS = {
    Verdict.CONFORMS: ("confirmed", gettext_lazy("Conforms")),
    Verdict.REMARKS: ("confirmed", gettext_lazy("Conforms, with remarks")),
    Verdict.INCOMPLETE: ("no_comparison", gettext_lazy("Not complete")),
    Verdict.FAILS: ("refused", gettext_lazy("Does not conform")),
}
SEVERITIES = {Severity.MUST: gettext_lazy("must"), Severity.SHOULD: gettext_lazy("should"), Severity.MAY: gettext_lazy("may")}
SUITES = {Suite.PUSHING: gettext_lazy("Pushes figures"), Suite.PLANNING: gettext_lazy("Plans, as Yesplan does")}
CALLS = {
    CallKind.TOKEN: gettext_lazy("buys a token"),
    CallKind.PERFORMANCES: gettext_lazy("fetches performances"),
    CallKind.TICKETS: gettext_lazy("sends tickets"),
    CallKind.RESERVATIONS: gettext_lazy("sends reservations"),
    CallKind.BLOCKED: gettext_lazy("sends blocked seats"),
    CallKind.CAPACITY: gettext_lazy("sends a capacity"),
    CallKind.READ_MAPPINGS: gettext_lazy("reads the mappings"),
    CallKind.LIST_EVENTS: gettext_lazy("lists events"),
    CallKind.READ_EVENT: gettext_lazy("reads an event"),
    CallKind.LINK_EVENT: gettext_lazy("registers an event"),
    CallKind.UNLINK_EVENT: gettext_lazy("unlinks an event"),
    CallKind.LINK_PRODUCTION: gettext_lazy("registers a production"),
    CallKind.UNLINK_PRODUCTION: gettext_lazy("unlinks a production"),
    CallKind.OTHER: gettext_lazy("another call"),
}


@requires(Module.SALES, Level.VIEW)
@require_http_methods(["GET", "POST"])
def conformance(request: HttpRequest, access: Access) -> HttpResponse:
    """The runs, and the form that starts one."""
    clients = queries.clients_to_run(access)
    form = RunForm(request.POST if request.method == "POST" else None, clients=clients)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            run = start_run(
                access=access,
                at=now(),
                client_id=given["client"],
                suite=given["suite"],
                system=given["system"],
                system_version=given["system_version"],
            )
            return redirect("ticketing-conformance-run", run.pk)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    rows = [(line, SUITES[line.suite], line.verdict and VERDICTS[line.verdict]) for line in queries.conformance_runs(access)]
    context = {"module": "organisation", "form": form, "clients": clients, "rows": rows}
    return render(request, "ticketing/conformance.html", context, status=400 if form.errors else 200)


@requires(Module.SALES, Level.VIEW)
@never_cache
@require_GET
def run(request: HttpRequest, access: Access, run_id: int) -> HttpResponse:
    """A run as it stands; while it goes on the page fetches its own middle anew. Once finished it is the report."""
    found = _found(access, run_id)
    is_part = bool(getattr(request, "htmx", False))
    if is_part and found.line.finished_at is not None:  # finished elsewhere: show the whole report
        return HttpResponse(headers={"HX-Refresh": "true"})
    if is_part and request.GET.get("seen") == str(found.call_count):  # nothing new: nothing is swapped, nothing read out
        return HttpResponse(status=204)
    context = {
        "module": "organisation",
        "run": found,
        "suite": SUITES[found.line.suite],
        "verdict": found.line.verdict and VERDICTS[found.line.verdict],
        "results": list(_shown(found.results, found.checks, is_over=found.line.finished_at is not None)),
        "passed": found.counts[Outcome.PASSED],
        "calls": [(call, CALLS[call.kind]) for call in found.calls],
        "is_planning": found.line.suite is Suite.PLANNING,
    }
    return render(request, "ticketing/conformance_live.html" if is_part else "ticketing/conformance_run.html", context)


@requires(Module.SALES, Level.VIEW)
@require_POST
def finish(request: HttpRequest, access: Access, run_id: int) -> HttpResponse:
    """End a run; its report stays."""
    try:
        finish_run(access=access, at=now(), run_id=run_id)
    except ConformanceRun.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The run is finished. Its report stays here."))
    return redirect("ticketing-conformance-run", run_id)


@requires(Module.SALES, Level.VIEW)
@require_GET
def report(request: HttpRequest, access: Access, run_id: int) -> HttpResponse:
    """The run as a JSON file, in English."""
    found = _found(access, run_id)
    name = slugify(f"{found.line.system}-{found.line.system_version}") or "system"
    answer = JsonResponse(found.report().as_json(), json_dumps_params={"indent": 1, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="conformance-{name}-{found.line.id}.json"'
    return answer


@public
@require_GET
def checks(request: HttpRequest) -> HttpResponse:
    """Every check of every suite, with what it asks, why, and how to mend it."""
    suites = [
        ("pushing", _("Systems that push figures"), _rows(CHECKLISTS[Suite.PUSHING])),
        ("reading", _("Systems that we read"), _rows(READING)),
        ("planning", _("Planning systems"), _rows(CHECKLISTS[Suite.PLANNING])),
    ]
    return render(request, "ticketing/conformance_checks.html", {"module": "", "suites": suites})


def _found(access: Access, run_id: int) -> queries.RunPage:
    try:
        return queries.conformance_run(access, run_id)
    except ConformanceRun.DoesNotExist as error:
        raise Http404 from error


def _rows(checks: Mapping[str, Check]) -> list[dict[str, Any]]:
    return [_words(check) for check in checks.values()]


def _words(check: Check) -> dict[str, Any]:
    """A check in the reader's language."""
    return {
        "code": check.code,
        "severity": SEVERITIES[check.severity],
        "title": _(check.title),
        "why": _(check.why),
        "mend": _(check.mend),
    }


def _shown(results: Iterable[Result], checks: Mapping[str, Check], *, is_over: bool) -> Iterable[dict[str, Any]]:
    """Results with their check's words, what was seen, and whether the remedy is still wanted."""
    words = OUTCOMES | {Outcome.WAITING: ("no_comparison", gettext_lazy("Not seen"))} if is_over else OUTCOMES
    for result in results:
        yield {
            **_words(checks[result.code]),
            "pill": words[result.outcome],
            "outcome": result.outcome.value,
            "seen": [_told(evidence) for evidence in result.seen],
            "more": result.more,
            "wants": result.outcome in (Outcome.FAILED, Outcome.WAITING),
        }


def _told(evidence: Evidence) -> str:
    words = _(evidence.pattern)
    return words % evidence.values if evidence.values else words
