"""Addresses of ticketing, under ``/ticketing/``: one list, grouped by subject."""

from django.urls import path

from dip.ticketing.views import deliveries

urlpatterns = [
    # deliveries of figures
    path("deliveries", deliveries.deliveries, name="ticketing-deliveries"),
    path("deliveries/<int:delivery_id>", deliveries.delivery, name="ticketing-delivery"),
]
