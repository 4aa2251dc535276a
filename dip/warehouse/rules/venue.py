"""The pseudonym that leaves a connector in place of an e-mail address: as the venue itself would have made it."""

from dip.warehouse.rules import normalising
from dip.warehouse.rules.pseudonyms import Keys, p1_of_email


def venue_pseudonym(text: str, keys: Keys) -> str:
    """``buyer_pseudonym`` of an address; during a mapping period with the one under the key before it. "" for what is no address."""
    plain = normalising.email(text)
    used = [keys.sector, *([keys.sector_before] if keys.sector_before else [])]
    return " ".join(p1_of_email(plain, key).hex() for key in used) if plain else ""
