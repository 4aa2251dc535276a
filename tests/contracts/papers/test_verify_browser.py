"""Checking a document in a real browser: wide, narrow, dark, and without scripts."""

import pytest

from dip.contracts.terms.states import AgreementStatus
from tests.contracts.papers.making import Cast, make_agreement
from tests.contracts.papers.test_documents import agency, agreed

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def document(tmp_path):
    """A sealed agreement as a file, and the same with one other byte."""
    cast = Cast()
    made = agreed(agency(cast), make_agreement(cast, status=AgreementStatus.APPROVED)).content
    whole, changed = tmp_path / "A26-overeenkomst.pdf", tmp_path / "changed.pdf"
    whole.write_bytes(made)
    changed.write_bytes(made[:3000] + bytes([made[3000] ^ 1]) + made[3001:])
    return whole, changed


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "light"), (1440, "dark")])
def test_a_document_is_chosen_and_answered(live_server, new_context, axe, document, width, scheme):
    page = new_context(width=width, color_scheme=scheme).new_page()
    page.goto(f"{live_server.url}/contracts/verify")
    axe(page)
    for file, verdict in zip(document, ("Whole, and sealed by this platform", "Changed after it was sealed"), strict=True):
        page.set_input_files("#file", str(file))
        page.get_by_role("button", name="Check").click()
        page.get_by_role("heading", name=verdict).wait_for()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_input_files("#file", str(document[0]))
    page.get_by_role("button", name="Check").click()
    page.get_by_role("heading", name="Whole").wait_for()


def test_it_works_without_scripts(live_server, new_context, document):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/contracts/verify")
    page.set_input_files("#file", str(document[0]))
    page.get_by_role("button", name="Check").click()
    page.get_by_role("heading", name="Whole, and sealed by this platform").wait_for()
