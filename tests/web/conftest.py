import os

from tests.journeys.conftest import browser, new_context  # noqa: F401

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the synchronous Playwright runs a loop in this thread
