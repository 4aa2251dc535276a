"""Revising an approved agreement: a linked concept that takes its place once it is approved; until then the first one binds."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dip.contracts.actions.approving import standing_settlement
from dip.contracts.actions.drafting import need_entitled, new_concept
from dip.contracts.actions.entitlement import UnableToAct, own_agreement
from dip.contracts.actions.history import record
from dip.contracts.models import Agreement
from dip.contracts.queries.evenings import evening_facts
from dip.contracts.queries.figures import numbers_of
from dip.contracts.terms.states import OPEN, AgreementStatus, Happening, SettlementStatus
from dip.contracts.words import STATUSES
from dip.registry.terms import Access


class UnableToRevise(UnableToAct):
    """An agreement cannot be revised now."""


@transaction.atomic
def revise_agreement(*, access: Access, at: datetime, agreement_id: int) -> Agreement:
    """Begin a revision of an approved agreement: a concept with the same terms and performances, and the approved one as ``parent``.
    One revision is open at a time; a borderel that is signed is reopened before.

    Raises :class:`UnableToRevise`, AccessDenied.
    """
    agreement = own_agreement(access, agreement_id)
    _need_revisable(access, agreement)
    need_entitled(access, agreement.production)
    facts = evening_facts(numbers_of(access, agreement), but=[agreement.pk])
    extra = {key: getattr(agreement, key) for key in ("name", "theatre_contact", "provider_contact", "agency_as_provider")}
    extra["agency_as_provider"] = extra["agency_as_provider"] and agreement.production.agency_id is not None
    revision = new_concept(
        at=at,
        production=agreement.production,
        theatre=agreement.theatre.merged_into or agreement.theatre,
        format_code=agreement.format,
        terms=agreement.terms,
        facts=facts,
        extra=extra,
        parent=agreement,
    )
    record(
        agreement,
        Happening.REVISION_BEGUN,
        access=access,
        at=at,
        verb="revise_agreement",
        note=revision.reference,
        is_internal=True,
    )
    record(revision, Happening.DRAFTED, access=access, at=at, note=agreement.reference, is_internal=True)
    return revision


def _need_revisable(access: Access, agreement: Agreement) -> None:
    if agreement.status != AgreementStatus.APPROVED:
        told = _("%(reference)s is “%(status)s”; only an approved agreement is revised. Change or copy it instead.")
        raise UnableToRevise(told % {"reference": agreement.reference, "status": STATUSES[agreement.status]})
    known = Agreement.objects.within(access).filter(parent=agreement, status__in=OPEN).first()
    if known is not None:
        told = _("%(reference)s is being revised already, as %(revision)s. Go on there, or withdraw that one first.")
        raise UnableToRevise(told % {"reference": agreement.reference, "revision": known.reference})
    if standing_settlement(agreement).filter(status__in=(SettlementStatus.SIGNED, SettlementStatus.PAID)).exists():
        told = _("The borderel of %(reference)s is signed. Reopen it first; then the agreement can be revised.")
        raise UnableToRevise(told % {"reference": agreement.reference})
