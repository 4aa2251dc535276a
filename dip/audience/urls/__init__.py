"""Addresses of the Audience Monitor: its pages, the desk for orders, and the registers."""

from dip.audience.urls import desk, monitor, register

urlpatterns = [*desk.urlpatterns, *register.urlpatterns, *monitor.urlpatterns]
