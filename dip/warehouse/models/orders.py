"""Where orders come from, what of them landed, how a source's own codes are read, and what must be gone.

Nothing here is of a person: names, e-mail addresses, streets and seats never reach a table. The tickets themselves lie in the landed
files that :class:`LandedBatch` names.
"""

import secrets

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from dip.programme.models import Performance
from dip.registry.models import ApiClient, Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access
from dip.warehouse.rules.landed import BatchState, CodeField, RemovalKind


def new_salt() -> bytes:
    """16 random bytes."""
    return secrets.token_bytes(16)


class TicketSource(models.Model):
    """One account of a theatre at a ticketing system. Its key is ``source`` in files and facts. Owned by the theatre's organisation.

    ``salt`` keys the hashes of the source's own ticket and order references; it never changes, so a ticket keeps its key.
    """

    id = models.SmallAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    system = models.CharField(max_length=40)
    account = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=120)
    salt = models.BinaryField(max_length=16, default=new_salt)
    keeps_gender = models.BooleanField(default=False)
    gender_ground = models.CharField(max_length=200, blank=True, help_text="the ground that the theatre states for keeping gender")
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    objects = OwnedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "system", "account"], name="ticket_source_once")]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The theatre's organisation."""
        return models.Q(organisation_id=access.organisation_id)


class SourceCode(models.Model):
    """A source's own code of a ticket kind, a sales channel or an event, and what it means here. Owned.

    ``value``: a national kind or channel, or the number of a performance; empty until somebody decides.
    """

    source = models.ForeignKey(TicketSource, on_delete=models.CASCADE, related_name="codes")
    field = models.CharField(max_length=8, choices=[(one.value, one.value) for one in CodeField])
    raw = models.CharField(max_length=120)
    value = models.CharField(max_length=20, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField()

    objects = OwnedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "field", "raw"], name="source_code_once")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The theatre's organisation."""
        return models.Q(source__organisation_id=access.organisation_id)


class LandedBatch(models.Model):
    """Receipt of one delivery of orders, and the name of the file with its tickets. Owned by the theatre's organisation.

    ``stale``: a code that it holds was decided anew since, or something in it must go; its file is rewritten before it is applied.
    ``is_restated``: it was applied before and its file was rewritten since: an equal version then replaces what the facts hold.
    """

    source = models.ForeignKey(TicketSource, on_delete=models.PROTECT, related_name="batches")
    delivery_id = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the body, unpacked")
    client = models.ForeignKey(ApiClient, on_delete=models.SET_NULL, null=True, related_name="+")
    row_count = models.PositiveIntegerField()
    accepted_count = models.PositiveIntegerField()
    repeated_count = models.PositiveIntegerField(default=0, help_text="rows that say what another row of the body says")
    rejected_count = models.PositiveIntegerField()
    verdict_counts = models.JSONField(default=dict, help_text="code of a verdict → rows")
    verdicts = models.JSONField(default=list, help_text="the first ones: [row, code, field]")
    cursor = models.CharField(max_length=400, blank=True, help_text="how far the source was read, as its connector says it")
    file = models.CharField(max_length=120, blank=True, help_text="below the folder of landed files; empty: nothing was kept")
    performances = ArrayField(models.IntegerField(), default=list)
    codes = ArrayField(models.BigIntegerField(), default=list, help_text="keys of the source codes in the file")
    state = models.CharField(max_length=8, choices=[(one.value, one.value) for one in BatchState], default=BatchState.LANDED.value)
    stale = models.BooleanField(default=False)
    is_restated = models.BooleanField(default=False)
    conflict_count = models.PositiveIntegerField(
        default=0, help_text="tickets of which the facts hold the same version with another content; the first one counts"
    )
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    objects = OwnedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "delivery_id"], name="landed_batch_once")]
        indexes = [
            models.Index(fields=["state", "id"], name="landed_batch_state"),
            models.Index(fields=["source", "-received_at"], name="landed_batch_newest"),
            GinIndex(fields=["performances"], name="landed_batch_performances"),
            GinIndex(fields=["codes"], name="landed_batch_codes"),
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The theatre's organisation."""
        return models.Q(source__organisation_id=access.organisation_id)


class Removal(models.Model):
    """Something that must be gone, everywhere, and stay away: a performance or a buyer. Owned by who asked.

    Exclude: a performance stays out until the exclusion is lifted. Withdraw: what was delivered of it goes, for good. Erase: the
    tickets of a buyer stay, and are nobody's. ``buyer`` is a pseudonym. The moments tell where it is done: in the landed files, in
    the facts, in what is published.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=[(one.value, one.value) for one in RemovalKind])
    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.ForeignKey(TicketSource, on_delete=models.PROTECT, null=True, related_name="+")
    buyer = models.BigIntegerField(null=True)
    is_national = models.BooleanField(default=False, help_text="asked by the platform: at every theatre")
    requested_at = models.DateTimeField()
    requested_by = models.CharField(max_length=120)
    files_done_at = models.DateTimeField(null=True)
    facts_done_at = models.DateTimeField(null=True)
    published_done_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "-requested_at"], name="removal_newest")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Who asked for it."""
        return models.Q(organisation_id=access.organisation_id)

    @property
    def is_done(self) -> bool:
        """Whether it is gone everywhere."""
        return None not in (self.files_done_at, self.facts_done_at, self.published_done_at)
