"""What is kept for which purpose, who looked, and tables of licensees."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
