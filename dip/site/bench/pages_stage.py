"""Builds a demo of one scale in a database of its own, then measures pages whenever a line comes in; answers in lines of JSON.

Run by :mod:`dip.site.bench.pages`, one process per scale, each with its own ``DIP_HOME``.
"""

import importlib
import json
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

#: Requests per page and person in one round, after as many to warm up as stand first.
WARM_UP, REQUESTS = 2, 10


@dataclass(frozen=True, slots=True)
class Visit:
    """One page as one person opens it."""

    page: str
    who: str
    path: str
    email: str


def prepare(scale: str) -> dict[str, Any]:
    """Migrate and build, unless it was kept from before; how long it took and what it holds."""
    import django

    django.setup()
    from django.conf import settings

    from dip.kernel.clock import now
    from dip.site import running
    from dip.site.demo import SCALES, build

    settings.ALLOWED_HOSTS = ["*"]
    started = time.perf_counter()
    running.prepare()
    report = build(scale=SCALES[scale], at=now(), progress=_say)
    return {"seconds": round(time.perf_counter() - started, 1), "counts": report.counts, "kept": not report.is_new}


def _say(step: str, share: float) -> None:
    print(f"  {100 * share:3.0f} % {step}", file=sys.stderr, flush=True)


def visits() -> Iterator[Visit]:
    """The main pages, for the largest, a large and a median organisation of each side."""
    from dip.site.demo import read_report

    report = read_report()
    if report is None:
        raise RuntimeError("the demo is not built")
    for who, organisation_id, is_provider in _organisations(report.season_year):
        email = _super_user(organisation_id)
        for page, path in _paths(organisation_id, is_provider, report.season_year):
            yield Visit(page, who, path, email)


def _organisations(season: int) -> Iterator[tuple[str, int, bool]]:
    from django.db.models import Count

    from dip.programme.models import Performance

    mine = Performance.objects.filter(production__season_year=season)
    for side, column in (
        ("producer", "production__producer_id"),
        ("agency", "production__agency_id"),
        ("theatre", "theatre__organisation_id"),
    ):
        rows = mine.exclude(**{column: None}).values(column).annotate(n=Count("number")).order_by("-n", column)
        ids = [row[column] for row in rows]
        for name, place in _places(len(ids)).items():
            yield f"{name} {side}", ids[place], side != "theatre"


def _places(count: int) -> dict[str, int]:
    """Places among ``count`` organisations by size: the largest of all, and two that are as large in a tenth of the country."""
    return {} if not count else {"largest": 0, "large": count // 30, "median": count // 2}


def _super_user(organisation_id: int) -> str:
    from dip.registry.models import Membership

    found = Membership.objects.filter(organisation_id=organisation_id, is_super_user=True).select_related("person").first()
    if found is None:
        raise RuntimeError(f"organisation {organisation_id} has no super-user")
    return str(found.person.email)


def _paths(organisation_id: int, is_provider: bool, season: int) -> Iterator[tuple[str, str]]:
    """(name, path) of the pages of one organisation, with its largest production and a performance in the middle of a sale."""
    from django.db.models import Count, Q
    from django.urls import reverse
    from django.utils import timezone

    from dip.programme.models import Performance, Theatre

    own = (
        Q(production__producer_id=organisation_id) | Q(production__agency_id=organisation_id)
        if is_provider
        else Q(theatre__organisation_id=organisation_id)
    )
    performances = Performance.objects.filter(own, production__season_year=season, status="published")
    largest = performances.values("production__dip_id").annotate(n=Count("number")).order_by("-n", "production__dip_id").first()
    coming = performances.filter(starts_at__gt=timezone.now()).order_by("starts_at", "number")
    number = getattr(coming[min(20, max(coming.count() - 1, 0)) :].first() or performances.first(), "number", 0)
    dip_id = (largest or {}).get("production__dip_id", "")
    theatre = Theatre.objects.filter(organisation_id=organisation_id).first() or Theatre.objects.order_by("id")[0]
    yield "home", reverse("home")
    yield "sales-season", reverse("sales-season")
    yield "sales-production", reverse("sales-production", args=[dip_id])
    yield "sales-performance", reverse("sales-performance", args=[number])
    if not is_provider:
        yield "sales-theatre", reverse("sales-theatre")
    yield "sales-region", reverse("sales-region")
    yield "programme-productions", reverse("programme-productions")
    yield "programme-production", reverse("programme-production", args=[dip_id])
    yield "programme-performance", reverse("programme-performance", args=[number])
    yield "programme-theatres", reverse("programme-theatres")
    yield "programme-theatre", reverse("programme-theatre", args=[theatre.pk])
    yield "programme-connections", reverse("programme-connections")
    yield "search", reverse("search") + "?q=" + theatre.name.split()[-1]


class Round:
    """Measures every visit once through Django's test client: the server's side of a request, middleware and templates included."""

    def __init__(self) -> None:
        from django.test import Client

        from dip.registry.models import Person

        self._clients: dict[str, Any] = {}
        self._visits = list(visits())
        for email in {visit.email for visit in self._visits}:
            client = Client(raise_request_exception=False, headers={"accept-encoding": "identity"})
            client.force_login(Person.objects.get(email=email), backend="allauth.account.auth_backends.AuthenticationBackend")
            self._clients[email] = client

    def measure(self) -> list[dict[str, Any]]:
        """Milliseconds of each request, queries and bytes, by page and person."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        answers = []
        for visit in self._visits:
            client = self._clients[visit.email]
            for _ in range(WARM_UP):
                response = client.get(visit.path)
            with CaptureQueriesContext(connection) as queries:
                client.get(visit.path)
            asked = len(queries)  # now: the log is emptied by the next request
            taken = [self._timed(client, visit.path) for _ in range(REQUESTS)]
            answers.append(
                {
                    "page": visit.page, "who": visit.who, "path": visit.path, "status": response.status_code,
                    "queries": asked, "bytes": len(response.content), "ms": [round(wall, 2) for wall, _ in taken],
                    "cpu_ms": [round(cpu, 2) for _, cpu in taken],
                }
            )  # fmt: skip
        return answers

    @staticmethod
    def _timed(client: Any, path: str) -> tuple[float, float]:
        """Milliseconds on the clock, the database's time in them, and of this process's own work."""
        started, worked = time.perf_counter(), time.process_time()
        client.get(path)
        return (time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000


def main(scale: str) -> None:
    """Answer ``prepare`` once, then ``measure`` as often as it is asked."""
    print(json.dumps(prepare(scale)), flush=True)
    importlib.import_module("dip.site.wsgi")  # with the collector set as the server sets it
    round_ = Round()
    for line in sys.stdin:
        if line.strip() == "measure":
            print(json.dumps(round_.measure()), flush=True)


def p95(values: list[float]) -> float:
    """The 95th percentile, between the two nearest values."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    main(sys.argv[1])
