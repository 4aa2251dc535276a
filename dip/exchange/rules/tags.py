"""Entity tags: which version of an answer a client has."""

import hashlib
import re

_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def tag_of(content: bytes) -> str:
    """The tag of an answer's bytes, in quotes."""
    return f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


def is_among(tag: str, header: str) -> bool:
    """Whether ``tag`` is one of a header's (If-Match, If-None-Match), or the header is ``*``.

    Compared without the mark of weakness: whatever compresses an answer on its way makes its tag weak, and the client sends that back.
    """
    return header.strip() == "*" or tag.strip('"') in _TAG.findall(header)
