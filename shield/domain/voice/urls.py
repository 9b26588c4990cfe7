"""Addresses of this module, without the partnership."""

from __future__ import annotations

from django.urls import URLPattern, path

from shield.domain.voice import views

urlpatterns: list[URLPattern] = [
    path("voice/", views.voice, name="voice"),
    path("voice/activities", views.activities, name="activities"),
    path("voice/activities/add", views.activity_add, name="activity_add"),
    path("voice/activities/<uuid:id>", views.activity, name="activity"),
    path("voice/activities/<uuid:id>/correct", views.activity_correct, name="activity_correct"),
    path("voice/activities/<uuid:id>/history", views.activity_history, name="activity_history"),
    path("voice/activities/<uuid:id>/points/add", views.said_add, name="said_add"),
    path("voice/activities/<uuid:id>/quotations/add", views.quotation_add, name="quotation_add"),
    path("voice/points/<uuid:id>", views.said, name="said"),
    path("voice/points/<uuid:id>/correct", views.said_correct, name="said_correct"),
    path("voice/points/<uuid:id>/finding", views.point_finding, name="point_finding"),
    path("voice/points/<uuid:id>/answer", views.said_answer, name="said_answer"),
    path("voice/points/<uuid:id>/nothing", views.said_decline, name="said_decline"),
    path("voice/points/<uuid:id>/reopen", views.said_reopen, name="said_reopen"),
    path("voice/points/<uuid:id>/publish", views.said_publish, name="said_publish"),
    path("voice/points/<uuid:id>/history", views.said_history, name="said_history"),
    path("voice/told", views.told, name="told"),
    path("voice/quotations", views.quotations, name="quotations"),
    path("voice/quotations/<uuid:id>", views.quotation, name="quotation"),
    path("voice/quotations/<uuid:id>/consent", views.quotation_consent, name="quotation_consent"),
    path("voice/quotations/<uuid:id>/withdraw", views.quotation_withdraw, name="quotation_withdraw"),
    path("voice/quotations/<uuid:id>/history", views.quotation_history, name="quotation_history"),
    path("voice/promises", views.promises, name="promises"),
    path("voice/promises/add", views.promise_add, name="promise_add"),
    path("voice/promises/<uuid:id>", views.promise, name="promise"),
    path("voice/promises/<uuid:id>/report", views.promise_report, name="promise_report"),
    path("voice/promises/<uuid:id>/history", views.promise_history, name="promise_history"),
    path("you-said", views.you_said, name="you_said"),
]
