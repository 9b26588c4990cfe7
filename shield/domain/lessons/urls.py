"""Addresses of this module, without the partnership and `learnt`."""

from __future__ import annotations

from django.urls import URLPattern, path

from shield.domain.lessons import views

urlpatterns: list[URLPattern] = [
    path("", views.learnt, name="learnt"),
    path("themes/<str:theme>", views.learnt_theme, name="learnt_theme"),
    path("notes/write", views.briefing_note_write, name="briefing_note_write"),
    path("notes/<uuid:id>", views.briefing_note, name="briefing_note"),
    path("notes/<uuid:id>/change", views.briefing_note_change, name="briefing_note_change"),
    path("notes/<uuid:id>/issue", views.briefing_note_issue, name="briefing_note_issue"),
    path("notes/<uuid:id>/shared", views.briefing_note_shared, name="briefing_note_shared"),
    path("notes/<uuid:id>/withdraw", views.briefing_note_withdraw, name="briefing_note_withdraw"),
    path("notes/<uuid:id>/history", views.briefing_note_history, name="briefing_note_history"),
    path("notes/<uuid:id>/changed", views.briefing_note_changed, name="briefing_note_changed"),
    path("notes/<uuid:id>/briefing-note.<str:suffix>", views.briefing_note_file, name="briefing_note_file"),
    path("changed/<uuid:id>/correct", views.what_changed_correct, name="what_changed_correct"),
    path("good-practice/bring", views.good_practice_bring, name="good_practice_bring"),
    path("good-practice/<uuid:id>", views.good_practice, name="good_practice"),
    path("good-practice/<uuid:id>/change", views.good_practice_change, name="good_practice_change"),
    path("good-practice/<uuid:id>/accept", views.good_practice_accept, name="good_practice_accept"),
    path("good-practice/<uuid:id>/return", views.good_practice_return, name="good_practice_return"),
    path("good-practice/<uuid:id>/withdraw", views.good_practice_withdraw, name="good_practice_withdraw"),
    path("good-practice/<uuid:id>/history", views.good_practice_history, name="good_practice_history"),
]
