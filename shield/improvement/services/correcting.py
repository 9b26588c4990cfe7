"""Mending what is on record: a correction keeps the old wording in the history, what is taken back is kept too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from shield.improvement import events, permissions, queries, rules
from shield.improvement.models import (
    Action,
    Evidence,
    ImpactReview,
    ProgressNote,
    Recommendation,
    SuccessMeasure,
    Withdrawable,
)
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.calendar import queries as calendar
from shield.kernel.history import services as history
from shield.kernel.records.rules import RecordRef, Refused, check_reason

NEEDED: dict[type[Withdrawable], access.Permission] = {
    Evidence: permissions.ADD_EVIDENCE,
    ProgressNote: permissions.UPDATE_ACTION,
}
"""What it takes to correct a record or take it back; editing the chain, where nothing is said."""
DAYS = {"found_on": "The day it was found", "noted_on": "The day of a note"}


@transaction.atomic
def correct(
    *, record: Withdrawable, changes: Mapping[str, Any], by: Actor, expected_version: int,
    links: Mapping[str, Iterable[Any]] | None = None, about: RecordRef | None = None,
) -> Withdrawable:  # fmt: skip
    """Correct a finding, a theme, a success measure, evidence or a note of progress.

    The event says of each field what stood there and what stands there now; the version rises. `links` gives the
    rows of a relation anew, `about` what evidence or a note is about.
    """
    row = _for_a_change(record, expected_version, by)
    made = row.amend(changes)
    if about is not None and about.id != getattr(row, "about_id", about.id):
        made |= _turn(row, about, by)
    for name, what in DAYS.items():
        if name in changes:
            precision = getattr(row, "precision", "day")
            rules.check_day(changes[name], today=calendar.today(), field=name, what=what, precision=precision)
    row.store()
    for name, rows in (links or {}).items():
        made |= row.relink(name, rows)
    if not made:
        raise Refused("Nothing was changed.")
    _check_reviews(row)
    history.record(events.CORRECTED, on=row.ref, by=by, details=rules.in_one_line(made))
    return row


def _for_a_change(record: Withdrawable, expected_version: int, by: Actor) -> Withdrawable:
    """The row, locked, if this person may correct it."""
    access.require(by, NEEDED.get(type(record), permissions.EDIT))
    row: Withdrawable = type(record).objects.locked(record.pk, expected_version, by=by)
    if why := queries.why_not_correct(row, by):
        raise access.Forbidden(why)
    return row


def _turn(row: Any, about: RecordRef, by: Actor) -> dict[str, tuple[str, str]]:
    """Let evidence or a note be about something else that the person answers for."""
    target, before = queries.record_at(about, by), queries.was_about(row, by)
    if target is None:
        raise Refused("What this is about cannot be found.", "about")
    if not queries.may_add_to(target, by):
        raise access.Forbidden("You can add to what your own agency answers for. This is not your agency's.")
    row.about_kind, row.about_id = about.kind, about.id
    return {"about": (before.heading if before else "", target.heading)}


def _check_reviews(row: Withdrawable) -> None:
    """Refuse what would take from under a held review the evidence without which it could not say what it says."""
    if not isinstance(row, Evidence):
        return
    for review in ImpactReview.objects.filter(evidence=row, held_on__isnull=False).select_related("priority"):
        try:
            rules.check_rests_on(
                verdict=review.verdict,
                **queries.weigh(review.priority, review.evidence.standing()),
            )
        except Refused:
            said = rules.Verdict(review.verdict).label
            raise Refused(
                f"The {review.heading} says “{said}” and rests on this evidence. Correct the review first."
            ) from None


@transaction.atomic
def take_back(
    *, record: Withdrawable, reason: str, by: Actor, today: date, expected_version: int
) -> Withdrawable:
    """Take back what should not be on record: it keeps its page and history, says why, and counts no more.

    A decision is taken back by `withdraw_decision`, because it moved recommendations.
    """
    check_reason(reason, what="Say in a sentence why it is taken back.")
    row = _for_a_change(record, expected_version, by)
    _check_nothing_rests_on(row)
    row.withdrawn_on, row.withdrawn_why = today, reason.strip()
    row.store()
    _check_reviews(row)
    history.record(events.TAKEN_BACK, on=row.ref, by=by, details={"reason": reason.strip()})
    return row


def _check_nothing_rests_on(row: Withdrawable) -> None:
    if isinstance(row, Recommendation):
        rules.check_draft_dropped(
            status=row.status,
            decided=row.decisions.standing().count(),
            actions=Action.objects.filter(recommendation=row).count(),
        )
    if isinstance(row, SuccessMeasure):
        rules.check_measure_dropped(Evidence.objects.standing().filter(about_id=row.pk).count())
