"""Invoices as people read them: kinds, regimes, fields of the parties, findings and whose they are to mend."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dip.contracts.rules.invoices.paper import REMEDIES
from dip.contracts.terms.invoices import InvoiceKind, Owner, PartyFinding, RuleFinding, VatRegime
from dip.contracts.wording import said

KINDS: Mapping[InvoiceKind, str | Promise] = {
    InvoiceKind.INVOICE: gettext_lazy("Invoice"),
    InvoiceKind.CREDIT: gettext_lazy("Credit note"),
    InvoiceKind.SELF_BILLED: gettext_lazy("Invoice, made by the theatre"),
    InvoiceKind.SELF_BILLED_CREDIT: gettext_lazy("Credit note, made by the theatre"),
}
REGIMES: Mapping[VatRegime, str | Promise] = {
    VatRegime.NORMAL: gettext_lazy("Normal: VAT on every invoice"),
    VatRegime.SMALL: gettext_lazy("Scheme for small businesses (KOR): exempt"),
    VatRegime.FOREIGN: gettext_lazy("Established abroad: the buyer accounts for the VAT"),
    VatRegime.OUTSIDE: gettext_lazy("Not a taxable person: no VAT number"),
}
FIELDS: Mapping[str, str | Promise] = {
    "legal_name": gettext_lazy("Legal name"),
    "trading_name": gettext_lazy("Trading name"),
    "street": gettext_lazy("Street and number"),
    "postcode": gettext_lazy("Postcode"),
    "city": gettext_lazy("Town"),
    "country": gettext_lazy("Country"),
    "kvk": gettext_lazy("KvK number"),
    "oin": gettext_lazy("OIN"),
    "vat_number": gettext_lazy("VAT number"),
    "iban": gettext_lazy("IBAN"),
    "bic": gettext_lazy("BIC"),
    "email": gettext_lazy("E-mail for invoices"),
    "peppol_id": gettext_lazy("Peppol participant id"),
    "regime": gettext_lazy("VAT regime"),
    "payment_terms": gettext_lazy("Terms of payment"),
    "buyer_reference": gettext_lazy("Your reference"),
    "language": gettext_lazy("Language"),
}
_FINDINGS: Mapping[str, str | Promise] = {
    "missing": gettext_lazy("{field} is not filled in. Without it no invoice can be issued."),
    "no_registration": gettext_lazy(
        "Fill in the KvK number, or the OIN of a government organisation. In the Netherlands it is required."
    ),
    "no_vat_number": gettext_lazy(
        "The VAT number is not filled in. Fill it in, or choose the regime of who is not a taxable person."
    ),
    "no_iban": gettext_lazy("The IBAN is not filled in. Whoever invoices needs an account to be paid on."),
    "no_address": gettext_lazy("There is no electronic address: fill in the KvK number, the OIN or a Peppol participant id."),
    "not_country": gettext_lazy("“{value}” is not a country code. Give two letters, such as NL or BE."),
    "not_postcode": gettext_lazy("“{value}” is not a Dutch postcode. Give four digits and two letters, such as 3811 AB."),
    "not_kvk": gettext_lazy("“{value}” is not a KvK number. Give its eight digits."),
    "not_oin": gettext_lazy("“{value}” is not an OIN. Give its twenty digits."),
    "not_vat_number": gettext_lazy(
        "“{value}” is not a VAT number that can be right. Look at its digits; a Dutch one is written as NL123456789B01."
    ),
    "not_iban": gettext_lazy("“{value}” is not an IBAN that can be right. Look at its digits."),
    "not_bic": gettext_lazy("“{value}” is not a BIC. Give its eight or eleven characters, or leave it empty."),
    "not_email": gettext_lazy("“{value}” is not an e-mail address."),
    "not_peppol_id": gettext_lazy("“{value}” is not a Peppol participant id. Give scheme and number, such as 0106:12345678."),
    "outside_with_number": gettext_lazy(
        "“{value}”: who is not a taxable person has no VAT number. Empty it, or choose another regime."
    ),
    "foreign_at_home": gettext_lazy(
        "The regime “established abroad” does not go with a Dutch address. Choose another regime or country."
    ),
}


def party_finding(finding: PartyFinding) -> str:
    """One problem in a party's details, in a sentence with its remedy."""
    text = str(_FINDINGS[finding.code])
    return text.format(field=FIELDS[finding.field], **finding.values)


def rule_finding(finding: RuleFinding) -> str:
    """A rule that the document does not follow, in a sentence."""
    return said(finding.says)


def remedy(owner: Owner, seller: str, buyer: str) -> str:
    """What to do about findings, with the name of who can."""
    named = {
        Owner.SELLER: _("{party} completes its details.").format(party=seller),
        Owner.BUYER: _("{party} completes its details.").format(party=buyer),
    }
    return named.get(owner) or said(REMEDIES[owner])


def owner_name(owner: Owner, seller: str, buyer: str) -> str:
    """Whose a group of findings is."""
    names = {
        Owner.SELLER: _("Details of {party}").format(party=seller),
        Owner.BUYER: _("Details of {party}").format(party=buyer),
        Owner.AGREEMENT: _("Agreement and borderel"),
        Owner.PLATFORM: _("The document itself"),
    }
    return names[owner]
