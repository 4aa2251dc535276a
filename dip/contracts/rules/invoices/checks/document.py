"""EN 16931: what every document has, its dates, its references, its parties' names and addresses."""

from collections.abc import Callable

from dip.contracts.rules.fields import texts
from dip.contracts.rules.invoices.identifiers import is_iban
from dip.contracts.rules.invoices.paper import BUYER, SELLER, VAT_NUMBER, Paper, Rule
from dip.contracts.terms.invoices import Owner


def needs(path: str) -> Callable[[Paper], bool]:
    """A rule that an element is there, with text in it or elements below it."""

    def holds(paper: Paper) -> bool:
        return any(len(node) or (node.text or "").strip() for node in paper.all(path))

    return holds


def is_typed(paper: Paper) -> bool:
    """The document says what kind it is."""
    return paper.type_code != ""


def has_lines(paper: Paper) -> bool:
    """At least one line."""
    return bool(paper.lines)


def period_in_order(path: str) -> Callable[[Paper], bool]:
    """A rule that no period at the path ends before it starts."""

    def holds(paper: Paper) -> bool:
        spans = [(paper.text("cbc:StartDate", node), paper.text("cbc:EndDate", node)) for node in paper.all(path)]
        return all(not start or not end or start <= end for start, end in spans)

    return holds


def period_is_filled(path: str) -> Callable[[Paper], bool]:
    """A rule that every period at the path has a start, an end or both."""

    def holds(paper: Paper) -> bool:
        return all(paper.text("cbc:StartDate", node) or paper.text("cbc:EndDate", node) for node in paper.all(path))

    return holds


def precedes_by_number(paper: Paper) -> bool:
    """Each reference to an earlier document has its number."""
    return all(paper.text("cac:InvoiceDocumentReference/cbc:ID", node) for node in paper.all("cac:BillingReference"))


def documents_are_named(paper: Paper) -> bool:
    """Each supporting document has a reference."""
    return all(paper.text("cbc:ID", node) for node in paper.all("cac:AdditionalDocumentReference"))


def one_way_of_tax_date(paper: Paper) -> bool:
    """Not both the date on which VAT becomes due and a code for it."""
    return not (paper.has("cbc:TaxPointDate") and paper.has("cac:InvoicePeriod/cbc:DescriptionCode"))


def seller_is_known(paper: Paper) -> bool:
    """The seller has an identifier, a registration or a VAT number."""
    paths = ("cac:PartyIdentification/cbc:ID", "cac:PartyLegalEntity/cbc:CompanyID", VAT_NUMBER)
    return any(paper.text(f"{SELLER}/{path}") for path in paths)


def vat_numbers_name_a_country(paper: Paper) -> bool:
    """Each VAT number begins with the letters of a country."""
    numbers = [paper.text(f"{party}/{VAT_NUMBER}") for party in (SELLER, BUYER)]
    return all(len(number) > 2 and number[:2].isalpha() and number[:2].isupper() for number in numbers if number)


def has_scheme(path: str) -> Callable[[Paper], bool]:
    """A rule that electronic addresses at the path name their scheme."""

    def holds(paper: Paper) -> bool:
        return all(node.get("schemeID") for node in paper.all(path))

    return holds


def means_has_code(paper: Paper) -> bool:
    """Each means of payment has a code."""
    return all(paper.text("cbc:PaymentMeansCode", node) for node in paper.all("cac:PaymentMeans"))


def account_has_number(paper: Paper) -> bool:
    """Each account to pay to has a number."""
    return all(paper.text("cbc:ID", node) for node in paper.all("cac:PaymentMeans/cac:PayeeFinancialAccount"))


def transfer_has_account(paper: Paper) -> bool:
    """A credit transfer (30, 58) names the account to pay to."""
    means = [node for node in paper.all("cac:PaymentMeans") if paper.text("cbc:PaymentMeansCode", node) in {"30", "58"}]
    return all(paper.text("cac:PayeeFinancialAccount/cbc:ID", node) for node in means)


def sepa_account_is_iban(paper: Paper) -> bool:
    """Our own: the account of a SEPA transfer passes the check of an IBAN."""
    means = [node for node in paper.all("cac:PaymentMeans") if paper.text("cbc:PaymentMeansCode", node) == "58"]
    return all(is_iban(paper.text("cac:PayeeFinancialAccount/cbc:ID", node)) for node in means)


def due_is_told(paper: Paper) -> bool:
    """What is to be paid has a due date, or terms of payment."""
    if paper.number("cac:LegalMonetaryTotal/cbc:PayableAmount") <= 0:
        return True
    return paper.has("cbc:DueDate") or paper.text("cac:PaymentTerms/cbc:Note") != ""


_NAME, _ADDRESS = "cac:PartyLegalEntity/cbc:RegistrationName", "cac:PostalAddress"
_COUNTRY = "cac:PostalAddress/cac:Country/cbc:IdentificationCode"
_SELLER_ADDRESS, _BUYER_ADDRESS = f"{SELLER}/cbc:EndpointID", f"{BUYER}/cbc:EndpointID"

RULES = (
    Rule("BR-01", needs("cbc:CustomizationID"), texts("De specificatie van het document ontbreekt.", "The document names no specification.", "Le document ne nomme pas sa spécification.")),
    Rule("BR-02", needs("cbc:ID"), texts("Het factuurnummer ontbreekt.", "The invoice has no number.", "La facture n’a pas de numéro.")),
    Rule("BR-03", needs("cbc:IssueDate"), texts("De factuurdatum ontbreekt.", "The invoice has no date of issue.", "La facture n’a pas de date d’émission.")),
    Rule("BR-04", is_typed, texts("De soort factuur ontbreekt.", "The kind of invoice is missing.", "Le type de facture manque.")),
    Rule("BR-05", needs("cbc:DocumentCurrencyCode"), texts("De valuta ontbreekt.", "The currency is missing.", "La devise manque.")),
    Rule("BR-06", needs(f"{SELLER}/{_NAME}"), texts("De officiële naam van de verkoper ontbreekt.", "The legal name of the seller is missing.", "La dénomination sociale du vendeur manque."), Owner.SELLER),
    Rule("BR-07", needs(f"{BUYER}/{_NAME}"), texts("De officiële naam van de koper ontbreekt.", "The legal name of the buyer is missing.", "La dénomination sociale de l’acheteur manque."), Owner.BUYER),
    Rule("BR-08", needs(f"{SELLER}/{_ADDRESS}"), texts("Het adres van de verkoper ontbreekt.", "The address of the seller is missing.", "L’adresse du vendeur manque."), Owner.SELLER),
    Rule("BR-09", needs(f"{SELLER}/{_COUNTRY}"), texts("Het land van de verkoper ontbreekt.", "The country of the seller is missing.", "Le pays du vendeur manque."), Owner.SELLER),
    Rule("BR-10", needs(f"{BUYER}/{_ADDRESS}"), texts("Het adres van de koper ontbreekt.", "The address of the buyer is missing.", "L’adresse de l’acheteur manque."), Owner.BUYER),
    Rule("BR-11", needs(f"{BUYER}/{_COUNTRY}"), texts("Het land van de koper ontbreekt.", "The country of the buyer is missing.", "Le pays de l’acheteur manque."), Owner.BUYER),
    Rule("BR-16", has_lines, texts("De factuur heeft geen regel.", "The invoice has no line.", "La facture n’a aucune ligne."), Owner.AGREEMENT),
    Rule("BR-29", period_in_order("cac:InvoicePeriod"), texts("De periode van de factuur eindigt voor zij begint.", "The period of the invoice ends before it starts.", "La période de la facture finit avant de commencer.")),
    Rule("BR-49", means_has_code, texts("De betaalwijze heeft geen code.", "The means of payment has no code.", "Le moyen de paiement n’a pas de code.")),
    Rule("BR-50", account_has_number, texts("De rekening van de verkoper heeft geen nummer.", "The account of the seller has no number.", "Le compte du vendeur n’a pas de numéro."), Owner.SELLER),
    Rule("BR-52", documents_are_named, texts("Een bijlage heeft geen kenmerk.", "A supporting document has no reference.", "Une pièce jointe n’a pas de référence.")),
    Rule("BR-55", precedes_by_number, texts("De verwijzing naar een eerdere factuur heeft geen nummer.", "The reference to an earlier invoice has no number.", "La référence à une facture antérieure n’a pas de numéro.")),
    Rule("BR-61", transfer_has_account, texts("De rekening waarop betaald wordt ontbreekt.", "The account to pay to is missing.", "Le compte à créditer manque."), Owner.SELLER),
    Rule("BR-62", has_scheme(_SELLER_ADDRESS), texts("Het elektronische adres van de verkoper heeft geen schema.", "The electronic address of the seller has no scheme.", "L’adresse électronique du vendeur n’a pas de schéma."), Owner.SELLER),
    Rule("BR-63", has_scheme(_BUYER_ADDRESS), texts("Het elektronische adres van de koper heeft geen schema.", "The electronic address of the buyer has no scheme.", "L’adresse électronique de l’acheteur n’a pas de schéma."), Owner.BUYER),
    Rule("BR-CO-03", one_way_of_tax_date, texts("De datum waarop btw verschuldigd wordt staat er tweemaal, als datum en als code.", "The date on which VAT becomes due stands there twice, as a date and as a code.", "La date d’exigibilité de la TVA figure deux fois, en date et en code.")),
    Rule("BR-CO-09", vat_numbers_name_a_country, texts("Een btw-nummer begint niet met de letters van een land, zoals NL.", "A VAT number does not begin with the letters of a country, such as NL.", "Un numéro de TVA ne commence pas par les lettres d’un pays, comme NL."), Owner.SELLER),
    Rule("BR-CO-19", period_is_filled("cac:InvoicePeriod"), texts("De periode van de factuur heeft begin noch eind.", "The period of the invoice has neither start nor end.", "La période de la facture n’a ni début ni fin.")),
    Rule("BR-CO-25", due_is_told, texts("Er is te betalen, maar vervaldatum en betalingsvoorwaarden ontbreken.", "There is an amount to pay, without a due date or terms of payment.", "Il y a un montant à payer, sans échéance ni conditions de paiement.")),
    Rule("BR-CO-26", seller_is_known, texts("De verkoper heeft geen KvK-nummer, OIN of btw-nummer.", "The seller has no KvK number, OIN or VAT number.", "Le vendeur n’a ni numéro KvK, ni OIN, ni numéro de TVA."), Owner.SELLER),
    Rule("DIP-IBAN", sepa_account_is_iban, texts("Het rekeningnummer van de verkoper is geen geldig IBAN.", "The account number of the seller is not a valid IBAN.", "Le numéro de compte du vendeur n’est pas un IBAN valable."), Owner.SELLER),
)  # fmt: skip
