"""What is kept for which purpose, who looked, and tables of licensees."""

from django.urls import URLPattern, path

from dip.audience.views import looks, register, segments

urlpatterns: list[URLPattern] = [
    path("orders/register/", register.register, name="audience-register"),
    path("orders/looks/", looks.looks, name="audience-looks"),
    path("orders/looks/export.xlsx", looks.export, {"kind": "xlsx"}, name="audience-looks-export"),
    path("orders/looks/looks.csv", looks.export, {"kind": "csv"}, name="audience-looks-csv"),
    path("segments/", segments.segments, name="audience-segments"),
    path("segments/remove/", segments.remove, name="audience-segments-remove"),
]
