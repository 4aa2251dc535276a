"""Questions to Tixly: its addresses, its key, and its way of turning pages."""

from collections.abc import Iterator
from typing import Any

from dip.ticketing.asking import Answer, Asker, Params
from dip.ticketing.connector import Account, Trouble, UnableToRead

PAGE = 500


class Client(Asker):
    """Asks one account."""

    def __init__(self, account: Account, *, patient: bool = True) -> None:
        authorization = {"Authorization": f"Bearer {account.secret}"}
        super().__init__(f"{account.address}/api/{account.account}/", patient=patient, signed=lambda: authorization)

    def pages(self, path: str, params: Params) -> Iterator[Answer]:
        """Page after page, by the link to the next one; a link that leads elsewhere is not followed, so the token goes nowhere else."""
        answer = self.get(path, {"pageSize": PAGE, **params})
        while True:
            if not isinstance(answer.body.get("Items"), list):
                raise UnableToRead(Trouble.ANSWER, f"{path}: a list was expected")
            yield answer
            following = answer.body.get("Next")
            if not following:
                return
            if not following.startswith(self.address):
                raise UnableToRead(Trouble.ANSWER, f"{path}: the next page lies elsewhere")
            answer = self.ask(following)

    def rows(self, path: str, params: Params) -> Iterator[dict[str, Any]]:
        """Row after row of every page."""
        for answer in self.pages(path, params):
            yield from answer.body["Items"]
