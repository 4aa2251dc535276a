"""The Audience Monitor's pages."""

from django.urls import URLPattern, path

from dip.audience.views import monitor

urlpatterns: list[URLPattern] = [
    path("", monitor.season, name="audience-season"),
    path("export.xlsx", monitor.season_file, {"kind": "xlsx"}, name="audience-season-export"),
    path("audience.csv", monitor.season_file, {"kind": "csv"}, name="audience-season-csv"),
    path("productions/<str:dip_id>/", monitor.production, name="audience-production"),
    path("productions/<str:dip_id>/export.xlsx", monitor.production_file, {"kind": "xlsx"}, name="audience-production-export"),
    path("productions/<str:dip_id>/audience.csv", monitor.production_file, {"kind": "csv"}, name="audience-production-csv"),
    path("theatres/<int:theatre_id>/", monitor.theatre, name="audience-theatre"),
    path("theatres/<int:theatre_id>/export.xlsx", monitor.theatre_file, {"kind": "xlsx"}, name="audience-theatre-export"),
    path("theatres/<int:theatre_id>/audience.csv", monitor.theatre_file, {"kind": "csv"}, name="audience-theatre-csv"),
    path("nation/", monitor.nation, name="audience-nation"),
    path("nation/export.xlsx", monitor.nation_file, {"kind": "xlsx"}, name="audience-nation-export"),
    path("nation/audience.csv", monitor.nation_file, {"kind": "csv"}, name="audience-nation-csv"),
]
