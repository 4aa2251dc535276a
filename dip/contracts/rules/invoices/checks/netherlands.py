"""The rules of the Netherlands. They hold for a seller in the Netherlands, as its address says.

The network asks them of ordinary invoices; we ask the same of self-billed ones, because the law does.
"""

from dip.contracts.rules.fields import texts
from dip.contracts.rules.invoices.paper import BUYER, SELLER, TOTALS, Paper, Rule
from dip.contracts.terms.invoices import Owner

_ADDRESS = ("cbc:StreetName", "cbc:CityName", "cbc:PostalZone")
_REGISTERS = frozenset({"0106", "0190"})
_MEANS = frozenset({"30", "48", "49", "57", "58", "59"})
_REPRESENTATIVE = "cac:TaxRepresentativeParty"


def seller_is_dutch(paper: Paper) -> bool:
    """The seller's address is in the Netherlands."""
    return paper.country(SELLER) == "NL"


def both_are_dutch(paper: Paper) -> bool:
    """Seller and buyer are in the Netherlands."""
    return seller_is_dutch(paper) and paper.country(BUYER) == "NL"


def credit_names_invoice(paper: Paper) -> bool:
    """A credit note says which invoice it takes back."""
    if not (seller_is_dutch(paper) and paper.is_credit):
        return True
    return paper.text("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID") != ""


def seller_has_address(paper: Paper) -> bool:
    """Street, town and postcode of the seller."""
    return not seller_is_dutch(paper) or _has_address(paper, SELLER)


def buyer_has_address(paper: Paper) -> bool:
    """Street, town and postcode of a Dutch buyer."""
    return not both_are_dutch(paper) or _has_address(paper, BUYER)


def _has_address(paper: Paper, party: str) -> bool:
    return all(paper.text(f"{party}/cac:PostalAddress/{part}") for part in _ADDRESS)


def seller_is_registered(paper: Paper) -> bool:
    """KvK number or OIN of the seller."""
    return not seller_is_dutch(paper) or _is_registered(paper, SELLER)


def buyer_is_registered(paper: Paper) -> bool:
    """KvK number or OIN of a Dutch buyer."""
    return not both_are_dutch(paper) or _is_registered(paper, BUYER)


def _is_registered(paper: Paper, party: str) -> bool:
    nodes = paper.all(f"{party}/cac:PartyLegalEntity/cbc:CompanyID")
    return any(node.get("schemeID") in _REGISTERS and (node.text or "").strip() for node in nodes)


def representative_has_address(paper: Paper) -> bool:
    """Street, town and postcode of a Dutch fiscal representative, when there is one."""
    is_dutch = paper.country(_REPRESENTATIVE) == "NL"
    return not (seller_is_dutch(paper) and is_dutch) or _has_address(paper, _REPRESENTATIVE)


def payment_is_told(paper: Paper) -> bool:
    """How to pay, when the buyer has something to pay to the seller."""
    due = paper.number(f"{TOTALS}/cbc:PayableAmount")
    to_seller = due < 0 if paper.is_credit else due > 0
    return not (seller_is_dutch(paper) and to_seller) or paper.has("cac:PaymentMeans")


def means_are_dutch(paper: Paper) -> bool:
    """Between Dutch parties: transfer, debit or card."""
    codes = [(node.text or "").strip() for node in paper.all("cac:PaymentMeans/cbc:PaymentMeansCode")]
    return not both_are_dutch(paper) or all(code in _MEANS for code in codes)


def order_is_named(paper: Paper) -> bool:
    """A line that names a line of an order needs the order."""
    refers = any(paper.has("cac:OrderLineReference/cbc:LineID", line) for line in paper.lines)
    return not (seller_is_dutch(paper) and refers) or paper.text("cac:OrderReference/cbc:ID") != ""


RULES = (
    Rule("NL-R-001", credit_names_invoice, texts("De creditnota noemt geen factuur.", "The credit note names no invoice.", "L’avoir ne nomme pas de facture.")),
    Rule("NL-R-002", seller_has_address, texts("Straat, postcode of plaats van de verkoper ontbreekt.", "Street, postcode or town of the seller is missing.", "Rue, code postal ou ville du vendeur manque."), Owner.SELLER),
    Rule("NL-R-003", seller_is_registered, texts("KvK-nummer of OIN van de verkoper ontbreekt.", "The KvK number or OIN of the seller is missing.", "Le numéro KvK ou l’OIN du vendeur manque."), Owner.SELLER),
    Rule("NL-R-004", buyer_has_address, texts("Straat, postcode of plaats van de koper ontbreekt.", "Street, postcode or town of the buyer is missing.", "Rue, code postal ou ville de l’acheteur manque."), Owner.BUYER),
    Rule("NL-R-005", buyer_is_registered, texts("KvK-nummer of OIN van de koper ontbreekt.", "The KvK number or OIN of the buyer is missing.", "Le numéro KvK ou l’OIN de l’acheteur manque."), Owner.BUYER),
    Rule("NL-R-006", representative_has_address, texts("Straat, postcode of plaats van de fiscaal vertegenwoordiger ontbreekt.", "Street, postcode or town of the fiscal representative is missing.", "Rue, code postal ou ville du représentant fiscal manque."), Owner.SELLER),
    Rule("NL-R-007", payment_is_told, texts("De rekening van de verkoper ontbreekt: er is iets te betalen.", "The account of the seller is missing: there is something to pay.", "Le compte du vendeur manque : il y a quelque chose à payer."), Owner.SELLER),
    Rule("NL-R-008", means_are_dutch, texts("De betaalwijze is in Nederland niet gebruikelijk (30, 48, 49, 57, 58 of 59).", "The means of payment is not one used in the Netherlands (30, 48, 49, 57, 58 or 59).", "Le moyen de paiement n’est pas d’usage aux Pays-Bas (30, 48, 49, 57, 58 ou 59).")),
    Rule("NL-R-009", order_is_named, texts("Een regel noemt een orderregel, maar de order ontbreekt.", "A line names a line of an order, but the order is missing.", "Une ligne nomme une ligne de commande, mais la commande manque.")),
)  # fmt: skip
