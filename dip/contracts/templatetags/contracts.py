"""Filters of the pages of agreements: amounts of a statement, and states in words."""

from decimal import Decimal

from django import template

from dip.web import formats

register = template.Library()


@register.filter
def amount(cents: int | None) -> str:
    """Cents as euros without their sign, as a statement prints them: 20.468,00."""
    return formats.MISSING if cents is None else formats.number(Decimal(cents) / 100, 2)


@register.filter
def signed_amount(cents: int | None) -> str:
    """A difference in cents: + 1.000,00."""
    return formats.MISSING if cents is None else formats.signed(Decimal(cents) / 100, 2)
