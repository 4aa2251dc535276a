"""What happened to an agreement: an event that both parties read, and a line in the trail of the one who acted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dip.contracts.models import Agreement, AgreementEvent
from dip.contracts.terms.states import Happening
from dip.registry.models import Organisation
from dip.registry.terms import Access, Door, Role
from dip.registry.trail import write_line

#: Who acts when the platform's own jobs do.
PLATFORM = "DIP"


def record(
    agreement: Agreement,
    kind: Happening,
    *,
    access: Access,
    at: datetime,
    verb: str = "",
    changes: Mapping[str, Any] | None = None,
    note: str = "",
    is_internal: bool = False,
) -> AgreementEvent:
    """Write an event, and the trail's line of the act. ``verb``: of the trail, "" writes none. ``changes``: field → [before, after], as
    terms are stored. ``is_internal``: only the acting organisation reads it. An act of a job is the platform's."""
    is_job = access.door is Door.JOB
    event = AgreementEvent.objects.create(
        agreement=agreement,
        at=at,
        kind=kind.value,
        version=agreement.version,
        actor=access.actor[:160],
        organisation_id=None if is_job else access.organisation_id,
        changes=dict(changes or {}),
        note=note[:500],
        is_internal=is_internal,
    )
    if verb:
        trail(agreement, access=access, at=at, verb=verb, changes=changes)
    return event


def trail(agreement: Agreement, *, access: Access, at: datetime, verb: str, changes: Mapping[str, Any] | None = None) -> None:
    """The trail's line of an act on an agreement."""
    label = f"{agreement.reference}, {agreement.production.title}, {agreement.theatre.name}"
    write_line(
        access=access, at=at, verb=verb, subject="agreement", subject_id=agreement.pk, label=label, changes=dict(changes or {})
    )  # fmt: skip


def platform_access(organisation: Organisation, role: Role) -> Access:
    """A job's access for one organisation, in whose trail its lines stand."""
    return Access(organisation.pk, organisation.name, role, door=Door.JOB, actor=PLATFORM)
