"""What every act on a case asks first: the permission, and that it is a case of one's own team."""

from __future__ import annotations

from datetime import date

from shield.domain.reviews import events, permissions, rules
from shield.domain.reviews.models import Case, Step
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor, Forbidden, Permission
from shield.kernel.calendar.rules import in_words
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused


def own(
    case: Case,
    by: Actor,
    expected_version: int | None = None,
    *,
    need: Permission = permissions.WORK,
    closed: bool = False,
) -> Case:
    """The case, locked, if the actor works on it; Forbidden otherwise, Refused once it is closed (but for what may be done then).

    Every act on what lies in a case's file locks the case first, so that two of them never pass each other by.
    """
    access.require(by, need)
    row: Case = Case.objects.locked(case.pk, expected_version, by=by)
    if not by.works_in(row.team_id):
        raise Forbidden("Only the team of this case works on it.")
    if row.stage == rules.Stage.CLOSED and not closed:
        raise Refused("This case is closed: open it again first.")
    return row


def reach(case: Case, what: str, on: date, by: Actor) -> None:
    """Note that the milestones which something in Shield reaches by itself were reached; a day noted before stands."""
    for step in Step.objects.select_for_update().filter(case=case, done_on__isnull=True):
        if rules.met_by(step.label_text) == what:
            step.done_on = on
            step.store()
            told = {"step": step.label_text, "on": in_words(on)}
            history.record(events.STEP_DONE, on=case.ref, by=by, details=told)


def not_after(day: date | None, today: date, field: str, what: str) -> None:
    """Refuse a day that is still to come."""
    if day is not None and day > today:
        raise Refused(f"{what} cannot be in the future.", field)
