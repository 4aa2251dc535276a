"""Writes of the exchange: keyword-only, one transaction, the clock passed in as ``at``."""

from dip.exchange.actions.answers import UnableToRepeat, answer_once
from dip.exchange.actions.deliveries import due_endpoints, next_due, settle, take_due
from dip.exchange.actions.dispatch import dispatch_changes, forget_old
from dip.exchange.actions.endpoints import (
    UnableToKeepEndpoint,
    change_endpoint,
    create_endpoint,
    pause_endpoint,
    remove_endpoint,
    resume_endpoint,
    rotate_endpoint_secret,
)
from dip.exchange.actions.replays import UnableToReplay, ping_endpoint, replay_failed, replay_notice

__all__ = [
    "UnableToKeepEndpoint",
    "UnableToRepeat",
    "UnableToReplay",
    "answer_once",
    "change_endpoint",
    "create_endpoint",
    "dispatch_changes",
    "due_endpoints",
    "forget_old",
    "next_due",
    "pause_endpoint",
    "ping_endpoint",
    "remove_endpoint",
    "replay_failed",
    "replay_notice",
    "resume_endpoint",
    "rotate_endpoint_secret",
    "settle",
    "take_due",
]
