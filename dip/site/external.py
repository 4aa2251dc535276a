"""External API v1, mounted under ``DIP_API_PREFIX``: the wire contract that booking and ticketing systems speak."""

from django.urls import path

from dip.registry import api as registry
from dip.ticketing import api as ticketing

urlpatterns = [
    path("token", registry.token, name="api-token"),
    path("tickets/cumulative", ticketing.tickets, name="api-tickets"),
    path("reservations/cumulative", ticketing.reservations, name="api-reservations"),
    path("blocked-seats/cumulative", ticketing.blocked_seats, name="api-blocked-seats"),
    path("blockedseats/cumulative", ticketing.blocked_seats),
    path("productions/<str:production>/performances/<int:number>/capacity", ticketing.capacity, name="api-capacity"),
]
