"""The stages of agreements in words: their pills, their deadlines, and whose turn it is."""

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dip.contracts.terms.stages import AgreementLine, Stage, Whose
from dip.contracts.terms.states import Turn
from dip.contracts.words import PILLS, STATUSES
from dip.web import formats, marks

STAGES: Mapping[str, str | Promise] = {
    **STATUSES,
    Stage.TO_CONFIRM: gettext_lazy("Borderel to confirm"),
    Stage.DISPUTED: gettext_lazy("Borderel disputed"),
    Stage.TO_SIGN: gettext_lazy("Borderel to sign"),
    Stage.TO_INVOICE: gettext_lazy("To invoice"),
    Stage.TO_PAY: gettext_lazy("To pay"),
    Stage.PAID: gettext_lazy("Paid"),
}
_PILLS: Mapping[str, str] = {
    **PILLS,
    Stage.CONCEPT: "concept",
    Stage.EXPIRED: "expired",
    Stage.TO_CONFIRM: "requested",
    Stage.DISPUTED: "corrected",
    Stage.TO_SIGN: "requested",
    Stage.TO_INVOICE: "requested",
    Stage.TO_PAY: "requested",
    Stage.PAID: "played",
}
GROUPS: Mapping[str, str | Promise] = {
    "agreeing": gettext_lazy("to be agreed upon"),
    "settling": gettext_lazy("borderels to do"),
    "over": gettext_lazy("over"),
}


def stage_pill(stage: Stage) -> SafeString:
    """A stage as shape and word."""
    return marks.pill(_PILLS[stage], str(STAGES[stage]))


def deadline(line: AgreementLine, today: date) -> tuple[str, bool]:
    """What is due by when, and whether it is pressing: within three days, or late."""
    if line.due_date is None:
        return "", False
    days = (line.due_date - today).days
    when = formats.day(line.due_date)
    if days < 0:
        return ngettext("%(when)s, %(n)s day late", "%(when)s, %(n)s days late", -days) % {"when": when, "n": -days}, True
    if days == 0:
        return _("today, %(when)s") % {"when": when}, True
    return ngettext("by %(when)s, %(n)s day left", "by %(when)s, %(n)s days left", days) % {"when": when, "n": days}, days <= 3


def turn_words(line: AgreementLine, is_taker: bool) -> str:
    """Whose act is next, to the reader."""
    if line.whose is Whose.NOBODY:
        return _("nobody’s")
    if line.whose is Whose.MINE:
        return _("yours")
    if line.turn is Turn.THEATRE:
        return _("the theatre’s")
    return line.provider if not is_taker else _("the provider’s")
