"""Addresses of this module, without the partnership."""

from __future__ import annotations

from django.urls import path

from shield.kernel.accounts import views

urlpatterns = [
    path("partnership/", views.profile, name="profile"),
    path("partnership/change", views.change_profile, name="profile_change"),
    path("agencies/", views.agencies, name="agencies"),
    path("agencies/add", views.add_agency, name="agency_add"),
    path("agencies/<uuid:id>", views.agency, name="agency"),
    path("agencies/<uuid:id>/change", views.change_agency, name="agency_change"),
    path("people/", views.people, name="people"),
    path("people/invite", views.invite, name="invite"),
    path("people/invitations/", views.invitations, name="invitations"),
    path("people/invitations/<uuid:id>", views.act_on_invitation, name="invitation_act"),
    path("people/e-mails/", views.emails, name="emails"),
    path("people/e-mails/kinds", views.email_kinds, name="email_kinds"),
    path("people/e-mails/<uuid:id>", views.email, name="email"),
    path("people/e-mails/<uuid:id>/again", views.email_again, name="email_again"),
    path("my-e-mails", views.own_emails, name="own_emails"),
    path("people/<uuid:id>", views.person, name="person"),
    path("people/<uuid:id>/roles/give", views.give_role, name="person_role"),
    path("people/<uuid:id>/agencies/add", views.give_post, name="person_post"),
    path("people/<uuid:id>/leave", views.leave, name="person_leave"),
    path("people/<uuid:id>/sessions/end", views.end_sessions, name="person_sessions_end"),
    path("people/<uuid:id>/second-factor/reset", views.reset_second_factor, name="second_factor_reset"),
    path("people/leavings/<uuid:id>/withdraw", views.withdraw_leaving, name="leaving_withdraw"),
    path("people/roles/<uuid:id>/end", views.end_role, name="role_end"),
    path("people/agencies/<uuid:id>/end", views.end_post, name="post_end"),
    path("teams/<uuid:id>", views.team, name="team"),
    path("teams/<uuid:id>/join", views.team_join, name="team_join"),
    path("teams/<uuid:id>/lead", views.team_lead, name="team_lead"),
    path("teams/<uuid:id>/conflict", views.team_conflict, name="team_conflict"),
    path("teams/<uuid:id>/conflict-of", views.team_conflict_of, name="team_conflict_of"),
    path("teams/members/<uuid:id>/end", views.team_leave, name="team_leave"),
    path("teams/conflicts/<uuid:id>/end", views.team_conflict_end, name="team_conflict_end"),
    path("urgent/", views.urgent_openings, name="urgent_openings"),
    path("urgent/open", views.open_urgently, name="open_urgently"),
    path("urgent/<uuid:id>", views.urgent_opening, name="urgent_opening"),
    path("urgent/<uuid:id>/review", views.review_urgent, name="urgent_review"),
    path("urgent/<uuid:id>/close", views.close_urgent, name="urgent_close"),
    path("history/", views.history, name="history"),
]
