"""Addresses of the components' own page."""

from django.urls import path

from dip.web import views

urlpatterns = [path("gallery", views.gallery, name="web-gallery")]
