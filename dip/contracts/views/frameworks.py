"""Framework agreements: those of the organisation, one with the agreements that cite it, upload, download, end."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.contracts.actions.frameworks import UnableToKeepFramework, end_framework, upload_framework
from dip.contracts.forms.frameworks import FrameworkForm
from dip.contracts.models import Framework
from dip.contracts.queries.frameworks import FrameworkRow, citing, framework_file, framework_of, framework_rows, partners
from dip.contracts.views.stages import STAGES
from dip.kernel import clock
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module

_VIEW, _MANAGE = requires(Module.CONTRACTS), requires(Module.CONTRACTS, Level.MANAGE)
_PILLS = {"holds": "active", "soon": "corrected", "to_come": "requested", "over": "expired", "ended": "inactive"}


def _words(standing: str) -> str:
    return {
        "holds": _("Holds"), "soon": _("Ends soon"), "to_come": _("To come"), "over": _("Over"), "ended": _("Out of use"),
    }[standing]  # fmt: skip


@_VIEW
@require_http_methods(["GET", "POST"])
def frameworks(request: HttpRequest, access: Access) -> HttpResponse:
    """The framework agreements of the organisation; whoever manages contracts uploads one."""
    may_upload = access.allows(Module.CONTRACTS, Level.MANAGE) and (access.is_provider or access.is_taker)
    if request.method == "POST" and not may_upload:
        raise Http404
    form = FrameworkForm(request.POST or None, request.FILES or None, partners=partners(access)) if may_upload else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            kept = upload_framework(access=access, at=clock.now(), **form.kept())
            messages.success(request, _("%(title)s is kept. The other party can read it.") % {"title": kept.title})
            return redirect("contracts-frameworks")
        except UnableToKeepFramework as refusal:
            name = form.FIELDS.get(refusal.field or "", refusal.field)
            form.add_error(name if name in form.fields else None, refusal.message)
    rows = [(row, _PILLS[row.standing], _words(row.standing)) for row in framework_rows(access, clock.local(clock.now()).date())]
    context = {"module": "contracts", "rows": rows, "form": form}
    return render(request, "contracts/frameworks.html", context, status=400 if form is not None and form.errors else 200)


@_VIEW
@require_GET
def framework(request: HttpRequest, access: Access, framework_id: int) -> HttpResponse:
    """One of them, and the agreements that cite it."""
    row = _found(access, framework_id)
    cited = [(one, STAGES[one.status]) for one in citing(access, row)]
    may_end = row.is_own and row.ended_at is None and access.allows(Module.CONTRACTS, Level.MANAGE)
    context = {
        "module": "contracts", "row": row, "pill": _PILLS[row.standing], "word": _words(row.standing), "cited": cited, "may_end": may_end,
    }  # fmt: skip
    return render(request, "contracts/framework.html", context)


@_VIEW
@require_GET
def download(request: HttpRequest, access: Access, framework_id: int) -> HttpResponse:
    """The file, as it was uploaded; always a download, so that nothing in it runs on this site."""
    try:
        name, media_type, content = framework_file(access, framework_id)
    except Framework.DoesNotExist as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@_MANAGE
@require_POST
def end(request: HttpRequest, access: Access, framework_id: int) -> HttpResponse:
    """Take one's own out of use."""
    row = _found(access, framework_id)
    end_framework(access=access, at=clock.now(), framework_id=row.id)
    messages.success(request, _("%(title)s is out of use. It is kept for the agreements that cite it.") % {"title": row.title})
    return redirect("contracts-framework", framework_id)


def _found(access: Access, framework_id: int) -> FrameworkRow:
    try:
        return framework_of(access, framework_id, clock.local(clock.now()).date())
    except Framework.DoesNotExist as error:
        raise Http404 from error
