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


def test_the_lines_of_a_settlement_stand_by_themselves_and_in_their_order(client):
    text = client.get("/definitions/", headers={"accept-language": "en"}).content.decode()
    assert text.index('id="settlement_gross"') < text.index('id="settlement_vat"') < text.index('id="settlement_theatre_total"')
    assert text.index('id="settlement"') < text.index('id="settlement_sales"')
    assert text.index('id="recette"') < text.index('id="settlement"')


def test_every_version_of_a_rate_is_shown_with_its_first_day(client):
    text = client.get("/definitions/", headers={"accept-language": "nl"}).content.decode()
    table = text[text.index('id="rates"') :]
    assert table.index("9\u00a0%") < table.index("6\u00a0%"), "the newest first"
    assert "01-01-2019" in table
    assert [(rate.code, rate.version) for rate in queries.rates("nl")] == [
        ("royalties", 1),
        ("vat_high", 2),
        ("vat_high", 1),
        ("vat_low", 2),
        ("vat_low", 1),
    ]


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
