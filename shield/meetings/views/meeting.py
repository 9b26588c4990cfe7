"""The page of one meeting or event."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.improvement.rules import Outcome
from shield.kernel.access.views import page
from shield.kernel.accounts import permissions as accounts_permissions
from shield.kernel.calendar.rules import in_words
from shield.kernel.design.queries import Column, Table
from shield.kernel.files import queries as files
from shield.kernel.records import queries as records
from shield.kernel.reporting import permissions as reporting_permissions
from shield.meetings import permissions, queries, rules
from shield.meetings.models import Attendance, Gathering, Minutes, Paper, Resolution
from shield.meetings.views import frame

PRESENCE_TONES = {"present": "good", "substitute": "info", "apologies": "neutral", "absent": "attention"}


@page(permissions.VIEW, record=Gathering)
def gathering(request: Any, gathering: Gathering) -> HttpResponse:
    """One meeting: when, of which body, led by whom, on what; who came; what was decided and what followed."""
    actor = request.actor
    before, after = queries.neighbours(gathering, actor)
    words, tone = frame.standing(gathering, request.today)
    held = gathering.status == rules.GatheringStatus.HELD
    minutes = getattr(gathering, "minutes", None)
    context = {
        "page_title": gathering.title,
        "page_caption": gathering.get_sort_display(),
        "breadcrumbs": frame.way(request, "gatherings", (gathering.title, "")),
        "gathering": gathering,
        "status_words": words,
        "status_tone": tone,
        "held": held,
        "facts": _facts(request, gathering),
        "turn": None if held else _turn(request, gathering),
        "timed": queries.timed_business(gathering),
        "minutes": queries.minutes_of(gathering, actor) if minutes else None,
        "pack_href": frame.to(request, "gathering_pack", gathering),
        "papers_href": frame.to(request, "gathering_papers", gathering),
        "decisions": _decisions(request, gathering),
        "before": before,
        "after": after,
        "acts": _acts(request, gathering, minutes),
        "may_record": actor.may(permissions.RECORD_GATHERING),
        "panels": records.panels(gathering.ref, actor),
        "past_href": frame.to(request, "gathering_history", gathering),
        **(_attendance(request, gathering) if held else {}),
    }
    return render(request, "meetings/gathering.html", context)


def _facts(request: Any, row: Gathering) -> list[Any]:
    facts: list[Any] = [("Date", frame.day_of(row))]
    if row.begins_at:
        until = f" to {row.finishes_at:%H:%M}" if row.finishes_at else ""
        facts.append(("Time", f"{row.begins_at:%H:%M}{until}"))
    if row.place:
        facts.append(("Where", row.place))
    if row.papers_due_on and row.status == rules.GatheringStatus.PLANNED:
        facts.append(("Papers are due on", row.papers_due_on))
    if row.body:
        facts.append({"key": "Body", "value": row.body.name, "href": frame.to(request, "body", row.body)})
    led_by = [agency.name for agency in row.led_by.all()]
    if row.body or row.chair_words:
        facts.append(("Chair", row.chair_words))
    if led_by:
        facts.append(("Led by", led_by))
    if row.priority:
        facts.append(
            {
                "key": "Priority",
                "value": row.priority.heading,
                "href": records.address_of(row.priority, request.actor.partnership_slug),
            }
        )
    for label, value in (
        ("What it covers", row.content),
        ("For", _levels(row)),
        ("Agencies represented", ", ".join(row.agencies_represented)),
        ("Note", row.note),
    ):
        if value:
            facts.append((label, value))
    return facts


def _levels(row: Gathering) -> str:
    return ", ".join(
        f"level {level}" if isinstance(level, int) else str(level) for level in row.levels
    ).capitalize()


def _turn(request: Any, row: Gathering) -> str:
    """Whose turn it is to chair, where nobody is named yet."""
    if row.body is None or row.chair_words:
        return ""
    found = queries.turn_to_chair(row.body, request.actor, row.held_on)
    return turn_words(found) if found else ""


def turn_words(found: tuple[Any, Any]) -> str:
    """Whose turn it is, and why."""
    agency, last = found
    why = (
        f"it last chaired on {in_words(last)}, longest ago of the three" if last else "it has not chaired yet"
    )
    return f"By rotation {agency.name} is next to chair: {why}."


def _attendance(request: Any, row: Gathering) -> dict[str, Any]:
    count, disputed = queries.head_counts([row], row.partnership_id).get(row.pk, (None, ()))
    register = list(queries.attendance(row))
    people = [line for line in register if _is_person(line)]
    agencies = [line for line in register if not _is_person(line)]
    may_see = request.actor.may(accounts_permissions.VIEW_PEOPLE)
    may_settle = disputed and request.actor.may(reporting_permissions.VIEW_FIGURES)
    return {
        "count": count,
        "disputed": disputed,
        "settle_href": frame.to_if_there(request, "discrepancies") if may_settle else "",
        "by_agency": _register(request, agencies, "Agencies", "agency.name", "agency") if agencies else None,
        "by_name": _register(request, people, "People", "heading", "people") if people and may_see else None,
        "people_hidden": len(people) if people and not may_see else 0,
    }


def _is_person(line: Attendance) -> bool:
    return rules.counts_as_somebody(person=line.person, office=line.office, named=line.named)


def _register(request: Any, lines: list[Attendance], caption: str, first: str, name: str) -> Table:
    columns = [Column(key="who", label="Agency" if name == "agency" else "Name", value=first)]
    if name == "people":
        columns.append(Column(key="agency", label="Agency", value="agency.name"))
    columns.append(
        Column(
            key="presence",
            label="How",
            value=lambda line: line.get_presence_display(),
            tone=lambda line: PRESENCE_TONES[line.presence],
        )
    )
    return Table(lines, columns, request.GET, caption=caption, name=name, page_size=100, exportable=False)


def _decisions(request: Any, row: Gathering) -> list[dict[str, Any]]:
    """What was decided there, each with the actions that came of it."""
    if row.body_id is None:
        return []
    taken = list(Resolution.objects.visible_to(request.actor).filter(gathering=row).order_by("reference"))
    actions = queries.actions_out_of([each.decision_id for each in taken], request.actor) if taken else []
    return [
        {
            "record": each,
            "text": each.decision.text,
            "outcome": Outcome(each.decision.outcome).label,
            "tone": frame.OUTCOME_TONES[each.decision.outcome],
            "needs_action": each.decision.needs_action,
            "actions": [
                {
                    "record": a,
                    "status": a.get_status_display(),
                    "tone": frame.ACTION_TONES[a.status],
                    "owner": a.owner_words,
                }
                for a in actions
                if a.decision_id == each.decision_id
            ],
        }
        for each in taken
    ]


def _acts(request: Any, row: Gathering, minutes: Minutes | None) -> list[dict[str, str]]:
    """What this person can do next, the likeliest first."""
    held, cancelled = row.status == rules.GatheringStatus.HELD, row.status == rules.GatheringStatus.CANCELLED
    recorder, decider = (
        request.actor.may(permission)
        for permission in (permissions.RECORD_GATHERING, permissions.RECORD_DECISION)
    )
    begun = row.held_on <= request.today
    approved = bool(minutes and minutes.status == rules.MinutesStatus.APPROVED)
    open_ = recorder and not cancelled and not approved
    offered = (
        (open_ and not held and row.body_id, "gathering_prepare", "Put the agenda together"),
        (open_ and not held, "paper_ask", "Ask for a paper"),
        (open_ and not held and row.body_id, "pack_send", "Send the pack"),
        (open_ and begun, "gathering_live", "Take notes and attendance as it goes"),
        (open_ and begun, "gathering_attendance", "Record who came"),
        (decider and held and row.body_id and not approved, "gathering_decide", "Record a decision"),
        (open_ and held, "minutes_write", "Change the minutes" if minutes else "Write the minutes"),
        (open_, "gathering_agenda", "Edit the agenda"),
        (
            request.actor.may(permissions.CONTRIBUTE) and not cancelled and not approved,
            "gathering_declare",
            "Declare an interest",
        ),
        (open_ and held, "picture_add", "Add the visual record"),
        (recorder and not approved, "gathering_change", "Change this meeting"),
        (open_, "gathering_strike", "It was recorded by mistake"),
    )
    return [{"href": frame.to(request, name, row), "text": text} for wanted, name, text in offered if wanted]


@page(permissions.VIEW, record=Gathering)
def papers(request: Any, gathering: Gathering) -> HttpResponse:
    """The papers, declared interests and pictures of a meeting, as this person may see them; also within its page."""
    recorder = request.actor.may(permissions.RECORD_GATHERING)
    context = {
        "page_title": "Papers, interests and pictures",
        "page_caption": gathering.title,
        "breadcrumbs": frame.way(
            request,
            "gatherings",
            (gathering.title, frame.to(request, "gathering", gathering)),
            ("Papers", ""),
        ),
        "gathering": gathering,
        "papers": [(paper, *_stands(request, paper)) for paper in queries.papers(gathering, request.actor)],
        "declared": list(queries.declarations(gathering)) if recorder else [],
        "pictures": [
            (f, frame.to(request, "picture", f))
            for f in files.about(gathering.pk, request.actor)
            if f.content_type.startswith("image/")
        ],
    }
    return render(request, "meetings/_papers.html" if request.htmx else "meetings/papers.html", context)


def _stands(request: Any, paper: Paper) -> tuple[str, str]:
    words = rules.paper_standing(
        withdrawn=False, handed_in=paper.handed_in_at is not None, due_on=paper.due_on, today=request.today
    )
    return words, rules.PAPER_TONES[words]
