"""Ends what tests/settings.py began; gives the tests' database the job queue."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation

from tests.settings import HOME

pytest_plugins = ["tests.browser"]


@pytest.fixture(autouse=True)
def house_language() -> Iterator[None]:
    """Every test begins in the house's language: a page that was asked for leaves its own behind in the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Tests skip migrations, and with them the tables and functions of the job queue: put those in."""
    from django.db import connection
    from procrastinate.contrib.django import app

    with django_db_blocker.unblock():
        if "procrastinate_jobs" not in connection.introspection.table_names():
            app.schema_manager.apply_schema()


@pytest.fixture(autouse=True)
def _empty_queue(request, django_db_blocker):
    """Tests that commit leave no jobs to the next one: the queue's tables are not Django's own, so a flush leaves them."""
    yield
    mark = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(request.fixturenames) or (mark and mark.kwargs.get("transaction"))
    if commits:
        from django.db import connection

        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def pytest_unconfigure(config: object) -> None:
    """Stop the server of this run; workers of xdist leave that to the process that started it."""
    if os.environ.get("DIP_TEST_OWNER") == str(os.getpid()):
        from dip.site import postgres

        for folder in HOME.glob("postgres-*"):
            postgres.stop(folder)
        shutil.rmtree(HOME, ignore_errors=True)
