"""The way in: what somebody sees who opens the link of an invitation."""

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dip.kernel.clock import now
from dip.registry.actions import invitations
from dip.registry.forms import ActivationForm, show_refusal
from dip.registry.guard import public
from dip.registry.models import Invitation, Person
from dip.registry.queries import invitation_of_token
from dip.registry.terms import Refusal
from dip.registry.views.profile import remember_language
from dip.registry.views.session import choose

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public
@never_cache
@sensitive_post_parameters("password", "token")
@require_http_methods(["GET", "POST"])
def activate(request: HttpRequest) -> HttpResponse:
    """Accept an invitation. The token stands in the query string, which no log keeps; opening the link uses nothing up."""
    token = (request.POST if request.method == "POST" else request.GET).get("token", "")
    invitation = invitation_of_token(invitations.token_digest(token)) if token else None
    wrong = invitations.why_not_usable(invitation, now())
    if invitation is None or wrong:
        return _answer(request, {"wrong": wrong}, 410 if invitation else 404)
    with translation.override(_language(request, invitation)):
        if Person.objects.filter(email__iexact=invitation.email).exists():
            return _join(request, invitation, token)
        return _accept(request, invitation, token)


def _language(request: HttpRequest, invitation: Invitation) -> str:
    """The invitation's language, unless the reader chose one in the bar."""
    return request.COOKIES.get("django_language") or invitation.language


def _accept(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    initial = {"name": invitation.name, "language": translation.get_language()}
    form = ActivationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            membership = invitations.accept_invitation(token=token, at=now(), **form.cleaned_data)
            return _enter(request, membership.person, membership.organisation_id)
        except Refusal as refusal:
            show_refusal(form, refusal)
    return _answer(request, {"form": form, "invitation": invitation, "token": token}, 400 if form.errors else 200)


def _join(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """For somebody who has an account already: sign in first, then join."""
    if not request.user.is_authenticated:
        return redirect_to_login(f"{request.path}?token={token}")
    wrong = ""
    if request.method == "POST":
        try:
            membership = invitations.join_organisation(token=token, at=now(), person_id=request.user.pk)
            choose(request, membership.organisation_id, "")
            return redirect("home")
        except Refusal as refusal:
            wrong = refusal.message
    return _answer(request, {"invitation": invitation, "token": token, "joins": True, "wrong_person": wrong}, 400 if wrong else 200)


def _enter(request: HttpRequest, person: Person, organisation_id: int) -> HttpResponse:
    login(request, person, backend=BACKEND)
    choose(request, organisation_id, "")
    response = redirect("home")
    remember_language(response, person.language)
    return response


def _answer(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "registry/activate.html", context, status=status)
