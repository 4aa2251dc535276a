"""Saved views: kept from any page of figures, opened by their address, and the one with which the Sales Monitor begins."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dip.kernel import clock
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module, Refusal
from dip.sales.actions import sharing as actions
from dip.sales.forms import ViewForm
from dip.sales.queries import sharing as queries
from dip.sales.views import words
from dip.sales.views.addresses import page_at


@requires(Module.SALES, Level.VIEW)
@require_GET
def start(request: HttpRequest, access: Access) -> HttpResponse:
    """Where the Sales Monitor opens: the view that the person chose, else the season."""
    address = queries.first_address(access)
    page = page_at(address) if address else None
    return redirect(page.address if page else "sales-season")


@requires(Module.SALES, Level.VIEW)
@require_GET
def views(request: HttpRequest, access: Access) -> HttpResponse:
    """The person's views and the organisation's."""
    context = {"module": "sales", "places": words.places(access, "sales-views"), "views": queries.views(access)}
    return render(request, "sales/views.html", context)


@requires(Module.SALES, Level.VIEW)
@require_POST
def save(request: HttpRequest, access: Access) -> HttpResponse:
    """Keep the page under a name, and go back to it."""
    form = ViewForm(request.POST)
    page = page_at(request.POST.get("address", ""))
    if page is None:
        raise Http404("no page of figures")
    if not form.is_valid():
        messages.error(request, _("The view was not saved: give it a name of at most 60 characters."))
        return redirect(page.address)
    given = form.cleaned_data
    at = clock.now()
    try:
        row = actions.save_view(access=access, at=at, name=given["name"], address=page.address, is_shared=given["is_shared"])
        if given["is_first"]:
            actions.set_first_view(access=access, at=at, view_id=row.pk)
        messages.success(request, _("“{name}” is saved.").format(name=row.name))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(page.address)


@requires(Module.SALES, Level.VIEW)
@require_POST
def change(request: HttpRequest, access: Access, view_id: int) -> HttpResponse:
    """Rename, share or delete a view, or begin with it."""
    act, at = request.POST.get("do", ""), clock.now()
    try:
        if act == "delete":
            actions.delete_view(access=access, at=at, view_id=view_id)
            messages.success(request, _("The view is deleted; the page itself stays."))
        elif act in ("first", "not-first"):
            actions.set_first_view(access=access, at=at, view_id=view_id if act == "first" else None)
            messages.success(request, _("That is where the Sales Monitor opens for you."))
        else:
            name, is_shared = request.POST.get("name", ""), request.POST.get("is_shared") == "on"
            actions.change_view(access=access, at=at, view_id=view_id, name=name, is_shared=is_shared)
            messages.success(request, _("The view is changed."))
    except Refusal as refusal:
        if refusal.field is None:
            raise Http404(refusal.message) from refusal
        messages.error(request, refusal.message)
    return redirect("sales-views")
