"""How allauth meets the registry."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from dip.registry.post import queue_mail


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
        person = context.get("user")
        language = getattr(person, "language", None) or translation.get_language() or settings.LANGUAGE_CODE
        with translation.override(language):
            values = {"request": allauth_context.request, "email": email, "base_url": settings.BASE_URL} | context
            message = self.render_mail(template_prefix, email, values)
            queue_mail(to=email, subject=message.subject, body=message.body)

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        """Sign in, and answer in the person's own language from here on."""
        response: HttpResponse = super().post_login(request, user, **options)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response
