"""The rules that a document is checked by, before it is issued: EN 16931, Peppol and the Netherlands, each with its own code."""

from dip.contracts.rules.invoices.checks import codes, document, lines, netherlands, peppol, totals, vat
from dip.contracts.rules.invoices.paper import Paper, Rule
from dip.contracts.terms.invoices import RuleFinding

RULES: tuple[Rule, ...] = (
    *document.RULES,
    *totals.RULES,
    *lines.RULES,
    *vat.RULES,
    *codes.RULES,
    *peppol.RULES,
    *netherlands.RULES,
)


def check(written: bytes) -> list[RuleFinding]:
    """Every rule that a document does not follow, refusing ones first. The document is parsed again from its bytes."""
    paper = Paper.of(written)
    found = [rule.finding() for rule in RULES if not rule.holds(paper)]
    return sorted(found, key=lambda finding: finding.is_warning)
