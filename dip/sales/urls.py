"""Addresses of the Sales Monitor."""

from django.urls import path

from dip.sales.views import (
    alerts,
    compare,
    links,
    performance,
    production,
    reconciliation,
    region,
    saved,
    season,
    shared,
    targets,
    theatre,
)

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
    path("start/", saved.start, name="sales-start"),
    path("targets/", targets.targets, name="sales-targets"),
    path("targets/export.xlsx", targets.export, name="sales-targets-export"),
    path("productions/<str:dip_id>/targets/", targets.targets, name="sales-production-targets"),
    path("productions/<str:dip_id>/targets/export.xlsx", targets.export, name="sales-production-targets-export"),
    path("reconciliation/", reconciliation.differences, name="sales-reconciliation"),
    path("reconciliation/export.xlsx", reconciliation.export, name="sales-reconciliation-export"),
    path("performances/<int:number>/reconciliation/", reconciliation.performance, name="sales-performance-reconciliation"),
    path("alerts/", alerts.alerts, name="sales-alerts"),
    path("alerts/dismiss", alerts.dismiss, name="sales-alerts-dismiss"),
    path("alerts/new", alerts.new_rule, name="sales-rule-new"),
    path("alerts/rules/<int:rule_id>", alerts.change_rule, name="sales-rule-change"),
    path("alerts/mute/<str:token>", alerts.mute, name="sales-alerts-mute"),
    path("views/", saved.views, name="sales-views"),
    path("views/save", saved.save, name="sales-view-save"),
    path("views/<int:view_id>", saved.change, name="sales-view-change"),
    path("links/", links.links, name="sales-links"),
    path("links/new", links.new_link, name="sales-link-new"),
    path("links/<int:link_id>/", links.link, name="sales-link"),
    path("links/<int:link_id>/revoke", links.revoke, name="sales-link-revoke"),
]

#: What links open; the site puts them beside the Sales Monitor, under an address of their own.
shared_patterns = [
    path("<str:token>/", shared.page, name="sales-shared"),
    path("<str:token>/<str:name>", shared.part, name="sales-shared-part"),
]
