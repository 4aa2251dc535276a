"""API clients: made, rotated, revoked. A secret is shown in the answer to the act that made it, and nowhere else."""

import secrets

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.kernel.clock import now
from dip.registry import queries
from dip.registry.actions import clients as actions
from dip.registry.forms import ClientForm, RotateForm, show_refusal
from dip.registry.guard import super_user
from dip.registry.models import ApiClient
from dip.registry.terms import Access, Module, Refusal, Role
from dip.registry.views.parts import levels_in_words, render


@super_user
@require_GET
def clients(request: HttpRequest, access: Access) -> HttpResponse:
    """Which systems call for us, with which rights, and when they last did."""
    known = queries.clients_of(access, now())
    rows = [(one, [(module, name) for module, level, name in levels_in_words(one.rights) if level]) for one in known]
    return render(request, access, "clients", "registry-clients", {"rows": rows})


@super_user
@never_cache
@require_http_methods(["GET", "POST"])
def new_client(request: HttpRequest, access: Access) -> HttpResponse:
    """Make a client, and show its secret once."""
    roles = queries.organisation_facts(access).roles
    initial = {"role": access.role.value, "once": secrets.token_urlsafe(16), Module.PROGRAMME.value: "1", Module.SALES.value: "2"}
    form = ClientForm(request.POST or None, roles=roles, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            client, secret = actions.create_api_client(
                access=access, at=now(), name=given["name"], role=Role(given["role"]), rights=form.rights(), once=given["once"]
            )
            return render(
                request,
                access,
                "secret",
                "registry-clients",
                {"client": client, "secret": secret, "is_new": True, "heading": client.name},
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
    return render(request, access, "client_new", "registry-clients", {"form": form}, 400 if form.errors else 200)


@super_user
@never_cache
@require_http_methods(["GET", "POST"])
def rotate(request: HttpRequest, access: Access, client_id: int) -> HttpResponse:
    """Give a client a new secret, and show it once."""
    client = _client(access, client_id)
    newest = client.secrets[0].id if client.secrets else 0
    form = RotateForm(request.POST or None, initial={"replaces": newest})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            _row, secret = actions.rotate_secret(
                access=access,
                at=now(),
                client_id=client.id,
                ends_at_once=given["ends"] == "now",
                replaces=given["replaces"] or None,
            )
            context = {"client": client, "secret": secret, "ends_at_once": given["ends"] == "now", "heading": client.name}
            return render(request, access, "secret", "registry-clients", context)
        except Refusal as refusal:
            show_refusal(form, refusal)
    return render(
        request,
        access,
        "client_rotate",
        "registry-clients",
        {"form": form, "client": client, "heading": client.name},
        400 if form.errors else 200,
    )


@super_user
@require_POST
def revoke(request: HttpRequest, access: Access, client_id: int) -> HttpResponse:
    """End a client."""
    client = _client(access, client_id)
    try:
        actions.revoke_client(access=access, at=now(), client_id=client.id)
        messages.success(request, _("%(name)s is revoked: its secrets and tokens no longer work.") % {"name": client.name})
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("registry-clients")


def _client(access: Access, client_id: int) -> queries.Client:
    try:
        return queries.client_of(access, client_id, now())
    except ApiClient.DoesNotExist as error:
        raise Http404 from error
