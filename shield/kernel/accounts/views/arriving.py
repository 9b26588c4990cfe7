"""Who is asking, in which partnership; sessions that end; choosing a partnership; demonstration personas."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY, login, logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from shield.kernel.access.views import page
from shield.kernel.accounts import queries, rules, services
from shield.kernel.accounts.models import Partnership, User
from shield.kernel.calendar import queries as calendar

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves; after sign-in a person lands in their partnership."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The email address or the password is wrong",
        "too_many_login_attempts": "Too many attempts with a wrong password. Wait five minutes and try again; "
        "after more of them the wait is longer. If they were not yours, ask for a new password by e-mail: "
        "setting it lets you in at once",
        "account_inactive": "This sign-in has been closed. Ask the business manager of your partnership",
        "enter_current_password": "The password you have now is not right",
        "invalid_password_reset": "This link has been used or is too old. Ask for a new one",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by invitation only."""
        return False

    def pre_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse | None:
        """Whoever works for an agency that signs in through its own provider does not come in by a password."""
        refused: HttpResponse | None = super().pre_login(request, user, **more)
        if (
            refused is not None
            or "sociallogin" in (more.get("signal_kwargs") or {})
            or not settings.SHIELD_SSO
        ):
            return refused
        if queries.must_use_sso(user.person, calendar.today()):
            messages.error(request, f"Your agency signs in through {settings.SHIELD_SSO}. Use that below.")
            return HttpResponseRedirect(reverse("account_login"))
        return None

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The person's partnership, or the choice between several."""
        return reverse("start")

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Not asked of somebody who has only just signed in: they have shown who they are."""
        now = timezone.now()
        began = _moment(self.request, "shield_started", now)
        just_now = timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
        return now - began > just_now and bool(super().is_reauthentication_required(app=app))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a message; if the mail server is down the page still works and says so, to everybody alike."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as fault:
            # Only what kind of fault: its text may hold the address.
            logger.error("A message about an account could not be sent (%s).", type(fault).__name__)
            messages.warning(self.request, "Mail cannot be sent at the moment. Try again in an hour.")


class SessionLimits:
    """Ends a sign-in after too long without a page, or too long altogether; keeps the person's list of sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check the session before anything else sees the person."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            now = timezone.now()
            started = _moment(request, "shield_started", now)
            seen = _moment(request, "shield_seen", now)
            if rules.session_over(
                started, seen, now, idle=settings.SHIELD_IDLE, absolute=settings.SHIELD_SESSION
            ):
                logout(request)
                messages.info(request, "You were signed out because you had not used Shield for a while.")
                return redirect_to_login(request.get_full_path())
            # A new key or a new password is noted at once: else the list would show a session that is over.
            mark = f"{request.session.session_key}{request.session.get(HASH_SESSION_KEY)}"
            if now - seen > timedelta(minutes=1) or request.session.get("shield_mark") != mark:
                request.session["shield_started"] = started.isoformat()
                request.session["shield_seen"] = now.isoformat()
                _note_session(request, now)
                request.session["shield_mark"] = mark
        return self.get_response(request)


def _note_session(request: HttpRequest, now: datetime) -> None:
    known = request.session.get("shield_sign_in")
    noted = services.note_session(
        user=request.user,  # type: ignore[arg-type]
        known=uuid.UUID(known) if known else None,
        session_key=request.session.session_key or "",
        fits=request.session.get(HASH_SESSION_KEY, ""),
        device=rules.device_in_words(request.headers.get("User-Agent", "")),
        now=now,
    )
    request.session["shield_sign_in"] = str(noted)


def _moment(request: HttpRequest, name: str, otherwise: datetime) -> datetime:
    try:
        return datetime.fromisoformat(request.session[name])
    except (KeyError, ValueError, TypeError):
        return otherwise


class PartnershipOfAddress:
    """Puts `request.partnership`, `request.actor` and `request.today` in place from the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Give every request the three attributes, whatever the address."""
        request.partnership = None  # type: ignore[attr-defined]
        request.actor = None  # type: ignore[attr-defined]
        request.today = calendar.today()  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        """Resolve `/<partnership>/…`: unknown or not theirs is a 404, signed out an unknown one is sign-in."""
        slug = kwargs.pop("partnership", None)
        if slug is None:
            return None
        partnership = Partnership.objects.filter(slug=slug).first()
        if partnership is None:
            if request.user.is_authenticated:
                raise Http404
            return redirect_to_login(request.get_full_path())
        request.partnership = partnership
        if request.user.is_authenticated:
            request.actor = queries.actor_for(
                request.user.person, partnership, request.today, is_staff=request.user.is_staff
            )
        declared = getattr(view, "declared", None)
        if request.actor is None and (not request.user.is_authenticated or (declared and declared.public)):
            request.actor = queries.public_actor(partnership)
        return None

    def process_template_response(self, request: Any, response: Any) -> Any:
        """Allauth's pages call something else `site`; the frame of every page needs the name."""
        (response.context_data or {}).pop("site", None)
        return response


@page(signed_in=True)
def start(request: Any) -> HttpResponse:
    """Where a person lands: their partnership, or a choice between several."""
    mine = list(queries.partnerships_of(request.user.person, request.today))
    if len(mine) == 1:
        return HttpResponseRedirect(reverse("home", args=[mine[0].slug]))
    title = "Choose a partnership" if mine else "No role today"
    return render(request, "accounts/start.html", {"page_title": title, "partnerships": mine})


@page(public=True)
def personas(request: Any) -> HttpResponse:
    """In the demonstration only: everybody one can sign in as, with one click."""
    if not settings.SHIELD_PERSONAS:
        raise Http404
    users = User.objects.filter(person__is_invented=True, is_active=True)
    people = {user.person_id: user for user in users}
    rows = queries.persona_rows(list(people), request.today)
    groups = [
        (
            partnership,
            [_card(people[row["person_id"]], row) for row in rows if row["partnership_id"] == partnership.pk],
        )
        for partnership in Partnership.objects.order_by("name")
    ]
    context = {
        "page_title": "Whose day would you like to see?",
        "groups": [group for group in groups if group[1]],
    }
    return render(request, "accounts/personas.html", context)


def _card(user: User, row: dict[str, Any]) -> dict[str, Any]:
    """One invented person: role, where they work, and the words of the button."""
    membership, role = row["membership"], row["role"]
    words = (membership.post, membership.agency.name) if membership else ()
    where = [word for word in words if word and word != role.label]
    return {"user": user, "role": role, "where": where, "button": f"Sign in as {user.person.name}"}


@page(public=True, methods=("POST",))
def become(request: Any) -> HttpResponse:
    """In the demonstration only: sign in as an invented person."""
    if not settings.SHIELD_PERSONAS:
        raise Http404
    invented = User.objects.filter(person__is_invented=True, is_active=True)
    user = next((user for user in invented if str(user.pk) == request.POST.get("user")), None)
    if user is None:
        raise Http404
    logout(request)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("start")
