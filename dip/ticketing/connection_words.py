"""What pages and mails say of connections: troubles with their remedy, problems of links, states of the sale, parts of the score."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dip.ticketing.connector import SalesStatus, Trouble
from dip.ticketing.rules.matching import Problem
from dip.ticketing.rules.pacing import Cause
from dip.ticketing.rules.quality import Part
from dip.ticketing.terms import TicketKind

Text: TypeAlias = str | Promise


class Told(NamedTuple):
    """What is the matter, and what to do."""

    what: Text
    remedy: Text


TROUBLES: Mapping[str, Told] = {
    Trouble.ADDRESS: Told(
        _("The system does not answer at this address, or does not know the account."),
        _("Check the address and the account; when either has changed, make a new connection and remove this one."),
    ),
    Trouble.CREDENTIALS: Told(
        _("The system refuses the token: it is unknown, expired or revoked."),
        _("Make a new token in your ticketing system, and replace it on the page of the connection."),
    ),
    Trouble.RIGHTS: Told(
        _("The token lacks a right that is needed to read sales."),
        _("Give the token's team the right to view orders of all events in your ticketing system."),
    ),
    Trouble.LIMIT: Told(
        _("The system asks us to slow down."),
        _("Nothing needs to be done: we wait as long as it asks, and go on where we were."),
    ),
    Trouble.AWAY: Told(
        _("The system does not answer, or says that it is down."),
        _("Nothing needs to be done when it is being maintained. When it works for you and not for us, ask its supplier."),
    ),
    Trouble.ANSWER: Told(
        _("The system gives an answer that is not documented."),
        _("Was it updated lately? Tell the platform's help desk the name of this connection and the detail below."),
    ),
    "broken_off": Told(
        _("Our own worker stopped in the middle."), _("Nothing needs to be done: the next reading went on where it was.")
    ),
    "fault": Told(
        _("Something went wrong on the platform's side."),
        _("We keep trying. Tell the platform's help desk when it lasts longer than a day."),
    ),
}

PROBLEMS: Mapping[str, Told] = {
    Problem.UNREADABLE_ID: Told(
        _("This is no DIP-id."), _("Copy it from the performance's page here; it looks like NL-26-00123-00279|104512.")
    ),
    Problem.UNKNOWN_ID: Told(
        _("There is no published performance with this DIP-id."), _("Copy it anew from the performance's page, or empty the field.")
    ),
    Problem.OTHER_PRODUCTION: Told(
        _("The number belongs to another production than this DIP-id says."),
        _("Copy the whole DIP-id anew from the performance's page."),
    ),
    Problem.OTHER_THEATRE: Told(
        _("This DIP-id is of a performance in another theatre."),
        _("Copy the one of your own performance. When it did move to you, ask the producer to move it here."),
    ),
    Problem.TAKEN: Told(
        _("Another performance in your ticketing system has the same DIP-id."),
        _("Correct one of the two; until then the first one counts."),
    ),
}

STATUSES: Mapping[str, Text] = {
    SalesStatus.NOT_ON_SALE: _("Not on sale"),
    SalesStatus.ON_SALE: _("On sale"),
    SalesStatus.SOLD_OUT: _("Sold out"),
    SalesStatus.CLOSED: _("Sale closed"),
    SalesStatus.MOVED: _("Moved"),
    SalesStatus.CANCELLED: _("Cancelled"),
}

KINDS: Mapping[str, Text] = {
    TicketKind.NORMAL: _("Normal: the regular price"),
    TicketKind.DISCOUNT: _("Discount"),
    TicketKind.FREE: _("Free"),
    TicketKind.OTHER: _("Other: none of these"),
}

GROUNDS: tuple[tuple[str, Text], ...] = (
    ("statistics", _("Statistics: our privacy statement tells buyers that they are counted")),
    ("consent", _("Consent: every buyer said yes")),
    ("none", _("None: tickets count, buyers do not")),
)

CAUSES: Mapping[str, Text] = {
    Cause.CLOCK: _("every 15 minutes"),
    Cause.HOOK: _("webhook"),
    Cause.PERSON: _("asked for by hand"),
    Cause.NIGHT: _("nightly check"),
}

PARTS: Mapping[Part, Told] = {
    Part.MATCHED: Told(_("Linked performances"), _("Link what is listed under Performances, or fill in its DIP-id.")),
    Part.KINDS: Told(_("Kinds of tickets that you mapped"), _("Look at the guesses under Kinds of tickets, and save them.")),
    Part.FRESH: Told(_("How fresh the figures are"), _("See the trouble above; without trouble this mends itself.")),
    Part.RECONCILED: Told(
        _("The nightly check against a second count"),
        _("The figures were corrected; when it happens more than once, tell the platform's help desk."),
    ),
    Part.CAPACITY: Told(
        _("Performances of which the seats are known"), _("Give every quota of admission products a size in your ticketing system.")
    ),
    Part.VAT: Told(_("Tickets with VAT"), _("Give every admission product a tax rule in your ticketing system.")),
}
