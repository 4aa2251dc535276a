"""Addresses of the Sales Monitor."""

from django.urls import path

from dip.sales.views import compare, performance, production, region, season, theatre

urlpatterns = [
    path("", season.season, name="sales-season"),
    path("export.xlsx", season.export, name="sales-season-export"),
    path("curve.csv", season.curve, name="sales-season-curve"),
    path("productions/<str:dip_id>/", production.production, name="sales-production"),
    path("productions/<str:dip_id>/export.xlsx", production.export, name="sales-production-export"),
    path("productions/<str:dip_id>/curve.csv", production.curve, name="sales-production-curve"),
    path("performances/<int:number>/", performance.performance, name="sales-performance"),
    path("performances/<int:number>/export.xlsx", performance.export, name="sales-performance-export"),
    path("performances/<int:number>/curve.csv", performance.curve, name="sales-performance-curve"),
    path("theatre/", theatre.theatre, name="sales-theatre"),
    path("theatre/export.xlsx", theatre.export, name="sales-theatre-export"),
    path("region/", region.region, name="sales-region"),
    path("region/export.xlsx", region.export, name="sales-region-export"),
    path("compare/", compare.compare, name="sales-compare"),
    path("compare/options", compare.options, name="sales-compare-options"),
    path("compare/curve.csv", compare.curve, name="sales-compare-curve"),
    path("compare/export.xlsx", compare.export, name="sales-compare-export"),
]
