"""The access of a request, and the decorators by which doors refuse."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from dip.registry.models import Membership
from dip.registry.rules import effective_rights
from dip.registry.terms import Access, AccessDenied, Door, Level, Module, Role

ORGANISATION_KEY, ROLE_KEY = "organisation", "role"
View = Callable[..., HttpResponse]


def page_access(request: HttpRequest) -> Access | None:
    """The access of a signed-in person, in the organisation and role they chose last. One query."""
    if not request.user.is_authenticated:
        return None
    memberships = list(
        Membership.objects.filter(person_id=request.user.pk, is_active=True).select_related("organisation").order_by("id")
    )
    request.memberships = memberships  # type: ignore[attr-defined]  # the frame lists them in the switch
    if not memberships:
        return None
    chosen = request.session.get(ORGANISATION_KEY)
    membership = next((m for m in memberships if m.organisation_id == chosen), memberships[0])
    organisation = membership.organisation
    asked = request.session.get(ROLE_KEY)
    role = Role(asked if asked in organisation.roles else organisation.roles[0])
    return _access(membership, role, Door.PAGE, str(request.user))


def _access(membership: Membership, role: Role, door: Door, actor: str) -> Access:
    organisation = membership.organisation
    return Access(
        organisation_id=organisation.pk,
        organisation_name=organisation.name,
        role=role,
        rights=effective_rights(membership.rights, role, organisation.roles, organisation.is_member),
        person_id=membership.person_id,
        is_super_user=membership.is_super_user,
        door=door,
        actor=actor,
    )


#: A person in an organisation, in one of its roles: ids, and the role as stored.
Seat = tuple[int, int, str]


def accesses_of(seats: Iterable[Seat], door: Door) -> dict[Seat, Access]:
    """What each (person, organisation, role) may do now, for jobs and links that act on somebody's behalf. One query.

    A seat that is no more has none: the membership or the person is switched off, or the organisation no longer plays the role.
    """
    wanted = set(seats)
    if not wanted:
        return {}
    rows = Membership.objects.filter(
        person_id__in={seat[0] for seat in wanted}, organisation_id__in={seat[1] for seat in wanted},
        is_active=True, person__is_active=True,
    ).select_related("organisation", "person")  # fmt: skip
    known = {(row.person_id, row.organisation_id): row for row in rows}
    found = {}
    for seat in wanted:
        row = known.get(seat[:2])
        if row is not None and seat[2] in row.organisation.roles:
            found[seat] = _access(row, Role(seat[2]), door, str(row.person))
    return found


def lend_access(request: HttpRequest, access: Access) -> None:
    """Have a page answer for ``access`` whoever asks: only for the door of links, which narrows the rights to reading first."""
    request._access = access  # type: ignore[attr-defined]
    request.memberships = []  # type: ignore[attr-defined]


def _is_lent(request: HttpRequest) -> bool:
    lent: Access | None = getattr(request, "_access", None)
    return lent is not None and lent.door is Door.SHARED


class AccessMiddleware:
    """Makes ``access_of(request)`` cheap to call often; turns AccessDenied into 403."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """A refusal of a query or action is a 403."""
        if isinstance(error, AccessDenied):
            raise PermissionDenied(str(error)) from error


def access_of(request: HttpRequest) -> Access | None:
    """The access of the request, or None for strangers; read from the database once per request."""
    if not hasattr(request, "_access"):
        request._access = page_access(request)  # type: ignore[attr-defined]
    return request._access  # type: ignore[attr-defined,no-any-return]


def requires(module: Module, level: Level = Level.VIEW, *, providers_only: bool = False) -> Callable[[View], View]:
    """Decorator of a page: visitors go to sign in, people without the right get 403. The view gets ``access`` as second argument."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not (_is_lent(request) or request.user.is_authenticated):
                return redirect_to_login(request.get_full_path())
            access = access_of(request)
            if access is None or not access.allows(module, level) or (providers_only and not access.is_provider):
                raise PermissionDenied(f"needs {level.name.lower()} in {module.value}")
            return view(request, access, *args, **kwargs)

        guarded.guarded_by = (module, level)  # type: ignore[attr-defined]
        return guarded

    return wrap


def platform(view: View) -> View:
    """Decorator of a page only for a super-user of the platform's own organisation. The view gets ``access`` as second argument."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        access = access_of(request)
        if access is None or not (access.is_super_user and access.is_platform):
            raise PermissionDenied("needs the platform's super-user")
        return view(request, access, *args, **kwargs)

    guarded.guarded_by = "platform"  # type: ignore[attr-defined]
    return guarded


def super_user(view: View) -> View:
    """Decorator of a page only for the organisation's super-user. The view gets ``access`` as second argument."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        access = access_of(request)
        if access is None or not access.is_super_user:
            raise PermissionDenied("needs the super-user")
        return view(request, access, *args, **kwargs)

    guarded.guarded_by = "super_user"  # type: ignore[attr-defined]
    return guarded


def member(view: View) -> View:
    """Decorator of a page for anybody with a membership. The view gets ``access`` as second argument."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        access = access_of(request)
        if access is None:
            raise PermissionDenied("no membership of an organisation")
        return view(request, access, *args, **kwargs)

    guarded.guarded_by = "member"  # type: ignore[attr-defined]
    return guarded


def public(view: View) -> View:
    """Marks a page that needs no account, so that the architecture test knows it is meant."""
    view.guarded_by = "public"  # type: ignore[attr-defined]
    return view
