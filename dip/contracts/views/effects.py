"""What another value of one field does, in euros, for the side that looks."""

from django.utils.translation import gettext as _

from dip.contracts.queries.agreement import AgreementPage, Side
from dip.contracts.rules.answers import FORMAT, PERFORMANCES
from dip.contracts.terms.columns import Basis
from dip.contracts.terms.fields import Value
from dip.web import formats


def effect_cents(page: AgreementPage, code: str, value: Value) -> int | None:
    """By how much the reader's own total changes in the column that tells most; None where a value changes no arithmetic."""
    if code in (FORMAT, PERFORMANCES) or value is None:
        return None
    before = page.basis
    after = page.column_with({**page.shown.values, code: value}, before)
    line = "theatre_total" if page.side is Side.THEATRE else "provider_ex"
    return after.statement.cents(line) - before.statement.cents(line)


def effect_text(page: AgreementPage, code: str, value: Value) -> str:
    """The same in words: "You keep € 1.000,00 more at today’s sales."."""
    cents = effect_cents(page, code, value)
    if cents is None:
        return ""
    told = {"amount": formats.money(abs(cents)), "basis": basis_words(page.basis.basis)}
    if cents == 0:
        return _("No difference %(basis)s.") % told
    if page.side is Side.THEATRE:
        return (_("You keep %(amount)s more %(basis)s.") if cents > 0 else _("You keep %(amount)s less %(basis)s.")) % told
    if page.side is Side.PROVIDER:
        more, less = _("You receive %(amount)s more %(basis)s, excl. VAT."), _("You receive %(amount)s less %(basis)s, excl. VAT.")
        return (more if cents > 0 else less) % told
    more, less = (
        _("The provider receives %(amount)s more %(basis)s, excl. VAT."),
        _("The provider receives %(amount)s less %(basis)s, excl. VAT."),
    )
    return (more if cents > 0 else less) % told


def basis_words(basis: Basis) -> str:
    """A column in the middle of a sentence."""
    return {Basis.POTENTIAL: _("when sold out"), Basis.ESTIMATED: _("at today’s sales"), Basis.ACTUAL: _("as it was played")}[basis]
