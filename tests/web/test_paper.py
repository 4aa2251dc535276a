"""Documents: the same bytes everywhere, archives that screen readers read, and typed text that stays text."""

import io
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from dip.web import paper
from dip.web.paper import UnableToRender, printable

TEMPLATE = "web/paper/document.typ"
AT = datetime(2026, 2, 3, 15, 4, tzinfo=UTC)
ODD = 'Zaal #let x = read("/site/config.py") *niet vet* _a_ $x^2$ <label> @ref [haken] \\ "citaat" // weg /* ook */ = kop - punt + `code` ~ http://vlonder.example'


def filled(**over: Any) -> dict[str, Any]:
    """A document with one of each part."""
    parts: list[dict[str, Any]] = [
        {"kind": "heading", "text": "Toeslagen"},
        {"kind": "text", "text": ODD + "\n\nTweede alinea"},
        {"kind": "note", "text": "Klein"},
        {"kind": "parties", "items": [{"label": "Theater", "name": "De Vlonder", "lines": ["Kadestraat 1"]}]},
        {"kind": "terms", "heads": ["Bepaling", "Afgesproken"], "rows": [{"name": "Deel", "value": "80 %", "hint": "netto"}]},
        {"kind": "listing", "heads": ["Datum", "Zaal"], "widths": ["auto", "1fr"], "rows": [["14-01", "Groot"]], "numbers": 1, "fine": False},
        {
            "kind": "statement", "heads": ["Bedragen", "Totaal", "do 14-01"],
            "rows": [
                {"kind": "head", "sign": "", "name": "Verdeling", "hint": "", "amounts": []},
                {"kind": "line", "sign": "−", "name": "Btw", "hint": "9 %", "amounts": ["1,00", "1,00"]},
                {"kind": "hit", "sign": "", "name": "Garantie", "hint": "", "amounts": ["5,00", "5,00"]},
                {"kind": "total", "sign": "", "name": "Totaal", "hint": "", "amounts": ["9,00", "9,00"]},
            ],
        },
        {
            "kind": "chart", "title": "Opbrengst", "sub": "naar kaarten", "alt": "De lijn stijgt",
            "lines": [{"name": "A", "own": True, "end": 900, "points": [[0, 0], [1000, 900]]}],
            "across": [{"at": 0, "name": "€ 0", "is-zero": True}], "along": [{"at": 0, "name": "0 kaarten"}],
        },
    ]  # fmt: skip
    return {
        "title": "Overeenkomst A26-01193", "author": "Van Halderen", "subject": "Goedgekeurd", "keywords": ["A26-01193"], "kind": "Overeenkomst",
        "head": "Overeenkomst", "reference": "A26-01193", "foot": "A26-01193", "page": "pagina {page} van {pages}", "watermark": "Concept",
        "heading": "Zeven Dagen Vloed", "facts": ["Partage", "", "Theater"], "standing": {"binds": False, "title": "Concept", "sentence": "Bindt niet."},
        "sections": [{"title": "Deel", "parts": parts}], "annexes": [{"title": "Bijlage", "parts": []}],
        "seal": {"title": "Verzegeld", "sentence": "Zie", "address": "https://dip.example/verify", "fingerprint-name": "Afdruk", "fingerprint": "ab12"},
    } | over  # fmt: skip


def reader(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader(content).pages).split())


def test_it_is_an_archive_that_screen_readers_read():
    made = reader(paper.render(TEMPLATE, filled(), language="nl", at=AT))
    root = made.trailer["/Root"]
    metadata = root["/Metadata"].get_object().get_data().decode()
    for said in ("<pdfaid:part>3<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<", "Overeenkomst A26-01193"):
        assert said in metadata
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/OutputIntents" in root
    kinds = tags(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/P"} <= kinds.keys()
    assert kinds["/H1"] == 1


def tags(node: Any, found: dict[str, int] | None = None) -> dict[str, int]:
    """How often each kind of tag stands in the structure."""
    found = {} if found is None else found
    node = node.get_object()
    if isinstance(node, dict):
        if "/S" in node:
            found[node["/S"]] = found.get(node["/S"], 0) + 1
        for child in node.get("/K", []) if isinstance(node.get("/K"), list) else [node["/K"]] if "/K" in node else []:
            if hasattr(child, "get_object") and isinstance(child.get_object(), dict):
                tags(child, found)
    return found


def test_every_font_is_the_houses_own_and_embedded():
    made = reader(paper.render(TEMPLATE, filled(), language="nl", at=AT))
    for page in made.pages:
        for font in page["/Resources"]["/Font"].values():
            font = font.get_object()
            assert "IBMPlexSans" in font["/BaseFont"]
            assert "/ToUnicode" in font
            assert "/FontDescriptor" in font["/DescendantFonts"][0].get_object()


def test_typed_text_stays_text():
    said = text_of(paper.render(TEMPLATE, filled(), language="nl", at=AT))
    assert ODD.replace("http://", "") in said.replace("http://", "").replace("- ", "- ")
    assert "SECRET" not in said


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Ж Ω Ł ĳ œ €", "Ж Ω Ł ĳ œ €"),
        ("feest 🎉", "feest [U+1F389]"),
        ("❤️", "[U+2764]"),
        ("日本", "[U+65E5][U+672C]"),
        ("a\tb\x00c\x1b[0m", "a bc[0m"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\u202eomgekeerd", "omgekeerd"),
        ("e\u0301", "é"),
        ("\ud800", "[U+D800]"),
    ],
)
def test_signs_that_the_font_lacks_are_named_and_refuse_nothing(typed, shown):
    assert printable(typed) == shown
    paper.render(TEMPLATE, filled(heading=typed + "."), language="nl", at=AT)


def test_all_of_unicode_once():
    every = "".join(map(chr, [*range(0x2FFF), *range(0xFB00, 0xFFFF, 7), *range(0x1F000, 0x20000, 97)]))
    sections = [{"title": "Opmerkingen", "parts": [{"kind": "text", "text": every}]}]
    paper.render(TEMPLATE, filled(sections=sections), language="fr", at=AT)


def test_it_holds_its_own_moment_and_never_that_of_printing():
    made = paper.render(TEMPLATE, filled(), language="nl", at=AT)
    assert b"2026-02-03T15:04:00" in made
    today = datetime.now(UTC)
    assert f"{today:%Y%m%d}".encode() not in made
    assert f"{today:%Y-%m-%d}".encode() not in made


SCRIPT = """
import sys, hashlib
from datetime import timedelta
from tests.web.test_paper import AT, TEMPLATE, filled
from dip.web import paper
for _ in range(2):
    print(hashlib.sha256(paper.render(TEMPLATE, filled(), language="nl", at=AT)).hexdigest())
"""


def test_two_processes_on_two_clocks_make_the_same_bytes():
    root = Path(__file__).resolve().parents[2]
    found = set()
    for zone, seed in (("Pacific/Auckland", "1"), ("America/Lima", "2")):
        environ = {
            **os.environ,
            "TZ": zone,
            "PYTHONHASHSEED": seed,
            "SOURCE_DATE_EPOCH": seed * 9,
            "LC_ALL": "C",
            "PYTHONPATH": str(root),
        }
        done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=root, env=environ, capture_output=True, text=True, check=True)
        found |= set(done.stdout.split())
    from hashlib import sha256

    assert found == {sha256(paper.render(TEMPLATE, filled(), language="nl", at=AT)).hexdigest()}


def test_a_document_without_a_title_is_refused():
    with pytest.raises(UnableToRender, match="title"):
        paper.render(TEMPLATE, filled(title=""), language="nl", at=AT)


def test_data_that_lack_a_part_are_refused_and_the_next_document_is_made():
    lacking = filled()
    del lacking["standing"]
    with pytest.raises(UnableToRender, match=r"document\.typ.*standing"):
        paper.render(TEMPLATE, lacking, language="nl", at=AT)
    assert paper.render(TEMPLATE, filled(), language="nl", at=AT).startswith(b"%PDF-1.7")


def test_pages_can_be_looked_at():
    pages = paper.picture(TEMPLATE, filled(), language="en", ppi=40)
    assert [page[:4] for page in pages] == [b"\x89PNG"] * 2
