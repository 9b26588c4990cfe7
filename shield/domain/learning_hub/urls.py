"""Addresses of this module, without the partnership and the hub."""

from __future__ import annotations

from django.urls import URLPattern, path

from shield.domain.learning_hub import views

urlpatterns: list[URLPattern] = [
    path("", views.hub, name="hub"),
    path("cycles/start", views.cycle_start, name="cycle_start"),
    path("cycles/<uuid:id>", views.cycle, name="cycle"),
    path("cycles/<uuid:id>/correct", views.cycle_correct, name="cycle_correct"),
    path("cycles/<uuid:id>/stop", views.cycle_stop, name="cycle_stop"),
    path("cycles/<uuid:id>/history", views.cycle_history, name="cycle_history"),
    path("cycles/<uuid:id>/members/add", views.member_add, name="hub_member_add"),
    path("cycles/<uuid:id>/steps/add", views.step_add, name="step_add"),
    path("cycles/<uuid:id>/plan", views.delivery_plan, name="delivery_plan"),
    path("cycles/<uuid:id>/plan.<str:suffix>", views.plan_file, name="plan_file"),
    path("cycles/<uuid:id>/plan/add", views.plan_item_add, name="plan_item_add"),
    path("cycles/<uuid:id>/plan/activity", views.planned_add, name="planned_add"),
    path("cycles/<uuid:id>/issues", views.emerging_issues, name="emerging_issues"),
    path("cycles/<uuid:id>/issues/note", views.issue_note, name="issue_note"),
    path("cycles/<uuid:id>/issues/regroup", views.issues_regroup, name="issues_regroup"),
    path("issues/<uuid:id>", views.emerging_issue, name="emerging_issue"),
    path("issues/<uuid:id>/history", views.issue_history, name="issue_history"),
    path("issues/<uuid:id>/change", views.issue_change, name="issue_change"),
    path("issues/<uuid:id>/split", views.issue_split, name="issue_split"),
    path("issues/<uuid:id>/elsewhere", views.issue_elsewhere, name="issue_elsewhere"),
    path("issues/<uuid:id>/take-up", views.issue_take_up, name="issue_take_up"),
    path("issues/<uuid:id>/open-again", views.issue_put_back, name="issue_put_back"),
    path("plan/<uuid:id>/change", views.plan_item_change, name="plan_item_change"),
    path("plan/<uuid:id>/withdraw", views.plan_item_withdraw, name="plan_item_withdraw"),
    path("plan/activities/<uuid:id>/report", views.planned_report, name="planned_report"),
    path("stages/<uuid:id>/report", views.stage_report, name="stage_report"),
    path("steps/<uuid:id>", views.step, name="step"),
    path("steps/<uuid:id>/report", views.step_report, name="step_report"),
    path("steps/<uuid:id>/history", views.step_history, name="step_history"),
]
