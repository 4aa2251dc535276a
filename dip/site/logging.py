"""Structured logs: one JSON object a line, with the request's id."""

import logging
from contextvars import ContextVar
from typing import Any

import structlog

#: Id of the request in hand; also answered in the header ``X-Request-Id``.
request_id: ContextVar[str] = ContextVar("request_id", default="")


def _with_request_id(_logger: object, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    if current := request_id.get():
        event.setdefault("request_id", current)
    return event


_SHARED: list[Any] = [
    _with_request_id,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]
structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
logging.captureWarnings(True)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(),
            "foreign_pre_chain": _SHARED,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"dip": {"level": "INFO"}, "procrastinate": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
