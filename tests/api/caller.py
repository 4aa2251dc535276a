"""Calls the external API as a system does: with a token, JSON in, JSON out."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.test import Client

from dip.kernel.clock import now
from dip.registry.models import Organisation
from dip.registry.terms import Level, Module, Role
from dip.registry.tokens import issue_token
from tests.factories.registry import make_api_client

BASE = "/external/v1"
READS = {Module.SALES: Level.VIEW, Module.PROGRAMME: Level.VIEW}


class Caller:
    """A system with credentials of its own."""

    def __init__(
        self, organisation: Organisation, role: Role, rights: Mapping[Module, Level] | None = None, base: str = BASE
    ) -> None:
        self.api_client, secret = make_api_client(organisation, role, rights)
        self._token, _ = issue_token(self.api_client.client_id, secret, now())
        self._http, self._base = Client(), base

    def get(self, path: str, **query: Any) -> Any:
        return self._http.get(self._base + path, query, headers=self._headers())

    def put(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Any:
        return self._send(self._http.put, path, body, headers)

    def post(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Any:
        return self._send(self._http.post, path, body, headers)

    def _send(self, method: Any, path: str, body: Any, headers: Mapping[str, str] | None) -> Any:
        data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return method(self._base + path, data, content_type="application/json", headers=self._headers() | dict(headers or {}))

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}


def refusal(answer: Any, status: int = 400) -> str:
    """The description of a refusal, whose shape is checked."""
    assert answer.status_code == status, answer.content
    body = answer.json()
    assert {"error", "error_description"} <= set(body)
    if status == 400:
        assert body["error"] == "Invalid response"
    return str(body["error_description"])
