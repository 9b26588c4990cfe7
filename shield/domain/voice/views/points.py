"""What was said, point by point, and what came of it: “You said, we did” as staff work with it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.voice import forms, permissions, queries, rules, services
from shield.domain.voice.models import Activity, Said
from shield.domain.voice.rules import PointState
from shield.domain.voice.views.frame import around, form_page, priorities
from shield.improvement import permissions as chain
from shield.improvement.views.following import history_page
from shield.improvement.views.ways import buttons, link, page_of
from shield.kernel.access.views import page, submit
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response

WAITS = {
    "answer": Q(state=PointState.OPEN, sort="to_develop"),
    "told": ~Q(state=PointState.OPEN) & Q(told_on=None),
    "done": Q(told_on__isnull=False),
}


@page(permissions.VIEW)
def voice(request: Any) -> HttpResponse:
    """You said, we did: every point, what came of it, and whether those who made it were told."""
    actor = request.actor
    form = forms.PointFilter(request.GET or None, priorities=priorities(request))
    chosen = dict(form.chosen) if request.GET else {}
    waits = WAITS.get(chosen.pop("waits", ""), Q())
    rows = queries.points(actor).filter(waits, **chosen)
    every = list(queries.standing(actor))
    may = actor.may(permissions.RECORD)
    table = Table(
        rows,
        _columns(request),
        request.GET,
        caption="You said, we did",
        show_caption=False,
        filtered=bool(chosen or waits),
        empty="Nobody has told us anything yet.",
        empty_hint="Record who was asked, then what was said." if may else "",
        empty_href=link(request, "activity_add") if may else "",
        empty_link="Record a feedback activity",
    )
    context = {
        "page_title": "You said, we did",
        "filters": form,
        "figures": [
            {"value": count, "label": label, "href": link(request, "voice", waits=key), "tone": tone}
            for key, label, count, tone in every
        ],
        "buttons": buttons(
            ("Record a feedback activity", link(request, "activity_add"), may),
            ("Say that people were told", link(request, "told"), may),
        ),
        "also": [
            ("Feedback activities", link(request, "activities")),
            ("Surveys", link(request, "surveys")),
            ("Quotations", link(request, "quotations")),
            ("Promises about engagement", link(request, "promises")),
            *([("Learning Circle", link(request, "circle"))] if actor.may(permissions.CIRCLE) else []),
            ("The public page", link(request, "you_said")),
        ],
    }
    return table_response(request, "improvement/register.html", context, table)


def _columns(request: Any) -> tuple[Column, ...]:
    """The columns of the list of points."""
    return (
        Column(key="text", label="You said", href=lambda row: page_of(request, row)),
        Column(key="group", label="Who", value=lambda row: row.get_group_display(), sort=True),
        Column(
            key="sort",
            label="Practice is",
            value=lambda row: row.get_sort_display(),
            tone=lambda row: rules.SORT_TONES[row.sort],
            sort=True,
        ),
        Column(key="answer", label="We did", value=lambda row: row.answer or row.get_state_display()),
        Column(key="told", label="Told", value=lambda row: row.told_on or "", sort="told_on"),
        Column(key="priority", label="Priority", value="priority.short", sort="priority__number"),
    )


@page(permissions.VIEW, record=Said)
def said(request: Any, said: Said) -> HttpResponse:
    """One point: what was said, what came of it, whether they were told."""
    actor = request.actor
    row = queries.points(actor).get(pk=said.pk)
    came = queries.came_of([row], actor).get(row.pk, [])
    facts: list[Any] = [("Who said it", row.get_group_display())]
    if row.activity:
        facts += [
            {"key": "When asked", "value": row.activity.title, "href": page_of(request, row.activity)},
            ("Said on", row.activity.when),
        ]
    if row.priority:
        facts.append(
            {"key": "Priority", "value": row.priority.heading, "href": page_of(request, row.priority)}
        )
    sees_findings = row.finding and actor.may(chain.VIEW)
    if sees_findings:
        facts.append(
            {"key": "Finding", "value": row.finding.reference, "href": page_of(request, row.finding)}
        )
    if row.state != PointState.OPEN:
        facts += [
            ("We did" if row.we_did else "Nothing can be done", row.answer),
            ("Answered on", row.answered_on),
            ("Those who said it", row.told_words + (f" ({row.told_by})" if row.told_on else "")),
            ("On the public page", row.public_words),
        ]
    context = {
        **around(request, row, "said_history"),
        "tags": [
            (row.get_sort_display(), rules.SORT_TONES[row.sort]),
            (row.get_state_display(), rules.POINT_TONES[row.state]),
        ],
        "said": row,
        "facts": facts,
        "came": [(ref.title, page_of(request, ref)) for ref in came],
        "buttons": _point_buttons(request, row),
    }
    return render(request, "voice/said.html", context)


def _point_buttons(request: Any, row: Said) -> list[dict[str, Any]]:
    may, is_open = request.actor.may(permissions.RECORD), row.state == PointState.OPEN
    finds = may and request.actor.may(chain.EDIT) and row.finding is None
    return buttons(
        ("Say what we did", link(request, "said_answer", row), may and is_open),
        (
            "Say that people were told",
            link(request, "told", about=row.ref.as_text()),
            may and not is_open and row.told_on is None,
        ),
        ("Nothing can be done", link(request, "said_decline", row), may and is_open),
        ("Name what came of it", link(request, "said_came", row), may and row.state == PointState.ANSWERED),
        ("Make a finding of it", link(request, "point_finding", row), finds),
        (
            _publishing(row, request.actor),
            link(request, "said_publish", row),
            may and not is_open,
        ),
        ("Correct it", link(request, "said_correct", row), may),
        ("Take the answer back", link(request, "said_reopen", row), may and not is_open),
    )


def _publishing(row: Said, actor: Any) -> str:
    """What can be done next about the public page."""
    if row.published:
        return "Take it off the public page"
    if row.offered_by_id is None:
        return "Put it on the public page"
    return "Do not publish it" if row.offered_by_id == actor.person_id else "Give it a second look"


@page(permissions.VIEW, record=Said)
def said_history(request: Any, said: Said) -> HttpResponse:
    """What happened to a point, and what sources say of it."""
    return history_page(request, said)


@page(permissions.RECORD, record=Activity)
def said_add(request: Any, activity: Activity) -> HttpResponse:
    """Record one point somebody made in an activity; another can be added at once."""
    form = forms.PointForm(request.POST or None, initial={"group": activity.group})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.add_point(
                text=data["text"], sort=data["sort"], group=data["group"], activity=activity, by=request.actor
            ),
            lambda _: (
                link(request, "said_add", activity)
                if "another" in request.POST
                else page_of(request, activity)
            ),
            said="The point was recorded.",
        )
        if done:
            return done
    return form_page(
        request, "Add a point", form, activity, submit_text="Record it", another="Record it and add another"
    )


@page(permissions.RECORD, record=Said)
def said_correct(request: Any, said: Said) -> HttpResponse:
    """Correct the wording of a point."""
    form = forms.PointForm(
        request.POST or None,
        version=said.version,
        initial={"text": said.text, "sort": said.sort, "group": said.group},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.correct_point(
                said=said,
                text=data["text"],
                sort=data["sort"],
                group=data["group"],
                by=request.actor,
                expected_version=data["version"],
            ),
            lambda row: page_of(request, row),
            said="The point was corrected.",
        )
        if done:
            return done
    return form_page(request, "Correct the point", form, said)


@page(permissions.RECORD, record=Said)
def point_finding(request: Any, said: Said) -> HttpResponse:
    """Make a finding of a point, in one act."""
    form = forms.JustForm(request.POST or None, version=said.version)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.make_finding(
                said=said, by=request.actor, expected_version=form.cleaned_data["version"]
            ),
            lambda _: page_of(request, said),
            said="The point is a finding now.",
        )
        if done:
            return done
    return form_page(
        request,
        "Make a finding of it",
        form,
        said,
        words="The finding takes the point's text, says whose voice it is, and leads back to where it was said.",
        submit_text="Make the finding",
    )
