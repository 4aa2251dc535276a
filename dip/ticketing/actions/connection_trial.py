"""Trying a connection before it is kept: who answers, with which rights, and what of its calendar the platform knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from dip.registry.outgoing import UnableToCall, checked_address
from dip.registry.terms import Access
from dip.ticketing.actions.connection_matches import verdicts_on
from dip.ticketing.actions.connections import need_right
from dip.ticketing.connector import Account, Greeting, SourcePerformance, Trouble, UnableToRead
from dip.ticketing.connectors import CONNECTORS
from dip.ticketing.rules.matching import Listed

#: Performances that are looked at, at most: somebody waits.
MOST = 400


@dataclass(frozen=True, slots=True)
class Tested:
    """What a test found. ``trouble`` None: it can be read, unless rights are missing. Counts are of the first performances listed."""

    trouble: Trouble | None = None
    detail: str = ""
    greeting: Greeting | None = None
    listed: int = 0
    linked: int = 0
    proposed: int = 0
    wrong_ids: int = 0

    @property
    def is_good(self) -> bool:
        """Whether the connection can be kept as it is."""
        return self.trouble is None and self.greeting is not None and not self.greeting.missing_rights


def try_connection(*, access: Access, at: datetime, vendor: str, address: str, account: str, secret: str) -> Tested:
    """Ask the system who it is and what is on. Nothing is written. Raises :class:`AccessDenied` for whoever may not connect."""
    need_right(access)
    try:
        checked = checked_address(address)
        source = CONNECTORS[vendor].opened(Account(checked, account.strip().strip("/"), secret.strip()), patient=False)
        greeting = source.greet()
        listing = [] if greeting.missing_rights else list(islice(source.performances(), MOST))
    except UnableToCall as error:
        return Tested(Trouble.ADDRESS, str(error))
    except UnableToRead as error:
        return Tested(error.trouble, error.detail)
    return _tested(access, at, greeting, listing)


def _tested(access: Access, at: datetime, greeting: Greeting, listing: Sequence[SourcePerformance]) -> Tested:
    listed = [Listed(one.ref, one.title, one.starts_at, one.hall_name, one.dip_id) for one in listing]
    verdicts = verdicts_on(access, at, listed).values()
    return Tested(
        greeting=greeting,
        listed=len(listed),
        linked=sum(one.number is not None and not one.is_proposal for one in verdicts),
        proposed=sum(one.is_proposal for one in verdicts),
        wrong_ids=sum(one.problem is not None for one in verdicts),
    )
