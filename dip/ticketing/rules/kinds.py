"""Guessing the national kind of a ticketing system's own kind of ticket from its name, until the theatre says which it is."""

import re
import unicodedata

from dip.ticketing.terms import TicketKind

_FREE = (
    r"vrijkaart|vrij\b|gratis|gratuit|free|invit|genodigd|gastenlijst|guest|gast\b|exon|crew|artiesten|comp\b|pers\b|press|presse"
)
_DISCOUNT = (
    r"cjp|65\+|60\+|65plus|senior|student|scholier|jeugd|jongere|jeune|junior|kind|child|enfant|korting|reduc|reduit|discount|concession"
    r"|stadspas|ooievaarspas|museumkaart|podiumpas|we are public|vriend|friend|ami\b|abonn|groep|group|early|vroegboek|last ?minute|uitpas"
    r"|docent|begeleider|rolstoel|werkzoekend|minima|voucher|t/m \d|tot \d+ jaar|onder (de )?\d"
)
_NORMAL = (
    r"norma|regulier|regular|standaard|standard|volwass|adult|adulte|volledig|full|plein|tarif a|entree|ticket|kaart|billet|place"
    r"|\brang\b|balkon|zaal|parterre|loge|\brij\b|stoel|seat|stage|basis|vol tarief"
)
_PATTERNS = (
    (TicketKind.FREE, re.compile(_FREE)),
    (TicketKind.DISCOUNT, re.compile(_DISCOUNT)),
    (TicketKind.NORMAL, re.compile(_NORMAL)),
)


def guess_kind(name: str, price_cents: int | None = None) -> TicketKind:
    """The kind that the name suggests; a price of nothing makes any ticket free, a name that says nothing makes it ``other``."""
    if price_cents == 0:
        return TicketKind.FREE
    text = "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign))
    for kind, pattern in _PATTERNS:
        if pattern.search(text):
            return kind
    return TicketKind.OTHER
