"""Performances as calendars take them, and the feeds by which programs fetch them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from dip.kernel.identifiers import performance_dip_id
from dip.kernel.periods import season_period, season_year
from dip.programme.models import CalendarFeed, Hall, Performance, PerformanceEvent, Production, Theatre
from dip.programme.queries.visibility import called, party_to_performance, public_performance, public_production
from dip.programme.rules.ics import Entry
from dip.programme.terms import EventKind, PerformanceStatus
from dip.programme.words import KINDS, word
from dip.registry.models import Membership
from dip.registry.rules import effective_rights
from dip.registry.terms import Access, Door, Module, Role

#: What makes a calendar's entry another one than before.
_CHANGES = (EventKind.CHANGED, EventKind.MOVED, EventKind.CORRECTED, EventKind.CANCELLED, EventKind.FOLDED, EventKind.VENUE_MERGED)
#: More than any program takes in.
MOST = 5_000
_REASON = "who holds a feed's address fetches it without signing in; what it shows is narrowed to its person's membership"


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed of the person, with its address; ``narrowed`` names production, theatre and hall, those that are chosen."""

    id: int
    name: str
    url: str
    narrowed: tuple[str, ...]
    created_at: datetime
    fetched_at: datetime | None
    fetch_count: int


@dataclass(frozen=True, slots=True)
class OpenedFeed:
    """A feed found by its token, and the access with which it is read."""

    feed: CalendarFeed
    access: Access
    language: str


def feed_token(feed: CalendarFeed) -> str:
    """The secret part of a feed's address; made again each time, so that only its digest is kept."""
    return salted_hmac("dip.programme.calendar", f"{feed.salt}:{feed.person_id}", algorithm="sha256").hexdigest()[:43]


def token_digest(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode()).hexdigest()


def feed_url(feed: CalendarFeed) -> str:
    """The address that a calendar program subscribes to."""
    return str(settings.BASE_URL + reverse("programme-calendar-feed", args=[feed_token(feed)]))


def feeds_of(access: Access) -> list[FeedRow]:
    """The feeds of the person in this organisation and role that are not revoked, newest first. One query."""
    found = CalendarFeed.objects.within(access).filter(revoked_at=None, role=access.role.value)
    return [
        FeedRow(f.pk, f.name, feed_url(f), _narrowed(f), f.created_at, f.fetched_at, f.fetch_count)
        for f in found.select_related("production", "theatre", "hall").order_by("-created_at", "-id")
    ]


def _narrowed(feed: CalendarFeed) -> tuple[str, ...]:
    parts = (feed.production.title if feed.production else "", feed.theatre, feed.hall)
    return tuple(str(part) for part in parts if part)


def open_feed(token: str) -> OpenedFeed | None:
    """The feed of a token with its person's present access; None when it is unknown or revoked, or the person may no longer look.

    Two queries.
    """
    feeds = CalendarFeed.objects.across_tenants(_REASON).select_related("person", "organisation")
    feed = feeds.filter(token_digest=token_digest(token), revoked_at=None, person__is_active=True).first()
    if feed is None or feed.role not in feed.organisation.roles:
        return None
    membership = Membership.objects.filter(person_id=feed.person_id, organisation_id=feed.organisation_id, is_active=True).first()
    if membership is None:
        return None
    role, organisation = Role(feed.role), feed.organisation
    access = Access(
        organisation_id=organisation.pk,
        organisation_name=organisation.name,
        role=role,
        rights=effective_rights(membership.rights, role, organisation.roles, organisation.is_member),
        person_id=feed.person_id,
        door=Door.API,
        actor=str(feed.person),
    )
    return OpenedFeed(feed, access, feed.person.language) if access.allows(Module.PROGRAMME) else None


def feed_entries(access: Access, feed: CalendarFeed, on: date) -> list[Entry]:
    """What a feed shows from the first day of the running season on: published performances, cancelled ones too. Two queries."""
    where = party_to_performance(access) & Q(performance_date__gte=season_period(season_year(on)).start)
    narrowed = {"production_id": feed.production_id, "theatre_id": feed.theatre_id, "hall_id": feed.hall_id}
    where &= Q(**{name: value for name, value in narrowed.items() if value is not None})
    return calendar_entries(Performance.objects.filter(where, published_at__isnull=False))


def production_entries(access: Access, dip_id: str) -> tuple[str, list[Entry]]:
    """Title and published performances of a production that the access may know of. Raises ``Production.DoesNotExist``."""
    production = Production.objects.filter(public_production(access) & called(dip_id)).first()
    if production is None:
        raise Production.DoesNotExist(dip_id)
    found = Performance.objects.filter(public_performance(access), production=production, published_at__isnull=False)
    return production.title, calendar_entries(found)


def performance_entries(access: Access, number: int) -> list[Entry]:
    """One published performance. Raises ``Performance.DoesNotExist``."""
    rows = calendar_entries(Performance.objects.filter(public_performance(access), pk=number, published_at__isnull=False))
    if not rows:
        raise Performance.DoesNotExist(number)
    return rows


def calendar_entries(found: "QuerySet[Performance]") -> list[Entry]:
    """The entries of performances, by date; in the language of the thread. Two queries."""
    parts = ("production__producer", "theatre", "hall")
    rows = list(found.select_related(*parts).order_by("starts_at", "number")[:MOST])
    events = PerformanceEvent.objects.filter(performance__in=[row.pk for row in rows], kind__in=_CHANGES).order_by()
    changes = dict(events.values_list("performance_id").annotate(n=Count("pk")))
    return [_entry(row, changes.get(row.pk, 0)) for row in rows]


def _entry(row: Performance, sequence: int) -> Entry:
    dip_id = performance_dip_id(row.production.dip_id, row.pk)
    house = row.theatre
    lines = [
        row.production.producer.name,
        f"{row.hall.name}{', ' + word(KINDS, row.kind) if row.kind != 'normal' else ''}",
        _("%(seats)s seats") % {"seats": row.capacity} if row.capacity else "",
        _("DIP-id %(dip_id)s") % {"dip_id": dip_id},
        _("When it ends is not known: two hours are shown."),
    ]
    if row.status == PerformanceStatus.CANCELLED:
        lines.insert(0, _("Cancelled"))
    return Entry(
        uid=dip_id,
        title=row.production.title,
        starts_at=row.starts_at,
        time_zone=house.time_zone,
        place=", ".join(
            part for part in (row.hall.name, house.name, f"{house.street} {house.house_number}".strip(), house.city) if part
        ),
        text="\n".join(line for line in lines if line),
        url=settings.BASE_URL + reverse("programme-performance", args=[row.pk]),
        sequence=sequence,
        changed_at=row.changed_at,
        is_cancelled=row.status == PerformanceStatus.CANCELLED,
    )


def feed_choices(access: Access, on: date) -> dict[str, Sequence[tuple[int, str]]]:
    """Productions, theatres and (of a theatre) own halls to narrow a feed to. Three queries at most."""
    since = season_period(season_year(on)).start
    played = Performance.objects.filter(
        party_to_performance(access), published_at__isnull=False, performance_date__gte=since
    ).order_by()
    titles = Production.objects.filter(pk__in=played.values("production_id")).order_by("title")
    houses = Theatre.objects.filter(pk__in=played.values("theatre_id")).order_by("name")
    halls = Hall.objects.filter(theatre__organisation_id=access.organisation_id, merged_into=None, do_not_use=False)
    own = halls.select_related("theatre").order_by("theatre__name", "name") if access.is_taker else ()
    return {
        "production": [(p.pk, f"{p.title} ({p.dip_id})") for p in titles],
        "theatre": [(t.pk, f"{t.name}, {t.city}") for t in houses],
        "hall": [(hall.pk, f"{hall.theatre.name}, {hall.name}") for hall in own],
    }
