"""Examples of good practice: brought by any member, accepted or sent back, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from shield.domain.lessons import events, permissions, rules
from shield.domain.lessons.models import GoodPractice
from shield.improvement.models import Theme
from shield.improvement.rules import first_day_of
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor, Forbidden
from shield.kernel.accounts.models import Agency
from shield.kernel.history import services as history
from shield.kernel.identities import services as identities
from shield.kernel.records.rules import Refused, check_reason

NEEDED = {"title": "the title", "done": "what was done", "why": "why it worked"}
DECIDED = "This example was decided on already."


@transaction.atomic
def bring_practice(
    *, values: Mapping[str, Any], seen_on: date, by: Actor, today: date, precision: str = "day", agency: Agency | None = None,
    themes: Sequence[Theme] = (),
) -> GoodPractice:  # fmt: skip
    """Bring an example. Its words are sealed until somebody has read it for names and accepts it.

    The names of cases are looked for only then: who brings it must not learn here which names the vault holds.
    """
    access.require(by, permissions.BRING)
    rules.check_complete(values, NEEDED)
    _check_day(seen_on, today)
    row = GoodPractice.new(
        by, seen_on=first_day_of(seen_on, precision), precision=precision, agency=agency, brought_on=today,
        brought_by_id=by.person_id,
    )  # fmt: skip
    row.write(values)
    row.store()
    row.link("themes", themes)
    history.record(events.PRACTICE_BROUGHT, on=row.ref, by=by)
    return row


@transaction.atomic
def change_practice(
    *, practice: GoodPractice, values: Mapping[str, Any], seen_on: date, by: Actor, today: date, expected_version: int,
    precision: str = "day", agency: Agency | None = None, themes: Sequence[Theme] = (),
) -> GoodPractice:  # fmt: skip
    """Change an example that was not accepted; one that was sent back waits to be read again."""
    access.require(by, permissions.BRING)
    row: GoodPractice = GoodPractice.objects.locked(practice.pk, expected_version, by=by)
    if not by.may(permissions.JUDGE) and row.brought_by_id != by.person_id:
        raise Forbidden("Only whoever brought an example, or accepts examples, changes it.")
    rules.check_status(row.status, *rules.EDITABLE, otherwise=DECIDED)
    _check_day(seen_on, today)
    row.write(values)
    rules.check_complete(row.words, NEEDED)
    row.seen_on, row.precision, row.agency = first_day_of(seen_on, precision), precision, agency
    row.status, row.returned_why = rules.PracticeStatus.BROUGHT, ""
    row.store()
    row.link("themes", themes)
    history.record(events.PRACTICE_CHANGED, on=row.ref, by=by)
    return row


@transaction.atomic
def accept_practice(
    *, practice: GoodPractice, nobody_named: bool, by: Actor, today: date, expected_version: int
) -> GoodPractice:
    """Accept an example after reading it: everybody here finds it from then on. Refused while it holds a known name."""
    row = _to_judge(practice, by, expected_version)
    if not nobody_named:
        raise Refused("Read the example and confirm that nobody can be recognised from it.", "nobody_named")
    identities.require_no_names(texts=rules.said(row.words, rules.PARTS_OF_PRACTICE), by=by)
    row.publish()
    row.accepted_on = today
    row.store()
    history.record(events.PRACTICE_ACCEPTED, on=row.ref, by=by)
    return row


@transaction.atomic
def return_practice(*, practice: GoodPractice, reason: str, by: Actor, expected_version: int) -> GoodPractice:
    """Send an example back to whoever brought it, with the reason."""
    row = _to_judge(practice, by, expected_version)
    check_reason(reason, what="Say in a sentence what should be changed.")
    identities.require_no_names(texts={"The reason": reason}, by=by)
    row.status, row.returned_why = rules.PracticeStatus.RETURNED, reason.strip()
    row.store()
    history.record(events.PRACTICE_RETURNED, on=row.ref, by=by, details={"reason": reason.strip()})
    return row


@transaction.atomic
def withdraw_practice(
    *, practice: GoodPractice, reason: str, by: Actor, today: date, expected_version: int
) -> GoodPractice:
    """Withdraw an example with the reason; its words leave page and search, and are sealed."""
    access.require(by, permissions.JUDGE)
    row: GoodPractice = GoodPractice.objects.locked(practice.pk, expected_version, by=by)
    rules.check_status(
        row.status, rules.PracticeStatus.ACCEPTED, *rules.EDITABLE, otherwise="This example is withdrawn already."
    )  # fmt: skip
    check_reason(reason, what="Say in a sentence why it is withdrawn, without repeating what it said.")
    identities.require_no_names(texts={"The reason": reason}, by=by)
    row.take_away(rules.PracticeStatus.WITHDRAWN)
    row.withdrawn_on, row.withdrawn_why = today, reason.strip()
    row.store()
    history.record(events.PRACTICE_WITHDRAWN, on=row.ref, by=by, details={"reason": reason.strip()})
    return row


def _to_judge(practice: GoodPractice, by: Actor, expected_version: int) -> GoodPractice:
    access.require(by, permissions.JUDGE)
    row: GoodPractice = GoodPractice.objects.locked(practice.pk, expected_version, by=by)
    rules.check_status(row.status, rules.PracticeStatus.BROUGHT, otherwise=DECIDED)
    return row


def _check_day(seen_on: date, today: date) -> None:
    if seen_on > today:
        raise Refused("It was seen in the past: enter an earlier day.", "seen_on")
