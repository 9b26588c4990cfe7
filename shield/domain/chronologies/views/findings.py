"""What was found in a chronology: entries that may be one event, conflicts, gaps."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.chronologies import forms, permissions, services
from shield.domain.chronologies.models import Chronology, Comparison, Conflict, Entry
from shield.domain.chronologies.queries import findings
from shield.domain.chronologies.rules import states
from shield.domain.chronologies.views.frame import crumbs, done, form_page, works_on
from shield.domain.chronologies.views.reading import PAIR_TONES
from shield.improvement.views.ways import link, page_of
from shield.kernel.access.views import page
from shield.kernel.design import forms as design
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response


def _listed(request: Any, chronology: Chronology, title: str, table: Table, **more: Any) -> HttpResponse:
    context = {
        "page_title": title, "page_caption": chronology.heading, "breadcrumbs": crumbs(request, chronology, (title, "")), **more,
    }  # fmt: skip
    return table_response(request, "improvement/register.html", context, table)


@page(permissions.READ, record=Chronology)
def chronology_same(request: Any, chronology: Chronology) -> HttpResponse:
    """Pairs of entries that may tell of the same event: to be looked at first, then those that were decided."""
    works = works_on(request, chronology)
    columns = (
        Column(key="one", label="One entry", value=lambda row: row.one.heading.removeprefix("Entry of "),
               href=lambda row: page_of(request, row if works else row.one)),
        Column(key="other", label="Another", value=lambda row: row.other.heading.removeprefix("Entry of "),
               href=lambda row: None if works else page_of(request, row.other)),
        Column(key="why", label="What speaks for it"),
        Column(key="state", label="What was said", value=lambda row: row.get_state_display(), sort=True,
               tone=lambda row: PAIR_TONES[row.state]),
        Column(key="decided_by", label="By", value="decided_by.name"),
    )  # fmt: skip
    table = Table(
        findings.comparisons(chronology, request.actor).order_by("-state", "-strength", "pk"), columns, request.GET,
        caption="Pairs of entries", show_caption=False, exportable=False, empty="No two entries look as if they told of the same event.",
        empty_hint="You can name two entries on the page of either of them.",
    )  # fmt: skip
    return _listed(request, chronology, "Entries that may be one event", table)


def _side(request: Any, entry: Entry) -> dict[str, Any]:
    return {
        "title": f"{entry.agency.name}, {entry.when.in_english()}", "href": page_of(request, entry),
        "facts": [
            ("What happened", entry.event), ("People concerned", entry.people), ("Child's voice", entry.voice),
            ("Action taken", entry.action), ("Source", entry.source), ("Date as it was written", entry.written),
        ],
    }  # fmt: skip


@page(permissions.EDIT, record=Comparison)
def chronology_comparison(request: Any, comparison: Comparison) -> HttpResponse:
    """Two entries beside each other: say whether they tell of the same event."""
    form = design.ShieldForm(request.POST or None, version=comparison.version)
    same = request.POST.get("do") == "same"
    answer = done(
        request, form,
        lambda: services.decide(
            comparison=comparison, same=same, by=request.actor, today=request.today, expected_version=form.cleaned_data["version"]
        ),
        lambda row: link(request, "chronology_same", row.chronology),
        "Both entries are shown together from now on." if same else "The two entries are kept apart.",
    )  # fmt: skip
    return answer or form_page(
        request, "Is it the same event?", form, template="chronologies/comparison.html",
        cancel=link(request, "chronology_same", comparison.chronology),
        way=_found_way(request, comparison.chronology, "Entries that may be one event", "chronology_same"), comparison=comparison,
        sides=[_side(request, comparison.one), _side(request, comparison.other)], wide=True,
        undo=link(request, "chronology_comparison_undo", comparison) if comparison.state != states.PairState.PROPOSED else "",
        tag=(comparison.get_state_display(), PAIR_TONES[comparison.state]),
    )  # fmt: skip


def _found_way(request: Any, chronology: Chronology, title: str, name: str) -> list[tuple[str, str]]:
    return crumbs(request, chronology, (title, link(request, name, chronology)))


@page(permissions.EDIT, record=Comparison)
def chronology_comparison_undo(request: Any, comparison: Comparison) -> HttpResponse:
    """Take back what was said of two entries."""
    form = design.ShieldForm(request.POST or None, version=comparison.version)
    answer = done(
        request, form,
        lambda: services.undo_decision(comparison=comparison, by=request.actor, expected_version=form.cleaned_data["version"]),
        lambda row: page_of(request, row), "The two entries are to be looked at again.",
    )  # fmt: skip
    return answer or form_page(
        request, "Take back what was said", form, cancel=page_of(request, comparison), submit_text="Take it back",
        way=_found_way(request, comparison.chronology, "Entries that may be one event", "chronology_same"),
        intro=[f"“{comparison.get_state_display()}” was said of {comparison.heading}."],
    )  # fmt: skip


@page(permissions.READ, record=Chronology)
def chronology_conflicts(request: Any, chronology: Chronology) -> HttpResponse:
    """Conflicts between entries: open ones first."""
    works = works_on(request, chronology)
    columns = (
        Column(key="sort", label="In what", value=lambda row: row.get_sort_display(), sort=True,
               href=lambda row: page_of(request, row) if works else None),
        Column(key="words", label="What contradicts what", value=lambda row: row.words[:240]),
        Column(key="between", label="Between", value=lambda row: f"{row.one.agency.called} and {row.other.agency.called}"),
        Column(key="state", label="Settled", value=lambda row: row.get_state_display(), sort=True,
               tone=lambda row: "good" if row.state == states.ConflictState.RESOLVED else "attention"),
        Column(key="reason", label="How", value=lambda row: row.reason[:160]),
    )  # fmt: skip
    table = Table(
        findings.conflicts(chronology, request.actor).order_by("state", "pk"), columns, request.GET, caption="Conflicts",
        show_caption=False, exportable=False, empty="No conflict is known.",
        empty_hint="Different dates of birth and different days of one event are found; other contradictions are marked by readers.",
    )  # fmt: skip
    return _listed(request, chronology, "Conflicts", table)


@page(permissions.EDIT, record=Conflict)
def chronology_conflict(request: Any, conflict: Conflict) -> HttpResponse:
    """One conflict: the two entries, and how it is settled."""
    form = forms.ReasonForm(
        request.POST or None, version=conflict.version, ask="What is taken to be so, and why?", initial={"reason": conflict.reason},
        help_text="What the agencies said stays as it is.",
    )  # fmt: skip
    answer = done(
        request, form,
        lambda: services.resolve(
            conflict=conflict, reason=form.cleaned_data["reason"], by=request.actor, today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
        lambda row: link(request, "chronology_conflicts", row.chronology), "The conflict is settled.",
    )  # fmt: skip
    resolved = conflict.state == states.ConflictState.RESOLVED
    return answer or form_page(
        request, conflict.get_sort_display(), form, template="chronologies/conflict.html", wide=True,
        cancel=link(request, "chronology_conflicts", conflict.chronology), submit_text="Settle it",
        way=_found_way(request, conflict.chronology, "Conflicts", "chronology_conflicts"), conflict=conflict,
        sides=[_side(request, conflict.one), _side(request, conflict.other)], words=conflict.words,
        reopen=link(request, "chronology_conflict_reopen", conflict) if resolved else "",
        tag=(conflict.get_state_display(), "good" if resolved else "attention"),
    )  # fmt: skip


@page(permissions.EDIT, record=Conflict)
def chronology_conflict_reopen(request: Any, conflict: Conflict) -> HttpResponse:
    """Open a conflict again."""
    form = design.ShieldForm(request.POST or None, version=conflict.version)
    answer = done(
        request, form,
        lambda: services.reopen_conflict(conflict=conflict, by=request.actor, expected_version=form.cleaned_data["version"]),
        lambda row: page_of(request, row), "The conflict is open again.",
    )  # fmt: skip
    return answer or form_page(
        request, "Open the conflict again", form, cancel=page_of(request, conflict), submit_text="Open it again",
        way=_found_way(request, conflict.chronology, "Conflicts", "chronology_conflicts"),
    )  # fmt: skip


@page(permissions.READ, record=Chronology)
def chronology_gaps(request: Any, chronology: Chronology) -> HttpResponse:
    """Stretches in which something is missing."""
    found = findings.gaps_in(chronology, today=request.today)
    merged = link(request, "chronology_merged", chronology)
    columns = (
        Column(key="what", label="What is missing", sort=True),
        Column(key="after", label="Last day before", sort=True,
               href=lambda gap: f"{merged}?since_day={gap.after.day}&since_month={gap.after.month}&since_year={gap.after.year}"),
        Column(key="until", label="First day after", sort=True),
        Column(key="days", label="Days between", numeric=True, sort=True),
    )  # fmt: skip
    table = Table(
        found, columns, request.GET, caption="Gaps", show_caption=False, default_sort="-days", exportable=False,
        empty="No gap is longer than what this chronology counts as one.",
    )  # fmt: skip
    intro = (
        f"Counted as a gap: more than {chronology.gap_days} days without contact, more than {chronology.voice_months} months "
        "without the child's voice or without an event that is marked as positive. What is known only by its month or year may "
        "lie anywhere in it, so no gap is claimed there."
    )
    context = {
        "page_title": "Gaps", "page_caption": chronology.heading, "breadcrumbs": crumbs(request, chronology, ("Gaps", "")),
        "intro": intro, "table": table,
    }  # fmt: skip
    return render(request, "chronologies/gaps.html", context)
