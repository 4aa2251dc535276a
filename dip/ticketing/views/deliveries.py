"""Pages of ticketing: the receipts of what the organisation's systems sent."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module
from dip.ticketing.models import Delivery
from dip.ticketing.queries import deliveries as queries
from dip.ticketing.rules.findings import PATTERNS
from dip.ticketing.source_words import source_name
from dip.ticketing.terms import Measure

MEASURES = {
    Measure.TICKETS: gettext_lazy("Tickets"),
    Measure.RESERVATIONS: gettext_lazy("Reservations"),
    Measure.BLOCKED: gettext_lazy("Blocked seats"),
    Measure.CAPACITY: gettext_lazy("Capacity"),
}
FINDINGS_A_PAGE = 100


@requires(Module.SALES, Level.VIEW)
@require_GET
def deliveries(request: HttpRequest, access: Access) -> HttpResponse:
    """Receipts, newest first; with ``remarks`` only those that have something to tell, from ``before`` on back."""
    only_remarks = "remarks" in request.GET
    before = request.GET.get("before", "")
    found = queries.deliveries(
        access, before=int(before) if before.isdecimal() and len(before) < 18 else None, with_findings=only_remarks
    )
    rows = [(row, MEASURES[row.measure], source_name(row.source)) for row in found[: queries.PAGE]]
    older = rows[-1][0].id if len(found) > queries.PAGE else None
    return render(
        request,
        "ticketing/deliveries.html",
        {"module": "organisation", "rows": rows, "older": older, "only_remarks": only_remarks, "is_later_page": bool(before)},
    )


@requires(Module.SALES, Level.VIEW)
@require_GET
def delivery(request: HttpRequest, access: Access, delivery_id: int) -> HttpResponse:
    """One receipt with its findings, each with the remedy."""
    try:
        receipt = queries.delivery(access, delivery_id)
    except Delivery.DoesNotExist as error:
        raise Http404 from error
    findings = Paginator([(one, _(PATTERNS[one.code]) % one.values) for one in receipt.findings], FINDINGS_A_PAGE)
    context = {
        "module": "organisation",
        "receipt": receipt,
        "measure": MEASURES[receipt.measure],
        "source": source_name(receipt.source),
        "page": findings.get_page(request.GET.get("page")),
        "refused_count": sum(one.rejects for one in receipt.findings),
    }
    return render(request, "ticketing/delivery.html", context)
