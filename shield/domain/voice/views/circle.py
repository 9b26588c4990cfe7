"""The Learning Circle: who sits in it, when it meets."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.voice import forms, permissions, queries, services
from shield.domain.voice.models import CircleMember
from shield.domain.voice.views.frame import around, form_page
from shield.improvement.views.following import history_page
from shield.improvement.views.ways import buttons, known_day, link, page_of
from shield.kernel.access.views import page, submit
from shield.meetings import permissions as meetings


@page(permissions.CIRCLE)
def circle(request: Any) -> HttpResponse:
    """The circles, their gatherings and their members."""
    actor = request.actor
    circles = list(queries.circles(actor))
    plans = bool(circles) and actor.may(meetings.RECORD_GATHERING)
    plan = link(request, "gathering_plan", body=str(circles[0].pk)) if plans else ""
    context = {
        "page_title": "Learning Circle",
        "breadcrumbs": [("Voice", link(request, "voice")), ("Learning Circle", "")],
        "circles": [
            {"title": row.name, "href": page_of(request, row), "hint": row.purpose} for row in circles
        ],
        "gatherings": [
            {
                "title": row.title,
                "href": page_of(request, row),
                "hint": known_day(row, "held_on"),
                "status": row.get_status_display(),
            }
            for row in queries.gatherings_of(circles, actor)[:20]
        ],
        "members": [
            {
                "title": row.chosen_name,
                "href": page_of(request, row),
                "hint": f"Through {row.agency.called}" if row.agency else "",
                "status": "Left" if row.left_on else "Member",
            }
            for row in queries.members(actor)
        ],
        "buttons": buttons(
            ("Add a member", link(request, "circle_join"), bool(circles)), ("Plan a gathering", plan, plans)
        ),
    }
    return render(request, "voice/circle.html", context)


@page(permissions.CIRCLE, record=CircleMember)
def circle_member(request: Any, member: CircleMember) -> HttpResponse:
    """One member, by the name they chose."""
    is_in = member.left_on is None
    context = {
        **around(request, member, "circle_member_history", ("Learning Circle", link(request, "circle"))),
        "tags": [("Member", "good") if is_in else ("Left", "neutral")],
        "facts": [
            ("Name they chose", member.chosen_name),
            ("Reached at", member.contact),
            ("Circle", member.body.name),
            ("Since", member.joined_on),
            ("Through", member.agency.name if member.agency else ""),
            *([("Left on", member.left_on)] if member.left_on else []),
        ],
        "buttons": buttons(("They have left", link(request, "circle_leave", member), is_in)),
    }
    return render(request, "improvement/record.html", context)


@page(permissions.CIRCLE, record=CircleMember)
def circle_member_history(request: Any, member: CircleMember) -> HttpResponse:
    """What happened to a membership; it holds no name."""
    return history_page(request, member)


@page(permissions.CIRCLE)
def circle_join(request: Any) -> HttpResponse:
    """Add a member."""
    form = forms.MemberForm(request.POST or None, actor=request.actor, today=request.today)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.join_circle(
                body=form.picked("body"),
                chosen_name=data["chosen_name"],
                contact=data["contact"],
                joined_on=data["joined_on"],
                agency=form.picked("agency"),
                by=request.actor,
                today=request.today,
            ),
            lambda _: link(request, "circle"),
            said="The member was added.",
        )
        if done:
            return done
    return form_page(request, "Add a member", form, back=link(request, "circle"))


@page(permissions.CIRCLE, record=CircleMember)
def circle_leave(request: Any, member: CircleMember) -> HttpResponse:
    """End a membership."""
    form = forms.LeaveForm(request.POST or None, initial={"left_on": request.today})
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.leave_circle(
                member=member, left_on=form.cleaned_data["left_on"], by=request.actor, today=request.today
            ),
            lambda _: link(request, "circle"),
            said="The membership ended.",
        )
        if done:
            return done
    return form_page(request, "They have left", form, member)
