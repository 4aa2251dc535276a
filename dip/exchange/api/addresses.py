"""Addresses of ``/api/v2``, made from its operations."""

import re
from itertools import groupby

from django.urls import URLPattern, path, re_path

from dip.exchange.api.answering import answering, nothing
from dip.exchange.api.operations import OPERATIONS, PREFIX
from dip.exchange.api.specification import specification_of


def patterns(token_url: str) -> list[URLPattern]:
    """One pattern a path; what is left under the prefix is nothing."""
    root = PREFIX.lstrip("/")
    ordered = sorted(OPERATIONS, key=lambda operation: operation.path)
    found = [path(f"{root}/openapi.json", specification_of(token_url), name="api-v2-openapi")]
    for where, group in groupby(ordered, key=lambda operation: operation.path):
        route = re.sub(r"{(\w+)}", r"<str:\1>", where)
        found.append(
            path(f"{root}{route}", answering(list(group)), name=f"api-v2{re.sub(r'[^a-z]+', '-', where.lower())}".rstrip("-"))
        )
    return found


def rest() -> URLPattern:
    """Everything else under the prefix."""
    return re_path(rf"^{PREFIX.lstrip('/')}(?:/[\s\S]*)?\Z", nothing)
