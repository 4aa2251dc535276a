"""One form, one concept: a form that is sent twice answers the concept that it made the first time."""

from datetime import datetime
from typing import Any

from django.db import transaction

from dip.contracts.actions.drafting import draft_agreement
from dip.contracts.models import Agreement
from dip.programme.actions.once import made_before, note_made
from dip.registry.terms import Access


@transaction.atomic
def draft_once(*, access: Access, at: datetime, key: str, **draft: Any) -> tuple[Agreement, bool]:
    """The concept that this form makes, and whether it was made now. ``key``: of the form, empty for none; ``draft``: as
    :func:`draft_agreement` takes it. A form that was refused can be sent again under the same key. Raises what that raises."""
    before = made_before(access=access, at=at, key=key)
    if before:
        return Agreement.objects.within(access).get(pk=int(before)), False
    agreement = draft_agreement(access=access, at=at, **draft)
    note_made(access=access, key=key, made=agreement.pk)
    return agreement, True
