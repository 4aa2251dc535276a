"""Connection requests: a theatre confirms or corrects a published performance, the provider decides."""

from django.db import models

from dip.programme.models.performance import Performance
from dip.programme.models.theatre import Theatre
from dip.programme.terms import ProposalField, ProposalStatus, RequestStatus
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


def _parties(access: Access, prefix: str = "") -> models.Q:
    own = access.organisation_id
    if access.is_platform:
        return models.Q()
    if access.is_taker:
        return models.Q(**{f"{prefix}theatre__organisation_id": own})
    if access.is_provider:
        return models.Q(**{f"{prefix}performance__production__producer_id": own}) | models.Q(
            **{f"{prefix}performance__production__agency_id": own}
        )
    return models.Q(pk__in=[])


class ConnectionRequest(models.Model):
    """The question to a theatre whether a performance is as the provider says. Owned by its two parties.

    A performance has one live request, to the theatre where it plays; a withdrawn one stays as history of the theatre it left.
    """

    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, related_name="+")
    theatre = models.ForeignKey(Theatre, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, default=RequestStatus.OPEN, choices=[(s.value, s.value) for s in RequestStatus])
    salt = models.CharField(
        max_length=22, help_text="with the platform's key it makes the token, so that reminders can repeat the link"
    )
    token_digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token in the mail's link")
    sent_at = models.DateTimeField(help_text="when the question was last put: at first, or after a move")
    sent_to = models.JSONField(default=list, help_text="addresses")
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=160, blank=True)

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["status", "sent_at"]), models.Index(fields=["theatre", "status"])]
        constraints = [
            models.UniqueConstraint(
                fields=["performance"], condition=~models.Q(status=RequestStatus.WITHDRAWN.value), name="request_one_live"
            )
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The theatre that is asked, and the producer and agency that ask; the platform helps both."""
        return _parties(access)


class Proposal(models.Model):
    """One correction that the theatre proposes, and the provider's answer. Owned as its request.

    ``before`` and ``after`` are text: an ISO date, ``20:15``, the id of a hall, or seats.
    """

    request = models.ForeignKey(ConnectionRequest, on_delete=models.CASCADE, related_name="proposals")
    field = models.CharField(max_length=10, choices=[(f.value, f.value) for f in ProposalField])
    before = models.CharField(max_length=120)
    after = models.CharField(max_length=120)
    reason = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=10, default=ProposalStatus.OPEN, choices=[(s.value, s.value) for s in ProposalStatus])
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=160)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    decision_reason = models.CharField(max_length=300, blank=True)

    objects = OwnedManager()

    class Meta:
        ordering = ["proposed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "field"], condition=models.Q(status=ProposalStatus.OPEN.value), name="proposal_one_open"
            )
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the request."""
        return _parties(access, "request__")
