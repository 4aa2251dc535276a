"""What invoices need to know beforehand: an organisation's details and numbers, and whether a theatre may make its invoices."""

from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from dip.contracts.actions import history
from dip.contracts.actions.entitlement import locked_agreement, need_level
from dip.contracts.invoice_words import party_finding
from dip.contracts.models import InvoiceSeries, PartyDetails, SelfBilling
from dip.contracts.queries import invoices as queries
from dip.contracts.queries.settlements import side_of
from dip.contracts.rules.invoices.numbering import MOST, invoice_number, is_prefix
from dip.contracts.rules.invoices.parties import check_party, tidied
from dip.contracts.terms.invoices import PartyFacts, PartyFinding
from dip.contracts.terms.statement import Party
from dip.registry.models import Membership, Organisation
from dip.registry.post import queue_mail
from dip.registry.terms import Access, AccessDenied, Level, Refusal
from dip.registry.trail import write_line
from dip.web import formats

#: Shown in the trail without what they say: bank accounts.
_ACCOUNT = ("iban", "bic")


class UnableToChangeParty(Refusal):
    """Something that was filled in cannot be right. ``findings``: all of them; nothing was saved."""

    findings: tuple[PartyFinding, ...] = ()


class UnableToSetSeries(Refusal):
    """The prefix is none, or numbers were given out already."""


class UnableToAgreeSelfBilling(Refusal):
    """There is nobody to agree it with."""


@transaction.atomic
def change_party(*, access: Access, at: datetime, facts: PartyFacts, language: str = "nl") -> PartyDetails:
    """Set the details of the access's organisation. Needs *manage*. What is missing may be missing; what cannot be right is refused.

    A changed bank account is told by mail to the organisation's super-users. The same again changes nothing. Raises
    :class:`AccessDenied`, :class:`UnableToChangeParty`.
    """
    need_level(access, Level.MANAGE)
    facts = tidied(facts)
    _refuse(facts)
    if language not in formats.LANGUAGES:
        raise UnableToChangeParty(_("“{value}” is not a language of the platform.").format(value=language), "language")
    Organisation.objects.select_for_update(no_key=True).get(pk=access.organisation_id)
    row = queries.own_details(access) or PartyDetails(organisation_id=access.organisation_id)
    is_new = row.changed_at is None
    before = {**asdict(queries.facts_of(row)), "language": row.language}
    after = {**asdict(facts), "language": language}
    changes = {name: [str(before[name]), str(value)] for name, value in after.items() if before[name] != value}
    if not changes and not is_new:
        return row
    for name, value in after.items():
        setattr(row, name, value)
    row.changed_at, row.changed_by = at, access.actor[:160]
    row.save(force_insert=is_new)
    told = {name: ["…", "…"] if name in _ACCOUNT else pair for name, pair in changes.items()}
    write_line(
        access=access, at=at, verb="change_party", subject="party", subject_id=access.organisation_id, label=access.organisation_name,
        changes=told,
    )  # fmt: skip
    if "iban" in changes and before["iban"]:
        _tell_account(access, str(before["iban"]), facts.iban)
    return row


def _refuse(facts: PartyFacts) -> None:
    most = {"legal_name": 200, "trading_name": 200, "street": 160, "city": 120, "payment_terms": 200, "buyer_reference": 60}
    for name, length in most.items():
        if len(getattr(facts, name)) > length:
            raise UnableToChangeParty(_("This is longer than {most} characters. Shorten it.").format(most=length), name)
    findings = tuple(finding for finding in check_party(facts) if not finding.is_warning)
    if findings:
        refusal = UnableToChangeParty(party_finding(findings[0]), findings[0].field)
        refusal.findings = findings
        raise refusal


def _tell_account(access: Access, before: str, after: str) -> None:
    """A changed account is how invoices are stolen: whoever grants rights hears of it, without the numbers."""
    rows = Membership.objects.filter(
        organisation_id=access.organisation_id, is_super_user=True, is_active=True, person__is_active=True
    ).select_related("person")
    link = settings.BASE_URL + reverse("contracts-party")
    for row in rows:
        with override(row.person.language):
            text = _(
                "{actor} changed the bank account of {organisation} on invoices, from one that ends in {before} to one that ends in"
                " {after}.\n\nIs that not right? Change it back, and look at who may manage contracts:\n\n{link}"
            )
            queue_mail(
                to=row.person.email,
                subject=_("The bank account on your invoices was changed"),
                body=text.format(
                    actor=access.actor,
                    organisation=access.organisation_name,
                    before=before[-4:],
                    after=after[-4:] or "–",
                    link=link,
                ),
            )


@transaction.atomic
def change_series(*, access: Access, at: datetime, year: int, prefix: str, first: int) -> InvoiceSeries:
    """Set prefix and first number of the organisation's own invoices of a year, before the first is issued. Needs *manage*.

    After that the series goes on without gaps. Raises :class:`AccessDenied`, :class:`UnableToSetSeries`.
    """
    need_level(access, Level.MANAGE)
    prefix = "".join(prefix.split())
    if not is_prefix(prefix):
        text = _("“{value}” is not a prefix. Begin with a letter, then letters or digits, ten at most; a dash may follow.")
        raise UnableToSetSeries(text.format(value=prefix), "prefix")
    if not 1 <= first <= MOST:
        raise UnableToSetSeries(_("“{value}” is not a number to begin with. Give 1 or more.").format(value=first), "first")
    Organisation.objects.select_for_update(no_key=True).get(pk=access.organisation_id)
    row = queries.own_series(access, year)
    if (row.prefix, row.first, row.pk is None) == (prefix, first, False):
        return row
    if row.last >= row.first and row.pk is not None:
        number = invoice_number(row.prefix, year, row.last)
        text = _("{number} was issued: the series goes on from there, without gaps. Prefix and first number can change next year.")
        raise UnableToSetSeries(text.format(number=number), "prefix")
    changes = {"series": [invoice_number(row.prefix, year, row.first), invoice_number(prefix, year, first)]}
    row.prefix, row.first, row.last = prefix, first, 0
    row.save()
    write_line(
        access=access, at=at, verb="change_series", subject="series", subject_id=row.pk, label=access.organisation_name,
        changes=changes,
    )  # fmt: skip
    return row


@transaction.atomic
def agree_self_billing(*, access: Access, at: datetime, agreement_id: int) -> SelfBilling:
    """Let the theatre of an agreement make the invoices of who sells on the provider's side, from now on, for every agreement between
    the two. The provider's side agrees to it, with *approve*. A repeat does nothing. Raises AccessDenied, :class:`UnableToAgreeSelfBilling`.
    """
    need_level(access, Level.APPROVE)
    agreement = locked_agreement(access, agreement_id)
    if side_of(access, agreement) is not Party.PROVIDER:
        raise AccessDenied("self-billing is agreed to by the provider")
    buyer = agreement.theatre.organisation
    if buyer is None:
        raise UnableToAgreeSelfBilling(_("Nobody runs this theatre on the platform, so nobody can make your invoices."))
    seller = queries.invoicing_provider(agreement)
    standing = SelfBilling.objects.across_tenants(queries.REASON).filter(seller=seller, buyer=buyer, ended_at=None).first()
    if standing is not None:
        return standing  # type: ignore[no-any-return]
    row = SelfBilling.objects.create(seller=seller, buyer=buyer, agreed_at=at, agreed_by=access.actor[:160])
    history.trail(agreement, access=access, at=at, verb="agree_self_billing")
    return row  # type: ignore[no-any-return]


@transaction.atomic
def end_self_billing(*, access: Access, at: datetime, agreement_id: int) -> None:
    """The theatre no longer makes the seller's invoices. Either side ends it, with *manage*; what was issued stands. Raises AccessDenied."""
    need_level(access, Level.MANAGE)
    agreement = locked_agreement(access, agreement_id)
    if side_of(access, agreement) is None:
        raise AccessDenied("the parties end self-billing")
    rows = SelfBilling.objects.across_tenants(queries.REASON).filter(
        seller=queries.invoicing_provider(agreement), buyer=agreement.theatre.organisation, ended_at=None
    )
    if rows.update(ended_at=at, ended_by=access.actor[:160]):
        history.trail(agreement, access=access, at=at, verb="end_self_billing")
