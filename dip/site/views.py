"""Home page, health and metrics."""

import hmac
import os
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from dip.kernel.clock import now
from dip.registry.guard import member, public
from dip.registry.terms import Access
from dip.sales.queries import monitors
from dip.sales.terms import AsOf
from dip.sales.views.alerts import told
from dip.sales.views.charts import season
from dip.site import home_words
from dip.site.home import home_of
from dip.warehouse.queries import genre_cells


@member
def home(request: HttpRequest, access: Access) -> HttpResponse:
    """What needs attention today; for others than theatres and providers, where they go from here."""
    at = now()
    context: dict[str, Any] = {"module": "home", "at": at}
    if access.is_taker or access.is_provider:
        page = home_of(access, at)
        curve = monitors.current_curve(access, page.season, AsOf(at), page.sold)
        context |= {
            "home": page,
            "lede": home_words.lede(page),
            "alerts": [told(row) for row in page.alerts],
            "coming": [(row, page.ticks.get(row.line.evening.number)) for row in page.coming],
            "figure": season(curve) if curve.this else None,
            "genre_rows": home_words.genre_rows(genre_cells(access, page.season)),
        }
    else:
        context["lede"] = home_words.welcome(access)
    return render(request, "site/home.html", context)


@public
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "live"})


@public
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers; 503 with the cause when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:  # any failure of the database means not ready
        return JsonResponse({"status": "not ready", "database": type(error).__name__}, status=503)
    return JsonResponse({"status": "ready"})


@public
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures of all web processes; for callers on this machine, or with the token of ``DIP_METRICS_TOKEN``."""
    if not _may_read_metrics(request):
        return HttpResponse("Set DIP_METRICS_TOKEN and send it as a bearer token.", status=403, content_type="text/plain")
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    return request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1", ""} and "X-Forwarded-For" not in request.headers
