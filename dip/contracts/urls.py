"""Addresses of agreements and settlements."""

from django.urls import URLPattern, URLResolver, path

from dip.contracts.views import papers, settlements, verify

urlpatterns: list[URLPattern | URLResolver] = [
    path("verify", verify.verify, name="contracts-verify"),
    path("<int:agreement_id>/agreement.pdf", papers.agreement_pdf, name="contracts-agreement-pdf"),
    path("<int:agreement_id>/borderel/<int:number>.pdf", papers.settlement_pdf, name="contracts-settlement-pdf"),
    path("<int:agreement_id>/borderel/", settlements.settlement, name="contracts-settlement"),
    path("<int:agreement_id>/borderel/<int:number>/", settlements.settlement, name="contracts-settlement-number"),
]
