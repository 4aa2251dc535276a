"""Making the documents of agreements and borderellen: rendered, sealed, and remembered by their digest."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from dip.contracts.models import Agreement, SealedDocument
from dip.contracts.queries.papers.agreement import DRAFT, agreement_of, agreement_paper, stage_of
from dip.contracts.queries.papers.kept import kept_paper
from dip.contracts.queries.papers.settlement import settlement_of, settlement_paper, settlement_stage
from dip.contracts.terms.papers import EDITION, Paper, PaperKind
from dip.registry.seals import Seal, seal_pdf
from dip.registry.terms import Access
from dip.registry.trail import write_line
from dip.web import paper as press

TEMPLATE = "web/paper/document.typ"


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF. ``name``: of the file. ``digest``: SHA-256 of it before its seal."""

    name: str
    content: bytes
    digest: str
    is_sealed: bool


def agreement_document(
    *, access: Access, at: datetime, agreement_id: int, language: str, number: int | None = None
) -> Document | None:
    """The document of a version: the newest unless given; the provider's side gets its draft as ``DRAFT`` or while nothing was proposed.
    None where the access sees no such agreement or version. Raises :class:`dip.registry.seals.UnableToSeal`."""
    agreement = agreement_of(access, agreement_id)
    if agreement is None:
        return None
    number = (agreement.version or DRAFT) if number is None else number
    stage = stage_of(access, agreement, number)
    if stage is None:
        return None
    paper = kept_paper(access, agreement, PaperKind.AGREEMENT, number, stage, language) if number != DRAFT else None
    paper = paper or agreement_paper(access, agreement, number, language)
    return make_document(access=access, at=at, agreement=agreement, paper=paper) if paper else None


def settlement_document(*, access: Access, at: datetime, agreement_id: int, number: int, language: str) -> Document | None:
    """The document of a borderel that was confirmed. None where the access sees no such agreement or borderel, or one that is still
    open. Raises :class:`dip.registry.seals.UnableToSeal`."""
    agreement = agreement_of(access, agreement_id)
    settlement = settlement_of(access, agreement, number) if agreement else None
    stage = settlement_stage(settlement) if settlement else None
    if agreement is None or settlement is None or stage is None:
        return None
    paper = kept_paper(access, agreement, PaperKind.SETTLEMENT, number, stage, language)
    paper = paper or settlement_paper(access, agreement, settlement, language)
    return make_document(access=access, at=at, agreement=agreement, paper=paper)


def make_document(*, access: Access, at: datetime, agreement: Agreement, paper: Paper) -> Document:
    """Render a paper and, unless it is a draft, seal it and remember its digest, with a line in the trail the first time."""
    rendered = press.render(TEMPLATE, paper.data, language=paper.language, at=paper.at)
    digest = sha256(rendered).hexdigest()
    if not paper.is_sealed:
        return Document(f"{paper.name}.pdf", rendered, digest, False)
    sealed = seal_pdf(rendered, _seal(paper), at=at)
    _remember(access, at, agreement, paper, digest)
    return Document(f"{paper.name}.pdf", sealed, digest, True)


def _seal(paper: Paper) -> Seal:
    with translation.override(paper.language):
        tooltip = _("Seal of the platform: shows every later change to this file")
    return Seal(reason=str(paper.data["title"]), tooltip=tooltip)


def _remember(access: Access, at: datetime, agreement: Agreement, paper: Paper, digest: str) -> None:
    known = SealedDocument.objects.within(access).filter(agreement=agreement, digest=digest, stage=paper.stage)
    if known.exists():
        return
    try:
        with transaction.atomic():
            SealedDocument.objects.create(
                agreement=agreement,
                kind=paper.kind,
                number=paper.number,
                stage=paper.stage,
                language=paper.language,
                edition=EDITION,
                at=paper.at,
                name=paper.name,
                content=paper.data,
                digest=digest,
                sealed_at=at,
            )
            write_line(
                access=access, at=at, verb="sealed", subject="document", subject_id=agreement.pk, label=str(paper.data["title"])
            )
    except IntegrityError:  # another request sealed the same at this moment
        return
