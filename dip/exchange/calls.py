"""Calling an endpoint: one signed POST, bounded in time and in what is read of the answer. No tables."""

import time
from datetime import datetime

import httpx

from dip.exchange.rules.retries import asked_wait
from dip.exchange.rules.signing import signed_headers
from dip.exchange.terms import Reply, Taken
from dip.registry.outgoing import UnableToCall

#: Seconds that an endpoint has to answer; the standard advises 15 to 30.
TIMEOUT = 15.0
#: Characters of an answer that are kept, and bytes that are read of it.
KEPT, MOST_BYTES = 500, 4096
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"


def call(http: httpx.Client, taken: Taken, at: datetime) -> Reply:
    """Send a notice as it stands, and tell what came back; never raises for what the other side does."""
    if not taken.secrets:
        return Reply(None, "", "No signing secret can be read. Rotate the secret.")
    headers = {"Content-Type": CONTENT_TYPE, **signed_headers(taken.secrets, taken.message_id, at, taken.body)}
    began = time.perf_counter()
    try:
        with http.stream("POST", taken.url, content=taken.body, headers=headers) as response:
            text = _begin_of(response, began)
            wait = asked_wait(response.headers.get("Retry-After", ""), at)
            return Reply(response.status_code, _clean(text, KEPT), "", _since(began), wait)
    except (UnableToCall, httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, RuntimeError, ValueError) as error:
        # RuntimeError: the client was closed because the time of the run is over; ValueError: an address that cannot be written
        told = "No answer in time." if isinstance(error, httpx.TimeoutException) else str(error)
        return Reply(None, "", _clean(told or type(error).__name__, 300), _since(began))


def _begin_of(response: httpx.Response, began: float) -> str:
    """The first bytes of an answer as text; reading ends when enough is there or the time is over."""
    read = b""
    for piece in response.iter_bytes(1024):
        read += piece
        if len(read) >= MOST_BYTES or time.perf_counter() - began > TIMEOUT:
            break
    return read[:MOST_BYTES].decode(errors="replace")


def _clean(text: str, most: int) -> str:
    """Without what a table cannot hold."""
    return text.replace("\x00", "")[:most]


def _since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
