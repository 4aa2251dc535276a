"""Calls /api/v2 as a system does, and checks what every answer carries."""

from typing import Any

import msgspec

from dip.registry.terms import Role
from tests.api.caller import Caller
from tests.factories.programme import make_genre, make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_organisation

BASE = "/api/v2"


class Modern(Caller):
    """A system that speaks the modern API."""

    def __init__(self, *given: Any, **over: Any) -> None:
        super().__init__(*given, **over, base=BASE)

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
        return checked(self._http.get(self._base + path, query, headers=self._headers() | (headers or {})))

    def follow(self, address: str) -> Any:
        return checked(self._http.get(address[address.index(BASE) :], headers=self._headers()))

    def post(self, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        return checked(self._send(self._http.post, path, {} if body is None else body, headers))

    def patch(self, path: str, body: Any, headers: dict[str, str] | None = None) -> Any:
        return checked(self._send(self._http.patch, path, body, headers))

    def change(self, path: str, body: Any) -> Any:
        return self.patch(path, body, {"If-Match": self.get(path)["ETag"]})

    def delete(self, path: str) -> Any:
        return checked(self._http.delete(self._base + path, headers=self._headers()))


def checked(answer: Any) -> Any:
    """The answer, which carries the version, and is a problem when it refuses."""
    assert answer["API-Version"] == "2.0.0"
    if answer.status_code >= 400:
        problem(answer, answer.status_code)
    return answer


def problem(answer: Any, status: int, kind: str = "") -> dict[str, Any]:
    """The members of a problem, whose shape is checked."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = msgspec.json.decode(answer.content)
    assert body["status"] == status
    assert body["type"].startswith("/api/v2/docs#")
    assert body["title"]
    assert body["detail"]
    if kind:
        assert body["type"].endswith(f"#{kind}"), body
    return body


class Cast:
    """A tour of two evenings: its theatre, producer and agency, and strangers to all."""

    def __init__(self) -> None:
        make_genre("dance")
        self.house = make_organisation(Role.THEATRE)
        self.producing, self.acting = make_organisation(Role.PRODUCER), make_organisation(Role.AGENCY)
        self.hall = make_hall(make_theatre(self.house, contact_email="kassa@vlonder.example"), ranks=[300, 100])
        self.production = make_production(self.producing, agency=self.acting, external_ref="w-1")
        self.evenings = [make_performance(self.production, self.hall) for _ in range(2)]
        self.concept = make_performance(self.production, self.hall, state="concept")
        self.theatre, self.producer = Modern(self.house, Role.THEATRE), Modern(self.producing, Role.PRODUCER)
        self.agency = Modern(self.acting, Role.AGENCY)
        self.stranger = Modern(make_organisation(Role.PRODUCER), Role.PRODUCER)
        self.strange_house = Modern(make_organisation(Role.THEATRE), Role.THEATRE)

    @property
    def path(self) -> str:
        return f"/performances/{self.evenings[0].number}"

    @property
    def production_path(self) -> str:
        return f"/productions/{self.production.dip_id}"


def tour_row(cast: Cast, **over: Any) -> dict[str, Any]:
    """A row of a tour in the cast's hall."""
    return {"startsAt": "2027-02-03T20:15:00+01:00", "theatreId": cast.hall.theatre_id, "hallId": cast.hall.pk} | over


def entry(**over: Any) -> dict[str, Any]:
    """A production to enter."""
    return {"title": "De Vlonder", "season": "2026-2027", "genreId": 3} | over
