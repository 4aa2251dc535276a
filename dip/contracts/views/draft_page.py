"""The form of a concept as a page: what it begins with, what was sent, and what is wrong with it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _

from dip.contracts.forms.drafting import PREFIX, DraftForm, TermsForm, carried, completed_data, shown_codes
from dip.contracts.models import Agreement
from dip.contracts.queries.choices import MOST, Earlier, PerformanceChoice, TheatreChoice, earlier_agreements, earlier_terms
from dip.contracts.queries.drafts import draft_values, findings_of
from dip.contracts.queries.parties import own_settings
from dip.contracts.rules.drafts import all_findings, ranks_in_use, settlement_prices
from dip.contracts.rules.formats import format_of, formats
from dip.contracts.rules.values import fields_of, restored
from dip.contracts.terms.fields import FieldGroup, TermsFinding, Value
from dip.contracts.wording import said
from dip.contracts.words import finding_text
from dip.programme.models import Production
from dip.registry.terms import Access

#: What the buttons of the form ask, beside saving: the fields of the chosen format, another rank, more tranches.
SHOW, MORE_RANKS, MORE_ROWS, PROPOSE = "show", "ranks", "rows", "propose"


@dataclass(slots=True)
class Drafting:
    """A concept being written: for which production and theatre, and the agreement when it exists already."""

    access: Access
    production: Production
    theatre: TheatreChoice
    today: date
    agreement: Agreement | None = None
    held: Sequence[int] = ()
    """Performances that the agreement has now."""


class DraftPage:
    """Both forms of a concept, bound to what was sent or filled with what it begins with."""

    def __init__(self, request: HttpRequest, drafting: Drafting) -> None:
        self.drafting = drafting
        self.sent = request.POST if request.method == "POST" else None
        self.act = request.POST.get("act", "") if self.sent is not None else ""
        self.key = (self.sent or {}).get("key") or secrets.token_urlsafe(12)
        self.earlier_id = _number(request.GET.get("copy", "")) if self.sent is None else None
        self.other_findings: list[tuple[bool, str]] = []
        source = self._source(request.GET)
        self.form = self._form(source)
        self.format_code = self._format(source)
        self.terms = self._terms(source)

    @property
    def tickable(self) -> list[PerformanceChoice]:
        """Performances that can be chosen: not cancelled, not under an approved agreement; what the concept has stays choosable."""
        held = set(self.drafting.held)
        return [one for one in self.drafting.theatre.performances if one.number in held or not (one.is_cancelled or one.is_bound)]

    @property
    def chosen(self) -> list[PerformanceChoice]:
        """Performances ticked now."""
        numbers = set(self.form.chosen)
        return [one for one in self.drafting.theatre.performances if one.number in numbers]

    def _source(self, query: QueryDict) -> dict[str, Any]:
        """What a form that was not sent yet begins with: the concept itself, an earlier agreement, or nothing."""
        agreement, access = self.drafting.agreement, self.drafting.access
        if agreement is not None:
            names = ("name", "theatre_contact", "provider_contact", "agency_as_provider")
            kept = {name: getattr(agreement, name) for name in names}
            terms = restored(agreement.format, agreement.terms)
            return kept | {"format": agreement.format, "terms": terms, "numbers": list(self.drafting.held)}
        asked = [number for text in query.getlist("numbers") if (number := _number(text))]
        free = [one.number for one in self.drafting.theatre.free if one.on >= self.drafting.today]
        begun: dict[str, Any] = {"numbers": asked or free[:MOST], "provider_contact": own_settings(access).contact_email}
        begun["format"] = query.get("format") if query.get("format") in {one.code for one in formats()} else "partage"
        copied = earlier_terms(access, self.earlier_id) if self.earlier_id else None
        if copied is None:
            return begun
        is_same = copied.theatre_id == self.drafting.theatre.id
        contacts = {"theatre_contact": copied.theatre_contact if is_same else "", "provider_contact": copied.provider_contact}
        return begun | contacts | {"format": copied.format, "copied": copied.terms}

    def _form(self, source: Mapping[str, Any]) -> DraftForm:
        numbers = [one.number for one in self.tickable]
        by_agency = self.drafting.production.agency_id is not None
        return DraftForm(self.sent, numbers=numbers, by_agency=by_agency, initial=source)

    def _format(self, source: Mapping[str, Any]) -> str:
        asked = self.sent.get("format", "") if self.sent is not None else source["format"]
        return asked if asked in {one.code for one in formats()} else source["format"]

    def _begun(self, source: Mapping[str, Any]) -> dict[str, Value]:
        """The terms that the fields begin with, in the format chosen now."""
        drafting, code = self.drafting, self.format_code
        if drafting.agreement is not None and code == drafting.agreement.format:
            return dict(source["terms"])
        numbers = [one.number for one in self.chosen]
        values = draft_values(
            drafting.access, format_code=code, production_id=drafting.production.pk, theatre_id=drafting.theatre.id,
            numbers=numbers, on=drafting.today,
        )  # fmt: skip
        known = {field.code for field in fields_of(code)}
        earlier = source.get("terms") or source.get("copied") or {}
        values |= {name: value for name, value in earlier.items() if name in known}
        if source.get("copied") and values.get("entrance_prices"):
            values["settlement_prices"] = settlement_prices(values)
        return values

    def _terms(self, source: Mapping[str, Any]) -> TermsForm:
        options: dict[str, Any] = {"format_code": self.format_code, "values": self._begun(source)}
        options["seats"] = [one.seats for one in self.chosen]
        if self.sent is None:
            return TermsForm(**options)
        options["ranks"] = _highest(self.sent, "entrance_prices") + (self.act == MORE_RANKS)
        options["rows"] = _highest(self.sent, "tranches") + (2 if self.act == MORE_ROWS else 0)
        return TermsForm(completed_data(self.sent, TermsForm(**options)), **options)

    def is_valid(self) -> bool:
        """Whether everything can be read; both forms say what cannot."""
        return all([self.form.is_valid(), self.terms.is_valid()])

    def tell(self, findings: Sequence[TermsFinding]) -> None:
        """Put findings beside what they are about: a field, the performances, a contact, or over the form."""
        for finding in self.terms.tell(findings, finding_text):
            text = finding_text(finding, self.format_code)
            name = "numbers" if finding.field == "performances" else finding.field
            if name in self.form.fields and not finding.is_warning and self.form.is_bound:
                self.form.add_error(name, text)
            else:
                self.other_findings.append((finding.is_warning, text))

    def tell_of_concept(self) -> None:
        """What still stands between the concept as it is kept and its proposal."""
        if self.drafting.agreement is not None:
            self.tell(findings_of(self.drafting.access, self.drafting.agreement, self.drafting.today))

    def draft(self) -> dict[str, Any]:
        """As the actions take it, after :meth:`is_valid`."""
        return {
            "format_code": self.format_code,
            "numbers": self.form.chosen,
            "values": self.terms.values(),
            **self.form.facts(),
        }

    def preview_findings(self, values: Mapping[str, Value]) -> list[tuple[str, bool, str]]:
        """What is wrong with terms as they are typed, or remarkable: address on the page, whether a warning only, the sentence."""
        found = all_findings(self.format_code, values, ranks_in_use([one.seats for one in self.chosen]))
        return [(f"#id_{self.anchor(one.field)}", one.is_warning, finding_text(one, self.format_code)) for one in found]

    def anchor(self, code: str) -> str:
        """The name of the first control of a field."""
        name = PREFIX + code
        return next((each for each in self.terms.fields if each == name or each.startswith(f"{name}-")), name)

    def context(self) -> dict[str, Any]:
        """What the page shows."""
        drafting, terms = self.drafting, self.terms
        numbers = set(self.form.chosen)
        return {
            "module": "contracts",
            "production": drafting.production,
            "theatre": drafting.theatre,
            "agreement": drafting.agreement,
            "key": self.key,
            "form": self.form,
            "terms": terms,
            "shown": shown_codes(terms),
            "carried": carried(self.sent, terms),
            "formats": [(one.code, said(one.names), said(one.sentences), one.code == self.format_code) for one in formats()],
            "format_sentence": said(format_of(self.format_code).sentences),
            "performances": [_row(one, numbers, set(drafting.held)) for one in drafting.theatre.performances],
            "most": MOST,
            "share": terms.controls(FieldGroup.SHARE),
            "rights": terms.controls(FieldGroup.RIGHTS),
            "surcharges": terms.controls(FieldGroup.SURCHARGES),
            "practical": terms.controls(FieldGroup.PRACTICAL),
            "readings": terms.controls(FieldGroup.READING),
            "findings": self.other_findings,
            "seen": drafting.agreement.modified_at.isoformat() if drafting.agreement else "",
            "earlier": self._earlier(),
            "copied": self.earlier_id,
        }

    def _earlier(self) -> list[Earlier]:
        """Agreements to begin from, while nothing is typed yet."""
        if self.drafting.agreement is not None or self.sent is not None:
            return []
        return earlier_agreements(self.drafting.access, self.drafting.production.pk, self.drafting.theatre.id)


def _row(one: PerformanceChoice, ticked: set[int], held: set[int]) -> dict[str, Any]:
    """A performance to tick, and why it cannot be."""
    is_off = one.number not in held and (one.is_cancelled or one.is_bound)
    seats = " + ".join(str(count) for count in one.seats)
    why = _("cancelled") if one.is_cancelled else _("not published yet") if one.is_concept else ""
    return {"one": one, "is_ticked": one.number in ticked, "is_off": is_off, "seats": seats, "why": why}


def _highest(data: QueryDict, code: str) -> int:
    """The highest rank or row that a sent form has of a field."""
    begin = f"{PREFIX}{code}-"
    rows = (name.removeprefix(begin).partition("-")[0] for name in data if name.startswith(begin))
    return max((int(row) for row in rows if row.isdecimal() and len(row) < 3), default=0)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def chosen_theatre(theatres: Sequence[TheatreChoice], query: QueryDict) -> TheatreChoice | None:
    """The theatre that the address names, or that its performances are in, or the only one; 404 for one where it does not play."""
    asked = _number(query.get("theatre", ""))
    if asked is not None:
        found = next((one for one in theatres if one.id == asked), None)
        if found is None:
            raise Http404
        return found
    numbers = {number for text in query.getlist("numbers") if (number := _number(text))}
    here = [one for one in theatres if numbers & {each.number for each in one.performances}]
    return here[0] if here else theatres[0] if len(theatres) == 1 else None
