"""Agreements, what was proposed in each version, how each field was answered, and what happened."""

from django.db import models

from dip.contracts.terms.states import AgreementStatus
from dip.programme.models import Performance, Production, Theatre
from dip.registry.models import Organisation, Person
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


def party_to(access: Access, path: str = "") -> models.Q:
    """Both parties: the provider, and the producer for whom an agency acts; the theatre once it was proposed. Nobody else, the
    platform's own people neither. ``path``: the way to the agreement, with ``__`` at its end."""
    own = access.organisation_id
    if access.is_provider:
        return models.Q(**{f"{path}provider_id": own}) | models.Q(**{f"{path}producer_id": own})
    if access.is_taker:
        return models.Q(**{f"{path}theatre__organisation_id": own, f"{path}version__gte": 1})
    return models.Q(pk__in=[])


class AgreementSerial(models.Model):
    """Last serial given out per season; a reference is never given twice."""

    season_year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)


class Agreement(models.Model):
    """What a provider and a theatre agree on for one to six performances of a production in a theatre. The key is the wire id. Owned.

    ``terms`` is what stands now, as :func:`dip.contracts.rules.values.stored` writes it: the draft while it is a concept or rejected,
    and otherwise the same as the newest version's. Only the provider writes it. A *revision* of an approved one is another agreement
    with it as ``parent``; both live until the revision is approved.
    """

    reference = models.CharField(max_length=20, unique=True, help_text="A26-01193: season and serial")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="revisions")
    format = models.CharField(max_length=20, help_text="code of a file in rules/formats, and its type on the wire")
    provider = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", help_text="who proposes: the producer, or the agency"
    )
    producer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    agency_as_provider = models.BooleanField(default=False, help_text="the agency invoices in its own name")
    theatre = models.ForeignKey(Theatre, on_delete=models.PROTECT, related_name="+", db_index=False)
    production = models.ForeignKey(Production, on_delete=models.PROTECT, related_name="+", db_index=False)
    first_date = models.DateField(help_text="of its performances")
    last_date = models.DateField(help_text="of its performances")
    name = models.CharField(max_length=80, blank=True, help_text="the provider's own reference, not unique")
    status = models.CharField(max_length=10, default=AgreementStatus.CONCEPT, choices=[(s.value, s.value) for s in AgreementStatus])
    version = models.PositiveSmallIntegerField(default=0, help_text="number of the newest version proposed; 0: none yet")
    terms = models.JSONField(default=dict)
    theatre_contact = models.EmailField(blank=True)
    provider_contact = models.EmailField(blank=True)
    reject_reason = models.CharField(max_length=500, blank=True, help_text="of the whole, beside those per field")
    answer_by = models.DateField(null=True, blank=True, help_text="proposed: expires after this day")
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="withdrawn, expired, revised")
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()

    objects = OwnedManager()

    class Meta:
        ordering = ["first_date", "id"]
        indexes = [
            models.Index(fields=["provider", "status", "first_date"], name="agreement_provider"),
            models.Index(fields=["producer", "first_date"], name="agreement_producer"),
            models.Index(fields=["theatre", "status", "first_date"], name="agreement_theatre"),
            models.Index(fields=["production"], name="agreement_production"),
            models.Index(fields=["modified_at"], name="agreement_modified"),
            models.Index(fields=["status", "answer_by"], name="agreement_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(last_date__gte=models.F("first_date")), name="agreement_dates_in_order"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="agreement_not_of_itself"),
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Both parties, see :func:`party_to`."""
        return party_to(access)

    def __str__(self) -> str:
        return self.reference


class AgreementPerformance(models.Model):
    """A performance under an agreement. ``is_binding``: the agreement is approved and not revised; one such per performance."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="performances")
    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, related_name="+")
    is_binding = models.BooleanField(default=False)

    objects = OwnedManager()

    class Meta:
        ordering = ["performance_id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "performance"], name="agreement_performance_once"),
            models.UniqueConstraint(fields=["performance"], condition=models.Q(is_binding=True), name="performance_bound_once"),
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the agreement."""
        return party_to(access, "agreement__")


class AgreementVersion(models.Model):
    """What was proposed, once and for all: terms, performances, and when and by whom. Append-only but for the moment of its answer."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    format = models.CharField(max_length=20)
    terms = models.JSONField()
    performances = models.JSONField(help_text="of each: number, date, starts_at, hall, capacity by rank, as proposed")
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=160)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=160, blank=True)
    outcome = models.CharField(max_length=10, blank=True, help_text="approved, rejected, withdrawn, expired")

    objects = OwnedManager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["agreement", "number"], name="agreement_version_once")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the agreement."""
        return party_to(access, "agreement__")


class FieldAnswer(models.Model):
    """How the theatre answers one field of a version: accepted, or rejected with a reason and perhaps a counter-proposal.

    A draft of the theatre's own until the version's ``answered_at`` is set; only then the provider sees it.
    """

    version = models.ForeignKey(AgreementVersion, on_delete=models.CASCADE, related_name="answers")
    field = models.CharField(max_length=40, help_text="code of a field, or performances, hall, format")
    is_accepted = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    counter = models.JSONField(null=True, help_text="the value the theatre would accept, as terms are stored")
    carried_from = models.PositiveSmallIntegerField(
        null=True, help_text="version in which it was accepted, unchanged since; null: answered in this one"
    )
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    objects = OwnedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "field"], name="field_answered_once")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The theatre; the provider once the answer was sent."""
        scope = party_to(access, "version__agreement__")
        return scope if access.is_taker else scope & models.Q(version__answered_at__isnull=False)


class FirstApproval(models.Model):
    """The first of the two approvals that an organisation with four eyes asks for, of a version or of a settlement."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="first_approvals")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=40, help_text="version-2, settlement-1: what was approved")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OwnedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "organisation", "subject"], name="first_approval_once")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The organisation whose people they are."""
        return models.Q(organisation_id=access.organisation_id)


class AgreementEvent(models.Model):
    """One event in the life of an agreement, its settlement and its invoice. Append-only history that both parties read."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=24)
    version = models.PositiveSmallIntegerField(default=0)
    actor = models.CharField(max_length=160)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", help_text="null: the platform"
    )
    changes = models.JSONField(default=dict, help_text="field → [before, after], as terms are stored")
    note = models.CharField(max_length=500, blank=True)
    is_internal = models.BooleanField(
        default=False, help_text="only for the organisation itself: a concept's changes, a first approval"
    )

    objects = OwnedManager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["agreement", "at"], name="agreement_event_at")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Both parties; what is internal only its own organisation."""
        open_to_both = models.Q(is_internal=False) | models.Q(organisation_id=access.organisation_id)
        return party_to(access, "agreement__") & open_to_both
