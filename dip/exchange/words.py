"""Words of the exchange: kinds of events, states, and what an attempt came to."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dip.exchange.queries.endpoints import AttemptRow
from dip.exchange.terms import DisabledReason, EndpointState, EventType, NoticeState

EVENTS: Mapping[EventType, str | Promise] = {
    EventType.PRODUCTION_CREATED: gettext_lazy("A production is entered"),
    EventType.PRODUCTION_CHANGED: gettext_lazy("A production changes"),
    EventType.PRODUCTION_WITHDRAWN: gettext_lazy("You no longer take part in a production"),
    EventType.PERFORMANCE_CREATED: gettext_lazy("A performance is entered as a concept"),
    EventType.PERFORMANCE_PUBLISHED: gettext_lazy("A performance is published"),
    EventType.PERFORMANCE_CHANGED: gettext_lazy("A performance changes"),
    EventType.PERFORMANCE_MOVED: gettext_lazy("A performance gets another date or place"),
    EventType.PERFORMANCE_CANCELLED: gettext_lazy("A performance is cancelled"),
    EventType.PERFORMANCE_WITHDRAWN: gettext_lazy("A performance is no longer yours"),
    EventType.CONNECTION_CONFIRMED: gettext_lazy("The theatre confirms a performance"),
    EventType.CONNECTION_PROPOSED: gettext_lazy("The theatre proposes a correction"),
    EventType.CONNECTION_CORRECTED: gettext_lazy("A proposed correction is accepted"),
    EventType.CONNECTION_DECLINED: gettext_lazy("A proposed correction is declined"),
    EventType.POSITIONS_CHANGED: gettext_lazy("New figures of a performance"),
    EventType.PING: gettext_lazy("Ping"),
}
#: State of an endpoint → (pill of the web domain, word).
STATES: Mapping[EndpointState, tuple[str, str | Promise]] = {
    EndpointState.ACTIVE: ("active", gettext_lazy("Active")),
    EndpointState.PAUSED: ("inactive", gettext_lazy("Paused")),
    EndpointState.DISABLED: ("declined", gettext_lazy("Switched off")),
}
NOTICE_STATES: Mapping[NoticeState, tuple[str, str | Promise]] = {
    NoticeState.WAITING: ("requested", gettext_lazy("Waiting")),
    NoticeState.DELIVERED: ("confirmed", gettext_lazy("Delivered")),
    NoticeState.FAILED: ("declined", gettext_lazy("Given up")),
}
REASONS: Mapping[str, str | Promise] = {
    DisabledReason.GONE: gettext_lazy("It answered 410: it wants no notices any more."),
    DisabledReason.FAILING: gettext_lazy("It has accepted nothing for five days."),
}


def outcome(attempt: AttemptRow | None) -> str:
    """What an attempt came to, in a few words."""
    if attempt is None:
        return _("not tried yet")
    if attempt.status is None:
        return attempt.error or _("no answer")
    return _("answered %(status)s") % {"status": attempt.status}
