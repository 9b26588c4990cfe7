"""Acts on meetings: recording, planning, changing, the agenda, who came, what was decided."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.improvement.models import Priority
from shield.kernel.access.rules import Forbidden
from shield.kernel.access.views import page, submit
from shield.kernel.accounts import queries as accounts
from shield.kernel.design.forms import Clash
from shield.kernel.records.rules import RecordRef, fold
from shield.meetings import forms, permissions, queries, rules, services
from shield.meetings.models import AgendaItem, Attendance, Body, Gathering
from shield.meetings.views import frame


@page(permissions.RECORD_GATHERING)
def record(request: Any) -> HttpResponse:
    """Put a meeting or event that was held on the register."""
    return _new(
        request,
        "record",
        rules.GatheringStatus.HELD,
        "Record a meeting or event",
        "It is on the register. Record who came next.",
    )


@page(permissions.RECORD_GATHERING)
def plan(request: Any) -> HttpResponse:
    """Put a future meeting or event on the register."""
    return _new(
        request, "plan", rules.GatheringStatus.PLANNED, "Plan a meeting or event", "The meeting is planned."
    )


def _new(request: Any, act: str, status: str, title: str, said: str) -> HttpResponse:
    body = _body_asked_for(request)
    form = forms.GatheringForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        act=act,
        initial={"body": body, "priority": _priority_asked_for(request)},
    )
    if request.method == "POST" and form.is_valid():

        def put() -> Gathering:
            return services.record_gathering(
                **form.values,
                status=status,
                business=[services.Item(line) for line in form.cleaned_data["business"]],
                led_by=form.cleaned_data["led_by"],
                by=request.actor,
                today=request.today,
            )

        if done := submit(request, form, put, lambda row: frame.to(request, "gathering", row), said=said):
            return done
    context = {
        "page_title": title,
        "form": form,
        "submit_text": "Plan it" if act == "plan" else "Record it",
        "breadcrumbs": frame.way(request, "gatherings", (title, "")),
        "cancel_href": frame.to(request, "gatherings"),
    }
    return render(request, "meetings/gathering_form.html", context)


def _priority_asked_for(request: Any) -> Priority | None:
    """The priority whose page led here."""
    wanted = request.GET.get("priority", "")
    rows = Priority.objects.visible_to(request.actor) if wanted else ()
    return next((row for row in rows if str(row.pk) == wanted), None)


def _body_asked_for(request: Any) -> Body | None:
    """The body whose page led here."""
    wanted = request.GET.get("body", "")
    found: Body | None = (
        next((b for b in Body.objects.visible_to(request.actor) if str(b.pk) == wanted), None)
        if wanted
        else None
    )
    return found


@page(permissions.RECORD_GATHERING, record=Gathering)
def change(request: Any, gathering: Gathering) -> HttpResponse:
    """Change what the register says of a meeting."""
    form = forms.GatheringForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        act="change",
        version=gathering.version,
        initial=forms.GatheringForm.initial_of(gathering),
    )
    if request.method == "POST" and form.is_valid():

        def put() -> Gathering:
            return services.change_gathering(
                gathering=gathering,
                changes=form.values,
                led_by=form.cleaned_data["led_by"],
                by=request.actor,
                today=request.today,
                expected_version=form.cleaned_data["version"],
            )

        if done := submit(
            request,
            form,
            put,
            lambda row: frame.to(request, "gathering", row),
            said="The meeting was changed.",
        ):
            return done
    return frame.act(request, gathering, form, "Change this meeting", "meetings/gathering_form.html", "Save")


@page(permissions.RECORD_GATHERING, record=Gathering)
def strike(request: Any, gathering: Gathering) -> HttpResponse:
    """Take a meeting off the register that was recorded by mistake."""
    form = forms.StrikeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.strike_gathering(
                gathering=gathering, reason=form.cleaned_data["reason"], by=request.actor
            ),
            lambda row: frame.to(request, "gathering", row),
            said="The meeting was taken off the register.",
        )
        if done:
            return done
    intro = "It stays on record as cancelled, with the reason, and is counted nowhere. Its attendance goes with it."
    return frame.act(
        request,
        gathering,
        form,
        "Recorded by mistake",
        "meetings/body_act.html",
        "Take it off the register",
        intro=intro,
    )


@page(permissions.RECORD_GATHERING, record=Gathering)
def agenda(request: Any, gathering: Gathering) -> HttpResponse:
    """Write a meeting's agenda, each item with the priority it is about."""
    items = list(queries.business(gathering))
    form = forms.AgendaForm(request.POST or None, items=items, actor=request.actor, version=gathering.version)
    if request.method == "POST" and form.is_valid():
        business = [services.Item(**line, **_kept(line["was"])) for line in form.in_order]

        def put() -> Gathering:
            return services.set_agenda(
                gathering=gathering,
                business=business,
                by=request.actor,
                expected_version=form.cleaned_data["version"],
            )

        if done := submit(
            request, form, put, lambda row: frame.to(request, "gathering", row), said="The agenda was saved."
        ):
            return done
        if form.conflict is not None:
            typed = "\n".join(item.text for item in business)
            form.conflict.append(Clash("Agenda", typed, "\n".join(item.text for item in items)))
    return frame.act(
        request, gathering, form, "Edit the agenda", "meetings/agenda_form.html", "Save the agenda", wide=True
    )


def _kept(earlier: AgendaItem | None) -> dict[str, Any]:
    """What an item was about, and how it came onto the agenda, stays with it."""
    if earlier is None:
        return {}
    about = RecordRef(earlier.about_kind, earlier.about_id) if earlier.about_id else None
    return {"about": about, "origin": earlier.origin}


@page(permissions.RECORD_GATHERING, record=Gathering)
def attendance(request: Any, gathering: Gathering) -> HttpResponse:
    """Record who came: how many, which agencies, which people."""
    register = list(queries.attendance(gathering))
    stored = forms.AttendanceForm.initial_of(gathering, register)
    form = forms.AttendanceForm(
        request.POST or None,
        agencies=queries.expected_agencies(gathering, request.actor),
        every_agency=accounts.agencies(request.actor),
        version=gathering.version,
        initial=stored,
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def put() -> Gathering:
            return services.record_attendance(
                gathering=gathering,
                seats=_seats(form, register),
                count=given["attendance_count"],
                by=request.actor,
                today=request.today,
                expected_version=given["version"],
            )

        if done := submit(
            request,
            form,
            put,
            lambda row: frame.to(request, "gathering", row),
            said="The attendance was recorded.",
        ):
            return done
        if form.conflict is not None:
            form.conflict += _register_clashes(form, stored)
    return frame.act(
        request,
        gathering,
        form,
        "Record who came",
        "meetings/attendance_form.html",
        "Record the attendance",
        wide=True,
    )


def _register_clashes(form: forms.AttendanceForm, stored: dict[str, Any]) -> list[Clash]:
    """What differs between the register typed here and the one recorded meanwhile."""
    words = {**dict(rules.Presence.choices), "none": "Not recorded"}
    yours, theirs = str(form.data.get("names", "")).replace("\r\n", "\n").strip(), stored["names"]
    found = [Clash("People", yours, theirs)] if yours != theirs else []
    for bound in form.grid:
        chosen, kept = form.cleaned_data.get(bound.name) or "none", stored.get(bound.name, "none")
        if chosen != kept:
            found.append(Clash(str(bound.label), words[chosen], words[kept]))
    return found


def _seats(form: forms.AttendanceForm, register: list[Attendance]) -> list[services.Seat]:
    """The lines of the register as typed; somebody known to it already stays the same person or office."""
    known = {(fold(line.heading), line.agency_id): line for line in register}
    seats = [services.Seat(presence, agency=agency) for agency, presence in form.by_agency]
    for one in form.cleaned_data["names"]:
        line = known.get((fold(one.name), one.agency and one.agency.pk))
        if line is not None and (line.person or line.office):
            seats.append(services.Seat(one.presence, one.agency, line.office, line.person, line.named))
        else:
            seats.append(services.Seat(one.presence, one.agency, named=one.name))
    return seats


@page(permissions.RECORD_DECISION, record=Gathering)
def decide(request: Any, gathering: Gathering) -> HttpResponse:
    """Record a decision taken at this meeting."""
    if gathering.body is None:
        raise Forbidden("This event belongs to no body, so nothing can be decided at it.")
    form = forms.DecisionForm(request.POST or None, actor=request.actor, at_meeting=True)
    if done := taken(request, form, gathering.body, gathering):
        return done
    return frame.act(
        request, gathering, form, "Record a decision", "meetings/decision_form.html", "Record the decision"
    )


def taken(
    request: Any, form: forms.DecisionForm, body: Body, gathering: Gathering | None
) -> HttpResponse | None:
    """Record a decision of a body from a form that was sent; None if the form must be shown."""
    if request.method != "POST" or not form.is_valid():
        return None
    given = form.cleaned_data
    return submit(
        request,
        form,
        lambda: services.take_decision(
            body=body,
            gathering=gathering,
            text=given["text"],
            outcome=given["outcome"],
            reason=given["reason"],
            needs_action=given["needs_action"],
            recommendations=form.recommendations,
            priorities=form.all_priorities,
            by=request.actor,
            today=request.today,
            **form.dated,
        ),
        lambda row: frame.to(request, "resolution", row),
        said="The decision is on the register.",
    )
