"""One log line and one request id per request, and the counters behind ``/metrics``."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

from dip.site.logging import request_id

log = structlog.get_logger("dip.request")
REQUESTS = Counter("dip_requests_total", "Requests by route and status", ["method", "route", "status"])
SECONDS = Histogram(
    "dip_request_seconds", "Time to answer by route", ["method", "route"], buckets=(0.01, 0.03, 0.06, 0.12, 0.25, 0.5, 1, 2, 5, 15)
)


class RequestLog:
    """Outermost middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Give the request an id (a caller's own is kept), time it, log it, count it."""
        token = request_id.set(_clean(request.headers.get("X-Request-Id", "")) or uuid.uuid4().hex[:16])
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            match = request.resolver_match
            route = f"/{match.route}" if match else "unmatched"
            REQUESTS.labels(request.method, route, str(response.status_code)).inc()
            SECONDS.labels(request.method, route).observe(seconds)
            response["X-Request-Id"] = request_id.get()
            if not request.path.startswith(("/static/", "/health/")):
                log.info(
                    "request", method=request.method, path=request.path, status=response.status_code, ms=round(seconds * 1000, 1)
                )
            return response
        finally:
            request_id.reset(token)


def _clean(value: str) -> str:
    return value if 0 < len(value) <= 64 and value.replace("-", "").isalnum() else ""
