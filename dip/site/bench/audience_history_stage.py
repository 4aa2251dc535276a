"""Makes the sector and its history, and measures; prints one JSON object. Run with its own ``DIP_HOME`` and database."""

import json
import sys
from pathlib import Path
from typing import Any

from dip.site.bench import audience_batches, audience_peers, audience_questions
from dip.site.bench.audience_history import SCALES, Scale
from dip.site.bench.audience_tickets import NEWEST, World
from dip.site.bench.audience_world import build, publish, say, stream


def measure(scale: Scale) -> dict[str, Any]:
    """First with the newest season alone, then with the seasons before it, where there are any; the peers have the newest season."""
    world = build(scale.size)
    stream(world, [NEWEST])
    found = {"season": _figures(world, scale, 0)}
    if scale.size.seasons > 1:
        stream(world, scale.size.years[:-1])
        found["history"] = _figures(world, scale, 100_000)
    return found | {"peers": _peers(world, scale)}


def _figures(world: World, scale: Scale, turn: int) -> dict[str, Any]:
    from django.conf import settings

    home = Path(settings.WAREHOUSE_HOME)
    seconds, shelves = publish()
    say(f"published {shelves} shelves in {seconds} s")
    asked = audience_questions.measure(home, NEWEST, count=scale.scopes, cold=scale.cold)
    say("the questions are asked")
    sender = audience_batches.Sender(world, scale.rows, turn)
    alone = audience_batches.alone(sender, scale.alone)
    say("one batch a second")
    told = {name: _told(each) for name, each in asked.items()}
    return {
        "publishing": {"seconds": seconds, "shelves": shelves},
        "batch": alone,
        "stream": audience_batches.each_second(sender, scale.batches) if scale.batches else {},
        "questions": told,
        "bytes": _sizes(home),
    }


def _told(each: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    """Milliseconds."""
    return {
        name: {"p50": round(1e3 * audience_batches.median(values), 1), "p95": round(1e3 * audience_batches.p95(values), 1)}
        for name, values in each.items()
    }


def _peers(world: World, scale: Scale) -> dict[str, Any]:
    from django.conf import settings

    sender = audience_batches.Sender(world, scale.rows, 200_000)
    raw = audience_peers.duckdb_raw(world, Path(settings.WAREHOUSE_HOME), scale.raw)
    say("raw DuckDB is asked")
    return {"duckdb": raw, "postgres": audience_peers.postgres(world, sender, scale.raw, scale.alone)}


def _sizes(home: Path) -> dict[str, int]:
    shelves = sum(path.stat().st_size for path in (home / "audience").rglob("*.parquet"))
    return {"facts": (home / "tickets.duckdb").stat().st_size, "shelves": shelves}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure(SCALES[sys.argv[1]])))
