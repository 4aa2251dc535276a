"""Configuration from the environment: typed, documented, failing loudly with the name and the remedy.

Every variable is a field of :class:`Config`; ``dip check`` prints the table.
"""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_LOCAL = {"localhost", "127.0.0.1", "::1"}


class UnableToConfigure(Exception):
    """A variable is missing or wrong; the message names it, its value and what to do."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the platform reads from its environment."""

    home: Path
    """``DIP_HOME``: folder for the embedded database, published files, keys and mail. Default ``./var``."""
    database_url: str | None
    """``DATABASE_URL``: ``postgresql://user:password@host:5432/name``. Unset: the embedded server in ``DIP_HOME``."""
    base_url: str
    """``DIP_BASE_URL``: where people reach the platform, for links in mails. Default ``http://localhost:8000``."""
    secret_key: str
    """``DIP_SECRET_KEY``: signs sessions and tokens, 32 characters or more. Default: made once, in ``DIP_HOME/keys``."""
    smtp_url: str | None
    """``DIP_SMTP_URL``: ``smtp://user:password@host:587`` or ``smtps://…:465``. Unset: mails are files in ``DIP_HOME/mail``."""
    mail_from: str
    """``DIP_MAIL_FROM``: the sender. Default ``DIP <noreply@localhost>``."""
    debug: bool
    """``DIP_DEBUG``: 1 shows tracebacks in the browser. Never in production. Default 0."""
    api_prefix: str
    """``DIP_API_PREFIX``: path under which external API v1 answers, ``external/v1`` by default; empty for the root."""

    metrics_token: str
    """``DIP_METRICS_TOKEN``: bearer token for ``/metrics``. Unset: only callers on this machine, not through a proxy."""

    trusted_proxies: int
    """``DIP_TRUSTED_PROXIES``: reverse proxies in front, whose ``X-Forwarded-For`` is believed for rate limits. Default 0."""

    private_calls: bool
    """``DIP_PRIVATE_CALLS``: 1 lets connectors and webhooks call private addresses and plain http. Default: only when the platform
    itself is reached at localhost."""

    seal_timestamps: str = ""
    """``DIP_SEAL_TIMESTAMPS``: address of a timestamp authority (RFC 3161) for sealed documents. Unset: sealed without a timestamp."""

    @property
    def warehouse(self) -> Path:
        """Folder of the columnar facts and published files."""
        return self.home / "warehouse"


def read_config(environ: Mapping[str, str] | None = None) -> Config:
    """The configuration of this process; raises :class:`UnableToConfigure` at the first wrong variable."""
    env = os.environ if environ is None else environ
    home = Path(env.get("DIP_HOME", "var")).expanduser().resolve()
    base_url = (_url(env, "DIP_BASE_URL", ("http", "https"), "https://dip.example") or "http://localhost:8000").rstrip("/")
    return Config(
        home=home,
        database_url=_url(env, "DATABASE_URL", ("postgresql", "postgres"), "postgresql://user:password@host:5432/name"),
        base_url=base_url,
        secret_key=_secret(env, home),
        smtp_url=_url(env, "DIP_SMTP_URL", ("smtp", "smtps", "smtp+starttls"), "smtp://host:25"),
        mail_from=env.get("DIP_MAIL_FROM", "DIP <noreply@localhost>"),
        debug=_flag(env, "DIP_DEBUG"),
        api_prefix=env.get("DIP_API_PREFIX", "external/v1").strip("/"),
        trusted_proxies=_count(env, "DIP_TRUSTED_PROXIES"),
        metrics_token=env.get("DIP_METRICS_TOKEN", ""),
        seal_timestamps=_url(env, "DIP_SEAL_TIMESTAMPS", ("http", "https"), "https://timestamps.example") or "",
        private_calls=_flag(env, "DIP_PRIVATE_CALLS", default="1" if urlsplit(base_url).hostname in _LOCAL else "0"),
    )


def _url(env: Mapping[str, str], name: str, schemes: tuple[str, ...], example: str) -> str | None:
    value = env.get(name, "").strip()
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in schemes or not (parts.netloc or parts.query or parts.path):
        raise UnableToConfigure(
            f"{name}={_masked(value)!r} is not an address of the form {example}. Correct it, or unset it for the default."
        )
    return value


def _masked(value: str) -> str:
    head, at, tail = value.rpartition("@")
    return f"…@{tail}" if at and head else value


def _flag(env: Mapping[str, str], name: str, default: str = "0") -> bool:
    value = env.get(name, default).strip().lower()
    if value not in {"0", "1", "true", "false", ""}:
        raise UnableToConfigure(f"{name}={value!r} is neither 0 nor 1. Set it to 1 to switch on, or unset it.")
    return value in {"1", "true"}


def _count(env: Mapping[str, str], name: str) -> int:
    value = env.get(name, "0").strip() or "0"
    if not value.isdigit():
        raise UnableToConfigure(
            f"{name}={value!r} is not a whole number. Give how many reverse proxies stand in front, or unset it."
        )
    return int(value)


def _secret(env: Mapping[str, str], home: Path) -> str:
    value = env.get("DIP_SECRET_KEY", "")
    if value:
        if len(value) < 32:
            raise UnableToConfigure(
                f"DIP_SECRET_KEY has {len(value)} characters; give 32 or more, for example from `openssl rand -hex 32`."
            )
        return value
    path = home / "keys" / "secret"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            draft = path.with_name(f"secret.{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_hex(32))
            with suppress(FileExistsError):
                os.link(draft, path)  # the first process wins; the others read what it made
            draft.unlink()
        return path.read_text()
    except OSError as error:
        raise UnableToConfigure(
            f"DIP_HOME={home} cannot hold the platform's keys ({error}). Point DIP_HOME to a writable folder, or set DIP_SECRET_KEY."
        ) from error
