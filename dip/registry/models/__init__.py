"""Tables of the registry."""

from dip.registry.models.audit import AuditLine
from dip.registry.models.client import ApiClient, ApiSecret
from dip.registry.models.enclosure import Enclosure
from dip.registry.models.organisation import Organisation
from dip.registry.models.person import Invitation, Membership, Person
from dip.registry.models.seal import SealKey

__all__ = ["ApiClient", "ApiSecret", "AuditLine", "Enclosure", "Invitation", "Membership", "Organisation", "Person", "SealKey"]
