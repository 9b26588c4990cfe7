"""The chronologies: all of them, one of them, starting, changing, asking agencies."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from shield.domain.chronologies import forms, permissions, services
from shield.domain.chronologies.models import Chronology
from shield.domain.chronologies.queries import collecting, findings, merged
from shield.domain.chronologies.rules import states
from shield.domain.chronologies.views.frame import around, crumbs, done, form_page, works_on
from shield.improvement.views.ways import buttons, link, page_of
from shield.kernel.access.views import page
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules.values import count
from shield.kernel.history import queries as history
from shield.kernel.records import queries as records
from shield.kernel.records.rules import RecordRef, parse_ref

COUNTED = 5_000
"""Entries up to which the page of a chronology counts its gaps."""


@page()
def chronologies(request: Any) -> HttpResponse:
    """The chronologies of one's teams, and what one's own agency is asked for."""
    actor = request.actor
    columns = (
        Column(key="title", label="Chronology", sort=True, href=lambda row: page_of(request, row)),
        Column(key="reference", label="Reference", sort=True),
        Column(key="status", label="Where it stands", value=lambda row: row.get_status_display(), sort=True,
               tone=lambda row: states.TONES[row.status]),
        Column(key="answered", label="Agencies that answered", value=lambda row: f"{row.answered} of {row.asked}"),
    )  # fmt: skip
    table = Table(
        collecting.chronologies(actor), columns, request.GET, caption="Chronologies of your teams", exportable=False,
        empty="No chronology is open to you.", empty_hint="A chronology is started on the page of the record it is about.",
    )  # fmt: skip
    own = [_own_line(request, row) for row in collecting.own_contributions(actor)[:100]]
    context = {"page_title": "Chronologies", "table": table, "own": own, "breadcrumbs": []}
    return render(request, "chronologies/chronologies.html", context)


def _own_line(request: Any, row: Any) -> dict[str, Any]:
    return {
        "title": row.heading, "href": page_of(request, row), "status": row.get_status_display(),
        "tone": states.PART_TONES[row.status], "hint": f"due {row.due_on:%-d %B %Y}" if row.due_on else "",
    }  # fmt: skip


def _asked_about(request: Any) -> Any:
    """The record that a chronology is to be about: the address says, and the actor sees it."""
    ref = parse_ref(request.GET.get("about", ""))
    found = collecting.record_at(ref, request.actor) if ref else None
    if ref and found is None:
        raise Http404
    return found


@page(permissions.OPEN)
def chronology_open(request: Any) -> HttpResponse:
    """Start a chronology about a record with a team."""
    record = _asked_about(request)
    if record is None:
        context = {
            "page_title": "Start a chronology",
            "breadcrumbs": crumbs(request, None, ("Start a chronology", "")),
        }
        return render(request, "chronologies/nothing_to_open.html", context)
    form = forms.ChronologyForm(request.POST or None)
    answer = done(
        request, form,
        lambda: services.open_chronology(about=RecordRef(record.kind, record.pk), by=request.actor, **form.values),
        lambda made: page_of(request, made), "The chronology was started. Next, ask the agencies.",
    )  # fmt: skip
    team = collecting.team_of(record)
    intro = [
        f"It is open to the team “{team.title}” only, and each agency sees its own part." if team else ""
    ]
    return answer or form_page(
        request, "Start a chronology", form, way=crumbs(request), cancel=link(request, "chronologies"), intro=intro,
        page_caption=record.heading, submit_text="Start it",
    )  # fmt: skip


@page(permissions.READ, record=Chronology)
def chronology(request: Any, chronology: Chronology) -> HttpResponse:
    """One chronology: where it stands, what can be done next, the agencies, what was found."""
    actor = request.actor
    parts = list(collecting.contributions_of(chronology))
    edits, open_now = works_on(request, chronology), chronology.status != states.Status.CLOSED
    runs = edits and actor.may(permissions.OPEN)
    size = merged.size_of(chronology)
    context = around(
        request, chronology, title=chronology.title, caption=f"Chronology {chronology.reference}",
        way=crumbs(request, None, (chronology.title, "")),
        tags=[(chronology.get_status_display(), states.TONES[chronology.status])],
        facts=_facts(request, chronology, size),
        buttons=buttons(
            ("Read the chronology", link(request, "chronology_merged", chronology), size > 0),
            ("Ask agencies", link(request, "chronology_ask", chronology), runs and open_now),
            ("Put it a step further", link(request, "chronology_move", chronology), runs),
            ("Change it", link(request, "chronology_change", chronology), runs and open_now),
            ("Add a theme", link(request, "chronology_theme_add", chronology), edits and open_now),
            ("Export it", link(request, "chronology_export", chronology), size > 0),
        ),
        parts=[_part_line(request, row) for row in parts],
        found=_found(request, chronology, size) if size else [],
        themes=[theme.title for theme in merged.themes_of(chronology)],
        ways=[*_about(request, chronology), ("History", link(request, "chronology_history", chronology))],
    )  # fmt: skip
    return render(request, "chronologies/chronology.html", context)


def _facts(request: Any, row: Chronology, size: int) -> list[Any]:
    span = [day for day in (row.period_from, row.period_to) if day]
    return [
        ("Asked for", row.asked_for),
        ("Period", " to ".join(f"{day:%-d %B %Y}" for day in span)),
        ("Team", row.team.title),
        ("Entries", f"{size:,}"),
        (
            "Counts as a gap",
            f"{row.gap_days} days without contact; {row.voice_months} months without the child's voice",
        ),
    ]


def _about(request: Any, row: Chronology) -> list[tuple[str, str]]:
    record = collecting.record_at(row.about, request.actor)
    href = records.address_of(record, request.actor.partnership_slug) if record is not None else ""
    return [(record.heading, href)] if href else []


def _part_line(request: Any, row: Any) -> dict[str, Any]:
    due = f"due {row.due_on:%-d %B %Y}" if row.due_on and row.is_with_agency else ""
    late = row.is_with_agency and row.due_on and row.due_on < request.today
    told = count(row.told, "entry", "entries") if row.status in states.MERGED else ""
    return {
        "title": row.agency.name, "href": page_of(request, row), "hint": told or due,
        "status": "Late" if late else row.get_status_display(), "tone": "late" if late else states.PART_TONES[row.status],
    }  # fmt: skip


def _found(request: Any, row: Chronology, size: int) -> list[dict[str, Any]]:
    """What waits for a reader."""
    pairs = findings.to_look_at(row, request.actor).count()
    conflicts = findings.open_conflicts(row, request.actor).count()
    # Of a very large chronology they are counted on their own page only.
    gaps = len(findings.gaps_in(row, today=request.today)) if size <= COUNTED else None
    lines = (
        ("Entries that may tell of the same event", "chronology_same", pairs, "attention"),
        ("Conflicts", "chronology_conflicts", conflicts, "attention"),
        ("Gaps", "chronology_gaps", gaps, "info"),
    )
    return [
        {
            "title": text,
            "href": link(request, name, row),
            "status": f"{n:,}" if n else "None",
            "tone": tone if n else "neutral",
        }
        for text, name, n, tone in lines
    ]


@page(permissions.READ, record=Chronology)
def chronology_history(request: Any, chronology: Chronology) -> HttpResponse:
    """What happened to a chronology."""
    context = {
        "page_title": "History",
        "page_caption": chronology.heading,
        "breadcrumbs": crumbs(request, chronology, ("History", "")),
        "entries": history.of_record(chronology.partnership_id, chronology.pk),
    }
    return render(request, "chronologies/history.html", context)


@page(permissions.OPEN, record=Chronology)
def chronology_change(request: Any, chronology: Chronology) -> HttpResponse:
    """Change what a chronology is called, asks for and counts as a gap."""
    form = forms.ChronologyForm(
        request.POST or None, version=chronology.version, initial=forms.chronology_initial(chronology)
    )
    answer = done(
        request, form,
        lambda: services.change_chronology(
            chronology=chronology, changes=form.values, by=request.actor, expected_version=form.cleaned_data["version"]
        ),
        lambda row: page_of(request, row), "The chronology was changed.",
    )  # fmt: skip
    return answer or form_page(
        request,
        "Change the chronology",
        form,
        way=crumbs(request, chronology),
        cancel=page_of(request, chronology),
    )


@page(permissions.OPEN, record=Chronology)
def chronology_move(request: Any, chronology: Chronology) -> HttpResponse:
    """Put a chronology a step further or back."""
    form = forms.MoveForm(request.POST or None, chronology=chronology, version=chronology.version)
    answer = done(
        request, form,
        lambda: services.move_chronology(
            chronology=chronology, to=form.cleaned_data["to"], by=request.actor, today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
        lambda row: page_of(request, row), "The chronology is a step further.",
    )  # fmt: skip
    return answer or form_page(
        request,
        "Put it a step further",
        form,
        way=crumbs(request, chronology),
        cancel=page_of(request, chronology),
    )


@page(permissions.OPEN, record=Chronology)
def chronology_ask(request: Any, chronology: Chronology) -> HttpResponse:
    """Ask agencies for their parts."""
    form = forms.AskForm(
        request.POST or None, actor=request.actor, today=request.today, chronology=chronology
    )
    answer = done(
        request, form,
        lambda: services.ask_agencies(
            chronology=chronology, agencies=form.picked_all("agencies"), due_on=form.cleaned_data["due_on"], by=request.actor,
            today=request.today,
        ),
        lambda _: page_of(request, chronology), "Each agency has it in its work list.",
    )  # fmt: skip
    intro = [
        "Each agency reads what is asked for and who it is about. It sees its own part only, and nothing of what others tell."
    ]
    return answer or form_page(
        request, "Ask agencies", form, way=crumbs(request, chronology), cancel=page_of(request, chronology), intro=intro,
        submit_text="Ask them",
    )  # fmt: skip


@page(permissions.EDIT, record=Chronology)
def chronology_theme_add(request: Any, chronology: Chronology) -> HttpResponse:
    """Add a theme."""
    form = forms.ThemeForm(request.POST or None)
    answer = done(
        request, form,
        lambda: services.add_theme(chronology=chronology, title=form.cleaned_data["title"], by=request.actor),
        lambda _: page_of(request, chronology), "The theme was added.",
    )  # fmt: skip
    return answer or form_page(
        request,
        "Add a theme",
        form,
        way=crumbs(request, chronology),
        cancel=page_of(request, chronology),
        submit_text="Add it",
    )
