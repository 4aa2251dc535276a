"""What the address of a page asks: by what, which measure, of which genre, and how it is drawn."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dip.definitions.queries import genres
from dip.warehouse.terms import Dimension, TrendMeasure


class Scale(StrEnum):
    """How a trend is drawn."""

    VALUES = "values"
    INDEX = "index"


Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Question:
    """The parameters of a page, read and checked. What could not be read is told in ``problems``, never guessed silently."""

    dimension: Dimension
    measure: TrendMeasure
    genre_id: int | None
    scale: Scale
    problems: tuple[str, ...]


def read(request: HttpRequest) -> Question:
    """Everything that a page of the trends may be asked."""
    problems: list[str] = []
    dimension = _choice(request, "by", Dimension, Dimension.GENRE, problems)
    return Question(
        dimension=dimension,
        measure=_choice(request, "measure", TrendMeasure, TrendMeasure.OCCUPANCY, problems),
        genre_id=None if dimension is Dimension.GENRE else _genre(request, problems),
        scale=_choice(request, "scale", Scale, Scale.VALUES, problems),
        problems=tuple(problems),
    )


def _choice(request: HttpRequest, name: str, kind: type[Choice], otherwise: Choice, problems: list[str]) -> Choice:
    text = request.GET.get(name, "").strip()
    if not text:
        return otherwise
    try:
        return kind(text)
    except ValueError:
        known = ", ".join(kind)
        problems.append(_("“{name}” is {value}; give one of {known}.").format(name=name, value=text[:40], known=known))
        return otherwise


def _genre(request: HttpRequest, problems: list[str]) -> int | None:
    text = request.GET.get("genre", "").strip()
    known = {str(genre.id): genre.id for genre in genres()}
    if not text:
        return None
    if text not in known:
        problems.append(
            _("“{name}” is {value}; give one of {known}.").format(name="genre", value=text[:40], known=", ".join(known))
        )
    return known.get(text)
