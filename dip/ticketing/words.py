"""Ticketing's words as people read them: why figures cannot be typed."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dip.ticketing.rules.light import Hurdle

HURDLES: Mapping[Hurdle, str | Promise] = {
    Hurdle.NO_RIGHT: _("Typing figures needs the right to manage sales. Ask your super-user for it."),
    Hurdle.NOT_PUBLISHED: _("It is a concept still. Publish it first."),
    Hurdle.CANCELLED: _("It is cancelled; nothing is sold any more."),
    Hurdle.COUPLED: _(
        "The theatre's ticketing system delivers these figures. Typed ones would contradict them; ask the theatre when they are wrong."
    ),
    Hurdle.HOUSE_RUNS: _(
        "The house is on the platform and states its figures itself. Ask the theatre for them; it can type them here, or upload a sheet."
    ),
    Hurdle.ONLY_SEES: _("The main producer or its agency types the figures; a co-producer sees them."),
}
