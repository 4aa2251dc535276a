"""Making what is told of a buyer coarse, before anything is kept: four digits of a postcode, five years of birth, hours."""

import re
from collections.abc import Sequence
from datetime import date

import numpy as np

#: Countries whose areas are kept: four digits.
NETHERLANDS, BELGIUM = 528, 56
#: Bands: 0 unknown, 1 a minor, else the first year of five.
UNKNOWN, MINOR = 0, 1
FIRST_YEAR, ADULT_AGE, BAND_YEARS = 1910, 18, 5
_DUTCH = re.compile(r"(?:NL[ -]*)?([1-9]\d{3})\s*-?\s*(?!SA|SD|SS)[A-Z]{2}")
_BELGIAN = re.compile(r"(?:BE?[ -]*)([1-9]\d{3})")
_FOUR = re.compile(r"(?:(?:NL|BE?)[ -]*)?([1-9]\d{3})")
_BAND = re.compile(r"(\d{4})\s*[-–]\s*(\d{4})")


def area(text: str, country: int) -> tuple[int, int]:
    """(Four digits, country) of a postcode in free text; (0, country) when it is none. ``country`` is 0 when the source gave none.

    "1017 PT" and "1018AB" are Dutch by themselves, "B-2000" Belgian; four digits alone need their country.
    """
    plain = " ".join(text.upper().split())
    dutch, belgian = _DUTCH.fullmatch(plain), _BELGIAN.fullmatch(plain)
    if dutch:
        return (int(dutch[1]), NETHERLANDS) if country in (0, NETHERLANDS) else (0, country)
    if belgian:
        return (int(belgian[1]), BELGIUM) if country in (0, BELGIUM) else (0, country)
    bare = _FOUR.fullmatch(plain)
    return (int(bare[1]), country) if bare and country in (NETHERLANDS, BELGIUM) else (0, country)


def dutch(column: Sequence[str | None]) -> "np.ndarray":
    """The four digits of postcodes written as most are, "1017 PT" or "1018AB"; 0 for everything else. Whole columns at once."""
    found = np.zeros(len(column), np.int64)
    texts = ["" if text is None else text for text in column] if None in column else column
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))  # type: ignore[arg-type]
    for length in (6, 7):
        places = np.flatnonzero(lengths == length)
        if not len(places):
            continue
        mine = texts if len(places) == len(texts) else [texts[place] for place in places.tolist()]
        joined = "".join(mine).upper().encode("ascii", "replace")  # type: ignore[arg-type]
        if len(joined) == length * len(places):  # a letter whose capital is two is left to the slow way
            found[places] = _dutch_of(np.frombuffer(joined, np.uint8).reshape(len(places), length).T.copy())
    return found


def _dutch_of(signs: "np.ndarray") -> "np.ndarray":
    digits, letters = signs[:4] - np.uint8(48), signs[-2:] - np.uint8(65)
    good = (digits <= 9).all(axis=0) & (digits[0] > 0) & (letters < 26).all(axis=0)
    good &= ~((signs[-2] == ord("S")) & ((signs[-1] == ord("A")) | (signs[-1] == ord("D")) | (signs[-1] == ord("S"))))
    if len(signs) == 7:
        good &= signs[4] == ord(" ")
    number = digits.astype(np.int64)
    return np.where(good, number[0] * 1000 + number[1] * 100 + number[2] * 10 + number[3], 0)


def band_of_date(text: str, bought: date) -> int:
    """The five-year band of a date of birth, YYYY-MM-DD, for somebody who bought on ``bought``."""
    try:
        born = date.fromisoformat(text.strip()[:10])
    except ValueError:
        return UNKNOWN
    had_birthday = (bought.month, bought.day) >= (born.month, born.day)
    return _band(born.year, bought.year - born.year - (not had_birthday), born > bought)


def band_of_year(year: int, bought: date) -> int:
    """The band of a year of birth. Who may still have been a minor counts as one."""
    return _band(year, bought.year - year - 1, year > bought.year)


def band_of_text(text: str, bought: date) -> int:
    """The band "1985-1989", "1985" or "minor"; a band that may hold minors is theirs."""
    plain = text.strip().lower()
    if plain == "minor":
        return MINOR
    found = _BAND.fullmatch(plain)
    if found and int(found[2]) - int(found[1]) == BAND_YEARS - 1 and int(found[1]) % BAND_YEARS == 0:
        first, last = int(found[1]), int(found[2])
        return MINOR if first <= bought.year < last + ADULT_AGE + 1 else _band(first, ADULT_AGE, first > bought.year)
    return band_of_year(int(plain), bought) if plain.isascii() and plain.isdecimal() and len(plain) == 4 else UNKNOWN


def _band(year: int, age: int, is_future: bool) -> int:
    if year < FIRST_YEAR or is_future:
        return UNKNOWN
    return MINOR if age < ADULT_AGE else year - year % BAND_YEARS
