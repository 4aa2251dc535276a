"""What a source's own code probably means: proposed, never decided."""

from functools import lru_cache

from rapidfuzz import fuzz, process

from dip.warehouse.rules.landed import CodeField

#: Likeness (0..100) from which something is proposed.
ALIKE = 84
_WORDS = {
    CodeField.KIND: {
        "normal": ("normaal", "normal", "regulier", "vol tarief", "volwassene", "standaard", "plein tarif", "adult", "entree", "full price"),
        "discount": (
            "korting", "cjp", "student", "studentenkaart", "65+", "pas", "stadspas", "jongeren", "kind", "kinderen", "vriend",
            "vriendenkorting", "museumkaart", "abonnee", "groep", "groepstarief", "early bird", "last minute", "reduced", "concession",
            "tarif reduit", "we are public", "collegiaal", "discount", "actie", "scholier",
        ),
        "free": ("vrijkaart", "gratis", "free", "genodigde", "uitnodiging", "guest", "gastenlijst", "complimentary", "pers", "gratuit"),
    },
    CodeField.CHANNEL: {
        "online": ("online", "web", "webshop", "internet", "website", "app", "widget"),
        "box_office": ("kassa", "balie", "box office", "deur", "avondkassa", "counter", "guichet", "pos"),
        "phone": ("telefoon", "phone", "telefonisch", "callcenter"),
        "agent": ("agent", "wederverkoper", "reseller", "vvv", "ticketpartner", "derden"),
        "group": ("groep", "groepen", "group", "groupes"),
        "subscription": ("abonnement", "serie", "subscription", "abonnee", "season ticket"),
    },
}  # fmt: skip


@lru_cache(maxsize=4096)
def suggestion(of: CodeField, raw: str) -> str:
    """The national kind or channel that ``raw`` looks like; "" when it looks like none."""
    words = _WORDS.get(of, {})
    by_word = {word: value for value, several in words.items() for word in several}
    found = process.extractOne(raw.lower(), by_word.keys(), scorer=fuzz.WRatio, score_cutoff=ALIKE)
    return by_word[found[0]] if found else ""
