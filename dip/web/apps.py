"""Registers the domain with Django."""

from contextlib import suppress

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web domain."""

    name = "dip.web"
    label = "web"

    def ready(self) -> None:
        """Compile translations that changed, so that a fresh checkout speaks its languages without another step."""
        from dip.web import messages

        with suppress(OSError):  # an installation that cannot be written was compiled at set-up
            messages.compile_all()
