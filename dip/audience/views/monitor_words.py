"""Names of what the Audience Monitor counts: parts, their values, units, and the definition of each."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from dip.definitions.queries import threshold
from dip.web import formats

#: The definition of each part.
CODES = {
    "returning": "audience_new", "stages": "audience_stage", "tastes": "audience_taste", "party_sizes": "audience_party",
    "lead_times": "audience_lead_time", "moments": "audience_moment", "kinds": "audience_kind", "price_bands": "audience_price",
    "channels": "audience_channel", "ages": "audience_age", "genders": "audience_gender", "frequency": "audience_frequency",
    "retention": "audience_retention", "lapsed": "audience_lapsed", "overlap": "audience_overlap",
}  # fmt: skip
#: The measure of each part, as a heading when nothing stands out.
MEASURES: dict[str, Promise] = {
    "returning": gettext_lazy("New, returning and back after a break"),
    "stages": gettext_lazy("How often they come"),
    "tastes": gettext_lazy("What they go to most"),
    "party_sizes": gettext_lazy("Tickets per order"),
    "lead_times": gettext_lazy("Days between order and performance"),
    "moments": gettext_lazy("When they order"),
    "kinds": gettext_lazy("Kinds of ticket"),
    "price_bands": gettext_lazy("What was paid for a ticket"),
    "channels": gettext_lazy("Where they order"),
    "ages": gettext_lazy("How old they are"),
    "genders": gettext_lazy("Gender"),
    "frequency": gettext_lazy("Visits in the season"),
    "retention": gettext_lazy("Who came again"),
    "lapsed": gettext_lazy("Who stayed away"),
    "overlap": gettext_lazy("Also at another theatre"),
}
_UNITS: dict[str, Promise] = {
    "orders": gettext_lazy("orders"), "buyers": gettext_lazy("buyers"), "tickets": gettext_lazy("tickets"),
}  # fmt: skip
_NAMES: dict[str, dict[str, Promise]] = {
    "returning": {
        "new": pgettext_lazy("buyers", "new"), "returning": gettext_lazy("returning"), "reactivated": gettext_lazy("back after a break"),
    },
    "stages": {
        "new": gettext_lazy("New"), "occasional": gettext_lazy("Occasional"), "regular": gettext_lazy("Regular"),
        "core": gettext_lazy("Core"),
    },
    "tastes": {
        "unclassified": gettext_lazy("Not classified"), "family": gettext_lazy("Family and youth"),
        "show": gettext_lazy("Show and musical"), "theatre": gettext_lazy("Theatre and dance"),
        "classical": gettext_lazy("Classical and opera"), "cabaret": gettext_lazy("Cabaret and pop"),
        "omnivore": gettext_lazy("Omnivore"),
    },
    "lead_times": {"0": gettext_lazy("same day")},
    "kinds": {
        "normal": gettext_lazy("Normal"), "discount": gettext_lazy("Discount"), "free": gettext_lazy("Free"),
        "other": gettext_lazy("Other"),
    },
    "channels": {
        "online": gettext_lazy("Online"), "box_office": gettext_lazy("Box office"), "phone": gettext_lazy("Phone"),
        "agent": gettext_lazy("Agent"), "group": gettext_lazy("Group"), "subscription": gettext_lazy("Subscription"),
        "other": gettext_lazy("Other"),
    },
    "ages": {"unknown": gettext_lazy("Not known")},
    "genders": {
        "unknown": gettext_lazy("Not known"), "f": gettext_lazy("Women"), "m": gettext_lazy("Men"), "x": gettext_lazy("Otherwise"),
    },
    "retention": {"kept": gettext_lazy("came again"), "lost": gettext_lazy("did not come again")},
    "lapsed": {"away": gettext_lazy("last here one season ago"), "dormant": gettext_lazy("last here two seasons ago")},
    "overlap": {
        "1": gettext_lazy("At one organisation"), "2": gettext_lazy("At two"), "3+": gettext_lazy("At three or more"),
    },
}  # fmt: skip
_TIMES: dict[str, Promise] = {
    "night": gettext_lazy("night, 0–6"), "morning": gettext_lazy("morning, 6–12"), "afternoon": gettext_lazy("afternoon, 12–18"),
    "evening": gettext_lazy("evening, 18–24"),
}  # fmt: skip
TIMES = tuple(_TIMES)
LEVELS: dict[str, Promise] = {
    "province": gettext_lazy("Province"), "municipality": gettext_lazy("Municipality"), "pc4": gettext_lazy("PC4"),
}  # fmt: skip


def value_name(part: str, code: str) -> str:
    """A value of a part as people read it."""
    known = _NAMES.get(part, {}).get(code)
    if known is not None:
        return str(known)
    if part == "price_bands":
        return _price(code)
    if part == "moments":
        day, time = code.split("-")
        return _("{day}, {time}").format(day=weekday(int(day)), time=time_name(time))
    dashed = code.replace("-", "–")
    if part == "lead_times":
        return _("> 180 d") if code == "181+" else _("{span} d").format(span=dashed)
    return f"{dashed}×" if part == "frequency" else dashed


def _price(code: str) -> str:
    if code == "free":
        return _("Free")
    limits = [formats.money(100 * threshold(f"price_class_{number}"), 0) for number in (2, 3, 4)]
    return {
        "1": _("Below {limit}").format(limit=limits[0]),
        "2": _("{low} to {high}").format(low=limits[0], high=limits[1]),
        "3": _("{low} to {high}").format(low=limits[1], high=limits[2]),
        "4": _("{limit} and more").format(limit=limits[2]),
    }[code]


def weekday(number: int) -> str:
    """Monday is 1."""
    name: str = formats.locale(formats.language_of()).days["stand-alone"]["wide"][number - 1]
    return name[:1].upper() + name[1:]


def time_name(code: str) -> str:
    """A part of the day with its hours."""
    return str(_TIMES[code])


def unit_name(unit: str) -> str:
    """orders, buyers or tickets, in the language of the page."""
    return str(_UNITS[unit])


def counted(count: int, unit: str) -> str:
    """A number with its unit: 7.648 orders."""
    patterns = {
        "orders": ngettext("{n} order", "{n} orders", count),
        "buyers": ngettext("{n} buyer", "{n} buyers", count),
        "tickets": ngettext("{n} ticket", "{n} tickets", count),
    }
    return patterns[unit].format(n=formats.tickets(count))


def season_name(year: int) -> str:
    """2026–27."""
    return f"{year}–{(year + 1) % 100:02d}"


def measure(part: str) -> str:
    """What a part is about."""
    return str(MEASURES[part])
