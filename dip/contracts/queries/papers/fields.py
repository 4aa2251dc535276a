"""The terms of an agreement as a document prints them: shares, prices by rank, surcharges, practical matters, readings."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from dip.contracts import wording
from dip.contracts.queries.papers.parts import Part, Section, listing, note, section, subheading, terms, text
from dip.contracts.rules.formats import format_of
from dip.contracts.rules.values import fields_of
from dip.contracts.terms.fields import Field, FieldGroup, FieldKind, Tranche, Value, Values
from dip.web import formats

Row = tuple[str, str, str]


def terms_sections(format_code: str, values: Values) -> list[Section]:
    """Every field with its value, in four sections; a field that is not filled has a dash."""
    form = format_of(format_code)
    first = (_("Format"), wording.said(form.names), wording.said(form.sentences))
    shares = [first, *_rows(format_code, values, FieldGroup.SHARE), *_rows(format_code, values, FieldGroup.RIGHTS)]
    return [
        section(_("Share"), terms(shares), *_tranches(values)),
        section(
            _("Prices and surcharges"),
            _prices(values),
            note(
                _(
                    "Entrance prices include VAT and the theatre surcharge; a settlement price is the entrance price less that surcharge."
                )
            ),
            subheading(_("Surcharges")),
            terms(_rows(format_code, values, FieldGroup.SURCHARGES)),
        ),
        section(_("Practical"), terms(_rows(format_code, values, FieldGroup.PRACTICAL)), *_remarks(values)),
        _readings(format_code, values),
    ]


def _rows(format_code: str, values: Values, group: FieldGroup) -> Iterator[Row]:
    for field in fields_of(format_code):
        if field.group is group and field.kind not in (FieldKind.TEXT, FieldKind.TRANCHES):
            yield wording.said(field.names), _value(field, values.get(field.code)), wording.said(field.hints)


def _value(field: Field, value: Value) -> str:
    written = wording.value_text(field, value)
    if field.unit == "days" and value is not None:
        return _("{number} days").format(number=written)
    return written


def _tranches(values: Values) -> list[Part]:
    raw = values.get("tranches")
    tranches = [item for item in raw if isinstance(item, Tranche)] if isinstance(raw, tuple) else []
    if not tranches:
        return []
    rows, floor = [], 0
    for tranche in tranches:
        share = (wording.percentage_text(tranche.percentage), wording.percentage_text(100 - tranche.percentage))
        limit = _("no limit") if tranche.limit_cents is None else formats.money(tranche.limit_cents)
        rows.append((formats.money(floor), limit, *share))
        floor = tranche.limit_cents or floor
    heads = [_("Net above"), _("Up to and including"), _("Provider’s share"), _("Theatre’s share")]
    return [subheading(_("Tranches of the net, excluding VAT")), listing(heads, ["1fr"] * 4, rows, numbers=0)]


def _prices(values: Values) -> Part:
    asked, kept = (_cents(values, code) for code in ("entrance_prices", "settlement_prices"))
    fee = values.get("theatre_surcharge")
    ranks = range(max(len(asked), len(kept)))
    rows = [
        (
            str(rank + 1),
            formats.money(asked[rank] if rank < len(asked) else None),
            formats.money(fee if isinstance(fee, int) else None),
            formats.money(kept[rank] if rank < len(kept) else None),
        )
        for rank in ranks
    ]
    heads = [_("Rank"), _("Entrance price"), _("Theatre surcharge"), _("Settlement price")]
    return listing(heads, ["20mm", "1fr", "1fr", "1fr"], rows or [("–",) * 4], numbers=1)


def _cents(values: Values, code: str) -> list[int]:
    raw = values.get(code)
    return [item for item in raw if isinstance(item, int)] if isinstance(raw, tuple) else []


def _remarks(values: Values) -> list[Part]:
    remarks = str(values.get("remarks") or "").strip()
    return [subheading(_("Remarks")), text(remarks)] if remarks else []


def _readings(format_code: str, values: Values) -> Section:
    """What deviates from the standard reading in full; what follows it in one paragraph."""
    own: list[Row] = []
    standard = []
    for field in fields_of(format_code):
        if not field.is_reading:
            continue
        name, value = wording.said(field.names), wording.value_text(field, values.get(field.code))
        if values.get(field.code) == field.default:
            standard.append(f"{name}: {value}")
        else:
            usual = _("the standard reading is: {value}").format(value=wording.value_text(field, field.default))
            own.append((name, value, usual))
    said = _("Read as the standard does. {readings}.").format(readings="; ".join(standard)) if standard else ""
    lead = _("These parties read the following terms in their own way.") if own else ""
    return section(
        _("How terms are read"),
        text(lead) if own else None,
        terms(own) if own else None,
        (note(said) if own else text(said)) if standard else None,
    )
