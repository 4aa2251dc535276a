"""Documents that were sealed: their content again, and whose a file is that somebody holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dip.contracts.models import Agreement, SealedDocument
from dip.contracts.terms.papers import EDITION, Paper, PaperKind
from dip.registry.terms import Access

_HELD = "who holds a sealed file reads it: its digest finds nothing that is not in it"


@dataclass(frozen=True, slots=True)
class Held:
    """What may be told to whoever holds a sealed document: what stands in it."""

    kind: PaperKind
    reference: str
    number: int
    stage: str
    language: str
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Newer:
    """For a party only: what came after the document. Empty where it is the newest."""

    agreement_id: int
    version: int
    status: str
    revised_by: str = ""
    settlement: int = 0


def kept_paper(access: Access, agreement: Agreement, kind: PaperKind, number: int, stage: str, language: str) -> Paper | None:
    """The document as it was sealed first, None when it was not yet. One query."""
    rows = SealedDocument.objects.within(access).filter(
        agreement=agreement, kind=kind, number=number, stage=stage, language=language, edition=EDITION
    )
    row = rows.first()
    if row is None:
        return None
    return Paper(kind, agreement.pk, number, stage, language, row.at, row.name, row.content, is_sealed=True)


def held_document(digests: Iterable[str]) -> Held | None:
    """The sealed document with one of these digests; None when the platform remembers none. One query."""
    rows = SealedDocument.objects.across_tenants(_HELD).select_related("agreement").filter(digest__in=list(digests))
    row = rows.first()
    if row is None:
        return None
    title = str(row.content["title"])
    return Held(PaperKind(row.kind), row.agreement.reference, row.number, row.stage, row.language, title, row.at)


def newer_than(access: Access, digests: Iterable[str]) -> Newer | None:
    """How the agreement of a sealed document stands now, for those who may see it; None for anybody else. Three queries."""
    row = SealedDocument.objects.within(access).select_related("agreement").filter(digest__in=list(digests)).first()
    if row is None:
        return None
    agreement = row.agreement
    later = Agreement.objects.within(access).filter(parent=agreement, status="approved").values_list("reference", flat=True).first()
    last = agreement.settlements.model.objects.within(access).filter(agreement=agreement).order_by("-number").first()
    return Newer(agreement.pk, agreement.version, agreement.status, later or "", last.number if last else 0)
