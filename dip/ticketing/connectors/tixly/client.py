"""Questions to Tixly: patient with hiccups, and every failure told as one of the troubles of the contract."""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, NamedTuple

import httpx
import msgspec

from dip.registry.outgoing import UnableToCall, client
from dip.ticketing.connector import Account, Trouble, UnableToRead

PAGE = 500
#: Seconds to wait before asking once more what failed on the way.
PAUSES = (0.5, 2.0)
PATIENT, IMPATIENT = 30.0, 8.0
_LARGEST = 32 * 2**20


class Answer(NamedTuple):
    """The JSON object that came back, and the system's own clock."""

    body: Any
    at: datetime


class Client:
    """Asks one account. Use it as a context manager. Raises :class:`UnableToRead` and nothing else."""

    def __init__(self, account: Account, *, patient: bool = True) -> None:
        self._address = f"{account.address}/api/{account.account}/"
        self._pauses = PAUSES if patient else ()
        headers = {"Authorization": f"Bearer {account.secret}", "Accept": "application/json"}
        self._client = client(headers=headers, timeout=PATIENT if patient else IMPATIENT)
        self.asked = 0

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        """One answer."""
        return self._ask(self._address + path, params)

    def pages(self, path: str, params: Mapping[str, Any]) -> Iterator[Answer]:
        """Page after page, by the link to the next one; a link that leads elsewhere is not followed, so the token goes nowhere else."""
        answer = self.get(path, {"pageSize": PAGE, **params})
        while True:
            if not isinstance(answer.body.get("Items"), list):
                raise UnableToRead(Trouble.ANSWER, f"{path}: a list was expected")
            yield answer
            following = answer.body.get("Next")
            if not following:
                return
            if not following.startswith(self._address):
                raise UnableToRead(Trouble.ANSWER, f"{path}: the next page lies elsewhere")
            answer = self._ask(following, None)

    def rows(self, path: str, params: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Row after row of every page."""
        for answer in self.pages(path, params):
            yield from answer.body["Items"]

    def _ask(self, url: str, params: Mapping[str, Any] | None) -> Answer:
        for pause in self._pauses:
            try:
                return self._once(url, params)
            except UnableToRead as error:
                waits = pause if error.retry_after is None else error.retry_after
                if error.trouble not in (Trouble.AWAY, Trouble.LIMIT) or waits > PAUSES[-1]:
                    raise
                time.sleep(waits)
        return self._once(url, params)

    def _once(self, url: str, params: Mapping[str, Any] | None) -> Answer:
        name = url.removeprefix(self._address).partition("?")[0]
        self.asked += 1
        try:
            response = self._client.get(url, params=params)
            refuse(response, name)
            body = msgspec.json.decode(response.content)
        except UnableToCall as error:
            raise UnableToRead(Trouble.ADDRESS, str(error)) from error
        except httpx.InvalidURL as error:
            raise UnableToRead(Trouble.ADDRESS, f"{name}: {error}") from error
        except httpx.HTTPError as error:
            raise UnableToRead(Trouble.AWAY, f"{name}: {type(error).__name__}") from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UnableToRead(Trouble.ANSWER, f"{name}: no JSON") from error
        if not isinstance(body, dict) or len(response.content) > _LARGEST:
            raise UnableToRead(Trouble.ANSWER, f"{name}: an object was expected")
        return Answer(body, clock_of(response))


def refuse(response: httpx.Response, name: str) -> None:
    """Raise the trouble that the status stands for."""
    status = response.status_code
    if status == httpx.codes.OK:
        return
    wait = response.headers.get("Retry-After", "")
    troubles = {401: Trouble.CREDENTIALS, 403: Trouble.RIGHTS, 404: Trouble.ADDRESS, 429: Trouble.LIMIT}
    trouble = Trouble.AWAY if response.is_server_error else troubles.get(status, Trouble.ANSWER)
    trouble = Trouble.ADDRESS if response.is_redirect else trouble
    raise UnableToRead(trouble, f"{name}: {status}", float(wait) if wait.isdigit() else None)


def clock_of(response: httpx.Response) -> datetime:
    """The moment of the answer by the system's own clock."""
    try:
        return parsedate_to_datetime(response.headers["Date"]).astimezone(UTC)
    except (KeyError, ValueError) as error:
        raise UnableToRead(Trouble.ANSWER, "the answer has no date") from error
