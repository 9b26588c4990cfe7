"""Who was asked, how and when."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.voice import forms, permissions, queries, rules, services
from shield.domain.voice.models import Activity
from shield.domain.voice.views.frame import around, form_page, point_line, priorities
from shield.improvement.models import Priority
from shield.improvement.views.following import history_page
from shield.improvement.views.ways import asked_about, buttons, link, page_of
from shield.kernel.access.views import page, submit
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response
from shield.kernel.disclosure import rules as disclosure
from shield.kernel.records.models import KINDS


@page(permissions.VIEW)
def activities(request: Any) -> HttpResponse:
    """Every time somebody was asked: who, how, how many, when, by whom."""
    actor = request.actor
    form = forms.ActivityFilter(request.GET or None, priorities=priorities(request))
    chosen = form.chosen if request.GET else {}
    rows = list(queries.activities(actor).filter(**chosen))
    heads = queries.heads(actor)
    add, may = link(request, "activity_add"), actor.may(permissions.RECORD)
    columns = (
        Column(key="title", label="What", sort=True, href=lambda row: page_of(request, row)),
        Column(key="group", label="Who", value=lambda row: row.get_group_display(), sort=True),
        Column(key="method", label="How", value=lambda row: row.get_method_display(), sort=True),
        Column(key="count", label="Took part", value=lambda row: heads.of[row.pk].text, numeric=True),
        Column(key="day", label="When", value="when", sort=lambda row: row.day),
        Column(key="priority", label="Priority", value="priority.short"),
        Column(key="made", label="Points", numeric=True, sort=True),
    )
    table = Table(
        rows,
        columns,
        request.GET,
        caption="Feedback activities",
        show_caption=False,
        default_sort="-day",
        filtered=bool(chosen),
        empty="Nobody has been asked yet.",
        empty_hint="Interviews, focus groups, surveys, films: each time somebody was asked is put on record here."
        if may
        else "",
        empty_href=add if may else "",
        empty_link="Record a feedback activity",
    )
    context = {
        "page_title": "Feedback activities",
        "breadcrumbs": [("Voice", link(request, "voice")), ("Feedback activities", "")],
        "filters": form,
        "buttons": buttons(("Record a feedback activity", add, may)),
        "note": rules.WITHHELD if heads.hide(rows) else "",
    }
    return table_response(request, "voice/activities.html", context, table)


@page(permissions.VIEW, record=Activity)
def activity(request: Any, activity: Activity) -> HttpResponse:
    """One activity: who was asked, what was said, whose own words are kept."""
    actor = request.actor
    told = queries.heads(actor).of[activity.pk]
    quotations = list(queries.quotations(actor).filter(activity=activity))
    may, meeting = actor.may(permissions.RECORD), activity.gathering
    facts: list[Any] = [
        ("Who was asked", activity.get_group_display()),
        ("How", activity.get_method_display()),
        ("How many took part", _taking_part(activity, told, actor)),
        ("When", activity.when),
        ("By whom", activity.by_whom),
    ]
    if activity.priority:
        facts.append(
            {
                "key": "Priority",
                "value": activity.priority.heading,
                "href": page_of(request, activity.priority),
            }
        )
    if meeting:
        facts.append({"key": "Meeting", "value": meeting.title, "href": page_of(request, meeting)})
    facts += [(key, text) for key, text in (("Asked", activity.asked), ("Note", activity.note)) if text]
    context = {
        **around(request, activity, "activity_history", ("Feedback activities", link(request, "activities"))),
        "facts": facts,
        "unsettled": told.unsettled if may or activity.group not in rules.OF_CHILDREN else (),
        "points": [point_line(request, row) for row in queries.points(actor).filter(activity=activity)],
        "quotations": [
            {"row": row, "words": row.words, "href": page_of(request, row), "standing": row.standing}
            for row in quotations
        ],
        "buttons": buttons(
            ("Add a point", link(request, "said_add", activity), may),
            ("Add a quotation", link(request, "quotation_add", activity), may),
            ("Correct it", link(request, "activity_correct", activity), may),
        ),
    }
    return render(request, "voice/activity.html", context)


def _taking_part(activity: Activity, told: queries.HowMany, actor: Any) -> str:
    """How many took part; a number that is withheld is still read here by who records it, and nowhere else."""
    if not told.withheld:
        return told.text
    if not actor.may(permissions.RECORD):
        return f"Not shown. {rules.WITHHELD}"
    raw = queries.how_many([activity], actor)[activity.pk].text
    return (
        f"{raw}. Only who records feedback sees it: lists, files and reports show {disclosure.MARK} instead."
    )


@page(permissions.VIEW, record=Activity)
def activity_history(request: Any, activity: Activity) -> HttpResponse:
    """What happened to an activity, and what sources say of it."""
    return history_page(request, activity)


@page(permissions.RECORD)
def activity_add(request: Any) -> HttpResponse:
    """Record one time somebody was asked; `about` names the priority, its cycle, or what that had planned."""
    about = asked_about(request, Priority, KINDS[rules.CYCLE], KINDS[rules.PLANNED])
    initial = forms.activity_begun(about, request.today)
    form = forms.ActivityForm(request.POST or None, actor=request.actor, today=request.today, initial=initial)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.record_activity(by=request.actor, today=request.today, **form.given),
            lambda made: page_of(request, made),
            said="The activity was recorded. Add what was said.",
        )
        if done:
            return done
    words = "" if about is None else f"About {about.heading}."
    return form_page(request, "Record a feedback activity", form, submit_text="Record it", words=words)


@page(permissions.RECORD, record=Activity)
def activity_correct(request: Any, activity: Activity) -> HttpResponse:
    """Correct what is on record of an activity."""
    form = forms.ActivityForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        record=activity,
        version=activity.version,
        initial=forms.activity_initial(activity),
    )
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.correct_activity(
                activity=activity,
                changes=form.given,
                by=request.actor,
                today=request.today,
                expected_version=form.cleaned_data["version"],
            ),
            lambda row: page_of(request, row),
            said="The activity was corrected.",
        )
        if done:
            return done
    return form_page(request, "Correct the activity", form, activity)
