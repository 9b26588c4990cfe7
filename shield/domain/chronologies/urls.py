"""Addresses of this module, without the partnership and `chronologies`."""

from __future__ import annotations

from django.urls import URLPattern, path

from shield.domain.chronologies import views

urlpatterns: list[URLPattern] = [
    path("", views.chronologies, name="chronologies"),
    path("open", views.chronology_open, name="chronology_open"),
    path("<uuid:id>", views.chronology, name="chronology"),
    path("<uuid:id>/change", views.chronology_change, name="chronology_change"),
    path("<uuid:id>/step", views.chronology_move, name="chronology_move"),
    path("<uuid:id>/history", views.chronology_history, name="chronology_history"),
    path("<uuid:id>/ask", views.chronology_ask, name="chronology_ask"),
    path("<uuid:id>/themes/add", views.chronology_theme_add, name="chronology_theme_add"),
    path("<uuid:id>/merged", views.chronology_merged, name="chronology_merged"),
    path("<uuid:id>/beside", views.chronology_beside, name="chronology_beside"),
    path("<uuid:id>/timeline", views.chronology_timeline, name="chronology_timeline"),
    path("<uuid:id>/same", views.chronology_same, name="chronology_same"),
    path("<uuid:id>/conflicts", views.chronology_conflicts, name="chronology_conflicts"),
    path("<uuid:id>/gaps", views.chronology_gaps, name="chronology_gaps"),
    path("<uuid:id>/export", views.chronology_export, name="chronology_export"),
    path("parts/<uuid:id>", views.contribution, name="contribution"),
    path("parts/<uuid:id>/upload", views.contribution_upload, name="contribution_upload"),
    path("parts/<uuid:id>/paste", views.contribution_paste, name="contribution_paste"),
    path("parts/<uuid:id>/enter", views.contribution_enter, name="contribution_enter"),
    path("parts/<uuid:id>/hand-in", views.contribution_hand_in, name="contribution_hand_in"),
    path("parts/<uuid:id>/nothing", views.contribution_nothing, name="contribution_nothing"),
    path("parts/<uuid:id>/download", views.contribution_download, name="contribution_download"),
    path("parts/<uuid:id>/accept", views.contribution_accept, name="contribution_accept"),
    path("parts/<uuid:id>/return", views.contribution_return, name="contribution_return"),
    path("parts/<uuid:id>/due", views.contribution_due, name="contribution_due"),
    path("tables/<uuid:id>", views.upload, name="upload"),
    path("tables/<uuid:id>/columns", views.upload_columns, name="upload_columns"),
    path("tables/<uuid:id>/dates", views.upload_dates, name="upload_dates"),
    path("tables/<uuid:id>/take", views.upload_take, name="upload_take"),
    path("tables/<uuid:id>/stop", views.upload_stop, name="upload_stop"),
    path("tables/<uuid:id>/drop", views.upload_drop, name="upload_drop"),
    path("tables/<uuid:id>/back", views.upload_back, name="upload_back"),
    path("entries/<uuid:id>", views.chronology_entry, name="chronology_entry"),
    path("entries/<uuid:id>/mark", views.chronology_entry_mark, name="chronology_entry_mark"),
    path("entries/<uuid:id>/note", views.chronology_entry_note, name="chronology_entry_note"),
    path("entries/<uuid:id>/compare", views.chronology_entry_compare, name="chronology_entry_compare"),
    path("entries/<uuid:id>/correct", views.chronology_entry_correct, name="chronology_entry_correct"),
    path("entries/<uuid:id>/out", views.chronology_entry_out, name="chronology_entry_out"),
    path("comparisons/<uuid:id>", views.chronology_comparison, name="chronology_comparison"),
    path("comparisons/<uuid:id>/undo", views.chronology_comparison_undo, name="chronology_comparison_undo"),
    path("conflicts/<uuid:id>", views.chronology_conflict, name="chronology_conflict"),
    path("conflicts/<uuid:id>/reopen", views.chronology_conflict_reopen, name="chronology_conflict_reopen"),
]
