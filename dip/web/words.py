"""Short texts that several domains print: roles, and how long ago."""

from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dip.kernel import clock
from dip.web import formats

ROLES: dict[str, str | Promise] = {
    "producer": gettext_lazy("producer"),
    "agency": gettext_lazy("agency"),
    "theatre": gettext_lazy("theatre"),
    "festival": gettext_lazy("festival"),
    "association": gettext_lazy("association"),
    "funder": gettext_lazy("funder"),
    "platform": gettext_lazy("platform"),
}


def role_name(role: str) -> str:
    """A role of an organisation in the language of the request."""
    return str(ROLES.get(str(role), role))


def since(moment: datetime | None, now: datetime | None = None) -> str:
    """When something last happened: "06:14 today", "14-11, 9 days ago"; "never" without a moment."""
    if moment is None:
        return _("never")
    present = clock.local(now or clock.now())
    then = clock.local(moment)
    days = (present.date() - then.date()).days
    if days == 0:
        return _("%(time)s today") % {"time": formats.clock_time(then)}
    if days == 1:
        return _("%(time)s yesterday") % {"time": formats.clock_time(then)}
    if days < 0:
        return formats.moment(then)
    ago = ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": days}
    return f"{formats.short_day(then) if days < 200 else formats.plain_day(then)}, {ago}"


def local_stamp(moment: datetime) -> str:
    """A moment on the clock of the Netherlands, as the value of a datetime-local field."""
    return f"{clock.local(moment):%Y-%m-%dT%H:%M}"


def day_back(moment: datetime) -> str:
    """The same time on the clock a day earlier, as the value of a datetime-local field."""
    return f"{clock.local(moment).replace(tzinfo=None) - timedelta(days=1):%Y-%m-%dT%H:%M}"


#: Names of the places in the navigation, by the key that the frame gives.
PLACES: dict[str, str | Promise] = {
    "home": gettext_lazy("Home"),
    "productions": gettext_lazy("Productions"),
    "sales": gettext_lazy("Sales Monitor"),
    "trends": gettext_lazy("Trends"),
    "audience": gettext_lazy("Audience Monitor"),
    "contracts": gettext_lazy("Contracts"),
    "reports": gettext_lazy("Reports"),
    "profile": gettext_lazy("Your profile"),
    "organisation": gettext_lazy("Organisation"),
    "people": gettext_lazy("People and rights"),
    "clients": gettext_lazy("API clients"),
    "webhooks": gettext_lazy("Webhooks"),
    "ticketing_connections": gettext_lazy("Connections to ticketing systems"),
    "sheet": gettext_lazy("Figures by spreadsheet"),
    "deliveries": gettext_lazy("Deliveries of figures"),
    "orders": gettext_lazy("Orders for the Audience Monitor"),
    "looks": gettext_lazy("Who looked at your audience"),
    "segments": gettext_lazy("Your own segments"),
    "conformance": gettext_lazy("Conformance of systems"),
    "trail": gettext_lazy("Audit trail"),
    "security": gettext_lazy("Sign-in and security"),
}


def place_name(key: str) -> str:
    """A place in the navigation in the language of the request."""
    return str(PLACES.get(str(key), key))
