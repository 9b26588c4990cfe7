"""Addresses of this module, without the partnership."""

from __future__ import annotations

from django.urls import path

from shield.kernel.retention import views

urlpatterns = [
    path("", views.index, name="retention"),
    path("schedule", views.schedule, name="retention_schedule"),
    path("schedule.pdf", views.schedule_file, name="retention_schedule_file"),
    path("schedule/<slug:retention_class>/change", views.change_period, name="retention_period"),
    path("holds/", views.holds, name="holds"),
    path("holds/place", views.place_hold, name="hold_place"),
    path("holds/<uuid:id>", views.hold, name="hold"),
    path("holds/<uuid:id>/end", views.end_hold, name="hold_end"),
    path("due/", views.due, name="due"),
    path("due/<str:kind>", views.due_list, name="due_list"),
    path("disposals/", views.disposals, name="disposals"),
    path("disposals/<uuid:id>", views.disposal, name="disposal"),
    path("disposals/<uuid:id>/confirm", views.confirm, name="disposal_confirm"),
    path("disposals/<uuid:id>/withdraw", views.withdraw, name="disposal_withdraw"),
    path("log/", views.log, name="disposal_log"),
    path("requests/", views.requests, name="subject_requests"),
    path("requests/open", views.open_request, name="subject_request_open"),
    path("requests/<uuid:id>", views.request_page, name="subject_request"),
    path("requests/<uuid:id>/extend", views.extend, name="subject_request_extend"),
    path("requests/<uuid:id>/take-over", views.take_over, name="subject_request_take_over"),
    path("requests/<uuid:id>/gather", views.gather_again, name="subject_request_gather"),
    path("requests/<uuid:id>/finish", views.finish_review, name="subject_request_finish"),
    path("requests/<uuid:id>/look", views.look, name="subject_request_look"),
    path("requests/<uuid:id>/reopen", views.reopen, name="subject_request_reopen"),
    path("requests/<uuid:id>/close", views.close, name="subject_request_close"),
    path("requests/<uuid:id>/answer.<slug:form>", views.answer, name="subject_request_file"),
    path("requests/items/<uuid:id>", views.item, name="subject_item"),
]
