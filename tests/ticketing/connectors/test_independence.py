"""Each vendor is one folder and one line: connectors know nothing of each other, of tables, or of the clock."""

import ast
from pathlib import Path

import pytest

from dip.ticketing import connectors
from dip.ticketing.connection_words import PARTS, PROBLEMS, STATUSES, TROUBLES
from dip.ticketing.connector import Account, Connector, SalesStatus, SourceSnapshot, Trouble
from dip.ticketing.connectors import CONNECTORS
from dip.ticketing.rules.matching import Problem
from dip.ticketing.rules.quality import Part

FOLDER = Path(connectors.__file__).parent
VENDORS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir() and path.name != "__pycache__")
ALLOWED = (
    "dip.ticketing.connector",
    "dip.ticketing.rules",
    "dip.ticketing.terms",
    "dip.kernel.identifiers",
    "dip.ticketing.asking",
)


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_the_registry_has_one_line_for_each_folder():
    assert sorted(CONNECTORS) == VENDORS


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_connector_reaches_for_the_contract_and_its_own_folder_only(vendor):
    own = f"dip.ticketing.connectors.{vendor}"
    for path in (FOLDER / vendor).glob("*.py"):
        ours = [name for name in imports_of(path) if name.startswith("dip")]
        far = [
            n for n in ours if not n.startswith(own) and not any(n == allowed or n.startswith(f"{allowed}.") for allowed in ALLOWED)
        ]
        assert not far, f"{path.name} imports {far}"
        assert "datetime.now" not in path.read_text()


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_connector_answers_every_question_of_the_contract(vendor):
    opened = CONNECTORS[vendor].opened(Account("https://tickets.example", "vlonder", "secret"))
    questions = [name for name in vars(Connector) if not name.startswith("_")]
    assert questions
    assert all(callable(getattr(opened, name)) for name in questions)
    assert "secret" not in repr(opened)


def test_every_word_of_the_contract_has_its_explanation():
    assert set(Trouble) <= set(TROUBLES)
    assert set(SalesStatus) == set(STATUSES)
    assert set(Problem) == set(PROBLEMS)
    assert set(Part) == set(PARTS)


def test_nothing_in_a_snapshot_points_to_a_buyer():
    assert not {"email", "name", "phone", "order", "code"} & set(SourceSnapshot.__slots__)
