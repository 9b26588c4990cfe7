"""Addresses of this module, without the partnership and `cases`."""

from __future__ import annotations

from django.urls import URLPattern, path

from shield.domain.reviews import views

urlpatterns: list[URLPattern] = [
    path("", views.cases, name="cases"),
    path("refer", views.case_refer, name="case_refer"),
    path("referrals", views.referrals, name="referrals"),
    path("record", views.case_record, name="case_record"),
    path("plan", views.review_plan, name="review_plan"),
    path("themes", views.case_themes, name="case_themes"),
    path("year", views.case_table, name="case_table"),
    path("<uuid:id>", views.case, name="case"),
    path("<uuid:id>/history", views.case_history, name="case_history"),
    path("<uuid:id>/words", views.case_words, name="case_words"),
    path("<uuid:id>/screen", views.case_screen, name="case_screen"),
    path("<uuid:id>/notify", views.case_notify, name="case_notify"),
    path("<uuid:id>/ask", views.case_ask, name="case_ask"),
    path("<uuid:id>/meeting", views.case_meeting, name="case_meeting"),
    path("<uuid:id>/summary", views.case_summary, name="case_summary"),
    path("<uuid:id>/sign", views.case_sign, name="case_sign"),
    path("<uuid:id>/send", views.case_send, name="case_send"),
    path("<uuid:id>/letters/add", views.letter_add, name="letter_add"),
    path("<uuid:id>/way", views.case_route, name="case_route"),
    path("<uuid:id>/themes", views.case_themes_name, name="case_themes_name"),
    path("<uuid:id>/meetings", views.case_discuss, name="case_discuss"),
    path("<uuid:id>/outputs/add", views.output_add, name="output_add"),
    path("<uuid:id>/show", views.case_share, name="case_share"),
    path("<uuid:id>/hide", views.case_unshare, name="case_unshare"),
    path("<uuid:id>/close", views.case_close, name="case_close"),
    path("<uuid:id>/reopen", views.case_reopen, name="case_reopen"),
    path("steps/<uuid:id>", views.step_mark, name="step_mark"),
    path("outputs/<uuid:id>", views.output_change, name="output_change"),
    path("letters/<uuid:id>", views.letter, name="case_letter"),
    path("returns/<uuid:id>", views.case_return, name="case_return"),
    path("returns/<uuid:id>/write", views.return_write, name="return_write"),
    path("returns/<uuid:id>/accept", views.return_accept, name="return_accept"),
    path("returns/<uuid:id>/send-back", views.return_send_back, name="return_send_back"),
    path("returns/<uuid:id>/withdraw", views.return_withdraw, name="return_withdraw"),
]
