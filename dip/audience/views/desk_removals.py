"""What must be gone: a performance excluded or withdrawn, a buyer erased; how far it is; and lifting an exclusion."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from dip.audience.forms.desk import BuyerForm, EveningForm
from dip.audience.views import desk_words as words
from dip.audience.views.desk import page
from dip.audience.views.desk_door import before_of, desk, number_of
from dip.kernel import clock
from dip.registry.terms import Access, Level
from dip.warehouse.actions import removals as actions
from dip.warehouse.actions.asking import ask_to_apply
from dip.warehouse.queries import evenings as performances
from dip.warehouse.queries import removals as reads
from dip.warehouse.queries import sources
from dip.warehouse.rules.landed import RemovalKind

_MANAGE = desk(Level.MANAGE)
_ASK = {"exclude": actions.exclude_performance, "withdraw": actions.withdraw_performance}


@desk()
@require_GET
def removals(request: HttpRequest, access: Access) -> HttpResponse:
    """What was asked, and where it is done already."""
    found = reads.removals(access, before=before_of(request))
    rows = found[: reads.PAGE]
    context = {
        "rows": [(one, words.REMOVALS[one.kind], [(words.PLACES[place], when) for place, when in one.steps]) for one in rows],
        "open_count": sum(not one.is_done for one in rows if one.lifted_at is None),
        "older": rows[-1].id if len(found) > reads.PAGE else None,
    }
    return page(request, access, "removals", "removals", context)


@_MANAGE
@require_http_methods(["GET", "POST"])
def performance(request: HttpRequest, access: Access) -> HttpResponse:
    """Choose a performance; a page says what will happen; then it is excluded or withdrawn."""
    number = number_of(request.POST.get("number") or request.GET.get("number"))
    kind = request.POST.get("kind") or request.GET.get("kind", "exclude")
    kind = kind if kind in _ASK else "exclude"
    chosen = performances.evenings_of(access, {number}).get(number) if number else None
    if number and chosen is None:
        raise Http404("no performance of this theatre")
    if request.method == "POST" and chosen is not None:
        try:
            _ASK[kind](access=access, at=clock.now(), number=chosen.number)
        except actions.UnableToRemove as refusal:
            messages.error(request, refusal.message)
        else:
            ask_to_apply()
            messages.success(request, _("It is kept out from now on, and goes out of files, facts and figures within minutes."))
        return redirect("audience-desk-removals")
    form = EveningForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    is_asked = bool(asked.get("q") or asked.get("on"))
    rows = performances.find_evenings(access, asked.get("q", ""), asked.get("on")) if chosen is None else []
    context = {"form": form, "rows": rows, "is_asked": is_asked, "chosen": chosen, "kind": kind}
    if chosen is not None:
        context["deliveries"] = performances.deliveries_with(access, chosen.number)
    return page(request, access, "removal_performance", "removals", context)


@sensitive_post_parameters("email", "customer", "pseudonym")
@_MANAGE
@never_cache
@require_http_methods(["GET", "POST"])
def buyer(request: HttpRequest, access: Access) -> HttpResponse:
    """Name a buyer; a page says what will happen; then the tickets are nobody's. What is typed is neither kept nor logged."""
    form = BuyerForm(request.POST or None, sources=sources.names(access))
    is_named = request.method == "POST" and form.is_valid()
    if is_named and request.POST.get("act") == "erase":
        given = form.cleaned_data
        try:
            actions.erase_buyer(
                access=access, at=clock.now(), email=given["email"], pseudonym=given["pseudonym"], customer=given["customer"],
                source_id=given["source"],
            )  # fmt: skip
        except actions.UnableToRemove as refusal:
            form.add_error(None, refusal.message)
            is_named = False
        else:
            ask_to_apply()
            messages.success(request, _("The buyer is being erased. Tickets stay and are nobody's."))
            return redirect("audience-desk-removals")
    return page(request, access, "removal_buyer", "removals", {"form": form, "is_named": is_named}, 400 if form.errors else 200)


@_MANAGE
@require_http_methods(["GET", "POST"])
def lift(request: HttpRequest, access: Access, removal_id: int) -> HttpResponse:
    """Let an excluded performance count again, after a page that says what that brings back."""
    try:
        row = reads.removal(access, removal_id)
    except reads.UnknownRemoval as error:
        raise Http404 from error
    if row.kind is not RemovalKind.EXCLUDE or row.lifted_at is not None:
        messages.warning(request, _("This is no exclusion that is in force."))
        return redirect("audience-desk-removals")
    if request.method == "POST":
        try:
            actions.lift_exclusion(access=access, at=clock.now(), removal_id=removal_id)
        except actions.UnableToRemove as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request, _("The exclusion is lifted. Deliver its tickets again: what was removed is gone from our files too.")
            )
        return redirect("audience-desk-removals")
    return page(request, access, "removal_lift", "removals", {"row": row})
