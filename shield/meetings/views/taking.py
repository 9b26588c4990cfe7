"""The one screen during a meeting: who is there, what is said, decided and to be done."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from shield.kernel.access.views import page, submit
from shield.kernel.accounts import queries as accounts
from shield.kernel.calendar import queries as calendar
from shield.kernel.design import forms as design
from shield.kernel.records.rules import Refused
from shield.meetings import forms, permissions, queries, rules, services
from shield.meetings.models import Gathering, Line
from shield.meetings.views import frame

PRESENCES = [(value, label) for value, label in rules.Presence.choices]


@page(permissions.RECORD_GATHERING, record=Gathering)
def live(request: Any, gathering: Gathering) -> HttpResponse:
    """Attendance, quorum and the notes of a meeting as it goes."""
    form = _form(request, gathering)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.take_line(
                gathering=gathering,
                taken=_taken(form),
                by=request.actor,
                now=calendar.now(),
                today=request.today,
            ),
            lambda _: f"{frame.to(request, 'gathering_live', gathering)}#notes",
        )
        if done:
            return _lines(request, gathering) if request.htmx else done
    if request.method == "POST" and request.headers.get("X-Shield-Line"):
        # What the page sent by itself: the reasons, in words, for the line that waits there.
        return HttpResponse("; ".join(str(e) for errors in form.errors.values() for e in errors), status=422)
    context = {
        "page_title": gathering.title,
        "page_caption": "During the meeting",
        "breadcrumbs": frame.way(
            request,
            "gatherings",
            (gathering.title, frame.to(request, "gathering", gathering)),
            ("During the meeting", ""),
        ),
        "gathering": gathering,
        "form": form,
        "wide": True,
        "presences": PRESENCES,
        "sitting": f"{gathering.pk}/{request.actor.person_id}",
        "why_not": _why_not(request, gathering),
        **_roll(request, gathering),
        **_notes(request, gathering),
    }
    return render(request, "meetings/live.html", context)


def _why_not(request: Any, gathering: Gathering) -> str:
    if gathering.status == rules.GatheringStatus.CANCELLED:
        return "This meeting was cancelled."
    if gathering.held_on > request.today:
        return "This meeting has not begun: it opens on its day."
    minutes = queries.minutes_of(gathering, request.actor)
    if minutes and minutes.status == rules.MinutesStatus.APPROVED:
        return "The minutes of this meeting are approved, so what is on record of it stays as it is."
    return ""


def _form(request: Any, gathering: Gathering) -> forms.LineForm:
    items = list(queries.business(gathering))
    return forms.LineForm(
        request.POST or None, actor=request.actor, items=items, decides=gathering.body_id is not None,
        initial={"key": secrets.token_urlsafe(16), "item": items[0].pk if items else None},
    )  # fmt: skip


def _taken(form: forms.LineForm) -> services.Taken:
    given = form.cleaned_data
    return services.Taken(
        text=given["text"], sort=given["sort"], item=given["item"], key=given["key"], agency=given["agency"],
        due_on=given["due_on"], outcome=given["outcome"] or "agreed",
    )  # fmt: skip


def _roll(request: Any, gathering: Gathering) -> dict[str, Any]:
    roll = queries.roll(gathering, request.actor)
    came = [one for one in roll if one.presence in rules.ATTENDED]
    return {
        "roll": roll,
        "came": len(came),
        "unmarked": sum(not one.presence for one in roll),
        "quorum": queries.quorum(gathering),
    }


def _notes(request: Any, gathering: Gathering) -> dict[str, Any]:
    taken = list(queries.lines(gathering))
    timed = queries.timed_business(gathering)
    groups = [
        {"item": item, "at": at, "lines": [line for line in taken if line.item_id == item.pk]}
        for item, at, _ in timed
    ]
    known = {item.pk for item, _, _ in timed}
    apart = [line for line in taken if line.item_id not in known]
    return {"groups": groups, "apart": apart, "taken": len(taken)}


def _lines(request: Any, gathering: Gathering) -> HttpResponse:
    context = {"gathering": gathering, **_notes(request, gathering)}
    return render(request, "meetings/_notes.html", context)


@page(permissions.RECORD_GATHERING, record=Gathering, methods=("GET",))
def notes(request: Any, gathering: Gathering) -> HttpResponse:
    """The notes so far, for the page of somebody else who takes notes; they are no page of their own."""
    return _lines(request, gathering) if request.htmx else frame.back_to(request, "gathering_live", gathering)


@page(permissions.RECORD_GATHERING, record=Gathering, methods=("POST",))
def mark(request: Any, gathering: Gathering) -> HttpResponse:
    """Mark how one person or agency takes part; touches no other line of the register."""
    key, presence = request.POST.get("who", ""), request.POST.get("presence", "")
    roll = {one.key: one for one in queries.roll(gathering, request.actor)}
    if presence not in {"", *rules.Presence.values}:
        raise Http404
    if key == "*":
        seats = [one for one in roll.values() if not one.presence]
    elif key in roll:
        seats = [roll[key]]
    else:
        raise Http404
    try:
        services.mark(
            gathering=gathering,
            seats=[services.Seat(presence, one.agency, one.office, one.person, one.named) for one in seats],
            by=request.actor,
            today=request.today,
        )
    except Refused as refusal:
        return _roll_again(request, gathering, refusal.message)
    return _roll_again(request, gathering)


@page(permissions.RECORD_GATHERING, record=Gathering, methods=("POST",))
def newcomer(request: Any, gathering: Gathering) -> HttpResponse:
    """Mark somebody as present who was not expected."""
    name = " ".join(request.POST.get("name", "").split())
    chosen = request.POST.get("agency", "")
    agency = (
        next((a for a in accounts.agencies(request.actor) if str(a.pk) == chosen), None) if chosen else None
    )
    if chosen and agency is None:
        return _roll_again(request, gathering, "Choose an agency of the list.")
    if not name or len(name) > 200:
        return _roll_again(request, gathering, "Enter the name of whoever came, at most 200 characters.")
    try:
        services.mark(
            gathering=gathering,
            seats=[services.Seat("present", agency, named=name)],
            by=request.actor,
            today=request.today,
        )
    except Refused as refusal:
        return _roll_again(request, gathering, refusal.message)
    return _roll_again(request, gathering)


def _roll_again(request: Any, gathering: Gathering, problem: str = "") -> HttpResponse:
    """The roll as it stands: a fragment for the page, the whole page without its script."""
    if not request.htmx:
        return frame.back_to(request, "gathering_live", gathering, problem)
    context = {
        "gathering": gathering, "presences": PRESENCES, "problem": problem, "agencies": accounts.agencies(request.actor),
        **_roll(request, gathering),
    }  # fmt: skip
    return render(request, "meetings/_roll.html", context)


@page(permissions.RECORD_GATHERING, record=Line)
def line_change(request: Any, line: Line) -> HttpResponse:
    """Put the words of a note right."""
    form = forms.LineTextForm(request.POST or None, version=line.version, initial={"text": line.text})
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.change_line(
                line=line,
                text=form.cleaned_data["text"],
                by=request.actor,
                expected_version=form.cleaned_data["version"],
            ),
            lambda row: f"{frame.to(request, 'gathering_live', row.gathering)}#notes",
            said="The note was changed.",
        )
        if done:
            return done
    return _line_page(request, line, form, "Change this note", "Save")


@page(permissions.RECORD_GATHERING, record=Line)
def line_withdraw(request: Any, line: Line) -> HttpResponse:
    """Take a note back."""
    form = design.ShieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.withdraw_line(line=line, by=request.actor),
            lambda row: f"{frame.to(request, 'gathering_live', row.gathering)}#notes",
            said="The note was taken back.",
        )
        if done:
            return done
    return _line_page(request, line, form, "Take this note back", "Take it back", intro=line.text)


def _line_page(request: Any, line: Line, form: Any, title: str, button: str, intro: str = "") -> HttpResponse:
    there = frame.to(request, "gathering_live", line.gathering)
    way = frame.way(request, "gatherings", (line.gathering.title, there))
    return frame.asked(
        request, form, title, button, of=line.gathering.title, back=there, way_there=way, intro=intro
    )
