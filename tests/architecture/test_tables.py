"""Relations point down; owned tables refuse to be read without a scope; migrations are whole."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from dip.registry.scope import OwnedManager, Unscoped
from tests.architecture.tree import FLOORS

OURS = [model for model in apps.get_models() if model.__module__.startswith("dip.")]
OWNED = [model for model in OURS if isinstance(getattr(model, "objects", None), OwnedManager)]
#: Tables with figures or secrets of one party. A new one that holds such things must be added and made owned.
MUST_BE_OWNED = {
    "Position",
    "Agreement",
    "AgreementPerformance",
    "AgreementVersion",
    "FieldAnswer",
    "FirstApproval",
    "AgreementEvent",
    "Framework",
    "ContractSettings",
    "Settlement",
    "SettlementRemark",
    "Outlook",
    "PartyDetails",
    "SelfBilling",
    "InvoiceSeries",
    "Invoice",
    "SealedDocument",
    "PerformanceSales",
    "Delivery",
    "AuditLine",
    "ApiClient",
    "Invitation",
    "ConnectionRequest",
    "Proposal",
    "ConformanceRun",
    "ConformanceCall",
    "PlanningLink",
    "SheetUpload",
    "SheetColumns",
    "TourSheet",
    "TourColumns",
    "Connection",
    "SourceEvent",
    "FileMapping",
    "SourceKind",
    "SourceState",
    "Reading",
    "DuplicateReport",
    "CalendarFeed",
    "FormKey",
    "Enclosure",
    "Edition",
    "EditionFile",
    "Letter",
    "Subscription",
    "Target",
    "TargetChange",
    "OwnCount",
    "DifferenceReport",
    "AlertRule",
    "Alert",
    "SavedView",
    "FirstView",
    "ShareLink",
    "ShareOpening",
    "Departure",
    "Endpoint",
    "EndpointSecret",
    "Notice",
    "Attempt",
    "KeptAnswer",
    "TicketSource",
    "SourceCode",
    "LandedBatch",
    "OrderFeed",
    "Removal",
    "Consent",
    "PeerMember",
    "PeerChange",
    "PeerValue",
    "Look",
    "SegmentTable",
}


def floor(model: type[models.Model]) -> int:
    return FLOORS.index(model.__module__.split(".")[1])


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_relations_point_down(model):
    for field in model._meta.get_fields():
        if field.is_relation and not field.auto_created and field.related_model.__module__.startswith("dip."):
            assert floor(field.related_model) <= floor(model), f"{field} points up"
            if floor(field.related_model) < floor(model):
                assert field.remote_field.related_name.endswith("+"), f"{field} crosses floors: related_name must be '+'"


def test_owned_tables_are_known():
    assert {model.__name__ for model in OWNED} >= MUST_BE_OWNED


@pytest.mark.django_db
@pytest.mark.parametrize("model", OWNED, ids=lambda m: m.__name__)
def test_owned_tables_refuse_to_be_read_without_a_scope(model):
    for read in ("all", "count", "exists", "first", "values", "get", "filter", "aggregate", "iterator", "in_bulk"):
        with pytest.raises(Unscoped):
            getattr(model.objects, read)()


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
