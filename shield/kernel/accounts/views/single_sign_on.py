"""Signing in through an agency's own provider (OpenID Connect), matched by verified e-mail and nothing else."""

from __future__ import annotations

import logging
from typing import Any, NoReturn

import requests
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from shield.kernel.access.views import page
from shield.kernel.accounts import queries

logger = logging.getLogger(__name__)
DOWN = "Signing in through your organisation does not work at the moment. If you have a password here, sign in with it."


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whoever the provider names must be here already; nobody is made, nothing of the provider's is kept."""

    def is_open_for_signup(self, request: Any, sociallogin: Any) -> bool:
        """Accounts are made by invitation only."""
        return False

    def pre_social_login(self, request: Any, sociallogin: Any) -> NoReturn:
        """Sign in the person with this verified address, whatever the provider's own number for them is.

        Matched anew each time: an address that the provider gives to somebody else does not keep an old tie alive.
        """
        address = next((a for a in sociallogin.email_addresses if a.verified in (True, "true")), None)
        if address is None:
            why = "Your organisation’s sign-in does not say that your email address is verified."
            raise ImmediateHttpResponse(_refused(request, why))
        user = queries.signs_in_with(address.email)
        if user is None:
            raise ImmediateHttpResponse(
                _refused(request, "Nobody has invited the email address you sign in with.")
            )
        record_authentication(request, user, "socialaccount", provider=sociallogin.account.provider)
        response = perform_login(
            request, user, email_verification="none", signal_kwargs={"sociallogin": sociallogin}
        )
        raise ImmediateHttpResponse(response)

    def on_authentication_error(self, request: Any, provider: Any, **about: Any) -> NoReturn:
        """Back to the sign-in page with plain words; what went wrong is for the log, without any identity."""
        logger.error("Single sign-on failed (%s).", type(about.get("exception")).__name__)
        messages.error(request, DOWN)
        raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))


def _refused(request: Any, why: str) -> HttpResponse:
    context = {"page_title": "You cannot sign in this way", "why": why}
    return render(request, "accounts/sso_refused.html", context, status=403)


def _guarded(request: Any, view: Any, provider_id: str) -> HttpResponse:
    """A provider that does not answer is a message, not a fault."""
    if not settings.SHIELD_SSO:
        raise Http404
    try:
        response: HttpResponse = view(request, provider_id)
    except (requests.RequestException, SocialApp.DoesNotExist, ValueError, KeyError) as fault:
        if isinstance(fault, SocialApp.DoesNotExist):
            raise Http404 from fault
        logger.error("The single sign-on provider does not answer (%s).", type(fault).__name__)
        messages.error(request, DOWN)
        return HttpResponseRedirect(reverse("account_login"))
    return response


@page(public=True, methods=("GET",))
def sso_begin(request: Any, provider_id: str) -> HttpResponse:
    """Go to the provider."""
    return _guarded(request, oidc.login, provider_id)


@page(public=True, methods=("GET",))
def sso_return(request: Any, provider_id: str) -> HttpResponse:
    """Come back from the provider."""
    return _guarded(request, oidc.callback, provider_id)
