"""Refusing what an access may not do with agreements, with the words that help; and the lock under which an agreement is acted on."""

from collections.abc import Sequence
from typing import Self

from dip.contracts.models import Agreement
from dip.contracts.terms.fields import TermsFinding
from dip.contracts.words import finding_text
from dip.registry.terms import Access, AccessDenied, Level, Module, Refusal


class UnableToAct(Refusal):
    """What was asked of an agreement cannot be done as it is. Nothing was saved. ``findings`` say which field, which value and why;
    empty where it is not about the terms."""

    findings: tuple[TermsFinding, ...] = ()

    @classmethod
    def told(cls, findings: Sequence[TermsFinding], format_code: str) -> Self:
        """The refusal that tells of findings, at the field of the first."""
        refusal = cls(" ".join(dict.fromkeys(finding_text(one, format_code) for one in findings)), findings[0].field or None)
        refusal.findings = tuple(findings)
        return refusal


class UnknownAgreement(AccessDenied):
    """There is no such agreement for this access; doors answer 404."""


def need_level(access: Access, level: Level) -> None:
    """Refuse whoever has no part in agreements, or too low a right."""
    if not (access.is_provider or access.is_taker):
        raise AccessDenied("agreements are between providers and theatres")
    if not access.allows(Module.CONTRACTS, level):
        raise AccessDenied(f"needs {level.name.lower()} in contracts")


def need_provider(access: Access, level: Level = Level.MANAGE) -> None:
    """Refuse everybody but a producer or agency with the right."""
    need_level(access, level)
    if not access.is_provider:
        raise AccessDenied("agreements are drafted and proposed by providers")


def locked_agreement(access: Access, agreement_id: int) -> Agreement:
    """An agreement that the access is party to, locked until the transaction ends, its parties selected. One at a time acts on it;
    who was second sees what the first did. Rows that point to it can be
    written meanwhile. Raises :class:`UnknownAgreement`."""
    parts = ("provider", "producer", "agency", "theatre__organisation", "production__producer", "production__agency", "parent")
    rows = Agreement.objects.within(access).select_related(*parts).select_for_update(of=("self",), no_key=True)
    found: Agreement | None = rows.filter(pk=agreement_id).first()
    if found is None:
        raise UnknownAgreement(f"no agreement {agreement_id} for this organisation")
    return found


def own_agreement(access: Access, agreement_id: int, level: Level = Level.MANAGE) -> Agreement:
    """An agreement that the access proposes, locked. The producer for whom an agency acts only reads. Raises AccessDenied."""
    need_provider(access, level)
    agreement = locked_agreement(access, agreement_id)
    if agreement.provider_id != access.organisation_id:
        raise AccessDenied(f"{agreement.reference} is changed and proposed by its agency")
    return agreement


def asked_agreement(access: Access, agreement_id: int, level: Level = Level.MANAGE) -> Agreement:
    """An agreement that was proposed to the access's theatre, locked. Raises AccessDenied."""
    need_level(access, level)
    if not access.is_taker:
        raise AccessDenied("agreements are answered by theatres")
    return locked_agreement(access, agreement_id)
