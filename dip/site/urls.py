"""Addresses of the whole platform."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from dip.registry.views.profile import choose_language
from dip.sales.urls import shared_patterns
from dip.site import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("health/live", views.live, name="health-live"),
    path("health/ready", views.ready, name="health-ready"),
    path("metrics", views.metrics, name="metrics"),
    path("i18n/setlang/", choose_language, name="set_language"),
    path("yesplan/v1/", include("dip.site.yesplan")),
    path("account/", include("allauth.account.urls")),
    path("account/mfa/", include("allauth.mfa.urls")),
]
for _domain, _prefix in (
    ("definitions", "definitions/"),
    ("registry", "organisation/"),
    ("programme", ""),
    ("sales", "sales/"),
    ("ticketing", "ticketing/"),
    ("audience", "audience/"),
    ("benchmark", "trends/"),
    ("exchange", ""),
    ("contracts", "contracts/"),
    ("reports", "reports/"),
    ("web", ""),
):
    if find_spec(f"dip.{_domain}.urls"):
        urlpatterns.append(path(_prefix, include(f"dip.{_domain}.urls")))
urlpatterns.append(path("shared/", include(shared_patterns)))
if find_spec("dip.site.external"):
    urlpatterns.append(path(f"{settings.API_PREFIX}/" if settings.API_PREFIX else "", include("dip.site.external")))
