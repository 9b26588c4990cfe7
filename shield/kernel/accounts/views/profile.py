"""The partnership's own page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.kernel.access.views import page, submit
from shield.kernel.accounts import forms, permissions, queries, services
from shield.kernel.accounts.models import Partnership
from shield.kernel.accounts.views import frame
from shield.kernel.history import queries as history
from shield.kernel.notices import permissions as notices
from shield.kernel.records import queries as records


@page(permissions.VIEW_PROFILE)
def profile(request: Any) -> HttpResponse:
    """What the partnership is and wants: vision, values, ambitions, who leads it, who takes part."""
    actor, row = request.actor, request.partnership
    relevant = queries.chosen_agencies(actor, request.today, relevant="yes").count()
    context = {
        "page_title": row.name,
        "page_caption": "Partnership",
        "facts": [("Area", row.area), ("Launched on", row.launched_on)],
        "partnership": row,
        "leads": list(queries.lead_partners(row.pk)),
        "numbers": [
            {
                "value": relevant,
                "label": "relevant agencies now",
                "href": frame.to(request, "agencies") + "?relevant=yes",
            }
        ],
        "places": _places(request),
        "panels": records.panels(row.ref, actor),
        "entries": history.of_record(row.pk, row.pk, limit=20),
        "source": queries.source_of(row),
        "may_edit": actor.may(permissions.EDIT_PROFILE),
    }
    return render(request, "accounts/profile.html", context)


def _places(request: Any) -> list[dict[str, str]]:
    """What else there is about the partnership, for those who may see it."""
    offered = (
        (permissions.VIEW_PROFILE, "agencies", "Agencies"),
        (permissions.VIEW_PEOPLE, "people", "People and their roles"),
        (notices.VIEW_OUTBOX, "emails", "E-mails and what became of them"),
        (permissions.VIEW_HISTORY, "history", "The whole history"),
        (permissions.OPEN_URGENTLY, "urgent_openings", "Restricted records opened urgently"),
        (permissions.REVIEW_URGENT, "urgent_openings", "Restricted records opened urgently"),
    )
    own = {name: text for needs, name, text in offered if request.actor.may(needs)}
    further = {place.url_name: place.text for place in records.places(request.actor)}
    return [{"href": frame.to(request, name), "text": text} for name, text in {**own, **further}.items()]


@page(permissions.EDIT_PROFILE)
def change_profile(request: Any) -> HttpResponse:
    """Change what the partnership says of itself."""
    row: Partnership = request.partnership
    form = forms.ProfileForm(
        request.POST or None, version=row.version, initial=forms.ProfileForm.initial_of(row)
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        version, _ = given.pop("version"), given.pop("once")
        if done := submit(
            request,
            form,
            lambda: services.change_profile(
                partnership=row, changes=given, by=request.actor, expected_version=version
            ),
            lambda _: frame.to(request, "profile"),
            said="The profile was changed.",
        ):
            return done
    there = frame.to(request, "profile")
    context = {
        "page_title": "Change the profile",
        "page_caption": row.name,
        "form": form,
        "cancel_href": there,
    }
    return render(request, "accounts/form.html", {**context, "breadcrumbs": frame.way(request)})
