"""The details of a party: what is missing and what cannot be right, whether it sells or buys."""

import re
from dataclasses import replace
from typing import Any

from dip.contracts.rules.invoices import identifiers
from dip.contracts.terms.invoices import PartyFacts, PartyFinding, VatRegime

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def tidied(facts: PartyFacts) -> PartyFacts:
    """Numbers squeezed, text trimmed: as details are stored."""
    words: dict[str, Any] = {
        name: " ".join(getattr(facts, name).split())
        for name in ("legal_name", "trading_name", "street", "city", "payment_terms", "buyer_reference", "email")
    }
    numbers: dict[str, Any] = {
        name: identifiers.squeezed(getattr(facts, name)) for name in ("kvk", "oin", "vat_number", "iban", "bic", "country")
    }
    return replace(facts, **words, **numbers, postcode=_postcode(facts), peppol_id="".join(facts.peppol_id.split()))


def _postcode(facts: PartyFacts) -> str:
    text = " ".join(facts.postcode.split()).upper()
    if facts.country.strip().upper() == "NL" and identifiers.is_dutch_postcode(text):
        text = text.replace(" ", "")
        return f"{text[:4]} {text[4:]}"
    return text


def address_of(facts: PartyFacts) -> tuple[str, str]:
    """Scheme and value of the electronic address: the participant id, else the OIN, the KvK number or the VAT number."""
    scheme, value = identifiers.address_parts(facts.peppol_id)
    if scheme:
        return scheme, value
    for scheme, value in (("0190", facts.oin), ("0106", facts.kvk)):
        if value:
            return scheme, value
    return ("9944", facts.vat_number) if facts.vat_number.startswith("NL") else ("", "")


def registration_of(facts: PartyFacts) -> tuple[str, str]:
    """Scheme and number in the register of legal entities: KvK, else OIN."""
    return ("0106", facts.kvk) if facts.kvk else ("0190", facts.oin) if facts.oin else ("", "")


def check_party(facts: PartyFacts) -> list[PartyFinding]:
    """Everything that is wrong with tidied details, in the order of the page; what is only missing is a warning."""
    return [*_missing(facts), *_wrong(facts)]


def _missing(facts: PartyFacts) -> list[PartyFinding]:
    wanted = ["legal_name", "street", "postcode", "city"]
    found = [PartyFinding("missing", name, is_warning=True) for name in wanted if not getattr(facts, name)]
    if facts.country == "NL" and not (facts.kvk or facts.oin):
        found.append(PartyFinding("no_registration", "kvk", is_warning=True))
    if facts.regime is not VatRegime.OUTSIDE and not facts.vat_number:
        found.append(PartyFinding("no_vat_number", "vat_number", is_warning=True))
    if not facts.iban:
        found.append(PartyFinding("no_iban", "iban", is_warning=True))
    if not address_of(facts)[0]:
        found.append(PartyFinding("no_address", "peppol_id", is_warning=True))
    return found


def _wrong(facts: PartyFacts) -> list[PartyFinding]:
    """Filled, and not right: each is refused."""
    checks = (
        ("country", re.fullmatch(r"[A-Z]{2}", facts.country) is not None),
        ("postcode", facts.country != "NL" or identifiers.is_dutch_postcode(facts.postcode)),
        ("kvk", identifiers.is_kvk(facts.kvk)),
        ("oin", identifiers.is_oin(facts.oin)),
        ("vat_number", identifiers.is_vat_number(facts.vat_number)),
        ("iban", identifiers.is_iban(facts.iban)),
        ("bic", identifiers.is_bic(facts.bic)),
        ("email", _EMAIL.fullmatch(facts.email) is not None),
        ("peppol_id", identifiers.is_address(facts.peppol_id)),
    )
    found = [
        PartyFinding(f"not_{name}", name, {"value": getattr(facts, name)})
        for name, is_right in checks
        if getattr(facts, name) and not is_right
    ]
    if facts.regime is VatRegime.OUTSIDE and facts.vat_number:
        found.append(PartyFinding("outside_with_number", "vat_number", {"value": facts.vat_number}))
    if facts.regime is VatRegime.FOREIGN and facts.country == "NL":
        found.append(PartyFinding("foreign_at_home", "regime"))
    return found
