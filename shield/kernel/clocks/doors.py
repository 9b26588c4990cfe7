"""What pages elsewhere may ask of clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shield.kernel.access.rules import Actor
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import queries, rules
from shield.kernel.records.rules import Moment, Panel, PanelItem, RecordRef, WorkItem


def panels(ref: RecordRef, actor: Actor) -> Iterator[Panel]:
    """On any record that started clocks: where they stand."""
    rows = list(queries.of_record(ref.id, actor))
    if rows:
        items = tuple(
            PanelItem(c.title, c.ref, f"due {in_words(c.due_on)}" if c.due_on else c.get_state_display())
            for c in rows
        )
        yield Panel("Statutory clocks", items)


def work(actor: Actor, today: date) -> Iterator[WorkItem]:
    """The first fifty clocks that run, and those that are late though they stand still."""
    for clock in queries.open_clocks(actor).filter(due_on__isnull=False)[:50]:
        late = clock.due_on is not None and clock.due_on < today
        yield WorkItem(
            clock.title, clock.kind, clock.pk, "Statutory clock", clock.due_on, late, clock.owed_by
        )


def moments(actor: Actor, starts_on: date, ends_on: date) -> Iterator[Moment]:
    """Due dates in a span of days."""
    for clock in queries.clocks(actor).filter(due_on__range=(starts_on, ends_on)):
        tone = "done" if clock.state == rules.State.MET else "planned"
        if clock.due_on is not None:
            yield Moment(clock.title, "Deadlines", clock.due_on, None, clock.ref, tone)
