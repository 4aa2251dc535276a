"""The mails that wait in the queue."""

from procrastinate.contrib.django.models import ProcrastinateJob


def mails() -> list[dict]:
    """What is queued, oldest first: to, subject, body, language."""
    jobs = ProcrastinateJob.objects.filter(task_name="dip.registry.jobs.send_mail").order_by("id")
    return [job.args for job in jobs]


def to(address: str) -> list[str]:
    """Subjects of the mails to an address."""
    return [mail["subject"] for mail in mails() if mail["to"] == address]
