"""What a page of figures is called, for the person who shares it and for whoever opens the link."""

from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext as _

from dip.registry.terms import Access
from dip.sales.queries import visible
from dip.sales.views.addresses import PageAddress
from dip.web import formats


def title_of(access: Access, page: PageAddress) -> str | None:
    """The page's title; None when the access does not follow what it is about."""
    if page.name == "sales-production":
        tour = visible.tour(access, str(page.kwargs["dip_id"]))
        return tour.title if tour else None
    if page.name == "sales-performance":
        evening = visible.evening(access, int(page.kwargs["number"]))
        return f"{evening.title}, {evening.city}, {formats.plain_day(evening.performance_date)}" if evening else None
    season = parse_qs(urlsplit(page.address).query).get("season", [""])[0]
    named = f" {season}–{(int(season) + 1) % 100:02d}" if season.isascii() and season.isdigit() and len(season) == 4 else ""
    names = {
        "sales-season": _("Season"), "sales-theatre": _("Our halls"), "sales-region": _("Provinces"), "sales-compare": _("Comparison"),
    }  # fmt: skip
    return f"{names.get(page.name, _('Trends'))}{named}"
