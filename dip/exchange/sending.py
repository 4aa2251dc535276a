"""Sending a handful of notices side by side, and settling each."""

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from datetime import datetime

from dip.exchange.actions.deliveries import settle
from dip.exchange.calls import TIMEOUT, call
from dip.exchange.terms import NoticeState, Reply, Taken
from dip.registry import outgoing


def send_all(batch: Sequence[Taken], clock: Callable[[], datetime], *, timeout: float = TIMEOUT) -> list[NoticeState | None]:
    """The state of each notice afterwards. Threads only call; tables are this thread's. ``timeout``: seconds for all together.

    An endpoint that lets its answer drip is cut off: closing the client ends its calls.
    """
    pool = ThreadPoolExecutor(max_workers=max(1, len(batch)))
    states: list[NoticeState | None] = []
    with outgoing.client(timeout=timeout) as http:
        running = [(taken, pool.submit(call, http, taken, clock())) for taken in batch]
        ends = time.monotonic() + timeout + 0.5
        for taken, future in running:
            try:
                reply = future.result(timeout=max(0.0, ends - time.monotonic()))
            except TooLong:
                reply = Reply(None, "", "No answer in time.", round(timeout * 1000))
            chance = random.random()  # noqa: S311  # spreads retries, guards nothing
            states.append(settle(taken=taken, reply=reply, at=clock(), chance=chance))
    pool.shutdown(wait=False, cancel_futures=True)
    return states
