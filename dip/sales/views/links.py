"""Links to pages: made from the page, listed with who opened them, revoked."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.kernel import clock
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module, Refusal
from dip.sales.actions import sharing as actions
from dip.sales.forms import LinkForm, show_refusal
from dip.sales.queries import sharing as queries
from dip.sales.rules.visitors import is_narrowed
from dip.sales.views import phrases, words
from dip.sales.views.addresses import page_at
from dip.sales.views.titles import title_of


def address_of(token: str) -> str:
    """The whole address that a visitor opens."""
    return settings.BASE_URL + reverse("sales-shared", args=[token])


@requires(Module.SALES, Level.VIEW)
@never_cache
@require_http_methods(["GET", "POST"])
def new_link(request: HttpRequest, access: Access) -> HttpResponse:
    """Choose for how long and for whom; then the link, to copy."""
    source = request.POST if request.method == "POST" else request.GET
    page = page_at(source.get("address", ""), to_share=True)
    title = title_of(access, page) if page else None
    if page is None or title is None:
        raise Http404("no page of figures that can be shared")
    form = LinkForm(request.POST if request.method == "POST" else None, initial={"address": page.address})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row, _token = actions.make_link(
                access=access, at=clock.now(), address=page.address, title=title, days=given["days"], label=given["label"]
            )
            messages.success(request, _("The link is made. Copy it, and send it to whom it is for."))
            return redirect("sales-link", row.pk)
        except Refusal as refusal:
            show_refusal(form, refusal)
    context = {
        "module": "sales", "places": words.places(access, "sales-links"), "form": form, "title": title, "page_address": page.address,
        "is_narrowed": is_narrowed(page.address), "is_earlier": "known=" in page.address,
    }  # fmt: skip
    return render(request, "sales/link_new.html", context, status=400 if form.errors else 200)


@requires(Module.SALES, Level.VIEW)
@never_cache
@require_GET
def links(request: HttpRequest, access: Access) -> HttpResponse:
    """The person's links; for a super-user all of the organisation."""
    rows = queries.links(access, clock.now())
    found = [(row, address_of(row.token) if row.token else "") for row in rows]
    context = {"module": "sales", "places": words.places(access, "sales-links"), "links": found, "sees_all": access.is_super_user}
    return render(request, "sales/links.html", context)


@requires(Module.SALES, Level.VIEW)
@never_cache
@require_GET
def link(request: HttpRequest, access: Access, link_id: int) -> HttpResponse:
    """One link: its address, until when it works, and every opening."""
    row = queries.link(access, link_id, clock.now())
    if row is None:
        raise Http404("no such link")
    context = {
        "module": "sales",
        "places": words.places(access, "sales-links"),
        "link": row,
        "address": address_of(row.token) if row.token else "",
        "openings": queries.openings(access, link_id),
        "season_name": phrases.season_name,
    }
    return render(request, "sales/link.html", context)


@requires(Module.SALES, Level.VIEW)
@require_POST
def revoke(request: HttpRequest, access: Access, link_id: int) -> HttpResponse:
    """End a link at once."""
    try:
        actions.revoke_link(access=access, at=clock.now(), link_id=link_id)
    except actions.UnableToShare as refusal:
        raise Http404(refusal.message) from refusal
    messages.success(request, _("The link no longer works."))
    return redirect("sales-links")
