"""Which organisation and role a person acts in: kept in the session, checked at every request against the memberships."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from dip.registry.guard import ORGANISATION_KEY, ROLE_KEY, member
from dip.registry.terms import Access


@member
@require_POST
def switch(request: HttpRequest, access: Access) -> HttpResponse:
    """Act as another organisation or in another role; home, because the page in hand may not be theirs."""
    asked, role = request.POST.get("organisation", ""), request.POST.get("role", "")
    roles = {str(one.organisation_id): one.organisation.roles for one in request.memberships}  # type: ignore[attr-defined]
    if asked not in roles or (role and role not in roles[asked]):
        raise Http404("you are no member of it, or it does not have that role")
    choose(request, int(asked), role)
    return redirect("home")


def choose(request: HttpRequest, organisation_id: int, role: str) -> None:
    """Remember the choice; an empty role is the organisation's first."""
    request.session[ORGANISATION_KEY] = organisation_id
    request.session[ROLE_KEY] = role
