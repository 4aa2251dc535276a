"""The page of a connection on its orders: whether they go to the Audience Monitor, on which ground, and how that does."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dip.kernel.clock import now
from dip.registry.guard import requires
from dip.registry.terms import Access, AccessDenied, Level, Module
from dip.ticketing import connection_words as words
from dip.ticketing.actions import order_feeds as actions
from dip.ticketing.forms.connections import OrdersForm
from dip.ticketing.queries.order_feeds import feed_row
from dip.ticketing.views.connections import changeable, found, frame, may_change


@requires(Module.SALES, Level.VIEW)
@require_http_methods(["GET", "POST"])
def orders(request: HttpRequest, access: Access, connection_id: int) -> HttpResponse:
    """Look at the delivery of orders, switch it on and off."""
    row = found(access, connection_id)
    feed = feed_row(access, row.id)
    form = OrdersForm(request.POST or None, initial={"consent": feed.consent})
    may_switch = may_change(access) and access.allows(Module.AUDIENCE, Level.MANAGE)
    if request.method == "POST":
        if not may_switch:
            raise AccessDenied("orders are delivered by who manages sales and the audience of the theatre")
        changeable(access, connection_id)
        if request.POST.get("act") == "off":
            actions.keep_orders(access=access, at=now(), connection_id=row.id)
            messages.success(request, _("Orders are read no more. What was delivered stays."))
            return redirect("ticketing-connection-orders", row.id)
        if form.is_valid():
            actions.deliver_orders(access=access, at=now(), connection_id=row.id, consent=form.cleaned_data["consent"])
            messages.success(request, _("Orders are read, within a minute; the whole history takes a while."))
            return redirect("ticketing-connection-orders", row.id)
    context = frame(access, row, "orders") | {
        "feed": feed, "form": form, "may_switch": may_switch, "ground": dict(words.GROUNDS).get(feed.consent, ""),
        "feed_told": words.TROUBLES.get(feed.trouble),
    }  # fmt: skip
    return render(request, "ticketing/connection_orders.html", context, status=400 if form.is_bound and form.errors else 200)
