"""One embedded PostgreSQL per run, thrown away after it; DIP_HOME in a temporary folder."""

import os
import shutil
import tempfile
from pathlib import Path

_made_here = "PYTEST_XDIST_WORKER" not in os.environ and "DIP_TEST_HOME" not in os.environ
if _made_here:
    os.environ["DIP_TEST_HOME"] = tempfile.mkdtemp(prefix="dip-test-")
HOME = Path(os.environ["DIP_TEST_HOME"])
os.environ["DIP_HOME"] = str(HOME / os.environ.get("PYTEST_XDIST_WORKER", "main"))
os.environ.setdefault("DIP_SECRET_KEY", "a-key-for-tests-only-" * 3)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the synchronous Playwright runs a loop in this thread
os.environ.pop("DIP_SMTP_URL", None)

from dip.site import postgres  # noqa: E402

os.environ["DATABASE_URL"] = postgres.ensure_running(HOME / "postgres", durable=False)


def pytest_unconfigure(config: object) -> None:
    """Stop the server that this run started."""
    if _made_here:
        postgres.stop(HOME / "postgres")
        shutil.rmtree(HOME, ignore_errors=True)
