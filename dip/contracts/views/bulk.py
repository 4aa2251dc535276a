"""A whole tour at once: one format and common terms, a row per theatre, concepts for the good rows; and proposing several at once."""

import secrets
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from dip.contracts.actions.drafting import UnableToDraft
from dip.contracts.actions.keyed import draft_once
from dip.contracts.actions.proposing import propose_many
from dip.contracts.forms.bulk import RowForm, amount_of, groups_of
from dip.contracts.forms.drafting import TermsForm, carried, completed_data, shown_codes
from dip.contracts.queries.choices import production_choices, production_to_draft, theatre_choices
from dip.contracts.queries.drafts import draft_values
from dip.contracts.queries.figures import performance_figures
from dip.contracts.queries.lists import all_agreements
from dip.contracts.queries.tours import hall_terms_of, has_framework
from dip.contracts.rules.bases import columns
from dip.contracts.rules.drafts import INCOMPLETE, all_findings, ranks_in_use
from dip.contracts.rules.formats import formats
from dip.contracts.terms.columns import PerformanceFigures
from dip.contracts.terms.fields import FieldGroup, Values
from dip.contracts.terms.stages import AgreementFilter, Stage, Whose
from dip.contracts.wording import said
from dip.contracts.words import finding_text
from dip.definitions import queries as standard
from dip.kernel import clock
from dip.programme.models import Production
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module

_DRAFT = requires(Module.CONTRACTS, Level.MANAGE, providers_only=True)
CREATE, SHOW, MORE_RANKS, MORE_ROWS = "create", "show", "ranks", "rows"
#: Concepts on one page of proposals.
MOST_CONCEPTS = 200


class Tour:
    """The form of a tour: the common terms and a row per agreement to be."""

    def __init__(
        self, request: HttpRequest, access: Access, production: Production, sent: Any, done: frozenset[str] = frozenset()
    ) -> None:
        self.access, self.production, self.sent = access, production, sent
        self.today: date = clock.local(clock.now()).date()
        self.act = sent.get("act", "") if sent is not None else ""
        self.key = (sent or {}).get("key") or secrets.token_urlsafe(12)
        asked = (sent or request.GET).get("format", "")
        self.format_code = asked if asked in {one.code for one in formats()} else "partage"
        self.groups = [group for group in groups_of(theatre_choices(access, production), self.today) if group.key not in done]
        halls = hall_terms_of([group.performances[0].hall_id for group in self.groups], self.today)
        for group in self.groups:
            group.hall_terms = halls.get(group.performances[0].hall_id, {})
        self.amount = amount_of(self.format_code)
        self.terms = self._terms()
        self.rows = [RowForm(sent, group, self.amount) for group in self.groups]

    def _terms(self) -> TermsForm:
        first = self.groups[0] if self.groups else None
        begun = draft_values(
            self.access, format_code=self.format_code, production_id=self.production.pk,
            theatre_id=first.theatre.id if first else 0, numbers=[], on=self.today,
        )  # fmt: skip
        begun |= {"framework_applies": False}
        options: dict[str, Any] = {"format_code": self.format_code, "values": begun, "without": (FieldGroup.SURCHARGES,)}
        options["ranks"] = max((ranks_in_use(group.seats) for group in self.groups), default=1)
        if self.sent is None:
            return TermsForm(**options)
        options["ranks"] = max(options["ranks"], _count(self.sent, "entrance_prices") + (self.act == MORE_RANKS))
        options["rows"] = _count(self.sent, "tranches") + (2 if self.act == MORE_ROWS else 0)
        return TermsForm(completed_data(self.sent, TermsForm(**options)), **options)

    def check(self) -> None:
        """Put findings beside the rows, and what each row gives both parties when it is sold out. Three queries."""
        common = self.terms.readable()
        figures = {one.number: one for one in performance_figures(self.access, [n for group in self.groups for n in group.numbers])}
        frameworks = has_framework(self.access, [group.theatre.organisation_id for group in self.groups], self.today)
        for row in self.rows:
            values = self.values_of(row, common, frameworks)
            found = all_findings(self.format_code, values, ranks_in_use(row.group.seats))
            if self.sent is None:  # nothing was typed yet: what is missing is no news
                found = [one for one in found if one.code not in INCOMPLETE]
            row.findings = [(one.is_warning, finding_text(one, self.format_code)) for one in found]
            if not row.group.theatre.organisation_id:
                row.findings.append((True, _("Not on the platform: it cannot answer yet.")))
            if any(one.is_concept for one in row.group.performances):
                row.findings.append((True, _("Not all performances are published yet.")))
            if values.get("entrance_prices"):
                row.totals = self._totals(values, [figures[number] for number in row.group.numbers if number in figures])

    def values_of(self, row: RowForm, common: Values, frameworks: frozenset[int]) -> dict[str, Any]:
        """The terms of one row; a framework agreement applies where one holds with that theatre."""
        return {**row.terms(common), "framework_applies": row.group.theatre.organisation_id in frameworks}

    def _totals(self, values: Values, figures: list[PerformanceFigures]) -> tuple[int, int]:
        found = columns(
            self.format_code, values, figures,
            low=lambda day: standard.rate("vat_low", day), high=lambda day: standard.rate("vat_high", day), today=self.today,
        ).potential.statement  # fmt: skip
        return found.cents("provider_total"), found.cents("theatre_total")

    def create(self) -> tuple[list[str], set[str]]:
        """Concepts of the ticked rows that nothing refuses: their references, and the keys of those rows. Each row by itself."""
        common = self.terms.readable()
        frameworks = has_framework(self.access, [group.theatre.organisation_id for group in self.groups], self.today)
        references, keys = [], set()
        for row in self.rows:
            if not (row.is_taken and row.is_good):
                continue
            try:
                agreement, _is_new = draft_once(
                    access=self.access, at=clock.now(), key=f"{self.key}-{row.group.key}", format_code=self.format_code,
                    production_id=self.production.pk, theatre_id=row.group.theatre.id, numbers=row.group.numbers,
                    values=self.values_of(row, common, frameworks),
                )  # fmt: skip
                references.append(agreement.reference)
                keys.add(row.group.key)
            except UnableToDraft as refusal:
                row.findings.append((False, refusal.message))
        return references, keys

    def context(self) -> dict[str, Any]:
        """What the page shows."""
        terms = self.terms
        return {
            "module": "contracts", "production": self.production, "key": self.key, "terms": terms, "shown": shown_codes(terms),
            "carried": carried(self.sent, terms), "rows": self.rows, "amount_name": said(self.amount.names) if self.amount else "",
            "formats": [(one.code, said(one.names), said(one.sentences), one.code == self.format_code) for one in formats()],
            "share": terms.controls(FieldGroup.SHARE), "rights": terms.controls(FieldGroup.RIGHTS),
            "practical": [one for one in terms.controls(FieldGroup.PRACTICAL) if one.field.code != "framework_applies"],
            "readings": terms.controls(FieldGroup.READING), "good_count": sum(row.is_good and row.is_taken for row in self.rows),
        }  # fmt: skip


@_DRAFT
@require_http_methods(["GET", "POST"])
def bulk(request: HttpRequest, access: Access) -> HttpResponse:
    """Agreements for all theatres of a production that have none yet."""
    sent = request.POST if request.method == "POST" else None
    dip_id = (sent or request.GET).get("production", "")
    if not dip_id:
        text = request.GET.get("q", "").strip()[:100]
        choices = production_choices(access, clock.local(clock.now()).date(), text, 30)
        return render(
            request, "contracts/new_production.html", {"module": "contracts", "text": text, "choices": choices, "bulk": True}
        )
    try:
        production = production_to_draft(access, dip_id)
    except Production.DoesNotExist as error:
        raise Http404 from error
    tour = Tour(request, access, production, sent)
    tour.check()
    if tour.act != CREATE:
        return render(request, "contracts/bulk.html", tour.context())
    if not tour.terms.is_valid():
        return render(request, "contracts/bulk.html", tour.context(), status=400)
    return _create(request, access, tour)


def _create(request: HttpRequest, access: Access, tour: Tour) -> HttpResponse:
    references, keys = tour.create()
    propose = f"{reverse('contracts-bulk-propose')}?production={tour.production.pk}"
    if references:
        text = ngettext("%(n)s concept is made. Only you see it.", "%(n)s concepts are made. Only you see them.", len(references))
        messages.success(request, text % {"n": len(references)})
    elif tour.rows:
        messages.warning(request, _("No row could be made into a concept. What stands beside each says why."))
    left = [row for row in tour.rows if row.group.key not in keys]
    if not left:
        return redirect(propose)
    tour.rows = left
    return render(request, "contracts/bulk.html", tour.context() | {"made": references, "propose": propose})


@_DRAFT
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, access: Access) -> HttpResponse:
    """Concepts to propose together, each by itself: what is refused says why, and the others go out."""
    sent = request.POST if request.method == "POST" else None
    asked = (sent or request.GET).get("production", "")
    production_id = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    results = {}
    if sent is not None:
        ids = [int(text) for text in sent.getlist("agreement") if text.isdecimal() and len(text) < 19]
        results = {one.agreement_id: one for one in propose_many(access=access, at=clock.now(), agreement_ids=ids[:MOST_CONCEPTS])}
        gone = sum(one.refusal is None for one in results.values())
        if gone:
            text = ngettext("%(n)s agreement is proposed.", "%(n)s agreements are proposed.", gone)
            messages.success(request, text % {"n": gone})
        if not results:
            messages.warning(request, _("Nothing was chosen. Tick the agreements that you propose."))
    wanted = AgreementFilter(whose=Whose.MINE, stage=Stage.CONCEPT, production_id=production_id)
    lines = all_agreements(access, wanted, clock.local(clock.now()).date())[:MOST_CONCEPTS]
    context = {
        "module": "contracts",
        "rows": [_concept(line, results.get(line.id)) for line in lines],
        "results": [one for one in results.values() if one.refusal is None],
        "refused": [one for one in results.values() if one.refusal and one.agreement_id not in {line.id for line in lines}],
        "production_id": production_id,
    }
    return render(request, "contracts/bulk_propose.html", context)


def _concept(line: Any, result: Any) -> dict[str, Any]:
    """A concept, what its terms still lack, and what became of its proposal."""
    found = all_findings(line.format, line.values, ranks_in_use([one.seats for one in line.performances]))
    texts = [finding_text(one, line.format) for one in found if not one.is_warning]
    if result is not None and result.refusal:
        texts = [result.refusal]
    format_name = next(said(one.names) for one in formats() if one.code == line.format)
    return {"line": line, "texts": texts, "format": format_name, "is_ready": not texts}


def _count(data: Any, code: str) -> int:
    """The highest rank or row that was sent of a field."""
    begin = f"t-{code}-"
    places = (name.removeprefix(begin).partition("-")[0] for name in data if name.startswith(begin))
    return max((int(place) for place in places if place.isdecimal() and len(place) < 3), default=0)
