"""A page of the Audience Monitor as tables: everything on it, and what is in its lists beyond."""

from collections.abc import Iterable
from typing import cast

from django.utils.translation import gettext as _

from dip.audience.rules.shares import share_of
from dip.audience.views import monitor_words as words
from dip.audience.views.monitor_areas import note_of, rows_of
from dip.audience.views.monitor_flows import province_name
from dip.audience.views.monitor_page import Beside
from dip.audience.views.monitor_people import table as people
from dip.audience.views.monitor_question import LEVELS
from dip.audience.views.monitor_trends import BYS, TRAITS, line_name
from dip.kernel import clock
from dip.registry.terms import Access
from dip.warehouse.queries import audience as door
from dip.warehouse.queries.audience import Audience, AudienceLine, AudienceScope, Part
from dip.web import formats
from dip.web.downloads import NUMBER, RATE, TEXT, WHOLE, Sheet, told

#: Definitions that explain every download.
CODES = (
    "audience_orders", "audience_buyers", *dict.fromkeys(words.CODES.values()), "audience_origin", "audience_penetration",
    "audience_underserved", "audience_together",
)  # fmt: skip


def sheets_of(access: Access, scope: AudienceScope, beside: Beside) -> list[Sheet]:
    """All tables of a scope."""
    found = door.audience(access, scope)
    every = [*found.parts.values(), door.overlap(access, scope)]
    made = [_totals(found), _parts(every, beside, is_national=scope.kind == "season")]
    made += [_areas(access, scope, level) for level in LEVELS]
    made += [_population(access, scope), _flows(access, scope), _underserved(access, scope)]
    if scope.kind == "production":
        return [*made, _also(access, scope), _elsewhere(access, scope), *_segments(access, scope)]
    return [*made, *_partners(access, scope), *_segments(access, scope), _trends(access, scope)]


def _totals(found: Audience) -> Sheet:
    rows = [
        [_("Orders"), words.unit_name("orders"), told(found.orders)],
        [_("Buyers"), words.unit_name("buyers"), told(found.buyers)],
        [_("Tickets"), words.unit_name("tickets"), told(found.tickets)],
        [_("Tickets of buyers who are not known or said no"), words.unit_name("tickets"), told(found.anonymous_tickets)],
        [_("Tickets for events of which no performance is known"), words.unit_name("tickets"), found.unmatched_tickets],
        [_("Theatres that told something"), _("theatres"), found.theatres],
        [_("Theatres asked"), _("theatres"), found.theatres_asked],
    ]
    return Sheet(_("Totals"), [("", TEXT), (_("Unit"), TEXT), (_("How many"), WHOLE)], rows)


def _parts(parts: Iterable[Part], beside: Beside, *, is_national: bool) -> Sheet:
    columns = [
        (_("Question"), TEXT), (_("Value"), TEXT), (_("Unit"), TEXT), (_("How many"), WHOLE), (_("Share"), RATE),
        *([] if is_national else [(_("Share, {reference}").format(reference=beside.label), RATE)]),
    ]  # fmt: skip
    rows = []
    for part in parts:
        for row in part.rows:
            share = share_of(row, part.rows, part.base)
            line = [words.measure(part.code), words.value_name(part.code, row.code), words.unit_name(part.unit), told(row.count)]
            rows.append([*line, told(share) if row.count is None else share, *([] if is_national else [told(row.national_rate)])])
    return Sheet(_("Who orders"), columns, rows)


def _areas(access: Access, scope: AudienceScope, level: str) -> Sheet:
    columns = [
        (str(words.LEVELS[level]), TEXT), (_("Code"), TEXT), (_("Lies in"), TEXT), (_("Buyers"), WHOLE),
        (_("Buyers per 1,000 inhabitants"), NUMBER), (_("Distance, km"), NUMBER), (_("Catchment"), TEXT),
    ]  # fmt: skip
    rows = [
        [
            row.name, row.code, note_of(row, level), told(row.buyers), told(None) if row.buyers is None else row.per_1000,
            row.distance_km, _("yes") if row.is_catchment else "",
        ]
        for row in rows_of(access, scope, level)
    ]  # fmt: skip
    return Sheet(_("Buyers by {level}").format(level=str(words.LEVELS[level])), columns, rows)


def _population(access: Access, scope: AudienceScope) -> Sheet:
    columns = [
        (_("Comparison"), TEXT), (_("Group"), TEXT), (_("Share of the buyers"), RATE), (_("Share of the inhabitants"), RATE),
        (_("Share expected from distance alone"), RATE),
    ]  # fmt: skip
    rows = [
        [head, name, told(cast("float | None", rate)), *rest] for head, name, rate, *rest in people(door.population(access, scope))
    ]
    return Sheet(_("Beside all inhabitants"), columns, rows)


def _flows(access: Access, scope: AudienceScope) -> Sheet:
    columns = [
        (_("Province of the theatre"), TEXT), (_("Home province"), TEXT), (_("Buyers"), WHOLE), (_("Share of what is shown"), RATE),
    ]  # fmt: skip
    found = door.home_and_venue(access, scope)
    rows = [[province_name(one.venue), province_name(one.home), told(one.buyers), told(one.rate)] for one in found]
    return Sheet(_("Home and theatre"), columns, rows)


def _underserved(access: Access, scope: AudienceScope) -> Sheet:
    columns = [
        (_("PC4"), TEXT), (_("Place name"), TEXT), (_("Municipality"), TEXT), (_("Inhabitants"), WHOLE),
        (_("Observed ÷ expected visits"), NUMBER), (_("Upper 90 % bound"), NUMBER), (_("Distance, km"), NUMBER),
    ]  # fmt: skip
    rows = [
        [row.pc4, row.name, note_of(row, "pc4"), row.inhabitants, told(row.ratio), told(row.upper), row.distance_km]
        for row in door.underserved(access, scope)
    ]
    return Sheet(_("Fewer than expected"), columns, rows)


def _also(access: Access, scope: AudienceScope) -> Sheet:
    columns = [
        (_("Production"), TEXT), (_("DIP-id"), TEXT), (_("Shared buyers"), WHOLE), (_("Of your buyers"), RATE),
        (_("Against chance"), NUMBER),
    ]  # fmt: skip
    rows = [[row.title, row.dip_id, told(row.buyers), told(row.rate), told(row.lift)] for row in door.also_bought(access, scope)]
    return Sheet(_("Also bought"), columns, rows)


def _elsewhere(access: Access, scope: AudienceScope) -> Sheet:
    columns = [
        (_("Theatre"), TEXT), (_("Buyers"), WHOLE), (_("Also at another organisation"), RATE), (_("The genre, national"), RATE),
    ]  # fmt: skip
    rows = [[row.name, told(row.buyers), told(row.rate), told(row.national_rate)] for row in door.elsewhere(access, scope)]
    return Sheet(_("Also at another theatre"), columns, rows)


def _partners(access: Access, scope: AudienceScope) -> list[Sheet]:
    columns = [(_("Partner"), TEXT), (_("Shared buyers"), WHOLE), (_("Of your buyers"), RATE)]
    rows = [[row.name, told(row.buyers), told(row.rate)] for row in door.shared_with(access, scope)]
    return [Sheet(_("Shared with your partners"), columns, rows)] if rows else []


def _segments(access: Access, scope: AudienceScope) -> list[Sheet]:
    found = door.segments(access, scope)
    if found is None:
        return []
    columns = [
        (_("Segment"), TEXT), (_("Buyers"), WHOLE), (_("Share of the buyers"), RATE), (_("Share of the inhabitants"), RATE),
    ]  # fmt: skip
    rows = [[row.segment, told(row.buyers), told(row.rate), row.people_rate] for row in found.rows]
    return [Sheet(_("Your segments"), columns, [*rows, [_("in none of them"), told(found.unmatched), None, None]])]


def _trends(access: Access, scope: AudienceScope) -> Sheet:
    columns = [
        (_("What"), TEXT), (_("By"), TEXT), (_("Value"), TEXT), (_("Season"), TEXT), (_("Unit"), TEXT), (_("How many"), WHOLE),
        (_("Share"), RATE),
    ]  # fmt: skip
    rows = []
    for _trait, part, code, name in TRAITS:
        for by, by_name in BYS:
            found = door.audience_trend(access, scope, part, code, by)
            for line in found.lines:
                subject = line_name(by, line.key) if line.key else _("all together")
                for year, count, rate in zip(found.seasons, line.counts, line.rates, strict=True):
                    shown = told(None) if count is None else rate
                    rows.append(
                        [str(name), str(by_name), subject, words.season_name(year), words.unit_name(found.unit), told(count), shown]
                    )
    return Sheet(_("Over the seasons"), columns, rows)


def productions(lines: Iterable[AudienceLine]) -> Sheet:
    """The productions of a season."""
    columns = [
        (_("Production"), TEXT), (_("DIP-id"), TEXT), (_("Producer"), TEXT), (_("Orders"), WHOLE), (_("Buyers"), WHOLE),
        (_("Tickets"), WHOLE), (_("New buyers"), RATE), (_("New buyers in the genre, national"), RATE), (_("Theatres that told"), WHOLE),
        (_("Theatres"), WHOLE),
    ]  # fmt: skip
    rows = [
        [
            one.title, one.dip_id, one.producer, told(one.orders), told(one.buyers), told(one.tickets),
            told(one.new_rate) if one.orders != 0 else None, told(one.national_new_rate), one.theatres, one.theatres_asked,
        ]
        for one in lines
    ]  # fmt: skip
    return Sheet(_("Productions"), columns, rows)


def about(access: Access, subject: str, found: Audience | None, season_year: int) -> list[tuple[str, str]]:
    """What every download says of itself."""
    lines = [
        (_("Figures of"), subject),
        (_("For"), access.organisation_name),
        (_("Season"), words.season_name(season_year)),
        (_("Orders, not visitors"), _("Every figure describes the person who placed the order.")),
    ]
    if found is not None and found.true_at is not None:
        lines.append((_("Loaded on"), formats.full_moment(found.true_at)))
    return [
        *lines,
        (_("Made on"), formats.full_moment(clock.now())),
        (_("Counts"), _("Rounded to five")),
        (_("Not shown"), _("not shown: too few, or too concentrated")),
        (_("Source"), _("Orders as the theatres' ticketing systems delivered them; no names, streets or e-mail addresses.")),
    ]
