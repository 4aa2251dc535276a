"""The link that stops a mail: signed, so that whoever holds the mail, and nobody else, can use it without signing in."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

_SIGNER = Signer(salt="dip.reports.stop", sep="~")


def stop_token(membership_id: int) -> str:
    """The token of a member's mails; it does not expire, for old mails must stop too."""
    return str(_SIGNER.sign(str(membership_id)))


def membership_of(token: str) -> int | None:
    """The membership that a token names, None for one that we did not sign."""
    try:
        return int(_SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None


def stop_url(membership_id: int) -> str:
    """The address that stops a member's mails."""
    return settings.BASE_URL + reverse("reports-stop", args=[stop_token(membership_id)])
