"""Every address. Those of a partnership begin with its word: `/bexley/…`."""

from __future__ import annotations

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn import views as passkeys
from django.urls import include, path, re_path

from shield.domain.voice import views as voice
from shield.kernel.accounts import views as accounts
from shield.project import pages

urlpatterns = [
    path("", pages.front, name="front"),
    path("healthz", pages.healthz, name="healthz"),
    path("start", accounts.start, name="start"),
    path("personas", accounts.personas, name="personas"),
    path("personas/become", accounts.become, name="become"),
    path("sign-in", allauth.login, name="account_login"),
    path("sign-in/second-factor", mfa.authenticate, name="mfa_authenticate"),
    path("sso/<slug:provider_id>/", accounts.sso_begin, name="openid_connect_login"),
    path("sso/<slug:provider_id>/return", accounts.sso_return, name="openid_connect_callback"),
    path("sign-out", allauth.logout, name="account_logout"),
    path("invitation/<str:token>", accounts.invitation, name="invitation"),
    path("account/", accounts.account, name="account"),
    path("account/sessions", accounts.sessions, name="account_sessions"),
    path("account/security", accounts.security, name="mfa_index"),
    path("account/security/app", accounts.activate_app, name="mfa_activate_totp"),
    path("account/security/app/remove", accounts.remove_app, name="mfa_deactivate_totp"),
    path("account/security/codes", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/security/codes/new", accounts.new_codes, name="mfa_generate_recovery_codes"),
    path("account/security/passkeys", accounts.security, name="mfa_list_webauthn"),
    path("account/security/passkeys/add", accounts.add_passkey, name="mfa_add_webauthn"),
    path("account/security/passkeys/<int:pk>/rename", accounts.rename_passkey, name="mfa_edit_webauthn"),
    path("account/security/passkeys/<int:pk>/remove", accounts.remove_passkey, name="mfa_remove_webauthn"),
    path("account/confirm", allauth.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/confirm/passkey", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/password", accounts.change_password, name="account_change_password"),
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
    # Short, for it is typed on telephones, and without the partnership: the token alone says which survey it is.
    path("s/<str:survey>", voice.survey_answer, name="survey_answer"),
    path("s/<str:survey>/thanks", voice.survey_thanks, name="survey_thanks"),
    path("staff/components", pages.components, name="components"),
    path("<slug:partnership>/", pages.home, name="home"),
    path("<slug:partnership>/work", pages.work, name="work"),
    path("<slug:partnership>/awaited", pages.awaited, name="awaited"),
    path("<slug:partnership>/home/<slug:box>", pages.home_box, name="home_box"),
    path("<slug:partnership>/search", include("shield.kernel.search.urls")),
    path("<slug:partnership>/", include("shield.kernel.accounts.urls")),
    path("<slug:partnership>/clocks/", include("shield.kernel.clocks.urls")),
    path("<slug:partnership>/files/", include("shield.kernel.files.urls")),
    path("<slug:partnership>/identities/", include("shield.kernel.identities.urls")),
    path("<slug:partnership>/retention/", include("shield.kernel.retention.urls")),
    path("<slug:partnership>/figures/", include("shield.kernel.reporting.urls")),
    path("<slug:partnership>/", include("shield.improvement.urls")),
    path("<slug:partnership>/", include("shield.meetings.urls")),
    path("<slug:partnership>/hub/", include("shield.domain.learning_hub.urls")),
    path("<slug:partnership>/cases/", include("shield.domain.reviews.urls")),
    path("<slug:partnership>/learnt/", include("shield.domain.lessons.urls")),
    path("<slug:partnership>/audits/", include("shield.domain.audits.urls")),
    path("<slug:partnership>/chronologies/", include("shield.domain.chronologies.urls")),
    path("<slug:partnership>/", include("shield.domain.voice.urls")),
    path("<slug:partnership>/report/", include("shield.annual_report.urls")),
]

handler400 = "shield.project.pages.not_understood"
handler403 = "shield.project.pages.refused"
handler404 = "shield.project.pages.not_found"
handler500 = "shield.project.pages.broken"
