"""Addresses of the officers' desk, to be included under /desk/."""

from django.urls import path

from sanxiang.desk import (
    acts,
    cases,
    law,
    ledger,
    papers,
    publication,
    refusals,
    registers,
    reviews,
    scheme,
    starting,
    today,
)

urlpatterns = [
    path("", today.today, name="desk-today"),
    path("tasks/", today.tasks, name="desk-tasks"),
    path("cases/", cases.cases, name="desk-cases"),
    path("cases/new/", starting.new, name="desk-new"),
    path("cases/new/<str:procedure>/", acts.start, name="desk-start"),
    path("cases/<uuid:case_id>/", cases.case, name="desk-case"),
    path("cases/<uuid:case_id>/timeline/", cases.timeline, name="desk-timeline"),
    path("cases/<uuid:case_id>/acts/<str:act_id>/", acts.act, name="desk-act"),
    path("cases/<uuid:case_id>/papers/<uuid:paper_id>/", papers.preview, name="desk-paper"),
    path("cases/<uuid:case_id>/papers/<uuid:paper_id>.pdf", papers.pdf, name="desk-paper-pdf"),
    path("cases/<uuid:case_id>/papers/<uuid:paper_id>.docx", papers.docx, name="desk-paper-docx"),
    path("cases/<uuid:case_id>/evidence/<uuid:evidence_id>/", papers.evidence, name="desk-evidence"),
    path("publications/", publication.publications, name="desk-publications"),
    path("publications/<uuid:case_id>/", publication.publication, name="desk-publication"),
    path("reviews/", reviews.reviews, name="desk-reviews"),
    path("reviews/<uuid:case_id>/", reviews.review, name="desk-review"),
    path("registers/", registers.registers, name="desk-registers"),
    path("registers/<uuid:register_id>/", registers.register, name="desk-register"),
    path("scheme/", scheme.scheme, name="desk-scheme"),
    path("law/<str:instrument>/<str:heading>/", law.article, name="desk-law"),
    path("ledger/", ledger.ledger, name="desk-ledger"),
    path("refusals/", refusals.refusals, name="desk-refusals"),
]
