"""What a source of figures is called: a system by its own name, the platform's own ways in the reader's language."""

from django.utils.translation import gettext as _

from dip.ticketing.terms import BY_HAND, SPREADSHEET


def source_name(source: str) -> str:
    """The name that a page shows for what a position or a delivery has as its source.

    >>> source_name("Kassa De Vlonder")
    'Kassa De Vlonder'
    """
    if source == BY_HAND:
        return _("by hand")
    return _("spreadsheet") if source == SPREADSHEET else source
