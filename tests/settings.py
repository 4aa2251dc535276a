"""Settings of the tests: an embedded PostgreSQL per process, thrown away after the run; DIP_HOME in a temporary folder.

One server for each, not one for all: a transaction of another process holds back what readers of changes may see, by design.

Made here, not in conftest, because pytest-django reads the settings before any conftest.
"""

import os
import tempfile
from pathlib import Path

IS_FIRST = "DIP_TEST_HOME" not in os.environ
if IS_FIRST:
    os.environ["DIP_TEST_HOME"] = tempfile.mkdtemp(prefix="dip-test-")
    os.environ["DIP_TEST_OWNER"] = str(os.getpid())
HOME = Path(os.environ["DIP_TEST_HOME"])
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "main")
os.environ["DIP_HOME"] = str(HOME / PROCESS)
Path(os.environ["DIP_HOME"]).mkdir(parents=True, exist_ok=True)
os.environ["DIP_SECRET_KEY"] = "a-key-for-tests-only-" * 3
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the synchronous Playwright runs a loop in the thread of the tests
for _name in ("DIP_SMTP_URL", "DIP_BASE_URL", "DIP_API_PREFIX", "DIP_DEBUG", "DIP_METRICS_TOKEN"):
    os.environ.pop(_name, None)

from dip.site import postgres  # noqa: E402

os.environ["DATABASE_URL"] = postgres.ensure_running(HOME / f"postgres-{PROCESS}", durable=False)

from dip.site.settings import *  # noqa: E402, F403

STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # the manifest storage needs collected files, and breaks live_server
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["tests.hashers.QuickArgon2"]
DEBUG = False
