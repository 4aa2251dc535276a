import pytest

from dip.definitions import queries

pytestmark = pytest.mark.django_db


def test_everybody_may_read_the_definitions(client):
    text = client.get("/definitions/", headers={"accept-language": "en"}).content.decode()
    assert "Occupancy, paid" in text
    assert 'id="comparable"' in text
    assert "At least 30 are needed" in text
    assert "110\u00a0%" in text
    assert "holdings_min" in text


def test_a_definition_shows_its_history(client):
    text = client.get("/definitions/recette/").content.decode()
    assert "2025–26 v1" in text
    assert "meer is beter" in text
    assert "werkgroep Verkoopcijfers" in text


def test_an_unknown_definition_is_not_there(client):
    assert client.get("/definitions/no_such/").status_code == 404


def test_the_standard_as_json_is_whole(client):
    found = client.get("/definitions/standard.json").json()
    assert {len(found["genres"]), len(found["provinces"])} == {6, 12}
    assert found["metrics"][0]["names"].keys() == {"nl", "en", "fr"}
    assert found["thresholds"][0]["valid_from"] == "2025-08-01"


def test_pages_ask_the_database_nothing(client, django_assert_num_queries):
    queries.standard()
    with django_assert_num_queries(0):
        client.get("/definitions/")
        client.get("/definitions/recette/")
