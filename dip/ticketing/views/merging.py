"""Deciding about two that look like one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dip.kernel.clock import now
from dip.programme.actions import UnableToAct
from dip.programme.actions.duplicates import dismiss_pair
from dip.programme.terms import DuplicateKind
from dip.registry.guard import requires
from dip.registry.terms import Access, AccessDenied, Level, Module
from dip.ticketing.actions.merging import merge_duplicates


@requires(Module.PROGRAMME, Level.MANAGE)
@require_POST
def decide(request: HttpRequest, access: Access, kind: str, goes_id: int, stays_id: int) -> HttpResponse:
    """Merge the first into the second, or say that they are two."""
    if kind not in set(DuplicateKind):
        raise Http404
    pair = {"kind": DuplicateKind(kind), "goes_id": goes_id, "stays_id": stays_id}
    try:
        if request.POST.get("act") == "merge":
            merge_duplicates(access=access, at=now(), **pair)  # type: ignore[arg-type]
            messages.success(request, _("They are one now; the old id keeps answering. What moved stands in the trail."))
        else:
            dismiss_pair(access=access, at=now(), reason=request.POST.get("reason", ""), **pair)  # type: ignore[arg-type]
            messages.success(request, _("They stay two, and are not suggested again."))
    except UnableToAct as refusal:
        messages.error(request, refusal.message)
        return redirect("programme-duplicate-pair", kind, goes_id, stays_id)
    except AccessDenied as denied:
        raise Http404 from denied
    return redirect("programme-duplicates")
