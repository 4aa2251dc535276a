"""Questions to pretix' REST API: paced, patient with hiccups, and every failure told as one of the troubles of the contract."""

import time
from collections import deque
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, NamedTuple

import httpx
import msgspec

from dip.registry.outgoing import UnableToCall, client
from dip.ticketing.connector import Account, Trouble, UnableToRead

#: pretix gives at most this many rows at once.
PAGE = 50
#: Questions a minute: its hosted edition allows 360.
PACE, MINUTE = 330, 60.0
#: Seconds to wait before asking once more what failed on the way; a longer wait that pretix asks for ends the reading.
PAUSES = (0.5, 2.0)
#: Seconds between two pieces of an answer: of a reading, and of a test that somebody waits for.
PATIENT, IMPATIENT = 30.0, 8.0
_LARGEST = 32 * 2**20
_LONGEST = 120.0
Params = Mapping[str, Any]


class Pace:
    """Counts the questions of one connector, and holds back the one that would be too many in a minute."""

    def __init__(self) -> None:
        self.asked = 0
        self._latest: deque[float] = deque(maxlen=PACE)

    def keep(self) -> None:
        """Wait until one more question may be asked."""
        now = time.monotonic()
        if len(self._latest) == PACE and now - self._latest[0] < MINUTE:
            time.sleep(MINUTE - (now - self._latest[0]))
        self._latest.append(time.monotonic())
        self.asked += 1


class Answer(NamedTuple):
    """What came back: the JSON object, and the moment of pretix' own clock at which the list was made ("" on other answers)."""

    body: dict[str, Any]
    generated: str


class Client:
    """Asks one organizer's API. Use it as a context manager. Raises :class:`UnableToRead` and nothing else."""

    def __init__(self, account: Account, pace: Pace, *, patient: bool = True) -> None:
        self._account = account
        self._pace = pace
        self._pauses = PAUSES if patient else ()
        headers = {"Authorization": f"Token {account.secret}", "Accept": "application/json"}
        self._client = client(headers=headers, timeout=PATIENT if patient else IMPATIENT)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    def version(self) -> dict[str, Any]:
        """What the installation says of itself."""
        return self._ask(f"{self._account.address}/api/v1/version", {}).body

    def get(self, path: str, params: Params | None = None) -> Answer:
        """One object or one page of the organizer."""
        return self._ask(f"{self._account.address}/api/v1/organizers/{self._account.account}/{path}", params or {})

    def may(self, path: str) -> bool:
        """Whether the token may read ``path``."""
        try:
            self.get(path, {"page_size": 1})
        except UnableToRead as error:
            if error.trouble in (Trouble.RIGHTS, Trouble.ADDRESS):
                return False
            raise
        return True

    def pages(self, path: str, params: Params | None = None) -> Iterator[Answer]:
        """Page after page. The address of the next page is not followed, so the token goes nowhere else."""
        page = 1
        while True:
            answer = self.get(path, {"page_size": PAGE, **(params or {}), **({"page": page} if page > 1 else {})})
            if not isinstance(answer.body.get("results"), list):
                raise UnableToRead(Trouble.ANSWER, f"{path}: a list was expected")
            yield answer
            if not answer.body.get("next"):
                return
            page += 1

    def rows(self, path: str, params: Params | None = None) -> Iterator[dict[str, Any]]:
        """Row after row of every page."""
        for answer in self.pages(path, params):
            yield from answer.body["results"]

    def _ask(self, url: str, params: Params) -> Answer:
        for pause in self._pauses:
            try:
                return self._once(url, params)
            except UnableToRead as error:
                waits = pause if error.retry_after is None else error.retry_after
                if error.trouble not in (Trouble.AWAY, Trouble.LIMIT) or waits > PAUSES[-1]:
                    raise
                time.sleep(waits)
        return self._once(url, params)

    def _once(self, url: str, params: Params) -> Answer:
        self._pace.keep()
        name = url.partition("/api/v1/")[2]
        started = time.monotonic()
        try:
            with self._client.stream("GET", url, params=params) as response:
                _refuse(response, name)
                pieces, size = [], 0
                for piece in response.iter_bytes():
                    pieces.append(piece)
                    size += len(piece)
                    if size > _LARGEST or time.monotonic() - started > _LONGEST:
                        raise UnableToRead(Trouble.ANSWER, f"{name}: the answer does not end")
                body = msgspec.json.decode(b"".join(pieces))
                generated = response.headers.get("X-Page-Generated", "")
        except UnableToCall as error:
            raise UnableToRead(Trouble.ADDRESS, str(error)) from error
        except httpx.InvalidURL as error:
            raise UnableToRead(Trouble.ADDRESS, f"{name}: {error}") from error
        except httpx.HTTPError as error:
            raise UnableToRead(Trouble.AWAY, f"{name}: {type(error).__name__}") from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UnableToRead(Trouble.ANSWER, f"{name}: no JSON ({error})") from error
        if not isinstance(body, dict):
            raise UnableToRead(Trouble.ANSWER, f"{name}: an object was expected")
        return Answer(body, generated)


def _refuse(response: httpx.Response, name: str) -> None:
    """Raise the trouble that the status stands for."""
    status = response.status_code
    if status == httpx.codes.OK:
        return
    told = f"{name}: {status}"
    if status == httpx.codes.UNAUTHORIZED:
        raise UnableToRead(Trouble.CREDENTIALS, told)
    if status == httpx.codes.FORBIDDEN:
        raise UnableToRead(Trouble.RIGHTS, told)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        raise UnableToRead(Trouble.LIMIT, told, _retry_after(response))
    if status == httpx.codes.NOT_FOUND or response.is_redirect:
        raise UnableToRead(Trouble.ADDRESS, f"{told} {response.headers.get('Location', '')}".strip()[:200])
    if response.is_server_error:
        raise UnableToRead(Trouble.AWAY, told, _retry_after(response))
    raise UnableToRead(Trouble.ANSWER, told)


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds to wait as the header says: a number, or a date beside the answer's own date."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdigit():
        return min(float(value), 24 * 3600.0)
    try:
        until, now = parsedate_to_datetime(value), parsedate_to_datetime(response.headers["Date"])
        return min(max((until - now).total_seconds(), 0.0), 24 * 3600.0)
    except (ValueError, KeyError, TypeError):
        return None
