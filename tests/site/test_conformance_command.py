"""``dip conformance``: tells, writes files, and answers with an exit code."""

import json

import pytest
from typer.testing import CliRunner

from dip.site.commands import app
from dip.site.conformance import run_suite
from dip.ticketing import connectors
from dip.ticketing.conformance.reading_words import READING
from tests.ticketing.conformance import broken
from tests.ticketing.conformance.reference import ACCOUNT, TOKEN, Kassa, Reference

FILES = {"json_file": None, "html_file": None}


@pytest.fixture
def kassa(monkeypatch):
    """The reference connector as one of the platform's."""
    box = Kassa()

    def put(connector: type[Reference]) -> None:
        vendor = connectors.CONNECTORS["pretix"]
        fields = {name: getattr(vendor, name) for name in vendor.__dataclass_fields__}
        made = type(vendor)(**fields | {"name": "Kassa", "opened": lambda account: connector(account, box)})
        monkeypatch.setattr("dip.site.conformance.CONNECTORS", {"kassa": made})
        monkeypatch.setattr("dip.kernel.clock.now", box.clock)

    return put


def tried(**over):
    given = {"address": ACCOUNT.address, "account": ACCOUNT.account, "token": TOKEN, "sample": 200, **FILES}
    return run_suite("kassa", **given | over)


def test_a_good_one(kassa, tmp_path, capsys):
    kassa(Reference)
    assert tried(json_file=tmp_path / "report.json", html_file=tmp_path / "report.html") == 0
    assert "Conforms." in capsys.readouterr().out
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["verdict"] == "conforms"
    assert len(report["checks"]) == len(READING)
    assert TOKEN not in (tmp_path / "report.html").read_text()


def test_a_broken_one_and_an_unknown_one(kassa, capsys):
    kassa(broken.ListsTwice)
    assert tried() == 1
    assert "Does not conform" in capsys.readouterr().out
    kassa(broken.HasTooManyRights)
    assert tried() == 0, "a should is no must"
    assert run_suite("kassandra", address="", account="", token="", sample=1, **FILES) == 2


def test_without_a_name_every_check_is_listed():
    answer = CliRunner().invoke(app, ["conformance"])
    assert answer.exit_code == 0
    assert all(code in answer.output for code in READING)
