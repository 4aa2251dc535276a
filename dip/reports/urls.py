"""Addresses of the reports."""

from django.urls import path

from dip.reports.views import archive, choosing

urlpatterns = [
    path("", archive.index, name="reports-index"),
    path("choice", choosing.choice, name="reports-choice"),
    path("send", choosing.send, name="reports-send"),
    path("stop/<str:token>", choosing.stop, name="reports-stop"),
    path("week/<str:monday>", archive.week, name="reports-week"),
    path("week/<str:monday>/workbook.xlsx", archive.workbook_file, name="reports-workbook"),
]
