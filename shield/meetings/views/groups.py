"""The page of one body, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.kernel.access.views import page, submit
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.design import forms as design
from shield.kernel.design.queries import Column, Table
from shield.kernel.records import queries as records
from shield.meetings import forms, permissions, queries, rules, services
from shield.meetings.models import Body, BodyMember, JointPart, Resolution
from shield.meetings.views import frame
from shield.meetings.views.meeting import turn_words
from shield.meetings.views.recording import taken

LATEST = 10
"""Meetings and decisions shown on a body's page; the registers have all of them."""


@page(permissions.VIEW, record=Body)
def body(request: Any, body: Body) -> HttpResponse:
    """What a body is for, who sits on it, its terms, its changes, its meetings and decisions."""
    actor = request.actor
    meetings = list(queries.of_body(body, actor)[: LATEST + 1])
    decided = list(
        Resolution.objects.visible_to(actor).filter(body=body).order_by("-decision__decided_on")[: LATEST + 1]
    )
    turn = queries.turn_to_chair(body, actor) if meetings and not body.outside else None
    parts = queries.parts_in(body, actor)
    context = {
        "page_title": body.name,
        "page_caption": body.get_sort_display(),
        "breadcrumbs": frame.way(request, "bodies", (body.name, "")),
        "body": body,
        "ended": bool(body.ended_on and body.ended_on <= request.today),
        "facts": _facts(request, body, parts),
        "parts": [(p, frame.to(request, "joint_part", p), rules.PART_TONES[p.status]) for p in parts],
        "turn": turn_words(turn) if turn and not body.ended_on else "",
        "members": _members(request, body),
        "terms": _terms(body),
        "changes": _changes(body),
        "meetings": meetings[:LATEST],
        "more_meetings": len(meetings) > LATEST,
        "decided": decided[:LATEST],
        "more_decided": len(decided) > LATEST,
        "acts": _acts(request, body),
        "panels": records.panels(body.ref, actor),
        "past_href": frame.to(request, "body_history", body),
    }
    return render(request, "meetings/body.html", context)


def _facts(request: Any, row: Body, parts: list[JointPart]) -> list[Any]:
    facts: list[Any] = [("What it is for", row.purpose)] if row.purpose else []
    for label, other in (("Part of", row.parent), ("Took over from", row.predecessor)):
        if other:
            facts.append({"key": label, "value": other.name, "href": frame.to(request, "body", other)})
    for label, value in (
        ("Joint with", ", ".join(queries.joint_names(row, parts))),
        ("How often it meets", row.frequency[:1].upper() + row.frequency[1:]),
        ("Must be there for a decision", [agency.name for agency in row.quorum.all()]),
        ("Set up on", row.established_on),
        ("Ended on", row.ended_on),
    ):
        if value:
            facts.append((label, value))
    return facts


def _members(request: Any, row: Body) -> Table:
    may_end = request.actor.may(permissions.EDIT_BODY)
    columns = [
        Column(key="who", label="Member", value="heading"),
        Column(key="role", label="As", value=lambda m: m.get_role_display()),
        Column(key="starts_on", label="Since"),
        Column(key="ends_on", label="Until"),
    ]
    if may_end:
        columns.append(
            Column(
                key="end",
                label="What you can do",
                hidden_label=True,
                export=False,
                value=lambda m: "" if m.ends_on else f"End the membership of {m.heading}",
                href=lambda m: None if m.ends_on else frame.to(request, "member_end", m),
            )
        )
    return Table(
        list(queries.members(row)),
        columns,
        request.GET,
        caption="Members",
        name="members",
        page_size=50,
        exportable=False,
        empty="No member is recorded.",
        empty_href=frame.to(request, "body_member", row) if may_end else "",
        empty_link="Add a member",
    )


def _terms(body: Body) -> list[tuple[Any, list[tuple[str, str]]]]:
    """The versions of the terms of reference, the newest first, each with what changed in its text since the one before."""
    versions = list(queries.terms(body))
    earlier = [*versions, None][1:]
    return [
        (each, rules.changes_between(before.text, each.text) if before and before.text and each.text else [])
        for each, before in zip(versions, earlier, strict=True)
    ]


def _changes(row: Body) -> list[dict[str, Any]]:
    return [
        {
            "date": in_words_to(change.happened_on, change.precision)
            if change.happened_on
            else "Date not recorded",
            "title": change.get_sort_display(),
            "body": change.text,
        }
        for change in row.changes.all()
    ]


def _acts(request: Any, row: Body) -> list[dict[str, str]]:
    may = request.actor.may
    here = f"?body={row.pk}"
    plan, edit = permissions.RECORD_GATHERING, permissions.EDIT_BODY
    planning = (
        (plan, frame.to(request, "gathering_plan") + here, "Plan a meeting"),
        (plan, frame.to(request, "body_series", row), "Plan the meetings of a year"),
        (permissions.VIEW, frame.to(request, "body_forward", row), "Forward plan"),
        (edit, frame.to(request, "body_standing", row), "Standing items"),
        (edit, frame.to(request, "body_member", row), "Add a member"),
        (
            not row.outside and edit,
            frame.to(request, "joint_ask", row),
            "Ask another partnership to take part",
        ),
    )
    recording = (
        (plan, frame.to(request, "gathering_record") + here, "Record a meeting that was held"),
        (
            permissions.RECORD_DECISION,
            frame.to(request, "body_decide", row),
            "Record a decision whose meeting is not known",
        ),
        (edit, frame.to(request, "body_terms", row), "Record new terms of reference"),
        (edit, frame.to(request, "body_note_change", row), "Note what happened to it"),
        (edit, frame.to(request, "body_change", row), "Change this body"),
    )
    ended = bool(row.ended_on and row.ended_on <= request.today)
    offered = recording if ended else (*planning, *recording)
    return [
        {"href": href, "text": text} for permission, href, text in offered if permission and may(permission)
    ]


@page(permissions.EDIT_BODY)
def add_body(request: Any) -> HttpResponse:
    """Set up a body."""
    form = forms.BodyForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if done := submit(
            request,
            form,
            lambda: services.add_body(**form.values, quorum=given["quorum"], by=request.actor),
            lambda row: frame.to(request, "body", row),
            said="The body was set up.",
        ):
            return done
    context = {
        "page_title": "Set up a body",
        "form": form,
        "submit_text": "Set it up",
        "cancel_href": frame.to(request, "bodies"),
        "breadcrumbs": frame.way(request, "bodies", ("Set up a body", "")),
    }
    return render(request, "meetings/body_form.html", context)


@page(permissions.EDIT_BODY, record=Body)
def change_body(request: Any, body: Body) -> HttpResponse:
    """Change a body."""
    form = forms.BodyForm(
        request.POST or None,
        actor=request.actor,
        body=body,
        version=body.version,
        initial=forms.BodyForm.initial_of(body),
    )

    def put(given: dict[str, Any]) -> Body:
        return services.change_body(
            body=body,
            changes=form.values,
            quorum=given["quorum"],
            by=request.actor,
            today=request.today,
            expected_version=given["version"],
        )

    return _act(
        request,
        body,
        form,
        put,
        "Change this body",
        "Save",
        "The body was changed.",
        "meetings/body_form.html",
    )


@page(permissions.EDIT_BODY, record=Body)
def add_member(request: Any, body: Body) -> HttpResponse:
    """Seat somebody on a body."""
    form = forms.MemberForm(
        request.POST or None,
        actor=request.actor,
        body=body,
        today=request.today,
        initial={"starts_on": request.today},
    )

    def put(given: dict[str, Any]) -> Any:
        seat = {
            name: given.get(name)
            for name in ("role", "agency", "office", "person", "starts_on", "stands_in_for")
        }
        return services.add_member(body=body, by=request.actor, **seat)

    return _act(request, body, form, put, "Add a member", "Add the member", "The member was added.")


@page(permissions.EDIT_BODY, record=BodyMember)
def end_member(request: Any, member: BodyMember) -> HttpResponse:
    """End a membership of a body today."""
    form = design.ShieldForm(request.POST or None)
    context = {
        "intro": f"{member.heading} sits on {member.body.name}. The membership ends today and stays on record."
    }
    return _act(
        request,
        member.body,
        form,
        lambda _: services.end_member(member=member, by=request.actor, today=request.today),
        "End this membership",
        "End it today",
        "The membership has ended.",
        context=context,
    )


@page(permissions.EDIT_BODY, record=Body)
def add_terms(request: Any, body: Body) -> HttpResponse:
    """Record the next version of a body's terms of reference."""
    newest = queries.terms(body).first()
    form = forms.TermsForm(
        request.POST or None, actor=request.actor, initial={"text": newest.text if newest else ""}
    )

    def put(given: dict[str, Any]) -> Any:
        return services.agree_terms(
            body=body,
            summary=given["summary"],
            text=given["text"],
            precision=given["precision"],
            agreed_by=given["agreed_by"],
            by=request.actor,
            agreed_on=rules.first_day(given["agreed_on"], given["precision"]),
        )

    said = "The terms of reference were recorded."
    context = {"intro": "Earlier versions stay on record."}
    return _act(
        request, body, form, put, "Record new terms of reference", "Record them", said, context=context
    )


@page(permissions.EDIT_BODY, record=Body)
def note_change(request: Any, body: Body) -> HttpResponse:
    """Note what happened to a body."""
    form = forms.ChangeForm(request.POST or None)

    def put(given: dict[str, Any]) -> Any:
        return services.note_body_change(
            body=body,
            sort=given["sort"],
            text=given["text"],
            former_name=given["former_name"],
            by=request.actor,
            happened_on=rules.first_day(given["happened_on"], given["precision"]),
            precision=given["precision"],
        )

    return _act(request, body, form, put, "Note what happened to this body", "Note it", "It was noted.")


@page(permissions.RECORD_DECISION, record=Body)
def decide_without_meeting(request: Any, body: Body) -> HttpResponse:
    """Record a decision of a body where it is not known at which meeting it was taken."""
    form = forms.DecisionForm(request.POST or None, actor=request.actor, at_meeting=False)
    if done := taken(request, form, body, None):
        return done
    return _shown(
        request, body, form, "Record a decision", "Record the decision", "meetings/decision_form.html"
    )


def _act(
    request: Any,
    row: Body,
    form: Any,
    put: Callable[[dict[str, Any]], Any],
    title: str,
    button: str,
    said: str,
    template: str = "meetings/body_act.html",
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """One act on a body: its form, or the body's page once it is done."""
    if request.method == "POST" and form.is_valid():
        if done := submit(
            request, form, lambda: put(form.cleaned_data), lambda _: frame.to(request, "body", row), said=said
        ):
            return done
    return _shown(request, row, form, title, button, template, context)


def _shown(
    request: Any,
    row: Body,
    form: Any,
    title: str,
    button: str,
    template: str,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    there = frame.to(request, "body", row)
    common = {
        "page_title": title,
        "page_caption": row.name,
        "form": form,
        "submit_text": button,
        "cancel_href": there,
        "breadcrumbs": frame.way(request, "bodies", (row.name, there)),
    }
    return render(request, template, {**common, **(context or {})})
