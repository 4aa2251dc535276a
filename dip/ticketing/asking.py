"""Questions to a ticketing system over HTTP: patient with hiccups, bounded in size and time, every failure one of the contract's troubles."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, NamedTuple, Self

import httpx
import msgspec

from dip.registry.outgoing import UnableToCall, client
from dip.ticketing.connector import Trouble, UnableToRead

#: Seconds to wait before asking once more what failed on the way; a longer wait that the system asks for ends the reading.
PAUSES = (0.5, 2.0)
#: Seconds between two pieces of an answer: of a reading, and of a test that somebody waits for.
PATIENT, IMPATIENT = 30.0, 8.0
#: Bytes and seconds of one answer.
LARGEST, LONGEST = 32 * 2**20, 120.0
_DAY = 24 * 3600.0
Params = Mapping[str, Any]


class Answer(NamedTuple):
    """The JSON object that came back, with the headers beside it."""

    body: Any
    headers: Mapping[str, str]

    @property
    def at(self) -> datetime:
        """The moment of the answer by the system's own clock."""
        try:
            return parsedate_to_datetime(self.headers["Date"]).astimezone(UTC)
        except (KeyError, ValueError) as error:
            raise UnableToRead(Trouble.ANSWER, "the answer has no date") from error


class Asker:
    """Asks below one address. Use it as a context manager. Raises :class:`UnableToRead` and nothing else.

    ``before``: called before each question, to keep a pace; ``signed``: the headers that a question of this moment needs.
    """

    def __init__(
        self,
        address: str,
        *,
        patient: bool,
        before: Callable[[], None] | None = None,
        signed: Callable[[], dict[str, str]] = dict,
    ) -> None:
        self.address = address
        self.asked = 0
        self._before, self._signed = before, signed
        self._pauses = PAUSES if patient else ()
        self._client = client(headers={"Accept": "application/json"}, timeout=PATIENT if patient else IMPATIENT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    def get(self, path: str, params: Params | None = None) -> Answer:
        """One answer from below the address."""
        return self.ask(self.address + path, params)

    def ask(self, url: str, params: Params | None = None, sent: Any = None) -> Answer:
        """One answer; ``sent``, when given, is posted as JSON."""
        for pause in self._pauses:
            try:
                return self._once(url, params, sent)
            except UnableToRead as error:
                waits = pause if error.retry_after is None else error.retry_after
                if error.trouble not in (Trouble.AWAY, Trouble.LIMIT) or waits > PAUSES[-1]:
                    raise
                time.sleep(waits)
        return self._once(url, params, sent)

    def _once(self, url: str, params: Params | None, sent: Any) -> Answer:
        if self._before is not None:
            self._before()
        self.asked += 1
        name = url.removeprefix(self.address).partition("?")[0]
        method = "GET" if sent is None else "POST"
        try:
            with self._client.stream(method, url, params=params, json=sent, headers=self._signed()) as response:
                refuse(response, name)
                body = msgspec.json.decode(_whole(response, name))
        except UnableToCall as error:
            raise UnableToRead(Trouble.ADDRESS, str(error)) from error
        except httpx.InvalidURL as error:
            raise UnableToRead(Trouble.ADDRESS, f"{name}: {error}") from error
        except httpx.HTTPError as error:
            raise UnableToRead(Trouble.AWAY, f"{name}: {type(error).__name__}") from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UnableToRead(Trouble.ANSWER, f"{name}: no JSON") from error
        if not isinstance(body, dict):
            raise UnableToRead(Trouble.ANSWER, f"{name}: an object was expected")
        return Answer(body, response.headers)


def _whole(response: httpx.Response, name: str) -> bytes:
    """The bytes of an answer, which must end in time and before it is too large."""
    started, pieces, size = time.monotonic(), [], 0
    for piece in response.iter_bytes():
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST or time.monotonic() - started > LONGEST:
            raise UnableToRead(Trouble.ANSWER, f"{name}: the answer does not end")
    return b"".join(pieces)


def refuse(response: httpx.Response, name: str) -> None:
    """Raise the trouble that the status stands for."""
    status = response.status_code
    if status == httpx.codes.OK:
        return
    troubles = {401: Trouble.CREDENTIALS, 403: Trouble.RIGHTS, 404: Trouble.ADDRESS, 429: Trouble.LIMIT}
    trouble = Trouble.AWAY if response.is_server_error else troubles.get(status, Trouble.ANSWER)
    trouble = Trouble.ADDRESS if response.is_redirect else trouble
    told = f"{name}: {status} {response.headers.get('Location', '')}".strip()[:200]
    raise UnableToRead(trouble, told, _retry_after(response) if trouble in (Trouble.AWAY, Trouble.LIMIT) else None)


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds to wait as the header says: a number, or a date beside the answer's own date."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdigit():
        return min(float(value), _DAY)
    try:
        until, now = parsedate_to_datetime(value), parsedate_to_datetime(response.headers["Date"])
        return min(max((until - now).total_seconds(), 0.0), _DAY)
    except (ValueError, KeyError, TypeError):
        return None
