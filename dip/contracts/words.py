"""Words of the workflow as people read them: where an agreement stands, what happened, whose turn it is, and what a finding asks for."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dip.contracts.rules.answers import FORMAT, PERFORMANCES
from dip.contracts.rules.values import fields_of
from dip.contracts.terms.fields import Field, FieldGroup, FieldKind, TermsFinding
from dip.contracts.terms.states import AgreementStatus, Happening, SettlementStatus, Turn
from dip.contracts.wording import percentage_text, said, value_text
from dip.web import formats

Words = Mapping[str, str | Promise]

STATUSES: Words = {
    AgreementStatus.CONCEPT: gettext_lazy("Concept"),
    AgreementStatus.PROPOSED: gettext_lazy("Proposed"),
    AgreementStatus.APPROVED: gettext_lazy("Approved"),
    AgreementStatus.REJECTED: gettext_lazy("Rejected"),
    AgreementStatus.REVISED: gettext_lazy("Revised"),
    AgreementStatus.WITHDRAWN: gettext_lazy("Withdrawn"),
    AgreementStatus.EXPIRED: gettext_lazy("Expired"),
}
#: Pills of the web domain by status of an agreement.
PILLS: Mapping[str, str] = {
    AgreementStatus.CONCEPT: "inactive",
    AgreementStatus.PROPOSED: "requested",
    AgreementStatus.APPROVED: "confirmed",
    AgreementStatus.REJECTED: "declined",
    AgreementStatus.REVISED: "inactive",
    AgreementStatus.WITHDRAWN: "withdrawn",
    AgreementStatus.EXPIRED: "withdrawn",
}
SETTLEMENT_STATUSES: Words = {
    SettlementStatus.OPEN: gettext_lazy("To be confirmed"),
    SettlementStatus.CONFIRMED: gettext_lazy("Confirmed by the theatre"),
    SettlementStatus.DISPUTED: gettext_lazy("Disputed by the provider"),
    SettlementStatus.SIGNED: gettext_lazy("Signed"),
    SettlementStatus.PAID: gettext_lazy("Paid"),
    SettlementStatus.REOPENED: gettext_lazy("Reopened"),
}
TURNS: Words = {
    Turn.PROVIDER: gettext_lazy("Provider’s turn"),
    Turn.THEATRE: gettext_lazy("Theatre’s turn"),
    Turn.NOBODY: gettext_lazy("Nobody’s turn"),
}
HAPPENINGS: Words = {
    Happening.DRAFTED: gettext_lazy("Drafted"),
    Happening.CHANGED: gettext_lazy("Changed"),
    Happening.PROPOSED: gettext_lazy("Proposed"),
    Happening.ANSWERED: gettext_lazy("Answered"),
    Happening.APPROVED_FIRST: gettext_lazy("First of two approvals"),
    Happening.APPROVED: gettext_lazy("Approved"),
    Happening.REJECTED: gettext_lazy("Rejected"),
    Happening.REVISION_BEGUN: gettext_lazy("Revision begun"),
    Happening.REVISED: gettext_lazy("Replaced by a revision"),
    Happening.WITHDRAWN: gettext_lazy("Withdrawn"),
    Happening.EXPIRED: gettext_lazy("Expired without an answer"),
    Happening.REMINDED: gettext_lazy("Theatre reminded"),
    Happening.BORDEREL_OPENED: gettext_lazy("Borderel opened"),
    Happening.BORDEREL_NOT_NEEDED: gettext_lazy("No borderel: every performance was cancelled"),
    Happening.BORDEREL_REMINDED: gettext_lazy("Reminded of the borderel"),
    Happening.BORDEREL_CONFIRMED: gettext_lazy("Borderel confirmed"),
    Happening.BORDEREL_DISPUTED: gettext_lazy("Borderel disputed"),
    Happening.BORDEREL_SIGNED: gettext_lazy("Borderel signed"),
    Happening.BORDEREL_REOPENED: gettext_lazy("Borderel reopened"),
    Happening.INVOICED: gettext_lazy("Invoiced"),
    Happening.PAID: gettext_lazy("Paid"),
}
#: What is answered, refused or changed beside the fields of a format.
OTHER_FIELDS: Words = {
    FORMAT: gettext_lazy("Format"),
    PERFORMANCES: gettext_lazy("Performances"),
    "production": gettext_lazy("Production"),
    "theatre": gettext_lazy("Theatre"),
    "name": gettext_lazy("Own reference"),
    "theatre_contact": gettext_lazy("Contact at the theatre"),
    "provider_contact": gettext_lazy("Contact at the provider"),
    "agency_as_provider": gettext_lazy("The agency invoices in its own name"),
    "date": gettext_lazy("Date"),
    "starts_at": gettext_lazy("Start"),
    "hall": gettext_lazy("Hall"),
    "capacity_by_rank": gettext_lazy("Seats by rank"),
    "status": gettext_lazy("Status"),
    "reason": gettext_lazy("Reason"),
    "counter": gettext_lazy("Counter-proposal"),
}
FINDINGS: Words = {
    "field_missing": gettext_lazy("%(field)s: fill it in; it cannot stay empty."),
    "field_unknown": gettext_lazy("%(field)s: this format has no such field; leave it out."),
    "unreadable": gettext_lazy("%(field)s: “%(value)s” cannot be read; give it again."),
    "choice_unknown": gettext_lazy("%(field)s: “%(value)s” is not one of the choices; choose one of them."),
    "percentage_out_of_range": gettext_lazy("%(field)s: %(value)s is no share; give 0 to 100 %%."),
    "negative": gettext_lazy("%(field)s: %(value)s is below 0; give 0 or more."),
    "too_much": gettext_lazy("%(field)s: %(value)s is more than the platform takes; check for a typing error."),
    "too_long": gettext_lazy("%(field)s: %(characters)s characters are too many; use %(most)s at most."),
    "too_many": gettext_lazy("%(field)s: %(count)s are too many; give %(most)s at most."),
    "two_guarantees": gettext_lazy(
        "%(field)s: %(theatre_cents)s contradicts the guarantee for the provider of %(provider_cents)s; keep one of the two."
    ),
    "supplement_of_nothing": gettext_lazy("%(field)s: a supplement needs an amount above 0; fill it in or choose another format."),
    "tranche_after_the_last": gettext_lazy(
        "%(field)s: tranche %(place)s has no limit, so nothing can follow it; give it a limit or drop what follows."
    ),
    "tranches_out_of_order": gettext_lazy(
        "%(field)s: the limit of tranche %(place)s, %(limit_cents)s, is not above the one before it, %(lower_cents)s; "
        "put them in rising order."
    ),
    "price_missing": gettext_lazy("%(field)s: rank %(rank)s has seats and no price; give a price for each of %(ranks)s ranks."),
    "too_many_ranks": gettext_lazy("%(field)s: %(ranks)s prices are too many; a hall has 10 ranks at most."),
    "prices_differ": gettext_lazy(
        "%(field)s: for rank %(rank)s %(settlement_cents)s is not the entrance price of %(entrance_cents)s less the theatre "
        "surcharge of %(surcharge_cents)s. Check that this is meant."
    ),
    "performances_count": gettext_lazy("Performances: %(count)s are given; an agreement is for 1 to %(most)s. Choose others."),
    "performance_unknown": gettext_lazy("Performances: there is no performance %(number)s; choose one from the production."),
    "performance_merged": gettext_lazy(
        "Performances: %(number)s of %(on)s was entered twice; choose %(into)s, which counts in its place."
    ),
    "performance_of_other_production": gettext_lazy(
        "Performances: %(number)s of %(on)s is of %(production)s; an agreement is for one production. Make another agreement for it."
    ),
    "performance_in_other_theatre": gettext_lazy(
        "Performances: %(number)s of %(on)s plays in %(theatre)s; an agreement is for one theatre. Make another agreement for it."
    ),
    "performance_bound": gettext_lazy(
        "Performances: %(number)s of %(on)s is already under the approved agreement %(reference)s; take it out, or revise that one."
    ),
    "performance_proposed": gettext_lazy(
        "Performances: %(number)s of %(on)s is proposed in agreement %(reference)s already; withdraw that one, or take it out here."
    ),
    "performance_cancelled": gettext_lazy("Performances: %(number)s of %(on)s is cancelled; take it out."),
    "performance_unpublished": gettext_lazy(
        "Performances: %(number)s of %(on)s is not published; publish it first, so that the theatre knows it."
    ),
    "performance_played": gettext_lazy("Performances: %(number)s of %(on)s has been played already. Check that this is meant."),
    "performance_unconfirmed": gettext_lazy(
        "Performances: the theatre has not confirmed %(number)s of %(on)s yet; date, hall or seats may still change."
    ),
    "production_merged": gettext_lazy(
        "Production: %(production)s was entered twice and merged; make the agreement for the production that counts."
    ),
    "not_entitled": gettext_lazy("Production: agreements for it are proposed by %(provider)s; ask them."),
    "no_agency": gettext_lazy("%(field)s: the production has no agency; leave this off, or have the agency entered first."),
    "theatre_unconnected": gettext_lazy(
        "Theatre: %(theatre)s is not connected to the platform, so nobody there can answer; ask the platform to connect it."
    ),
    "nobody_answers": gettext_lazy(
        "Theatre: nobody at %(theatre)s has the right to manage contracts; ask its super-user to grant it."
    ),
    "nobody_approves": gettext_lazy(
        "Theatre: nobody at %(theatre)s has the right to approve contracts yet; it can answer, but not approve."
    ),
    "framework_missing": gettext_lazy(
        "%(field)s: no framework agreement with %(theatre)s holds today on the platform; upload it, or leave this off."
    ),
    "parent_not_approved": gettext_lazy(
        "Revision: %(reference)s is no longer an approved agreement; withdraw this revision and begin from the one that holds."
    ),
    "email_unreadable": gettext_lazy("%(field)s: “%(value)s” is not an e-mail address; correct it or leave it empty."),
    "reason_missing": gettext_lazy("%(field)s: say why it is rejected."),
    "reason_too_long": gettext_lazy("%(field)s: a reason has %(most)s characters at most."),
    "not_answerable": gettext_lazy("%(field)s: this version has nothing there to answer; reload the page."),
    "counter_with_acceptance": gettext_lazy(
        "%(field)s: what is accepted has no counter-proposal; leave it out, or reject the field."
    ),
    "counter_unreadable": gettext_lazy("%(field)s: the counter-proposal “%(value)s” cannot be read; give it as the field itself."),
    "counter_out_of_range": gettext_lazy(
        "%(field)s: the counter-proposal %(value)s is not possible; give another amount or share."
    ),
    "counter_unchanged": gettext_lazy("%(field)s: the counter-proposal is what was proposed; accept it, or give another."),
    "counter_none_here": gettext_lazy("%(field)s: say in the reason what you would accept; there is no counter-proposal here."),
    "unanswered": gettext_lazy("%(field)s: accept or reject it."),
}


def field_name(format_code: str, code: str, language: str | None = None) -> str:
    """Name of a field, or of what is answered beside the fields; the code itself when nothing has that name."""
    field = _field(format_code, code)
    return said(field.names, language) if field else str(OTHER_FIELDS.get(code, code))


def field_names(format_code: str, codes: Iterable[str], language: str | None = None) -> str:
    """Several fields in a row: Guarantee, Publicity."""
    return ", ".join(field_name(format_code, code, language) for code in codes)


def finding_text(finding: TermsFinding, format_code: str) -> str:
    """What a finding says: the field, the value and the remedy, in the language of the reader; amounts and dates as people read them."""
    field = _field(format_code, finding.field)
    values = {name: _told(name, value, field) for name, value in finding.values.items()}
    pattern = FINDINGS.get(finding.code)
    if pattern is None:
        told = ", ".join(str(value) for value in values.values())
        return _("%(field)s: %(finding)s") % {
            "field": field_name(format_code, finding.field),
            "finding": " ".join([finding.code.replace("_", " "), f"({told})" if told else ""]).strip(),
        }
    return str(pattern) % {"field": field_name(format_code, finding.field), **values}


def _told(name: str, value: Any, field: Field | None) -> str:
    if name.endswith("_cents") and isinstance(value, int):
        return _value(_AMOUNT, value)
    if isinstance(value, date):
        return formats.full_day(value)
    if name == "value" and field is not None:
        return _value(field, value)
    return str(value)


def _value(field: Field, value: Any) -> str:
    """A value as its field writes it; one of another shape as it came, cut short."""
    if field.kind is FieldKind.PRICES and isinstance(value, int):
        field = _AMOUNT
    if field.kind is FieldKind.TRANCHES and not isinstance(value, tuple):
        return percentage_text(value) if isinstance(value, Decimal) else str(value)[:80]
    if isinstance(value, str) and field.kind is not FieldKind.CHOICE:
        return value[:80]
    try:
        return value_text(field, value)[:200]
    except (TypeError, ValueError, KeyError, ArithmeticError, AttributeError):
        return str(value)[:80]


_AMOUNT = Field("amount", FieldKind.MONEY, FieldGroup.SHARE, {})


def _field(format_code: str, code: str) -> Field | None:
    try:
        return next((field for field in fields_of(format_code) if field.code == code), None)
    except KeyError:
        return None
