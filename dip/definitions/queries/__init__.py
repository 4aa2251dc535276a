"""The standard as pages and rules ask for it: read once per process, from the tables.

Public knowledge, so no access is asked. The tables change only when the platform is set up anew, see :mod:`dip.definitions.actions`.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import lru_cache

from dip.definitions import rules
from dip.definitions.models import Country, Genre, Metric, Province, Rate, Threshold
from dip.definitions.terms import (
    CountryTerm,
    DatedRate,
    Definition,
    GenreTerm,
    Limit,
    MetricTerm,
    ProvinceTerm,
    RateTerm,
    Standard,
    ThresholdTerm,
)
from dip.kernel import clock


class UnknownCode(LookupError):
    """The standard has no such metric or threshold."""


@lru_cache(maxsize=1)
def standard() -> Standard:
    """Everything in the tables; six queries, the first time in a process."""
    return Standard(
        genres=tuple(
            GenreTerm(g.pk, g.code, {"nl": g.name_nl, "en": g.name_en, "fr": g.name_fr})
            for g in Genre.objects.order_by("order", "id")
        ),
        provinces=tuple(ProvinceTerm(p.pk, p.code, p.name, p.tile_row, p.tile_column) for p in Province.objects.order_by("id")),
        countries=tuple(
            CountryTerm(c.pk, c.code, {"nl": c.name_nl, "en": c.name_en, "fr": c.name_fr}) for c in Country.objects.order_by("id")
        ),
        metrics=tuple(_metric_term(row) for row in Metric.objects.order_by("code", "version")),
        thresholds=tuple(_threshold_term(row) for row in Threshold.objects.order_by("code", "version")),
        rates=tuple(
            RateTerm(row.code, row.version, row.valid_from, row.value.normalize(), row.meaning, row.owner)
            for row in Rate.objects.order_by("code", "version")
        ),
    )


def _metric_term(row: Metric) -> MetricTerm:
    return MetricTerm(
        row.code, row.version, row.valid_from, row.unit, row.more_is_better, row.name, row.sentence, row.formula, row.owner
    )


def _threshold_term(row: Threshold) -> ThresholdTerm:
    return ThresholdTerm(row.code, row.version, row.valid_from, float(row.value), row.meaning, row.owner)


def forget() -> None:
    """Read the tables again at the next question."""
    standard.cache_clear()


def genres() -> tuple[GenreTerm, ...]:
    """The national genres in their fixed order."""
    return standard().genres


def provinces() -> tuple[ProvinceTerm, ...]:
    """The provinces, by id."""
    return standard().provinces


def countries() -> tuple[CountryTerm, ...]:
    """The countries, by id."""
    return standard().countries


def metric(code: str, language: str, on: date | None = None) -> Definition:
    """The definition of a metric that holds on a day (default today); raises :class:`UnknownCode`."""
    term = rules.holds_on(standard().metrics, code, on or clock.local(clock.now()).date())
    if term is None:
        raise UnknownCode(f"There is no metric {code!r} in the standard.")
    return in_language(term, language)


def explained(codes: Iterable[str], language: str) -> list[tuple[str, str]]:
    """Name and text of each metric once, as a download explains its figures."""
    found = (metric(code, language) for code in dict.fromkeys(codes))
    return [(one.name, f"{one.sentence} {one.formula}. {one.version_name}") for one in found]


def metric_versions(code: str, language: str) -> list[Definition]:
    """All versions of a metric, newest first; empty for an unknown code."""
    return [in_language(term, language) for term in reversed(standard().metrics) if term.code == code]


def metrics(language: str, on: date | None = None) -> list[Definition]:
    """Every metric as it holds on a day (default today), by code."""
    return [metric(code, language, on) for code in dict.fromkeys(term.code for term in standard().metrics)]


def threshold(code: str, on: date | None = None) -> float:
    """The value of a limit on a day (default today); raises :class:`UnknownCode`."""
    return _limit(code, on).value


def thresholds(language: str, on: date | None = None) -> list[Limit]:
    """Every limit with its meaning, by code."""
    codes = dict.fromkeys(term.code for term in standard().thresholds)
    found = [_limit(code, on) for code in codes]
    return [Limit(t.code, t.value, t.meanings.get(language, t.meanings["nl"]), t.owner, t.version, t.valid_from) for t in found]


def _limit(code: str, on: date | None) -> ThresholdTerm:
    term = rules.holds_on(standard().thresholds, code, on or clock.local(clock.now()).date())
    if term is None:
        raise UnknownCode(f"There is no threshold {code!r} in the standard.")
    return term


def rate(code: str, on: date) -> Fraction:
    """The value of a rate on a day, exact: ``rate("vat_low", day) == Fraction(9, 100)``; raises :class:`UnknownCode`."""
    return Fraction(rate_term(code, on).value)


def rate_term(code: str, on: date) -> RateTerm:
    """The version of a rate that holds on a day; raises :class:`UnknownCode`."""
    term = rules.holds_on(standard().rates, code, on)
    if term is None:
        raise UnknownCode(f"There is no rate {code!r} in the standard on {on}.")
    return term


def rates(language: str) -> list[DatedRate]:
    """Every version of every rate, by code, the newest first."""
    newest_first = sorted(standard().rates, key=lambda term: (term.code, -term.version))
    return [
        DatedRate(t.code, t.value, t.meanings.get(language, t.meanings["nl"]), t.owner, t.version, t.valid_from)
        for t in newest_first
    ]


def in_language(term: MetricTerm, language: str) -> Definition:
    """A metric's version with its texts in one language, Dutch when it has no others."""
    name, sentence, formula = (texts.get(language, texts["nl"]) for texts in (term.names, term.sentences, term.formulas))
    return Definition(term.code, name, sentence, formula, term.unit, term.more_is_better, term.owner, term.version, term.valid_from)
