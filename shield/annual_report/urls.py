"""Addresses of the yearly report, without the partnership."""

from __future__ import annotations

from django.urls import path

from shield.annual_report import views

urlpatterns = [
    path("", views.reports, name="reports"),
    path("open", views.report_open, name="report_open"),
    path("<uuid:id>", views.report, name="report"),
    path("<uuid:id>/about", views.report_edit, name="report_edit"),
    path("<uuid:id>/contents", views.coverage, name="coverage"),
    path("<uuid:id>/contents/<slug:item>/excuse", views.excuse, name="excuse_item"),
    path("<uuid:id>/read", views.preview, name="report_preview"),
    path("earlier/<uuid:id>", views.earlier_issue, name="report_earlier"),
    path("<uuid:id>/write/<str:section>", views.write, name="narrative"),
    path("<uuid:id>/write/<str:section>/confirm", views.confirm, name="confirm_number"),
    path("<uuid:id>/build", views.build_ask, name="build_ask"),
    path("builds/<uuid:id>", views.build, name="build"),
    path("<uuid:id>/issue", views.issue_report, name="report_issue"),
    path("<uuid:id>/publish", views.publish, name="report_publish"),
    path("<uuid:id>/copies", views.copies, name="report_copies"),
    path("<uuid:id>/withdraw", views.withdraw, name="report_withdraw"),
    path("<uuid:id>/reopen", views.reopen, name="report_reopen"),
    path("published/<str:year>", views.published, name="published_report"),
    path("published/<str:year>/<str:name>", views.published_file, name="published_file"),
]
