"""Every address. Those of a partnership begin with its word: `/bexley/…`."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import include, path, re_path

from shield.kernel.accounts import views as accounts
from shield.project import pages

urlpatterns = [
    path("", pages.front, name="front"),
    path("healthz", pages.healthz, name="healthz"),
    path("start", accounts.start, name="start"),
    path("personas", accounts.personas, name="personas"),
    path("personas/become", accounts.become, name="become"),
    path("sign-in", allauth.login, name="account_login"),
    path("sign-out", allauth.logout, name="account_logout"),
    path("invitation/<str:token>", accounts.invitation, name="invitation"),
    path("account/", accounts.account, name="account"),
    path("account/sessions", accounts.sessions, name="account_sessions"),
    path("account/password", allauth.password_change, name="account_change_password"),
    path("account/password/set", allauth.password_set, name="account_set_password"),
    path("account/password/reset", allauth.password_reset, name="account_reset_password"),
    path("account/password/reset/sent", allauth.password_reset_done, name="account_reset_password_done"),
    # The key holds hyphens itself, so the id must end at the first one.
    re_path(
        r"^account/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/done",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("account/closed", allauth.account_inactive, name="account_inactive"),
    path("account/locked", pages.no_sign_up, name="account_signup"),
    path("staff/components", pages.components, name="components"),
    path("<slug:partnership>/", pages.home, name="home"),
    path("<slug:partnership>/home/<slug:box>", pages.home_box, name="home_box"),
    path("<slug:partnership>/", include("shield.kernel.accounts.urls")),
    path("<slug:partnership>/clocks/", include("shield.kernel.clocks.urls")),
    path("<slug:partnership>/files/", include("shield.kernel.files.urls")),
    path("<slug:partnership>/figures/", include("shield.kernel.reporting.urls")),
    path("<slug:partnership>/", include("shield.improvement.urls")),
    path("<slug:partnership>/", include("shield.meetings.urls")),
    path("<slug:partnership>/hub/", include("shield.domain.learning_hub.urls")),
    path("<slug:partnership>/report/", include("shield.annual_report.urls")),
]

handler403 = "shield.project.pages.refused"
handler404 = "shield.project.pages.not_found"
handler500 = "shield.project.pages.broken"
