"""One record followed up and down, its history, and the page of a decision."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.improvement import permissions, queries
from shield.improvement.models import (
    Action,
    ChainRecord,
    Decision,
    Evidence,
    Finding,
    ImpactReview,
    Priority,
    ProgressNote,
    Recommendation,
    SuccessMeasure,
    Theme,
)
from shield.improvement.views.breaks import mend
from shield.improvement.views.ways import (
    action_line,
    around,
    buttons,
    known_day,
    link,
    page_of,
    way_to,
)
from shield.kernel.access.rules import Permission
from shield.kernel.access.views import page
from shield.kernel.accounts import queries as accounts
from shield.kernel.calendar.rules import in_words
from shield.kernel.design.rules import charts
from shield.kernel.history import queries as history
from shield.kernel.records.models import Record
from shield.kernel.reporting import queries as reporting

MOST = 8
"""Records drawn on one stage; the rest are counted on the drawing and named in the words below it."""


@page(permissions.VIEW_OWN, record=Decision, past=True)
def decision(request: Any, decision: Decision) -> HttpResponse:
    """A decision on the chain: what it was about, what came of it."""
    actor = request.actor
    recommendations = list(Recommendation.objects.visible_to(actor).filter(decisions=decision))
    came = list(Action.objects.visible_to(actor).filter(decision=decision))
    acted = bool(came) or Decision.objects.filter(queries.ACTED_UPON, pk=decision.pk).exists()
    assign = actor.may(permissions.ASSIGN)
    add = link(request, "action_add", about=decision.ref.as_text())
    crumbs = [("Evidence chain", link(request, "chain"))] if actor.may(permissions.VIEW) else []
    context = around(
        request,
        decision,
        *crumbs,
        facts=[
            ("Decision", decision.text),
            ("Outcome", decision.get_outcome_display()),
            ("Decided on", known_day(decision, "decided_on")),
            *([("Reason", decision.reason)] if decision.reason else []),
        ],
        buttons=buttons(("Turn into an action", add, assign)),
        recommendations=recommendations,
        actions=[action_line(request, row) for row in came],
        not_acted=decision.needs_action and not acted,
    )
    return render(request, "improvement/decision.html", context)


# The drawing and the words -------------------------------------------------------------------------


def _drawing(
    path: queries.Path, gaps: Sequence[queries.Missing], faults: dict[uuid.UUID, str]
) -> charts.Flow | None:
    """The path as a picture: a missing link is dashed; what does not fit a stage is counted."""
    if len(path.nodes) < 2 and not gaps:  # a box alone among bare headings shows nothing
        return None
    shown, nodes = _boxes(path, faults)
    edges = {
        (shown[a], shown[b]) for a, b in path.edges if a in shown and b in shown and shown[a] != shown[b]
    }
    made = [charts.Edge(source=a, target=b) for a, b in sorted(edges)]
    for gap in gaps:
        name = f"missing {gap.stage} {gap.text}"
        if gap.beside not in shown:
            continue
        if name not in {node.name for node in nodes}:
            stage = queries.STAGES.index(gap.stage)
            nodes.append(charts.Node(name=name, stage=stage, label=gap.text, tone="missing"))
        for ends in _gap_ends(path, gap, name, shown):
            edge = charts.Edge(source=ends[0], target=ends[1], missing=True)
            if edge not in made:
                made.append(edge)
    return charts.Flow(
        key="chain",
        title="From finding to impact",
        stages=queries.STAGES,
        nodes=tuple(nodes),
        edges=tuple(made),
    )


def _gap_ends(
    path: queries.Path, gap: queries.Missing, name: str, shown: dict[uuid.UUID, str]
) -> list[tuple[str, str]]:
    """From where to where a missing link goes: an action is missed by the decisions on its recommendation."""
    if gap.before:
        return [(name, shown[gap.beside])]
    decisions = {row.pk for row in path.at("Decisions")}
    decided = sorted(shown[b] for a, b in path.edges if a == gap.beside and b in decisions and b in shown)
    return [
        (source, name) for source in (decided if gap.stage == "Actions" and decided else [shown[gap.beside]])
    ]


def _label(row: Any) -> str:
    """What a record is called in its box."""
    if isinstance(row, ImpactReview):
        return f"{row.months}-month impact review, " + (
            f"held {in_words(row.held_on)}" if row.held_on else f"due {in_words(row.due_on)}"
        )
    return str(row.heading)


def _boxes(
    path: queries.Path, faults: dict[uuid.UUID, str]
) -> tuple[dict[uuid.UUID, str], list[charts.Node]]:
    """The boxes of the drawing, and in which of them each record stands."""
    shown: dict[uuid.UUID, str] = {}
    nodes: list[charts.Node] = []
    for number, stage in enumerate(queries.STAGES):
        rows = path.at(stage)
        kept = rows if len(rows) <= MOST else rows[: MOST - 1]
        for row in kept:
            shown[row.pk] = str(row.pk)
            tone = queries.tone(row, faults)
            nodes.append(charts.Node(name=str(row.pk), stage=number, label=_label(row), tone=tone))  # type: ignore[arg-type]
        rest = rows[len(kept) :]
        if rest:
            name = f"more {stage}"
            shown.update({row.pk: name for row in rest})
            nodes.append(charts.Node(name=name, stage=number, label=f"and {len(rest)} more, listed below"))
    return shown, nodes


TAGS = {"late": ("Late", "late"), "missing": ("No owner", "attention")}


def _words(
    request: Any,
    path: queries.Path,
    gaps: Sequence[queries.Missing],
    faults: dict[uuid.UUID, str],
    here: ChainRecord,
) -> list[dict[str, Any]]:
    """The path in words: each stage with its records and what is missing there."""
    stages = []
    for stage in queries.STAGES:
        missing = [gap for gap in gaps if gap.stage == stage]
        lines = [
            {
                "text": row.heading,
                "href": "" if row.pk == here.pk else page_of(request, row),
                "here": row.pk == here.pk,
                "tag": TAGS.get(faults.get(row.pk, "")),
            }
            for row in path.at(stage)
        ]
        names = {node.record.pk: node.record.heading for node in path.nodes.values()}
        stages.append(
            {
                "title": stage,
                "lines": lines,
                "missing": [
                    (f"{gap.text}: {names.get(gap.beside, '')}", mend(request, gap.found)) for gap in missing
                ],
            }
        )
    return stages


def _follow(request: Any, record: ChainRecord) -> HttpResponse:
    """One record up and down the chain: drawn, and in words."""
    path = queries.follow(record, request.actor)
    found = queries.breaks_of(path, request.actor, request.today)
    gaps, faults = queries.missing(found), queries.tones_of(found)
    told = _words(request, path, gaps, faults, record)
    context = {
        "page_title": "Follow the chain",
        "page_caption": record.heading,
        "breadcrumbs": [*way_to(request, record), ("Follow the chain", "")],
        "record": record,
        "drawing": _drawing(path, gaps, faults),
        "stages": [stage for stage in told if stage["lines"] or stage["missing"]],
        "empty": ", ".join(s["title"].lower() for s in told if not s["lines"] and not s["missing"]),
        "breaks": len(found),
    }
    return render(request, "improvement/chain_of.html", context)


def history_page(request: Any, record: Record) -> HttpResponse:
    """What happened to a record, where it was taken from, and what sources say of it."""
    context = {
        "page_title": "History and sources",
        "page_caption": record.heading,
        "breadcrumbs": [*way_to(request, record), ("History and sources", "")],
        "entries": history.of_record(record.partnership_id, record.pk),
        "source": accounts.source_of(record),
        "statements": reporting.statements_about(record, request.actor),
    }
    return render(request, "improvement/history.html", context)


@dataclass(frozen=True)
class Followed:
    """A kind of record that can be followed: the word in its address, and its two pages."""

    word: str
    name: str
    follow: Callable[..., HttpResponse]
    history: Callable[..., HttpResponse]


def _followed(word: str, model: type[ChainRecord], permission: Permission) -> Followed:
    declared = page(permission, record=model, past=True)
    return Followed(word, str(model._meta.model_name), declared(_follow), declared(history_page))


FOLLOWED: tuple[Followed, ...] = (
    _followed("priorities", Priority, permissions.VIEW_OWN),
    _followed("measures", SuccessMeasure, permissions.VIEW_OWN),
    _followed("themes", Theme, permissions.VIEW),
    _followed("findings", Finding, permissions.VIEW),
    _followed("recommendations", Recommendation, permissions.VIEW_OWN),
    _followed("decisions", Decision, permissions.VIEW_OWN),
    _followed("actions", Action, permissions.VIEW_OWN),
    _followed("evidence", Evidence, permissions.VIEW_OWN),
    _followed("progress", ProgressNote, permissions.VIEW_OWN),
    _followed("reviews", ImpactReview, permissions.VIEW),
)
