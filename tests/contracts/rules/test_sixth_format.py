"""A sixth format is one more file: it settles, is checked, drafted and told on the wire without a change elsewhere."""

import sys
from fractions import Fraction

import pytest

from dip.contracts.rules import formats as room
from dip.contracts.rules import values
from dip.contracts.rules.formats import format_of, formats
from dip.contracts.rules.steps import residual, settle
from dip.contracts.rules.values import check_terms, completed
from dip.contracts.rules.wire import properties
from dip.contracts.terms.statement import Evening
from dip.contracts.wording import format_name

FILE = '''
"""Half and half: each party has half of the net, and the provider a sum on top."""

from dip.contracts.rules import charges, sharing
from dip.contracts.rules.checks import nothing_more
from dip.contracts.rules.fields import SHARE_VAT, G, M, texts
from dip.contracts.rules.formats import Format
from dip.contracts.rules.ledger import plus
from dip.contracts.terms.fields import Field


def share(ledger, step):
    """Half, and the sum."""
    half = tuple((cents + 1) // 2 for cents in ledger.amounts("net"))
    sharing.write_shares(ledger, step, plus(half, (ledger.money("extra"),) * ledger.count), None, ledger.amounts("net"))


FORMAT = Format(
    code="halves",
    order=6,
    names=texts("Half om half", "Half and half", "Moitié-moitié"),
    sentences=texts("Ieder de helft.", "Half for each.", "La moitié à chacun."),
    fields=(Field("extra", M.MONEY, G.SHARE, texts("Extra", "Extra", "Extra"), wire="extra", is_required=True), SHARE_VAT),
    share=share,
    charge=charges.provider_invoices,
    check=nothing_more,
)
'''


@pytest.fixture
def halves(tmp_path, monkeypatch):
    """The package of formats with one more file in it."""
    (tmp_path / "halves.py").write_text(FILE)
    monkeypatch.setattr(room, "__path__", [*room.__path__, str(tmp_path)])
    for remembered in (formats, values.fields_of):
        remembered.cache_clear()
    yield format_of("halves")
    sys.modules.pop(f"{room.__name__}.halves", None)
    monkeypatch.undo()
    for remembered in (formats, values.fields_of):
        remembered.cache_clear()


def test_it_is_a_format_like_the_others(halves):
    assert [one.code for one in formats()][-1] == "halves"
    assert format_name("halves", "fr") == "Moitié-moitié"
    assert [finding.code for finding in check_terms("halves", completed("halves", {}))][:2] == ["field_missing", "field_missing"]
    terms = completed("halves", {"extra": 10_000, "entrance_prices": (2800,), "theatre_surcharge": 200})
    assert not [finding for finding in check_terms("halves", terms) if not finding.is_warning]
    assert properties("halves", terms)["extra"] == 10_000
    statement = settle("halves", terms, [Evening(1, 100, 280_000, Fraction(9, 100))])
    assert statement.cents("provider_share") == (statement.cents("net") + 1) // 2 + 10_000
    assert residual(statement) == 0
    assert statement.payable_cents == statement.cents("provider_total") > 0


def test_it_is_gone_with_its_file():
    assert "halves" not in {one.code for one in formats()}
