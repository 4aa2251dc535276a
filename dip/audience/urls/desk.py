"""Where a theatre looks after the orders that it delivers."""

from django.urls import URLPattern, path

from dip.audience.views import desk, desk_codes, desk_files, desk_removals

urlpatterns: list[URLPattern] = [
    path("orders/", desk.overview, name="audience-desk"),
    path("orders/how/", desk.how, name="audience-desk-how"),
    path("orders/sources/<int:source_id>/", desk.source, name="audience-desk-source"),
    path("orders/deliveries/", desk.deliveries, name="audience-desk-deliveries"),
    path("orders/deliveries/<int:batch_id>/", desk.delivery, name="audience-desk-delivery"),
    path("orders/files/", desk_files.start, name="audience-desk-files"),
    path("orders/files/<int:source_id>/", desk_files.file, name="audience-desk-file"),
    path("orders/codes/performances/", desk_codes.evenings, name="audience-desk-evenings"),
    path("orders/codes/<slug:of>/", desk_codes.codes, name="audience-desk-codes"),
    path("orders/removals/", desk_removals.removals, name="audience-desk-removals"),
    path("orders/removals/performance/", desk_removals.performance, name="audience-desk-remove"),
    path("orders/removals/buyer/", desk_removals.buyer, name="audience-desk-erase"),
    path("orders/removals/<int:removal_id>/lift/", desk_removals.lift, name="audience-desk-lift"),
]
