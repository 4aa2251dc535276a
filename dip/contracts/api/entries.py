"""Shape of what booking systems write of agreements: members as in the objects that they read, so that one can be changed and sent back."""

from typing import Annotated, Any

from django.utils import translation
from pydantic import Field, StringConstraints

from dip.contracts.actions import UnableToAct
from dip.contracts.rules.wire import wire_name
from dip.contracts.words import finding_text
from dip.registry.bodies import StrictBody

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)]


class NumberPointer(StrictBody):
    """Points to a theatre by its wire id."""

    id: int = Field(ge=1, lt=2**63)


class ProductionPointer(StrictBody):
    """Points to a production by its national id."""

    id: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]


class PerformancePointer(StrictBody):
    """Points to a performance by its national number."""

    number: int = Field(ge=1, lt=2**63)


class ContractBody(StrictBody):
    """An agreement to draft, or to change: what a change leaves out stays as it is."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] | None = Field(
        None, description="your own reference"
    )
    contact_theater: Text | None = Field(None, description="e-mail; left out: the theatre's own contact")
    contact_producer: Text | None = None
    agencyAsProvider: bool | None = None
    production: ProductionPointer | None = None
    theater: NumberPointer | None = None
    performances: list[PerformancePointer] | None = Field(None, description="one to six, of the production in the theatre")
    properties: dict[str, Any] | None = Field(
        None, description="the terms, as they are read; what is left out begins with its default"
    )


def told(error: UnableToAct, format_code: str, row: int) -> list[dict[str, Any]]:
    """What an action refused, as the wire shows it, in English: one finding per problem."""
    with translation.override("en"):
        found = [(one.field, one.code, finding_text(one, format_code)) for one in error.findings]
    found = found or [(error.field or "", "refused", error.message)]
    return [{"row": row, "field": wire_name(format_code, field), "code": code, "message": text} for field, code, text in found]
