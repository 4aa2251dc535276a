"""The checks of a run: watched calls in, results out. Each says what was seen, or what still lacks."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dip.kernel.clock import local
from dip.ticketing.conformance.calls import PUSHES, Call, CallKind, Row
from dip.ticketing.conformance.pushing_words import CHECKLISTS, Suite
from dip.ticketing.conformance.terms import Evidence, Outcome, Result, gettext_noop

#: Calls that one token must serve, times that a refused number may be sent, and performances whose tickets must come, at most.
CALLS_A_TOKEN, TRIES, NAMED = 3, 3, 3
_OFFSET = re.compile(r"\d(?:Z|[+-]\d\d:?\d\d)$", re.IGNORECASE)
_AGENT = re.compile(r"^[\w.+-]*[A-Za-z][\w .+-]*/\d[\w.+-]*")
_LIBRARY = re.compile(
    r"^(python|curl|wget|java|okhttp|go-http|axios|node|undici|postman|apache-http|guzzle|ruby|php|perl|libwww|reqwest|dart|mozilla)",
    re.IGNORECASE,
)
_SEEN_AT = gettext_noop("Seen at %(moment)s.")
_ANY_LACKS = gettext_noop("Not seen yet.")
Came = tuple[Outcome, list[Evidence]]
_PASSED, _FAILED, _WAITING = Outcome.PASSED, Outcome.FAILED, Outcome.WAITING


@dataclass(frozen=True, slots=True)
class Plan:
    """What the platform asks in a run: performances to deliver, and a number that it does not know, to be refused."""

    named: tuple[int, ...]
    unknown: int


def check_calls(suite: Suite, calls: Sequence[Call], plan: Plan) -> list[Result]:
    """The checklist of the suite on what was seen until now; ``calls`` in the order in which they came."""
    judged = _JUDGES[suite]
    results = []
    for code in CHECKLISTS[suite]:
        outcome, seen = judged[code](calls, plan)
        results.append(Result(code, outcome, tuple(seen[:5]), max(0, len(seen) - 5)))
    return results


def _clock(call: Call) -> str:
    return f"{local(call.at):%H:%M:%S}"


def _first(calls: Sequence[Call], *kinds: CallKind, lacks: str = _ANY_LACKS) -> Came:
    """Passed with the first good call of these kinds."""
    good = next((call for call in calls if call.kind in kinds and call.is_good), None)
    if good:
        return _PASSED, [Evidence(_SEEN_AT, {"moment": _clock(good)})]
    refused = next((call for call in reversed(calls) if call.kind in kinds), None)
    if refused is None:
        return _WAITING, [Evidence(lacks)]
    pattern = gettext_noop("Tried at %(moment)s, and answered with %(status)s. Read the answer, and send it again.")
    return _WAITING, [Evidence(pattern, {"moment": _clock(refused), "status": refused.status})]


def _kept(calls: Sequence[Call], kind: CallKind) -> Iterator[tuple[Call, Row]]:
    """Rows that the platform kept, with their call."""
    for call in calls:
        if call.kind is kind and call.is_good:
            yield from ((call, row) for row in call.rows if row.number not in call.refused)


def _token_reused(calls: Sequence[Call], plan: Plan) -> Came:
    used = Counter(call.token for call in calls if call.token and call.kind is not CallKind.TOKEN)
    bought = sum(call.kind is CallKind.TOKEN and call.is_good for call in calls)
    total = sum(used.values())
    values = {"bought": bought, "calls": total}
    if total < CALLS_A_TOKEN:
        pattern = gettext_noop("Calls with a token until now: %(calls)s. Go on with the same token.")
        return _WAITING, [Evidence(pattern, values)]
    pattern = gettext_noop("Tokens bought: %(bought)s. Calls with them: %(calls)s.")
    tokens = max(bought, len(used))
    return (_PASSED if tokens * CALLS_A_TOKEN <= total + CALLS_A_TOKEN - 1 else _FAILED), [Evidence(pattern, values)]


def _tickets_delivered(calls: Sequence[Call], plan: Plan) -> Came:
    first: dict[int, Call] = {}
    for call, row in _kept(calls, CallKind.TICKETS):
        first.setdefault(row.number, call)
    here = [
        Evidence(gettext_noop("%(number)s at %(moment)s."), {"number": n, "moment": _clock(first[n])})
        for n in plan.named
        if n in first
    ]
    lacking = [Evidence(gettext_noop("%(number)s is still to come."), {"number": n}) for n in plan.named if n not in first]
    return (_WAITING, here + lacking) if lacking else (_PASSED, here)


def _kinds_told(calls: Sequence[Call], plan: Plan) -> Came:
    wrong = None
    for call, row in _kept(calls, CallKind.TICKETS):
        sold = [kind for kind, count in row.tickets.items() if count]
        worthless = [kind for kind in sold if kind != "free" and not row.cents.get(kind)]
        if len(sold) >= 2 and not worthless:
            pattern = gettext_noop("%(number)s at %(moment)s: %(kinds)s.")
            return _PASSED, [Evidence(pattern, {"number": row.number, "moment": _clock(call), "kinds": ", ".join(sold)})]
        if worthless:
            pattern = gettext_noop("%(number)s at %(moment)s: %(kinds)s without recette.")
            wrong = Evidence(pattern, {"number": row.number, "moment": _clock(call), "kinds": ", ".join(worthless)})
    return (_FAILED, [wrong]) if wrong else (_WAITING, [Evidence(gettext_noop("No row with two kinds of tickets was seen yet."))])


def _free_brings_nothing(calls: Sequence[Call], plan: Plan) -> Came:
    last: dict[int, tuple[Call, Row]] = {row.number: (call, row) for call, row in _kept(calls, CallKind.TICKETS)}
    pattern = gettext_noop("%(number)s at %(moment)s: %(count)s free tickets with a recette of %(cents)s cents.")
    with_free = [(c, r) for c, r in last.values() if r.tickets.get("free") or r.cents.get("free")]
    told = [
        Evidence(
            pattern,
            {"number": r.number, "moment": _clock(c), "count": r.tickets.get("free", 0), "cents": r.cents.get("free", 0)},
        )
        for c, r in with_free
    ]
    if any(row.cents.get("free") for _, row in with_free):
        return _FAILED, told
    return (_PASSED, told) if told else (_WAITING, [Evidence(gettext_noop("No row with free tickets was seen yet."))])


def _stamps(calls: Sequence[Call]) -> list[tuple[Call, str]]:
    """Of every push the weakest ``updated``: that of the first row that lacks it, or its first."""
    pushes = [call for call in calls if call.kind in PUSHES and call.is_good and call.rows]
    return [
        (call, min((row.updated for row in call.rows), key=lambda text: (bool(text), bool(_OFFSET.search(text)))))
        for call in pushes
    ]


def _lately(calls: Sequence[Call], is_right: Callable[[str], bool]) -> Came:
    """Passed when the last push of every measure is right: what was mended counts as mended."""
    last = {call.kind: (call, stamp) for call, stamp in _stamps(calls)}
    if not last:
        return _WAITING, [Evidence(_ANY_LACKS)]
    pattern = gettext_noop("%(what)s at %(moment)s: updated is %(value)s.")
    told = [
        (is_right(stamp), Evidence(pattern, {"what": kind.value, "moment": _clock(call), "value": stamp or "–"}))
        for kind, (call, stamp) in last.items()
    ]
    wrong = [evidence for right, evidence in told if not right]
    return (_FAILED, wrong) if wrong else (_PASSED, [evidence for _, evidence in told])


def _repeat_is_safe(calls: Sequence[Call], plan: Plan) -> Came:
    seen: set[tuple[CallKind, str, str]] = set()
    for call in calls:
        if call.kind not in PUSHES or not call.is_good or not call.body:
            continue
        key = (call.kind, call.path, call.body)
        if key in seen and call.unchanged:
            pattern = gettext_noop("%(what)s again at %(moment)s. Rows unchanged: %(count)s.")
            return _PASSED, [Evidence(pattern, {"what": call.kind.value, "moment": _clock(call), "count": call.unchanged})]
        seen.add(key)
    return _WAITING, [Evidence(gettext_noop("No body was sent twice yet."))]


def _correction_sent(calls: Sequence[Call], plan: Plan) -> Came:
    most: dict[int, int] = {}
    for call, row in _kept(calls, CallKind.TICKETS):
        before = most.get(row.number)
        if before is not None and row.sum < before:
            pattern = gettext_noop("%(number)s went from %(before)s to %(after)s tickets at %(moment)s.")
            return _PASSED, [Evidence(pattern, {"number": row.number, "before": before, "after": row.sum, "moment": _clock(call)})]
        most[row.number] = max(before or 0, row.sum)
    return _WAITING, [Evidence(gettext_noop("No performance went down yet."))]


def _refusal_handled(calls: Sequence[Call], plan: Plan) -> Came:
    with_it = [n for n, call in enumerate(calls) if any(row.number == plan.unknown for row in call.rows)]
    values: dict[str, str | int] = {"number": plan.unknown, "count": len(with_it)}
    if not with_it:
        return _WAITING, [Evidence(gettext_noop("%(number)s was not sent yet."), values)]
    if len(with_it) > TRIES:
        return _FAILED, [Evidence(gettext_noop("%(number)s was refused and sent again. Times sent: %(count)s."), values)]
    after = [call for call in calls[with_it[-1] + 1 :] if call.kind in PUSHES and call.is_good]
    if not after:
        pattern = gettext_noop("%(number)s was refused at %(moment)s. Now send the others without it.")
        return _WAITING, [Evidence(pattern, values | {"moment": _clock(calls[with_it[-1]])})]
    pattern = gettext_noop("%(number)s was refused, and left out at %(moment)s. Times sent: %(count)s.")
    return _PASSED, [Evidence(pattern, values | {"moment": _clock(after[0])})]


def _told(kind: CallKind) -> Callable[[Sequence[Call], Plan], Came]:
    def judge(calls: Sequence[Call], plan: Plan) -> Came:
        """Passed with the first kept row of the kind."""
        found = next(((call, row) for call, row in _kept(calls, kind) if row.number in plan.named), None)
        if found is None:
            return _first([call for call in calls if not call.is_good], kind)
        call, row = found
        pattern = gettext_noop("%(number)s at %(moment)s: %(count)s.")
        return _PASSED, [Evidence(pattern, {"number": row.number, "moment": _clock(call), "count": row.sum})]

    return judge


def _comes_again(calls: Sequence[Call], plan: Plan) -> Came:
    moments: dict[str, Call] = {}
    for call, row in _kept(calls, CallKind.TICKETS):
        if row.number in plan.named:
            moments.setdefault(row.updated or _clock(call), call)
    if len(moments) < 2:
        return _WAITING, [
            Evidence(gettext_noop("Deliveries with a moment of their own until now: %(count)s."), {"count": len(moments)})
        ]
    pattern = gettext_noop("Deliveries with a moment of their own: %(count)s, the last at %(moment)s.")
    return _PASSED, [Evidence(pattern, {"count": len(moments), "moment": _clock(list(moments.values())[-1])})]


def _no_refusals_left(calls: Sequence[Call], plan: Plan) -> Came:
    last = {call.kind: call for call in calls if call.kind in PUSHES}
    if not last:
        return _WAITING, [Evidence(_ANY_LACKS)]
    pattern = gettext_noop("%(what)s at %(moment)s. Rows refused: %(count)s.")
    wrong = [
        Evidence(pattern, {"what": kind.value, "moment": _clock(call), "count": call.rejected or call.row_count})
        for kind, call in last.items()
        if call.rejected or not call.is_good
    ]
    return (_FAILED, wrong) if wrong else (_PASSED, [Evidence(_SEEN_AT, {"moment": _clock(list(last.values())[-1])})])


def _agent_told(calls: Sequence[Call], plan: Plan) -> Came:
    if not calls:
        return _WAITING, [Evidence(_ANY_LACKS)]
    agent = calls[-1].agent
    is_own = bool(_AGENT.match(agent)) and not _LIBRARY.match(agent)
    pattern = gettext_noop("User-Agent: %(value)s")
    return (_PASSED if is_own else _FAILED), [Evidence(pattern, {"value": agent or "–"})]


def _packed(calls: Sequence[Call], plan: Plan) -> Came:
    return _first([call for call in calls if call.is_packed], *PUSHES, lacks=gettext_noop("No packed body was seen."))


def _event_read(calls: Sequence[Call], plan: Plan) -> Came:
    return _first([call for call in calls if call.event], CallKind.READ_EVENT)


def _event_linked(calls: Sequence[Call], plan: Plan) -> Came:
    links = [call for call in calls if call.kind is CallKind.LINK_EVENT and call.is_good]
    linked = next((call for call in links if call.event), None)
    if linked:
        pattern = gettext_noop("%(number)s at %(moment)s.")
        return _PASSED, [Evidence(pattern, {"number": linked.event, "moment": _clock(linked)})]
    if links:
        pattern = gettext_noop("An event was registered at %(moment)s, and matches no performance yet. Read its remarks.")
        return _WAITING, [Evidence(pattern, {"moment": _clock(links[-1])})]
    return _first(calls, CallKind.LINK_EVENT)


def _link_repeated(calls: Sequence[Call], plan: Plan) -> Came:
    return _first([call for call in calls if call.is_repeat], CallKind.LINK_EVENT)


def _stranger_handled(calls: Sequence[Call], plan: Plan) -> Came:
    path = f"events/{plan.unknown}"
    asked = [n for n, call in enumerate(calls) if call.kind is CallKind.READ_EVENT and call.path.rstrip("/").endswith(path)]
    values: dict[str, str | int] = {"number": plan.unknown, "count": len(asked)}
    if not asked:
        return _WAITING, [Evidence(gettext_noop("%(number)s was not asked yet."), values)]
    if len(asked) > TRIES:
        return _FAILED, [Evidence(gettext_noop("%(number)s was not found and asked again. Times asked: %(count)s."), values)]
    if not any(call.is_good for call in calls[asked[-1] + 1 :]):
        return _WAITING, [Evidence(gettext_noop("%(number)s was not found. Now go on with the others."), values)]
    return _PASSED, [Evidence(gettext_noop("%(number)s was not found, and then left alone. Times asked: %(count)s."), values)]


def _signs_in(calls: Sequence[Call], plan: Plan) -> Came:
    return _first(calls, *(kind for kind in CallKind if kind is not CallKind.TOKEN))


_JUDGES: dict[Suite, dict[str, Callable[[Sequence[Call], Plan], Came]]] = {
    Suite.PUSHING: {
        "token_reused": _token_reused,
        "performances_fetched": lambda calls, plan: _first(calls, CallKind.PERFORMANCES),
        "tickets_delivered": _tickets_delivered,
        "kinds_told": _kinds_told,
        "free_brings_nothing": _free_brings_nothing,
        "moment_told": lambda calls, plan: _lately(calls, bool),
        "offset_told": lambda calls, plan: _lately(calls, lambda stamp: bool(_OFFSET.search(stamp))),
        "repeat_is_safe": _repeat_is_safe,
        "correction_sent": _correction_sent,
        "refusal_handled": _refusal_handled,
        "capacity_told": _told(CallKind.CAPACITY),
        "reservations_told": _told(CallKind.RESERVATIONS),
        "blocked_told": _told(CallKind.BLOCKED),
        "comes_again": _comes_again,
        "no_refusals_left": _no_refusals_left,
        "agent_told": _agent_told,
        "packed": _packed,
    },
    Suite.PLANNING: {
        "signs_in": _signs_in,
        "mappings_read": lambda calls, plan: _first(calls, CallKind.READ_MAPPINGS),
        "events_listed": lambda calls, plan: _first(calls, CallKind.LIST_EVENTS),
        "event_linked": _event_linked,
        "event_read": _event_read,
        "link_repeated": _link_repeated,
        "stranger_handled": _stranger_handled,
        "event_unlinked": lambda calls, plan: _first(calls, CallKind.UNLINK_EVENT),
        "agent_told": _agent_told,
    },
}
