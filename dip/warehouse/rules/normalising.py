"""What people and systems write, in the one way in which it is compared: e-mail addresses, countries, codes, moments."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

import numpy as np

#: A moment that cannot be read.
NO_MOMENT = np.iinfo(np.int64).min
_PERSONAL = re.compile(r"@|\d{6,}|\d[\d \-]{7,}\d|\b\d{4} ?[A-Za-z]{2}\b")
#: ISO 3166-1: two letters → number, for the countries from which audiences come in numbers; others count as unknown.
COUNTRIES = {
    "NL": 528, "BE": 56, "DE": 276, "LU": 442, "FR": 250, "GB": 826, "IE": 372, "AT": 40, "CH": 756, "IT": 380, "ES": 724, "PT": 620,
    "DK": 208, "SE": 752, "NO": 578, "FI": 246, "PL": 616, "CZ": 203, "HU": 348, "GR": 300, "RO": 642, "BG": 100, "HR": 191, "SI": 705,
    "SK": 703, "EE": 233, "LV": 428, "LT": 440, "UA": 804, "TR": 792, "US": 840, "CA": 124, "AU": 36, "NZ": 554, "ZA": 710, "SR": 740,
    "CW": 531, "AW": 533, "SX": 534, "BQ": 535, "JP": 392, "CN": 156, "IN": 356, "BR": 76, "ID": 360, "IL": 376, "MA": 504,
}  # fmt: skip
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int32)


def email(text: str) -> str:
    """NFKC, lower case, without space around it; "" when it is no address."""
    plain = text.strip().lower() if text.isascii() else unicodedata.normalize("NFKC", text).lower().strip()
    return plain if _is_address(plain) else ""


def emails(texts: Sequence[str]) -> list[str]:
    """As :func:`email`, of many: at once when all of them are plain, as almost always; else one by one."""
    joined = "\n".join(texts).lower()
    if not texts or not joined.isascii():
        return [email(text) for text in texts]
    signs = np.frombuffer(joined.encode(), np.uint8)
    breaks, ats = np.flatnonzero(signs <= 32), np.flatnonzero(signs == 64)
    if len(breaks) != len(texts) - 1 or len(ats) != len(texts):  # other space than the breaks, or another count of @
        return [email(text) for text in texts]
    firsts, lasts = np.append(0, breaks + 1), np.append(breaks, len(signs)) - 1
    dots = np.flatnonzero(signs == 46)
    of = np.searchsorted(breaks, dots)
    is_behind = dots > ats[of]
    plain = (ats > firsts) & (ats < lasts) & (signs[lasts] != 46) & (signs[np.minimum(ats + 1, len(signs) - 1)] != 46)
    plain &= np.bincount(of[is_behind], minlength=len(texts)) > 0
    is_double = is_behind & (np.append(dots[1:], -1) == dots + 1)
    if not plain.all() or is_double.any():
        return [email(text) for text in texts]
    return joined.split("\n")


def _is_address(plain: str) -> bool:
    """Something before one @, parts between points behind it, nothing empty and no space."""
    head, _, tail = plain.partition("@")
    if not head or "@" in tail or "." not in tail or len(plain.split()) != 1:
        return False
    return ".." not in tail and tail[0] != "." and tail[-1] != "."


def customer(text: str) -> str:
    """A customer's id at its source, without space around it."""
    return unicodedata.normalize("NFKC", text).strip()


def country(text: str) -> int:
    """The number of ISO 3166-1; 0 when it is none of :data:`COUNTRIES`."""
    return COUNTRIES.get(text.strip().upper(), 0)


def code(text: str) -> str:
    """A source's own code as one line; "" when it holds what looks like a person's: an address, a telephone number, a postcode."""
    plain = " ".join("".join(one if one.isprintable() else " " for one in unicodedata.normalize("NFKC", text)).split())
    return "" if _PERSONAL.search(plain) or len(plain) > 120 else plain


def event(text: str) -> str:
    """A source's own id of an event; "" when it holds an e-mail address or what cannot be printed."""
    plain = text.strip()
    return plain if plain.isprintable() and "@" not in plain and " " not in plain else ""


def moments(column: Sequence[str | None]) -> "np.ndarray":
    """Microseconds since 1970 of RFC 3339 moments with an offset; :data:`NO_MOMENT` where there is none or it cannot be read."""
    found = np.full(len(column), NO_MOMENT, dtype=np.int64)
    texts = ["" if text is None else text for text in column] if None in column else column
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))  # type: ignore[arg-type]
    for length in np.unique(lengths).tolist():
        if length < 20 or length > 35:
            continue
        places = np.flatnonzero(lengths == length)
        mine = texts if len(places) == len(texts) else [texts[place] for place in places.tolist()]
        joined = "".join(mine).encode("ascii", "replace")  # type: ignore[arg-type]
        found[places] = _of_one_length(np.frombuffer(joined, np.uint8).reshape(len(places), length).T.copy())
    return found


def moment(text: str) -> int:
    """One moment, as :func:`moments`."""
    return int(moments([text])[0])


def _of_one_length(signs: "np.ndarray") -> "np.ndarray":
    """Of texts of one length: ``signs`` has a row for each place in them, a column for each text."""
    digits = signs - np.uint8(48)  # what is no digit wraps round, past 9
    good = signs[4] == ord("-")
    for place, allowed in ((7, b"-"), (10, b"Tt "), (13, b":"), (16, b":")):
        good &= _is_one_of(signs[place], allowed)
    year, month, day = _number(digits, 0, 4, good), _number(digits, 5, 7, good), _number(digits, 8, 10, good)
    hour, minute, second = (_number(digits, place, place + 2, good) for place in (11, 14, 17))
    good &= (year >= 1970) & (month >= 1) & (month <= 12) & (day >= 1) & (hour < 24) & (minute < 60) & (second < 60)
    most = _DAYS[np.minimum(month, 12)]
    late = day > most
    if late.any():
        good &= ~late | ((month == 2) & (day == 29) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0)))
    zulu = _is_one_of(signs[-1], b"Zz")
    fraction, offset = np.zeros(len(good), np.int64), np.zeros(len(good), np.int32)
    for is_zulu in (True, False):
        mine = zulu if is_zulu else ~zulu
        if mine.any():
            whole = slice(None) if mine.all() else mine
            fine = good[whole]
            fraction[whole] = _fraction(signs[:, whole], digits[:, whole], len(signs) - (1 if is_zulu else 6), fine)
            if not is_zulu:
                offset[whole] = _offset(signs[:, whole], digits[:, whole], fine)
            good[whole] = fine
    seconds = _days(year, month, day).astype(np.int64) * 86_400 + (hour * 3600 + minute * 60 + second - offset)
    return np.where(good, seconds * 1_000_000 + fraction, NO_MOMENT)


def _is_one_of(signs: "np.ndarray", allowed: bytes) -> "np.ndarray":
    found = signs == allowed[0]
    for one in allowed[1:]:
        found |= signs == one
    return found


def _number(digits: "np.ndarray", first: int, last: int, good: "np.ndarray") -> "np.ndarray":
    """The number at places first..last; ``good`` falls where there is another sign than a digit."""
    total = np.zeros(digits.shape[1], np.int32)
    for place in range(first, last):
        good &= digits[place] <= 9
        total *= 10
        total += digits[place]
    return total


def _fraction(signs: "np.ndarray", digits: "np.ndarray", end: int, good: "np.ndarray") -> "np.ndarray":
    """Microseconds behind the point, between place 19 and ``end``; more digits than six are cut."""
    if end == 19:
        return np.zeros(signs.shape[1], np.int64)
    if end < 21 or end > 29:
        good &= False
        return np.zeros(signs.shape[1], np.int64)
    good &= signs[19] == ord(".")
    for place in range(20, end):
        good &= digits[place] <= 9
    last = min(end, 26)
    return _number(digits, 20, last, good).astype(np.int64) * 10 ** (26 - last)


def _offset(signs: "np.ndarray", digits: "np.ndarray", good: "np.ndarray") -> "np.ndarray":
    """Seconds east of Greenwich, of the last six places."""
    good &= (signs[-3] == ord(":")) & _is_one_of(signs[-6], b"+-")
    width = len(signs)
    hours, minutes = _number(digits, width - 5, width - 3, good), _number(digits, width - 2, width, good)
    good &= (hours <= 18) & (minutes < 60)
    east = hours * 3600 + minutes * 60
    return np.where(signs[-6] == ord("-"), -east, east)


def _days(year: "np.ndarray", month: "np.ndarray", day: "np.ndarray") -> "np.ndarray":
    """Days since 1970 of dates in the Gregorian calendar."""
    shifted = year - (month <= 2)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * (month + np.where(month > 2, -3, 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def microseconds(at: datetime) -> int:
    """Microseconds since 1970 of an aware moment."""
    return int(at.timestamp()) * 1_000_000 + at.microsecond
