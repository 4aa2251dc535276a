"""The checks of a connector: what was observed in, results out. Nothing here asks anything."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from dip.kernel.identifiers import parse_performance_dip_id
from dip.ticketing.conformance.observing import Asked, Observation
from dip.ticketing.conformance.reading_evidence import Found, performances, repeated, snapshots, unanswered
from dip.ticketing.conformance.reading_shapes import misshapen, texts_of
from dip.ticketing.conformance.reading_states import FINDERS, OF_STATES
from dip.ticketing.conformance.reading_words import READING
from dip.ticketing.conformance.terms import Evidence, Outcome, Result
from dip.ticketing.connector import Greeting, Trouble

#: Evidence that a result shows; the rest is counted.
SHOWN = 5
#: Codes of checks that say nothing while no performance is listed.
_OF_LISTING = frozenset({"aware_times", "names_once", "evenings_once", "from_yesterday", "nothing_personal"})
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}")
_PHONE = re.compile(r"(?<![\w-])(?:\+31|0031|0)[ -]?6[ -]?(?:\d[ -]?){8}(?!\d)")


def check_reading(seen: Observation) -> list[Result]:
    """Every check of :data:`READING`, in its order, on what was observed."""
    empty = frozenset() if snapshots(seen.states) else OF_STATES
    if not seen.listing.answer:
        empty |= _OF_LISTING
    return [_result(code, None if code in empty else _FINDERS[code](seen)) for code in READING]


def _result(code: str, found: Found) -> Result:
    """None: there was nothing to judge."""
    if found is None:
        return Result(code, Outcome.NOT_APPLICABLE)
    told = list(found)
    outcome = Outcome.FAILED if told else Outcome.PASSED
    return Result(code, outcome, tuple(told[:SHOWN]), max(0, len(told) - SHOWN))


def _greets(seen: Observation) -> Found:
    if not seen.greeting.is_answered:
        return unanswered(seen.greeting)
    hello: Greeting = seen.greeting.answer
    return [
        Evidence("%(field)s of the greeting is empty.", {"field": name})
        for name in ("system", "version", "account")
        if not getattr(hello, name, "")
    ]


def _has_rights(seen: Observation) -> Found:
    missing = getattr(seen.greeting.answer, "missing_rights", ())
    told = [Evidence("The right %(right)s is missing.", {"right": right}) for right in missing]
    refused = (one for one in (seen.listing, seen.beginning, seen.states, seen.since) if one.trouble is Trouble.RIGHTS)
    return told + unanswered(*refused)


def _needs_no_more(seen: Observation) -> Found:
    if not seen.greeting.is_answered:
        return None
    needless = getattr(seen.greeting.answer, "needless_rights", ())
    return [Evidence("The right %(right)s is not needed.", {"right": right}) for right in needless]


def _only_troubles(seen: Observation) -> Found:
    return [
        Evidence("%(question)s raised %(problem)s", {"question": one.question, "problem": one.accident})
        for one in seen.questions
        if one.accident
    ]


def _keeps_secrets(seen: Observation) -> Found:
    secret = seen.account.secret
    if not secret:
        return None
    return [
        Evidence("%(question)s shows the token in its failure.", {"question": one.question})
        for one in seen.questions
        if secret in one.detail or secret in one.accident
    ]


def _trouble_among(asked: Asked, *expected: Trouble) -> Found:
    if asked.trouble in expected:
        return []
    came = "an answer" if asked.is_answered else (asked.accident or f"{asked.trouble}, {asked.detail}")
    pattern = "%(question)s should give %(expected)s, and gave %(came)s."
    return [Evidence(pattern, {"question": asked.question, "expected": " or ".join(expected), "came": came})]


def _right_shapes(seen: Observation) -> Found:
    told = unanswered(seen.listing, seen.listing_again, seen.states, seen.states_again)
    changes = [asked.answer for asked in (seen.beginning, seen.since) if asked.is_answered]
    for record in [*(seen.listing.answer or ()), *(seen.states.answer or ()), *changes]:
        told += [
            Evidence("%(ref)s: %(problem)s", {"ref": str(getattr(record, "ref", record))[:80], "problem": problem})
            for problem in misshapen(record)
        ]
    return told


def _tried_on_something(seen: Observation) -> Found:
    if any(line.tickets for state in snapshots(seen.states) for line in state.lines):
        return []
    pattern = "%(count)s performances are listed, and none of them has a ticket sold."
    return [Evidence(pattern, {"count": len(performances(seen.listing))})]


def _moments(seen: Observation) -> Iterator[tuple[str, str, datetime]]:
    for record in [*(seen.listing.answer or ()), *(seen.states.answer or ())]:
        for name in ("starts_at", "sale_starts_at", "sale_ends_at", "as_of"):
            moment = getattr(record, name, None)
            if isinstance(moment, datetime):
                yield str(getattr(record, "ref", "")), name, moment


def _aware_times(seen: Observation) -> Found:
    return [
        Evidence("%(ref)s: %(field)s %(value)s has no time zone.", {"ref": ref, "field": name, "value": moment.isoformat()})
        for ref, name, moment in _moments(seen)
        if moment.utcoffset() is None
    ]


def _names_once(seen: Observation) -> Found:
    if not seen.listing.is_answered:
        return None
    listed = performances(seen.listing)
    told = [Evidence("%(ref)s comes more than once.", {"ref": ref}) for ref in repeated(one.ref for one in listed)]
    return told + [Evidence("%(title)s has no ref.", {"title": one.title}) for one in listed if not one.ref.strip()]


def _names_stay(seen: Observation) -> Found:
    if not (seen.listing.is_answered and seen.listing_again.is_answered):
        return None
    later = {one.ref for one in performances(seen.listing_again)}
    pattern = "%(ref)s, %(title)s, was listed and a moment later was not."
    return [Evidence(pattern, {"ref": one.ref, "title": one.title}) for one in performances(seen.listing) if one.ref not in later]


def _evenings_once(seen: Observation) -> Found:
    listed = {one.ref: one for one in performances(seen.listing) if one.starts_at.utcoffset() is not None}
    again = repeated((one.title, one.starts_at, one.hall_name) for one in listed.values())
    pattern = "%(title)s on %(moment)s in %(hall)s is listed under more than one ref."
    return [Evidence(pattern, {"title": t, "moment": m.isoformat(timespec="minutes"), "hall": h or "–"}) for t, m, h in again]


def _from_yesterday(seen: Observation) -> Found:
    pattern = "%(ref)s was on %(moment)s."
    first = seen.listing.asked_at - timedelta(hours=48)
    return [
        Evidence(pattern, {"ref": one.ref, "moment": one.starts_at.isoformat(timespec="minutes")})
        for one in performances(seen.listing)
        if one.starts_at.utcoffset() is not None and one.starts_at < first
    ]


def _dip_id_form(seen: Observation) -> Found:
    typed = [one for one in performances(seen.listing) if one.dip_id.strip()]
    if not typed:
        return None
    pattern = "%(ref)s has %(value)s."
    return [
        Evidence(pattern, {"ref": one.ref, "value": one.dip_id[:60]})
        for one in typed
        if parse_performance_dip_id(one.dip_id) is None
    ]


def _dip_id_once(seen: Observation) -> Found:
    typed = {one.ref: one.dip_id.strip() for one in performances(seen.listing) if one.dip_id.strip()}
    if not typed:
        return None
    pattern = "%(value)s stands on more than one performance."
    return [Evidence(pattern, {"value": dip_id}) for dip_id in repeated(typed.values())]


def _nothing_personal(seen: Observation) -> Found:
    pattern = "%(ref)s: %(field)s looks like an e-mail address or telephone number."
    return [
        Evidence(pattern, {"ref": str(getattr(record, "ref", ""))[:40], "field": name})
        for record in [*(seen.listing.answer or ()), *(seen.states.answer or ())]
        for name, text in texts_of(record)
        if _EMAIL.search(text) or _PHONE.search(text)
    ]


_FINDERS: dict[str, Callable[[Observation], Found]] = {
    "tried_on_something": _tried_on_something,
    "greets": _greets,
    "has_rights": _has_rights,
    "needs_no_more": _needs_no_more,
    "only_troubles": _only_troubles,
    "keeps_secrets": _keeps_secrets,
    "refuses_wrong_token": lambda seen: _trouble_among(seen.wrong_secret, Trouble.CREDENTIALS),
    "tells_wrong_address": lambda seen: _trouble_among(seen.wrong_address, Trouble.ADDRESS, Trouble.AWAY),
    "right_shapes": _right_shapes,
    "aware_times": _aware_times,
    "names_once": _names_once,
    "names_stay": _names_stay,
    "evenings_once": _evenings_once,
    "from_yesterday": _from_yesterday,
    "dip_id_form": _dip_id_form,
    "dip_id_once": _dip_id_once,
    "nothing_personal": _nothing_personal,
    **FINDERS,
}
