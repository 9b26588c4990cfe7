"""The registers: meetings and events, bodies, decisions."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from shield.improvement.rules import Outcome
from shield.kernel.access.views import page
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import charts
from shield.kernel.design.views import table_response
from shield.kernel.records import queries as records
from shield.kernel.reporting import queries as reporting
from shield.meetings import forms, permissions, queries, rules
from shield.meetings.models import Body, Gathering, Resolution
from shield.meetings.views import frame

NOT_SETTLED = "Not settled"


@page(permissions.VIEW)
def gatherings(request: Any) -> HttpResponse:
    """The register of what people attend, with a picture of the year."""
    filters = forms.GatheringFilter(request.GET, actor=request.actor)
    chosen = filters.chosen
    rows = queries.chosen_gatherings(request.actor, **chosen)
    counts: dict[uuid.UUID, queries.HeadCount] = {}
    may_record = request.actor.may(permissions.RECORD_GATHERING)
    table = Table(
        rows,
        _gathering_columns(request, counts),
        request.GET,
        caption="Meetings and events",
        default_sort="-held_on",
        filtered=bool(chosen),
        empty="No meeting or event is on the register yet.",
        empty_hint="Whatever people attend is recorded here once: meetings, hub sessions, briefings, conferences.",
        empty_href=frame.to(request, "gathering_record") if may_record else "",
        empty_link="Record a meeting or event",
    )
    counts.update(
        queries.head_counts(rows if table.wants_export else table.page_rows, request.actor.partnership_id)
    )
    context = {
        "page_title": "Meetings and events",
        "filters": filters,
        "tab_items": [] if table.wants_export or not table.count else _tabs(request, chosen),
        "may_record": may_record,
        "near": [] if chosen else queries.near(request.actor, request.today),
    }
    return table_response(
        request, "meetings/gatherings.html", context, table, file_name="meetings and events"
    )


def _tabs(request: Any, chosen: dict[str, Any]) -> list[dict[str, Any]]:
    """The register as a list, and the year as a picture."""
    chart = _year(request, chosen)
    drawn = render_to_string("meetings/year.html", {"chart": chart}, request) if chart else ""
    picture = {"label": "The year as a picture", "id": "picture", "html": drawn}
    return [
        {"label": "As a list", "id": "list", "template": "meetings/register.html"},
        *([picture] if chart else []),
    ]


def _gathering_columns(request: Any, counts: dict[uuid.UUID, queries.HeadCount]) -> tuple[Column, ...]:
    slug = request.actor.partnership_slug

    def chaired(row: Gathering) -> str:
        return row.chair_words or ", ".join(agency.called for agency in row.led_by.all())

    def attending(row: Gathering) -> Any:
        value, disputed = counts.get(row.pk, (None, ()))
        return NOT_SETTLED if disputed else value

    return (
        Column(
            key="title", label="Meeting or event", sort=True, href=lambda row: records.address_of(row, slug)
        ),
        Column(
            key="held_on",
            label="Date",
            sort=["held_on", "title"],
            value=frame.day_in_table,
        ),
        Column(key="sort", label="Kind", sort=True, value=lambda row: row.get_sort_display()),
        Column(key="chair", label="Chaired or led by", value=chaired),
        Column(key="attending", label="Attending", value=attending, numeric=True),
        Column(
            key="status",
            label="Status",
            sort=True,
            value=lambda row: frame.standing(row, request.today)[0],
            tone=lambda row: frame.standing(row, request.today)[1],
        ),
    )


def _year(request: Any, chosen: dict[str, Any]) -> charts.Timeline | None:
    """The year's meetings by lane: the days asked for, else the reporting year, else the year around today."""
    starts, ends = _span(request, chosen)
    if ends <= starts or (ends - starts).days > 366 * 2:
        return None
    rows = queries.chosen_gatherings(request.actor, **{**chosen, "from_day": starts, "to_day": ends})
    rows = (
        rows.exclude(status=rules.GatheringStatus.CANCELLED)
        .prefetch_related(None)
        .order_by("held_on", "title")
    )
    found = sorted(rows, key=lambda row: list(rules.LANE_ORDER).index(rules.lane_of(row.sort)))
    if not found:
        return None
    return charts.Timeline(
        key="year",
        title=f"From {in_words_to(starts, 'month')} to {in_words_to(ends, 'month')}",
        starts=starts,
        ends=ends,
        today=request.today if starts <= request.today <= ends else None,
        happenings=tuple(
            charts.Happening(
                label=row.title,
                lane=rules.lane_of(row.sort),
                on=max(row.held_on, starts),
                until=min(row.ends_on, ends) if row.ends_on and row.ends_on > row.held_on else None,
                tone="done" if row.status == rules.GatheringStatus.HELD else "planned",
            )
            for row in found
        ),
    )


def _span(request: Any, chosen: dict[str, Any]) -> tuple[date, date]:
    if "from_day" in chosen and "to_day" in chosen:
        return chosen["from_day"], chosen["to_day"]
    if "from_day" in chosen:
        return chosen["from_day"], chosen["from_day"] + timedelta(days=365)
    if "to_day" in chosen:
        return chosen["to_day"] - timedelta(days=365), chosen["to_day"]
    years = reporting.years(request.actor)
    current = [year for year in years if year.starts_on <= request.today <= year.ends_on]
    if year := (current or years or [None])[0]:
        return year.starts_on, year.ends_on
    return request.today - timedelta(days=274), request.today + timedelta(days=91)


@page(permissions.VIEW)
def bodies(request: Any) -> HttpResponse:
    """The bodies of the partnership, joint ones, and those outside it that it works with."""
    filters = forms.BodyFilter(request.GET)
    chosen = filters.chosen
    rows = queries.bodies(request.actor)
    if not chosen.get("ended"):
        rows = rows.exclude(ended_on__lt=request.today)
    if "sort" in chosen:
        rows = rows.filter(sort=chosen["sort"])
    slug = request.actor.partnership_slug
    may_edit = request.actor.may(permissions.EDIT_BODY)
    columns = (
        Column(key="name", label="Body", sort=True, href=lambda row: records.address_of(row, slug)),
        Column(key="sort", label="Kind", sort=True, value=lambda row: row.get_sort_display()),
        Column(key="parent", label="Part of", sort="parent__name", value="parent.name"),
        Column(key="whose", label="Whose", value=_whose),
        Column(key="frequency", label="How often it meets"),
        Column(key="meetings", label="Meetings on the register", sort=True, numeric=True),
    )
    table = Table(
        rows,
        columns,
        request.GET,
        caption="Bodies",
        show_caption=False,
        default_sort="name",
        page_size=50,
        filtered=bool(chosen),
        empty="No body is set up yet.",
        empty_hint="Begin with the partnership's board: its meetings and decisions belong to it.",
        empty_href=frame.to(request, "body_add") if may_edit else "",
        empty_link="Set up a body",
    )
    context = {
        "page_title": "Bodies",
        "filters": filters,
        "may_edit": may_edit,
        "elsewhere": _elsewhere(request),
        "breadcrumbs": [
            ("Meetings", frame.to(request, "gatherings")),
            ("Bodies", ""),
        ],
    }
    return table_response(request, "meetings/bodies.html", context, table, file_name="bodies")


def _whose(row: Body) -> str:
    if row.outside:
        return "Outside the partnership"
    names = queries.joint_names(row, list(row.joint_parts.all()))
    return f"Joint with {', '.join(names)}" if names else "The partnership"


def _elsewhere(request: Any) -> list[dict[str, str]]:
    """Bodies that other partnerships host and this one was asked to take part in, or takes part in."""
    return [
        {
            "name": f"{part.body.name}, hosted by {part.partnership.short_name}",
            "href": frame.to(request, "joint_part", part),
            "words": part.get_status_display(),
            "tone": rules.PART_TONES[part.status],
        }
        for part in queries.parts_elsewhere(request.actor)
    ]


@page(permissions.VIEW)
def resolutions(request: Any) -> HttpResponse:
    """The decisions register."""
    filters = forms.ResolutionFilter(request.GET, actor=request.actor)
    rows = queries.chosen_resolutions(request.actor, **filters.asked)
    acted: set[uuid.UUID] = set()
    table = Table(
        rows,
        _resolution_columns(request, acted),
        request.GET,
        caption="Decisions",
        show_caption=False,
        default_sort="-decided_on",
        filtered=bool(filters.chosen),
        empty="No decision is on the register yet.",
        empty_hint="Decisions are recorded at the meeting that took them, or on the page of the body.",
        empty_href=frame.to(request, "gatherings"),
        empty_link="Find the meeting",
    )
    acted |= queries.acted_upon(rows if table.wants_export else table.page_rows)
    context = {
        "page_title": "Decisions",
        "filters": filters,
    }
    return table_response(request, "meetings/resolutions.html", context, table, file_name="decisions")


def _resolution_columns(request: Any, acted: set[uuid.UUID]) -> tuple[Column, ...]:
    slug = request.actor.partnership_slug

    def when(row: Resolution) -> date | str:
        day, precision = row.decision.decided_on, row.decision.precision
        return (day if precision == "day" else in_words_to(day, precision)) if day else ""

    def followed(row: Resolution) -> str:
        if not row.decision.needs_action and row.decision_id not in acted:
            return ""
        return "Acted upon" if row.decision_id in acted else "Not acted upon"

    def where(row: Resolution) -> str | None:
        return (
            reverse("gathering", kwargs={"partnership": slug, "id": row.gathering_id})
            if row.gathering_id
            else None
        )

    return (
        Column(
            key="decision",
            label="Decision",
            value="decision.heading",
            href=lambda row: records.address_of(row, slug),
            export=lambda row: row.decision.text,
        ),
        Column(key="body", label="Body", sort="body__name", value="body.name"),
        Column(
            key="decided_on",
            label="When",
            value=when,
            href=where,
            sort=["decision__decided_on", "reference"],
        ),
        Column(
            key="outcome",
            label="Outcome",
            sort="decision__outcome",
            value=lambda row: Outcome(row.decision.outcome).label,
            tone=lambda row: frame.OUTCOME_TONES[row.decision.outcome],
        ),
        Column(
            key="followed",
            label="What followed",
            value=followed,
            tone=lambda row: "good" if row.decision_id in acted else "attention",
        ),
    )
