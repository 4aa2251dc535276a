"""What the address of the list asks for."""

from datetime import date

from django.http import QueryDict

from dip.contracts.rules.formats import formats
from dip.contracts.terms.stages import AgreementFilter, Stage, Whose
from dip.kernel.periods import season_year

#: Values of ``season`` beside a year: everything.
ALL = "all"
#: Values of ``status`` beside the stages.
GROUPS = ("agreeing", "settling", "over")


def read_filter(query: QueryDict, today: date) -> AgreementFilter:
    """The filter of an address; what makes no sense asks nothing. Without a season: this one's, and what is not over of others."""
    season, stage, whose = query.get("season", ""), query.get("status", ""), query.get("turn", "")
    format_code = query.get("format", "")
    return AgreementFilter(
        whose=whose if whose in set(Whose) else "",
        stage=stage if stage in {*GROUPS, *Stage} else "",
        season_year=None if season == ALL else _number(season) or season_year(today),
        is_current=season != ALL and not _number(season),
        format=format_code if format_code in {one.code for one in formats()} else "",
        theatre_id=_number(query.get("theatre", "")),
        production_id=_number(query.get("production", "")),
        text=query.get("q", "").strip()[:100],
    )


def read_page(query: QueryDict) -> int:
    """The page asked for; the first when that is nonsense."""
    return _number(query.get("page", "")) or 1


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 and int(text) else None
