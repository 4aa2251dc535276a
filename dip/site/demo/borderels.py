"""The demo's borderels: figures as ticketing states them, here and there corrected, and how far both parties came with them."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from dip.contracts.models import Agreement, Settlement, SettlementRemark
from dip.contracts.rules.kept import stored_figures, stored_statement
from dip.contracts.rules.settling import statement_of, told_figures
from dip.contracts.rules.working_days import DAYS_TO_ACT, working_days_after
from dip.contracts.terms.columns import PerformanceFigures
from dip.contracts.terms.fields import Values
from dip.contracts.terms.settlements import SettledFigures, Sold
from dip.contracts.terms.statement import Statement
from dip.contracts.terms.states import Happening, SettlementStatus
from dip.definitions import queries as standard
from dip.kernel.clock import from_local, local
from dip.site.demo.agreements import DAY, Fate

_REASONS = ("Contant verkocht aan de avondkassa, niet in het kaartsysteem.", "Schoolgroep op factuur, apart geboekt.")
_DISPUTES = (
    ("surcharge_theatre", "De toeslag is per 1 augustus afgesproken op het oude tarief.", None),
    ("figures", "Onze tourmanager telde aan de deur meer bezoekers.", None),
    ("royalties", "Het percentage auteursrechten is een punt lager, zie onze brief aan de rechthebbende.", 120),
)
_REPLY = "Nagezien met onze kassa: het klopt zoals het er staat; de telling gaat als bijlage mee."
_REOPEN = "De kassa heeft achteraf acht retouren verwerkt."
_CONFIRMED = (Fate.CONFIRMED, Fate.DISPUTED, Fate.ANSWERED, Fate.SIGNED, Fate.PAID, Fate.REOPENED)

#: Kind, moment, whose act it is (by side; "" the platform's), and a remark.
Told = tuple[Happening, datetime, str, str]


class Borderel:
    """The rows of one borderel, and what the history tells of it. ``names``: who acts, by side."""

    def __init__(self, agreement: Agreement, values: Values, figures: list[PerformanceFigures], names: dict[str, str]) -> None:
        self.agreement, self.values, self.names = agreement, values, names
        self.figures = told_figures(figures, lambda day: standard.rate("vat_low", day), lambda day: standard.rate("vat_high", day))
        self.rows: list[Settlement] = []
        self.remarks: list[SettlementRemark] = []
        self.told: list[Told] = []

    def tell(self, fate: Fate, at: datetime, place: int) -> None:
        """Write it as far as ``fate`` says; ``place`` varies what is corrected and disputed."""
        last = max(one.on for one in self.figures)
        opened = _at(last + DAY, 6, 40)
        if opened > at:
            return
        row = self._open(opened, last, 1)
        if fate not in _CONFIRMED or any(one.sold is None for one in self.figures):
            return
        confirmed = self._confirm(row, self._corrected(place), min(_at(last + (2 + place % 3) * DAY, 11, place % 60), at - DAY))
        if fate in (Fate.DISPUTED, Fate.ANSWERED):
            confirmed = self._dispute(row, confirmed, at, place, is_answered=fate is Fate.ANSWERED)
        if fate in (Fate.SIGNED, Fate.PAID, Fate.REOPENED):
            self._sign(row, fate, confirmed, at, place)
        if fate is Fate.REOPENED:
            self._reopen(row, at)

    def _open(self, opened: datetime, last: date, number: int) -> Settlement:
        due = working_days_after(last, DAYS_TO_ACT)
        row = Settlement(
            agreement=self.agreement, version=self.agreement.version, number=number, due_date=due, act_by=due,
            figures=stored_figures(self.figures), opened_at=opened,
        )  # fmt: skip
        self.rows.append(row)
        self.told.append((Happening.BORDEREL_OPENED, opened, "", ""))
        return row

    def _corrected(self, place: int) -> tuple[SettledFigures, ...]:
        """Every sixth borderel has a correction; of every ninth ticketing corrected itself afterwards."""
        first, *others = self.figures
        if first.sold is None:
            return self.figures
        if place % 6 == 4:
            more = 4 + place % 5
            sold = Sold(first.sold.tickets + more, first.sold.free_tickets, first.sold.recette_cents + more * 2400)
            by, reason = self.names["theatre"], _REASONS[place % len(_REASONS)]
            return (replace(first, sold=sold, reason=reason, corrected_by=by), *others)
        if place % 9 == 2 and first.sold.tickets > 8:
            less = replace(first.sold, tickets=first.sold.tickets - 3, recette_cents=max(first.sold.recette_cents - 3 * 2400, 0))
            return (replace(first, sold=less, told=less), *others)
        return self.figures

    def _confirm(self, row: Settlement, figures: tuple[SettledFigures, ...], confirmed: datetime) -> datetime:
        statement = statement_of(self.agreement.format, self.values, figures)
        row.figures, row.statement = stored_figures(figures), stored_statement(statement)
        _totals(row, statement)
        row.status, row.confirmed_at, row.confirmed_by = SettlementStatus.CONFIRMED, confirmed, self.names["theatre"]
        row.act_by = working_days_after(local(confirmed).date(), DAYS_TO_ACT)
        reasons = " · ".join(one.reason for one in figures if one.is_corrected)
        self.told.append((Happening.BORDEREL_CONFIRMED, confirmed, "theatre", reasons))
        return confirmed

    def _dispute(self, row: Settlement, confirmed: datetime, at: datetime, place: int, *, is_answered: bool) -> datetime:
        """The provider disputes a line that is there; the theatre may have answered. When it was confirmed last."""
        moment = confirmed + (at - confirmed) * 0.4
        codes = {line["code"]: line["cents"] for line in (row.statement or {})["lines"]} | {"figures": None}
        choice = next(one for one in (*_DISPUTES[place % 3 :], *_DISPUTES) if one[0] in codes)
        line, reason, per_mille = choice
        expected = codes[line] * 1000 // (1000 + per_mille) if per_mille and codes[line] else None
        remark = SettlementRemark(
            settlement=row, line=line, reason=reason, expected_cents=expected, at=moment, by=self.names["provider"]
        )
        self.remarks.append(remark)
        row.status, row.act_by = SettlementStatus.DISPUTED, working_days_after(local(moment).date(), DAYS_TO_ACT)
        self.told.append((Happening.BORDEREL_DISPUTED, moment, "provider", reason))
        if not is_answered:
            return confirmed
        again = moment + (at - moment) * 0.5
        remark.reply, remark.replied_at, remark.replied_by = _REPLY, again, self.names["theatre"]
        row.status, row.confirmed_at = SettlementStatus.CONFIRMED, again
        row.act_by = working_days_after(local(again).date(), DAYS_TO_ACT)
        self.told.append((Happening.BORDEREL_CONFIRMED, again, "theatre", ""))
        return again

    def _sign(self, row: Settlement, fate: Fate, confirmed: datetime, at: datetime, place: int) -> None:
        signed = min(confirmed + timedelta(days=1 + place % 2, hours=2), at - timedelta(hours=5))
        row.status, row.signed_at, row.signed_by, row.act_by = SettlementStatus.SIGNED, signed, self.names["provider"], None
        self.told.append((Happening.BORDEREL_SIGNED, signed, "provider", ""))
        if fate is Fate.PAID:
            paid = min(local(signed).date() + (8 + place % 9) * DAY, local(at).date() - DAY)
            row.status, row.paid_date = SettlementStatus.PAID, paid
            moment = min(_at(paid, 16, 5), at)
            self.told.append((Happening.PAID, moment, "theatre" if place % 3 else "provider", f"{paid:%d-%m-%Y}"))

    def _reopen(self, row: Settlement, at: datetime) -> None:
        """The theatre reopened it two days ago; the next one waits."""
        moment = at - 2 * DAY
        row.status, row.reopened_at, row.reopen_reason = SettlementStatus.REOPENED, moment, _REOPEN
        again = self._open(moment, local(moment).date(), 2)
        again.figures = row.figures
        self.told[-1] = (Happening.BORDEREL_REOPENED, moment, "theatre", _REOPEN)


def _totals(row: Settlement, statement: Statement) -> None:
    row.provider_total_cents, row.theatre_total_cents = statement.cents("provider_total"), statement.cents("theatre_total")
    row.payable_cents = statement.payable_cents


def _at(day: date, hour: int, minute: int) -> datetime:
    return from_local(datetime.combine(day, time(hour, minute)))
