"""Writing the audit trail: every action adds its line in its own transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dip.registry.models import AuditLine
from dip.registry.terms import Access


def write_line(
    *,
    access: Access,
    at: datetime,
    verb: str,
    subject: str,
    subject_id: object,
    label: str = "",
    changes: Mapping[str, Any] | None = None,
    organisation_id: int | None = None,
) -> None:
    """Add one act to the trail of the acting organisation (or of ``organisation_id``, when it concerns another)."""
    AuditLine.objects.create(
        organisation_id=organisation_id or access.organisation_id,
        at=at,
        actor=access.actor,
        person_id=access.person_id,
        client_id=access.client_id,
        door=access.door.value,
        verb=verb,
        subject=subject,
        subject_id=str(subject_id),
        label=label[:200],
        changes=dict(changes or {}),
    )
