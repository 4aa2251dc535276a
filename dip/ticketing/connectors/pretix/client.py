"""Questions to pretix' REST API: its addresses, its pace, its pages, and what a token may read."""

import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from dip.ticketing.asking import Answer, Asker, Params
from dip.ticketing.connector import Account, Trouble, UnableToRead

#: pretix gives at most this many rows at once.
PAGE = 50
#: Questions a minute: its hosted edition allows 360.
PACE, MINUTE = 330, 60.0


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


class Client(Asker):
    """Asks one organizer's API."""

    def __init__(self, account: Account, pace: Pace, *, patient: bool = True) -> None:
        self._account = account
        authorization = {"Authorization": f"Token {account.secret}"}
        address = f"{account.address}/api/v1/organizers/{account.account}/"
        super().__init__(address, patient=patient, before=pace.keep, signed=lambda: authorization)

    def version(self) -> dict[str, Any]:
        """What the installation says of itself."""
        return dict(self.ask(f"{self._account.address}/api/v1/version").body)

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


def made(answer: Answer) -> str:
    """The moment of pretix' own clock at which a list was made; "" on other answers."""
    return answer.headers.get("X-Page-Generated", "")
