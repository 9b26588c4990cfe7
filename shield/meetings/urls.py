"""Addresses of this module, without the partnership."""

from __future__ import annotations

from django.urls import path

from shield.meetings import views

urlpatterns = [
    path("meetings/", views.gatherings, name="gatherings"),
    path("meetings/record", views.record, name="gathering_record"),
    path("meetings/plan", views.plan, name="gathering_plan"),
    path("meetings/<uuid:id>", views.gathering, name="gathering"),
    path("meetings/<uuid:id>/history", views.gathering_history, name="gathering_history"),
    path("meetings/<uuid:id>/change", views.change, name="gathering_change"),
    path("meetings/<uuid:id>/agenda", views.agenda, name="gathering_agenda"),
    path("meetings/<uuid:id>/attendance", views.attendance, name="gathering_attendance"),
    path("meetings/<uuid:id>/decide", views.decide, name="gathering_decide"),
    path("bodies/", views.bodies, name="bodies"),
    path("bodies/add", views.add_body, name="body_add"),
    path("bodies/<uuid:id>", views.body, name="body"),
    path("bodies/<uuid:id>/history", views.body_history, name="body_history"),
    path("bodies/<uuid:id>/change", views.change_body, name="body_change"),
    path("bodies/<uuid:id>/members/add", views.add_member, name="body_member"),
    path("bodies/members/<uuid:id>/end", views.end_member, name="member_end"),
    path("bodies/<uuid:id>/terms/add", views.add_terms, name="body_terms"),
    path("bodies/<uuid:id>/changes/add", views.note_change, name="body_note_change"),
    path("bodies/<uuid:id>/decide", views.decide_without_meeting, name="body_decide"),
    path("decisions/", views.resolutions, name="resolutions"),
    path("decisions/<uuid:id>", views.resolution, name="resolution"),
    path("decisions/<uuid:id>/history", views.resolution_history, name="resolution_history"),
]
