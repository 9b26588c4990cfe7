"""Addresses of figures, statements and discrepancies, without the partnership."""

from __future__ import annotations

from django.urls import path

from shield.kernel.reporting import views

urlpatterns = [
    path("", views.figures, name="figures"),
    path("of/<str:key>", views.figure, name="figure"),
    path("statements", views.statements, name="statements"),
    path("statements/<uuid:id>/withdraw", views.statement_withdraw, name="statement_withdraw"),
    path("statements/add", views.statement_add, name="statement_add"),
    path("discrepancies", views.discrepancies, name="discrepancies"),
    path("discrepancies/settle", views.settle, name="settle"),
    path("years/add", views.year_add, name="year_add"),
    path("years/<uuid:id>/change", views.year_change, name="year_change"),
]
