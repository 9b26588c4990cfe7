"""Addresses of this module, without the partnership and `audits`."""

from __future__ import annotations

from django.urls import URLPattern, path

from shield.domain.audits import views

urlpatterns: list[URLPattern] = [
    path("", views.audits, name="audits"),
    path("plan", views.audit_plan, name="audit_plan"),
    path("record", views.audit_record, name="audit_record"),
    path("results", views.results, name="audit_results"),
    path("tools", views.audit_tools, name="audit_tools"),
    path("tools/add", views.audit_tool_add, name="audit_tool_add"),
    path("tools/standard", views.audit_tool_standard, name="audit_tool_standard"),
    path("tools/<uuid:id>", views.audit_tool, name="audit_tool"),
    path("tools/<uuid:id>/copy", views.audit_tool_copy, name="audit_tool_copy"),
    path("tools/<uuid:id>/retire", views.audit_tool_retire, name="audit_tool_retire"),
    path("tools/<uuid:id>/questions/add", views.question_add, name="audit_question_add"),
    path("questions/<uuid:id>/change", views.question_change, name="audit_question_change"),
    path("questions/<uuid:id>/drop", views.question_drop, name="audit_question_drop"),
    path("scales/add", views.scale_add, name="audit_scale_add"),
    path("<uuid:id>", views.audit, name="audit"),
    path("<uuid:id>/change", views.audit_change, name="audit_change"),
    path("<uuid:id>/stop", views.audit_stop, name="audit_stop"),
    path("<uuid:id>/history", views.audit_history, name="audit_history"),
    path("<uuid:id>/list", views.audit_list, name="audit_list"),
    path("<uuid:id>/typed", views.audit_typed, name="audit_typed"),
    path("<uuid:id>/frame", views.audit_frame, name="audit_frame"),
    path("<uuid:id>/choose", views.audit_choose, name="audit_choose"),
    path("<uuid:id>/depth", views.audit_depth, name="audit_depth"),
    path("<uuid:id>/references", views.audit_references, name="audit_references"),
    path("<uuid:id>/begin", views.audit_begin, name="audit_begin"),
    path("<uuid:id>/ask", views.audit_ask_also, name="audit_ask_also"),
    path("<uuid:id>/chase", views.audit_chase, name="audit_chase"),
    path("<uuid:id>/moderate", views.audit_moderate, name="audit_moderate"),
    path("<uuid:id>/discussion", views.discussion_add, name="audit_discussion_add"),
    path("<uuid:id>/findings/add", views.finding_tell, name="audit_finding_add"),
    path("<uuid:id>/close", views.audit_close, name="audit_close"),
    path("records/<uuid:id>", views.audited_record, name="audited_record"),
    path("records/<uuid:id>/agree", views.record_agree, name="audited_record_agree"),
    path("parts/<uuid:id>", views.audit_part, name="audit_part"),
    path("parts/<uuid:id>/answer", views.audit_part_answer, name="audit_part_answer"),
    path("parts/<uuid:id>/accept", views.audit_part_accept, name="audit_part_accept"),
    path("parts/<uuid:id>/return", views.audit_part_return, name="audit_part_return"),
    path("parts/<uuid:id>/excuse", views.audit_part_excuse, name="audit_part_excuse"),
    path("discussions/<uuid:id>/change", views.discussion_change, name="audit_discussion_change"),
]
