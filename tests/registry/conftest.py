"""A real mail server and a real worker for the registry's tests."""

import email
import socket
import threading
from email.message import Message

import pytest
from aiosmtpd.controller import Controller
from django.core.cache import caches
from django.utils import translation


@pytest.fixture(autouse=True)
def _fresh_limits(db):
    """Rate limits count anew in every test."""
    caches["default"].clear()
    caches["process"].clear()


@pytest.fixture(autouse=True)
def _english():
    """Refusals come in the language that is active; tests read English."""
    with translation.override("en"):
        yield


class Server:
    """Keeps what it is sent; says ``answer`` when it is not None."""

    def __init__(self) -> None:
        self.kept: list[Message] = []
        self.answer: str | None = None

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.answer:
            return self.answer
        self.kept.append(email.message_from_bytes(envelope.content))
        return "250 kept"


@pytest.fixture
def post(settings):
    """An SMTP server on this machine, and the platform set to use it."""
    server = Server()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield server
    controller.stop()


@pytest.fixture
def run_worker(transactional_db):
    """Runs what waits in the queue, as the worker process does, until nothing is due."""
    from django.db import connections
    from procrastinate.contrib.django import app

    def run() -> None:
        failed = []

        def work() -> None:
            try:
                with app.replace_connector(app.connector.get_worker_connector()) as working:
                    working.run_worker(queues=["mail"], wait=False, install_signal_handlers=False, listen_notify=False)
            except BaseException as error:
                failed.append(error)
            finally:
                connections.close_all()

        thread = threading.Thread(target=work)
        thread.start()
        thread.join(30)
        assert not failed, failed

    yield run
    # the queue's tables are not Django's own, so that a flush leaves them as they are
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
