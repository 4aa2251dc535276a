import pytest
from typer.testing import CliRunner

from dip.definitions.queries import geo
from dip.definitions.terms import AreaLevel
from dip.site import geo as command
from dip.site.commands import app
from tests.definitions.small_country import empty_geo, small_country, write

__all__ = ["empty_geo", "small_country"]
pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("empty_geo")
def test_without_areas_the_page_says_what_to_do(client):
    text = client.get("/definitions/areas/", headers={"accept-language": "en"}).content.decode()
    assert "dip geo load" in text
    assert "data-chart" not in text


def test_everybody_may_read_what_is_loaded(client, small_country):
    text = client.get("/definitions/areas/", headers={"accept-language": "en"}).content.decode()
    assert "CBS, Kadaster (CC BY 4.0)" in text
    assert "17,900" in text
    assert "01-01-2021" in text
    assert "data-chart" in text
    assert "pc4_with_gemeente2022.csv:4 gemeente 3503 Vaarle → Vaarle aan Zee" in text
    assert small_country.digest[:16] in text
    assert 'href="/definitions/areas/"' in client.get("/definitions/").content.decode()


def test_the_page_is_translated_and_asks_the_database_nothing(client, small_country, django_assert_num_queries):
    geo.areas(AreaLevel.PC4)
    with django_assert_num_queries(0):
        text = client.get("/definitions/areas/", headers={"accept-language": "nl"}).content.decode()
    assert "Wat er in de bestanden is gevonden" in text
    assert "Inwoners per km²" in text


@pytest.mark.usefixtures("empty_geo")
def test_the_command_tells_what_it_did(tmp_path):
    folder = write(tmp_path / "open")
    said = command.load(folder)
    assert said.startswith("Loaded in ")
    assert "edition of 2021-01-01, CBS, Kadaster (CC BY 4.0)." in said
    assert "7 postcodes and 1 with letter boxes only, 3 municipalities, 2 provinces, 17900 inhabitants." in said
    assert "1 × name_matched: The municipality has a former name" in said
    assert command.load(folder).startswith("Already in force")
    assert command.load(folder, dated="2024-01-01", attribution="Somebody").startswith("Loaded")
    with pytest.raises(command.UnableToLoadAreas, match="Write it as"):
        command.load(folder, dated="yesterday")


@pytest.mark.usefixtures("empty_geo")
def test_a_wrong_folder_is_told_and_nothing_is_loaded(tmp_path):
    answer = CliRunner().invoke(app, ["geo", "load", str(tmp_path)])
    assert answer.exit_code == 1
    assert "Nothing was loaded." in answer.stderr
    assert "Give the folder with the open files of areas." in answer.stderr
    assert geo.edition() is None


def test_the_page_tells_when_outlines_are_gone(client, small_country):
    before = client.get("/definitions/areas/", headers={"accept-language": "en"}).content.decode()
    assert "Outlines are gone" not in before
    (geo.home() / small_country.shapes["municipality.json"][:16] / "municipality.json").unlink()
    geo.forget()
    text = client.get("/definitions/areas/", headers={"accept-language": "en"}).content.decode()
    assert "Outlines are gone" in text
    assert "data-chart" not in text
