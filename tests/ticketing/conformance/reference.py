"""A small ticketing system that does everything right, and its connector: the measure against which broken ones are made."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from dip.ticketing.connector import (
    Account,
    Changes,
    Greeting,
    SourceLine,
    SourcePerformance,
    SourceSnapshot,
    Trouble,
    UnableToRead,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOKEN = "reference-token-4711"
ACCOUNT = Account(address="https://kassa.example", account="de-vlonder", secret=TOKEN)


@dataclass
class Clock:
    """A clock that goes on a second each time somebody looks."""

    moment: datetime = NOW

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


@dataclass
class Kassa:
    """What the invented box office holds: sold tickets by performance and kind."""

    clock: Clock = field(default_factory=Clock)
    sold: dict[str, dict[str, int]] = field(
        default_factory=lambda: {f"evening-{n}": {"Normaal": 40 + n, "Jongeren": 10, "Vrijkaart": 3} for n in range(1, 7)}
    )


KINDS = {"Normaal": ("normal", 2500), "Jongeren": ("discount", 1500), "Vrijkaart": ("free", 0)}


class Reference:
    """The connector to :class:`Kassa`."""

    def __init__(self, account: Account, kassa: Kassa) -> None:
        self.account, self.kassa = account, kassa

    def _call(self) -> None:
        if urlsplit(self.account.address).hostname != "kassa.example":
            raise UnableToRead(Trouble.ADDRESS, f"{self.account.address} is not known")
        if self.account.secret != TOKEN:
            raise UnableToRead(Trouble.CREDENTIALS, "the system answers 401")

    def greet(self) -> Greeting:
        self._call()
        return Greeting("Kassa", "3.1", self.account.account, performance_count=len(self.kassa.sold))

    def performances(self) -> Iterator[SourcePerformance]:
        self._call()
        for day, ref in enumerate(self.kassa.sold, start=1):
            starts_at = NOW.replace(hour=19, minute=15) + timedelta(days=day)
            yield SourcePerformance(ref, "De Vlonder", starts_at, "Grote Zaal", f"NL-26-00123-00279|{104_500 + day}")

    def changes(self, cursor: str) -> Changes:
        self._call()
        changed = frozenset(self.kassa.sold) if not cursor else frozenset()
        return Changes(changed, self.kassa.clock().isoformat())

    def snapshots(self, refs: frozenset[str]) -> Iterator[SourceSnapshot]:
        if not refs:
            return
        self._call()
        for ref in sorted(refs & set(self.kassa.sold)):
            yield self.snapshot(ref)

    def snapshot(self, ref: str) -> SourceSnapshot:
        lines = tuple(
            SourceLine(source, KINDS[source][0], tickets, tickets * KINDS[source][1], tickets * KINDS[source][1] * 9 // 109)
            for source, tickets in self.kassa.sold[ref].items()
        )
        return SourceSnapshot(ref, self.kassa.clock(), lines, capacity=400, reserved=5, reserved_cents=12_500, blocked=8)
