"""Addresses of productions, performances, theatres, connection requests and the search."""

from django.urls import path

from dip.programme.views import connections, halls, performances, productions, search, theatres

urlpatterns = [
    path("productions/", productions.productions, name="programme-productions"),
    path("productions.xlsx", productions.export, name="programme-productions-export"),
    path("productions/new", productions.new_production, name="programme-production-new"),
    path("productions/performances/<int:number>", performances.performance, name="programme-performance"),
    path("productions/performances/<int:number>/publish", performances.publish_one, name="programme-performance-publish"),
    path("productions/performances/<int:number>/change", performances.edit, name="programme-performance-edit"),
    path("productions/performances/<int:number>/move", performances.move, name="programme-performance-move"),
    path("productions/performances/<int:number>/cancel", performances.cancel, name="programme-performance-cancel"),
    path("productions/performances/<int:number>/correct", connections.correct, name="programme-correct"),
    path("productions/performances/<int:number>/decide", connections.decide, name="programme-decide"),
    path("productions/<str:dip_id>", productions.production, name="programme-production"),
    path("productions/<str:dip_id>/performances.xlsx", productions.export_performances, name="programme-performances-export"),
    path("productions/<str:dip_id>/change", productions.edit_production, name="programme-production-edit"),
    path("productions/<str:dip_id>/agency", productions.agency, name="programme-production-agency"),
    path("productions/<str:dip_id>/add", performances.add, name="programme-performances-add"),
    path("productions/<str:dip_id>/publish", performances.publish, name="programme-performances-publish"),
    path("theatres/", theatres.theatres, name="programme-theatres"),
    path("theatres/new", theatres.new_theatre, name="programme-theatre-new"),
    path("theatres/options", theatres.options, name="programme-hall-options"),
    path("theatres/choice", theatres.choice, name="programme-hall-choice"),
    path("theatres/<int:theatre_id>", theatres.theatre, name="programme-theatre"),
    path("theatres/<int:theatre_id>/change", theatres.edit_theatre, name="programme-theatre-edit"),
    path("theatres/<int:theatre_id>/merge", theatres.merge, name="programme-theatre-merge"),
    path("theatres/<int:theatre_id>/halls/new", theatres.new_hall, name="programme-hall-new"),
    path("theatres/halls/<int:hall_id>", halls.hall, name="programme-hall"),
    path("theatres/halls/<int:hall_id>/drop-layout", halls.drop_ranks, name="programme-hall-drop-ranks"),
    path("connections/", connections.connections, name="programme-connections"),
    path("connections.xlsx", connections.export, name="programme-connections-export"),
    path("connections/confirm", connections.confirm, name="programme-confirm"),
    path("connections/link/<str:token>", connections.link, name="programme-request-link"),
    path("search", search.search, name="search"),
]
