"""Addresses of the trends."""

from django.urls import path

from dip.benchmark.views import lead_times, named, peers, trends

urlpatterns = [
    path("", trends.trends, name="benchmark-trends"),
    path("export.xlsx", trends.export, name="benchmark-trends-export"),
    path("trends.csv", trends.numbers, name="benchmark-trends-csv"),
    path("lead-times/", lead_times.lead_times, name="benchmark-lead-times"),
    path("lead-times/export.xlsx", lead_times.export, name="benchmark-lead-times-export"),
    path("lead-times/lead-times.csv", lead_times.numbers, name="benchmark-lead-times-csv"),
    path("peers/", peers.peers, name="benchmark-peers"),
    path("peers/export.xlsx", peers.export, name="benchmark-peers-export"),
    path("peers/peers.csv", peers.numbers, name="benchmark-peers-csv"),
    path("named/", named.comparisons, name="benchmark-named"),
    path("named/invite/", named.invite, name="benchmark-named-invite"),
    path("named/<int:consent_id>/", named.comparison, name="benchmark-named-comparison"),
    path("named/<int:consent_id>/accept/", named.accept, name="benchmark-named-accept"),
    path("named/<int:consent_id>/end/", named.end, name="benchmark-named-end"),
    path("named/<int:consent_id>/export.xlsx", named.export, name="benchmark-named-export"),
    path("named/<int:consent_id>/named.csv", named.numbers, name="benchmark-named-csv"),
]
