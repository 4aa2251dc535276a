"""Invitations: the only way in. A mail with a link, good for two weeks, once."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from dip.registry.models import Invitation, Membership, Organisation, Person
from dip.registry.post import queue_mail
from dip.registry.rules import require_platform, require_super_user, stored_rights
from dip.registry.terms import Access, Door, Level, Module, Refusal, Role
from dip.registry.trail import write_line

VALID_FOR = timedelta(days=14)
_BY_LINK = "an invitation is found by the token of its link, before there is an access"


class UnableToInvite(Refusal):
    """The address is wrong, a member already, or has an open invitation."""


class UnableToChangeInvitation(Refusal):
    """It was accepted or revoked, or is not there."""


class UnableToAcceptInvitation(Refusal):
    """The link is unknown, used, revoked or expired, or the answer is incomplete."""


def token_digest(token: str) -> str:
    """SHA-256 of an invitation's token: the table alone opens no door."""
    return hashlib.sha256(token.encode()).hexdigest()


def invite_person(
    *,
    access: Access,
    at: datetime,
    email: str,
    name: str = "",
    language: str = "nl",
    rights: Mapping[Module, Level],
    is_super_user: bool = False,
) -> Invitation:
    """Invite somebody into the super-user's own organisation; raises :class:`UnableToInvite`."""
    require_super_user(access)
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=access.organisation_id)
        return send_invitation(
            access=access,
            at=at,
            organisation=organisation,
            email=email,
            name=name,
            language=language,
            rights=rights,
            is_super_user=is_super_user,
        )


def invite_super_user(
    *, access: Access, at: datetime, organisation_id: int, email: str, name: str = "", language: str = "nl"
) -> Invitation:
    """The platform invites a super-user for an organisation that lost its own; raises :class:`UnableToInvite`."""
    require_platform(access)
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
        if organisation is None:
            raise UnableToInvite(_("There is no such organisation."))
        return send_invitation(
            access=access,
            at=at,
            organisation=organisation,
            email=email,
            name=name,
            language=language,
            rights=dict.fromkeys(Module, Level.APPROVE),
            is_super_user=True,
        )


def send_invitation(
    *,
    access: Access,
    at: datetime,
    organisation: Organisation,
    email: str,
    name: str,
    language: str,
    rights: Mapping[Module, Level],
    is_super_user: bool,
) -> Invitation:
    """Write and mail an invitation, within the caller's transaction and after its check of rights; raises :class:`UnableToInvite`."""
    email = email.strip().lower()
    _refuse_address(organisation, email, at)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        name=" ".join(name.split()),
        language=language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        rights=stored_rights(rights),
        is_super_user=is_super_user,
        token_digest=token_digest(token),
        invited_by_id=access.person_id,
        sent_at=at,
        expires_at=at + VALID_FOR,
    )
    _mail(invitation, token, access.actor)
    facts = {"super_user": [None, True]} if is_super_user else {}
    _line(access, at, "invite_person", invitation, facts)
    return invitation


@transaction.atomic
def resend_invitation(*, access: Access, at: datetime, invitation_id: int) -> Invitation:
    """Mail a new link, good for two weeks again; the link sent before ends. Raises :class:`UnableToChangeInvitation`."""
    invitation = _open_invitation(access, invitation_id)
    token = secrets.token_urlsafe(32)
    invitation.token_digest = token_digest(token)
    invitation.sent_at, invitation.expires_at = at, at + VALID_FOR
    invitation.save(update_fields=["token_digest", "sent_at", "expires_at"])
    _mail(invitation, token, access.actor)
    _line(access, at, "resend_invitation", invitation)
    return invitation


@transaction.atomic
def revoke_invitation(*, access: Access, at: datetime, invitation_id: int) -> Invitation:
    """End an invitation before it is used. Raises :class:`UnableToChangeInvitation`."""
    invitation = _open_invitation(access, invitation_id)
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])
    _line(access, at, "revoke_invitation", invitation)
    return invitation


def accept_invitation(*, token: str, at: datetime, name: str, password: str, language: str) -> Membership:
    """Make the person of a link, with a password of their own, and their membership.

    Raises :class:`UnableToAcceptInvitation`; with ``field`` when name or password is at fault, and then nothing is used up.
    """
    try:
        with transaction.atomic():
            invitation = _usable(token, at)
            if Person.objects.filter(email__iexact=invitation.email).exists():
                raise UnableToAcceptInvitation(_have_account(invitation))
            person = _make_person(invitation, name, password, language)
            return _join(invitation, person, at)
    except IntegrityError as error:  # two links to one address, used at the same moment
        raise UnableToAcceptInvitation(_("This was done a moment ago. Sign in.")) from error


@transaction.atomic
def join_organisation(*, token: str, at: datetime, person_id: int) -> Membership:
    """Give somebody who has an account, and is signed in, the membership of a link. Raises :class:`UnableToAcceptInvitation`."""
    invitation = _usable(token, at)
    person = Person.objects.get(pk=person_id)
    if person.email.lower() != invitation.email.lower():
        message = _("This invitation is for %(email)s, and you are signed in as %(own)s. Sign out, and open the link again.")
        raise UnableToAcceptInvitation(message % {"email": invitation.email, "own": person.email})
    return _join(invitation, person, at)


def why_not_usable(invitation: Invitation | None, at: datetime) -> str:
    """What is wrong with a link, in words, or "" when it can be used."""
    if invitation is None:
        return _("This link is not known. Open the link from the latest mail, or ask for a new invitation.")
    if invitation.accepted_at is not None:
        return _("This link has been used. Sign in with the password that you chose then.")
    if invitation.revoked_at is not None:
        return _("This invitation was withdrawn by %(organisation)s.") % {"organisation": invitation.organisation.name}
    if invitation.expires_at <= at:
        message = _("This link has expired. Ask the super-user of %(organisation)s to send the invitation again.")
        return message % {"organisation": invitation.organisation.name}
    return ""


def _refuse_address(organisation: Organisation, email: str, at: datetime) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise UnableToInvite(_("“%(email)s” is not an e-mail address.") % {"email": email}, "email") from error
    known = Membership.objects.filter(organisation=organisation, person__email__iexact=email).first()
    if known is not None:
        message = (
            _("%(email)s is a member already.")
            if known.is_active
            else _("%(email)s is a member, switched off. Switch them on again.")
        )
        raise UnableToInvite(message % {"email": email}, "email")
    running = Invitation.objects.across_tenants("the organisation is the caller's, or the platform invites").filter(
        organisation=organisation, email__iexact=email, accepted_at=None, revoked_at=None
    )
    if running.exists():
        message = _("%(email)s has an invitation already. Send it again from the list, or withdraw it.")
        raise UnableToInvite(message % {"email": email}, "email")


def _open_invitation(access: Access, invitation_id: int) -> Invitation:
    require_super_user(access)
    invitation: Invitation | None = Invitation.objects.within(access).select_for_update().filter(pk=invitation_id).first()
    if invitation is None:
        raise UnableToChangeInvitation(_("There is no such invitation."))
    if invitation.accepted_at is not None:
        raise UnableToChangeInvitation(_("%(email)s has accepted this invitation already.") % {"email": invitation.email})
    if invitation.revoked_at is not None:
        raise UnableToChangeInvitation(_("This invitation was withdrawn already."))
    return invitation


def _usable(token: str, at: datetime) -> Invitation:
    found = Invitation.objects.across_tenants(_BY_LINK).select_for_update(of=["self"]).select_related("organisation")
    invitation: Invitation | None = found.filter(token_digest=token_digest(token)).first()
    wrong = why_not_usable(invitation, at)
    if invitation is None or wrong:
        raise UnableToAcceptInvitation(wrong)
    return invitation


def _have_account(invitation: Invitation) -> str:
    return _("%(email)s has an account already. Sign in, and open the link again.") % {"email": invitation.email}


def _make_person(invitation: Invitation, name: str, password: str, language: str) -> Person:
    name = " ".join(name.split())
    if not name:
        raise UnableToAcceptInvitation(_("Fill in your name."), "name")
    try:
        validate_password(password, user=Person(email=invitation.email, name=name))
    except ValidationError as error:
        raise UnableToAcceptInvitation(" ".join(error.messages), "password") from error
    if language not in dict(settings.LANGUAGES):
        language = invitation.language
    return Person.objects.create_user(invitation.email, password, name=name, language=language)


def _join(invitation: Invitation, person: Person, at: datetime) -> Membership:
    membership, made = Membership.objects.get_or_create(
        person=person,
        organisation=invitation.organisation,
        defaults={"rights": invitation.rights, "is_super_user": invitation.is_super_user},
    )
    if not made:
        raise UnableToAcceptInvitation(
            _("You are a member of %(organisation)s already.") % {"organisation": invitation.organisation.name}
        )
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    access = Access(
        organisation_id=invitation.organisation_id,
        organisation_name=invitation.organisation.name,
        role=Role(invitation.organisation.roles[0]),
        person_id=person.pk,
        door=Door.PAGE,
        actor=str(person),
    )
    _line(access, at, "accept_invitation", invitation)
    return membership


def _mail(invitation: Invitation, token: str, sender: str) -> None:
    link = f"{settings.BASE_URL}{reverse('registry-activate')}?{urlencode({'token': token})}"
    with translation.override(invitation.language):
        context = {"invitation": invitation, "organisation": invitation.organisation, "sender": sender, "link": link}
        subject = _("Your account for %(organisation)s on DIP") % {"organisation": invitation.organisation.name}
        queue_mail(to=invitation.email, subject=subject, body=render_to_string("registry/mail/invitation.txt", context))


def _line(access: Access, at: datetime, verb: str, invitation: Invitation, changes: Mapping[str, object] | None = None) -> None:
    write_line(
        access=access,
        at=at,
        verb=verb,
        subject="invitation",
        subject_id=invitation.pk,
        label=invitation.email,
        changes=changes,
        organisation_id=invitation.organisation_id,
    )
