"""Addresses of the standard's pages."""

from django.urls import path

from dip.definitions import views

urlpatterns = [
    path("", views.metrics, name="definitions-metrics"),
    path("standard.json", views.standard_json, name="definitions-json"),
    path("<slug:code>/", views.metric, name="definitions-metric"),
]
