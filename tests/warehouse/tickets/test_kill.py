"""``kill -9`` at random and at aimed moments, over and over, while orders come in: nothing is lost, nothing is doubled.

Twenty-two kills in the usual run, each aim among them; ``DIP_KILLS=50`` and more by hand.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.db import connection

from dip.kernel import clock
from dip.warehouse.actions import removals
from dip.warehouse.actions.applying import rebuild_orders, tend
from dip.warehouse.models import LandedBatch
from dip.warehouse.store.landing import folder_of
from tests.factories.registry import NOW
from tests.warehouse.tickets.conftest import ALL, apply, make_door
from tests.warehouse.tickets.oracle import expected
from tests.warehouse.tickets.reading import checksums, facts_of, published_of
from tests.warehouse.tickets.test_applying import of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
KILLS = int(os.environ.get("DIP_KILLS", "22"))
AIMS = (
    "before the landed file", "between landed file and receipt", "after the receipt", "before the rename of a landed file",
    "after the rename of a landed file", "before the merge", "in the middle of the merge", "between the facts and the receipt",
    "at the checkpoint", "before a shelf", "before the manifest", "before the rename of the manifest",
    "after the rename of the manifest", "before the pairs are forgotten", "between two rewritten files",
)  # fmt: skip


class Stream:
    """Deliveries with new tickets, corrections, cancellations, moves to another season, repeats, and older news that comes late."""

    def __init__(self, doors, spool):
        self.doors, self.spool, self.chance = doors, spool, random.Random(7)
        self.sent, self.count = [], 0

    def add(self):
        self.count += 1
        door = self.doors[self.count % len(self.doors)]
        chance, rows = self.chance, []
        for _ in range(40):
            ticket, version = chance.randrange(60 + 10 * self.count), chance.randrange(1 + self.count)
            state = chance.choice(("sold", "sold", "sold", "cancelled", "reserved", "exchanged"))
            told = random.Random(f"{door.source.pk} {ticket} {version}")  # the same version always says the same
            state = told.choice(("sold", "sold", "sold", "cancelled", "reserved", "exchanged"))
            rows.append(door.row(ticket, version=version, evening=told.randrange(3), state=state))
        if self.sent and chance.random() < 0.3:  # all of an earlier delivery again, under another id
            source, again = chance.choice(self.sent)
            door = next(one for one in self.doors if one.source.pk == source)
            rows = again
        self.sent.append((door.source.pk, rows))
        name = f"{self.count:05d}"
        given = {"id": f"k-{name}", "organisation": door.organisation.pk, "account": door.source.account, "rows": rows}
        part = self.spool / f"{name}.part"
        part.write_text(json.dumps(given))
        part.rename(self.spool / f"{name}.json")


@pytest.fixture
def folder(tmp_path):
    """In memory where there is such a place: a killed process leaves there what it wrote, too, and fifty kills take half the time."""
    memory = Path("/dev/shm")
    made = Path(tempfile.mkdtemp(prefix="dip-kill-", dir=memory)) if memory.is_dir() else tmp_path
    yield made
    if made != tmp_path:
        shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def victim(settings, tmp_path, folder):
    """Asks for tries; gives how each ended."""
    home, spool = folder / "home", folder / "spool"
    spool.mkdir()
    home.mkdir()
    settings.WAREHOUSE_HOME, settings.PSEUDONYM_KEYS = home / "warehouse", home / "keys"
    given = connection.settings_dict
    url = f"postgresql://{given['USER']}:{given['PASSWORD']}@/{given['NAME']}?host={given['HOST']}&port={given['PORT']}"
    environ = os.environ | {"DATABASE_URL": url, "DIP_HOME": str(home), "DJANGO_SETTINGS_MODULE": "dip.site.settings"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.warehouse.tickets.victim", str(spool)],
        env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=(tmp_path / "stderr").open("w"), text=True,
    )  # fmt: skip

    def attempt(aim=None, turn=1, after=None):
        process.stdin.write(json.dumps({"aim": aim, "turn": turn, "after": after}) + "\n")
        process.stdin.flush()
        ended = process.stdout.readline().strip()
        assert ended in {"killed", "done"}, (tmp_path / "stderr").read_text()[-3000:]
        return ended

    attempt.spool, attempt.home = spool, settings.WAREHOUSE_HOME
    yield attempt
    process.stdin.close()
    process.wait(30)


def test_killed_over_and_over_nothing_is_lost_and_nothing_is_doubled(victim):
    doors = [make_door("vlonder"), make_door("kade")]
    stream, chance = Stream(doors, victim.spool), random.Random(3)
    kills, hit = 0, set()
    for place in range(4 * KILLS):
        for _ in range(2):
            stream.add()
        aim = AIMS[place // 2 % len(AIMS)] if place % 2 else None
        ended = victim(aim=aim, turn=chance.randrange(1, 4), after=None if aim else chance.randrange(5, 400))
        if ended == "killed":
            kills += 1
            hit.add(aim)
        if kills == KILLS:
            break
    assert kills == KILLS
    assert len(hit) > min(10, KILLS // 5)
    assert victim() == "done"
    assert facts_of(victim.home) == expected(stream.sent)
    check_everything(victim, stream, doors)


def check_everything(victim, stream, doors, removed=()):
    """Facts, shelves, receipts and files agree with the wire and with each other, and with a rebuild."""
    whole = expected(stream.sent, removed)
    assert facts_of(victim.home) == whole
    shelved = {}
    for found in published_of(victim.home).values():
        for key, count in found.items():
            shelved[key] = shelved.get(key, 0) + count
    assert shelved == of(whole)
    batches = LandedBatch.objects.across_tenants(ALL)
    assert batches.count() == len(stream.sent)
    assert not batches.exclude(state="applied").exists()
    assert all((folder_of(victim.home) / name).exists() for name in batches.exclude(file="").values_list("file", flat=True))
    tend(clock.now())
    before = checksums(victim.home)
    rebuild_orders(clock.now())
    assert checksums(victim.home) == before


def test_killed_while_things_are_removed(victim):
    doors = [make_door("vlonder"), make_door("kade")]
    stream = Stream(doors, victim.spool)
    for _ in range(6):
        stream.add()
    assert victim() == "done"
    number = doors[0].evenings[1].number
    removals.exclude_performance(access=doors[0].access, at=NOW, number=number)
    aims = ("between two rewritten files", "in the middle of the merge", "before the rename of the manifest", "at the checkpoint")
    ended = [victim(aim=aim, turn=turn) for turn, aim in enumerate(aims, 1)]
    assert "killed" in ended
    assert victim() == "done"
    apply()
    check_everything(victim, stream, doors, removed=[number])
