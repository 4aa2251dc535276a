"""Tables of agreements, all owned by the two parties: agreements with their versions, answers and history; settlements; framework agreements."""

from dip.contracts.models.agreement import (
    Agreement,
    AgreementEvent,
    AgreementPerformance,
    AgreementSerial,
    AgreementVersion,
    FieldAnswer,
    FirstApproval,
)
from dip.contracts.models.documents import SealedDocument
from dip.contracts.models.framework import ContractSettings, Framework
from dip.contracts.models.invoice import Invoice, InvoiceSeries, PartyDetails, SelfBilling
from dip.contracts.models.settlement import Outlook, Settlement, SettlementRemark

__all__ = [
    "Agreement",
    "AgreementEvent",
    "AgreementPerformance",
    "AgreementSerial",
    "AgreementVersion",
    "ContractSettings",
    "FieldAnswer",
    "FirstApproval",
    "Framework",
    "Invoice",
    "InvoiceSeries",
    "Outlook",
    "PartyDetails",
    "SealedDocument",
    "SelfBilling",
    "Settlement",
    "SettlementRemark",
]
