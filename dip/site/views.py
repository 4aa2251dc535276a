"""Home page, health and metrics."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from dip.registry.guard import member, public
from dip.registry.terms import Access


@member
def home(request: HttpRequest, access: Access) -> HttpResponse:
    """What needs attention today."""
    return render(request, "site/home.html", {})


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
    """Prometheus figures of this process."""
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
