"""Tables of the Sales Monitor as sheets: the same rows and sums as the pages."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from dip.kernel.money import ratio
from dip.sales.rules.findings import share_of
from dip.sales.rules.targets import due
from dip.sales.sentences import ORIGINS
from dip.sales.terms import CountRow, Goal, GoalChange, Group, PositionLine, Restatement, Sales, Standing
from dip.sales.views import words
from dip.sales.views.sheets import DAY, EUROS, MOMENT, RATE, TEXT, WHOLE, Column, Sheet
from dip.ticketing.source_words import source_name
from dip.warehouse.terms import GenreCell, NotShown
from dip.web.marks import PILLS


def _status(status: object) -> str:
    return str(PILLS[str(status)].word) if status else ""


def performances(
    rows: Sequence[Standing],
    colleagues: Mapping[int, float | NotShown] | None = None,
    goals: Mapping[int, Goal] | None = None,
) -> Sheet:
    """Every performance with all its figures. ``colleagues``: for a theatre, mean fill elsewhere by number; ``goals``: own targets."""
    columns = [
        Column(_("Date"), DAY), Column(_("Production")), Column(_("DIP-id")), Column(_("Number"), WHOLE), Column(_("Producer")),
        Column(_("Theatre")), Column(_("Town")), Column(_("Hall")), Column(_("Capacity"), WHOLE, "capacity"),
        Column(_("Blocked"), WHOLE, "blocked"), Column(_("For sale"), WHOLE, "for_sale"), Column(_("Sold"), WHOLE, "tickets_sold"),
        Column(_("Normal"), WHOLE), Column(_("Discount"), WHOLE), Column(_("Other"), WHOLE), Column(_("Free"), WHOLE, "free_tickets"),
        Column(_("Reserved"), WHOLE, "reservations"), Column(_("Occupancy, paid"), RATE, "occupancy_paid"),
        Column(_("Recette"), EUROS, "recette"), Column(_("Sold since yesterday"), WHOLE, "change_since_yesterday"),
        Column(_("National median"), WHOLE, "national_median"), Column(_("Status"), TEXT), Column(_("Last update"), MOMENT),
        Column(_("Source"), TEXT),
    ]  # fmt: skip
    if colleagues is not None:
        columns.append(Column(_("Mean of the colleagues"), RATE, "colleagues_mean"))
    if goals:
        columns += [Column(_("Target"), WHOLE, "target"), Column(_("Share of target"), RATE, "share_of_target")]
    return Sheet(_("Performances"), columns, [[*_performance(row, colleagues), *_aims(row, goals)] for row in rows])


def _aims(row: Standing, goals: Mapping[int, Goal] | None) -> list[object]:
    """Target and share of one performance, in a table that has them."""
    if not goals:
        return []
    goal = goals.get(row.line.evening.number)
    heard = row.line.state.has_tickets
    return [goal.tickets, row.line.state.sold / goal.tickets if heard else None] if goal else [None, None]


def targets(sales: Sales) -> Sheet:
    """Every performance with its target, what is sold, and how far that is."""
    columns = [
        Column(_("Date"), DAY), Column(_("Production")), Column(_("DIP-id")), Column(_("Number"), WHOLE), Column(_("Theatre")),
        Column(_("Town")), Column(_("Hall")), Column(_("For sale"), WHOLE, "for_sale"), Column(_("Target"), WHOLE, "target"),
        Column(_("Sold"), WHOLE, "tickets_sold"), Column(_("Share of target"), RATE, "share_of_target"),
        Column(_("Asked for by now"), WHOLE, "expected_at_target"), Column(_("Recette target"), EUROS), Column(_("Recette"), EUROS, "recette"),
    ]  # fmt: skip
    return Sheet(_("Targets"), columns, [_target(row, sales.goals.get(row.line.evening.number)) for row in sales.rows])


def _target(row: Standing, goal: Goal | None) -> list[object]:
    e, state = row.line.evening, row.line.state
    sold = state.sold if state.has_tickets else None
    wanted = due(row, goal) if goal else None
    return [
        e.performance_date, e.title, e.dip_id, e.number, e.theatre, e.city, e.hall, state.for_sale, goal.tickets if goal else None,
        sold, ratio(sold, goal.tickets) if goal else None, None if wanted is None else round(wanted),
        goal.recette_cents if goal else None, state.recette_cents if state.has_tickets else None,
    ]  # fmt: skip


def target_changes(found: Iterable[GoalChange]) -> Sheet:
    """The history of the targets."""
    columns = [
        Column(_("Changed on"), MOMENT), Column(_("By")), Column(_("How")), Column(_("Performance"), DAY), Column(_("Production")),
        Column(_("Theatre")), Column(_("Number"), WHOLE), Column(_("Before"), WHOLE), Column(_("After"), WHOLE),
        Column(_("Recette before"), EUROS), Column(_("Recette after"), EUROS),
    ]  # fmt: skip
    rows = [
        [c.at, c.actor, str(ORIGINS[c.origin]), c.evening and c.evening.performance_date, c.evening and c.evening.title,
         c.evening and c.evening.theatre, c.number, c.before and c.before.tickets, c.after and c.after.tickets,
         c.before and c.before.recette_cents, c.after and c.after.recette_cents]
        for c in found
    ]  # fmt: skip
    return Sheet(_("Changes"), columns, rows)


def differences(found: Iterable[CountRow]) -> Sheet:
    """Performances of which the numbers differ or the figures are late."""
    columns = [
        Column(_("Date"), DAY), Column(_("Production")), Column(_("DIP-id")), Column(_("Number"), WHOLE), Column(_("Theatre")),
        Column(_("Town")), Column(_("Sold on the platform"), WHOLE, "tickets_sold"), Column(_("Own number"), WHOLE, "own_count"),
        Column(_("Own number of"), MOMENT), Column(_("Told by")), Column(_("Unexplained"), WHOLE, "reconciliation"),
        Column(_("Hours since the last word"), WHOLE, "lag"), Column(_("Open reports"), WHOLE), Column(_("Source")),
    ]  # fmt: skip
    rows = [
        [r.evening.performance_date, r.evening.title, r.evening.dip_id, r.evening.number, r.evening.theatre, r.evening.city,
         r.platform, r.own and r.own.count, r.own and r.own.true_at, r.own and r.own.source, r.rest if r.own else None,
         None if r.lag_hours is None else round(r.lag_hours), r.open_reports, source_name(r.source)]
        for r in found
    ]  # fmt: skip
    return Sheet(_("Differences"), columns, rows)


def _performance(row: Standing, colleagues: Mapping[int, float | NotShown] | None) -> list[object]:
    evening, state = row.line.evening, row.line.state
    heard = state.has_tickets
    median = row.expected if isinstance(row.expected, NotShown) else row.median and round(row.median)
    cells: list[object] = [
        evening.performance_date, evening.title, evening.dip_id, evening.number, evening.producer, evening.theatre, evening.city,
        evening.hall, state.capacity, state.blocked, state.for_sale,
        *((state.sold, state.normal, state.discount, state.other, state.free) if heard else (None,) * 5),
        state.reserved, state.occupancy if heard else None, state.recette_cents if heard else None,
        row.line.sold_since if heard else None, median, _status(row.status), row.line.confirmed_at, source_name(row.line.source),
    ]  # fmt: skip
    if colleagues is not None:
        cells.append(colleagues.get(evening.number))
    return cells


def groups(name: str, head: str, found: Iterable[Group]) -> Sheet:
    """Sums per production, theatre or hall."""
    columns = [
        Column(head), Column(_("Note")), Column(_("First"), DAY), Column(_("Last"), DAY), Column(_("Performances"), WHOLE),
        Column(_("With figures"), WHOLE), Column(_("To come"), WHOLE), Column(_("Capacity"), WHOLE, "capacity"),
        Column(_("For sale"), WHOLE, "for_sale"), Column(_("Sold"), WHOLE, "tickets_sold"), Column(_("Free"), WHOLE, "free_tickets"),
        Column(_("Reserved"), WHOLE, "reservations"), Column(_("Occupancy, paid"), RATE, "occupancy_paid"),
        Column(_("Recette"), EUROS, "recette"), Column(_("Average price"), EUROS, "average_price"),
        Column(_("Sold since yesterday"), WHOLE, "change_since_yesterday"), Column(_("National median"), WHOLE, "national_median"),
        Column(_("Status")),
    ]  # fmt: skip
    rows = list(found)
    if not any(g.progress.performances for g in rows):
        return Sheet(name, columns, [_group(g) for g in rows])
    columns += [Column(_("Target"), WHOLE, "target"), Column(_("Share of target"), RATE, "share_of_target")]
    return Sheet(name, columns, [[*_group(g), g.progress.target or None, g.progress.share] for g in rows])


def _group(g: Group) -> list[object]:
    t = g.totals
    return [
        g.name, g.note, g.first_date, g.last_date, t.performances, t.with_tickets, g.coming, t.capacity, t.for_sale, t.sold, t.free,
        t.reserved if t.with_reserved else None, t.occupancy, t.recette_cents, t.price_cents, g.change,
        None if g.expected is None else round(g.expected), _status(g.status),
    ]  # fmt: skip


def restatements(found: Iterable[Restatement]) -> Sheet:
    """The restatement log."""
    columns = [
        Column(_("Known on"), MOMENT, "restatement"), Column(_("Sales day"), DAY), Column(_("Town")), Column(_("Theatre")),
        Column(_("Production")), Column(_("Performance"), DAY), Column(_("Sold before"), WHOLE), Column(_("Sold after"), WHOLE),
        Column(_("Recette before"), EUROS), Column(_("Recette after"), EUROS), Column(_("Source")),
    ]  # fmt: skip
    rows = [
        [r.known_at, r.sales_date, r.city, r.theatre, r.title, r.performance_date, r.sold_before, r.sold_after, r.cents_before,
         r.cents_after, source_name(r.source)]
        for r in found
    ]  # fmt: skip
    return Sheet(_("Restatements"), columns, rows)


def positions(found: Iterable[PositionLine]) -> Sheet:
    """Everything that came in for a performance."""
    columns = [
        Column(_("Known on"), MOMENT), Column(_("True at"), MOMENT), Column(_("Sales day"), DAY), Column(_("What")),
        Column(_("Sold"), WHOLE, "tickets_sold"), Column(_("Free"), WHOLE, "free_tickets"), Column(_("Recette"), EUROS, "recette"),
        Column(_("Seats"), WHOLE), Column(_("Restates a closed day")), Column(_("Source")),
    ]  # fmt: skip
    rows = [
        [p.known_at, p.true_at, p.sales_date, words.measure_name(p.measure), p.sold, p.free, p.recette_cents, p.seats,
         _("yes") if p.is_restatement else "", source_name(p.source)]
        for p in found
    ]  # fmt: skip
    return Sheet(_("Positions"), columns, rows)


def cells(name: str, head: str, names: Mapping[int, str], found: Sequence[tuple[int, GenreCell]]) -> Sheet:
    """Cells of the national cube, with own figures beside them. ``found``: (id under ``names``, cell)."""
    columns = [
        Column(head), Column(_("Your performances"), WHOLE), Column(_("Your tickets"), WHOLE, "tickets_sold"),
        Column(_("Your recette"), EUROS, "recette"), Column(_("Your occupancy"), RATE, "occupancy_paid"),
        Column(_("National performances"), WHOLE), Column(_("National tickets"), WHOLE), Column(_("National recette"), EUROS),
        Column(_("National occupancy"), RATE), Column(_("Market share"), RATE, "market_share"),
    ]  # fmt: skip
    return Sheet(name, columns, [[names.get(key, ""), *_cell(cell)] for key, cell in found])


def _cell(cell: GenreCell) -> list[object]:
    return [
        cell.own_performances, cell.own_tickets, cell.own_recette_cents, ratio(cell.own_tickets, cell.own_for_sale),
        cell.performances, cell.tickets, cell.recette_cents, national_occupancy(cell), _share(cell),
    ]  # fmt: skip


def national_occupancy(cell: GenreCell) -> float | NotShown | None:
    """National tickets per seat for sale; not shown when either part is not."""
    if isinstance(cell.tickets, NotShown) or isinstance(cell.for_sale, NotShown):
        return NotShown()
    return ratio(cell.tickets, cell.for_sale)


def _share(cell: GenreCell) -> float | NotShown | None:
    return cell.tickets if isinstance(cell.tickets, NotShown) else share_of(cell)
