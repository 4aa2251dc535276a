"""Connections to ticketing systems that the platform reads: the account, what it lists, what each reading brought."""

from django.db import models

from dip.programme.models import Performance
from dip.registry.models import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access
from dip.ticketing.models.figures import _sales_scope


def _theatre_scope(access: Access, prefix: str = "") -> models.Q:
    """The theatre whose system it is; the platform helps."""
    if access.is_platform:
        return models.Q()
    return models.Q(**{f"{prefix}organisation_id": access.organisation_id}) if access.is_taker else models.Q(pk__in=[])


class Connection(models.Model):
    """One theatre's account at one ticketing system. Owned.

    ``cursor`` and the marks on :class:`SourceEvent` say what is read and what is still to read; they move in the transaction of
    what was read, so a reading that is broken off anywhere is taken up where it was.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    vendor = models.CharField(max_length=20, help_text="key of ticketing.connectors.CONNECTORS")
    name = models.CharField(max_length=80, help_text="as the theatre calls it")
    address = models.CharField(max_length=200)
    account = models.CharField(max_length=120, help_text="the system's name for the theatre's account")
    sealed_secret = models.TextField(help_text="see registry.sealed")
    is_paused = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)
    cursor = models.CharField(max_length=200, blank=True, help_text="where the next question for changes begins")
    heard_until = models.DateTimeField(null=True, help_text="until when everything that changed was read")
    next_due_at = models.DateTimeField(help_text="when it is read again")
    calendar_due_at = models.DateTimeField(help_text="when the whole calendar is looked at again")
    last_read_at = models.DateTimeField(null=True, help_text="when the last reading began")
    success_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    failing_since = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text="when its people were mailed of this spell of failures")
    trouble = models.CharField(max_length=12, blank=True, help_text="ticketing.connector.Trouble")
    trouble_detail = models.CharField(max_length=300, blank=True)
    reconciled_at = models.DateTimeField(null=True, help_text="the last time that everything was read anew and compared")
    difference = models.IntegerField(
        null=True, help_text="tickets by which that differed from what was known, all differences added up"
    )
    measured = models.JSONField(default=dict, help_text="counts of ticketing.rules.quality.Facts after the last reading")
    hook_salt = models.CharField(max_length=22, help_text="with the platform's key it makes the webhook's secret")
    hook_digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the webhook's secret")
    hook_seen_at = models.DateTimeField(null=True)

    objects = OwnedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "vendor", "address", "account"], name="connection_once")]
        indexes = [models.Index(fields=["next_due_at"], condition=models.Q(is_paused=False), name="connection_due")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The theatre, and the platform."""
        return _theatre_scope(access)


class SourceEvent(models.Model):
    """A performance as a ticketing system lists it, and the platform's performance that it stands for. Owned.

    ``due_since``: its figures are to be read; cleared in the transaction that keeps them.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="events")
    ref = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    hall_name = models.CharField(max_length=200, blank=True)
    dip_id = models.CharField(max_length=80, blank=True, help_text="as typed in the system")
    sales_status = models.CharField(max_length=12)
    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, null=True, related_name="+")
    is_confirmed = models.BooleanField(default=False, help_text="linked by a person, not by its DIP-id")
    proposed = models.ForeignKey(Performance, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    likeness = models.PositiveSmallIntegerField(default=0, help_text="of the proposal, 0..100")
    refused = models.JSONField(default=list, help_text="numbers of performances that the theatre said it is not")
    problem = models.CharField(max_length=20, blank=True, help_text="ticketing.rules.matching.Problem")
    due_since = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True, help_text="since when the system does not list it any more")

    objects = OwnedManager()

    class Meta:
        ordering = ["starts_at", "ref"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "ref"], name="source_event_once"),
            models.UniqueConstraint(fields=["performance"], name="source_event_one_source"),
        ]
        indexes = [
            models.Index(fields=["connection", "due_since"], condition=models.Q(due_since__isnull=False), name="source_event_due")
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the connection."""
        return _theatre_scope(access, "connection__")


class SourceKind(models.Model):
    """A kind of ticket as a ticketing system calls it, and the national kind that it is. Owned."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="kinds")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, help_text="ticketing.terms.TicketKind")
    is_guess = models.BooleanField(default=True, help_text="nobody of the theatre has looked at it")

    objects = OwnedManager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["connection", "name"], name="source_kind_once")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the connection."""
        return _theatre_scope(access, "connection__")


class Reading(models.Model):
    """One reading of a connection: why, how long, what it brought. Owned."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="readings")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="null: runs, or was broken off")
    cause = models.CharField(max_length=10, help_text="ticketing.rules.pacing.Cause")
    questions = models.PositiveIntegerField(default=0, help_text="calls of the system's API")
    changed = models.PositiveIntegerField(default=0, help_text="performances whose figures were read")
    accepted = models.PositiveIntegerField(default=0, help_text="rows that brought new figures")
    refused = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=12, blank=True)
    detail = models.CharField(max_length=300, blank=True)

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["connection", "-started_at"], name="reading_latest")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the connection."""
        return _theatre_scope(access, "connection__")


class SourceState(models.Model):
    """What a ticketing system tells of a performance beside the national figures. One row each, the newest. Owned."""

    performance = models.OneToOneField(Performance, on_delete=models.PROTECT, primary_key=True, related_name="+")
    as_of = models.DateTimeField(help_text="the moment at which it was so")
    lines = models.JSONField(
        default=list, help_text="by the system's own kinds: kind, source_kind, price_band, channel, tickets, gross_cents, vat_cents"
    )
    resale = models.IntegerField(null=True, help_text="sold by third parties, in no other figure")
    available = models.IntegerField(null=True)
    sales_status = models.CharField(max_length=12, blank=True, help_text="ticketing.connector.SalesStatus")
    quality = models.JSONField(default=dict, help_text="word of ticketing.connector.QUALITY → what was done instead")
    own_total = models.IntegerField(null=True, help_text="tickets that hold a seat as the system itself adds them up")
    source = models.CharField(max_length=120)
    confirmed_at = models.DateTimeField(help_text="newest moment at which the system was known to stand so")

    objects = OwnedManager()

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Both sides of the performance."""
        return _sales_scope(access)
