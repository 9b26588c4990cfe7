"""What the pages of this module share: the way to them, states in words, addresses."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from shield.kernel.calendar.rules import in_words_to
from shield.meetings import rules
from shield.meetings.models import Gathering

LISTS = {"gatherings": "Meetings", "bodies": "Bodies", "resolutions": "Decisions"}
OUTCOME_TONES = {
    "agreed": "good",
    "agreed_changed": "good",
    "declined": "neutral",
    "deferred": "attention",
    "noted": "neutral",
}
ACTION_TONES = {"planned": "info", "in_progress": "info", "done": "good", "stopped": "neutral"}


def to(request: Any, name: str, record: Any = None, /, **more: str) -> str:
    """The address of a page of this partnership, of one record if one is given."""
    kwargs = {"partnership": request.actor.partnership_slug, **more}
    return reverse(name, kwargs=kwargs if record is None else {**kwargs, "id": record.pk})


def act(
    request: Any,
    row: Gathering,
    form: Any,
    title: str,
    template: str,
    button: str,
    *,
    wide: bool = False,
    **more: Any,
) -> HttpResponse:
    """The page of a form about one meeting."""
    there = to(request, "gathering", row)
    context = {
        "page_title": title,
        "page_caption": row.title,
        "gathering": row,
        "form": form,
        "wide": wide,
        "submit_text": button,
        "cancel_href": there,
        "breadcrumbs": way(request, "gatherings", (row.title, there), (title, "")),
        **more,
    }
    return render(request, template, context)


def asked(
    request: Any, form: Any, title: str, button: str, *, of: str, back: str, way_there: list[tuple[str, str]], intro: str = ""
) -> HttpResponse:  # fmt: skip
    """The page of a short form about one record: `of` is its name, `back` its page, `way_there` the way to it."""
    context = {
        "page_title": title,
        "page_caption": of,
        "form": form,
        "submit_text": button,
        "intro": intro,
        "cancel_href": back,
        "breadcrumbs": [*way_there, (title, "")],
    }
    return render(request, "meetings/body_act.html", context)


def back_to(request: Any, name: str, record: Any, problem: str = "") -> HttpResponse:
    """Back to a page after a small act without script; what went wrong is said there."""
    if problem:
        messages.error(request, problem)
    return HttpResponseRedirect(to(request, name, record))


def to_if_there(request: Any, name: str) -> str:
    """The address of a page that another module may have; empty if it has none."""
    try:
        return to(request, name)
    except NoReverseMatch:
        return ""


def way(request: Any, name: str, *further: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page: its list, and what lies between."""
    return [(LISTS[name], to(request, name)), *further]


def day_of(row: Gathering) -> str:
    """When it was or will be, as exactly as it is known."""
    first = in_words_to(row.held_on, row.precision)
    return f"{first} to {in_words_to(row.ends_on, 'day')}" if row.ends_on else first


def day_in_table(row: Gathering) -> date | str:
    """The day itself where it is known, so that a table writes it short and a file writes it whole."""
    return row.held_on if row.precision == "day" and not row.ends_on else day_of(row)


def standing(row: Gathering, today: Any) -> tuple[str, str]:
    """Its state in words, and the tone of the tag."""
    if row.status == rules.GatheringStatus.HELD:
        return "Held", "good"
    if row.status == rules.GatheringStatus.CANCELLED:
        return "Cancelled", "neutral"
    if rules.is_past(row.held_on, row.precision, today):
        return "Planned, not recorded yet", "attention"
    return "Planned", "info"
