"""What the head of the Sales Monitor's pages shows of the person: saved views, and how many alerts wait."""

from typing import Any

from django import template

from dip.kernel.money import ratio
from dip.registry.terms import Access, Door
from dip.sales.queries.alerts import alert_count
from dip.sales.queries.sharing import views
from dip.ticketing.source_words import source_name
from dip.web import formats

register = template.Library()
register.filter("source_name", source_name)


@register.inclusion_tag("sales/parts/pins.html", takes_context=True)
def pins(context: template.Context) -> dict[str, Any]:
    """The row of saved views. One query."""
    access: Access | None = context.get("access")
    request = context.get("request")
    here = request.get_full_path() if request is not None else ""
    if access is None or access.door is Door.SHARED:
        return {"views": []}
    return {"views": [(view, view.address == here) for view in views(access)]}


@register.simple_tag
def percent_of(part: float | None, whole: float | None) -> str:
    """A part of a whole as a percentage: 78 %."""
    return formats.percent(ratio(part, whole), 0)


@register.simple_tag(takes_context=True)
def waiting_alerts(context: template.Context) -> int:
    """Alerts that the person has not put away. One query."""
    access: Access | None = context.get("access")
    return alert_count(access) if access is not None and access.door is not Door.SHARED else 0
