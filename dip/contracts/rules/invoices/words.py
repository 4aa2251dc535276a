"""The words on an invoice, in the language of who gets it; and what its contradictions are called."""

from collections.abc import Sequence
from datetime import date

from dip.contracts.rules.fields import texts
from dip.contracts.terms.fields import Texts
from dip.contracts.terms.invoices import VatCategory, VatRegime
from dip.contracts.terms.statement import Party, Statement

#: Spaces at which no line breaks.
_HARD, _THIN = "\u00a0", "\u202f"
SELF_BILLED = texts("Factuur uitgereikt door afnemer.", "Self-billing.", "Autofacturation.")
_TURNED = texts(
    "De afrekening komt voor de aanbieder onder nul uit; de aanbieder betaalt het verschil.",
    "The settlement comes out below zero for the provider; the provider pays the difference.",
    "Le décompte est négatif pour le producteur, qui paie la différence.",
)
_HELD = texts(
    "Het theater houdt voor u {held} recette; daarmee is {paid} van deze factuur verrekend. {rest}",
    "The theatre holds {held} of recette for you; {paid} of this invoice is settled with it. {rest}",
    "Le théâtre détient {held} de recette pour vous ; {paid} de cette facture en est réglé. {rest}",
)
_YOU_RECEIVE = texts("U ontvangt {rest}.", "You receive {rest}.", "Vous recevez {rest}.")
_CREDIT = texts(
    "Deze creditnota neemt factuur {number} van {day} geheel terug; de afrekening is heropend.",
    "This credit note takes back invoice {number} of {day} as a whole; the settlement was reopened.",
    "Cet avoir annule entièrement la facture {number} du {day} ; le décompte a été rouvert.",
)
_CREDIT_TERMS = texts(
    "Verrekend met of terugbetaald op de nieuwe factuur.",
    "Set off against the new invoice, or paid back.",
    "Compensé avec la nouvelle facture, ou remboursé.",
)
_TERMS = texts("Te betalen binnen {days} dagen.", "To be paid within {days} days.", "À payer sous {days} jours.")
_ITEMS = {
    "rent": texts("Huur", "Rent", "Loyer"),
    "other_charges": texts("Overige kosten", "Other charges", "Autres frais"),
}
_ONE = texts("Voorstelling op {days}", "Performance on {days}", "Représentation du {days}")
_MANY = texts("{count} voorstellingen: {days}", "{count} performances: {days}", "{count} représentations : {days}")

_REVERSED = texts("Btw verlegd", "Reverse charge", "Autoliquidation")
_NOT_SUBJECT = texts("Niet onderworpen aan btw", "Not subject to VAT", "Hors du champ de la TVA")
_SMALL = texts(
    "Vrijgesteld van btw: kleineondernemersregeling (artikel 25 Wet op de omzetbelasting 1968)",
    "Exempt from VAT: scheme for small businesses (article 25 of the Dutch VAT Act 1968)",
    "Exonéré de TVA : régime des petites entreprises (article 25 de la loi néerlandaise sur la TVA de 1968)",
)
_LETTING = texts(
    "Vrijgesteld van btw: verhuur van een onroerende zaak (artikel 11 Wet op de omzetbelasting 1968)",
    "Exempt from VAT: letting of immovable property (article 11 of the Dutch VAT Act 1968)",
    "Exonéré de TVA : location d’un bien immeuble (article 11 de la loi néerlandaise sur la TVA de 1968)",
)
_EXEMPT = texts(
    "Vrijgesteld van btw (artikel 11 Wet op de omzetbelasting 1968)",
    "Exempt from VAT (article 11 of the Dutch VAT Act 1968)",
    "Exonéré de TVA (article 11 de la loi néerlandaise sur la TVA de 1968)",
)

#: A regime that charges no VAT, while the settlement has VAT in it.
VAT_CHARGED: dict[VatRegime, Texts] = {
    VatRegime.SMALL: texts(
        "De verkoper valt onder de kleineondernemersregeling, maar de afrekening rekent btw. Herzie de overeenkomst met btw op het deel: vrijgesteld.",
        "The seller is under the scheme for small businesses, but the settlement charges VAT. Revise the agreement with VAT on the share: exempt.",
        "Le vendeur relève du régime des petites entreprises, mais le décompte compte de la TVA. Révisez l’accord avec TVA sur la part : exonéré.",
    ),
    VatRegime.FOREIGN: texts(
        "De verkoper is buiten Nederland gevestigd, maar de afrekening rekent btw. Herzie de overeenkomst met btw op het deel: verlegd.",
        "The seller is established abroad, but the settlement charges VAT. Revise the agreement with VAT on the share: reverse charge.",
        "Le vendeur est établi à l’étranger, mais le décompte compte de la TVA. Révisez l’accord avec TVA sur la part : autoliquidation.",
    ),
    VatRegime.OUTSIDE: texts(
        "De verkoper is geen btw-ondernemer, maar de afrekening rekent btw. Herzie de overeenkomst met btw op het deel: vrijgesteld, of vul een btw-nummer in.",
        "The seller is not a taxable person, but the settlement charges VAT. Revise the agreement with VAT on the share: exempt, or fill in a VAT number.",
        "Le vendeur n’est pas assujetti, mais le décompte compte de la TVA. Révisez l’accord avec TVA sur la part : exonéré, ou indiquez un numéro de TVA.",
    ),
}
REVERSE_WITHOUT_NUMBER = texts(
    "De btw wordt verlegd naar een koper zonder btw-nummer. Vul het btw-nummer van de koper in.",
    "The VAT is shifted to a buyer without a VAT number. Fill in the buyer’s VAT number.",
    "La TVA est reportée sur un acheteur sans numéro de TVA. Indiquez le numéro de TVA de l’acheteur.",
)
REVERSE_AT_HOME = texts(
    "De btw is verlegd tussen twee partijen in hetzelfde land. Kijk of dat klopt; zo niet, herzie de overeenkomst.",
    "The VAT is shifted between two parties in the same country. See whether that is right; if not, revise the agreement.",
    "La TVA est reportée entre deux parties du même pays. Vérifiez ; sinon, révisez l’accord.",
)


def said(given: Texts, language: str) -> str:
    """A text in a language; Dutch where that one is missing."""
    return given.get(language, given["nl"])


def euros(cents: int, language: str) -> str:
    """An amount in running text, with hard spaces: € 1.234,50 in Dutch, 1 234,50 € in French."""
    whole, part = divmod(abs(cents), 100)
    thousands, decimals = {"en": (",", "."), "fr": (_THIN, ",")}.get(language, (".", ","))
    number = f"{whole:,}".replace(",", thousands) + f"{decimals}{part:02d}"
    sign = "-" if cents < 0 else ""
    return f"{sign}{number}{_HARD}€" if language == "fr" else f"€{_HARD}{sign}{number}"


def day(value: date, language: str) -> str:
    """A date in running text."""
    return value.strftime("%d/%m/%Y" if language == "fr" else "%d-%m-%Y")


def note(statement: Statement, *, is_self_billed: bool, is_turned: bool, language: str) -> str:
    """The one note of an invoice: who made it, and how it is settled. Empty when there is nothing to say."""
    parts = []
    if is_self_billed:
        parts.append(said(SELF_BILLED, language))
    if is_turned:
        parts.append(said(_TURNED, language))
    if statement.issuer is Party.THEATRE and not is_turned:
        parts.append(_held(statement, language))
    return " ".join(part for part in parts if part)


def _held(statement: Statement, language: str) -> str:
    total = sum(item.cents + item.vat_cents for item in statement.items)
    held = total + statement.payable_cents
    if held <= 0:
        return ""
    rest = ""
    if statement.payable_cents > 0:
        rest = said(_YOU_RECEIVE, language).format(rest=euros(statement.payable_cents, language))
    paid = euros(min(held, total), language)
    return said(_HELD, language).format(held=euros(held, language), paid=paid, rest=rest).strip()


def credit_note(number: str, issued: date, *, is_self_billed: bool, language: str) -> str:
    """The note of a credit note."""
    text = said(_CREDIT, language).format(number=number, day=day(issued, language))
    return f"{said(SELF_BILLED, language)} {text}" if is_self_billed else text


def credit_terms(language: str) -> str:
    """How a credit note is paid."""
    return said(_CREDIT_TERMS, language)


def payment_terms(days: int, language: str) -> str:
    """Within how many days an invoice is to be paid."""
    return said(_TERMS, language).format(days=days)


def item_name(code: str, format_names: Texts, title: str, language: str) -> str:
    """What a line charges: the format's share, rent, other charges; with the production."""
    return f"{said(_ITEMS.get(code, format_names), language)}: {title}"


def performances(days: Sequence[date], language: str) -> str:
    """Which performances a line is about."""
    written = ", ".join(day(one, language) for one in days)
    return said(_ONE if len(days) == 1 else _MANY, language).format(count=len(days), days=written)


def exemption(category: VatCategory, regime: VatRegime, item_code: str, language: str) -> tuple[str, str]:
    """Why there is no VAT, in words and as a VATEX code; both empty for a category that needs no reason."""
    if category is VatCategory.REVERSE:
        return said(_REVERSED, language), "VATEX-EU-AE"
    if category is VatCategory.OUTSIDE:
        return said(_NOT_SUBJECT, language), "VATEX-EU-O"
    if category is not VatCategory.EXEMPT:
        return "", ""
    if regime is VatRegime.SMALL:
        return said(_SMALL, language), ""
    return said(_LETTING if item_code in _ITEMS else _EXEMPT, language), ""
