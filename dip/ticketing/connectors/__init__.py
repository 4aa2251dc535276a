"""The ticketing systems that the platform reads by itself: one line here and one folder beside it for each vendor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dip.ticketing.connector import Connector, Hint
from dip.ticketing.connectors.pretix.hooks import read_hint
from dip.ticketing.connectors.pretix.reading import Pretix
from dip.ticketing.connectors.ticketmatic.reading import Ticketmatic
from dip.ticketing.connectors.tixly.reading import Tixly

Text: TypeAlias = str | Promise


@dataclass(frozen=True, slots=True)
class Vendor:
    """A system that can be read, and what the form asks of a theatre that has it."""

    name: str
    """As people know the system."""
    opened: Callable[..., Connector]
    """Makes a connector of an account; ``patient=False`` for a test that somebody waits for."""
    account_label: Text
    account_help: Text
    secret_label: Text
    secret_help: Text
    address_help: Text
    address_example: str
    id_help: Text
    """Where in the system the DIP-id of a performance goes."""
    hook_steps: tuple[Text, ...] = ()
    """How the system is told to call us at once; empty: it cannot."""
    hint: Callable[[Mapping[str, Any]], Hint | None] = lambda _body: None
    """Reads the body of its webhook."""
    rights: Mapping[str, Text] = field(default_factory=dict)
    """Names of the rights that a greeting may name."""


CONNECTORS: Mapping[str, Vendor] = {
    "pretix": Vendor(
        name="pretix",
        opened=Pretix,
        account_label=_("Organizer"),
        account_help=_("The short name of your organizer: what stands behind the address of your ticket shop."),
        secret_label=_("Team token"),
        secret_help=_(
            "In pretix: your organizer, Teams, a new team for all events with only the right to view orders, then a new API token."
            " We keep it sealed and never show it again."
        ),
        address_help=_("The address of your pretix, without your organizer: https://pretix.eu when pretix hosts it."),
        address_example="https://pretix.eu",
        id_help=_(
            "Make an event property “dip_id” once (your organizer, Settings, Event metadata), and fill it in at each event, or at"
            " each date of a series."
        ),
        hook_steps=(
            _("In pretix, open your organizer, then Settings, Webhooks, and make a new webhook for all events."),
            _("Paste the address below as its target."),
            _("Tick everything about orders, event series dates, events, products and quotas; leave check-ins out. Save."),
        ),
        hint=read_hint,
        rights={
            "orders": _("view orders"), "ledger": _("view orders"), "products": _("view products"), "quotas": _("view quotas"),
            "customers": _("customer accounts"), "organizer settings": _("settings of the organizer"), "teams": _("teams"),
            "gift cards": _("gift cards"),
        },
    ),
    "ticketmatic": Vendor(
        name="Ticketmatic",
        opened=Ticketmatic,
        account_label=_("Account"),
        account_help=_("The short name of your account: what stands in the address after you sign in."),
        secret_label=_("Pair of keys"),
        secret_help=_(
            "The access key, a colon, and the secret key that Ticketmatic gives you on request. We keep them sealed and never show them"
            " again."
        ),
        address_help=_("The address of the interface."),
        address_example="https://apps.ticketmatic.com",
        id_help=_("Make a custom field “dipid” of events once, and fill it in at each event; the external code is read as well."),
        rights={"orders": _("view orders"), "contacts": _("view contacts")},
    ),
    "tixly": Vendor(
        name="Tixly",
        opened=Tixly,
        account_label=_("Account"),
        account_help=_("The short name of your account: what stands in the address after you sign in."),
        secret_label=_("Token of the CRM interface"),
        secret_help=_("Tixly gives it to you on request. We keep it sealed and never show it again."),
        address_help=_("The address of the CRM interface, as Tixly gives it with the token."),
        address_example="https://crm.tixly.example",
        id_help=_("Fill in the external id of each event."),
        rights={"sales": _("view sales"), "customers": _("view customers")},
    ),
}  # fmt: skip
