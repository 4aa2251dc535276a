"""How names are compared: accents, capitals and punctuation do not count."""

import re
import unicodedata

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d"})
_OTHER = re.compile(r"[^a-z0-9]+")


def folded(text: str) -> str:
    """Lower case, without accents and punctuation, single spaces. ``folded("Théâtre  'De Ĳssel'") == "theatre de ijssel"``."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return _OTHER.sub(" ", "".join(c for c in plain if not unicodedata.combining(c))).strip()
