"""What a system that calls the platform must do: the checklists of a run, with why it matters and how to do it."""

from enum import StrEnum

from dip.ticketing.conformance.terms import Check, Severity, gettext_noop

_MUST, _SHOULD, _MAY = Severity.MUST, Severity.SHOULD, Severity.MAY


class Suite(StrEnum):
    """Which checklist a run goes by."""

    PUSHING = "pushing"
    """A ticketing system that pushes figures over external API v1."""
    PLANNING = "planning"
    """A planning system that speaks the generic ticketing API of Yesplan."""


_AGENT = (
    gettext_noop("It says what it is"),
    gettext_noop("When figures go wrong, both sides find the version that sent them."),
    gettext_noop("Send a User-Agent with name and version of your system, such as Kassa/3.1."),
)
_PUSHING = (
    Check(
        "token_reused",
        _MUST,
        gettext_noop("A token is bought once, and used again"),
        gettext_noop("A token lasts an hour. One for each call doubles the calls, and meets the limit."),
        gettext_noop("Keep the token until it expires or a call answers 401, and then buy a new one."),
    ),
    Check(
        "performances_fetched",
        _MUST,
        gettext_noop("It fetches the performances"),
        gettext_noop("The list tells which numbers are yours, when they play, and which were cancelled."),
        gettext_noop("Call GET /theaters/performances, and keep the DIP-id with each performance."),
    ),
    Check(
        "tickets_delivered",
        _MUST,
        gettext_noop("It delivers tickets of every performance that is named"),
        gettext_noop("Every evening on sale is wanted, not only the one that sold today."),
        gettext_noop("Send PUT /tickets/cumulative with a row for each of them."),
    ),
    Check(
        "kinds_told",
        _MUST,
        gettext_noop("Tickets are told by kind, with their recette"),
        gettext_noop("Only by kind can houses be compared; only with the recette can it be settled."),
        gettext_noop("Send a row with at least two kinds, each with tickets and recette in cents."),
    ),
    Check(
        "free_brings_nothing",
        _MUST,
        gettext_noop("Free tickets bring no recette"),
        gettext_noop("A recette on free tickets shifts every mean price."),
        gettext_noop("Send a row with free tickets and recette 0; what has a price is normal, discount or other."),
    ),
    Check(
        "moment_told",
        _MUST,
        gettext_noop("It says at which moment the figures are true"),
        gettext_noop("A push that waited an hour tells of an hour ago; without the moment it counts as now."),
        gettext_noop("Give updated in every row: the moment at which your system counted."),
    ),
    Check(
        "offset_told",
        _SHOULD,
        gettext_noop("The moment has an offset"),
        gettext_noop("In the repeated hour of autumn a local time can mean two moments."),
        gettext_noop("Write updated with its offset, such as 2026-10-25T02:30:00+01:00."),
    ),
    Check(
        "repeat_is_safe",
        _MUST,
        gettext_noop("The same figures again change nothing"),
        gettext_noop("After a lost answer a system must be able to send again."),
        gettext_noop("Send a body a second time, without any change. The receipt says unchanged."),
    ),
    Check(
        "correction_sent",
        _MUST,
        gettext_noop("A lower figure is sent as it is"),
        gettext_noop("Tickets are cancelled and exchanged. Cumulative figures go down then, and must be sent down."),
        gettext_noop("Cancel a few tickets in your system, and send the row that then holds, with a later moment."),
    ),
    Check(
        "refusal_handled",
        _MUST,
        gettext_noop("A refused row stops, and the others go on"),
        gettext_noop("One performance that is not known must not stop all others, nor be sent for ever."),
        gettext_noop("Send a row with the number given here once, read the finding, and leave it out of what you send after it."),
    ),
    Check(
        "capacity_told",
        _MUST,
        gettext_noop("It tells the capacity"),
        gettext_noop("Occupancy is tickets on the seats of this evening, not of the hall on paper."),
        gettext_noop("Send PUT /productions/{production}/performances/{number}/capacity for one of the performances."),
    ),
    Check(
        "reservations_told",
        _MUST,
        gettext_noop("It tells reservations"),
        gettext_noop("Reserved seats are not sold and not free; the provider sees what may still come."),
        gettext_noop("Send PUT /reservations/cumulative for one of the performances, with 0 when there are none."),
    ),
    Check(
        "blocked_told",
        _MUST,
        gettext_noop("It tells blocked seats"),
        gettext_noop("Blocked seats are not for sale; without them a full hall looks half empty."),
        gettext_noop("Send PUT /blocked-seats/cumulative for one of the performances, with 0 when there are none."),
    ),
    Check(
        "comes_again",
        _MUST,
        gettext_noop("It delivers again by itself"),
        gettext_noop("Figures are wanted every hour, and at least every night."),
        gettext_noop("Let the schedule of your system send a second delivery, with a later moment."),
    ),
    Check(
        "no_refusals_left",
        _SHOULD,
        gettext_noop("The last deliveries have no refused rows"),
        gettext_noop("A row that is refused every night is an evening without figures."),
        gettext_noop("Read the findings of the last delivery, and mend what they name."),
    ),
    Check("agent_told", _SHOULD, *_AGENT),
    Check(
        "packed",
        _MAY,
        gettext_noop("Large bodies are packed"),
        gettext_noop("A night's figures of a large house become ten times smaller."),
        gettext_noop("Send Content-Encoding: gzip with a gzip body."),
    ),
)
_PLANNING = (
    Check(
        "signs_in",
        _MUST,
        gettext_noop("It signs in"),
        gettext_noop("Everything is narrowed to what belongs to the client."),
        gettext_noop("Call with the client's id and secret as Basic, or with a token from /token."),
    ),
    Check(
        "mappings_read",
        _SHOULD,
        gettext_noop("It reads the mappings"),
        gettext_noop("Halls are recognised by the names that both systems know."),
        gettext_noop("Call GET /mappings, and offer the values in your fields."),
    ),
    Check(
        "events_listed",
        _MUST,
        gettext_noop("It lists the performances of a month"),
        gettext_noop("Performances that stand on the platform already are linked, not entered again."),
        gettext_noop("Call GET /events with year and month."),
    ),
    Check(
        "event_linked",
        _MUST,
        gettext_noop("It links an event of its own"),
        gettext_noop("From then on both systems speak of the same evening."),
        gettext_noop("Send PUT /events/{your id} with name, starttime and location, or with the DIP-id."),
    ),
    Check(
        "event_read",
        _MUST,
        gettext_noop("It reads the figures of an event"),
        gettext_noop("Capacity, sold, reserved, blocked and available are what planners look for."),
        gettext_noop("Call GET /events/{your id}."),
    ),
    Check(
        "link_repeated",
        _MUST,
        gettext_noop("The same link again changes nothing"),
        gettext_noop("A planning system sends on every change, also on one that does not concern us."),
        gettext_noop("Send the same PUT again. The answer says unchanged."),
    ),
    Check(
        "stranger_handled",
        _MUST,
        gettext_noop("An event that is not there is not asked for ever"),
        gettext_noop("A system that asks for ever slows down all others."),
        gettext_noop("Call GET /events/{number} with the number given here, read the 404, and do not ask it again."),
    ),
    Check(
        "event_unlinked",
        _SHOULD,
        gettext_noop("It can unlink an event"),
        gettext_noop("An event that was linked by mistake must not stay so."),
        gettext_noop("Send DELETE /events/{your id}."),
    ),
    Check("agent_told", _SHOULD, *_AGENT),
)
#: The checklist of each suite by code, in the order in which it is shown.
CHECKLISTS: dict[Suite, dict[str, Check]] = {
    Suite.PUSHING: {check.code: check for check in _PUSHING},
    Suite.PLANNING: {check.code: check for check in _PLANNING},
}
