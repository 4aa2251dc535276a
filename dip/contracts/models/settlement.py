"""Settlements (borderellen), what is disputed in them, and the running outlook of each agreement."""

from django.db import models

from dip.contracts.models.agreement import Agreement, party_to
from dip.contracts.terms.states import SettlementStatus
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class Settlement(models.Model):
    """A borderel: the figures of an agreement's performances and the statement they give. One open at a time per agreement. Owned.

    ``figures`` and ``statement`` are what was confirmed, kept whole, so that a signed one never changes; a reopened one is followed
    by the next ``number``.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="settlements")
    version = models.PositiveSmallIntegerField(help_text="of the agreement, by whose terms it settles")
    number = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, default=SettlementStatus.OPEN, choices=[(s.value, s.value) for s in SettlementStatus])
    due_date = models.DateField(help_text="five working days after the last performance")
    figures = models.JSONField(
        default=list, help_text="of each performance: number, tickets, free_tickets, recette_cents, source, true_at, corrected"
    )
    statement = models.JSONField(null=True, help_text="lines as settled")
    provider_total_cents = models.BigIntegerField(null=True)
    theatre_total_cents = models.BigIntegerField(null=True)
    payable_cents = models.BigIntegerField(
        null=True, help_text="by the theatre to the provider, incl. VAT; negative: the other way"
    )
    opened_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=160, blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=160, blank=True)
    paid_date = models.DateField(null=True)
    reopened_at = models.DateTimeField(null=True)
    reopen_reason = models.CharField(max_length=500, blank=True)
    draft = models.JSONField(
        default=list, help_text="figures as the theatre changed them and did not confirm yet; the provider never sees them"
    )
    act_by = models.DateField(null=True, help_text="day by which the party whose turn it is acts; null: nobody's turn")
    reminded_on = models.DateField(null=True, help_text="day of the last reminder")

    objects = OwnedManager()

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["status", "due_date"], name="settlement_due"),
            models.Index(fields=["status", "act_by"], name="settlement_turn"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="settlement_number_once"),
            models.UniqueConstraint(
                fields=["agreement"], condition=~models.Q(status=SettlementStatus.REOPENED), name="settlement_one_standing"
            ),
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the agreement."""
        return party_to(access, "agreement__")


class SettlementRemark(models.Model):
    """A line of a confirmed settlement that the provider disputes, and the theatre's reply. Owned as the settlement."""

    settlement = models.ForeignKey(Settlement, on_delete=models.CASCADE, related_name="remarks")
    line = models.CharField(max_length=40, help_text="code of a line of the statement, or figures")
    reason = models.CharField(max_length=500)
    expected_cents = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    reply = models.CharField(max_length=500, blank=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.CharField(max_length=160, blank=True)

    objects = OwnedManager()

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the agreement."""
        return party_to(access, "settlement__agreement__")


class Outlook(models.Model):
    """What an agreement gives both parties, sold out and at the newest sales: kept after each night for lists. Rebuildable. Owned."""

    agreement = models.OneToOneField(Agreement, on_delete=models.CASCADE, primary_key=True, related_name="+")
    tickets = models.PositiveIntegerField(default=0, help_text="paid, all performances")
    potential_provider_cents = models.BigIntegerField(default=0)
    potential_theatre_cents = models.BigIntegerField(default=0)
    estimated_provider_cents = models.BigIntegerField(default=0)
    estimated_theatre_cents = models.BigIntegerField(default=0)
    true_at = models.DateTimeField(null=True, help_text="of the oldest of its performances' figures; null: no figures yet")
    calculated_at = models.DateTimeField()

    objects = OwnedManager()

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the agreement."""
        return party_to(access, "agreement__")
