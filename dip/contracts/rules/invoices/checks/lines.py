"""EN 16931 and Peppol: what every line has, and that it adds up."""

from collections.abc import Callable
from decimal import Decimal

from dip.contracts.rules.fields import texts
from dip.contracts.rules.invoices.checks.document import period_in_order, period_is_filled
from dip.contracts.rules.invoices.paper import Node, Paper, Rule, decimal
from dip.contracts.terms.invoices import Owner

#: How far a line may be from quantity times price, as the network allows.
SLACK = Decimal("0.02")


def each_line(path: str) -> Callable[[Paper], bool]:
    """A rule that every line has text at a path."""

    def holds(paper: Paper) -> bool:
        return all(paper.text(path, line) for line in paper.lines)

    return holds


def quantity_of(paper: Paper, line: Node) -> Node | None:
    """How much of the item: of an invoice or of a credit note."""
    found = paper.all("cbc:CreditedQuantity" if paper.is_credit else "cbc:InvoicedQuantity", line)
    return found[0] if found else None


def each_has_quantity(paper: Paper) -> bool:
    """Every line says how much."""
    return all(quantity_of(paper, line) is not None for line in paper.lines)


def each_has_unit(paper: Paper) -> bool:
    """Every quantity has a unit."""
    quantities = [quantity_of(paper, line) for line in paper.lines]
    return all(quantity.get("unitCode") for quantity in quantities if quantity is not None)


def prices_are_not_negative(paper: Paper) -> bool:
    """No price below 0: what lowers the total has a negative quantity."""
    return all(paper.number("cac:Price/cbc:PriceAmount", line) >= 0 for line in paper.lines)


def each_adds_up(paper: Paper) -> bool:
    """The amount of a line is its quantity times its price, for each so many pieces."""
    return all(_is_near(paper, line) for line in paper.lines)


def _is_near(paper: Paper, line: Node) -> bool:
    quantity = quantity_of(paper, line)
    times = Decimal(1) if quantity is None else decimal(quantity.text or "")
    per = paper.number("cac:Price/cbc:BaseQuantity", line) or Decimal(1)
    wanted = times * paper.number("cac:Price/cbc:PriceAmount", line) / per
    return abs(paper.number("cbc:LineExtensionAmount", line) - wanted) <= SLACK


def base_quantity_is_positive(paper: Paper) -> bool:
    """A price for so many pieces names a number above 0."""
    found = [node for line in paper.lines for node in paper.all("cac:Price/cbc:BaseQuantity", line)]
    return all(decimal(node.text or "") > 0 for node in found)


def _within_document(paper: Paper, edge: str, *, is_start: bool) -> bool:
    limit = paper.text(f"cac:InvoicePeriod/cbc:{edge}")
    own = [paper.text(f"cac:InvoicePeriod/cbc:{edge}", line) for line in paper.lines]
    return not limit or all((day >= limit if is_start else day <= limit) for day in own if day)


def starts_within(paper: Paper) -> bool:
    """No line starts before the document's period."""
    return _within_document(paper, "StartDate", is_start=True)


def ends_within(paper: Paper) -> bool:
    """No line ends after the document's period."""
    return _within_document(paper, "EndDate", is_start=False)


_LINE = ("cac:InvoiceLine/cac:InvoicePeriod", "cac:CreditNoteLine/cac:InvoicePeriod")

RULES = (
    Rule("BR-21", each_line("cbc:ID"), texts("Een regel heeft geen nummer.", "A line has no number.", "Une ligne n’a pas de numéro.")),
    Rule("BR-22", each_has_quantity, texts("Een regel heeft geen aantal.", "A line has no quantity.", "Une ligne n’a pas de quantité.")),
    Rule("BR-23", each_has_unit, texts("Een aantal heeft geen eenheid.", "A quantity has no unit.", "Une quantité n’a pas d’unité.")),
    Rule("BR-24", each_line("cbc:LineExtensionAmount"), texts("Een regel heeft geen bedrag.", "A line has no amount.", "Une ligne n’a pas de montant.")),
    Rule("BR-25", each_line("cac:Item/cbc:Name"), texts("Een regel zegt niet waarvoor.", "A line does not say what it is for.", "Une ligne ne dit pas son objet."), Owner.AGREEMENT),
    Rule("BR-26", each_line("cac:Price/cbc:PriceAmount"), texts("Een regel heeft geen prijs.", "A line has no price.", "Une ligne n’a pas de prix.")),
    Rule("BR-27", prices_are_not_negative, texts("Een prijs is lager dan nul; een aantal mag dat wel zijn.", "A price is below zero; a quantity may be.", "Un prix est négatif ; une quantité peut l’être.")),
    Rule("BR-30", lambda paper: all(period_in_order(path)(paper) for path in _LINE), texts("De periode van een regel eindigt voor zij begint.", "The period of a line ends before it starts.", "La période d’une ligne finit avant de commencer.")),
    Rule("BR-CO-04", each_line("cac:Item/cac:ClassifiedTaxCategory/cbc:ID"), texts("Een regel heeft geen btw-categorie.", "A line has no VAT category.", "Une ligne n’a pas de catégorie de TVA.")),
    Rule("BR-CO-20", lambda paper: all(period_is_filled(path)(paper) for path in _LINE), texts("De periode van een regel heeft begin noch eind.", "The period of a line has neither start nor end.", "La période d’une ligne n’a ni début ni fin.")),
    Rule("PEPPOL-EN16931-R110", starts_within, texts("Een regel begint voor de periode van de factuur.", "A line starts before the period of the invoice.", "Une ligne commence avant la période de la facture.")),
    Rule("PEPPOL-EN16931-R111", ends_within, texts("Een regel eindigt na de periode van de factuur.", "A line ends after the period of the invoice.", "Une ligne finit après la période de la facture.")),
    Rule("PEPPOL-EN16931-R120", each_adds_up, texts("Het bedrag van een regel is niet aantal keer prijs.", "The amount of a line is not quantity times price.", "Le montant d’une ligne n’est pas quantité fois prix.")),
    Rule("PEPPOL-EN16931-R121", base_quantity_is_positive, texts("Een prijs geldt per nul stuks of minder.", "A price is for zero pieces or fewer.", "Un prix vaut pour zéro pièce ou moins.")),
)  # fmt: skip
