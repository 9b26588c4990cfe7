"""Planning audits, and putting on record those done before or elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from shield.domain.audits import events, permissions, queries, rules
from shield.domain.audits.models import Audit
from shield.domain.audits.services import selecting
from shield.improvement.rules import check_day, in_one_line
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused, check_reason


@transaction.atomic
def plan_audit(
    *, title: str, sort: str, starts_on: date, by: Actor, led_by: Iterable[Agency] = (), **values: Any
) -> Audit:
    """Plan an audit: what it looks at, why, out of which frame, led by whom."""
    access.require(by, permissions.RUN)
    audit = Audit.new(by, title=title, sort=sort, starts_on=starts_on, **values).store()
    audit.link("led_by", led_by)
    history.record(events.PLANNED, on=audit.ref, by=by)
    return audit


@transaction.atomic
def record_audit(
    *, title: str, sort: str, starts_on: date, by: Actor, today: date, led_by: Iterable[Agency] = (),
    team: Iterable[Agency] = (), **values: Any,
) -> Audit:  # fmt: skip
    """Put an audit on record that was done before, or by one agency by itself: its numbers, no records."""
    access.require(by, permissions.RUN)
    _check_done(starts_on, today, values.get("precision", "day"))
    rules.check_numbers(values.get("frame_size"), values.get("considered"), values.get("in_depth"))
    audit = Audit.new(
        by, title=title, sort=sort, starts_on=starts_on, status=rules.Status.CLOSED,
        closed_on=values.get("ends_on") or starts_on, **values,
    ).store()  # fmt: skip
    audit.link("led_by", led_by)
    audit.link("team", team)
    history.record(events.RECORDED, on=audit.ref, by=by)
    return audit


@transaction.atomic
def change_audit(
    *, audit: Audit, changes: dict[str, Any], led_by: Iterable[Agency], by: Actor, today: date, expected_version: int,
    team: Iterable[Agency] | None = None,
) -> Audit:  # fmt: skip
    """Change what an audit is about, or correct it; how records were chosen stays as it was.

    One that was put on record after it was done may be corrected in all it tells, its numbers and `team` too. What an
    issued report tells of an audit stays until the report is withdrawn.
    """
    access.require(by, permissions.RUN)
    row: Audit = Audit.objects.locked(audit.pk, expected_version, by=by)
    rules.check_at(
        row.status, *(s for s in rules.Status.values if s != rules.Status.STOPPED), what="be changed"
    )
    began, due = row.done_on or row.starts_on, row.answers_due_on
    made = {**row.amend(changes), **row.relink("led_by", led_by)}
    if row.was_recorded:
        _check_done(row.starts_on, today, row.precision)
        row.closed_on = row.ends_on or row.starts_on
        if team is not None:
            made |= row.relink("team", team)
    if row.answers_due_on != due:
        rules.check_put_off(row.status, row.answers_due_on, today)
    if not made:
        raise Refused("Nothing was changed.")
    rules.check_not_issued(queries.issued_with(row, began))
    rules.check_numbers(row.frame_size, row.considered, row.in_depth)
    row.store()
    history.record(events.CHANGED, on=row.ref, by=by, details=in_one_line(made, rules.FIELD_WORDS))
    return row


def _check_done(starts_on: date, today: date, precision: str) -> None:
    check_day(starts_on, today=today, field="starts_on", what="An audit that was done", precision=precision)


@transaction.atomic
def stop_audit(*, audit: Audit, reason: str, by: Actor, today: date, expected_version: int) -> Audit:
    """Stop an audit that will not be finished, with the reason; what was answered is kept, whose the records are is forgotten."""
    access.require(by, permissions.RUN)
    check_reason(reason, what="Say in a sentence why the audit is stopped.")
    row: Audit = Audit.objects.locked(audit.pk, expected_version, by=by)
    rules.check_move(row.status, rules.Status.STOPPED)
    row.status, row.stopped_why, row.closed_on = rules.Status.STOPPED, reason.strip(), today
    row.store()
    selecting.forget_references(audit=row)
    history.record(events.STOPPED, on=row.ref, by=by, details={"reason": reason.strip()})
    return row
