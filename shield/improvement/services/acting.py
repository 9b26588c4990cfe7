"""Who answers for what, and what is done."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from shield.improvement import events, permissions, queries, rules
from shield.improvement.models import Action, Owned, ProgressNote, shortened
from shield.improvement.services import telling
from shield.improvement.services.owning import NOBODY, Owner
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.calendar import queries as calendar
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused


@transaction.atomic
def give_owner(*, record: Owned, owner: Owner, by: Actor, expected_version: int | None = None) -> Owned:
    """Name who answers for a recommendation, a part of one or an action."""
    access.require(by, permissions.ASSIGN)
    row: Owned = type(record).objects.locked(record.pk, expected_version, by=by)
    before = _who_answered(row, by)
    _give(row, owner, by)
    _tell([row], by, before)
    return row


def _who_answered(row: Owned, by: Actor) -> frozenset[uuid.UUID]:
    """Who was told of it before: an owner who stays is not told again."""
    if by.is_system or not row.has_owner:
        return frozenset()
    return frozenset(person.pk for person in queries.who_answers(row, calendar.today()))


def _tell(rows: Iterable[Owned], by: Actor, before: frozenset[uuid.UUID] = frozenset()) -> None:
    """Tell the owners; what the system itself brings in, as a sample or an import, is news to nobody."""
    if not by.is_system:
        telling.tell_owners(rows=rows, by=by, told=before)


def _give(row: Owned, owner: Owner, by: Actor) -> Owned:
    owner.put_on(row)
    if not row.has_owner:
        raise Refused("Choose who answers for this.", "owner_agency")
    row.store()
    history.record(events.OWNER_GIVEN, on=row.ref, by=by, details={"owner": row.owner_words})
    return row


@transaction.atomic
def name_owners(*, actions: Iterable[Action], owner: Owner, by: Actor) -> list[Owned]:
    """Name one owner for several actions that have none: an event for each; all of them, or none."""
    access.require(by, permissions.ASSIGN)
    named = []
    for action in actions:
        row: Action = Action.objects.locked(action.pk, by=by)
        if row.has_owner:
            raise Refused(f"“{row.heading}” has an owner by now: {row.owner_words}. Leave it out.", "actions")
        named.append(_give(row, owner, by))
    if not named:
        raise Refused("Select the actions for which you name an owner.", "actions")
    _tell(named, by)
    return named


@transaction.atomic
def hand_over(*, person: Person, to: Person | None, by: Actor, today: date) -> int:
    """Pass on what somebody who leaves answers for by name; returns how much.

    With nobody to take over, the agency or office beside the name goes on answering; where there is none, it shows
    as work without an owner.
    """
    access.require(by, permissions.ASSIGN)
    held = queries.held_by(person, by)
    passed_on: list[Owned] = []
    for each in held:
        row: Owned = type(each).objects.locked(each.pk, by=by)
        row.owner_person = to
        row.store()
        event = events.OWNER_GIVEN if to else events.OWNER_LEFT
        history.record(event, on=row.ref, by=by, details={"owner": row.owner_words or "nobody"})
        passed_on.append(row)
    if to is not None:
        telling.tell_owners(rows=passed_on, by=by)
    return len(held)


@transaction.atomic
def add_action(
    *, text: str, by: Actor, owner: Owner = NOBODY, status: str = "planned", **values: Any
) -> Action:
    """Add an action with an owner and a due date, out of a recommendation, a part or a decision.

    Out of a decision about one recommendation it takes over that recommendation, and its priority.
    """
    access.require(by, permissions.ASSIGN)
    rules.check_due(values.get("due_on"))
    action = Action.new(by, text=text, status=status, **values)
    _take_over(action)
    owner.put_on(action)
    action.store()
    history.record(
        events.ACTION_ADDED, on=action.ref, by=by, details={"owner": action.owner_words or "nobody yet"}
    )
    _tell([action], by)
    return action


def _take_over(action: Action) -> None:
    """What an action comes of says to which recommendation and priority it belongs."""
    if action.part and not action.recommendation:
        action.recommendation = action.part.recommendation
    for source in (action.recommendation, action.decision):
        if source is not None and source.is_taken_back:
            raise Refused(f"“{source.heading}” was taken back: nothing comes of it any more.")
    recommendations, priorities = queries.takes_over(action.decision) if action.decision else ([], [])
    if len(recommendations) == 1 and not action.recommendation:
        action.recommendation = recommendations[0]
    if action.recommendation and not action.priority:
        action.priority = action.recommendation.priority
    if len(priorities) == 1 and not action.priority:
        action.priority = priorities[0]


@transaction.atomic
def change_action(
    *, action: Action, changes: dict[str, Any], owner: Owner, by: Actor, expected_version: int
) -> Action:
    """Change what an action says, who owns it or when it is due."""
    access.require(by, permissions.ASSIGN)
    row: Action = Action.objects.locked(action.pk, expected_version, by=by)
    rules.check_due(changes.get("due_on"))
    made, before, answered = row.amend(changes), row.owner_words, _who_answered(row, by)
    owner.put_on(row)
    if row.owner_words != before:
        made["owner"] = (before, row.owner_words)
    row.store()
    history.record(events.ACTION_CHANGED, on=row.ref, by=by, details=rules.in_one_line(made))
    if row.owner_words != before:
        _tell([row], by, answered)
    return row


@transaction.atomic
def update_action(
    *, action: Action, status: str, note: str, by: Actor, today: date, done_on: date | None = None,
    expected_version: int | None = None,
) -> Action:  # fmt: skip
    """The owner reports on an action: where it stands, and a note of progress."""
    row: Action = Action.objects.locked(action.pk, expected_version, by=by)
    _check_reporter(row, by)
    if status == row.status and not note.strip():
        raise Refused("Say what has happened, or change where the action stands.", "note")
    if status != row.status:
        rules.check_move(rules.ACTION_MOVES, rules.ActionStatus, row.status, status)
        rules.check_action_done(status=status, done_on=done_on, today=today, why=note)
        row.status = status
        row.done_on = done_on if status == rules.ActionStatus.DONE else None
        row.store()
        label = rules.ActionStatus(status).label
        history.record(events.ACTION_MOVED, on=row.ref, by=by, details={"status": label})
    if note.strip():
        said = ProgressNote.new(by, about_kind=row.kind, about_id=row.pk, text=note, noted_on=today).store()
        history.record(events.PROGRESS_NOTED, on=said.ref, by=by, details={"about": shortened(row.heading)})
    return row


def _check_reporter(action: Action, by: Actor) -> None:
    if not by.may(permissions.ASSIGN):
        access.require(by, permissions.UPDATE_ACTION)
    if why := queries.why_not_report(action, by):
        raise access.Forbidden(why)
