"""Batches of 10,000 rows, one in ten a correction, into a history: what one costs, and how long from its receipt until it is visible."""

import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from dip.site.bench.audience_tickets import NEWEST, World, batch_of, tickets_of
from dip.site.bench.audience_world import WHY

ROWS, CORRECTED = 10_000, 1_000
_ALONE = 12


class Sender:
    """Lands batches as the door does once rows are judged: the file, then the receipt. The theatres take turns."""

    def __init__(self, world: World, rows: int = ROWS, turn: int = 0) -> None:
        from dip.warehouse.models import TicketSource

        self.world, self.rows, self.turn = world, rows, turn
        self.counts = world.size.of_theatres()
        self.sources = TicketSource.objects.across_tenants(WHY).in_bulk(world.sources)

    def columns(self) -> tuple[int, dict[str, "np.ndarray"]]:
        """(Place of the theatre, rows) of the next batch, for the newest season."""
        place = self.turn * 7 % len(self.counts)
        self.turn += 1
        history = tickets_of(self.world, place, NEWEST, self.counts[place])
        corrected = min(self.rows * CORRECTED // ROWS, self.counts[place])
        return place, batch_of(self.world, place, history, self.rows, corrected, self.turn)

    def land(self, place: int, columns: dict[str, "np.ndarray"]) -> None:
        """The file and its receipt."""
        from django.conf import settings

        from dip.kernel import clock
        from dip.warehouse.models import LandedBatch
        from dip.warehouse.store import landing

        source = self.world.sources[place]
        file = landing.write(Path(settings.WAREHOUSE_HOME), source, columns)
        counts = {"row_count": self.rows, "accepted_count": self.rows, "rejected_count": 0}
        performances = [int(one) for one in np.unique(columns["performance"])]
        LandedBatch.objects.create(
            source=self.sources[source], delivery_id=f"b-{clock.now().timestamp()}-{self.turn}", digest="", file=file,
            performances=performances, received_at=clock.now(), **counts,
        )  # fmt: skip


def alone(sender: Sender, count: int = _ALONE) -> dict[str, float]:
    """One batch at a time: its merge, and merge and shelves with the opening of the facts."""
    from django.conf import settings

    from dip.kernel import clock
    from dip.warehouse.actions.applying import apply_orders
    from dip.warehouse.models import LandedBatch
    from dip.warehouse.store.landing import folder_of
    from dip.warehouse.store.tickets.facts import open_tickets
    from dip.warehouse.store.tickets.merging import Landed, merge

    home = Path(settings.WAREHOUSE_HOME)
    merging, whole, used = [], [], []
    with open_tickets(home) as facts:
        for _ in range(count):
            sender.land(*sender.columns())
            one = LandedBatch.objects.across_tenants(WHY).order_by("-pk")[0]
            began = time.perf_counter()
            merge(facts, [Landed(one.pk, one.file, folder_of(home) / one.file)])
            merging.append(time.perf_counter() - began)
    apply_orders(clock.now())
    for _ in range(count):
        sender.land(*sender.columns())
        began, cpu = time.perf_counter(), time.process_time()
        apply_orders(clock.now())
        whole.append(time.perf_counter() - began)
        used.append(time.process_time() - cpu)
    return {
        "merge_p50_seconds": _round(statistics.median(merging)),
        "merge_p95_seconds": _round(p95(merging)),
        "merge_rows_per_second": round(sender.rows / statistics.median(merging)),
        "apply_p50_seconds": _round(statistics.median(whole)),
        "apply_p95_seconds": _round(p95(whole)),
        "apply_p50_cpu_seconds": _round(statistics.median(used)),
    }


def each_second(sender: Sender, batches: int) -> dict[str, float]:
    """One batch a second while the applier runs in a process of its own; visible is when the manifest names a shelf with its tickets."""
    from django.conf import settings

    from dip.programme.models import Performance
    from dip.warehouse.store.shelves import lane_folder, read_catalogue

    folder, newest = lane_folder(Path(settings.WAREHOUSE_HOME), "theatre"), sender.world.performances[:, -1, 0]
    theatre = dict(Performance.objects.filter(number__in=newest.tolist()).values_list("number", "theatre_id"))
    code = "import django; django.setup(); from dip.kernel import clock; from dip.warehouse.actions.applying import keep_applying; "
    applier = subprocess.Popen([sys.executable, "-c", f"{code}keep_applying(clock.now, seconds={batches + 60}, idle=20)"])
    time.sleep(5)
    waiting: dict[tuple[int, int], tuple[float, str]] = {}
    seconds: list[float] = []
    began = time.monotonic()
    for number in range(batches):
        place, columns = sender.columns()
        pair = (theatre[int(newest[place])], NEWEST)
        held = read_catalogue(folder)
        before = held.shelves[pair].folder if held and pair in held.shelves else ""
        _watch(folder, waiting, seconds, until=began + number)
        sender.land(place, columns)
        waiting[pair] = (time.monotonic(), before)
    lasted = time.monotonic() - began
    _watch(folder, waiting, seconds, until=time.monotonic() + 60)
    applier.wait(120)
    return {
        "batches": batches,
        "sent_per_second": round(batches / lasted, 2),
        "never_visible": len(waiting),
        "visible_p50_seconds": _round(statistics.median(seconds)),
        "visible_p95_seconds": _round(p95(seconds)),
    }


def _watch(folder: Path, waiting: dict[tuple[int, int], tuple[float, str]], seconds: list[float], until: float) -> None:
    """Look at the manifest until then, and note what has become visible."""
    from dip.warehouse.store.shelves import open_shelves

    shelves = open_shelves(folder.parent.parent)
    while True:
        catalogue = shelves.catalogue()
        for pair in [pair for pair, (_, before) in waiting.items() if catalogue and _folder(catalogue, pair) != before]:
            seconds.append(time.monotonic() - waiting.pop(pair)[0])
        left = until - time.monotonic()
        if left <= 0 or (not waiting and left > 2):
            return
        time.sleep(min(0.02, left))


def _folder(catalogue: Any, pair: tuple[int, int]) -> str:
    return catalogue.shelves[pair].folder if pair in catalogue.shelves else ""


def median(values: list[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def p95(values: list[float]) -> float:
    """The value below which 95 % lie."""
    return sorted(values)[min(len(values) - 1, round(0.95 * (len(values) - 1)))]


def _round(value: float) -> float:
    return round(value, 3)
