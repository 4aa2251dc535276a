"""Speaking the external API: tokens, retries, and refusals told as the platform told them."""

import time
from typing import Any

import httpx

_TRIES = 4
_AGAIN = frozenset({429, 502, 503, 504})


class UnableToReplay(Exception):
    """The platform refused, or cannot be reached; the message says what was asked and what it answered."""


class Wire:
    """One client of the API, with its own credentials. Tokens are bought when first needed and again when they run out."""

    def __init__(self, base_url: str, client_id: str, client_secret: str, http: httpx.Client | None = None) -> None:
        self._base, self._id, self._secret = base_url.rstrip("/"), client_id, client_secret
        self._http = http or httpx.Client(timeout=120)
        self._token = ""

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def get(self, path: str, **query: str | int) -> Any:
        """The answer to a read."""
        return self._call("GET", path, params=query)

    def post(self, path: str, body: Any) -> Any:
        """The answer to a creation."""
        return self._call("POST", path, json=body)

    def put(self, path: str, body: Any) -> Any:
        """The answer to a push."""
        return self._call("PUT", path, json=body)

    def _call(self, method: str, path: str, **how: Any) -> Any:
        response = self._send(method, path, **how)
        if response.status_code == 401:
            self._token = ""
            response = self._send(method, path, **how)
        if response.status_code >= 400:
            raise UnableToReplay(f"{method} {path} was answered with {response.status_code}: {_told(response)}")
        return response.json()

    def _send(self, method: str, path: str, **how: Any) -> httpx.Response:
        for attempt in range(_TRIES):
            try:
                if not self._token:
                    self._token = self._buy()
                headers = {"Authorization": f"Bearer {self._token}"}
                response = self._http.request(method, f"{self._base}{path}", headers=headers, **how)
            except httpx.TransportError as error:
                if attempt == _TRIES - 1:
                    raise UnableToReplay(f"{self._base} cannot be reached: {error}. Is the platform up (`dip up`)?") from error
            else:
                if response.status_code not in _AGAIN or attempt == _TRIES - 1:
                    return response
            time.sleep(0.3 * 2**attempt)
        raise AssertionError("the loop returns or raises")

    def _buy(self) -> str:
        form = {"grant_type": "client_credentials", "client_id": self._id, "client_secret": self._secret}
        response = self._http.post(f"{self._base}/token", data=form)
        if response.status_code >= 400:
            raise UnableToReplay(
                f"No token for client {self._id!r} ({response.status_code}: {_told(response)}). Check the id and the secret; "
                "an organisation's super-user makes clients on the page API clients, and `dip demo --build-only` prints those of the demo."
            )
        token: str = response.json()["access_token"]
        return token


def _told(response: httpx.Response) -> str:
    try:
        body = response.json()
    except ValueError:
        return response.text[:300]
    if isinstance(body, dict):
        return str(body.get("error_description") or body.get("error") or body)[:2000]
    return str(body)[:300]
