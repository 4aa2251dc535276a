"""A process that lands and applies, and is killed. One process waits, and forks a child for every try, so that a try costs little.

On standard input a line for every try, ``{"aim": name or null, "turn": n, "after": milliseconds or null}``; on standard output how it
ended: "killed" or "done". Aims wrap what the platform calls at that moment; nothing is put in its place.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path


def die(*_given, **_named):
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def aim_at(place, name, turn, *, before):
    """Die at the ``turn``-th call of ``place.name``, before or after it did its work."""
    real, count = getattr(place, name), 0

    def wrapped(*given, **named):
        nonlocal count
        count += 1
        if before and count == turn:
            die()
        answer = real(*given, **named)
        if not before and count == turn:
            die()
        return answer

    setattr(place, name, wrapped)


def aim_at_checkpoint(turn):
    """Die a moment after a checkpoint of the facts began, a little later at every turn."""
    from dip.warehouse.actions import applying

    real = applying.merge

    def merge(facts, landed):
        answer = real(facts, landed)
        threading.Timer(turn * 0.0007, die).start()
        while True:
            facts.connection.execute("UPDATE season SET tail = tail + 0")
            facts.connection.execute("CHECKPOINT")

        return answer

    applying.merge = merge


def take_aim(aim, turn):
    from dip.warehouse.actions import applying, landing, rewriting
    from dip.warehouse.store import landing as files
    from dip.warehouse.store.tickets import making
    from dip.warehouse.store.tickets.facts import TicketFacts

    aims = {
        "before the landed file": lambda: aim_at(files, "write", turn, before=True),
        "between landed file and receipt": lambda: aim_at(files, "write", turn, before=False),
        "after the receipt": lambda: aim_at(landing, "_receipt", turn, before=False),
        "before the rename of a landed file": lambda: aim_at(Path, "rename", turn, before=True),
        "after the rename of a landed file": lambda: aim_at(Path, "rename", turn, before=False),
        "before the merge": lambda: aim_at(applying, "merge", turn, before=True),
        "in the middle of the merge": lambda: aim_at(TicketFacts, "make_season", turn, before=False),
        "between the facts and the receipt": lambda: aim_at(applying, "merge", turn, before=False),
        "at the checkpoint": lambda: aim_at_checkpoint(turn),
        "before a shelf": lambda: aim_at(making, "finish_folder", turn, before=True),
        "before the manifest": lambda: aim_at(making, "swap_catalogue", turn, before=True),
        "before the rename of the manifest": lambda: aim_at(Path, "replace", turn, before=True),
        "after the rename of the manifest": lambda: aim_at(Path, "replace", turn, before=False),
        "before the pairs are forgotten": lambda: aim_at(TicketFacts, "forget_touched", turn, before=True),
        "between two rewritten files": lambda: aim_at(rewriting, "scrub", turn, before=False),
    }
    aims[aim]()


def work(spool):
    """Land what nobody has an answer for yet, two at a time, and apply."""
    from dip.kernel import clock
    from dip.registry.models import Organisation
    from dip.registry.terms import Role
    from dip.warehouse.actions import landing
    from dip.warehouse.actions.applying import apply_orders
    from tests.factories.registry import make_access
    from tests.warehouse.landing.conftest import ndjson

    acks = spool / "acks"
    told = set(acks.read_text().split()) if acks.exists() else set()
    for place, path in enumerate(sorted(spool.glob("*.json"))):
        if path.stem in told:
            continue
        given = json.loads(path.read_text())
        access = make_access(Organisation.objects.get(pk=given["organisation"]), Role.THEATRE)
        source = landing.source_for(access=access, at=clock.now(), system="pretix", account=given["account"])
        landing.land(access=access, at=clock.now(), source=source, delivery_id=given["id"], body=ndjson(*given["rows"]))
        with acks.open("a") as file:
            file.write(f"{path.stem}\n")
        if place % 2:
            apply_orders(clock.now())
    apply_orders(clock.now())


def attempt(spool, given):
    """One try in a child; how it ended."""
    child = os.fork()
    if not child:
        sys.stdin.close()
        os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
        if given["aim"]:
            take_aim(given["aim"], given["turn"])
        try:
            work(spool)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if given["after"] is not None:
        time.sleep(given["after"] / 1000)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return "killed" if os.WIFSIGNALED(status) else "done" if os.WEXITSTATUS(status) == 0 else "failed"


if __name__ == "__main__":
    import django

    django.setup()
    import duckdb  # noqa: F401  no connection yet: those are the children's own

    for line in sys.stdin:
        print(attempt(Path(sys.argv[1]), json.loads(line)), flush=True)
