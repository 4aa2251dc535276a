"""Putting the standard into the tables, at every set-up."""

from typing import TypeVar

from django.db import transaction

from dip.definitions import queries, rules
from dip.definitions.models import Country, Genre, Metric, Province, Rate, Threshold
from dip.definitions.terms import MetricTerm, RateTerm, Standard, Texts, ThresholdTerm


class UnableToLoadStandard(ValueError):
    """The files contradict what was published before; the message names code, version, field and remedy."""


@transaction.atomic
def load_standard(*, stated: Standard | None = None) -> int:
    """Bring the tables up to the files; the number of versions that are new. A repeat changes nothing.

    A published version of a metric or threshold is never changed: other text under the same version raises :class:`UnableToLoadStandard`.
    """
    stated = stated or rules.read_standard()
    queries.forget()
    known = queries.standard()
    fresh_metrics = _fresh(stated.metrics, known.metrics)
    fresh_thresholds = _fresh(stated.thresholds, known.thresholds)
    fresh_rates = _fresh(stated.rates, known.rates)
    _load_lists(stated, known)
    Metric.objects.bulk_create(
        Metric(
            code=m.code,
            version=m.version,
            valid_from=m.valid_from,
            unit=m.unit,
            more_is_better=m.more_is_better,
            name=dict(m.names),
            sentence=dict(m.sentences),
            formula=dict(m.formulas),
            owner=m.owner,
        )
        for m in fresh_metrics
    )
    Threshold.objects.bulk_create(
        Threshold(code=t.code, version=t.version, valid_from=t.valid_from, value=t.value, meaning=dict(t.meanings), owner=t.owner)
        for t in fresh_thresholds
    )
    Rate.objects.bulk_create(
        Rate(code=r.code, version=r.version, valid_from=r.valid_from, value=r.value, meaning=dict(r.meanings), owner=r.owner)
        for r in fresh_rates
    )
    queries.forget()
    queries.standard()  # read now, so that no page pays for it
    return len(fresh_metrics) + len(fresh_thresholds) + len(fresh_rates)


Versioned = TypeVar("Versioned", MetricTerm, ThresholdTerm, RateTerm)


def _fresh(stated: tuple[Versioned, ...], known: tuple[Versioned, ...]) -> list[Versioned]:
    """The stated versions that the tables lack; refuses one that was changed."""
    stored = {(term.code, term.version): term for term in known}
    fresh = []
    for term in stated:
        before = stored.get((term.code, term.version))
        if before is None:
            fresh.append(term)
        elif field := rules.difference(term, before):
            raise UnableToLoadStandard(
                f"{term.code} version {term.version} was published with another {field}. Put the published text back, and add a version {term.version + 1}."
            )
    return fresh


def _load_lists(stated: Standard, known: Standard) -> None:
    """Genres, provinces and countries: new ones are added, names may be corrected, an id never gets another code."""
    for kind, before, after in (
        ("genre", known.genres, stated.genres),
        ("province", known.provinces, stated.provinces),
        ("country", known.countries, stated.countries),
    ):
        codes = {term.id: term.code for term in before}  # type: ignore[attr-defined]
        for term in after:  # type: ignore[attr-defined]
            if codes.get(term.id, term.code) != term.code:
                raise UnableToLoadStandard(
                    f"{kind} {term.id} is {codes[term.id]!r}, not {term.code!r}. An id is never used again: give the new one its own."
                )
    for place, genre in enumerate(stated.genres):
        if genre not in known.genres:
            Genre.objects.update_or_create(id=genre.id, defaults={"code": genre.code, "order": place, **_names(genre.names)})
    for country in stated.countries:
        if country not in known.countries:
            Country.objects.update_or_create(id=country.id, defaults={"code": country.code, **_names(country.names)})
    for province in stated.provinces:
        if province not in known.provinces:
            values = {"code": province.code, "name": province.name, "tile_row": province.row, "tile_column": province.column}
            Province.objects.update_or_create(id=province.id, defaults=values)


def _names(names: Texts) -> dict[str, str]:
    return {f"name_{language}": text for language, text in names.items()}
