"""The Audience Monitor's pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
