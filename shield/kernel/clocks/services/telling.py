"""Telling people of dates that are near or have passed, and putting what is late before the safeguarding partners."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Partnership, Person
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import events, permissions, queries, rules
from shield.kernel.clocks.models import Clock, Escalation, Reminder
from shield.kernel.history import services as history
from shield.kernel.notices import rules as messages
from shield.kernel.notices import services as notices
from shield.kernel.records import queries as records
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import RecordRef, Refused


def remind_of_clocks(*, today: date) -> int:
    """Tell of every running clock whose date is near or has passed, in every partnership; returns how many.

    Each clock is an act of its own: what was told stays told if a later one fails, and asking again tells nobody
    twice.
    """
    told = 0
    for partnership in Partnership.objects.order_by("pk"):
        by = accounts.system_actor(partnership)
        for clock in queries.to_tell_of(by, today):
            told += _remind(clock, by, today)
    return told


@transaction.atomic
def _remind(clock: Clock, by: Actor, today: date) -> bool:
    row: Clock = Clock.objects.locked(clock.pk, by=by)
    if row.state != rules.State.RUNNING or row.due_on is None:
        return False
    step = rules.step_reached(row.due_on, row.started_on, today)
    if step is None or queries.was_told(row.pk, row.due_on, step):
        return False
    people = accounts.people_who_may(permissions.REMINDED, by.partnership_id, today)
    note_reminder(about=row.ref, due_on=row.due_on, step=step.code, people=people, by=by, today=today)
    if step.escalates and queries.open_escalation(row.pk) is None:
        reason = f"This duty was due on {in_words(row.due_on)} and is not recorded as met. It is owed by: {row.owed_by}."
        escalate(about=row.ref, due_on=row.due_on, reason=reason, by=by, today=today)
    return True


def remind_once(
    *, about: RecordRef, due_on: date, people: Callable[[], Sequence[Person]], by: Actor, today: date
) -> bool:
    """Tell whoever `people` names of a date whose next step has come and was not told; whether anybody was.

    Part of the act of whoever asks, which holds the record's lock, so that no step is told twice. Where nobody can
    be told nothing is kept: whoever comes to answer for it later is told then.
    """
    step = rules.step_reached(due_on, date.min, today, rules.REMINDERS)
    if step is None or queries.was_told(about.id, due_on, step) or not (told := people()):
        return False
    note_reminder(about=about, due_on=due_on, step=step.code, people=told, by=by, today=today)
    return True


@transaction.atomic
def note_reminder(
    *, about: RecordRef, due_on: date, step: str, people: Sequence[Person], by: Actor, today: date
) -> Reminder:
    """Tell people of a date, and keep that they were told; part of the act of whoever tells them.

    The message carries the record's reference and the date, never a title.
    """
    template = messages.CLOCK_LATE if due_on < today else messages.CLOCK_DUE
    _tell(people, template, about, due_on, by)
    row = Reminder(
        partnership_id=by.partnership_id,
        about_kind=about.kind,
        about_id=about.id,
        due_on=due_on,
        step=step,
        on=today,
        told=len(people),
    ).store()
    told = "1 person" if len(people) == 1 else f"{len(people)} people"
    history.record(events.REMINDED, on=about, by=by, details={"told": told, "due": in_words(due_on)})
    return row


def _tell(
    people: Sequence[Person], template: messages.Template, about: RecordRef, due_on: date | None, by: Actor
) -> None:
    fields = {
        "reference": records.reference_of(about, by.partnership_id),
        "due": in_words(due_on) if due_on else "no date",
        "partnership": accounts.name_of(by.partnership_id),
        "link": records.site_address(about, by.partnership_slug),
    }
    for person in people:
        address = person.user.email
        notices.queue(template=template, address=address, person_id=person.pk, fields=fields, by=by)


@transaction.atomic
def escalate(*, about: RecordRef, due_on: date | None, reason: str, by: Actor, today: date) -> Escalation:
    """Put something that is late or stuck before the safeguarding partners, who are told at once and answer."""
    access.require(by, permissions.ESCALATE)
    rules.check_reason(reason)
    if not queries.has_a_date(about.kind):
        raise Refused("Only what is due by a date can be escalated.")
    if not records.exists(about, by.partnership_id):
        raise Refused("There is no such record here.")
    # Two who escalate the same at once: the second waits here, and then finds the first one's.
    KINDS[about.kind].objects.locked(about.id, by=by)
    if queries.open_escalation(about.id) is not None:
        raise Refused("This was escalated already and waits for an answer.")
    row = Escalation.begin(by, about=about, due_on=due_on, reason=reason, raised_on=today)
    people = accounts.people_who_may(permissions.ANSWER, by.partnership_id, today, but=by.person_id)
    _tell(people, messages.ESCALATED, row.ref, due_on, by)
    history.record(events.ESCALATED, on=about, by=by, details={"reason": reason})
    history.record(events.ESCALATED, on=row.ref, by=by, details={"reason": reason})
    return row


@transaction.atomic
def answer_escalation(
    *, escalation: Escalation, answer: str, by: Actor, today: date, expected_version: int | None = None
) -> Escalation:
    """What comes of it: who does what by when; whoever raised it is told."""
    access.require(by, permissions.ANSWER)
    if len(answer.strip()) < 10:
        raise Refused("Say in a sentence what will be done, by whom and by when.", "answer")
    row: Escalation = Escalation.objects.locked(escalation.pk, expected_version, by=by)
    rules.check_escalation_open(row.state)
    row.state, row.answer, row.answered_on = rules.EscalationState.ANSWERED, answer, today
    row.answered_by_id = by.person_id
    row.store()
    if row.raised_by_id is not None and row.raised_by_id != by.person_id:
        raiser = accounts.who_can_sign_in(by.partnership_id, today).filter(pk=row.raised_by_id)
        _tell(list(raiser), messages.ESCALATION_ANSWERED, row.ref, row.due_on, by)
    history.record(events.ESCALATION_ANSWERED, on=row.ref, by=by, details={"answer": answer})
    history.record(events.ESCALATION_ANSWERED, on=row.about, by=by, details={"answer": answer})
    return row


@transaction.atomic
def withdraw_escalation(
    *, escalation: Escalation, reason: str, by: Actor, today: date, expected_version: int | None = None
) -> Escalation:
    """Take an escalation back: what was late is done, or it was raised in error; it stays on record."""
    access.require(by, permissions.ESCALATE)
    rules.check_reason(reason)
    row: Escalation = Escalation.objects.locked(escalation.pk, expected_version, by=by)
    rules.check_escalation_open(row.state)
    row.state, row.answer, row.answered_on = rules.EscalationState.WITHDRAWN, reason, today
    row.answered_by_id = by.person_id
    row.store()
    history.record(events.ESCALATION_WITHDRAWN, on=row.ref, by=by, details={"reason": reason})
    return row
