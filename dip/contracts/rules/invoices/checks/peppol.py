"""Peppol BIS Billing 3.0 and Self-Billing 3.0: what the network asks beyond EN 16931."""

import re
from collections.abc import Callable
from datetime import date

from dip.contracts.rules.fields import texts
from dip.contracts.rules.invoices.checks.codes import ADDRESS_SCHEMES, amounts
from dip.contracts.rules.invoices.identifiers import is_belgian_number, is_gln, is_kvk, is_oin
from dip.contracts.rules.invoices.paper import BUYER, SELLER, Paper, Rule
from dip.contracts.rules.invoices.ubl import BILLING, SELF_BILLING
from dip.contracts.terms.invoices import Owner

_NUMBERS = ("cbc:EndpointID", "cbc:CompanyID", "cbc:ID")
_DATES = ("cbc:IssueDate", "cbc:DueDate", "cbc:TaxPointDate", "cbc:StartDate", "cbc:EndDate", "cbc:ActualDeliveryDate")
_DUTCH_VAT = re.compile(r"NL\d{9}B\d{2}", re.ASCII)
_PROFILE = re.compile(r"urn:fdc:peppol\.eu:2017:poacc:(billing|selfbilling):\d{2}:1\.0")


def is_self_billing(paper: Paper) -> bool:
    """Whether the document is made by the buyer, as its profile says."""
    return paper.text("cbc:ProfileID").startswith("urn:fdc:peppol.eu:2017:poacc:selfbilling")


def one_note(paper: Paper) -> bool:
    """One note at most, unless both parties are German."""
    return len(paper.all("cbc:Note")) <= 1 or paper.country(SELLER) == paper.country(BUYER) == "DE"


def buyer_can_place_it(paper: Paper) -> bool:
    """A reference of the buyer, or of the order."""
    return paper.text("cbc:BuyerReference") != "" or paper.text("cac:OrderReference/cbc:ID") != ""


def specification_fits(paper: Paper) -> bool:
    """The specification is that of its profile."""
    wanted = (SELF_BILLING if is_self_billing(paper) else BILLING)[0]
    return paper.text("cbc:CustomizationID") == wanted


def tax_currency_differs(paper: Paper) -> bool:
    """A currency for VAT, when given, is another than that of the invoice."""
    own = paper.text("cbc:TaxCurrencyCode")
    return not own or own != paper.text("cbc:DocumentCurrencyCode")


def nothing_is_empty(paper: Paper) -> bool:
    """No element without text and without elements."""
    return all(len(node) or (node.text or "").strip() for node in paper.root.iter())


def one_currency(paper: Paper) -> bool:
    """Every amount in the currency of the invoice."""
    return all(currency == paper.text("cbc:DocumentCurrencyCode") for currency in amounts(paper))


def one_breakdown(paper: Paper) -> bool:
    """One total of VAT has the breakdown."""
    return sum(1 for node in paper.all("cac:TaxTotal") if paper.has("cac:TaxSubtotal", node)) == 1


def bare_totals_fit(paper: Paper) -> bool:
    """A total of VAT without a breakdown only beside a currency for VAT."""
    bare = sum(1 for node in paper.all("cac:TaxTotal") if not paper.has("cac:TaxSubtotal", node))
    return bare == (1 if paper.has("cbc:TaxCurrencyCode") else 0)


def debit_has_mandate(paper: Paper) -> bool:
    """A direct debit (49, 59) names its mandate."""
    debits = [node for node in paper.all("cac:PaymentMeans") if paper.text("cbc:PaymentMeansCode", node) in {"49", "59"}]
    return all(paper.text("cac:PaymentMandate/cbc:ID", node) for node in debits)


def kind_fits_profile(paper: Paper) -> bool:
    """380 for billing, 389 for self-billing."""
    return paper.is_credit or paper.type_code == ("389" if is_self_billing(paper) else "380")


def credit_fits_profile(paper: Paper) -> bool:
    """381 for billing, 261 for self-billing."""
    return not paper.is_credit or paper.type_code == ("261" if is_self_billing(paper) else "381")


def code_has_category(code: str, category: str) -> Callable[[Paper], bool]:
    """A rule that a VATEX code stands only with its category."""

    def holds(paper: Paper) -> bool:
        rows = [row for row in paper.all(".//cac:TaxCategory") if paper.text("cbc:TaxExemptionReasonCode", row).upper() == code]
        return all(paper.text("cbc:ID", row) == category for row in rows)

    return holds


def dates_are_dates(paper: Paper) -> bool:
    """Every date is year, month and day, and exists."""
    return all(_is_date(node.text or "") for node in paper.named(*_DATES))


def _is_date(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return False
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def numbers_of(scheme: str, is_right: Callable[[str], bool]) -> Callable[[Paper], bool]:
    """A rule that every number of a scheme has the shape of it."""

    def holds(paper: Paper) -> bool:
        return all(is_right((node.text or "").strip()) for node in paper.named(*_NUMBERS) if node.get("schemeID") == scheme)

    return holds


def is_shaped_as_dutch_vat(text: str) -> bool:
    """NL, nine digits, B, two digits."""
    return _DUTCH_VAT.fullmatch(text) is not None


def dutch_vat_numbers(paper: Paper) -> bool:
    """A VAT number that begins with NL has the shape of one."""
    found = [(node.text or "").strip() for node in paper.all(".//cac:PartyTaxScheme/cbc:CompanyID")]
    return all(is_shaped_as_dutch_vat(number) for number in found if number.startswith("NL"))


def schemes_are_listed(paper: Paper) -> bool:
    """Electronic addresses are of a scheme of the network."""
    return all(node.get("schemeID") in ADDRESS_SCHEMES for node in paper.named("cbc:EndpointID") if node.get("schemeID"))


def _number_rule(code: str, scheme: str, is_right: Callable[[str], bool], name: str, shape: tuple[str, str, str]) -> Rule:
    says = texts(
        f"Een {name} ({scheme}) is niet {shape[0]}.",
        f"A {name} ({scheme}) is not {shape[1]}.",
        f"Un {name} ({scheme}) n’est pas {shape[2]}.",
    )
    return Rule(code, numbers_of(scheme, is_right), says, Owner.SELLER)


RULES = (
    Rule("PEPPOL-EN16931-R001", lambda paper: paper.text("cbc:ProfileID") != "", texts("Het proces ontbreekt.", "The process is missing.", "Le processus manque.")),
    Rule("PEPPOL-EN16931-R002", one_note, texts("Er staat meer dan één opmerking op de factuur.", "The invoice has more than one note.", "La facture a plus d’une note.")),
    Rule("PEPPOL-EN16931-R003", buyer_can_place_it, texts("Het kenmerk van de koper ontbreekt.", "The buyer’s reference is missing.", "La référence de l’acheteur manque."), Owner.BUYER),
    Rule("PEPPOL-EN16931-R004", specification_fits, texts("De specificatie past niet bij het proces.", "The specification does not fit the process.", "La spécification ne convient pas au processus.")),
    Rule("PEPPOL-EN16931-R005", tax_currency_differs, texts("De valuta van de btw is die van de factuur.", "The currency of the VAT is that of the invoice.", "La devise de la TVA est celle de la facture.")),
    Rule("PEPPOL-EN16931-R007", lambda paper: _PROFILE.fullmatch(paper.text("cbc:ProfileID")) is not None, texts("Het proces is onbekend.", "The process is unknown.", "Le processus est inconnu.")),
    Rule("PEPPOL-EN16931-R008", nothing_is_empty, texts("Het document heeft een leeg element.", "The document has an empty element.", "Le document a un élément vide.")),
    Rule("PEPPOL-EN16931-R010", lambda paper: paper.text(f"{BUYER}/cbc:EndpointID") != "", texts("Het elektronische adres van de koper ontbreekt.", "The electronic address of the buyer is missing.", "L’adresse électronique de l’acheteur manque."), Owner.BUYER),
    Rule("PEPPOL-EN16931-R020", lambda paper: paper.text(f"{SELLER}/cbc:EndpointID") != "", texts("Het elektronische adres van de verkoper ontbreekt.", "The electronic address of the seller is missing.", "L’adresse électronique du vendeur manque."), Owner.SELLER),
    Rule("PEPPOL-EN16931-R051", one_currency, texts("Een bedrag staat in een andere valuta dan de factuur.", "An amount is in another currency than the invoice.", "Un montant est dans une autre devise que la facture.")),
    Rule("PEPPOL-EN16931-R053", one_breakdown, texts("De btw is niet precies eenmaal uitgesplitst.", "The VAT is not broken down exactly once.", "La TVA n’est pas détaillée exactement une fois.")),
    Rule("PEPPOL-EN16931-R054", bare_totals_fit, texts("Er staat een btw-totaal zonder uitsplitsing te veel of te weinig.", "A VAT total without a breakdown is missing or too many.", "Un total de TVA sans détail manque ou est de trop.")),
    Rule("PEPPOL-EN16931-R061", debit_has_mandate, texts("Een incasso noemt geen machtiging.", "A direct debit names no mandate.", "Un prélèvement ne nomme pas de mandat.")),
    Rule("PEPPOL-EN16931-P0100", kind_fits_profile, texts("De soort factuur past niet bij het proces.", "The kind of invoice does not fit the process.", "Le type de facture ne convient pas au processus.")),
    Rule("PEPPOL-EN16931-P0101", credit_fits_profile, texts("De soort creditnota past niet bij het proces.", "The kind of credit note does not fit the process.", "Le type d’avoir ne convient pas au processus.")),
    Rule("PEPPOL-EN16931-P0105", code_has_category("VATEX-EU-O", "O"), texts("De code “niet onderworpen” staat bij een andere categorie.", "The code “not subject” stands with another category.", "Le code « hors champ » figure avec une autre catégorie.")),
    Rule("PEPPOL-EN16931-P0107", code_has_category("VATEX-EU-AE", "AE"), texts("De code “verlegd” staat bij een andere categorie.", "The code “reverse charge” stands with another category.", "Le code « autoliquidation » figure avec une autre catégorie.")),
    Rule("PEPPOL-EN16931-F001", dates_are_dates, texts("Een datum bestaat niet of is anders geschreven dan jjjj-mm-dd.", "A date does not exist, or is not written as yyyy-mm-dd.", "Une date n’existe pas ou n’est pas écrite aaaa-mm-jj.")),
    Rule("PEPPOL-EN16931-CL007", lambda paper: all(one == "EUR" for one in amounts(paper)), texts("Een bedrag staat niet in euro.", "An amount is not in euros.", "Un montant n’est pas en euros.")),
    Rule("PEPPOL-EN16931-CL008", schemes_are_listed, texts("Het schema van een elektronisch adres is geen schema van Peppol.", "The scheme of an electronic address is not one of Peppol.", "Le schéma d’une adresse électronique n’est pas de Peppol."), Owner.SELLER),
    _number_rule("PEPPOL-COMMON-R040", "0088", is_gln, "GLN", ("geldig (13 cijfers)", "valid (13 digits)", "valable (13 chiffres)")),
    _number_rule("PEPPOL-COMMON-R043", "0208", is_belgian_number, "KBO", ("geldig (10 cijfers)", "valid (10 digits)", "valable (10 chiffres)")),
    _number_rule("PEPPOL-COMMON-R054", "0106", is_kvk, "KvK", ("acht cijfers", "eight digits", "de huit chiffres")),
    _number_rule("PEPPOL-COMMON-R055", "0190", is_oin, "OIN", ("twintig cijfers", "twenty digits", "de vingt chiffres")),
    _number_rule("PEPPOL-COMMON-R056-1", "9944", is_shaped_as_dutch_vat, "NL-VAT", ("NL123456789B01", "NL123456789B01", "NL123456789B01")),
    Rule("PEPPOL-COMMON-R056-2", dutch_vat_numbers, texts("Een Nederlands btw-nummer is niet geschreven als NL123456789B01.", "A Dutch VAT number is not written as NL123456789B01.", "Un numéro de TVA néerlandais n’est pas écrit NL123456789B01."), Owner.SELLER),
)  # fmt: skip
