"""The delivery plan of a cycle: what is known, what is planned to find out more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from shield.domain.learning_hub import events, permissions, rules
from shield.domain.learning_hub.models import Cycle, PlanItem, PlannedActivity
from shield.improvement.rules import check_day, in_one_line
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused, check_reason


@transaction.atomic
def add_plan_item(
    *, cycle: Cycle, sort: str, source: str, says: str, by: Actor, today: date, **values: Any
) -> PlanItem:
    """Put a piece of evidence on a cycle's delivery plan; it may be from years before, but not from days to come."""
    access.require(by, permissions.RUN)
    rules.check_running(cycle.stopped_on)
    _check_dated(values.get("dated_on"), values.get("precision", "day"), today)
    item = PlanItem.new(
        by, cycle=cycle, sort=sort, source=source, says=says, **values,
    ).store()  # fmt: skip
    history.record(events.PLAN_ITEM_ADDED, on=item.ref, by=by)
    return item


@transaction.atomic
def change_plan_item(
    *, item: PlanItem, changes: Mapping[str, Any], by: Actor, today: date, expected_version: int
) -> PlanItem:
    """Correct a piece of evidence, or weigh it anew; the history keeps what stood there."""
    access.require(by, permissions.RUN)
    row = _standing_item(item, by, expected_version)
    _check_dated(changes.get("dated_on"), changes.get("precision", "day"), today)
    made = row.amend(changes)
    if not made:
        raise Refused("Nothing was changed.")
    row.store()
    history.record(events.PLAN_ITEM_CHANGED, on=row.ref, by=by, details=in_one_line(made))
    return row


@transaction.atomic
def withdraw_plan_item(*, item: PlanItem, reason: str, by: Actor, today: date) -> PlanItem:
    """Take a piece of evidence off the plan; it stays on record, with the reason."""
    access.require(by, permissions.RUN)
    check_reason(reason, what="Say in a sentence why it is taken off.")
    row = _standing_item(item, by)
    row.withdrawn_on, row.withdrawn_why = today, reason.strip()
    row.store()
    history.record(events.PLAN_ITEM_WITHDRAWN, on=row.ref, by=by, details={"reason": row.withdrawn_why})
    return row


def _standing_item(item: PlanItem, by: Actor, expected_version: int | None = None) -> PlanItem:
    row: PlanItem = PlanItem.objects.locked(item.pk, expected_version, by=by)
    if row.withdrawn_on is not None:
        raise Refused("This was taken off the plan already.")
    return row


def _check_dated(dated_on: date | None, precision: str, today: date) -> None:
    check_day(dated_on, today=today, field="dated_on", what="The day of the source", precision=precision)


@transaction.atomic
def plan_activity(
    *, cycle: Cycle, sort: str, what: str, happens_on: date, by: Actor, agency: Agency | None = None, precision: str = "month"
) -> PlannedActivity:  # fmt: skip
    """Plan an audit, a round of feedback or a visit; it shows in what waits until it is reported on."""
    access.require(by, permissions.RUN)
    rules.check_running(cycle.stopped_on)
    activity = PlannedActivity.new(
        by, cycle=cycle, sort=sort, what=what, happens_on=happens_on, precision=precision, agency=agency,
    ).store()  # fmt: skip
    history.record(events.ACTIVITY_PLANNED, on=activity.ref, by=by)
    return activity


@transaction.atomic
def report_activity(
    *, activity: PlannedActivity, status: str, outcome: str, by: Actor, expected_version: int
) -> PlannedActivity:
    """Say what came of a planned activity, or why it is dropped."""
    access.require(by, permissions.RUN)
    row: PlannedActivity = PlannedActivity.objects.locked(activity.pk, expected_version, by=by)
    rules.check_activity(status, outcome)
    row.status, row.outcome = status, outcome.strip()
    row.store()
    label = rules.ActivityStatus(status).label.lower()
    history.record(events.ACTIVITY_REPORTED, on=row.ref, by=by, details={"status": label})
    return row
