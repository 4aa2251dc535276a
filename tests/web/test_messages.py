import subprocess
import sys

import pytest

from dip.web import messages


@pytest.mark.parametrize("domain", messages.domains())
def test_every_text_is_translated(domain):
    assert messages.problems(domain) == []


def test_an_update_keeps_translations_and_drops_what_is_gone(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "PACKAGE", tmp_path)
    domain = tmp_path / "sales"
    (domain / "templates").mkdir(parents=True)
    (domain / "__init__.py").write_text("")
    (domain / "views.py").write_text("a = _('Old')\nb = ngettext('%(n)s seat', '%(n)s seats', 2)\n")
    (domain / "templates" / "page.html").write_text(
        '{% load i18n %}<p>It\'s {% trans "New" %}</p>\n   {% blocktranslate with n=x %}Has {{ n }}{% endblocktranslate %}'
    )
    assert messages.update("sales") == 8
    path = messages.po_file("sales", "nl")
    path.write_text(path.read_text().replace('msgid "New"\nmsgstr ""', 'msgid "New"\nmsgstr "Nieuw"'))
    (domain / "views.py").write_text("")
    assert messages.update("sales") == 3
    text = path.read_text()
    assert 'msgstr "Nieuw"' in text
    assert "Old" not in text
    assert messages.compile_all() == 2
    assert messages.compile_all() == 0


def test_other_placeholders_are_a_problem(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "PACKAGE", tmp_path)
    (tmp_path / "sales").mkdir()
    (tmp_path / "sales" / "__init__.py").write_text("a = _('%(n)s seats')\n")
    messages.update("sales")
    for language in messages.LANGUAGES:
        path = messages.po_file("sales", language)
        path.write_text(
            path.read_text()
            .replace('msgstr ""\n', 'msgstr "%(m)s stoelen"\n')
            .replace('msgid ""\nmsgstr "%(m)s stoelen"', 'msgid ""\nmsgstr ""')
        )
    assert "other placeholders" in messages.problems("sales")[0]


def test_the_command_names_an_unknown_domain():
    done = subprocess.run([sys.executable, "-m", "dip.web.messages", "nowhere"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "There is no domain nowhere" in done.stdout
