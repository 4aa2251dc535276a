"""Refusing what an access may not do, with the words that help."""

from collections.abc import Sequence

from dip.programme.models import Production
from dip.programme.rules.rights import may_answer, may_edit, may_enter
from dip.programme.terms import Finding
from dip.programme.words import finding_text
from dip.registry.terms import Access, AccessDenied, Refusal


class UnableToAct(Refusal):
    """What was asked cannot be done as it is; ``findings`` say which field, which value and why. Nothing was saved."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        message = " ".join(dict.fromkeys(finding_text(f) for f in self.findings))
        super().__init__(message, self.findings[0].field or None)


def need_entering(access: Access) -> None:
    """Refuse whoever may not enter productions."""
    if not may_enter(access):
        raise AccessDenied("entering productions needs manage in programme, of a producer or agency that pays its fee")


def need_editing(access: Access, production: Production) -> None:
    """Refuse whoever may not change this production."""
    if not may_edit(access, production.producer_id, production.agency_id):
        raise AccessDenied(f"{production.dip_id} is changed by its main producer or that producer's agency")


def need_answering(access: Access, theatre_organisation_id: int | None) -> None:
    """Refuse whoever may not answer for this theatre."""
    if not may_answer(access, theatre_organisation_id):
        raise AccessDenied("answering needs manage in programme, of the theatre that is asked")


class UnableToEnter(UnableToAct):
    """A production or performance cannot be entered or changed as stated."""
