"""Starting, pausing, extending, meeting and stopping clocks; updating the holidays they count by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.calendar import rules as calendar
from shield.kernel.calendar.rules import WorkingCalendar, in_words
from shield.kernel.clocks import events, permissions, queries, rules
from shield.kernel.clocks.models import BankHoliday, Clock, ClockPause
from shield.kernel.clocks.rules import ClockRule, Pause
from shield.kernel.history import services as history
from shield.kernel.records.models import next_reference
from shield.kernel.records.rules import RecordRef, Refused, check_reason


@transaction.atomic
def start(*, code: str, edition: str, about: RecordRef, on: date, by: Actor) -> Clock:
    """Start the clock of a duty because of a record's event; one that runs or stands still is left as it is.

    Where the duty was met or stopped before, this is a new occasion with a clock of its own; both stay on record.
    The caller's own permission has let the event happen; starting its clock needs no other.
    """
    earlier: Clock | None = (
        Clock.objects.filter(partnership_id=by.partnership_id, about_id=about.id, code=code)
        .order_by("-occasion")
        .first()
    )
    if earlier is not None and earlier.state in {rules.State.RUNNING, rules.State.PAUSED}:
        return earlier
    rule = queries.edition(edition).clocks[code]
    clock = Clock(
        partnership_id=by.partnership_id,
        reference=next_reference(by.partnership_id, Clock.reference_prefix),
        about_kind=about.kind,
        about_id=about.id,
        about_title=about.title[:300],
        edition=edition,
        code=code,
        occasion=earlier.occasion + 1 if earlier else 1,
        title=rule.label,
        owed_by=rule.owed_by,
        started_on=on,
        due_on=_due(on, rule, queries.working_calendar()),
    ).store()
    history.record(events.STARTED, on=clock.ref, by=by, details={"due": _words(clock.due_on)})
    return clock


def _words(day: date | None) -> str:
    return in_words(day) if day else "when it runs again"


def _due(
    on: date, rule: ClockRule, days: WorkingCalendar, pauses: Sequence[Pause] = (), extra: int = 0
) -> date | None:
    try:
        return rules.due_on(on, rule, days, pauses, extra)
    except calendar.UnknownDays as unknown:
        raise Refused(f"The date of this duty cannot be counted yet. {unknown}") from unknown


def _recount(clock: Clock, days: WorkingCalendar | None = None) -> None:
    clock.due_on = _due(
        clock.started_on,
        queries.rule_of(clock),
        days or queries.working_calendar(),
        queries.pauses_of(clock),
        clock.extra,
    )


@transaction.atomic
def pause(
    *, clock: Clock, reason: str, by: Actor, on: date, today: date, expected_version: int | None = None
) -> Clock:
    """Let a clock stand still from a day, with the reason; what is late by then stays late."""
    access.require(by, permissions.CHANGE)
    check_reason(reason)
    return _stand_still(clock, reason, on, by, today, expected_version)


def _stand_still(
    clock: Clock, reason: str, on: date, by: Actor, today: date, expected_version: int | None
) -> Clock:
    row: Clock = Clock.objects.locked(clock.pk, expected_version, by=by)
    rules.check_move(row.state, "paused")
    rules.check_pause(on, row.started_on, row.due_on, today)
    ClockPause(partnership_id=by.partnership_id, clock=row, starts_on=on, reason=reason).store()
    row.state = "paused"
    _recount(row)
    row.store()
    history.record(events.PAUSED, on=row.ref, by=by, details={"reason": reason})
    return row


@transaction.atomic
def pause_by_event(
    *, about: RecordRef, code: str, reason: str, on: date, by: Actor, today: date
) -> Clock | None:
    """A record's event lets its duty stand still from a day; None if no such clock runs.

    The caller's own permission has let the event happen; letting its clock stand still needs no other.
    """
    clock = _open_clock(about, code, by)
    if clock is None or clock.state == rules.State.PAUSED:
        return None
    return _stand_still(clock, reason, on, by, today, None)


@transaction.atomic
def resume_by_event(*, about: RecordRef, code: str, on: date, by: Actor, today: date) -> Clock | None:
    """A record's event lets its duty run again after a day; None if no such clock stands still."""
    clock = _open_clock(about, code, by)
    if clock is None or clock.state != rules.State.PAUSED:
        return None
    return _resume(clock, on, by, today, None)


@transaction.atomic
def resume(*, clock: Clock, by: Actor, on: date, today: date, expected_version: int | None = None) -> Clock:
    """Let a paused clock run again after a day; its date moves by the days it stood still."""
    access.require(by, permissions.CHANGE)
    return _resume(clock, on, by, today, expected_version)


def _resume(clock: Clock, on: date, by: Actor, today: date, expected_version: int | None) -> Clock:
    row: Clock = Clock.objects.locked(clock.pk, expected_version, by=by)
    rules.check_move(row.state, "running")
    rules.check_resumption(on, row.pauses.get(ends_on__isnull=True).starts_on, today)
    return _run_again(row, on, by)


def _run_again(row: Clock, on: date, by: Actor) -> Clock:
    """End the pause of a clock that stands still, after a day; not before the day on which it began."""
    last = row.pauses.get(ends_on__isnull=True)
    last.ends_on = max(on, last.starts_on)
    last.store()
    row.state = "running"
    _recount(row)
    row.store()
    history.record(events.RESUMED, on=row.ref, by=by, details={"due": _words(row.due_on)})
    return row


@transaction.atomic
def extend(
    *, clock: Clock, extra: int, reason: str, by: Actor, today: date, expected_version: int | None = None
) -> Clock:
    """Lengthen a clock's period by some of its own units, with the reason; never once its day has passed."""
    access.require(by, permissions.CHANGE)
    check_reason(reason)
    row: Clock = Clock.objects.locked(clock.pk, expected_version, by=by)
    if why := rules.why_not_extend(row.state, row.due_on, today):
        raise Refused(why)
    rules.check_extension(extra, queries.rule_of(row))
    row.extra += extra
    row.reason = reason
    _recount(row)
    row.store()
    history.record(events.EXTENDED, on=row.ref, by=by, details={"due": _words(row.due_on), "reason": reason})
    return row


@transaction.atomic
def meet(
    *, clock: Clock, on: date, by: Actor, today: date, reason: str = "", expected_version: int | None = None
) -> Clock:
    """The duty was done on a day; one that Shield sees met by itself only with the reason how it was met elsewhere."""
    access.require(by, permissions.CHANGE)
    row: Clock = Clock.objects.locked(clock.pk, expected_version, by=by)
    rules.check_move(row.state, "met")
    rules.check_met_by_hand(queries.rule_of(row), reason)
    return _meet(row, on, by, today, reason)


@transaction.atomic
def meet_by_event(*, about: RecordRef, code: str, on: date, by: Actor, today: date) -> Clock | None:
    """A record's event met its duty, whether its clock runs or stands still; None if there is no such clock.

    The caller's own permission has let the event happen; meeting its clock needs no other.
    """
    clock = _open_clock(about, code, by)
    if clock is None:
        return None
    row: Clock = Clock.objects.locked(clock.pk, by=by)
    if row.state == rules.State.PAUSED:
        _run_again(row, on, by)
    rules.check_move(row.state, "met")
    return _meet(row, on, by, today)


def _open_clock(about: RecordRef, code: str, by: Actor) -> Clock | None:
    rows = Clock.objects.filter(partnership_id=by.partnership_id, about_id=about.id, code=code)
    return rows.filter(state__in=[rules.State.RUNNING, rules.State.PAUSED]).first()


@transaction.atomic
def stop_by_event(*, about: RecordRef, code: str, reason: str, by: Actor) -> Clock | None:
    """A record's event took the ground from under its duty; None if no such clock runs.

    The caller's own permission has let the event happen; stopping its clock needs no other.
    """
    clock = _open_clock(about, code, by)
    return _stop(clock, reason, by, None) if clock else None


def _meet(row: Clock, on: date, by: Actor, today: date, outside: str = "") -> Clock:
    if not row.started_on <= on <= today:
        raise Refused("A duty is met between the day its clock started and today.", "on")
    row.state, row.met_on = "met", on
    row.reason = outside.strip() or row.reason
    row.store()
    event, details = events.MET, {"on": in_words(on)}
    if outside.strip():
        event, details = events.MET_OUTSIDE, {**details, "reason": outside.strip()}
    history.record(event, on=row.ref, by=by, details=details)
    return row


@transaction.atomic
def stop(*, clock: Clock, reason: str, by: Actor, expected_version: int | None = None) -> Clock:
    """The duty no longer applies, with the reason."""
    access.require(by, permissions.CHANGE)
    check_reason(reason)
    return _stop(clock, reason, by, expected_version)


def _stop(clock: Clock, reason: str, by: Actor, expected_version: int | None) -> Clock:
    row: Clock = Clock.objects.locked(clock.pk, expected_version, by=by)
    rules.check_move(row.state, "stopped")
    row.state, row.reason = "stopped", reason
    row.store()
    history.record(events.STOPPED, on=row.ref, by=by, details={"reason": reason})
    return row


@transaction.atomic
def put_right(*, clock: Clock, reason: str, by: Actor, expected_version: int | None = None) -> Clock:
    """A clock that was marked as met or stopped by mistake goes on as if it had not been, with the reason.

    It runs, or stands still where it did before. Of the steps of its date that came meanwhile the newest is told of
    within the hour, and it is escalated if it is late.
    """
    access.require(by, permissions.CHANGE)
    check_reason(reason)
    row: Clock = Clock.objects.locked(clock.pk, expected_version, by=by)
    rules.check_correction(row.state)
    if _open_clock(RecordRef(row.about_kind, row.about_id), row.code, by) is not None:
        raise Refused("This duty has come up again since and runs anew. Correct that clock instead.")
    was = rules.State(row.state).label.lower()
    still = row.pauses.filter(ends_on__isnull=True).exists()
    row.state = rules.State.PAUSED if still else rules.State.RUNNING
    row.met_on, row.reason = None, ""
    _recount(row)
    row.store()
    details = {"was": was, "due": _words(row.due_on), "reason": reason}
    history.record(events.PUT_RIGHT, on=row.ref, by=by, details=details)
    return row


@transaction.atomic
def update_holidays(*, text: str, actors: dict[object, Actor], system: Actor) -> tuple[int, int, list[Clock]]:
    """Take in a newer list of bank holidays, move every open clock it touches, and say so in its history.

    `text` is GOV.UK's JSON; a bad file changes nothing. Years the file does not cover stay as they are; in a
    year of which it lists fewer days than England has, days are added and none withdrawn. `actors` gives the
    system's actor for each partnership. Returns added, removed, moved clocks.
    """
    access.require(system, permissions.EDIT_HOLIDAYS)
    listed = calendar.parse_holidays(text)
    before = queries.working_calendar().holidays
    years = {
        year
        for year, count in Counter(day.year for day in listed).items()
        if count >= calendar.FEWEST_IN_A_YEAR
    }
    added = {day: title for day, title in listed.items() if before.get(day) != title}
    gone = [day for day in before if day.year in years and day not in listed]
    for day, title in added.items():
        BankHoliday.objects.update_or_create(day=day, defaults={"title": title, "withdrawn": False})
    for day in gone:
        BankHoliday.objects.update_or_create(day=day, defaults={"title": before[day], "withdrawn": True})
    moved = [clock for by in actors.values() for clock in _move_open_clocks(by)]
    history.record(
        events.HOLIDAYS_UPDATED,
        on=RecordRef("accounts.partnership", system.partnership_id, "bank holidays"),
        by=system,
        details={"added": len(added), "removed": len(gone)},
    )
    return len(added), len(gone), moved


def _move_open_clocks(by: Actor) -> list[Clock]:
    moved = []
    days = queries.working_calendar()
    open_now = Clock.objects.filter(partnership_id=by.partnership_id, state__in=["running", "paused"])
    for clock in open_now.select_for_update():
        before = clock.due_on
        _recount(clock, days)
        if clock.due_on != before:
            clock.store()
            details = {
                "before": _words(before),
                "due": _words(clock.due_on),
                "reason": "the bank holidays changed",
            }
            history.record(events.MOVED, on=clock.ref, by=by, details=details)
            moved.append(clock)
    return moved
