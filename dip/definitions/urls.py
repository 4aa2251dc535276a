"""Addresses of the standard's pages."""

from django.urls import path

from dip.definitions import views

urlpatterns = [
    path("", views.metrics, name="definitions-metrics"),
    path("standard.json", views.standard_json, name="definitions-json"),
    path("orders/", views.orders, name="definitions-orders"),
    path("orders/v<int:version>.schema.json", views.orders_schema, name="definitions-orders-schema"),
    path("purposes/", views.purposes, name="definitions-purposes"),
    path("purposes/purposes.json", views.purposes_json, name="definitions-purposes-json"),
    path("areas/", views.areas, name="definitions-areas"),
    path("<slug:code>/", views.metric, name="definitions-metric"),
]
