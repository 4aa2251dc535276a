"""Ends what tests/settings.py began."""

import os
import shutil

from tests.settings import HOME


def pytest_unconfigure(config: object) -> None:
    """Stop the server of this run; workers of xdist leave that to the process that started it."""
    if os.environ.get("DIP_TEST_OWNER") == str(os.getpid()):
        from dip.site import postgres

        postgres.stop(HOME / "postgres")
        shutil.rmtree(HOME, ignore_errors=True)
