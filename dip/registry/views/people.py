"""People and rights: the list, invitations, a member's rights."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.kernel.clock import now
from dip.registry import queries, words
from dip.registry.actions import invitations, memberships
from dip.registry.forms import GrantForm, InviteForm, show_refusal
from dip.registry.guard import super_user
from dip.registry.models import Membership
from dip.registry.terms import Access, Level, Module, Refusal
from dip.registry.views.parts import levels_in_words, render


@super_user
@require_GET
def people(request: HttpRequest, access: Access) -> HttpResponse:
    """Who is in, with which rights, and who was invited."""
    members = queries.members_of(access)
    context = {
        "rows": [(one, levels_in_words(one.rights)) for one in members],
        "active_count": sum(one.is_active for one in members),
        "invitations": queries.invitations_of(access, now()),
        "module_names": words.MODULES.values(),
    }
    return render(request, access, "people", "registry-people", context)


@super_user
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, access: Access) -> HttpResponse:
    """Invite somebody."""
    initial = {"language": request.LANGUAGE_CODE, Module.PROGRAMME.value: "1", Module.SALES.value: "1"}  # type: ignore[attr-defined]
    form = InviteForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            invitation = invitations.invite_person(
                access=access,
                at=now(),
                email=given["email"],
                name=given["name"],
                language=given["language"],
                rights=form.rights(),
                is_super_user=given["is_super_user"],
            )
            messages.success(request, _("%(email)s gets a mail with a link, good for two weeks.") % {"email": invitation.email})
            return redirect("registry-people")
        except Refusal as refusal:
            show_refusal(form, refusal)
    return render(request, access, "invite", "registry-people", {"form": form}, 400 if form.errors else 200)


@super_user
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, access: Access, membership_id: int) -> HttpResponse:
    """One member: rights, and switching off."""
    try:
        member = queries.member_of(access, membership_id)
    except Membership.DoesNotExist as error:
        raise Http404 from error
    initial: dict[str, Any] = {module.value: str(member.rights.get(module, Level.NONE).value) for module in Module}
    form = GrantForm(request.POST or None, initial=initial | {"is_super_user": member.is_super_user})
    if request.method == "POST" and form.is_valid():
        try:
            memberships.grant_rights(
                access=access,
                at=now(),
                membership_id=member.id,
                rights=form.rights(),
                is_super_user=form.cleaned_data["is_super_user"],
            )
            messages.success(request, _("%(name)s has these rights from now on.") % {"name": member.name})
            return redirect("registry-people")
        except Refusal as refusal:
            show_refusal(form, refusal)
    return render(
        request,
        access,
        "person",
        "registry-people",
        {"member": member, "form": form, "heading": member.name},
        400 if form.errors else 200,
    )


@super_user
@require_POST
def deactivate(request: HttpRequest, access: Access, membership_id: int) -> HttpResponse:
    """Shut a member out."""
    return _then_list(
        request,
        lambda: _tell(request, _("%(name)s is switched off, and cannot do anything any more."), _off(access, membership_id)),
    )


@super_user
@require_POST
def reactivate(request: HttpRequest, access: Access, membership_id: int) -> HttpResponse:
    """Let a member in again."""
    return _then_list(
        request, lambda: _tell(request, _("%(name)s is switched on again, with the rights of before."), _on(access, membership_id))
    )


@super_user
@require_POST
def resend(request: HttpRequest, access: Access, invitation_id: int) -> HttpResponse:
    """Send an invitation again."""

    def act() -> None:
        sent = invitations.resend_invitation(access=access, at=now(), invitation_id=invitation_id)
        messages.success(request, _("%(email)s gets a new link; the one sent before has ended.") % {"email": sent.email})

    return _then_list(request, act)


@super_user
@require_POST
def withdraw(request: HttpRequest, access: Access, invitation_id: int) -> HttpResponse:
    """Withdraw an invitation."""

    def act() -> None:
        ended = invitations.revoke_invitation(access=access, at=now(), invitation_id=invitation_id)
        messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": ended.email})

    return _then_list(request, act)


def _off(access: Access, membership_id: int) -> Membership:
    return memberships.deactivate_membership(access=access, at=now(), membership_id=membership_id)


def _on(access: Access, membership_id: int) -> Membership:
    return memberships.reactivate_membership(access=access, at=now(), membership_id=membership_id)


def _tell(request: HttpRequest, words_of: str, membership: Membership) -> None:
    messages.success(request, words_of % {"name": membership.person.name})


def _then_list(request: HttpRequest, act: Callable[[], None]) -> HttpResponse:
    """Do it, and show the list with what happened, or why it could not."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("registry-people")
