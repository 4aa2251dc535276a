"""A real SMTP server and the background worker, for journeys."""

import email
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Page


@dataclass
class Mailbox:
    """What the SMTP server received."""

    port: int = 0
    messages: list[Message] = field(default_factory=list)

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        self.messages.append(email.message_from_bytes(envelope.content))
        return "250 kept"

    def text_to(self, address: str) -> str:
        """The plain text of the newest mail to the address."""
        found = [message for message in self.messages if address in message["To"]]
        assert found, f"no mail to {address}; there is mail to {[m['To'] for m in self.messages]}"
        parts = [part for part in found[-1].walk() if part.get_content_type() == "text/plain"]
        return parts[0].get_payload(decode=True).decode()


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    """A real SMTP server on this machine, and the platform set to use it."""
    box = Mailbox()
    with socket.socket() as free:  # the controller calls itself up by its port, and takes 0 at its word
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
    yield box
    controller.stop()


@pytest.fixture
def run_jobs(transactional_db) -> Callable[[], None]:
    """Runs every job that waits, in a thread of its own: the browser's loop holds this one."""

    def run() -> None:
        from django.db import connections
        from procrastinate.contrib.django import app

        failed: list[BaseException] = []

        def work() -> None:
            try:
                with app.replace_connector(app.connector.get_worker_connector()) as working:
                    working.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
            except BaseException as error:
                failed.append(error)
            finally:
                connections.close_all()

        thread = threading.Thread(target=work)
        thread.start()
        thread.join(60)
        assert not thread.is_alive(), "the worker did not end"
        assert not failed, failed

    return run


def sign_in(page: Page, base: str, email_address: str, password: str) -> None:
    """Sign in as a person does."""
    page.goto(f"{base}/account/login/")
    page.fill("input[name=login]", email_address)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/account/login" not in url)
