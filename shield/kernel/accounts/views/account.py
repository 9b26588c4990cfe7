"""My account: who I am here, how I sign in, where I am signed in."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from shield.kernel.access.views import page
from shield.kernel.accounts import queries, services
from shield.kernel.accounts.models import SignIn
from shield.kernel.records.rules import Refused


@page(signed_in=True)
def account(request: Any) -> HttpResponse:
    """My sign-in, and what I can change about it."""
    user = request.user
    context = {
        "page_title": "My account",
        "facts": [("Name", user.person.name), ("Signs in with", user.email)],
        "partnerships": list(queries.partnerships_of(user.person, request.today)),
        "has_password": user.has_usable_password(),
        "factor_count": queries.second_factors(user),
        "session_count": len(_open(request)),
    }
    return render(request, "accounts/account.html", context)


def _open(request: Any) -> list[SignIn]:
    return queries.sign_ins_of(
        request.user, timezone.now(), idle=settings.SHIELD_IDLE, absolute=settings.SHIELD_SESSION
    )


@page(signed_in=True)
def sessions(request: Any) -> HttpResponse:
    """Where I am signed in; one of these or all others can be ended."""
    here = request.session.get("shield_sign_in", "")
    rows = _open(request)
    if request.method == "POST":
        try:
            _end(request, rows, here, request.POST.get("end", ""))
        except Refused as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("account_sessions"))
    context = {
        "page_title": "Where you are signed in",
        "breadcrumbs": [("My account", reverse("account")), ("Sessions", "")],
        "sessions": [(row, str(row.pk) == here) for row in rows],
        "has_others": any(str(row.pk) != here for row in rows),
        "idle": int(settings.SHIELD_IDLE.total_seconds() // 60),
        "absolute": int(settings.SHIELD_SESSION.total_seconds() // 3600),
    }
    return render(request, "accounts/sessions.html", context)


def _end(request: Any, rows: list[SignIn], here: str, which: str) -> None:
    now = timezone.now()
    if which == "others":
        user = services.end_other_sessions(
            user=request.user, keep=uuid.UUID(here) if here else None, today=request.today, now=now
        )
        request.user.times_ended = user.times_ended
        update_session_auth_hash(request, request.user)
        messages.success(request, "You are signed out everywhere else.")
        return
    row = next((row for row in rows if str(row.pk) == which and which != here), None)
    if row is None:
        raise Refused("This session has ended already.")
    services.end_session(sign_in=row, today=request.today, now=now)
    messages.success(request, f"The session on {row.device} has ended.")
