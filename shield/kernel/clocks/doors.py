"""What pages elsewhere may ask of clocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import QuerySet

from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import permissions, queries, rules
from shield.kernel.clocks.models import Clock, Escalation, FurtherReason, Reminder
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Moment, Panel, PanelItem, PersonalData, RecordRef, WorkItem


def panels(ref: RecordRef, actor: Actor) -> Iterator[Panel]:
    """On any record that started clocks: where they stand."""
    rows = list(queries.of_record(ref.id, actor)) if queries.starts_clocks(ref.kind) else []
    if rows:
        items = tuple(
            PanelItem(c.title, c.ref, f"due {in_words(c.due_on)}" if c.due_on else c.get_state_display())
            for c in rows
        )
        yield Panel("Statutory clocks", items)
    if queries.has_a_date(ref.kind):
        if raised := list(queries.escalations(actor).filter(about_id=ref.id)):
            yield escalated(raised)
        if told := list(queries.reminders_of(ref.id, actor)[:5]):
            yield Panel("Reminders of the date", tuple(PanelItem(telling(row)) for row in told))


def telling(row: Reminder) -> str:
    """29 July 2019: reminder queued for 3 people; due on 31 July 2019. What became of each message, the outbox knows."""
    people = "1 person" if row.told == 1 else f"{row.told} people"
    what = "chased, message" if row.step == rules.CHASED else "reminder"
    return f"{in_words(row.on)}: {what} queued for {people}; due on {in_words(row.due_on)}"


def escalated(raised: Iterable[Escalation]) -> Panel:
    """What was escalated, and where it stands."""
    return Panel(
        "Escalations",
        tuple(
            PanelItem(f"Escalated on {in_words(each.raised_on)}", each.ref, each.get_state_display())
            for each in raised
        ),
    )


def work(actor: Actor, today: date) -> Iterator[WorkItem]:
    """For those who keep them, are reminded of them or answer what is escalated: the first fifty clocks that run, and
    those that are late though they stand still. Whoever only reads them does not have them to do.
    """
    if not actor.may_any((permissions.CHANGE, permissions.REMINDED, permissions.ANSWER)):
        return

    def changes(clock: Clock) -> bool:
        if clock.state != rules.State.RUNNING or not actor.may(permissions.CHANGE):
            return False
        return not queries.rule_of(clock).met_by  # what Shield sees met by itself is not ticked off

    for clock in queries.open_clocks(actor).filter(due_on__isnull=False)[:50]:
        late = clock.due_on is not None and clock.due_on < today
        yield WorkItem(
            clock.title, clock.kind, clock.pk, "Statutory clock", clock.due_on, late, clock.owed_by,
            **({"act": "Record that it was met", "act_page": "clock_meet"} if changes(clock) else {}),
        )  # fmt: skip
    if actor.may(permissions.ANSWER):
        for row in queries.to_answer(actor)[:50]:
            yield _item(row, today, act="Answer it", act_page="escalation_answer")


def awaited(actor: Actor, today: date) -> Iterator[WorkItem]:
    """What the person escalated and nobody has answered."""
    if actor.person_id is not None:
        for row in _open(actor).filter(raised_by=actor.person_id)[:50]:
            yield _item(row, today, "Safeguarding partners")


def _open(actor: Actor) -> QuerySet[Escalation]:
    return queries.escalations(actor).filter(state=rules.EscalationState.OPEN)


def _item(row: Escalation, today: date, owner: str = "", **act: str) -> WorkItem:
    late = row.due_on is not None and row.due_on < today
    title = f"Escalated: {row.about_title}"
    return WorkItem(title, row.kind, row.pk, "Escalation", row.due_on, late, owner, **act)


def moments(actor: Actor, starts_on: date, ends_on: date) -> Iterator[Moment]:
    """Due dates in a span of days."""
    for clock in queries.clocks(actor).filter(due_on__range=(starts_on, ends_on)):
        tone = "done" if clock.state == rules.State.MET else "planned"
        if clock.due_on is not None:
            yield Moment(clock.title, "Deadlines", clock.due_on, None, clock.ref, tone)


def subject_access(person: Person, actor: Actor) -> Iterator[PersonalData]:
    """What a person escalated or answered, and where they are named."""
    yield from records.told_of(person, actor, Escalation, FurtherReason, where="Clocks")
