"""Addresses under /organisation/."""

from django.urls import path

from dip.registry.views import activation, clients, organisation, organisations, people, profile, session, trail

urlpatterns = [
    path("", organisation.organisation, name="registry-organisation"),
    path("change", organisation.change, name="registry-organisation-change"),
    path("people", people.people, name="registry-people"),
    path("people/invite", people.invite, name="registry-invite"),
    path("people/<int:membership_id>", people.person, name="registry-person"),
    path("people/<int:membership_id>/deactivate", people.deactivate, name="registry-deactivate"),
    path("people/<int:membership_id>/reactivate", people.reactivate, name="registry-reactivate"),
    path("invitations/<int:invitation_id>/resend", people.resend, name="registry-resend"),
    path("invitations/<int:invitation_id>/withdraw", people.withdraw, name="registry-withdraw"),
    path("clients", clients.clients, name="registry-clients"),
    path("clients/new", clients.new_client, name="registry-client-new"),
    path("clients/<int:client_id>/rotate", clients.rotate, name="registry-client-rotate"),
    path("clients/<int:client_id>/revoke", clients.revoke, name="registry-client-revoke"),
    path("trail", trail.trail, name="registry-trail"),
    path("trail.<str:kind>", trail.export, name="registry-trail-export"),
    path("all", organisations.organisations, name="registry-organisations"),
    path("all/new", organisations.new, name="registry-organisation-new"),
    path("all/<int:organisation_id>", organisations.change, name="registry-organisation-edit"),
    path("all/<int:organisation_id>/super-user", organisations.invite_super_user, name="registry-invite-super-user"),
    path("activate", activation.activate, name="registry-activate"),
    path("profile", profile.profile, name="registry-profile"),
    path("switch", session.switch, name="registry-switch"),
]
