"""The page of what the theatre's planning system registered: what waits for a person, what waits for the provider, what is linked."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from dip.kernel.clock import from_local, now
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module, Refusal
from dip.ticketing.actions.planning import decide_event
from dip.ticketing.models import PlanningLink
from dip.ticketing.queries import planning as queries
from dip.ticketing.rules.planning import LinkState, Remark, RemarkCode

_WORDS = {
    RemarkCode.NO_MATCH: gettext_lazy("nothing on the platform fits yet"),
    RemarkCode.TO_CONFIRM: gettext_lazy("fits in part"),
    RemarkCode.UNREADABLE_ID: gettext_lazy("its DIP-id has another form"),
    RemarkCode.UNKNOWN_ID: gettext_lazy("its DIP-id is not published"),
    RemarkCode.OTHER_PRODUCTION: gettext_lazy("its number belongs to another production"),
    RemarkCode.OTHER_THEATRE: gettext_lazy("its DIP-id plays in another theatre"),
    RemarkCode.TAKEN: gettext_lazy("another event is linked to this performance"),
    RemarkCode.CANCELLED: gettext_lazy("the performance is cancelled on the platform"),
    RemarkCode.DIFFERS: gettext_lazy("the platform has another start"),
    RemarkCode.PROPOSED_TO_PROVIDER: gettext_lazy("the start was proposed to the provider"),
    RemarkCode.PROVIDER_TOLD: gettext_lazy("the provider was told by mail"),
}


@requires(Module.SALES, Level.VIEW)
@require_GET
def planning(request: HttpRequest, access: Access) -> HttpResponse:
    """Registrations by what they wait for."""
    found = queries.registrations(access)
    groups = {state: [(row, _remarks(row.remarks), _moment(row)) for row in rows] for state, rows in found.items()}
    context = {
        "module": "organisation",
        "proposed": groups.get(LinkState.PROPOSED, []),
        "waiting": groups.get(LinkState.WAITING, []),
        "linked": groups.get(LinkState.LINKED, []),
        "may_decide": access.is_taker and access.allows(Module.SALES, Level.MANAGE),
    }
    return render(request, "ticketing/planning.html", context)


@requires(Module.SALES, Level.MANAGE)
@require_POST
def decide(request: HttpRequest, access: Access, link_id: int) -> HttpResponse:
    """Say whether a proposed event is the performance."""
    is_it = request.POST.get("is_it") == "yes"
    try:
        decide_event(access=access, at=now(), link_id=link_id, is_it=is_it)
        messages.success(request, _("Linked.") if is_it else _("It is not this one. The event waits for another."))
    except PlanningLink.DoesNotExist as error:
        raise Http404 from error
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("ticketing-planning")


def _moment(row: queries.PlanningRow) -> datetime | None:
    """The start as the planning system said it; without an offset the clock of the Netherlands is meant."""
    text = row.told.get("starts_at", "")
    moment = datetime.fromisoformat(text) if text else None
    return from_local(moment) if moment is not None and moment.tzinfo is None else moment


def _remarks(remarks: tuple[Remark, ...]) -> list[str]:
    return [str(_WORDS[remark.code]) for remark in remarks]
