"""Reads of the registry: an organisation's facts, its people, clients and trail. Frozen results."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dip.kernel.clock import AMSTERDAM, from_local
from dip.registry.models import ApiClient, AuditLine, Invitation, Membership, Organisation
from dip.registry.rules import effective_rights, require_platform, require_super_user
from dip.registry.terms import Access, AccessDenied, Level, Module, Role


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """What an organisation is."""

    id: int
    number: int
    name: str
    roles: tuple[Role, ...]
    city: str
    email: str
    is_member: bool
    created_at: datetime
    super_users: tuple[str, ...]
    """Names of those who grant rights."""

    @property
    def reads_only(self) -> bool:
        """A producer that pays no fee has a read-only account."""
        return not self.is_member and Role.PRODUCER in self.roles


@dataclass(frozen=True, slots=True)
class Member:
    """A person in the asker's organisation."""

    id: int
    person_id: int
    name: str
    email: str
    rights: Mapping[Module, Level]
    is_super_user: bool
    is_active: bool
    is_self: bool
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that was not yet accepted or withdrawn."""

    id: int
    email: str
    name: str
    is_super_user: bool
    sent_at: datetime
    expires_at: datetime
    is_expired: bool


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret of a client, without the secret."""

    id: int
    hint: str
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Client:
    """An API client of the asker's organisation; ``secrets`` are those still good, the newest first."""

    id: int
    client_id: str
    name: str
    role: Role
    rights: Mapping[Module, Level]
    is_active: bool
    created_at: datetime
    last_used_at: datetime | None
    secrets: tuple[Secret, ...]


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One act in the audit trail; ``changes``: field → (before, after)."""

    id: int
    at: datetime
    actor: str
    door: str
    verb: str
    subject: str
    label: str
    changes: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which lines of the trail are wanted: an act, a piece of the actor's name, days ``since`` up to and including ``until``."""

    verb: str = ""
    who: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One line of the platform's list of organisations."""

    id: int
    number: int
    name: str
    city: str
    roles: tuple[Role, ...]
    is_member: bool
    people: int
    super_users: int
    has_open_invitation: bool


@dataclass(frozen=True, slots=True)
class Window:
    """A page of a longer list, and how long the list is."""

    rows: tuple[Any, ...]
    total: int


def organisation_facts(access: Access, organisation_id: int | None = None) -> OrganisationFacts:
    """The asker's own organisation; another's only for the platform. Raises :class:`AccessDenied`."""
    wanted = organisation_id or access.organisation_id
    if wanted != access.organisation_id:
        require_platform(access)
    row = Organisation.objects.filter(pk=wanted).first()
    if row is None:
        raise AccessDenied(f"there is no organisation {wanted}")
    heads = Membership.objects.filter(organisation_id=wanted, is_super_user=True, is_active=True)
    names = tuple(heads.order_by("person__name").values_list("person__name", flat=True))
    roles = tuple(Role(role) for role in row.roles)
    return OrganisationFacts(row.pk, row.number, row.name, roles, row.city, row.email, row.is_member, row.created_at, names)


def members_of(access: Access) -> list[Member]:
    """Everybody in the asker's organisation, those switched off last. For super-users."""
    require_super_user(access)
    rows = Membership.objects.filter(organisation_id=access.organisation_id).select_related("person")
    return [_member(access, row) for row in rows.order_by("-is_active", "person__name", "pk")]


def member_of(access: Access, membership_id: int) -> Member:
    """One member of the asker's organisation; raises :class:`Membership.DoesNotExist` for any other."""
    require_super_user(access)
    return _member(
        access, Membership.objects.select_related("person").get(organisation_id=access.organisation_id, pk=membership_id)
    )


def invitations_of(access: Access, at: datetime) -> list[OpenInvitation]:
    """Invitations of the asker's organisation that are still open or have expired, the newest first. For super-users."""
    require_super_user(access)
    rows = Invitation.objects.within(access).filter(accepted_at=None, revoked_at=None).order_by("-sent_at", "pk")
    return [OpenInvitation(i.pk, i.email, i.name, i.is_super_user, i.sent_at, i.expires_at, i.expires_at <= at) for i in rows]


def invitation_of_token(digest: str) -> Invitation | None:
    """The invitation behind a link, by the digest of its token: whoever holds the link may see it, before there is an access."""
    found = Invitation.objects.across_tenants("an invitation is found by the token of its link")
    return found.select_related("organisation").filter(token_digest=digest).first()


def clients_of(access: Access, at: datetime) -> list[Client]:
    """API clients of the asker's organisation, revoked ones last. For super-users."""
    require_super_user(access)
    rows = ApiClient.objects.within(access).prefetch_related("secrets").order_by("-is_active", "name", "pk")
    return [_client(row, at) for row in rows]


def client_of(access: Access, client_id: int, at: datetime) -> Client:
    """One API client of the asker's organisation; raises :class:`ApiClient.DoesNotExist` for any other."""
    require_super_user(access)
    return _client(ApiClient.objects.within(access).prefetch_related("secrets").get(pk=client_id), at)


def trail_of(access: Access, wanted: TrailFilter, *, offset: int = 0, limit: int = 50) -> Window:
    """A window on the organisation's audit trail, the newest first. For super-users."""
    lines = _trail(access, wanted)
    return Window(tuple(_trail_line(line) for line in lines[offset : offset + limit]), lines.count())


def whole_trail(access: Access, wanted: TrailFilter) -> Iterator[TrailLine]:
    """Every line that fits, the newest first, for a file; read in portions. For super-users."""
    return (_trail_line(line) for line in _trail(access, wanted).iterator(2000))


def _trail(access: Access, wanted: TrailFilter) -> "QuerySet[AuditLine]":
    require_super_user(access)
    lines = AuditLine.objects.within(access)
    if wanted.verb:
        lines = lines.filter(verb=wanted.verb)
    if wanted.who:
        lines = lines.filter(actor__icontains=wanted.who)
    if wanted.since:
        lines = lines.filter(at__gte=_midnight(wanted.since))
    if wanted.until:
        lines = lines.filter(at__lt=_midnight(wanted.until + timedelta(days=1)))
    return lines.order_by("-at", "-pk")


def verbs_of(access: Access) -> list[str]:
    """The acts that occur in the organisation's trail. For super-users."""
    require_super_user(access)
    return list(AuditLine.objects.within(access).order_by("verb").values_list("verb", flat=True).distinct())


def organisations(access: Access, *, text: str = "", role: str = "", offset: int = 0, limit: int = 50) -> Window:
    """The platform's list: number, name, roles, people; narrowed by a piece of name or town, or a number. Three counts, no loops."""
    require_platform(access)
    found = Organisation.objects.all()
    if text:
        number = Q(number=int(text)) if text.isdecimal() and len(text) < 10 else Q()
        found = found.filter(Q(name__icontains=text) | Q(city__icontains=text) | number)
    if role:
        found = found.filter(roles__contains=[role])
    rows = _with_people(found).order_by("name", "pk")[offset : offset + limit]
    return Window(tuple(_organisation_row(row) for row in rows), found.count())


def _midnight(day: date) -> datetime:
    return from_local(datetime(day.year, day.month, day.day), AMSTERDAM)  # noqa: DTZ001  a wall-clock time, made aware here


def _member(access: Access, row: Membership) -> Member:
    person = row.person
    own = row.person_id == access.person_id
    return Member(
        row.pk, person.pk, person.name, person.email, row.levels(), row.is_super_user, row.is_active, own, person.last_login
    )


def _client(row: ApiClient, at: datetime) -> Client:
    live = [one for one in row.secrets.all() if one.expires_at is None or one.expires_at > at]
    live.sort(key=lambda one: (one.created_at, one.pk), reverse=True)
    role = Role(row.role)
    rights = effective_rights(row.rights, role, [], True)
    known = tuple(Secret(one.pk, one.hint, one.created_at, one.expires_at) for one in live)
    return Client(row.pk, row.client_id, row.name, role, rights, row.is_active, row.created_at, row.last_used_at, known)


def _trail_line(line: AuditLine) -> TrailLine:
    changes = tuple((field, *_pair(value)) for field, value in line.changes.items())
    return TrailLine(line.pk, line.at, line.actor, line.door, line.verb, line.subject, line.label, changes)


def _pair(value: Any) -> Sequence[Any]:
    """Before and after; what is kept without a before counts as the state after."""
    return value if isinstance(value, list) and len(value) == 2 else (None, value)


def _with_people(found: "QuerySet[Organisation]") -> "QuerySet[Organisation]":
    active = Membership.objects.filter(organisation=OuterRef("pk"), is_active=True).order_by().values("organisation")
    counted = active.annotate(n=Count("pk")).values("n")
    heads = active.filter(is_super_user=True).annotate(n=Count("pk")).values("n")
    waiting = Invitation.objects.across_tenants("the platform sees who was invited as super-user, not by whom or what for").filter(
        organisation=OuterRef("pk"), accepted_at=None, revoked_at=None, is_super_user=True
    )
    return found.annotate(people=Coalesce(Subquery(counted), 0), heads=Coalesce(Subquery(heads), 0), waiting=Exists(waiting))


def _organisation_row(row: Any) -> OrganisationRow:
    roles = tuple(Role(role) for role in row.roles)
    return OrganisationRow(row.pk, row.number, row.name, row.city, roles, row.is_member, row.people, row.heads, row.waiting)
