"""Addresses of the trends."""

from django.urls import path

from dip.benchmark.views import lead_times, trends

urlpatterns = [
    path("", trends.trends, name="benchmark-trends"),
    path("export.xlsx", trends.export, name="benchmark-trends-export"),
    path("trends.csv", trends.numbers, name="benchmark-trends-csv"),
    path("lead-times/", lead_times.lead_times, name="benchmark-lead-times"),
    path("lead-times/export.xlsx", lead_times.export, name="benchmark-lead-times-export"),
    path("lead-times/lead-times.csv", lead_times.numbers, name="benchmark-lead-times-csv"),
]
