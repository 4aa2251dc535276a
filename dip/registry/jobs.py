"""Jobs of the registry: sending mail."""

import smtplib
from collections.abc import Sequence
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from dip.registry.models import Enclosure

#: Seconds to the next attempt: a minute, doubling up to four hours; after two days we give up, and the job stays as failed.
FIRST_WAIT, LONGEST_WAIT, MOST_ATTEMPTS = 60, 4 * 3600, 20


class MailRetry(BaseRetryStrategy):
    """Tries again when the server is away or says "later"; not when it refuses the addressee for good."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again, or None to give up."""
        if job.attempts >= MOST_ATTEMPTS or not isinstance(exception, OSError) or _is_final(exception):
            return None
        return RetryDecision(retry_in={"seconds": min(FIRST_WAIT * 2**job.attempts, LONGEST_WAIT)})


def _is_final(error: OSError) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reply in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


@app.task(queue="mail", name="dip.registry.jobs.send_mail", retry=MailRetry(), pass_context=True)
def send_mail(
    context: JobContext,
    to: str,
    subject: str,
    body: str,
    language: str = "nl",
    page: str = "",
    enclosures: Sequence[int] = (),
    unsubscribe: str = "",
) -> None:
    """Send one mail to one addressee, plain text with an HTML twin (``page``, or one made of the text) and its enclosures.

    The Message-ID is that of the job: should a worker die between the server's yes and its own note of it, the repeat is
    recognised as the same mail. An enclosure that was tidied away in the meantime is left out.
    """
    headers = _headers(context, language, unsubscribe)
    message = EmailMultiAlternatives(subject, body, settings.DEFAULT_FROM_EMAIL, [to], headers=headers)
    message.attach_alternative(page or _twin(subject, body, language), "text/html")
    if enclosures:
        kept = Enclosure.objects.across_tenants("a mail carries what was enclosed for its addressee").filter(pk__in=enclosures)
        for name, content, kind in kept.order_by("pk").values_list("name", "content", "content_type"):
            message.attach(name, bytes(content), kind)
    message.send()


def _headers(context: JobContext, language: str, unsubscribe: str) -> dict[str, str]:
    number = context.job.id if context.job else 0
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or urlsplit(settings.BASE_URL).hostname
    headers = {"Message-ID": f"<dip-mail-{number}@{domain}>", "Auto-Submitted": "auto-generated", "Content-Language": language}
    if unsubscribe:
        headers |= {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return headers


def _twin(subject: str, body: str, language: str) -> str:
    with translation.override(language):
        paragraphs = [part for part in body.split("\n\n") if part.strip()]
        page = {"subject": subject, "paragraphs": paragraphs, "language": language, "base_url": settings.BASE_URL}
        return render_to_string("registry/mail/letter.html", page)
