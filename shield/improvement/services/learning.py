"""What was found and what should change: priorities, measures, themes, findings, recommendations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from shield.improvement import events, permissions, rules
from shield.improvement.models import (
    Action,
    Finding,
    Part,
    Priority,
    Recommendation,
    SuccessMeasure,
    Theme,
)
from shield.improvement.services.owning import NOBODY, Owner
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency
from shield.kernel.calendar import queries as calendar
from shield.kernel.history import services as history
from shield.kernel.records import queries as records
from shield.kernel.records.rules import RecordRef, Refused


@transaction.atomic
def add_priority(*, title: str, by: Actor, leads: Iterable[Agency] = (), **values: Any) -> Priority:
    """Add a practice priority with its lead partners."""
    access.require(by, permissions.EDIT)
    priority = Priority.new(by, title=title, **values).store()
    priority.link("leads", leads)
    history.record(events.PRIORITY_ADDED, on=priority.ref, by=by)
    return priority


@transaction.atomic
def change_priority(
    *, priority: Priority, changes: dict[str, Any], leads: Iterable[Agency], by: Actor, expected_version: int
) -> Priority:
    """Change a priority's title, rationale, status or lead partners."""
    access.require(by, permissions.EDIT)
    row: Priority = Priority.objects.locked(priority.pk, expected_version, by=by)
    made = {**row.amend(changes), **row.relink("leads", leads)}
    row.store()
    history.record(events.PRIORITY_CHANGED, on=row.ref, by=by, details=rules.in_one_line(made))
    return row


@transaction.atomic
def add_measure(*, title: str, by: Actor, priority: Priority | None = None, **values: Any) -> SuccessMeasure:
    """Add a success measure to a priority, or to the partnership."""
    access.require(by, permissions.EDIT)
    measure = SuccessMeasure.new(by, title=title, priority=priority, **values).store()
    history.record(events.MEASURE_ADDED, on=measure.ref, by=by)
    return measure


@transaction.atomic
def add_theme(*, title: str, by: Actor, priority: Priority | None = None) -> Theme:
    """Add a theme that groups findings."""
    access.require(by, permissions.EDIT)
    theme = Theme.new(by, title=title, priority=priority).store()
    history.record(events.THEME_ADDED, on=theme.ref, by=by)
    return theme


@transaction.atomic
def add_finding(
    *, text: str, sort: str, evidence_from: str, by: Actor, themes: Iterable[Theme] = (), origin: RecordRef | None = None,
    **values: Any,
) -> Finding:  # fmt: skip
    """Record something found about practice, with its themes and where it came from."""
    access.require(by, permissions.EDIT)
    if origin is not None and not records.exists(origin, by.partnership_id):
        raise Refused("Where this was found is not on record here.", "origin")
    rules.check_day(
        values.get("found_on"), today=calendar.today(), field="found_on", what="The day it was found"
    )
    finding = Finding.new(
        by, text=text, sort=sort, evidence_from=evidence_from,
        origin_kind=origin.kind if origin else "", origin_id=origin.id if origin else None, **values,
    ).store()  # fmt: skip
    finding.link("themes", themes)
    history.record(events.FINDING_ADDED, on=finding.ref, by=by)
    return finding


@transaction.atomic
def add_recommendation(
    *, title: str, priority: Priority, by: Actor, findings: Iterable[Finding] = (), themes: Iterable[Theme] = (),
    owner: Owner = NOBODY, **values: Any,
) -> Recommendation:  # fmt: skip
    """Draft a recommendation, or an issue to be fixed, from findings."""
    access.require(by, permissions.EDIT)
    recommendation = Recommendation.new(by, title=title, priority=priority, **values)
    owner.put_on(recommendation)
    recommendation.store()
    recommendation.link("findings", findings)
    recommendation.link("themes", themes)
    history.record(events.RECOMMENDATION_ADDED, on=recommendation.ref, by=by)
    return recommendation


@transaction.atomic
def change_recommendation(
    *,
    recommendation: Recommendation,
    changes: dict[str, Any],
    by: Actor,
    expected_version: int,
    findings: Iterable[Finding] | None = None,
    themes: Iterable[Theme] | None = None,
) -> Recommendation:
    """Refine the wording of a recommendation; if given, say anew which findings and themes it rests on."""
    access.require(by, permissions.EDIT)
    row: Recommendation = Recommendation.objects.locked(recommendation.pk, expected_version, by=by)
    made = row.amend(changes)
    row.store()
    if findings is not None:
        made |= row.relink("findings", findings)
    if themes is not None:
        made |= row.relink("themes", themes)
    history.record(events.RECOMMENDATION_CHANGED, on=row.ref, by=by, details=rules.in_one_line(made))
    return row


@transaction.atomic
def add_part(
    *, recommendation: Recommendation, text: str, by: Actor, owner: Owner = NOBODY, **values: Any
) -> Part:
    """Add one thing that a recommendation asks of one owner."""
    access.require(by, permissions.EDIT)
    part = Part.new(by, recommendation=recommendation, text=text, **values)
    owner.put_on(part)
    part.store()
    history.record(events.RECOMMENDATION_CHANGED, on=recommendation.ref, by=by, details={"fields": "parts"})
    return part


@transaction.atomic
def move_recommendation(
    *, recommendation: Recommendation, status: str, by: Actor, today: date
) -> Recommendation:
    """Present a draft to the Board, take it back, or close it."""
    access.require(by, permissions.EDIT)
    row: Recommendation = Recommendation.objects.locked(recommendation.pk, by=by)
    still_open = Action.objects.filter(recommendation=row, status__in=rules.OPEN_ACTIONS).count()
    rules.check_move_by_hand(row.status, status, still_open)
    row.status = status
    if status == rules.RecommendationStatus.PRESENTED:
        row.presented_on = today
    row.store()
    label = rules.RecommendationStatus(status).label
    history.record(events.RECOMMENDATION_MOVED, on=row.ref, by=by, details={"status": label})
    return row
