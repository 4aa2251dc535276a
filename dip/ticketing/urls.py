"""Addresses of ticketing, under ``/ticketing/``."""

from django.urls import path

from dip.ticketing import views

urlpatterns = [
    path("deliveries", views.deliveries, name="ticketing-deliveries"),
    path("deliveries/<int:delivery_id>", views.delivery, name="ticketing-delivery"),
]
