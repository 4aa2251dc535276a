"""What planning systems registered: which of their events and productions is which of ours."""

from django.db import models

from dip.programme.models import Performance, Production
from dip.registry.models import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class PlanningLink(models.Model):
    """An event or production of an organisation's planning system, and the performance or production that it is. Owned.

    ``state``: linked; proposed (a person must say whether it is); waiting (nothing here matches yet); removed. One row for each
    name in the planning system; a removed one is taken up again when it is registered anew.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, help_text="event or production")
    remote_id = models.CharField(max_length=80, help_text="its name in the planning system")
    state = models.CharField(max_length=10)
    matched_by = models.CharField(max_length=12, blank=True, help_text="dip_id, place_time, title, person or entry")
    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, null=True, related_name="+")
    production = models.ForeignKey(Production, on_delete=models.PROTECT, null=True, related_name="+")
    told = models.JSONField(default=dict, help_text="what the planning system says of it")
    remarks = models.JSONField(default=list, help_text="of each remark: code, field, value")
    source = models.CharField(max_length=120, blank=True)
    registered_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = OwnedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "remote_id"], name="planning_link_once"),
        ]
        indexes = [models.Index(fields=["organisation", "kind", "state"])]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The organisation whose planning system it is."""
        return models.Q(organisation_id=access.organisation_id)
