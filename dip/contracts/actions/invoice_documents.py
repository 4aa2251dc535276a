"""The PDF of an invoice, sealed, its UBL inside; and mailing both to the other party."""

from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from dip.contracts.actions import letters
from dip.contracts.actions.documents import Document
from dip.contracts.actions.entitlement import locked_agreement, need_level
from dip.contracts.invoice_words import KINDS
from dip.contracts.models import Invoice, SealedDocument
from dip.contracts.queries import invoices as queries
from dip.contracts.queries.papers.invoice import ISSUED, TEMPLATE, file_name, invoice_paper
from dip.contracts.queries.settlements import side_of
from dip.contracts.terms.invoices import InvoiceKind
from dip.contracts.terms.papers import EDITION, PaperKind
from dip.registry.post import enclose, queue_mail
from dip.registry.seals import Seal, seal_pdf
from dip.registry.terms import Access, AccessDenied, Level, Refusal
from dip.registry.trail import write_line
from dip.web import formats
from dip.web import paper as press

XML_TYPE = "application/xml"


class UnableToMailInvoice(Refusal):
    """There is no such invoice, it was mailed just now, or nobody to mail it to."""


def invoice_document(*, access: Access, at: datetime, agreement_id: int, number: str) -> Document | None:
    """The PDF of an invoice, as it was issued; None where the access sees no such one. Raises :class:`dip.registry.seals.UnableToSeal`."""
    row = queries.invoice_row(access, agreement_id, number)
    return None if row is None else make_invoice_document(at=at, row=row)


def make_invoice_document(*, at: datetime, row: Invoice) -> Document:
    """Render an invoice, seal it, and remember its digest, so that the platform knows the file again."""
    paper = invoice_paper(row)
    rendered = press.render(TEMPLATE, paper.data, language=paper.language, at=paper.at)
    digest = sha256(rendered).hexdigest()
    with translation.override(paper.language):
        seal = Seal(reason=str(paper.data["title"]), tooltip=_("Seal of the platform: shows every later change to this file"))
    sealed = seal_pdf(rendered, seal, at=at)
    known = SealedDocument.objects.across_tenants("a digest that is known already").filter(digest=digest, kind=PaperKind.INVOICE)
    if not known.exists():
        _remember(at, row, digest, str(paper.data["title"]))
    return Document(f"{paper.name}.pdf", sealed, digest, True)


def _remember(at: datetime, row: Invoice, digest: str, title: str) -> None:
    try:
        with transaction.atomic():
            SealedDocument.objects.create(
                agreement=row.agreement, kind=PaperKind.INVOICE, number=row.settlement.number, stage=ISSUED, language=row.language,
                edition=EDITION, at=row.issued_at, name=file_name(row), content={"title": title}, digest=digest, sealed_at=at,
            )  # fmt: skip
    except IntegrityError:  # another request sealed the same at this moment
        return


@transaction.atomic
def mail_invoice(*, access: Access, at: datetime, agreement_id: int, number: str) -> int:
    """Mail an invoice to the other party, PDF and UBL enclosed, in the language of the document. How many mails.

    Needs *manage*, of its maker. Goes to the address of the receiver's details, else to whom the agreement is mailed. Raises
    AccessDenied, :class:`UnableToMailInvoice`, :class:`dip.registry.seals.UnableToSeal`.
    """
    need_level(access, Level.MANAGE)
    agreement = locked_agreement(access, agreement_id)
    row = queries.invoice_row(access, agreement_id, number)
    if row is None:
        raise UnableToMailInvoice(_("There is no invoice {number} of this agreement.").format(number=number))
    if side_of(access, agreement) is None or row.maker_id != access.organisation_id:
        raise AccessDenied("its maker mails an invoice")
    if row.mailed_at is not None and (at - row.mailed_at).total_seconds() < 60:
        raise UnableToMailInvoice(_("It was mailed less than a minute ago."))
    addresses = _addresses(row)
    if not addresses:
        raise UnableToMailInvoice(
            _("There is nobody to mail it to: the other party has no address. Download it, and send it yourself.")
        )
    document = make_invoice_document(at=at, row=row)
    kept = [
        enclose(organisation_id=row.maker_id, name=document.name, content_type="application/pdf", content=document.content, at=at),
        enclose(
            organisation_id=row.maker_id, name=f"{file_name(row)}.xml", content_type=XML_TYPE, content=bytes(row.document), at=at
        ),
    ]
    with translation.override(row.language):
        queue_mail(to=addresses, subject=_subject(row), body=_body(row), enclosures=kept)
    Invoice.objects.within(access).filter(pk=row.pk).update(mailed_at=at)
    write_line(
        access=access, at=at, verb="mail_invoice", subject="invoice", subject_id=row.pk, label=f"{row.number}, {agreement.reference}",
        changes={"to": [None, ", ".join(addresses)]},
    )  # fmt: skip
    return len(addresses)


def _addresses(row: Invoice) -> list[str]:
    """Where the receiver wants invoices: the buyer, or the seller of what the theatre made for it."""
    receiver = row.seller if InvoiceKind(row.kind).is_self_billed else row.buyer
    details = queries.details_of([receiver]).get(receiver.pk)
    if details and details.email:
        return [details.email]
    is_house = receiver.pk == row.agreement.theatre.organisation_id
    readers = letters.theatre_readers(row.agreement) if is_house else letters.provider_readers(row.agreement)
    return [reader.email for reader in readers]


def _subject(row: Invoice) -> str:
    kind = KINDS[InvoiceKind(row.kind)]
    return f"{kind} {row.number}, {row.agreement.production.title}"


def _body(row: Invoice) -> str:
    link = settings.BASE_URL + reverse("contracts-invoice", args=[row.agreement_id])
    text = _(
        "Enclosed is {kind} {number} of {day}, for agreement {reference}: as a PDF to read, and as UBL for your bookkeeping. The UBL is"
        " inside the PDF as well.\n\nIt follows from the borderel that both parties signed:\n\n{link}"
    )
    return text.format(
        kind=str(KINDS[InvoiceKind(row.kind)]).lower(), number=row.number, day=formats.plain_day(row.issue_date),
        reference=row.agreement.reference, link=link,
    )  # fmt: skip
