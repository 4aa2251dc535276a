"""The purpose register: whole, versioned, in three languages, and what the door asks for is in it."""

from datetime import date

import pytest

from dip.definitions.queries import purposes as queries
from dip.definitions.rules import purposes as rules
from dip.definitions.rules.purposes import UnableToReadPurposes, purpose_register
from dip.definitions.terms import LANGUAGES
from dip.warehouse.rules.looking import Purpose

pytestmark = pytest.mark.django_db


def test_every_purpose_of_the_door_is_registered_and_every_entry_is_used_or_declared():
    places = {term.code: term.place for term in purpose_register().purposes}
    assert {code for code, place in places.items() if place == rules.DOOR} == {one.value for one in Purpose}
    assert set(places.values()) == set(rules.PLACES)


def test_limits_of_retention_are_named_thresholds():
    kept = {row.code: row.limit for row in queries.register("nl").retention}
    assert kept["orders"] == 10
    assert kept["looks"] == 2
    assert kept["unlinked"] is None


def test_texts_are_whole():
    for language in LANGUAGES:
        found = queries.register(language)
        assert found.purpose("own_audience").name
        assert all(row.texts["instead"] for row in found.never)
    assert queries.register("nl").purpose("no_such") is None


def test_a_new_version_holds_from_its_day_and_the_old_one_stays_readable(tmp_path):
    text = rules.FILE.read_text()
    first = text.index('[[purpose]]\ncode = "look_log"')
    entry = text[first : text.index("[[purpose]]", first + 5)]
    later = (
        entry.replace("version = 1", "version = 2").replace("2026-11-01", "2027-08-01").replace("Log of who looked", "Who looked")
    )
    file = tmp_path / "purposes.toml"
    file.write_text(text + "\n" + later)
    found = purpose_register(file)
    assert found.of("look_log", date(2027, 7, 31)).texts["name"]["en"] == "Log of who looked"
    assert found.of("look_log", date(2027, 8, 1)).version == 2
    assert found.of("look_log", date(2020, 1, 1)).version == 1
    assert len(found.purposes) == len(purpose_register().purposes) + 1


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('place = "planned"', 'place = "later"', "Choose one of door, platform, planned"),
        ("name.fr = ", "naam.fr = ", "name.fr"),
        ("[register]", "[registre]", "It has [register]"),
        ('code = "look_log"\nversion = 1', 'code = "own_audience"\nversion = 1', "Number it higher"),
    ],
)
def test_what_is_wrong_is_named_with_its_remedy(tmp_path, old, new, told):
    text = rules.FILE.read_text()
    assert old in text
    file = tmp_path / "purposes.toml"
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(UnableToReadPurposes, match=told.replace("[", r"\[")):
        purpose_register(file)


def test_everybody_may_read_it_in_each_language(client):
    for language, word in (("en", "Purpose register"), ("nl", "Doelenregister"), ("fr", "Registre des finalités")):
        text = client.get("/definitions/purposes/", headers={"accept-language": language}).content.decode()
        assert f"<h1>{word}</h1>" in text
        assert 'id="licensed_segments"' in text
    assert "/definitions/purposes/" in client.get("/definitions/", headers={"accept-language": "en"}).content.decode()


def test_as_json_it_has_every_version_and_language(client):
    found = client.get("/definitions/purposes/purposes.json").json()
    assert found["version"] == 1
    assert found["purposes"][0]["valid_from"] == "2026-11-01"
    assert set(found["purposes"][0]["texts"]["name"]) == set(LANGUAGES)
    assert [key["code"] for key in found["keys"]] == ["sector", "platform"]
