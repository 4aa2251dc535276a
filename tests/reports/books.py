"""Reading workbooks in tests: as they are, and as LibreOffice recalculates them."""

import re
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

#: Always recalculate on load, whatever the file says it holds.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item>
</oor:items>"""
HEADS, TOTALS = 3, 2


def read(content: bytes) -> CalamineWorkbook:
    """The workbook with the values that it holds."""
    return CalamineWorkbook.from_filelike(BytesIO(content))


def table(book: CalamineWorkbook, name: str) -> tuple[list[str], list, list[list]]:
    """Heads, totals and rows of a sheet with a table."""
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return rows[HEADS], rows[TOTALS], rows[HEADS + 1 :]


def columns(book: CalamineWorkbook, name: str) -> dict[str, tuple[object, list]]:
    """Head → (total, values) of a sheet with a table."""
    heads, totals, rows = table(book, name)
    return {head: (totals[n], [row[n] for row in rows]) for n, head in enumerate(heads)}


def formulas(content: bytes) -> list[str]:
    """Every formula in the workbook."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        pages = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        return [found for name in pages for found in re.findall(r"<f>(.*?)</f>", archive.read(name).decode())]


def without_values(content: bytes) -> bytes:
    """The same workbook with the value of every formula taken out: what shows then was calculated."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
            target.writestr(name, data)
    return out.getvalue()


def recalculated(content: bytes, folder: Path) -> CalamineWorkbook:
    """As LibreOffice calculates it; the test is skipped where there is none."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed (sh tests/office.sh): the workbook is not recalculated")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS)
    (folder / "in.xlsx").write_bytes(without_values(content))
    (folder / "out").mkdir(exist_ok=True)
    command = [
        office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--convert-to",
        "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"), str(folder / "in.xlsx"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    made = folder / "out" / "in.xlsx"
    assert made.exists(), done.stderr.decode()
    return read(made.read_bytes())
