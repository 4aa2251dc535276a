"""The sheets of a week as tables: performances, weeks, seven days, producers, what comes up, what is silent, what waits."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dip.kernel.money import ratio
from dip.reports.rules import attention, sums
from dip.reports.rules.weeks import WEEK, days_of, starts, week_number
from dip.reports.terms import PerformanceLine, ProductionSums, Side, WeekReport
from dip.reports.workbook.table import SUM, Column, Kind, Moment, Source, Table
from dip.sales.rules.totals import total
from dip.ticketing.source_words import source_name
from dip.web import formats
from dip.web.marks import PILLS

_RATE = 'IF({for_sale}=0,"",{sold}/{for_sale})'
_PRICE = 'IF({sold}=0,"",{recette}/{sold})'


def season_name(year: int) -> str:
    """2026–27."""
    return f"{year}–{(year + 1) % 100:02d}"


def week_name(monday: date) -> str:
    """The week that a report tells of: week 47, 16–22 Nov 2026."""
    first, last = days_of(monday)
    return _("week {number} ({first} to {last})").format(
        number=week_number(monday), first=formats.short_day(first), last=formats.plain_day(last)
    )


def note_of(report: WeekReport) -> str:
    """The line under every title: whose, of when, and by whom."""
    return _("{organisation} · as known on {moment} · figures of the theatres’ ticketing systems, as they delivered them").format(
        organisation=report.organisation_name, moment=formats.full_moment(report.known_at)
    )


def coverage(lines: Sequence[PerformanceLine]) -> str:
    """Over how many performances the figures count."""
    return ngettext("{heard} of {n} performance with figures", "{heard} of {n} performances with figures", len(lines)).format(
        heard=formats.tickets(sum(line.heard for line in lines)), n=formats.tickets(len(lines))
    )


def _name(key: str, title: str, about: str = "", kind: Kind = Kind.NAME, source: Source = Source.PROGRAMME) -> Column:
    return Column(key, title, kind, about=about, source=source)


def _seats(key: str, title: str, code: str, moment: Moment = Moment.KNOWN) -> Column:
    return Column(key, title, Kind.WHOLE, _("seats"), code, moment=moment, source=Source.TICKETING, total=SUM)


def _tickets(key: str, title: str, code: str = "tickets_sold", moment: Moment = Moment.KNOWN, about: str = "") -> Column:
    return Column(key, title, Kind.WHOLE, _("tickets"), code, about, moment, Source.TICKETING, total=SUM)


def _euros(key: str, title: str, moment: Moment = Moment.KNOWN, about: str = "", code: str = "recette") -> Column:
    return Column(key, title, Kind.EUROS, _("euros"), code, about, moment, Source.TICKETING, total=SUM)


def _mutation(euros: bool = False) -> Column:
    if euros:
        return Column(
            "mutation_recette", _("Mutation, recette"), Kind.EUROS, _("euros"), "week_mutation", moment=Moment.WEEK,
            source=Source.COMPUTED, formula="{recette}-{recette_earlier}", total=SUM,
        )  # fmt: skip
    return Column(
        "mutation", _("Mutation"), Kind.WHOLE, _("tickets"), "week_mutation", moment=Moment.WEEK, source=Source.COMPUTED,
        formula="{sold}-{earlier}", total=SUM,
    )  # fmt: skip


def _occupancy() -> Column:
    return Column(
        "occupancy", _("Occupancy, paid"), Kind.RATE, "%", "occupancy_paid", moment=Moment.KNOWN, source=Source.COMPUTED,
        formula=_RATE, total=_RATE,
    )  # fmt: skip


def _count(key: str, title: str, about: str) -> Column:
    return Column(key, title, Kind.WHOLE, _("performances"), about=about, total=SUM)


def performances(report: WeekReport) -> Table:
    """Every performance of the season, and of the next once something of it is known."""
    lines = report.lines
    columns = [
        _name("season", _("Season"), _("From 1 August to 31 July"), Kind.TEXT),
        Column("date", _("Date"), Kind.DAY, about=_("Date at the theatre")),
        _name("title", _("Production")), _name("dip_id", _("DIP-id"), kind=Kind.TEXT),
        Column("number", _("Number"), Kind.WHOLE, about=_("National number of the performance")),
        _name("producer", _("Producer")), _name("theatre", _("Theatre")), _name("city", _("Town"), kind=Kind.TEXT),
        _name("hall", _("Hall"), kind=Kind.TEXT), _seats("capacity", _("Capacity"), "capacity"),
        _seats("blocked", _("Blocked"), "blocked"), _seats("for_sale", _("For sale"), "for_sale"),
        _tickets("earlier", _("State last week"), moment=Moment.EARLIER), _tickets("sold", _("State this week")), _mutation(),
        _tickets("normal", _("Normal")), _tickets("discount", _("Discount")), _tickets("other", _("Other")),
        _tickets("free", _("Free"), "free_tickets"), _seats("reserved", _("Reserved"), "reservations"), _occupancy(),
        _euros("recette_earlier", _("Recette last week"), Moment.EARLIER), _euros("recette", _("Recette this week")),
        _mutation(euros=True), _reference(report.side),
        _name("status", _("Status"), _("How it stands against comparable performances"), Kind.TEXT, Source.COMPUTED),
        Column("heard", _("Last heard"), Kind.MOMENT, about=_("When the theatre’s system last stated any figure"), source=Source.TICKETING),
        _name("source", _("System"), _("The ticketing system that stated it"), Kind.TEXT, Source.TICKETING),
    ]  # fmt: skip
    now = total(line.state for line in lines)
    rows = [_performance(line, report.side) for line in lines]
    if report.side is Side.THEATRE and len({line.evening.theatre_id for line in lines}) < 2:
        kept = [place for place, column in enumerate(columns) if column.key not in ("theatre", "city")]
        columns, rows = [columns[place] for place in kept], [[row[place] for place in kept] for row in rows]
    name = _("All performances")
    return Table(name, name, note_of(report), columns, rows, coverage(lines), {"occupancy": now.occupancy}, fixed=3)


def _reference(side: Side) -> Column:
    if side is Side.THEATRE:
        return Column(
            "reference",
            _("Mean of the colleagues"),
            Kind.RATE,
            "%",
            "colleagues_mean",
            moment=Moment.PUBLISHED,
            source=Source.NATIONAL,
        )
    return Column(
        "reference",
        _("National median"),
        Kind.WHOLE,
        _("tickets"),
        "national_median",
        moment=Moment.PUBLISHED,
        source=Source.NATIONAL,
    )


def _performance(line: PerformanceLine, side: Side) -> list[object]:
    evening, state, heard = line.evening, line.state, line.heard
    reference = line.reference
    if side is Side.PROVIDER and isinstance(reference, float):
        reference = round(reference)
    return [
        season_name(line.season_year), evening.performance_date, evening.title, evening.dip_id, evening.number, evening.producer,
        evening.theatre, evening.city, evening.hall, state.capacity, state.blocked, state.for_sale if heard else None,
        line.earlier.sold if heard else None, state.sold if heard else None,
        state.sold - line.earlier.sold if heard else None,
        *((state.normal, state.discount, state.other, state.free) if heard else (None,) * 4), state.reserved,
        state.occupancy if heard else None, line.earlier.recette_cents if heard else None, state.recette_cents if heard else None,
        state.recette_cents - line.earlier.recette_cents if heard else None, reference, pill(line), line.confirmed_at, source_name(line.source),
    ]  # fmt: skip


def pill(line: PerformanceLine) -> str:
    """The status in a word."""
    return str(PILLS[line.status.value].word) if line.status else ""


def ten_weeks(report: WeekReport, *, euros: bool = False) -> Table:
    """New tickets (or recette) per production in each of the last ten weeks, adding up to its state."""
    kind = Kind.EUROS if euros else Kind.WHOLE
    weeks = starts(report.monday)
    keys = [f"week{place}" for place in range(len(weeks))]
    unit, code = (_("euros"), "recette") if euros else (_("tickets"), "sold_in_week")

    def column(key: str, title: str, about: str = "", formula: str = "", moment: Moment = Moment.WEEK) -> Column:
        return Column(key, title, kind, unit, "" if about else code, about, moment, Source.TICKETING, formula, SUM)

    columns = [
        _name("title", _("Production")), _name("season", _("Season"), kind=Kind.TEXT), _name("dip_id", _("DIP-id"), kind=Kind.TEXT),
        column("before", _("Before"), _("Sold before the first of these weeks")),
        *(column(key, _week_head(monday)) for key, monday in zip(keys, weeks, strict=True)),
        column("sum", _("Ten weeks"), _("The ten weeks together"), "+".join(f"{{{key}}}" for key in keys)),
        column("state", _("State this week"), _("Everything sold so far"), "{before}+{sum}", Moment.KNOWN),
    ]  # fmt: skip
    rows = []
    for p in sums.productions(report):
        values = p.weekly_cents if euros else p.tickets
        rows.append([p.title, season_name(p.season_year), p.dip_id, *values, sum(values[1:]), sum(values)])
    name = _("Ten weeks, recette") if euros else _("Last ten weeks")
    title = _("Recette in the last ten weeks") if euros else _("Tickets sold in the last ten weeks")
    return Table(name, title, note_of(report), columns, rows, coverage(report.lines), fixed=1)


def _week_head(monday: date) -> str:
    name = _("week {number}").format(number=monday.isocalendar().week)
    return f"{name}\n{formats.short_day(monday)} – {formats.short_day(monday + WEEK - timedelta(days=1))}"


def seven_days(report: WeekReport) -> Table:
    """Per production what the week changed: last week's state, this week's, and why they differ."""
    is_house = report.side is Side.THEATRE
    places = _("Halls") if is_house else _("Theatres")
    columns = [
        _name("title", _("Production")), _name("season", _("Season"), kind=Kind.TEXT), _name("dip_id", _("DIP-id"), kind=Kind.TEXT),
        _name("producer", _("Producer")), _count("performances", _("Performances"), _("Published performances in the season")),
        _count("coming", _("To come"), _("Not yet begun")),
        Column("capacity", _("Capacity"), Kind.WHOLE, _("seats"), "capacity", moment=Moment.KNOWN, source=Source.TICKETING, total=SUM),
        Column("places", places, Kind.WHOLE, about=_("Different halls in which it plays") if is_house else _("Different theatres in which it plays")),
        _tickets("earlier", _("State last week"), moment=Moment.EARLIER), _tickets("sold", _("State this week")), _mutation(),
        _tickets("in_week", _("Sold in the week"), "sold_in_week", Moment.WEEK),
        Column("restated", _("Earlier days changed"), Kind.WHOLE, _("tickets"), "restatement", moment=Moment.WEEK, source=Source.COMPUTED,
               formula="{mutation}-{in_week}", total=SUM),
        _euros("recette_earlier", _("Recette last week"), Moment.EARLIER), _euros("recette", _("Recette this week")), _mutation(euros=True),
    ]  # fmt: skip
    rows = [_seven(p) for p in sums.productions(report)]
    return Table(_("Last seven days"), _("What the week changed"), note_of(report), columns, rows, coverage(report.lines))


def _seven(p: ProductionSums) -> list[object]:
    mutation = p.sold - p.earlier
    return [
        p.title, season_name(p.season_year), p.dip_id, p.producer, p.performances, p.coming, p.capacity, p.places, p.earlier, p.sold,
        mutation, p.in_week, mutation - p.in_week, p.earlier_cents, p.cents, p.cents - p.earlier_cents,
    ]  # fmt: skip


def producers(report: WeekReport) -> Table:
    """For an agency: the sums of each producer that it acts for, per season."""
    columns = [
        _name("producer", _("Producer")), _name("season", _("Season"), kind=Kind.TEXT),
        Column("productions", _("Productions"), Kind.WHOLE, about=_("With a published performance in the season"), total=SUM),
        _count("performances", _("Performances"), _("Published performances in the season")), _seats("for_sale", _("For sale"), "for_sale"),
        _tickets("earlier", _("State last week"), moment=Moment.EARLIER), _tickets("sold", _("State this week")), _mutation(), _occupancy(),
        _euros("recette", _("Recette this week")),
        Column("price", _("Average price"), Kind.EUROS, _("euros"), "average_price", moment=Moment.KNOWN, source=Source.COMPUTED,
               formula=_PRICE, total=_PRICE),
    ]  # fmt: skip
    rows = []
    parts: dict[tuple[int, str], list[PerformanceLine]] = {}
    for line in report.lines:
        parts.setdefault((line.season_year, line.evening.producer), []).append(line)
    for (year, producer), lines in sorted(parts.items()):
        now, earlier = total(line.state for line in lines), total(line.earlier for line in lines)
        rows.append([
            producer, season_name(year), len({line.evening.dip_id for line in lines}), now.performances, now.for_sale, earlier.sold,
            now.sold, now.sold - earlier.sold, now.occupancy, now.recette_cents, now.price_cents,
        ])  # fmt: skip
    whole = total(line.state for line in report.lines)
    totals = {"occupancy": whole.occupancy, "price": whole.price_cents}
    return Table(_("Producers"), _("Per producer"), note_of(report), columns, rows, coverage(report.lines), totals)


def coming(report: WeekReport) -> Table:
    """For a theatre: what plays in the next four weeks, beside the same production elsewhere."""
    today = attention.today_of(report)
    lines = [line for line in report.lines if today <= line.evening.performance_date <= today + attention.AHEAD]
    columns = [
        Column("date", _("Date"), Kind.DAY, about=_("Date at the theatre")),
        Column("starts", _("Starts"), Kind.MOMENT, about=_("Start, Dutch time")), _name("title", _("Production")),
        _name("hall", _("Hall"), kind=Kind.TEXT), _seats("for_sale", _("For sale"), "for_sale"), _tickets("sold", _("Sold")),
        _tickets("free", _("Free"), "free_tickets"), _seats("reserved", _("Reserved"), "reservations"),
        Column("left", _("Still to be had"), Kind.WHOLE, _("seats"), about=_("For sale less sold, free and reserved, never below 0"),
               moment=Moment.KNOWN, source=Source.COMPUTED, formula="MAX({for_sale}-{sold}-{free}-{reserved},0)", total=SUM),
        _occupancy(), _reference(report.side), _name("status", _("Status"), kind=Kind.TEXT, source=Source.COMPUTED),
    ]  # fmt: skip
    whole = total(line.state for line in lines)
    return Table(
        _("Coming up"), _("What plays in the next four weeks"), note_of(report), columns, [_coming(line) for line in lines],
        coverage(lines), {"occupancy": whole.occupancy}, fixed=3,
    )  # fmt: skip


def _coming(line: PerformanceLine) -> list[object]:
    evening, state, heard = line.evening, line.state, line.heard
    told = (state.for_sale, state.sold, state.free) if heard else (None, None, None)
    return [
        evening.performance_date, evening.starts_at, evening.title, evening.hall, *told, state.reserved,
        state.unsold if heard else None, ratio(state.sold, state.for_sale) if heard else None, line.reference, pill(line),
    ]  # fmt: skip


def silent(report: WeekReport) -> Table:
    """Performances of which figures are missing, by date, with since when."""
    columns = [
        Column("date", _("Date"), Kind.DAY, about=_("Date at the theatre")), _name("title", _("Production")),
        _name("dip_id", _("DIP-id"), kind=Kind.TEXT), Column("number", _("Number"), Kind.WHOLE, about=_("National number of the performance")),
        _name("theatre", _("Theatre")), _name("city", _("Town"), kind=Kind.TEXT), _name("hall", _("Hall"), kind=Kind.TEXT),
        Column("capacity", _("Capacity"), Kind.WHOLE, _("seats"), "capacity", moment=Moment.KNOWN, total=SUM),
        Column("heard", _("Last heard"), Kind.MOMENT, about=_("When the theatre’s system last stated any figure; empty: never"), source=Source.TICKETING),
        _name("source", _("System"), kind=Kind.TEXT, source=Source.TICKETING),
    ]  # fmt: skip
    lines = attention.silent(report)
    rows = [
        [line.evening.performance_date, line.evening.title, line.evening.dip_id, line.evening.number, line.evening.theatre,
         line.evening.city, line.evening.hall, line.state.capacity, line.confirmed_at, source_name(line.source)]
        for line in lines
    ]  # fmt: skip
    return Table(_("Without figures"), _("Performances without figures"), note_of(report), columns, rows, fixed=2)


def requests(report: WeekReport) -> Table:
    """For a theatre: connection requests that wait for an answer, as they stood when the workbook was made."""
    columns = [
        Column("starts", _("Performance"), Kind.MOMENT, about=_("Start, Dutch time"), moment=Moment.MADE), _name("title", _("Production")),
        _name("dip_id", _("DIP-id"), _("What goes into the ticketing system")), _name("hall", _("Hall"), kind=Kind.TEXT),
        Column("sent", _("Asked on"), Kind.MOMENT, about=_("When the question was last put"), moment=Moment.MADE),
    ]  # fmt: skip
    rows = [[r.starts_at, r.title, r.dip_id, r.hall, r.sent_at] for r in report.requests]
    return Table(_("Open requests"), _("Connection requests that wait for you"), note_of(report), columns, rows, fixed=2)
