"""Looking up the theatres and halls that entries name, following merges."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dip.programme.models import Hall, RankTemplate, Theatre
from dip.programme.rules.checks import VenueFacts
from dip.programme.rules.ranks import seats_at_first


@dataclass(frozen=True, slots=True)
class Venue:
    """A theatre and hall found, with what the checks need; ``theatre`` or ``hall`` None when there is none."""

    theatre: Theatre | None
    hall: Hall | None
    template: tuple[int, ...] | None

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the venue."""
        return ZoneInfo(self.theatre.time_zone if self.theatre else "Europe/Amsterdam")

    @property
    def facts(self) -> VenueFacts:
        """As the checks take it."""
        theatre, hall = self.theatre, self.hall
        return VenueFacts(
            theatre_id=theatre.pk if theatre else None,
            theatre_name=theatre.name if theatre else "",
            theatre_in_use=bool(theatre and not theatre.do_not_use),
            hall_id=hall.pk if hall else None,
            hall_name=hall.name if hall else "",
            hall_theatre_id=hall.theatre_id if hall else None,
            hall_in_use=bool(hall and not hall.do_not_use),
            hall_capacity=hall.capacity if hall else 0,
        )

    @property
    def seats(self) -> list[int]:
        """Seats per rank of a new performance here."""
        return seats_at_first(self.template, self.hall.capacity if self.hall else 0)


class Venues:
    """The venues of many entries in a fixed number of queries. An id that was merged away answers with its target."""

    def __init__(self, pairs: Iterable[tuple[int, int]]) -> None:
        wanted = list(pairs)
        self._theatres = _followed(Theatre, {theatre for theatre, _ in wanted})
        self._halls = _followed(Hall, {hall for _, hall in wanted})
        halls = {hall.pk for hall in self._halls.values()}
        defaults = RankTemplate.objects.filter(hall_id__in=halls, is_default=True)
        self._templates = {t.hall_id: tuple(t.seats) for t in defaults}

    def find(self, theatre_id: int, hall_id: int) -> Venue:
        """The venue of one entry."""
        hall = self._halls.get(hall_id)
        return Venue(self._theatres.get(theatre_id), hall, self._templates.get(hall.pk) if hall else None)


def _followed(model: type[Theatre] | type[Hall], ids: set[int]) -> dict[int, Theatre | Hall]:
    """Rows by the id asked for; where that one was merged, the one it was merged into. Merges are kept one step deep."""
    rows = model.objects.select_related("merged_into").filter(pk__in=ids)
    return {row.pk: row.merged_into or row for row in rows}
