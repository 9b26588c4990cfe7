"""Editions from their files, the calendar in force, clocks that are due."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings
from django.db.models import Q, QuerySet

from shield.kernel.access.rules import Actor
from shield.kernel.calendar import rules as calendar
from shield.kernel.calendar.rules import WorkingCalendar
from shield.kernel.clocks import rules
from shield.kernel.clocks.models import BankHoliday, Clock, Escalation, Reminder
from shield.kernel.clocks.rules import ClockRule, Edition, Line, Pause, Step
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import RecordRef


@lru_cache(maxsize=1)
def editions() -> dict[str, Edition]:
    """Every edition of the guidance that came with this version, in order of date."""
    folders = sorted(
        p for p in Path(settings.SHIELD_EDITIONS).iterdir() if p.is_dir() and not p.name.startswith("_")
    )
    found = [_read(folder) for folder in folders]
    return {edition.code: edition for edition in sorted(found, key=lambda e: e.in_force_from)}


def _read(folder: Path) -> Edition:
    parts = {
        name: yaml.safe_load((folder / f"{name}.yaml").read_text())
        for name in ("clocks", "contents", "duties")
    }
    return rules.read_edition(
        folder.name,
        parts["clocks"]["edition"],
        parts["clocks"]["clocks"],
        parts["contents"]["contents"],
        parts["duties"]["duties"],
    )


def edition(code: str) -> Edition:
    """One edition; LookupError if it is not known."""
    try:
        return editions()[code]
    except KeyError:
        raise LookupError(f"The edition {code} of the guidance is not known here.") from None


def in_force(on: date) -> Edition | None:
    """The edition of the guidance that is in force on a day; the latest begun, where two overlap."""
    found = [each for each in editions().values() if each.in_force(on)]
    return found[-1] if found else None


def rule_of(clock: Clock) -> ClockRule:
    """The rule a clock runs by."""
    return edition(clock.edition).clocks[clock.code]


def working_calendar() -> WorkingCalendar:
    """England's bank holidays: the shipped snapshot and what was learnt since."""
    return calendar.calendar_of(holidays())


def holidays() -> dict[date, str]:
    """England's bank holidays by day, with what each is called."""
    days = calendar.shipped_holidays()
    for row in BankHoliday.objects.all():
        if row.withdrawn:
            days.pop(row.day, None)
        else:
            days[row.day] = row.title
    return days


def pauses_of(clock: Clock) -> list[Pause]:
    """When a clock stood still."""
    return [Pause(p.starts_on, p.ends_on) for p in clock.pauses.all()]


def explanation(clock: Clock) -> list[Line]:
    """How a clock's date is reached, day by day."""
    return rules.explain(clock.started_on, rule_of(clock), working_calendar(), pauses_of(clock), clock.extra)


def clocks(actor: Actor) -> QuerySet[Clock]:
    """The clocks the actor may see, the first due first."""
    return Clock.objects.visible_to(actor).order_by("due_on", "reference")


def open_clocks(actor: Actor) -> QuerySet[Clock]:
    """Clocks that still run or stand still."""
    return clocks(actor).filter(state__in=["running", "paused"])


def overdue(actor: Actor, today: date) -> QuerySet[Clock]:
    """Clocks whose day has passed; one that stands still has a day only if that came before it did."""
    return open_clocks(actor).filter(due_on__lt=today)


def chosen(actor: Actor, today: date, *, state: str = "", late: bool = False) -> QuerySet[Clock]:
    """The clocks in a state, or the late ones, as a list's filters ask."""
    rows = overdue(actor, today) if late else clocks(actor)
    return rows.filter(state=state) if state else rows


def of_record(record_id: uuid.UUID, actor: Actor) -> QuerySet[Clock]:
    """The clocks one record started."""
    return clocks(actor).filter(about_id=record_id)


def compliance(actor: Actor, starts_on: date, ends_on: date, as_at: date) -> tuple[list[Clock], int]:
    """The clocks of a period whose outcome was known on a day, and how many of them were met in time.

    Of the period are clocks that fell due within it or were met within it. On the day `as_at` each was met in time,
    met late, or late; one that was still to come, stood still or was stopped is left out.
    """
    within = (starts_on, ends_on)
    rows = clocks(actor).exclude(state=rules.State.STOPPED)
    rows = rows.filter(Q(due_on__range=within) | Q(met_on__range=within))
    outcomes = [(row, rules.outcome(row.due_on, row.met_on, as_at)) for row in rows]
    return [row for row, known in outcomes if known], sum(known == "in time" for _, known in outcomes)


def kept_in(
    actor: Actor, starts_on: date, ends_on: date, as_at: date
) -> tuple[list[rules.Kept], list[Clock]]:
    """How far each duty of a period was met in time, the worst first; and the clocks that were not."""
    known, _ = compliance(actor, starts_on, ends_on, as_at)
    in_time = {row.pk: rules.outcome(row.due_on, row.met_on, as_at) == "in time" for row in known}
    return rules.kept([(row.title, in_time[row.pk]) for row in known]), [
        row for row in known if not in_time[row.pk]
    ]


def to_tell_of(by: Actor, today: date) -> QuerySet[Clock]:
    """Running clocks whose date has passed, or is near enough for the first step."""
    first = min(step.days for step in rules.STEPS)
    return open_clocks(by).filter(state=rules.State.RUNNING, due_on__lte=today - timedelta(days=first))


def was_told(record_id: uuid.UUID, due_on: date, step: Step) -> bool:
    """Whether this step of this date was told."""
    return Reminder.objects.filter(about_id=record_id, due_on=due_on, step=step.code).exists()


def was_chased(record_id: uuid.UUID, on: date) -> bool:
    """Whether somebody chased a record on a day."""
    return Reminder.objects.filter(about_id=record_id, step=rules.CHASED, on=on).exists()


def reminders_of(record_id: uuid.UUID, actor: Actor) -> QuerySet[Reminder]:
    """The reminders of a record's date, the newest first."""
    return Reminder.objects.visible_to(actor).filter(about_id=record_id).order_by("-on", "-recorded_at")


def escalations(actor: Actor) -> QuerySet[Escalation]:
    """The escalations the actor may see, the newest first."""
    return (
        Escalation.objects.visible_to(actor)
        .select_related("raised_by", "answered_by")
        .order_by("-raised_on", "-reference")
    )


def open_escalation(record_id: uuid.UUID) -> Escalation | None:
    """The escalation of a record that waits for an answer."""
    return Escalation.objects.filter(about_id=record_id, state=rules.EscalationState.OPEN).first()


def to_answer(actor: Actor) -> QuerySet[Escalation]:
    """The open escalations that wait for the actor: not those they raised."""
    rows = escalations(actor).filter(state=rules.EscalationState.OPEN)
    return rows.exclude(raised_by=actor.person_id) if actor.person_id else rows


def was_escalated(record_id: uuid.UUID, since: date) -> bool:
    """Whether a record was before the safeguarding partners on a day or later."""
    then = Q(raised_on__gte=since) | Q(answered_on__gte=since) | Q(state=rules.EscalationState.OPEN)
    return Escalation.objects.filter(then, about_id=record_id).exists()


def starts_clocks(kind: str) -> bool:
    """Whether what happens to records of a kind sets a period of the guidance running."""
    return bool(getattr(KINDS.get(kind), "starts_clocks", False))


def has_a_date(kind: str) -> bool:
    """Whether records of a kind can be late, and so be escalated: they say by when they are due."""
    model = KINDS.get(kind)
    return model is not None and hasattr(model, "due_on")


def due_of(about: RecordRef, actor: Actor) -> date | None:
    """The last day of a record that is escalated, where it has one: what is due in a month is due by its end."""
    row = KINDS[about.kind].objects.visible_to(actor).filter(pk=about.id).first()
    due = getattr(row, "due_on", None)
    return calendar.last_day_of(due, getattr(row, "precision", "day")) if isinstance(due, date) else None
