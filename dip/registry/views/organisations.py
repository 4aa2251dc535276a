"""The platform's list of organisations: making one, changing its roles and fee, and inviting a super-user."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.kernel.clock import now
from dip.registry import queries
from dip.registry.actions import invitations
from dip.registry.actions import organisations as actions
from dip.registry.forms import NewOrganisationForm, OrganisationsForm, PlatformOrganisationForm, SuperUserForm, show_refusal
from dip.registry.guard import platform
from dip.registry.terms import Access, AccessDenied, Refusal
from dip.registry.views.parts import ROWS, page_number, page_of, render


@platform
@require_GET
def organisations(request: HttpRequest, access: Access) -> HttpResponse:
    """Everybody who takes part."""
    form = OrganisationsForm(request.GET)
    form.is_valid()
    number = page_number(request)
    text, role = form.cleaned_data.get("q", ""), form.cleaned_data.get("role", "")
    window = queries.organisations(access, text=text, role=role, offset=(number - 1) * ROWS, limit=ROWS)
    context = {"form": form, "rows": window.rows, "page": page_of(window, number), "total": window.total}
    return render(request, access, "organisations", "registry-organisations", context)


@platform
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, access: Access) -> HttpResponse:
    """Make an organisation, and invite its first super-user."""
    form = NewOrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data) | {"roles": form.chosen_roles()}
        try:
            made, invitation = actions.create_organisation(access=access, at=now(), **given)
            message = _("%(name)s has number %(number)s. %(email)s gets a mail to start as super-user.")
            messages.success(request, message % {"name": made.name, "number": made.number, "email": invitation.email})
            return redirect("registry-organisations")
        except Refusal as refusal:
            show_refusal(form, _beside(refusal))
    return render(request, access, "organisation_new", "registry-organisations", {"form": form}, 400 if form.errors else 200)


@platform
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, access: Access, organisation_id: int) -> HttpResponse:
    """Change an organisation's facts, roles and fee."""
    facts = _facts(access, organisation_id)
    initial = {"name": facts.name, "city": facts.city, "email": facts.email, "roles": [*facts.roles], "is_member": facts.is_member}
    form = PlatformOrganisationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data) | {"roles": form.chosen_roles()}
        try:
            actions.change_organisation(access=access, at=now(), organisation_id=facts.id, **given)
            messages.success(request, _("The facts of %(name)s are changed.") % {"name": given["name"]})
            return redirect("registry-organisations")
        except Refusal as refusal:
            show_refusal(form, refusal)
    invite = SuperUserForm(initial={"language": "nl"})
    context = {"form": form, "facts": facts, "invite": invite, "heading": facts.name}
    return render(request, access, "organisation_edit", "registry-organisations", context, 400 if form.errors else 200)


@platform
@require_POST
def invite_super_user(request: HttpRequest, access: Access, organisation_id: int) -> HttpResponse:
    """Invite a super-user for an organisation that has none, or lost its own."""
    facts = _facts(access, organisation_id)
    invite = SuperUserForm(request.POST)
    if invite.is_valid():
        given = invite.cleaned_data
        try:
            invitations.invite_super_user(
                access=access,
                at=now(),
                organisation_id=facts.id,
                email=given["super_user_email"],
                name=given["super_user_name"],
                language=given["language"],
            )
            messages.success(
                request, _("%(email)s gets a mail with a link, good for two weeks.") % {"email": given["super_user_email"]}
            )
            return redirect("registry-organisations")
        except Refusal as refusal:
            show_refusal(invite, _beside(refusal))
    initial = {"name": facts.name, "city": facts.city, "email": facts.email, "roles": [*facts.roles], "is_member": facts.is_member}
    context = {"form": PlatformOrganisationForm(initial=initial), "facts": facts, "invite": invite, "heading": facts.name}
    return render(request, access, "organisation_edit", "registry-organisations", context, 400)


def _beside(refusal: Refusal) -> Refusal:
    """A refusal of the invited address, beside this form's field for it."""
    if isinstance(refusal, invitations.UnableToInvite) and refusal.field == "email":
        refusal.field = "super_user_email"
    return refusal


def _facts(access: Access, organisation_id: int) -> queries.OrganisationFacts:
    try:
        return queries.organisation_facts(access, organisation_id)
    except AccessDenied as error:
        raise Http404 from error
