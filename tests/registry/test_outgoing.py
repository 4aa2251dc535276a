"""Calls to addresses that people enter never lead into a private network; secrets at rest are sealed."""

import pytest

from dip.registry import outgoing
from dip.registry.sealed import UnableToUnseal, seal, unseal


@pytest.mark.parametrize("address", ["ftp://a.example", "tickets.example", "https://", "https://user:pw@a.example", "javascript:1"])
def test_what_is_no_address_is_refused_with_its_value(address):
    with pytest.raises(outgoing.UnableToCall, match="https://tickets"):
        outgoing.checked_address(address)


def test_plain_http_needs_private_calls(settings):
    settings.PRIVATE_CALLS = True
    assert outgoing.checked_address("http://127.0.0.1:8345/") == "http://127.0.0.1:8345"
    settings.PRIVATE_CALLS = False
    with pytest.raises(outgoing.UnableToCall):
        outgoing.checked_address("http://127.0.0.1:8345/")


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "localhost", "::1", "192.168.1.1"])
def test_private_addresses_are_not_called(settings, host):
    settings.PRIVATE_CALLS = False
    with pytest.raises(outgoing.UnableToCall), outgoing.client() as client:
        client.get(f"https://[{host}]/" if ":" in host else f"https://{host}/")


def test_a_call_reaches_a_server_under_its_own_name(settings, live_server):
    settings.PRIVATE_CALLS = True
    with outgoing.client(live_server.url) as client:
        assert client.get("/health/live").status_code == 200


def test_sealed_secrets_come_back_only_with_the_key_and_purpose(settings):
    sealed = seal("geheim", "connector")
    assert "geheim" not in sealed
    assert unseal(sealed, "connector") == "geheim"
    with pytest.raises(UnableToUnseal):
        unseal(sealed, "webhook")
    settings.SECRET_KEY = "x" * 40
    with pytest.raises(UnableToUnseal):
        unseal(sealed, "connector")
