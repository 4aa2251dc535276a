"""Asking a connector everything that the checks look at: each question once or twice, and what came back, errors included."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from dip.ticketing.connector import Account, Connector, Trouble, UnableToRead

#: Performances whose state is asked, at most: the first by their name in the system.
SAMPLE = 200
_NOBODY = "nobody-lives-here.invalid"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and what came of it: an ``answer``, a ``trouble`` as the contract knows it, or an ``accident`` that it forbids."""

    question: str
    asked_at: datetime
    answered_at: datetime
    answer: Any = None
    trouble: Trouble | None = None
    detail: str = ""
    accident: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether an answer came."""
        return self.trouble is None and not self.accident


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything that was asked. Answers of records are tuples in the order in which they came."""

    account: Account
    greeting: Asked
    listing: Asked
    listing_again: Asked
    beginning: Asked
    """Changes since the empty cursor."""
    states: Asked
    states_again: Asked
    since: Asked
    """Changes since the cursor of ``beginning``."""
    unknown: Asked
    """States of performances that do not exist."""
    nothing: Asked
    """States of no performance at all."""
    wrong_secret: Asked
    wrong_address: Asked
    asked_refs: frozenset[str]
    unknown_refs: frozenset[str]

    @property
    def questions(self) -> tuple[Asked, ...]:
        """All of them, in the order in which they were asked."""
        return (
            self.greeting,
            self.listing,
            self.listing_again,
            self.beginning,
            self.states,
            self.states_again,
            self.since,
            self.unknown,
            self.nothing,
            self.wrong_secret,
            self.wrong_address,
        )


def observe(
    opened: Callable[[Account], Connector], account: Account, *, clock: Callable[[], datetime], sample: int = SAMPLE
) -> Observation:
    """Ask everything of the account, reading only; at most ``sample`` performances are asked for their state, twice.

    ``opened`` makes a connector of an account; ``clock`` tells the moment. Nothing is raised: accidents are part of what is seen.
    """

    def ask(question: str, call: Callable[[], Any]) -> Asked:
        asked_at = clock()
        try:
            answer = call()
        except UnableToRead as error:
            return Asked(question, asked_at, clock(), trouble=error.trouble, detail=error.detail)
        except Exception as error:  # what a connector may not raise is a finding, whatever it is
            return Asked(question, asked_at, clock(), accident=f"{type(error).__name__}: {error}"[:300])
        return Asked(question, asked_at, clock(), answer)

    def states(refs: frozenset[str]) -> tuple[Any, ...]:
        return tuple(opened(account).snapshots(refs))

    listing = ask("performances()", lambda: tuple(opened(account).performances()))
    refs = frozenset(sorted(_refs(listing.answer or ()))[:sample])
    beginning = ask('changes("")', lambda: opened(account).changes(""))
    cursor = getattr(beginning.answer, "cursor", "")
    first = next(iter(sorted(refs)), "1")
    unknown = frozenset({f"{first}00000000", "no-such-performance"}) - _refs(listing.answer or ())
    wrong = replace(account, secret=secrets.token_hex(16))
    away = replace(account, address=f"{urlsplit(account.address).scheme or 'https'}://{_NOBODY}")
    return Observation(
        account=account,
        greeting=ask("greet()", lambda: opened(account).greet()),
        listing=listing,
        listing_again=ask("performances(), again", lambda: tuple(opened(account).performances())),
        beginning=beginning,
        states=ask(f"snapshots(of {len(refs)})", lambda: states(refs)),
        states_again=ask(f"snapshots(of {len(refs)}), again", lambda: states(refs)),
        since=ask("changes(its own cursor)", lambda: opened(account).changes(cursor)),
        unknown=ask("snapshots(of unknown ones)", lambda: states(unknown)),
        nothing=ask("snapshots(of none)", lambda: states(frozenset())),
        wrong_secret=ask("greet() with a wrong token", lambda: opened(wrong).greet()),
        wrong_address=ask("greet() at an address where nobody lives", lambda: opened(away).greet()),
        asked_refs=refs,
        unknown_refs=unknown,
    )


def _refs(performances: Iterable[Any]) -> frozenset[str]:
    return frozenset(ref for one in performances if isinstance(ref := getattr(one, "ref", None), str))
