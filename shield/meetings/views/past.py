"""Where a record of this module was taken from, what sources say of it, and everything that happened to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.kernel.access.views import page
from shield.kernel.accounts import queries as accounts
from shield.kernel.history import queries as history
from shield.kernel.reporting import queries as reporting
from shield.meetings import permissions
from shield.meetings.models import Body, Gathering, MeetingRecord, Resolution
from shield.meetings.views import frame


def _past(request: Any, record: MeetingRecord, listed: str, name: str, taken_from: Any) -> HttpResponse:
    crumbs = frame.way(request, listed, (record.heading, frame.to(request, name, record)))
    context = {
        "page_title": "History and sources",
        "page_caption": record.heading,
        "breadcrumbs": crumbs,
        "source": accounts.source_of(taken_from),
        "statements": reporting.statements_about(taken_from, request.actor),
        "entries": history.of_record(record.partnership_id, record.pk),
    }
    return render(request, "meetings/past.html", context)


@page(permissions.VIEW, record=Gathering)
def gathering_history(request: Any, gathering: Gathering) -> HttpResponse:
    """The history of a meeting, and what sources say of it."""
    return _past(request, gathering, "gatherings", "gathering", gathering)


@page(permissions.VIEW, record=Body)
def body_history(request: Any, body: Body) -> HttpResponse:
    """The history of a body, and what sources say of it."""
    return _past(request, body, "bodies", "body", body)


@page(permissions.VIEW, record=Resolution)
def resolution_history(request: Any, resolution: Resolution) -> HttpResponse:
    """The history of a decision of a body; the sources speak of what was decided."""
    return _past(request, resolution, "resolutions", "resolution", resolution.decision)
