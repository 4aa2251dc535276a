"""Budgets of the house: small files, small functions, names that say something."""

import ast

import pytest

from tests.architecture.tree import FLOORS, PACKAGE, ROOT, sources

MOST_LINES_OF_FILE = 400
MOST_LINES_OF_FUNCTION = 40
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "base", "service", "services", "manager", "managers", "misc"}


def test_files_are_small():
    tests = sorted((ROOT / "tests").rglob("*.py"))
    long = {
        str(path.relative_to(ROOT)): n
        for path in [*sources(), *tests]
        if (n := len(path.read_text().splitlines())) > MOST_LINES_OF_FILE
    }
    assert not long


def test_functions_are_small():
    long = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) is not None else node.body
                length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                if length > MOST_LINES_OF_FUNCTION:
                    long[f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"] = length
    assert not long


def test_names_say_something():
    found = [path for path in sources() if path.stem in EMPTY_NAMES or path.parent.name in EMPTY_NAMES]
    assert not found


def test_every_folder_of_the_package_is_a_floor():
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(FLOORS)


@pytest.mark.parametrize("floor", FLOORS)
def test_a_domain_says_what_it_is_for(floor):
    text = (PACKAGE / floor / "__init__.py").read_text()
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1, "no re-exports from a domain"
