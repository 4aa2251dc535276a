"""Numbers of invoices: a prefix, the year and a serial. Prefixes keep the series of different makers for one seller apart."""

import re

OWN_PREFIX = "F"
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9]{0,9}-?")
#: Highest serial of a year that is not a slip of the hand.
MOST = 999_999


def prefix_of(maker_number: int | None) -> str:
    """The prefix with which a series begins: F for who makes its own, F with the maker's national number for who makes another's."""
    return OWN_PREFIX if maker_number is None else f"{OWN_PREFIX}{maker_number}-"


def invoice_number(prefix: str, year: int, serial: int) -> str:
    """As it is printed: F2027-0001."""
    return f"{prefix}{year}-{serial:04d}"


def is_prefix(text: str) -> bool:
    """A letter, at most nine more letters or digits, perhaps a dash. One with a number and a dash is the platform's own shape."""
    return _PREFIX.fullmatch(text) is not None and not re.fullmatch(r"F\d+-", text)
