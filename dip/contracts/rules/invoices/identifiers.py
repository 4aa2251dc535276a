"""Numbers that identify a party: as they are written, and whether they can be right. Text in, text or yes and no out."""

import re


def listed(text: str) -> frozenset[str]:
    """Codes written with a space between."""
    return frozenset(text.split())


#: ISO 3166-1 alpha-2 of the countries of the SEPA area, for the means of payment.
SEPA = listed(
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM VA"
)
#: Length of an IBAN by country, of the countries that parties here may bank in; elsewhere 15 to 34.
IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22,
    "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18,
    "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
}  # fmt: skip
#: Electronic address schemes (EAS) that we can check, and what a value of each looks like.
ADDRESS_SHAPES = {
    "0088": re.compile(r"\d{13}", re.ASCII),
    "0106": re.compile(r"\d{8}", re.ASCII),
    "0190": re.compile(r"\d{20}", re.ASCII),
    "0208": re.compile(r"[01]\d{9}", re.ASCII),
    "9944": re.compile(r"NL\d{9}B\d{2}", re.ASCII),
}


def squeezed(text: str) -> str:
    """Without spaces, dots and dashes, in capitals: as a number is stored."""
    return re.sub(r"[\s.\-]", "", text).upper()


def is_kvk(text: str) -> bool:
    """Eight digits, as the Dutch chamber of commerce gives them out."""
    return re.fullmatch(r"\d{8}", text, re.ASCII) is not None


def is_oin(text: str) -> bool:
    """Twenty digits: a Dutch organisation identification number."""
    return re.fullmatch(r"\d{20}", text, re.ASCII) is not None


def mod97(text: str) -> int:
    """The remainder of a text by 97, letters counted as 10 to 35 (ISO 7064). Raises ValueError for other characters."""
    return int("".join(str(int(character, 36)) for character in text)) % 97


def is_dutch_vat(text: str) -> bool:
    """NL, nine digits, B, two digits; right by mod 97 (all numbers since 2020) or, for older ones, by the weights of the nine digits."""
    if not re.fullmatch(r"NL\d{9}B\d{2}", text, re.ASCII):
        return False
    return mod97(text) == 1 or _by_weights(text[2:11])


def _by_weights(nine: str) -> bool:
    weighted = sum(int(digit) * weight for digit, weight in zip(nine[:8], range(9, 1, -1), strict=True))
    return weighted % 11 == int(nine[8])


def is_vat_number(text: str) -> bool:
    """A Dutch one in full; of other countries only the country's letters and two to thirteen further characters."""
    if text.startswith("NL"):
        return is_dutch_vat(text)
    return re.fullmatch(r"[A-Z]{2}[0-9A-Z+*]{2,13}", text) is not None


def is_iban(text: str) -> bool:
    """The right length for its country, and right by mod 97."""
    if not re.fullmatch(r"[A-Z]{2}\d{2}[0-9A-Z]{11,30}", text, re.ASCII):
        return False
    if len(text) != IBAN_LENGTHS.get(text[:2], len(text)):
        return False
    return mod97(text[4:] + text[:4]) == 1


def is_bic(text: str) -> bool:
    """Eight or eleven characters: bank, country, place, office."""
    return re.fullmatch(r"[A-Z]{4}[A-Z]{2}[0-9A-Z]{2}([0-9A-Z]{3})?", text) is not None


def is_dutch_postcode(text: str) -> bool:
    """Four digits, not beginning with 0, and two letters."""
    return re.fullmatch(r"[1-9]\d{3}\s?[A-Z]{2}", text.upper(), re.ASCII) is not None


def is_gln(text: str) -> bool:
    """Thirteen digits, the last of which checks the others (GS1)."""
    if not re.fullmatch(r"\d{13}", text, re.ASCII):
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(text[:12]))
    return (10 - weighted % 10) % 10 == int(text[12])


def is_belgian_number(text: str) -> bool:
    """Ten digits, beginning with 0 or 1, the last two of which check the others."""
    if not re.fullmatch(r"[01]\d{9}", text, re.ASCII):
        return False
    return 97 - int(text[:8]) % 97 == int(text[8:])


def address_parts(peppol_id: str) -> tuple[str, str]:
    """Scheme and value of a participant id; ("", "") when it has another shape."""
    found = re.fullmatch(r"(?:iso6523-actorid-upis::)?(\d{4}):(\S{1,50})", peppol_id.strip())
    return (found[1], found[2]) if found else ("", "")


def is_address(peppol_id: str) -> bool:
    """Whether a participant id can be right, as far as its scheme is known here."""
    scheme, value = address_parts(peppol_id)
    if not scheme:
        return False
    if scheme == "0088":
        return is_gln(value)
    if scheme == "0208":
        return is_belgian_number(value)
    shape = ADDRESS_SHAPES.get(scheme)
    return shape is None or shape.fullmatch(value) is not None


def means_of_payment(iban: str) -> str:
    """UNCL 4461: 58 (SEPA credit transfer) for an account in the SEPA area, else 30 (credit transfer)."""
    return "58" if iban[:2] in SEPA else "30"
