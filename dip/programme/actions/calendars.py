"""Calendar feeds: making one, revoking it, noting that it was fetched."""

from datetime import datetime
from secrets import token_urlsafe

from django.db import transaction
from django.db.models import F

from dip.programme.models import CalendarFeed
from dip.programme.queries.calendars import feed_choices, feed_token, token_digest
from dip.registry.terms import Access, AccessDenied, Module
from dip.registry.trail import write_line

#: A person needs a few; hundreds are a mistake of a program.
MOST_FEEDS = 30


@transaction.atomic
def create_feed(
    *,
    access: Access,
    at: datetime,
    name: str,
    production_id: int | None = None,
    theatre_id: int | None = None,
    hall_id: int | None = None,
) -> CalendarFeed:
    """Make a secret address of the person's own, in this organisation and role; what it is narrowed to must be its business.

    Raises AccessDenied for whoever is no person, may not look at the programme, or names something of others.
    """
    if access.person_id is None or not access.allows(Module.PROGRAMME):
        raise AccessDenied("a feed is made by a person who may look at the programme")
    asked = {"production": production_id, "theatre": theatre_id, "hall": hall_id}
    choices = feed_choices(access, at.date())
    if any(value is not None and value not in dict(choices[kind]) for kind, value in asked.items()):
        raise AccessDenied("a feed is narrowed to one's own productions, theatres and halls")
    if CalendarFeed.objects.within(access).filter(revoked_at=None).count() >= MOST_FEEDS:
        raise AccessDenied(f"{MOST_FEEDS} feeds are the most; revoke one first")
    feed = CalendarFeed(
        person_id=access.person_id, organisation_id=access.organisation_id, role=access.role.value, name=name.strip()[:120],
        production_id=production_id, theatre_id=theatre_id, hall_id=hall_id, salt=token_urlsafe(16), created_at=at,
    )  # fmt: skip
    feed.token_digest = token_digest(feed_token(feed))
    feed.save(force_insert=True)
    write_line(access=access, at=at, verb="create_feed", subject="feed", subject_id=feed.pk, label=feed.name)
    return feed


@transaction.atomic
def revoke_feed(*, access: Access, at: datetime, feed_id: int) -> None:
    """Close an address: from now on it answers as one that never was. Repeating is harmless. Raises ``CalendarFeed.DoesNotExist``."""
    feed = CalendarFeed.objects.within(access).select_for_update().get(pk=feed_id)
    if feed.revoked_at is not None:
        return
    feed.revoked_at = at
    feed.save(update_fields=["revoked_at"])
    changes = {"fetched": [None, feed.fetch_count]}
    write_line(access=access, at=at, verb="revoke_feed", subject="feed", subject_id=feed.pk, label=feed.name, changes=changes)


def note_fetch(*, feed: CalendarFeed, at: datetime) -> None:
    """Keep when a feed was fetched last, and how often; its person sees both."""
    rows = CalendarFeed.objects.across_tenants("a fetch is noted on the feed that was fetched")
    rows.filter(pk=feed.pk).update(fetched_at=at, fetch_count=F("fetch_count") + 1)
