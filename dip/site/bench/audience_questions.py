"""The questions of the Audience Monitor, timed: from the published files, warm and cold.

Warm: the files are in the page cache and the process has answered other scopes; the scope itself was not asked before, so no kept answer
helps. Again: the same scope a second time. Cold: a process that has opened no file yet, and every published file out of the page cache
(``posix_fadvise``). Every round runs in a fork of its own, so nothing is kept from one to the next.
"""

import gc
import json
import os
import random
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dip.registry.terms import Access, Level, Module, Role

#: Scopes of a kind; of those, asked cold.
SCOPES, COLD = 60, 25
_RIGHTS = {Module.AUDIENCE: Level.MANAGE, Module.PROGRAMME: Level.VIEW}
Ask = tuple[str, Callable[[], object]]


def scopes(season: int, count: int) -> dict[str, list[tuple[Access, Any]]]:
    """Kind → (who asks, about what), drawn evenly: small and large alike."""
    from dip.programme.models import Production, Theatre
    from dip.warehouse.queries.audience import AudienceScope

    chance = random.Random(season)  # noqa: S311  figures, not secrets
    productions = list(Production.objects.filter(season_year=season).select_related("producer").order_by("pk"))
    theatres = list(Theatre.objects.select_related("organisation").order_by("pk"))
    made: dict[str, list[tuple[Access, Any]]] = {"production": [], "theatre": [], "season": []}
    for one in chance.sample(productions, min(count, len(productions))):
        access = Access(one.producer_id, one.producer.name, Role.PRODUCER, _RIGHTS, actor="bench")
        made["production"].append((access, AudienceScope("production", dip_id=one.dip_id, season_year=season)))
        made["season"].append((access, AudienceScope("season", season_year=season)))
    for place in chance.sample(theatres, min(count, len(theatres))):
        owner = place.organisation
        if owner:
            access = Access(owner.pk, owner.name, Role.THEATRE, _RIGHTS, actor="bench")
            made["theatre"].append((access, AudienceScope("theatre", theatre_id=place.pk, season_year=season)))
    return made


def questions() -> dict[str, tuple[str, Callable[[Access, Any], object]]]:
    """Name → (kind of scope, how it is asked)."""
    from dip.warehouse.queries import audience as door

    return {
        "audience of a production": ("production", door.audience),
        "audience of a theatre": ("theatre", door.audience),
        "audience of the nation": ("season", door.audience),
        "list of a provider's productions": ("season", lambda access, scope: door.of_season(access, scope.season_year)),
        "origin of a production by PC4": ("production", lambda access, scope: door.origin(access, scope, "pc4")),
        "origin of a theatre by PC4": ("theatre", lambda access, scope: door.origin(access, scope, "pc4")),
        "origin of the nation by municipality": ("season", lambda access, scope: door.origin(access, scope, "municipality")),
        "underserved areas of a theatre": ("theatre", door.underserved),
        "also bought": ("production", door.also_bought),
        "overlap of a theatre": ("theatre", door.overlap),
    }


def measure(home: Path, season: int, *, count: int = SCOPES, cold: int = COLD) -> dict[str, dict[str, Any]]:
    """Question → seconds of each scope, warm, again and cold; wall and processor."""
    from django.db import connections

    from dip.warehouse.store.shelves import forget_shelves

    drawn = scopes(season, count)
    asked = {name: [_ask(how, pair) for pair in drawn[kind]] for name, (kind, how) in questions().items()}
    connections.close_all()
    forget_shelves()
    gc.collect()
    found: dict[str, dict[str, Any]] = {}
    for name, each in asked.items():
        others = [ask for other, asks in asked.items() if other != name for ask in asks[-2:]]
        warm = _forked(lambda each=each, others=others: _warm(each, others))  # type: ignore[misc]
        found[name] = {**warm, "cold": [_forked(lambda ask=ask: _cold(home, ask)) for ask in each[:cold]]}  # type: ignore[misc]
    return found


def _ask(how: Callable[[Access, Any], object], pair: tuple[Access, Any]) -> Callable[[], object]:
    return lambda: how(*pair)


def _warm(each: list[Callable[[], object]], others: list[Callable[[], object]]) -> dict[str, list[float]]:
    for ask in others:
        ask()
    for path in _files():
        path.read_bytes()
    each[-1]()
    first, cpu, again = [], [], []
    for ask in each[:-1] or each:
        used = time.process_time()
        first.append(_seconds(ask))
        cpu.append(time.process_time() - used)
        again.append(_seconds(ask))
    return {"warm": first, "warm_cpu": cpu, "again": again}


def _cold(home: Path, ask: Callable[[], object]) -> float:
    from django.db import connection

    from dip.warehouse.store.engine import open_reader

    open_reader().close()  # a worker has the engine and a connection; what it has not is the files
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    evict(home)
    return _seconds(ask)


def _seconds(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def _files() -> Iterator[Path]:
    """Published files of both lanes that questions read."""
    from django.conf import settings

    for lane in ("theatre", "national"):
        for path in (Path(settings.WAREHOUSE_HOME) / "audience" / lane / "parts").glob("*/*.parquet"):
            if path.stem in {"audience_cell", "audience_visitor", "audience_area"} or lane == "national":
                yield path


def evict(home: Path) -> None:
    """Take every published file under ``home`` out of the page cache: all that is there is on disk already."""
    for path in (home / "audience").rglob("*.*"):
        if path.suffix not in {".parquet", ".json"}:
            continue
        handle = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)


def _forked(act: Callable[[], Any]) -> Any:
    """What ``act`` answers in a fork of this process."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            with os.fdopen(writer, "w") as file:
                json.dump(act(), file)
            os._exit(0)
        except BaseException:
            traceback.print_exc(file=sys.stderr)
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader) as file:
        told = file.read()
    if os.waitpid(child, 0)[1]:
        raise RuntimeError("a question failed; see above")
    return json.loads(told)
