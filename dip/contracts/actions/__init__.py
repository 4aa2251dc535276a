"""Writes of agreements: keyword-only, one transaction, the clock passed in as ``at``."""

from dip.contracts.actions.answering import (
    UnableToAnswer,
    accept_rest,
    answer_field,
    approve_agreement,
    reject_agreement,
    send_answer,
    take_back_answer,
)
from dip.contracts.actions.approving import UnableToApprove
from dip.contracts.actions.drafting import UnableToDraft, change_agreement, copy_agreement, draft_agreement
from dip.contracts.actions.ending import UnableToEnd, expire_agreements, remind_theatres, withdraw_agreement
from dip.contracts.actions.entitlement import UnableToAct, UnknownAgreement
from dip.contracts.actions.frameworks import UnableToKeepFramework, end_framework, upload_framework
from dip.contracts.actions.proposing import UnableToPropose, propose_agreement, propose_many
from dip.contracts.actions.revising import UnableToRevise, revise_agreement
from dip.contracts.actions.settings import UnableToChangeSettings, change_settings

__all__ = [
    "UnableToAct",
    "UnableToAnswer",
    "UnableToApprove",
    "UnableToChangeSettings",
    "UnableToDraft",
    "UnableToEnd",
    "UnableToKeepFramework",
    "UnableToPropose",
    "UnableToRevise",
    "UnknownAgreement",
    "accept_rest",
    "answer_field",
    "approve_agreement",
    "change_agreement",
    "change_settings",
    "copy_agreement",
    "draft_agreement",
    "end_framework",
    "expire_agreements",
    "propose_agreement",
    "propose_many",
    "reject_agreement",
    "remind_theatres",
    "revise_agreement",
    "send_answer",
    "take_back_answer",
    "upload_framework",
    "withdraw_agreement",
]
