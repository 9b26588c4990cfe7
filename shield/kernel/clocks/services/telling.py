"""Telling people of dates that are near or have passed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Partnership, Person
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import events, permissions, queries, rules
from shield.kernel.clocks.models import Clock, Reminder
from shield.kernel.clocks.rules import Step
from shield.kernel.clocks.services.escalating import escalate, tell
from shield.kernel.history import services as history
from shield.kernel.notices import rules as messages
from shield.kernel.records.rules import RecordRef

log = logging.getLogger("shield.clocks")


class NotAllReminded(Exception):
    """Of some records nobody could be told; the log names them by their references."""


def remind_each(
    *,
    find: Callable[[Actor, date], Iterable[Any]],
    remind: Callable[[Any, Actor, date], bool],
    today: date,
) -> int:
    """Tell of each record that `find` gives, in every partnership; returns of how many somebody was told.

    Each record is an act of its own: what was told stays told, and asking again tells nobody twice. One that fails is
    logged by its reference and keeps no other back; NotAllReminded once all were tried, so that the job shows as
    failed and is tried again.
    """
    told = 0
    problems: list[Exception] = []

    def failed(what: str, problem: Exception) -> None:
        # Not the problem's own words: they may hold what a record says.
        log.error("Nobody could be told of %s: %s.", what, type(problem).__name__)
        problems.append(problem)

    for partnership in Partnership.objects.order_by("pk"):
        by = accounts.system_actor(partnership)
        try:
            rows = list(find(by, today))
        except Exception as problem:
            failed(f"the dates of {partnership.slug}", problem)
            continue
        for row in rows:
            try:
                told += remind(row, by, today)
            except Exception as problem:
                failed(f"{row.reference} of {partnership.slug}", problem)
    if problems:
        raise NotAllReminded(f"Of {len(problems)} records nobody could be told.") from problems[0]
    return told


def remind_of_clocks(*, today: date) -> int:
    """Tell of every running clock whose date is near or has passed, in every partnership; returns of how many."""
    return remind_each(find=queries.to_tell_of, remind=_remind, today=today)


@transaction.atomic
def _remind(clock: Clock, by: Actor, today: date) -> bool:
    row: Clock = Clock.objects.locked(clock.pk, by=by)
    if row.state != rules.State.RUNNING or row.due_on is None:
        return False
    due, started = row.due_on, row.started_on
    told = remind_once(
        about=row.ref, due_on=due, since=lambda: started, by=by, today=today, steps=rules.STEPS,
        people=lambda: accounts.people_who_may(permissions.REMINDED, by.partnership_id, today),
    )  # fmt: skip
    step = rules.step_reached(due, started, today)
    if step is None or not step.escalates or queries.was_escalated(row.pk, step.day(due)):
        return told
    reason = f"This duty was due on {in_words(due)} and is not recorded as met. It is owed by: {row.owed_by}."
    escalate(about=row.ref, due_on=due, reason=reason, by=by, today=today)
    return True


def remind_once(
    *, about: RecordRef, due_on: date, since: Callable[[], date], people: Callable[[], Sequence[Person]], by: Actor,
    today: date, steps: Sequence[Step] = rules.REMINDERS,
) -> bool:  # fmt: skip
    """Tell whoever `people` names of a date whose next step has come and was not told; whether anybody was.

    `since` gives the day on which the date was set: whoever set it then knows of the steps before. Part of the act of
    whoever asks, which holds the record's lock, so that no step is told twice. Where nobody can be told nothing is
    kept: whoever comes to answer for it later is told then.
    """
    if rules.step_reached(due_on, date.min, today, steps) is None:
        return False
    step = rules.step_reached(due_on, since(), today, steps)
    if step is None or queries.was_told(about.id, due_on, step) or not (told := people()):
        return False
    note_reminder(about=about, due_on=due_on, step=step.code, people=told, by=by, today=today)
    return True


@transaction.atomic
def note_reminder(
    *, about: RecordRef, due_on: date, step: str, people: Sequence[Person], by: Actor, today: date
) -> Reminder:
    """Queue a message on a date for people, and keep for how many; part of the act of whoever tells them.

    The message carries the record's reference and the date, never a title.
    """
    template = messages.CLOCK_LATE if due_on < today else messages.CLOCK_DUE
    queued = tell(people=people, template=template, about=about, due_on=due_on, by=by)
    row = Reminder(
        partnership_id=by.partnership_id,
        about_kind=about.kind,
        about_id=about.id,
        due_on=due_on,
        step=step,
        on=today,
        told=queued,
    ).store()
    event = events.CHASED if step == rules.CHASED else events.REMINDED
    told = "1 person" if queued == 1 else f"{queued} people"
    history.record(event, on=about, by=by, details={"told": told, "due": in_words(due_on)})
    return row
