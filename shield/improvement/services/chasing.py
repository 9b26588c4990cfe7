"""Reminding those who answer for an action of its date: by itself, and when somebody chases it."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from shield.improvement import permissions, queries
from shield.improvement.models import Action
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.calendar import rules as calendar
from shield.kernel.clocks import queries as clocks
from shield.kernel.clocks import rules as clocks_rules
from shield.kernel.clocks import services as dates
from shield.kernel.clocks.models import Reminder
from shield.kernel.records.rules import Refused


@transaction.atomic
def chase(*, action: Action, by: Actor, today: date) -> Reminder:
    """Remind whoever answers for an open action of its date, at most once a day; the record keeps that they were told."""
    access.require(by, permissions.ASSIGN)
    row: Action = Action.objects.locked(action.pk, by=by)
    if why := queries.why_not_chase(row):
        raise Refused(why)
    people = queries.who_is_chased(row, by, today)
    if not people:
        raise Refused(queries.why_nobody_is_chased(row))
    if clocks.was_chased(row.pk, today):
        raise Refused("This was chased today already.")
    assert row.due_on is not None
    due = calendar.last_day_of(row.due_on, row.precision)
    return dates.note_reminder(
        about=row.ref, due_on=due, step=clocks_rules.CHASED, people=people, by=by, today=today
    )


def remind_of_actions(*, today: date) -> int:
    """Remind the owners of actions whose date is near or has passed, in every partnership; returns of how many.

    Each step of each date is told once. An action that nobody who can sign in answers for shows as stuck instead.
    """
    return dates.remind_each(find=queries.to_remind_of, remind=_remind, today=today)


@transaction.atomic
def _remind(action: Action, by: Actor, today: date) -> bool:
    row: Action = Action.objects.locked(action.pk, by=by)
    if queries.why_not_chase(row) or row.due_on is None:
        return False
    due = calendar.last_day_of(row.due_on, row.precision)
    return dates.remind_once(
        about=row.ref, due_on=due, since=lambda: queries.date_set_on(row), by=by, today=today,
        people=lambda: queries.who_answers(row, today),
    )  # fmt: skip
