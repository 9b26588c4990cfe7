"""Pages on invitations: writing one, those that are open, and accepting by the link."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from shield.kernel.access.views import page, submit
from shield.kernel.accounts import forms, permissions, queries, rules, services
from shield.kernel.accounts.models import Invitation
from shield.kernel.accounts.views import frame
from shield.kernel.accounts.views.people import role_label
from shield.kernel.calendar import queries as calendar
from shield.kernel.design import forms as design
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Refused


def _way(request: Any, *further: tuple[str, str]) -> list[tuple[str, str]]:
    return frame.way(request, ("People", frame.to(request, "people")), *further)


@page(permissions.MANAGE_OWN_PEOPLE)
def invitations(request: Any) -> HttpResponse:
    """Who has been invited, and what became of it."""
    now = calendar.now()

    def state(row: Invitation) -> tuple[str, str]:
        return rules.invitation_in_words(row.status, row.sent_at, row.expires_at, now)

    def act(row: Invitation) -> bool:
        return row.status == rules.InvitationStatus.OPEN

    columns = (
        Column(key="email", label="Address", sort=True),
        Column(key="agency", label="Agency", value="agency.name"),
        Column(key="roles", label="Roles", value=lambda row: ", ".join(role_label(r) for r in row.roles)),
        Column(key="state", label="State", value=lambda row: state(row)[0], tone=lambda row: state(row)[1]),
        Column(key="invited_at", label="Invited", value="invited_at", sort=True),
        Column(
            key="act", label="What you can do", hidden_label=True, export=False,
            value=lambda row: f"Send again or withdraw{'' if not act(row) else ': ' + row.email}" if act(row) else "",
            href=lambda row: frame.to(request, "invitation_act", row) if act(row) else None,
        ),
    )  # fmt: skip
    table = Table(
        queries.invitations(request.actor), columns, request.GET, caption="Invitations", show_caption=False,
        exportable=False, empty="Nobody has been invited yet.", empty_href=frame.to(request, "invite"), empty_link="Invite a person",
    )  # fmt: skip
    context = {"page_title": "Invitations", "breadcrumbs": _way(request, ("Invitations", ""))}
    return table_response(request, "accounts/invitations.html", context, table, file_name="invitations")


@page(permissions.MANAGE_OWN_PEOPLE)
def invite(request: Any) -> HttpResponse:
    """Invite somebody by e-mail."""
    form = forms.InvitationForm(request.POST or None, actor=request.actor)
    there = frame.to(request, "people")
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("email", "agency", "post", "roles")}
        if done := submit(
            request,
            form,
            lambda: services.invite(
                by=request.actor, today=request.today, now=calendar.now(), site=records.on_site("/"), **given
            ),
            lambda _: frame.to(request, "invitations"),
            said=f"An invitation is on its way to {given['email']}. Its link works for seven days.",
        ):
            return done
    context = {
        "page_title": "Invite a person",
        "form": form,
        "intro": "They get a link by e-mail, choose their name and password, and can then sign in.",
        "submit_text": "Send the invitation",
        "cancel_href": there,
        "breadcrumbs": _way(request),
    }
    return render(request, "accounts/form.html", context)


@page(permissions.MANAGE_OWN_PEOPLE, record=Invitation)
def act_on_invitation(request: Any, invitation: Invitation) -> HttpResponse:
    """Send an invitation again, or withdraw it."""
    there = frame.to(request, "invitations")
    form = forms.InvitationActForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        again = form.cleaned_data["act"] == "again"

        def act() -> Invitation:
            if again:
                return services.resend_invitation(
                    invitation=invitation, by=request.actor, site=records.on_site("/")
                )
            return services.withdraw_invitation(invitation=invitation, by=request.actor, now=calendar.now())

        said = "A new link is on its way." if again else "The invitation was withdrawn."
        if done := submit(request, form, act, lambda _: there, said=said):
            return done
    context = {
        "page_title": "Send again or withdraw",
        "page_caption": invitation.email,
        "form": form,
        "submit_text": "Continue",
        "cancel_href": there,
        "breadcrumbs": _way(request, ("Invitations", there)),
    }
    return render(request, "accounts/form.html", context)


@page(public=True)
def invitation(request: Any, token: str) -> HttpResponse:
    """Accept an invitation by its link."""
    now = calendar.now()
    row = queries.invitation_for(token, now)
    if row is None:
        return render(request, "accounts/invitation.html", {"page_title": "This link can no longer be used"})
    context: dict[str, Any] = {"page_title": f"Join {row.partnership.name}", "invitation": row}
    known = queries.signs_in_with(row.email)
    if known is not None and known.is_active:
        return _accept_known(request, token, row, context)
    if request.user.is_authenticated:
        return render(request, "accounts/invitation.html", {**context, "sign_out_first": True})
    by_password = not (settings.SHIELD_SSO and row.agency is not None and row.agency.sso_only)
    context["by_password"] = by_password
    form = forms.AcceptForm(request.POST or None, email=row.email, with_password=by_password)
    if request.method == "POST" and form.is_valid():
        try:
            services.accept_as_new(
                token=token, name=form.cleaned_data["name"], password=form.cleaned_data.get("password1"), today=request.today, now=now
            )  # fmt: skip
        except Refused as refusal:
            form.refuse(refusal.message, refusal.field)
        except ValidationError as problem:
            form.refuse(" ".join(problem.messages))
        else:
            how = "your email address and password" if by_password else settings.SHIELD_SSO
            messages.success(request, f"Your account is ready. Sign in with {how}.")
            return HttpResponseRedirect(reverse("account_login"))
    return render(request, "accounts/invitation.html", {**context, "form": form})


def _accept_known(request: Any, token: str, row: Invitation, context: dict[str, Any]) -> HttpResponse:
    """Somebody who has a sign-in accepts by using it."""
    if not request.user.is_authenticated:
        back = urlencode({"next": request.path})
        return render(
            request, "accounts/invitation.html", {**context, "sign_in_href": f"{reverse('account_login')}?{back}"}
        )  # fmt: skip
    if request.user.email != row.email:
        return render(request, "accounts/invitation.html", {**context, "sign_out_first": True})
    form = design.ShieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.accept(token=token, user=request.user, today=request.today, now=calendar.now())
        except Refused as refusal:
            form.refuse(refusal.message)
        else:
            messages.success(request, f"You now take part in {row.partnership.name}.")
            return HttpResponseRedirect(reverse("home", args=[row.partnership.slug]))
    return render(request, "accounts/invitation.html", {**context, "form": form, "confirm_only": True})
