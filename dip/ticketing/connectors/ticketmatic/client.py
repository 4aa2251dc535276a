"""Questions to Ticketmatic: its addresses, its signed requests, its pages and its read-only queries."""

import hashlib
import hmac
import time
from collections.abc import Iterator
from typing import Any

from dip.ticketing.asking import Answer, Asker, Params
from dip.ticketing.connector import Account, Trouble, UnableToRead

#: Orders, contacts or events of one page.
PAGE = 100


class Client(Asker):
    """Asks one account."""

    def __init__(self, account: Account, *, patient: bool = True) -> None:
        self._account = account
        super().__init__(f"{account.address}/api/1/{account.account}/", patient=patient, signed=self._authorization)

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Rows of a read-only question to the public views."""
        return list(self.ask(self.address + "tools/queries", None, {"query": sql}).body["results"])

    def pages(self, path: str, params: Params) -> Iterator[Answer]:
        """Page after page, by offset."""
        offset = 0
        while True:
            answer = self.get(path, {"limit": PAGE, "offset": offset, **params})
            if not isinstance(answer.body.get("data"), list):
                raise UnableToRead(Trouble.ANSWER, f"{path}: a list was expected")
            yield answer
            offset += PAGE
            if len(answer.body["data"]) < PAGE:
                return

    def rows(self, path: str, params: Params | None = None) -> Iterator[dict[str, Any]]:
        """Row after row of every page."""
        for answer in self.pages(path, params or {}):
            yield from answer.body["data"]

    def _authorization(self) -> dict[str, str]:
        """Of one request; the secret is the access key, a colon, and the key that signs."""
        access_key, _, secret_key = self._account.secret.partition(":")
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
        sign = signature(access_key, self._account.account, moment, secret_key)
        return {"Authorization": f"TM-HMAC-SHA256 key={access_key} ts={moment} sign={sign}"}


def signature(access_key: str, account: str, moment: str, secret_key: str) -> str:
    """HMAC-SHA256 over access key, account and moment, in hexadecimal digits."""
    return hmac.new(secret_key.encode(), f"{access_key}{account}{moment}".encode(), hashlib.sha256).hexdigest()
