"""One form, one act: a form that is sent twice (a double tap, a repeat after a lost answer) answers what it made the first time."""

from datetime import datetime, timedelta

from django.db import connection

from dip.programme.models import FormKey
from dip.registry.terms import Access

#: How long a form can be sent again and still be known.
REMEMBERED = timedelta(days=30)

_CLAIM = """
INSERT INTO programme_formkey (organisation_id, key, made, made_at) VALUES (%s, %s, '', %s)
ON CONFLICT (organisation_id, key) DO NOTHING
"""


def made_before(*, access: Access, at: datetime, key: str) -> str | None:
    """Claim a form's key in the running transaction: None when the form is new, else the id of what it made.

    Of two at the same moment the second waits for the first, and then knows what that one made. Without a key nothing is known.
    """
    if not key:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [access.organisation_id, key[:64], at])
        if cursor.rowcount:
            return None
    return FormKey.objects.within(access).values_list("made", flat=True).get(key=key[:64])


def note_made(*, access: Access, key: str, made: object) -> None:
    """Keep what the form made, in the same transaction as its claim."""
    if key:
        FormKey.objects.within(access).filter(key=key[:64]).update(made=str(made)[:80])


def forget_forms(*, at: datetime) -> int:
    """Drop keys that nobody will send again; how many."""
    old = FormKey.objects.across_tenants("old form keys are dropped for everybody").filter(made_at__lt=at - REMEMBERED)
    return int(old.delete()[0])
