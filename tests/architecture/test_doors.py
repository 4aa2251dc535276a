"""Every page and endpoint says who may open it, and a stranger gets nothing."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

#: Without an account: sign-in help, health, public documents.
PUBLIC = {"live", "ready", "metrics"}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def is_ours(pattern: URLPattern) -> bool:
    return pattern.callback.__module__.startswith("dip.")


OURS = [(route, pattern) for route, pattern in patterns(get_resolver()) if is_ours(pattern)]


def sample(route: str) -> str:
    import re

    values = {"int": "987654321", "slug": "none", "str": "none", "path": "none", "uuid": "00000000-0000-0000-0000-000000000000"}
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda m: values.get(m[1] or "str", "none"), route)


def test_there_are_pages():
    assert len(OURS) > 20


@pytest.mark.parametrize(("route", "pattern"), OURS, ids=[route for route, _ in OURS])
def test_every_door_says_who_may_open_it(route, pattern):
    assert getattr(pattern.callback, "guarded_by", None), f"{route} has no guard: use a decorator of registry.guard"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("route", "pattern"), [p for p in OURS if getattr(p[1].callback, "guarded_by", "") != "public"], ids=lambda p: str(p)
)
def test_a_stranger_gets_nothing(client, route, pattern):
    if not isinstance(route, str):
        return
    response = client.get(sample(route))
    assert response.status_code in {302, 401, 403, 404, 405}, f"{route} answered {response.status_code} to a stranger"
    if response.status_code == 302:
        assert "/account/login" in response["Location"]
