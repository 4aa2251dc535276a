"""Where a theatre looks after the orders that it delivers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
