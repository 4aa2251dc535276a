"""The mail to a theatre's people when the platform cannot read their ticketing system for hours."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from dip.registry.models import Membership
from dip.registry.post import queue_mail
from dip.registry.terms import Level, Module
from dip.ticketing.connection_words import TROUBLES
from dip.ticketing.connectors import CONNECTORS
from dip.ticketing.models import Connection
from dip.ticketing.rules.pacing import is_to_be_told


@transaction.atomic
def tell_people(*, connection: Connection, at: datetime) -> int:
    """Mail everybody who manages sales in the theatre, once in a spell of failures, after hours of patience. How many."""
    if not is_to_be_told(at, connection.failing_since, connection.told_at):
        return 0
    wanted = {
        "organisation_id": connection.organisation_id,
        "is_active": True,
        "person__is_active": True,
        f"rights__{Module.SALES.value}__gte": Level.MANAGE.value,
    }
    people = Membership.objects.filter(**wanted).order_by("id").values_list("person__email", "person__language")
    for email, language in people:
        with override(language):
            trouble = TROUBLES.get(connection.trouble)
            context = {
                "connection": connection,
                "system": CONNECTORS[connection.vendor].name,
                "trouble": trouble,
                "link": settings.BASE_URL + reverse("ticketing-connection", args=[connection.pk]),
            }
            text = render_to_string("ticketing/mail/connection_fails.txt", context)
            subject, _, body = text.lstrip().partition("\n")
            queue_mail(to=email, subject=subject, body=body)
    connection.told_at = at
    connection.save(update_fields=["told_at"])
    return len(people)
