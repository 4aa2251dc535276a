"""How allauth meets the registry."""

import base64
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation

from dip.kernel import clock
from dip.registry.keys import derived_key
from dip.registry.models import Membership, Person
from dip.registry.post import queue_mail
from dip.registry.terms import Access, Role
from dip.registry.trail import write_line

#: What allauth's mails call the platform.
_SITE = SimpleNamespace(name="DIP", domain=urlsplit(settings.BASE_URL).netloc)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitation only; mails go through our own post; a person's language comes back with them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """The subject as it is, without the site's name before it."""
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail, in the addressee's language when we know them."""
        known = Person.objects.filter(email__iexact=email).values_list("language", flat=True).first()
        with translation.override(known or translation.get_language() or settings.LANGUAGE_CODE):
            values = {"request": allauth_context.request, "email": email, "current_site": _SITE} | context
            message = self.render_mail(template_prefix, email, values)
            queue_mail(to=email, subject=message.subject, body=message.body)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of a mail, at the platform's own address whatever host the request named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", key)

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        """Sign in, leave a line in the trail of each of the person's organisations, and answer in their language from here on."""
        response: HttpResponse = super().post_login(request, user, **options)
        _note_sign_in(user)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response


def _note_sign_in(person: Person) -> None:
    """Who came in, and when: a super-user sees it beside the acts. Nothing of the device or the network is kept."""
    at = clock.now()
    for membership in Membership.objects.filter(person=person, is_active=True).select_related("organisation"):
        organisation = membership.organisation
        access = Access(organisation.pk, organisation.name, Role(organisation.roles[0]), person_id=person.pk, actor=str(person))
        write_line(access=access, at=at, verb="sign_in", subject="person", subject_id=person.pk, label=str(person))


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps and recovery codes lie encrypted in the table: a copy of the database signs nobody in."""

    def encrypt(self, text: str) -> str:
        """As it is kept."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """As it is used."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key("second-factor")))
