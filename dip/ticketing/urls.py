"""Addresses of ticketing, under ``/ticketing/``: one list, grouped by subject."""

from django.urls import path

from dip.ticketing.views import (
    conformance,
    connection_lists,
    connection_orders,
    connections,
    deliveries,
    hooks,
    light,
    merging,
    planning,
    sheets,
)

urlpatterns = [
    # connections to ticketing systems
    path("connections", connections.connections, name="ticketing-connections"),
    path("connections/new/<slug:vendor>", connections.new_connection, name="ticketing-connection-new"),
    path("connections/<int:connection_id>", connections.connection, name="ticketing-connection"),
    path("connections/<int:connection_id>/change", connections.change_connection, name="ticketing-connection-change"),
    path("connections/<int:connection_id>/act/<slug:act>", connections.act_on_connection, name="ticketing-connection-act"),
    path("connections/<int:connection_id>/performances", connection_lists.performances, name="ticketing-connection-performances"),
    path("connections/<int:connection_id>/decide", connection_lists.decide, name="ticketing-connection-decide"),
    path("connections/<int:connection_id>/kinds", connection_lists.kinds, name="ticketing-connection-kinds"),
    path("connections/<int:connection_id>/history", connection_lists.history, name="ticketing-connection-history"),
    path("connections/<int:connection_id>/orders", connection_orders.orders, name="ticketing-connection-orders"),
    path("hooks/<str:secret>", hooks.hook, name="ticketing-hook"),
    # conformance of vendors' systems
    path("conformance", conformance.conformance, name="ticketing-conformance"),
    path("conformance/checks", conformance.checks, name="ticketing-conformance-checks"),
    path("conformance/<int:run_id>", conformance.run, name="ticketing-conformance-run"),
    path("conformance/<int:run_id>/finish", conformance.finish, name="ticketing-conformance-finish"),
    path("conformance/<int:run_id>/report.json", conformance.report, name="ticketing-conformance-report"),
    # registrations of planning systems
    path("planning", planning.planning, name="ticketing-planning"),
    path("planning/<int:link_id>/decide", planning.decide, name="ticketing-planning-decide"),
    # light mode
    path("light/", light.home, name="ticketing-light"),
    path("light/production", light.production, name="ticketing-light-production"),
    path("light/productions/<str:dip_id>", light.made, name="ticketing-light-made"),
    path("light/productions/<str:dip_id>/dates", light.dates, name="ticketing-light-dates"),
    path("light/festival", light.festival, name="ticketing-light-festival"),
    path("light/figures/<int:number>", light.figures, name="ticketing-light-figures"),
    # figures by spreadsheet
    path("sheet", sheets.sheet, name="ticketing-sheet"),
    path("sheet/download.xlsx", sheets.download, name="ticketing-sheet-download"),
    path("sheet/upload", sheets.upload, name="ticketing-sheet-send"),
    path("sheet/<int:upload_id>", sheets.look, name="ticketing-sheet-upload"),
    path("sheet/<int:upload_id>/columns", sheets.columns, name="ticketing-sheet-columns"),
    path("sheet/<int:upload_id>/confirm", sheets.confirm, name="ticketing-sheet-confirm"),
    path("sheet/<int:upload_id>/drop", sheets.drop, name="ticketing-sheet-drop"),
    path("sheet/<int:upload_id>/to-correct.xlsx", sheets.corrections, name="ticketing-sheet-corrections"),
    path("sheet/<int:upload_id>/file", sheets.original, name="ticketing-sheet-file"),
    # two that look like one
    path("duplicates/<str:kind>/<int:goes_id>/<int:stays_id>/decide", merging.decide, name="ticketing-duplicate-decide"),
    # deliveries of figures
    path("deliveries", deliveries.deliveries, name="ticketing-deliveries"),
    path("deliveries/<int:delivery_id>", deliveries.delivery, name="ticketing-delivery"),
]
