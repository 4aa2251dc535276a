"""Names of modules, levels and acts, in the language of the reader."""

import re
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dip.registry.terms import Level, Module
from dip.web import formats
from dip.web.words import role_name

MODULES: dict[Module, str | Promise] = {
    Module.PROGRAMME: _("Programme"),
    Module.SALES: _("Sales"),
    Module.AUDIENCE: _("Audience"),
    Module.CONTRACTS: _("Contracts"),
    Module.REPORTS: _("Reports"),
}
LEVELS: dict[Level, str | Promise] = {
    Level.NONE: _("no access"),
    Level.VIEW: _("view"),
    Level.MANAGE: _("manage"),
    Level.APPROVE: _("approve"),
}
#: The audit trail's verbs, of every floor that writes lines; one that is not here is printed as it is, with spaces.
VERBS: dict[str, str | Promise] = {
    "ask_comparison": _("asked to compare by name"),
    "accept_comparison": _("agreed to compare by name"),
    "revoke_comparison": _("ended a comparison by name"),
    "withdraw_comparison": _("withdrew an invitation to compare by name"),
    "decline_comparison": _("declined to compare by name"),
    "add_hall": _("added a hall"),
    "add_performances": _("entered performances"),
    "add_theatre": _("added a theatre"),
    "cancel_performance": _("cancelled a performance"),
    "change_hall": _("changed a hall"),
    "change_performance": _("changed a performance"),
    "change_production": _("changed a production"),
    "change_theatre": _("changed a theatre"),
    "confirm_connections": _("confirmed a connection"),
    "create_production": _("entered a production"),
    "decide_proposals": _("decided on a correction"),
    "merge_halls": _("merged two halls"),
    "couple_theatre": _("first figures of its ticketing system: coupled"),
    "merge_theatres": _("merged two theatres"),
    "connect_system": _("connected a ticketing system"),
    "deliver_orders": _("switched on the delivery of orders"),
    "keep_orders": _("switched off the delivery of orders"),
    "rename_connection": _("renamed a connection"),
    "replace_token": _("replaced the token of a connection"),
    "pause_connection": _("paused a connection"),
    "resume_connection": _("resumed a connection"),
    "remove_connection": _("removed a connection"),
    "map_kinds": _("mapped kinds of tickets"),
    "link_performances": _("linked performances to a ticketing system"),
    "unlink_performance": _("unlinked a performance from a ticketing system"),
    "refuse_match": _("refused a proposed link"),
    "move_agency": _("moved a production to another agency"),
    "move_performance": _("moved a performance"),
    "propose_corrections": _("proposed a correction"),
    "publish_performances": _("published performances"),
    "remind_theatres": _("reminded theatres"),
    "mail_week": _("mailed the week"),
    "choose_weekly_mail": _("chose about the weekly mail"),
    "ask_weekly_mail": _("asked for the weekly mail"),
    "set_rank_template": _("changed the ranks of a hall"),
    "set_surcharges": _("changed the surcharges of a hall"),
    "upload_sheet": _("uploaded a sheet with figures"),
    "name_columns": _("named the columns of a sheet"),
    "confirm_sheet": _("confirmed figures of a sheet"),
    "drop_sheet": _("put a sheet aside"),
    "keep_tour": _("sent in a tour"),
    "import_tour": _("imported a tour"),
    "drop_tour": _("put a tour aside"),
    "add_to_festival": _("put performances into a festival"),
    "change_festival": _("changed a festival"),
    "change_venues": _("changed many theatres"),
    "create_feed": _("made a calendar address"),
    "create_festival": _("entered a festival"),
    "decide_duplicate": _("answered a report of a double entry"),
    "dismiss_duplicate": _("decided that two entries stay two"),
    "leave_festival": _("took performances out of a festival"),
    "merge_productions": _("merged two productions"),
    "report_duplicate": _("reported a double entry"),
    "revoke_feed": _("closed a calendar address"),
    "accept_invitation": _("accepted the invitation"),
    "change_organisation": _("changed the organisation"),
    "change_profile": _("changed their own profile"),
    "create_api_client": _("made an API client"),
    "create_endpoint": _("made a webhook"),
    "change_endpoint": _("changed a webhook"),
    "pause_endpoint": _("paused a webhook"),
    "resume_endpoint": _("switched a webhook on"),
    "remove_endpoint": _("removed a webhook"),
    "rotate_endpoint_secret": _("rotated a webhook's secret"),
    "replay_notices": _("sent notices again"),
    "create_organisation": _("made an organisation"),
    "deactivate_membership": _("switched off a member"),
    "grant_rights": _("granted rights"),
    "sign_in": _("signed in"),
    "invite_person": _("invited somebody"),
    "reactivate_membership": _("switched a member on again"),
    "resend_invitation": _("sent an invitation again"),
    "revoke_client": _("revoked an API client"),
    "revoke_invitation": _("withdrew an invitation"),
    "rotate_secret": _("rotated a secret"),
    "set_targets": _("set targets"),
    "tell_own_count": _("entered the theatre’s own number"),
    "report_difference": _("reported a difference"),
    "answer_difference": _("answered a reported difference"),
    "close_difference": _("closed a reported difference"),
    "make_alert_rule": _("asked for an alert"),
    "end_alert_rule": _("ended an alert"),
    "share_page": _("shared a page with a link"),
    "revoke_link": _("took back a link"),
    "issue_invoice": _("issued an invoice"),
    "credit_invoice": _("credited an invoice"),
    "mail_invoice": _("mailed an invoice"),
    "change_party": _("changed the details on invoices"),
    "change_series": _("set the numbers of invoices"),
    "agree_self_billing": _("let the theatre make its invoices"),
    "end_self_billing": _("ended self-billing"),
    "draft_agreement": _("drafted an agreement"),
    "change_agreement": _("changed an agreement"),
    "propose_agreement": _("proposed an agreement"),
    "answer_field": _("answered a field of an agreement"),
    "take_back_answer": _("took back an answer"),
    "accept_rest": _("accepted the rest of an agreement"),
    "approve_first": _("approved as the first of two"),
    "approve_agreement": _("approved an agreement"),
    "reject_agreement": _("rejected an agreement"),
    "revise_agreement": _("began the revision of an agreement"),
    "withdraw_agreement": _("withdrew an agreement"),
    "expire_agreement": _("an agreement expired"),
    "remind_theatre": _("reminded a theatre of an agreement"),
    "upload_framework": _("uploaded a framework agreement"),
    "end_framework": _("took a framework agreement out of use"),
    "expire_orders": _("removed orders whose time was over"),
    "load_segments": _("loaded a table of segments"),
    "remove_segments": _("removed a table of segments"),
    "change_contract_settings": _("changed how agreements are handled"),
}
#: Fields of which the trail keeps the change.
FIELDS: dict[str, str | Promise] = {
    "name": _("name"),
    "city": _("town"),
    "email": _("e-mail"),
    "roles": _("roles"),
    "role": _("role"),
    "number": _("number"),
    "is_member": _("pays the fee"),
    "is_active": _("switched on"),
    "super_user": _("super-user"),
    "client_id": _("client id"),
    "secret": _("secret ends in"),
    "old_secret_ends": _("old secret ends"),
    "language": _("language"),
    "weekly_mail": _("weekly mail"),
} | {module.value: name for module, name in MODULES.items()}
_VALUES: dict[str, str | Promise] = {level.name.lower(): name for level, name in LEVELS.items()} | {"none": _("no access")}

_MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?([+-]\d{2}:\d{2}|Z)$")


def verb_name(verb: str) -> str:
    """An act of the trail in words."""
    return str(VERBS.get(verb) or verb.replace("_", " "))


def field_name(field: str) -> str:
    """A changed field in words."""
    return str(FIELDS.get(field) or field.replace("_", " "))


def value_words(value: object) -> str:
    """A value before or after, in words; "" for nothing; an aware moment as the clock of the Netherlands says it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(value_words(one) for one in value)
    text = str(value)
    if _MOMENT.match(text):
        return formats.moment(datetime.fromisoformat(text))
    return str(_VALUES.get(text) or role_name(text))
