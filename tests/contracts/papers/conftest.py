"""A signer is kept by the key's number, and tests give numbers out again."""

import pytest

from dip.registry import seals


@pytest.fixture(autouse=True)
def _forget_signers():
    seals._signer.cache_clear()
    yield
    seals._signer.cache_clear()
