"""Pages on opening a restricted record when it cannot wait, and on reviewing that."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.kernel.access.rules import Forbidden
from shield.kernel.access.views import page, submit
from shield.kernel.accounts import forms, permissions, queries, rules, services
from shield.kernel.accounts.models import UrgentOpening
from shield.kernel.accounts.views import frame
from shield.kernel.calendar import queries as calendar
from shield.kernel.design import forms as design
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import values
from shield.kernel.design.views import table_response
from shield.kernel.history import queries as history
from shield.kernel.records import queries as records


def _standing(row: UrgentOpening, now: datetime) -> tuple[str, str]:
    if not row.finding:
        return (
            ("Open, waits for a review", "attention")
            if row.closes_at > now
            else ("Waits for a review", "attention")
        )
    return ("Justified", "good") if row.finding == rules.Finding.JUSTIFIED else ("Not justified", "late")


@page(signed_in=True)
def urgent_openings(request: Any) -> HttpResponse:
    """The urgent openings a person may see: their own, or all for who reviews them."""
    now, may = calendar.now(), request.actor.may
    table = Table(
        queries.urgent_openings(request.actor),
        (
            Column(
                key="reference",
                label="Opening",
                href=lambda row: frame.to(request, "urgent_opening", row),
                sort=True,
            ),
            Column(key="person", label="Who", value=lambda row: row.person.name),
            Column(key="about", label="Record", value="about_reference"),
            Column(key="opened_at", label="When", value=lambda row: values.moment(row.opened_at), sort=True),
            Column(
                key="standing",
                label="Stands at",
                value=lambda row: _standing(row, now)[0],
                tone=lambda row: _standing(row, now)[1],
            ),
        ),
        request.GET,
        caption="Urgent openings",
        show_caption=False,
        empty="Nobody has opened a restricted record urgently."
        if request.actor.may(permissions.REVIEW_URGENT)
        else "You have opened no restricted record urgently.",
        file_name="urgent openings",
    )
    context = {
        "page_title": "Urgent openings",
        "may_open": may(permissions.OPEN_URGENTLY),
        "hours": rules.URGENT_FOR.seconds // 3600,
        "breadcrumbs": frame.way(request, ("Urgent openings", "")),
    }
    return table_response(
        request, "accounts/urgent_openings.html", context, table, file_name="urgent openings"
    )


@page(permissions.OPEN_URGENTLY)
def open_urgently(request: Any) -> HttpResponse:
    """Open a restricted record to oneself for a while."""
    form = forms.UrgentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.open_urgently(
                reference=form.cleaned_data["reference"],
                reason=form.cleaned_data["reason"],
                by=request.actor,
                today=request.today,
                now=calendar.now(),
            ),
            lambda row: frame.to(request, "urgent_opening", row),
            said="It is open to you. Whoever reviews this has been told.",
        )
        if done:
            return done
    context = {
        "page_title": "Open a restricted record urgently",
        "form": form,
        "hours": rules.URGENT_FOR.seconds // 3600,
        "submit_text": "Open it, and tell the reviewers",
        "cancel_href": frame.to(request, "urgent_openings"),
        "breadcrumbs": _way(request, ("Open one", "")),
    }
    return render(request, "accounts/open_urgently.html", context)


def _way(request: Any, *further: tuple[str, str]) -> list[tuple[str, str]]:
    return frame.way(request, ("Urgent openings", frame.to(request, "urgent_openings")), *further)


@page(signed_in=True, record=UrgentOpening)
def urgent_opening(request: Any, opening: UrgentOpening) -> HttpResponse:
    """One urgent opening: who, what, why, until when, and what the review found."""
    now, own = calendar.now(), opening.person_id == request.actor.person_id
    is_open = opening.closes_at > now
    sees = records.titles([opening.about], request.actor).get(opening.about_id)
    slug = request.actor.partnership_slug
    facts: list[Any] = [
        ("Who", opening.person.name),
        {
            "key": "Record",
            "value": sees or opening.about_reference,
            "href": records.address(opening.about_kind, opening.about_id, slug) if sees else "",
        },
        ("Why", opening.reason),
        ("Opened", values.moment(opening.opened_at)),
        ("Closes" if is_open else "Closed", values.moment(opening.closes_at)),
    ]
    if opening.reviewed_at:
        facts.append(("Review", f"{opening.get_finding_display()}. {opening.review}".strip()))
        facts.append(("Reviewed by", f"{opening.reviewed_by}, {values.moment(opening.reviewed_at)}"))
    reviews = request.actor.may(permissions.REVIEW_URGENT) and not own and not opening.finding
    context = {
        "page_title": f"Urgent opening of {opening.about_reference}",
        "page_caption": opening.reference,
        "breadcrumbs": _way(request, (opening.reference, "")),
        "standing": _standing(opening, now),
        "facts": facts,
        "review_href": frame.to(request, "urgent_review", opening) if reviews else "",
        "close_href": frame.to(request, "urgent_close", opening) if is_open else "",
        "entries": history.of_record(opening.partnership_id, opening.pk),
    }
    return render(request, "accounts/urgent_opening.html", context)


@page(permissions.REVIEW_URGENT, record=UrgentOpening)
def review_urgent(request: Any, opening: UrgentOpening) -> HttpResponse:
    """Say whether an urgent opening was justified."""
    if opening.person_id == request.actor.person_id:
        raise Forbidden("Somebody else reviews what you opened.")
    form = forms.UrgentReviewForm(request.POST or None, version=opening.version)
    return _act(
        request,
        opening,
        form,
        lambda given: services.review_urgent(
            opening=opening,
            finding=given["finding"],
            words=given["words"],
            by=request.actor,
            now=calendar.now(),
            expected_version=given["version"],
        ),
        ("Review this opening", "Save the review", "The review was saved."),
    )


@page(signed_in=True, record=UrgentOpening)
def close_urgent(request: Any, opening: UrgentOpening) -> HttpResponse:
    """Close an urgent opening before its time."""
    form = design.ShieldForm(request.POST or None)
    words = ("Close it now", "Close it now", "It is closed.")
    return _act(
        request,
        opening,
        form,
        lambda _: services.close_urgent(opening=opening, by=request.actor, now=calendar.now()),
        words,
    )


def _act(
    request: Any, opening: UrgentOpening, form: Any, act: Any, words: tuple[str, str, str]
) -> HttpResponse:
    title, button, said = words
    there = frame.to(request, "urgent_opening", opening)
    if request.method == "POST" and form.is_valid():
        if done := submit(request, form, lambda: act(form.cleaned_data), lambda _: there, said=said):
            return done
    context = {
        "page_title": title,
        "page_caption": f"{opening.person.name}, {opening.about_reference}",
        "form": form,
        "submit_text": button,
        "cancel_href": there,
        "breadcrumbs": _way(request, (opening.reference, there), (title, "")),
    }
    return render(request, "design/form_page.html", context)
