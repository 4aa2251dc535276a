"""Calls to addresses that people enter: connectors to ticketing systems, and webhooks. Never into our own network.

An address is checked when it is entered and again at each call, with the address that its name then stands for, to which the
connection is pinned: a name that changes between the check and the call leads nowhere else.
"""

import ipaddress
import socket
import ssl
from functools import lru_cache
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

#: Seconds to connect, and between two pieces of an answer.
CONNECT, READ = 5.0, 30.0


class UnableToCall(Exception):
    """The address may not or cannot be called; the message says why and what to do."""


def checked_address(address: str) -> str:
    """The address without a trailing slash, when it may be called. Raises :class:`UnableToCall`."""
    parts = urlsplit(address.strip())
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username or parts.fragment:
        raise UnableToCall(_("“%(address)s” is no address of the form https://tickets.example.nl.") % {"address": address})
    if parts.scheme == "http" and not settings.PRIVATE_CALLS:
        raise UnableToCall(_("“%(address)s” is not encrypted. Give an address that begins with https://.") % {"address": address})
    return address.strip().rstrip("/")


def resolve(host: str, port: int) -> str:
    """The network address to connect to. Raises :class:`UnableToCall` for unknown names and for addresses inside a network."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise UnableToCall(_("The name “%(host)s” is not known on the internet. Check the address.") % {"host": host}) from error
    if settings.PRIVATE_CALLS:
        return found[0]
    for one in found:
        if not ipaddress.ip_address(one).is_global:
            raise UnableToCall(_("“%(host)s” lies inside a private network, where the platform does not call.") % {"host": host})
    return found[0]


class _Pinned(httpx.HTTPTransport):
    """Connects to the address that was checked, under the name that was asked for."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        address = resolve(host, port)
        request.headers.setdefault("Host", request.url.netloc.decode())
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=address)
        return super().handle_request(request)


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """The authorities that are trusted, read once: that takes longer than many a call."""
    return httpx.create_ssl_context(trust_env=False)


def client(base_url: str = "", headers: dict[str, str] | None = None, *, timeout: float = READ) -> httpx.Client:
    """A client whose every call is checked; it follows no redirect. Use it as a context manager.

    Raises :class:`UnableToCall` at the call for an address that may not be called, ``httpx.HTTPError`` for one that fails.
    """
    return httpx.Client(
        base_url=base_url,
        headers={"User-Agent": "DIP", **(headers or {})},
        timeout=httpx.Timeout(timeout, connect=CONNECT),
        follow_redirects=False,
        trust_env=False,
        transport=_Pinned(retries=0, verify=_trust()),
    )
