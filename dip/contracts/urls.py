"""Addresses of agreements and settlements."""

from django.urls import URLPattern, URLResolver, path

from dip.contracts.views import acting, agreement, answering, drafting, frameworks, lists, papers, settings, settlements, sheets, verify, versions, what_if

urlpatterns: list[URLPattern | URLResolver] = [
    path("", lists.agreements, name="contracts-agreements"),
    path("export", lists.export, name="contracts-agreements-export"),
    path("new", drafting.new, name="contracts-new"),
    path("new/productions", drafting.productions, name="contracts-productions"),
    path("new/preview", drafting.preview, name="contracts-draft-preview"),
    path("<int:agreement_id>/edit", drafting.edit, name="contracts-edit"),
    path("frameworks/", frameworks.frameworks, name="contracts-frameworks"),
    path("frameworks/<int:framework_id>/", frameworks.framework, name="contracts-framework"),
    path("frameworks/<int:framework_id>/file", frameworks.download, name="contracts-framework-file"),
    path("frameworks/<int:framework_id>/end", frameworks.end, name="contracts-framework-end"),
    path("settings", settings.settings, name="contracts-settings"),
    path("settings/<str:format_code>", settings.draft_terms, name="contracts-settings-terms"),
    path("verify", verify.verify, name="contracts-verify"),
    path("<int:agreement_id>/agreement.pdf", papers.agreement_pdf, name="contracts-agreement-pdf"),
    path("<int:agreement_id>/borderel/<int:number>.pdf", papers.settlement_pdf, name="contracts-settlement-pdf"),
    path("<int:agreement_id>/borderel/", settlements.settlement, name="contracts-settlement"),
    path("<int:agreement_id>/borderel/<int:number>/", settlements.settlement, name="contracts-settlement-number"),
    path("<int:agreement_id>/", agreement.agreement, name="contracts-agreement"),
    path("<int:agreement_id>/answer/<slug:field>", answering.answer, name="contracts-answer"),
    path("<int:agreement_id>/reject/<slug:field>", answering.reject, name="contracts-reject"),
    path("<int:agreement_id>/effect/<slug:field>", answering.effect, name="contracts-effect"),
    path("<int:agreement_id>/accept-rest", answering.accept_others, name="contracts-accept-rest"),
    path("<int:agreement_id>/send", answering.send, name="contracts-send"),
    path("<int:agreement_id>/propose", acting.propose, name="contracts-propose"),
    path("<int:agreement_id>/withdraw", acting.withdraw, name="contracts-withdraw"),
    path("<int:agreement_id>/revise", acting.revise, name="contracts-revise"),
    path("<int:agreement_id>/versions", versions.versions, name="contracts-versions"),
    path("<int:agreement_id>/what-if", what_if.what_if, name="contracts-what-if"),
    path("<int:agreement_id>/statement.xlsx", sheets.workbook, name="contracts-statement-xlsx"),
    path("<int:agreement_id>/statement.csv", sheets.statement_csv, name="contracts-statement-csv"),
    path("<int:agreement_id>/pay-out.csv", sheets.payout_csv, name="contracts-payout-csv"),
]
