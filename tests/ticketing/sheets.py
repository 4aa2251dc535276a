"""A theatre without a coupling, and files as its people fill them."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import xlsxwriter

from dip.programme.models import Performance
from dip.registry.terms import Access, Level, Module, Role
from dip.ticketing.actions.sheets import confirm_upload, keep_upload
from dip.ticketing.models import PerformanceSales, SheetUpload
from dip.ticketing.queries import sheets as reads
from dip.ticketing.rules.sheets.fields import Field, name_of
from tests.factories.programme import make_hall, make_performance, make_theatre
from tests.factories.registry import NOW, make_access, make_organisation

N, NR, D, DR, F = Field.NORMAL, Field.NORMAL_RECETTE, Field.DISCOUNT, Field.DISCOUNT_RECETTE, Field.FREE
TRUE_AT = NOW - timedelta(hours=1)


class House:
    """A theatre without a coupling, with performances in a hall of 300 seats."""

    def __init__(self, performances: int = 1, *, is_coupled: bool = False):
        self.organisation = make_organisation(Role.THEATRE)
        self.theatre = make_theatre(self.organisation, is_coupled=is_coupled)
        self.hall = make_hall(self.theatre, capacity=300)
        day = NOW.date() + timedelta(days=30)
        self.performances = [make_performance(hall=self.hall, day=day + timedelta(days=i)) for i in range(performances)]
        self.performance = self.performances[0]
        self.access = make_access(self.organisation, Role.THEATRE)
        self.viewer = make_access(self.organisation, Role.THEATRE, {Module.SALES: Level.VIEW})
        self.stranger = House._elsewhere()

    @staticmethod
    def _elsewhere() -> Access:
        other = make_organisation(Role.THEATRE)
        make_theatre(other, is_coupled=False)
        return make_access(other, Role.THEATRE)


def state(performance: Performance) -> PerformanceSales:
    return PerformanceSales.objects.across_tenants("tests look").get(performance=performance)


def workbook(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A workbook as a person saves it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("Cijfers")
    for number, row in enumerate([heads, *rows]):
        for place, value in enumerate(row):
            if isinstance(value, datetime):
                page.write_datetime(number, place, value, book.add_format({"num_format": "dd-mm-yyyy"}))
            elif value is not None:
                page.write(number, place, value)
    book.close()
    return out.getvalue()


def filled(rows: Sequence[tuple[Performance | str, Mapping[Field, Any]]], language: str = "nl") -> bytes:
    """The platform's own sheet with these cells filled; a performance's DIP-id, or what stands in its place."""
    fields = [Field.DIP_ID, *[one for one in Field if one is not Field.DIP_ID]]
    table = [
        [reference(who), *[cells.get(one) for one in fields[1:]]] for who, cells in rows
    ]  # fmt: skip
    return workbook([name_of(one, language) for one in fields], table)


def reference(who: Performance | str) -> str:
    return who if isinstance(who, str) else str(who)


def send(
    access: Access, content: bytes, *, at: datetime = NOW, true_at: datetime = TRUE_AT, name: str = "cijfers.xlsx"
) -> SheetUpload:
    return keep_upload(access=access, at=at, file_name=name, content=content, true_at=true_at).upload


def look(access: Access, upload: SheetUpload) -> reads.Preview:
    return reads.preview(access, upload)


def confirm(access: Access, upload: SheetUpload, *, at: datetime = NOW):
    return confirm_upload(access=access, at=at, upload_id=upload.pk, stamp=look(access, upload).stamp)


def codes(preview: reads.Preview) -> list[tuple[int, str | None, str]]:
    """(row, field, code) of every finding."""
    return [(f.row, f.field.value if f.field else None, f.code.value) for line in preview.lines for f in line.findings]
