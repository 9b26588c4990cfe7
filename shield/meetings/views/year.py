"""The year of a body: its dates, standing items and forward plan; who was there over the year; the calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from shield.kernel.access.views import page, submit
from shield.kernel.accounts import queries as accounts
from shield.kernel.calendar import queries as calendar
from shield.kernel.clocks import queries as clocks
from shield.kernel.design import forms as design
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import charts
from shield.kernel.design.views import table_response
from shield.kernel.files.views import served
from shield.kernel.records.rules import Refused
from shield.meetings import exchange, forms, permissions, queries, rules, services
from shield.meetings.models import Body, ForwardItem
from shield.meetings.views import frame

MOST_DRAWN = 26
"""Meetings side by side in a heat map that can still be read: one every fortnight."""
CALENDAR_BACK = timedelta(days=120)
"""How far back a calendar reaches."""


@page(permissions.RECORD_GATHERING, record=Body)
def series(request: Any, body: Body) -> HttpResponse:
    """Plan a body's meetings of a year: first how often, then which of the days."""
    form = forms.SeriesForm(request.POST or None, today=request.today)
    chosen: forms.SeriesDaysForm | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            days = rules.series_days(given["first"], given["every"], given["until"])
        except Refused as refusal:
            form.refuse(refusal.message, refusal.field)
        else:
            known = clocks.holidays()
            holidays = {day: known[day] for day in days if day in known}
            sent = request.POST if "plan" in request.POST else None
            chosen = forms.SeriesDaysForm(sent, days=days, holidays=holidays)
            if sent is not None and chosen.is_valid():
                done = _planned(request, body, form, chosen)
                if done:
                    return done
    context = {
        "page_title": "Plan the meetings of a year",
        "page_caption": body.name,
        "form": form,
        "chosen": chosen,
        "submit_text": "Show the days",
        "cancel_href": frame.to(request, "body", body),
        "breadcrumbs": frame.way(
            request, "bodies", (body.name, frame.to(request, "body", body)), ("Plan a year", "")
        ),
    }
    return render(request, "meetings/series.html", context)


def _planned(
    request: Any, body: Body, form: forms.SeriesForm, chosen: forms.SeriesDaysForm
) -> HttpResponse | None:
    given = form.cleaned_data
    return submit(
        request,
        chosen,
        lambda: services.plan_series(
            body=body, sort=given["sort"], days=chosen.chosen, by=request.actor, today=request.today,
            begins_at=given["begins_at"], finishes_at=given["finishes_at"], place=given["place"],
        ),
        lambda _: frame.to(request, "body", body),
        said="The meetings are planned.",
    )  # fmt: skip


@page(permissions.EDIT_BODY, record=Body)
def standing(request: Any, body: Body) -> HttpResponse:
    """Write what is on every agenda of a body."""
    items = list(queries.standing_items(body))
    form = forms.StandingForm(request.POST or None, items=items, actor=request.actor, version=body.version)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.set_standing_items(
                body=body,
                items=[services.Standing(**line) for line in form.lines],
                by=request.actor,
                expected_version=form.cleaned_data["version"],
            ),
            lambda _: frame.to(request, "body", body),
            said="The standing items were saved.",
        )
        if done:
            return done
    context = {
        "page_title": "Standing items",
        "page_caption": body.name,
        "form": form,
        "wide": True,
        "submit_text": "Save the standing items",
        "cancel_href": frame.to(request, "body", body),
        "breadcrumbs": frame.way(
            request, "bodies", (body.name, frame.to(request, "body", body)), ("Standing items", "")
        ),
    }
    return render(request, "meetings/standing.html", context)


@page(permissions.VIEW, record=Body)
def forward(request: Any, body: Body) -> HttpResponse:
    """A body's forward plan beside its planned meetings."""
    may = request.actor.may(permissions.RECORD_GATHERING)
    rows = queries.forward_plan(body, request.actor)
    tones = {"waiting": "info", "placed": "good", "dropped": "neutral"}
    columns = [
        Column(
            key="month",
            label="When",
            value=lambda r: f"{r.month:%B %Y}",
            sort="month",
            export=lambda r: r.month,
        ),
        Column(key="text", label="What", sort=True),
        Column(key="purpose", label="For", value=lambda r: r.get_purpose_display() if r.purpose else ""),
        Column(key="agency", label="Who brings it", value=lambda r: r.agency.name if r.agency else ""),
        Column(key="measure", label="Success measure", value=lambda r: r.measure.title if r.measure else ""),
        Column(
            key="status",
            label="Where it stands",
            value=lambda r: r.get_status_display(),
            tone=lambda r: tones[r.status],
        ),
    ]
    if may:
        columns.append(
            Column(
                key="drop", label="What you can do", hidden_label=True, export=False,
                value=lambda r: "Drop it" if r.status == "waiting" else "",
                href=lambda r: frame.to(request, "forward_drop", r) if r.status == "waiting" else None,
            )
        )  # fmt: skip
    table = Table(
        rows, columns, request.GET, caption="Forward plan", default_sort="month",
        empty="Nothing is planned ahead.", empty_hint="What is put here is offered to the agenda when its month comes.",
        empty_href=frame.to(request, "forward_add", body) if may else "", empty_link="Plan some business",
    )  # fmt: skip
    context = {
        "page_title": "Forward plan",
        "page_caption": body.name,
        "body": body,
        "add_href": frame.to(request, "forward_add", body) if may else "",
        "breadcrumbs": frame.way(
            request, "bodies", (body.name, frame.to(request, "body", body)), ("Forward plan", "")
        ),
    }
    return table_response(request, "meetings/forward.html", context, table, file_name="forward plan")


@page(permissions.RECORD_GATHERING, record=Body)
def forward_add(request: Any, body: Body) -> HttpResponse:
    """Put business on the forward plan."""
    form = forms.ForwardForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        names = ("text", "month", "purpose", "agency", "priority", "measure")
        given = {name: form.cleaned_data[name] for name in names}
        done = submit(
            request,
            form,
            lambda: services.plan_forward(body=body, by=request.actor, **given),
            lambda _: frame.to(request, "body_forward", body),
            said="It is on the forward plan.",
        )
        if done:
            return done
    return _body_act(request, body, form, "Plan some business", "Put it on the plan")


@page(permissions.RECORD_GATHERING, record=ForwardItem)
def forward_drop(request: Any, item: ForwardItem) -> HttpResponse:
    """Drop an item of the forward plan."""
    form = forms.DropForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.drop_forward(item=item, reason=form.cleaned_data["reason"], by=request.actor),
            lambda _: frame.to(request, "body_forward", item.body),
            said="It was dropped.",
        )
        if done:
            return done
    return _body_act(request, item.body, form, "Drop this item", "Drop it", intro=item.text)


def _body_act(request: Any, body: Body, form: Any, title: str, button: str, intro: str = "") -> HttpResponse:
    there = frame.to(request, "body_forward", body)
    way = frame.way(request, "bodies", (body.name, frame.to(request, "body", body)), ("Forward plan", there))
    return frame.asked(request, form, title, button, of=body.name, back=there, way_there=way, intro=intro)


# --- Who is never there


@page(permissions.VIEW)
def presence(request: Any) -> HttpResponse:
    """How each agency took part in the meetings of a year, as a heat map and as a table."""
    form = forms.PresenceFilter(request.GET or None, actor=request.actor, today=request.today)
    span, chosen = form.span, form.narrowed
    found = queries.presence_by_agency(request.actor, *span, **chosen) if span else None
    rows = []
    for number, agency in enumerate(found.agencies if found else ()):
        came, of = found.came(number)  # type: ignore[union-attr]
        every = len(found.meetings)  # type: ignore[union-attr]
        rows.append({"agency": agency, "came": came, "of": of, "every": every, "share": came / every})
    table = Table(
        rows,
        [
            Column(key="agency", label="Agency", sort=True),
            Column(key="came", label="Was there", numeric=True, sort=True),
            Column(key="of", label="Meetings whose register names it", numeric=True, sort=True),
            Column(key="every", label="Meetings in all", numeric=True),
            Column(
                key="share",
                label="There, of all meetings",
                numeric=True,
                sort=True,
                format=lambda v: f"{v:.0%}",
            ),
        ],
        request.GET,
        caption="How often each agency was there",
        default_sort="share",
        empty="No register of this year names an agency.",
        page_size=100,
    )
    context = {
        "page_title": "Who was there over the year",
        "filters": form,
        "chart": _heat(found) if found and found.agencies and len(found.meetings) <= MOST_DRAWN else None,
        "too_many": bool(found and len(found.meetings) > MOST_DRAWN),
        "heads": _heads(request, found) if found else [],
        "breadcrumbs": frame.way(request, "gatherings", ("Who was there", "")),
    }
    return table_response(request, "meetings/presence.html", context, table, file_name="attendance by agency")


def _heat(found: queries.Presence) -> charts.Heat:
    words = dict(rules.Presence.choices)
    return charts.Heat(
        key="presence",
        title="Who was there, meeting by meeting",
        row_name="Agency",
        row_labels=found.agencies,
        column_labels=tuple(f"{row.held_on.day} {row.held_on:%b %y}" for row in found.meetings),
        cells=tuple(tuple(words.get(cell, "") for cell in row) for row in found.cells),
        states=tuple(charts.State(word=words[value], mark=letter, tone=tone) for value, letter, tone in HEAT),
    )


HEAT = (
    ("present", "P", "done"),
    ("substitute", "S", "planned"),
    ("apologies", "A", "neutral"),
    ("absent", "X", "late"),
)


def _heads(request: Any, found: queries.Presence) -> list[dict[str, Any]]:
    """The head count of each meeting, as all sources or a settlement have it."""
    counts = queries.head_counts(found.meetings, request.actor.partnership_id)
    return [
        {
            "title": row.title,
            "href": frame.to(request, "gathering", row),
            "count": counts.get(row.pk, (None, ()))[0],
            "disputed": bool(counts.get(row.pk, (None, ()))[1]),
        }
        for row in found.meetings
    ]


# --- Calendar


@page(permissions.VIEW)
def calendar_page(request: Any) -> HttpResponse:
    """The private address of one's own calendar: make it, revoke it."""
    form = design.ShieldForm(request.POST or None)
    address = ""
    if request.method == "POST" and form.is_valid():
        if "revoke" in request.POST:
            done = submit(
                request,
                form,
                lambda: services.revoke_calendar_key(by=request.actor, now=calendar.now()),
                lambda _: frame.to(request, "calendar"),
                said="The address works no longer.",
            )
            if done:
                return done
        else:
            key = services.make_calendar_key(by=request.actor, now=calendar.now())
            address = request.build_absolute_uri(frame.to(request, "calendar_feed", key=key))
    context = {
        "page_title": "Your calendar of meetings",
        "form": form,
        "address": address,
        "has_key": queries.has_calendar_key(request.actor),
        "breadcrumbs": frame.way(request, "gatherings", ("Your calendar", "")),
    }
    return render(request, "meetings/calendar.html", context)


@page(public=True, specimen="calendar_feed")
def calendar_feed(request: Any, key: str) -> HttpResponse:
    """One person's meetings for their calendar program; a key that was revoked, or its person gone, finds nothing."""
    found = queries.calendar_key(key)
    if found is None or found.partnership_id != request.partnership.pk or not found.person.user.is_active:
        raise Http404
    actor = accounts.actor_for(found.person, request.partnership, request.today)
    if actor is None or not actor.may(permissions.VIEW):
        raise Http404
    since = request.today - CALENDAR_BACK
    rows = [*queries.of_person(actor, since), *queries.shared_with(actor, since)]
    content = exchange.calendar(rows, name=request.partnership.short_name, at=calendar.now())
    return served(content, "meetings.ics", "text/calendar; charset=utf-8")
