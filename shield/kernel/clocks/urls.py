"""Addresses of clocks, below the partnership's own."""

from django.urls import path

from shield.kernel.clocks import views

urlpatterns = [
    path("", views.clocks, name="clocks"),
    path("met-in-time", views.compliance, name="clocks_compliance"),
    path("escalations/", views.escalations, name="escalations"),
    path("escalations/raise", views.escalate, name="escalate"),
    path("escalations/<uuid:id>/", views.escalation, name="escalation"),
    path("escalations/<uuid:id>/answer", views.answer, name="escalation_answer"),
    path("escalations/<uuid:id>/withdraw", views.withdraw, name="escalation_withdraw"),
    path("<uuid:id>/", views.clock, name="clock"),
    path("<uuid:id>/pause", views.pause, name="clock_pause"),
    path("<uuid:id>/resume", views.resume, name="clock_resume"),
    path("<uuid:id>/extend", views.extend, name="clock_extend"),
    path("<uuid:id>/meet", views.meet, name="clock_meet"),
    path("<uuid:id>/stop", views.stop, name="clock_stop"),
    path("<uuid:id>/put-right", views.put_right, name="clock_put_right"),
]
