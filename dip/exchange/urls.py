"""Addresses of the exchange, at the root: ``/api/v2``, and the organisation's pages of webhooks."""

from django.conf import settings
from django.urls import path

from dip.exchange import views
from dip.exchange.api import addresses, documentation

_TOKEN = f"{settings.BASE_URL}/{settings.API_PREFIX}".rstrip("/") + "/token"
_ONE = "organisation/webhooks/<int:webhook_id>"

urlpatterns = [
    path("organisation/webhooks", views.webhooks, name="exchange-webhooks"),
    path("organisation/webhooks/new", views.new_webhook, name="exchange-webhook-new"),
    path(_ONE, views.webhook, name="exchange-webhook"),
    path(f"{_ONE}/change", views.change_webhook, name="exchange-webhook-change"),
    path(f"{_ONE}/rotate", views.rotate, name="exchange-webhook-rotate"),
    path(f"{_ONE}/ping", views.ping, name="exchange-webhook-ping"),
    path(f"{_ONE}/switch", views.switch, name="exchange-webhook-switch"),
    path(f"{_ONE}/replay", views.replay, name="exchange-webhook-replay"),
    path(f"{_ONE}/remove", views.remove, name="exchange-webhook-remove"),
    path(f"{_ONE}/notices/<int:notice_id>", views.notice, name="exchange-notice"),
    *addresses.patterns(_TOKEN),
    path("api/v2/docs", documentation.page_of(_TOKEN), name="api-v2-docs"),
    addresses.rest(),
]
