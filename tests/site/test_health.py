"""Health, metrics, request ids."""

import json
import logging
from logging.config import DictConfigurator

import pytest

from dip.site.logging import LOGGING

pytestmark = pytest.mark.django_db


def test_live_and_ready(client):
    assert client.get("/health/live").json() == {"status": "live"}
    assert client.get("/health/ready").json() == {"status": "ready"}


def test_metrics_count_requests(client):
    client.get("/health/live")
    text = client.get("/metrics").content.decode()
    assert 'dip_requests_total{method="GET",route="/health/live",status="200"}' in text


def test_metrics_are_for_the_machine_itself(client, settings):
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 403
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="10.1.2.3").status_code == 403
    settings.METRICS_TOKEN = "a-token"
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3", HTTP_AUTHORIZATION="Bearer a-token").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3", HTTP_AUTHORIZATION="Bearer other").status_code == 403


def test_a_request_id_is_given_kept_and_logged(client):
    assert len(client.get("/health/live")["X-Request-Id"]) == 16
    assert client.get("/health/live", HTTP_X_REQUEST_ID="abc-123")["X-Request-Id"] == "abc-123"
    assert client.get("/health/live", HTTP_X_REQUEST_ID="a b\nc")["X-Request-Id"] != "a b\nc"
    logger = logging.getLogger("dip.request")
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    keep = Keep()
    keep.setFormatter(DictConfigurator(LOGGING).configure_formatter(LOGGING["formatters"]["json"]))
    logger.addHandler(keep)
    try:
        client.get("/account/login/", HTTP_X_REQUEST_ID="abc-124")
    finally:
        logger.removeHandler(keep)
    line = json.loads(lines[-1])
    assert line["request_id"] == "abc-124"
    assert line["path"] == "/account/login/"
    assert line["status"] == 200
