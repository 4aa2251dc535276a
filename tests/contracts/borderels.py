"""Acts on the borderel of a deal, and the mails that they queue: what the tests of borderels share."""

from datetime import date

from procrastinate.contrib.django.models import ProcrastinateJob

from dip.contracts.actions import settlements
from dip.contracts.models import Settlement
from dip.contracts.terms.settlements import Disputed
from tests.factories.contracts import REASON, Deal


def row_of(deal: Deal) -> Settlement:
    return Settlement.objects.across_tenants(REASON).filter(agreement=deal.agreement).order_by("-number").first()


def mails() -> list[dict]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name="dip.registry.jobs.send_mail").order_by("id")]


def new_mails(before: int) -> list[tuple[str, str]]:
    return [(mail["to"], mail["subject"]) for mail in mails()[before:]]


def confirm(deal: Deal, access=None, **more):
    return settlements.confirm_settlement(access=access or deal.taker, at=deal.at, settlement_id=row_of(deal).pk, **more)


def correct(deal: Deal, access=None, **more):
    return settlements.correct_settlement(access=access or deal.taker, at=deal.at, settlement_id=row_of(deal).pk, **more)


def dispute(deal: Deal, *remarks: Disputed, access=None):
    return settlements.dispute_settlement(
        access=access or deal.provider, at=deal.at, settlement_id=row_of(deal).pk, remarks=remarks
    )


def sign(deal: Deal, access=None):
    return settlements.sign_settlement(access=access or deal.provider, at=deal.at, settlement_id=row_of(deal).pk)


def reopen(deal: Deal, access=None, reason="De kassa verwerkte nog retouren"):
    return settlements.reopen_settlement(access=access or deal.provider, at=deal.at, settlement_id=row_of(deal).pk, reason=reason)


def pay(deal: Deal, access=None, day: date | None = None):
    day = day or deal.at.date()
    return settlements.mark_paid(access=access or deal.provider, at=deal.at, settlement_id=row_of(deal).pk, paid_date=day)
