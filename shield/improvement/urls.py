"""Addresses of this module, without the partnership."""

from __future__ import annotations

from django.urls import URLPattern, path

from shield.improvement import views
from shield.improvement.views import FOLLOWED, MENDED

urlpatterns: list[URLPattern] = [
    path("chain/", views.chain, name="chain"),
    *(path(f"chain/of/{w.word}/<uuid:id>", w.follow, name=f"chain_of_{w.name}") for w in FOLLOWED),
    *(path(f"chain/history/{w.word}/<uuid:id>", w.history, name=f"history_of_{w.name}") for w in FOLLOWED),
    *(path(m.path, m.view, name=m.name) for m in MENDED),
    path("chain/decisions/<uuid:id>", views.decision, name="decision"),
    path("priorities/", views.priorities, name="priorities"),
    path("priorities/add", views.priority_add, name="priority_add"),
    path("priorities/<uuid:id>", views.priority, name="priority"),
    path("priorities/<uuid:id>/edit", views.priority_edit, name="priority_edit"),
    path("priorities/<uuid:id>/measures/add", views.measure_add, name="measure_add"),
    path("priorities/<uuid:id>/reviews/plan", views.impact_reviews_plan, name="impact_reviews_plan"),
    path("measures/add", views.partnership_measure_add, name="partnership_measure_add"),
    path("measures/<uuid:id>", views.measure, name="measure"),
    path("findings/", views.findings, name="findings"),
    path("findings/board", views.findings_board, name="findings_board"),
    path("findings/sort", views.findings_sort, name="findings_sort"),
    path("findings/add", views.finding_add, name="finding_add"),
    path("findings/<uuid:id>", views.finding, name="finding"),
    path("themes/", views.themes, name="themes"),
    path("themes/add", views.theme_add, name="theme_add"),
    path("themes/<uuid:id>", views.theme, name="theme"),
    path("recommendations/", views.recommendations, name="recommendations"),
    path("recommendations/add", views.recommendation_add, name="recommendation_add"),
    path("recommendations/<uuid:id>", views.recommendation, name="recommendation"),
    path("recommendations/<uuid:id>/edit", views.recommendation_edit, name="recommendation_edit"),
    path("recommendations/<uuid:id>/owner", views.recommendation_owner, name="recommendation_owner"),
    path("recommendations/<uuid:id>/move", views.recommendation_move, name="recommendation_move"),
    path("recommendations/<uuid:id>/parts/add", views.part_add, name="part_add"),
    path("recommendations/parts/<uuid:id>/owner", views.part_owner, name="part_owner"),
    path("actions/", views.actions, name="actions"),
    path("actions/add", views.action_add, name="action_add"),
    path("actions/owners", views.actions_owners, name="actions_owners"),
    path("actions/<uuid:id>", views.action, name="action"),
    path("actions/<uuid:id>/edit", views.action_edit, name="action_edit"),
    path("actions/<uuid:id>/owner", views.action_owner, name="action_owner"),
    path("actions/<uuid:id>/update", views.action_update, name="action_update"),
    path("actions/<uuid:id>/chase", views.action_chase, name="action_chase"),
    path("evidence/add", views.evidence_add, name="evidence_add"),
    path("evidence/<uuid:id>", views.evidence, name="evidence"),
    path("progress/add", views.progress_add, name="progress_add"),
    path("progress/<uuid:id>", views.progress_note, name="progress_note"),
    path("reviews/<uuid:id>", views.impact_review, name="impact_review"),
    path("reviews/<uuid:id>/hold", views.impact_review_hold, name="impact_review_hold"),
]
