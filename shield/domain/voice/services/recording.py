"""Who was asked, what was said, what was promised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from shield.domain.voice import events, permissions, queries, rules
from shield.domain.voice.models import Activity, Promise, Said, Survey
from shield.domain.voice.services import judging
from shield.improvement import services as improvement
from shield.improvement.models import Finding, Priority
from shield.improvement.rules import in_one_line
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.disclosure import rules as disclosure
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused


@transaction.atomic
def record_activity(
    *, title: str, group: str, method: str, by: Actor, today: date, **values: Any
) -> Activity:
    """Record one time somebody was asked; day and head count stay with the meeting where there is one."""
    access.require(by, permissions.RECORD)
    _check(values, today)
    activity = put_on_record(title=title, group=group, method=method, by=by, **values)
    judging.judge_numbers(by=by)
    return activity


def put_on_record(*, title: str, group: str, method: str, by: Actor, **values: Any) -> Activity:
    """Write an activity down as part of another act, which then has its number judged."""
    activity = Activity.new(by, title=title, group=group, method=method, **values).store()
    history.record(events.ACTIVITY_RECORDED, on=activity.ref, by=by)
    return activity


@transaction.atomic
def correct_activity(
    *, activity: Activity, changes: Mapping[str, Any], by: Actor, today: date, expected_version: int
) -> Activity:
    """Correct what is on record of an activity."""
    access.require(by, permissions.RECORD)
    row: Activity = Activity.objects.locked(activity.pk, expected_version, by=by)
    of_children, group, day = row.group in rules.OF_CHILDREN, row.group, queries.counts_on(row)
    made = row.amend(changes)
    if not made:
        raise Refused("Nothing was changed.")
    rules.check_not_issued(queries.issued_with(row, day))
    if "people_count" in made and Survey.objects.filter(activity=row).exists():
        raise Refused(
            "The survey counted its answers itself. Their number is not typed over.", "people_count"
        )
    if "people_count" in made and (of_children or row.group in rules.OF_CHILDREN):
        made["people_count"] = (
            disclosure.MARK,
            disclosure.MARK,
        )  # more read the history than a child's number
    _check({name: getattr(row, name) for name in ("gathering", "people_count", "held_on")}, today)
    row.store()
    if row.group != group:
        _follow_group(row, group)
    judging.judge_numbers(by=by)
    history.record(events.ACTIVITY_CORRECTED, on=row.ref, by=by, details=in_one_line(made))
    return row


def _follow_group(activity: Activity, before: str) -> None:
    """The points that were of whom the activity was said to have heard are of whom it heard now."""
    for point in Said.objects.select_for_update().filter(activity=activity, group=before):
        point.group = activity.group
        point.store()


def _check(values: Mapping[str, Any], today: date) -> None:
    rules.check_activity(
        held_in_gathering=values.get("gathering") is not None,
        people_count=values.get("people_count"),
        held_on=values.get("held_on"),
        today=today,
    )


@transaction.atomic
def add_point(
    *,
    text: str,
    sort: str,
    by: Actor,
    activity: Activity | None = None,
    group: str = "",
    priority: Priority | None = None,
    finding: Finding | None = None,
    source_id: str = "",
) -> Said:
    """Record one point somebody made, in our words; group and priority are the activity's where there is one."""
    access.require(by, permissions.RECORD)
    if activity is not None:
        group, priority = group or activity.group, priority or activity.priority
    rules.check_point_has_place(in_activity=activity is not None, of_priority=priority is not None)
    point = Said.new(
        by, text=text, sort=sort, group=group, activity=activity, priority=priority, finding=finding,
        source_id=source_id,
    ).store()  # fmt: skip
    history.record(events.POINT_ADDED, on=point.ref, by=by)
    return point


@transaction.atomic
def correct_point(*, said: Said, text: str, sort: str, group: str, by: Actor, expected_version: int) -> Said:
    """Correct the wording of a point, whether it is good, and who made it.

    Other words were not read before they are public: a point that is changed leaves the public page.
    """
    access.require(by, permissions.RECORD)
    row: Said = Said.objects.locked(said.pk, expected_version, by=by)
    made = row.amend({"text": text, "sort": sort, "group": group})
    if not made:
        raise Refused("Nothing was changed.")
    row.take_off()
    row.store()
    history.record(events.POINT_CORRECTED, on=row.ref, by=by, details={"fields": ", ".join(sorted(made))})
    return row


@transaction.atomic
def make_finding(*, said: Said, by: Actor, expected_version: int | None = None) -> Finding:
    """Make a finding of a point, in one act: its text, whose voice it is, and the activity as its origin."""
    access.require(by, permissions.RECORD)
    row: Said = Said.objects.locked(said.pk, expected_version, by=by)
    if row.finding is not None:
        raise Refused(f"This point is a finding already: {row.finding.reference}.")
    activity = row.activity
    row.finding = improvement.add_finding(
        text=row.text,
        sort=row.sort,
        evidence_from=rules.EVIDENCE_FROM[row.group],
        by=by,
        priority=row.priority,
        origin=activity.ref if activity else None,
        found_on=activity.day if activity else None,
    )
    row.store()
    history.record(events.POINT_MADE_FINDING, on=row.ref, by=by)
    return row.finding


@transaction.atomic
def make_promise(*, text: str, made_on: date, by: Actor, **values: Any) -> Promise:
    """Put on record what the partnership said it would do to hear children, young people and families."""
    access.require(by, permissions.RECORD)
    promise = Promise.new(by, text=text, made_on=made_on, **values).store()
    history.record(events.PROMISE_MADE, on=promise.ref, by=by)
    return promise


@transaction.atomic
def report_promise(*, promise: Promise, progress: str, by: Actor, expected_version: int) -> Promise:
    """Say where a promise stands."""
    access.require(by, permissions.RECORD)
    row: Promise = Promise.objects.locked(promise.pk, expected_version, by=by)
    if not row.amend({"progress": progress.strip()}):
        raise Refused("Say what has been done since.", "progress")
    row.store()
    history.record(events.PROMISE_REPORTED, on=row.ref, by=by)
    return row
