"""The second factor: setting it up and demanding it. The pages are django-allauth's, in our words and frame."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from allauth.account import views as allauth
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from shield.kernel.access.views import page, submit
from shield.kernel.accounts import forms, permissions, queries, services
from shield.kernel.accounts.models import Person
from shield.kernel.accounts.views import frame
from shield.kernel.sealed import rules as sealed

STILL_OPEN = frozenset({
    "mfa_index", "mfa_activate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_list_webauthn",
    "mfa_add_webauthn", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_logout",
    "healthz",
})  # fmt: skip
"""What somebody reaches who must still set up a second factor: setting it up, and the way out."""
HAS_ONE = "shield_has_second_factor"
"""In the session: a second factor was found. Removing one ends all other sessions, so this cannot outlive it."""


class SecondFactorDemanded:
    """Leads whoever can see a child's record to setting up a second factor before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do before the address is known."""
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """One statement for those who have none and need none; no statement for those who have one."""
        if not settings.SHIELD_SECOND_FACTOR or not request.user.is_authenticated:
            return None
        if request.resolver_match.url_name in STILL_OPEN or request.session.get(HAS_ONE):
            return None
        if queries.second_factors(request.user):
            request.session[HAS_ONE] = True
            return None
        if queries.must_have_second_factor(request.user.person, request.today):
            return HttpResponseRedirect(reverse("mfa_index"))
        return None


SEALED_FOR = "accounts.second_factor"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets sealed at rest, our words, and no way to drop the last factor of somebody who must have one."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "The code is wrong or has been used. Enter the one that is shown now",
        "cannot_delete_authenticator": "Your role here needs a second factor. Set up another one before you remove this one",
        "cannot_generate_recovery_codes": "Set up an authenticator app or a passkey first",
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret under the key ring, which is kept apart from the database."""
        return sealed.seal(sealed.ring(Path(settings.SHIELD_KEYS)), text, SEALED_FOR)

    def decrypt(self, encrypted_text: str) -> str:
        """Open what was sealed, with the key it names."""
        return sealed.unseal(sealed.ring(Path(settings.SHIELD_KEYS)), encrypted_text, SEALED_FOR)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who must have one."""
        user = authenticator.user
        if not settings.SHIELD_SECOND_FACTOR or queries.second_factors(user) > 1:
            return True
        return not queries.must_have_second_factor(user.person, queries.today())

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """What a passkey is called until it is given a better name."""
        return f"Passkey {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def build_totp_svg(self, url: str) -> str:
        """The code to scan, on white: readable on a dark page too."""
        import qrcode
        from qrcode.image.svg import SvgPathFillImage

        kept = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage, box_size=14).save(kept)
        return kept.getvalue().decode()


class Noted:
    """A page of allauth's whose act is kept in the history, in one transaction with it."""

    noted = ""
    takes_away = False

    def form_valid(self, form: Any) -> HttpResponse:
        """Act and note; after something was taken away, only this session goes on."""
        request: Any = self.request  # type: ignore[attr-defined]
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            services.note_sign_in_changed(user=request.user, what=self.noted, today=request.today)
            if self.takes_away:
                services.cut_off(
                    person=request.user.person, now=timezone.now(), keep=request.session.get("shield_sign_in")
                )
        if self.takes_away:
            request.user.refresh_from_db(fields=["times_ended"])
            update_session_auth_hash(request, request.user)
            request.session.pop(HAS_ONE, None)
        return response


class Security(base.IndexView):  # type: ignore[misc]
    """How I sign in: the second factors I have, and what I can set up."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether a second factor is demanded of this person, and whether it is of anybody here."""
        request: Any = self.request
        must = queries.must_have_second_factor(request.user.person, request.today)
        return {
            **super().get_context_data(**kwargs),
            "page_title": "Security",
            "breadcrumbs": [("My account", reverse("account")), ("Security", "")],
            "is_demanded_here": settings.SHIELD_SECOND_FACTOR,
            "must_have": must and settings.SHIELD_SECOND_FACTOR,
            "has_password": request.user.has_usable_password(),
        }


class ActivateApp(Noted, totp.ActivateTOTPView):  # type: ignore[misc]
    """Set up an authenticator app."""

    noted = "an authenticator app was added"


class RemoveApp(Noted, totp.DeactivateTOTPView):  # type: ignore[misc]
    """Remove the authenticator app."""

    noted, takes_away = "the authenticator app was removed", True


class NewCodes(Noted, codes.GenerateRecoveryCodesView):  # type: ignore[misc]
    """Make new recovery codes; the earlier ones stop working."""

    noted = "new recovery codes were made"


class AddPasskey(Noted, passkeys.AddWebAuthnView):  # type: ignore[misc]
    """Add a passkey or a security key."""

    noted = "a passkey was added"


class RenamePasskey(Noted, passkeys.EditWebAuthnView):  # type: ignore[misc]
    """Give a passkey another name."""

    noted = "a passkey was renamed"


class RemovePasskey(Noted, passkeys.RemoveWebAuthnView):  # type: ignore[misc]
    """Remove a passkey."""

    noted, takes_away = "a passkey was removed", True

    def form_valid(self, form: Any) -> HttpResponse:
        """Refused in words for the last one that must be there."""
        adapter = SecondFactorAdapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return HttpResponseRedirect(reverse("mfa_index"))
        return super().form_valid(form)


class ChangePassword(Noted, allauth.PasswordChangeView):  # type: ignore[misc]
    """Change the password."""

    noted = "the password was changed"


security = Security.as_view()
activate_app = ActivateApp.as_view()
remove_app = RemoveApp.as_view()
new_codes = NewCodes.as_view()
add_passkey = AddPasskey.as_view()
rename_passkey = RenamePasskey.as_view()
remove_passkey = RemovePasskey.as_view()
change_password = ChangePassword.as_view()


@page(permissions.MANAGE_PEOPLE, record=Person)
def reset_second_factor(request: Any, person: Person) -> HttpResponse:
    """Take somebody's second factors away when they have lost them."""
    there = frame.to(request, "person", person)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if done := submit(
            request,
            form,
            lambda: services.reset_second_factor(
                person=person, reason=form.cleaned_data["reason"], by=request.actor, today=request.today, now=timezone.now()
            ),
            lambda _: there,
            said=f"The second factor of {person.name} was reset. They are signed out everywhere.",
        ):  # fmt: skip
            return done
    intro = (
        "Only when you are sure that it is they who ask: speak to them, do not rely on an e-mail. "
        "They are signed out everywhere and set up a second factor anew when they next sign in with their password."
    )
    context = {
        "page_title": "Reset their second factor",
        "page_caption": person.name,
        "form": form,
        "intro": intro,
        "submit_text": "Reset the second factor",
        "cancel_href": there,
        "breadcrumbs": frame.way(request, ("People", frame.to(request, "people")), (person.name, there)),
    }
    return render(request, "accounts/form.html", context)
