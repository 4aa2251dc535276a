"""Writes of the programme: keyword-only, one transaction, an audit line, the clock passed in as ``at``."""

from dip.programme.actions.answers import (
    UnableToAnswer,
    confirm_by_link,
    confirm_connections,
    propose_by_link,
    propose_corrections,
)
from dip.programme.actions.changes import UnableToChange, cancel_performance, change_performance, move_performance
from dip.programme.actions.coupling import couple_theatres
from dip.programme.actions.decisions import UnableToDecide, decide_proposals
from dip.programme.actions.entitlement import UnableToAct, UnableToEnter
from dip.programme.actions.festivals import UnableToHold, add_to_festival, change_festival, create_festival, leave_festival
from dip.programme.actions.light import enter_light
from dip.programme.actions.merging import merge_halls, merge_theatres
from dip.programme.actions.performances import add_performances, publish_performances
from dip.programme.actions.productions import change_production, create_production, move_agency
from dip.programme.actions.reminders import remind_theatres
from dip.programme.actions.seating import drop_rank_template, set_rank_template, set_surcharges
from dip.programme.actions.theatres import UnableToKeep, add_hall, add_theatre, change_hall, change_theatre, name_theatre

__all__ = [
    "UnableToAct",
    "UnableToAnswer",
    "UnableToChange",
    "UnableToDecide",
    "UnableToEnter",
    "UnableToHold",
    "UnableToKeep",
    "add_hall",
    "add_performances",
    "add_theatre",
    "add_to_festival",
    "cancel_performance",
    "change_festival",
    "change_hall",
    "change_performance",
    "change_production",
    "change_theatre",
    "confirm_by_link",
    "confirm_connections",
    "couple_theatres",
    "create_festival",
    "create_production",
    "decide_proposals",
    "drop_rank_template",
    "enter_light",
    "leave_festival",
    "merge_halls",
    "merge_theatres",
    "move_agency",
    "move_performance",
    "name_theatre",
    "propose_by_link",
    "propose_corrections",
    "publish_performances",
    "remind_theatres",
    "set_rank_template",
    "set_surcharges",
]
