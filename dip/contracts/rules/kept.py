"""A confirmed borderel as it is kept: statement and figures as JSON, whole, and back. What was kept never changes with the code."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dip.contracts.terms.settlements import SettledFigures, Sold
from dip.contracts.terms.statement import InvoiceItem, Party, Sign, Statement, StatementLine


def stored_statement(statement: Statement) -> dict[str, Any]:
    """As ``Settlement.statement`` holds it: every line with its parts per performance; rates as text, "9/100"."""
    return {
        "numbers": list(statement.numbers),
        "tickets": statement.tickets,
        "free_tickets": statement.free_tickets,
        "lines": [_stored_line(line) for line in statement.lines],
        "issuer": statement.issuer.value,
        "items": [
            {"code": item.code, "cents": item.cents, "vat_rate": _text(item.vat_rate), "vat_cents": item.vat_cents}
            for item in statement.items
        ],
        "payable_cents": statement.payable_cents,
    }


def _stored_line(line: StatementLine) -> dict[str, Any]:
    return {
        "code": line.code,
        "step": line.step,
        "cents": line.cents,
        "evenings": list(line.evenings),
        "sign": line.sign.value,
        "party": line.party.value if line.party else None,
        "rate": None if line.rate is None else _text(line.rate),
        "base_cents": line.base_cents,
        "details": {name: _plain(value) for name, value in line.details.items()},
        "bites": line.bites,
    }


def restored_statement(raw: Mapping[str, Any]) -> Statement:
    """The statement that :func:`stored_statement` kept. Details come back as JSON has them."""
    return Statement(
        numbers=tuple(raw["numbers"]),
        tickets=raw["tickets"],
        free_tickets=raw["free_tickets"],
        lines=tuple(_line(line) for line in raw["lines"]),
        issuer=Party(raw["issuer"]),
        items=tuple(InvoiceItem(i["code"], i["cents"], Fraction(i["vat_rate"]), i["vat_cents"]) for i in raw["items"]),
        payable_cents=raw["payable_cents"],
    )


def _line(raw: Mapping[str, Any]) -> StatementLine:
    return StatementLine(
        code=raw["code"],
        step=raw["step"],
        cents=raw["cents"],
        evenings=tuple(raw["evenings"]),
        sign=Sign(raw["sign"]),
        party=Party(raw["party"]) if raw["party"] else None,
        rate=None if raw["rate"] is None else Fraction(raw["rate"]),
        base_cents=raw["base_cents"],
        details=raw["details"],
        bites=raw["bites"],
    )


def stored_figures(figures: Sequence[SettledFigures]) -> list[dict[str, Any]]:
    """As ``Settlement.figures`` holds them, one object per performance."""
    return [_stored_figures(one) for one in figures]


def _stored_figures(one: SettledFigures) -> dict[str, Any]:
    return {
        "number": one.number,
        "on": one.on.isoformat(),
        "hall": one.hall,
        "seats": one.seats,
        "vat_rate": _text(one.vat_rate),
        "high_vat_rate": _text(one.high_vat_rate),
        **(_stored_sold(one.sold) or {"tickets": None, "free_tickets": None, "recette_cents": None}),
        "told": _stored_sold(one.told),
        "source": one.source,
        "true_at": one.true_at.isoformat() if one.true_at else None,
        "corrected": one.is_corrected,
        "reason": one.reason,
        "corrected_by": one.corrected_by,
    }


def _stored_sold(sold: Sold | None) -> dict[str, int] | None:
    if sold is None:
        return None
    return {"tickets": sold.tickets, "free_tickets": sold.free_tickets, "recette_cents": sold.recette_cents}


def restored_figures(raw: Sequence[Mapping[str, Any]]) -> tuple[SettledFigures, ...]:
    """The figures that :func:`stored_figures` kept."""
    return tuple(
        SettledFigures(
            number=row["number"],
            on=date.fromisoformat(row["on"]),
            hall=row["hall"],
            seats=row["seats"],
            vat_rate=Fraction(row["vat_rate"]),
            high_vat_rate=Fraction(row["high_vat_rate"]),
            sold=_sold(row),
            told=_sold(row["told"]) if row["told"] else None,
            source=row["source"],
            true_at=datetime.fromisoformat(row["true_at"]) if row["true_at"] else None,
            reason=row["reason"],
            corrected_by=row["corrected_by"],
        )
        for row in raw
    )


def _sold(row: Mapping[str, Any]) -> Sold | None:
    return None if row["tickets"] is None else Sold(row["tickets"], row["free_tickets"], row["recette_cents"])


def _text(rate: Fraction) -> str:
    return f"{rate.numerator}/{rate.denominator}"


def _plain(value: object) -> object:
    if isinstance(value, Fraction):
        return _text(value)
    return format(value, "f") if isinstance(value, Decimal) else value
