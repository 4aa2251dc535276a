"""Every mart of the audience says what it is, and is made."""

import pytest

from dip.warehouse.store.tickets.makers import FOLDER, NATIONAL, THEATRE, UNMATCHED, make_of, mart_sql

MARTS = {**THEATRE, **UNMATCHED, **NATIONAL}


def test_every_file_is_made_and_every_mart_has_a_file():
    assert {path.stem for path in FOLDER.glob("audience_*.sql")} == set(MARTS)


@pytest.mark.parametrize("name", MARTS)
def test_a_mart_says_what_it_is(name):
    header = [line for line in mart_sql(name).splitlines() if line.startswith("--")]
    assert header[0].startswith(f"-- {name}: " + ("published" if MARTS[name] else "not published"))
    for part in ("grain", "measures", "definitions"):
        assert any(line.startswith(f"-- {part}: ") for line in header), f"{name} does not say its {part}"


def test_what_it_is_made_with_changes_with_the_marts():
    assert make_of("theatre") != make_of("national")
