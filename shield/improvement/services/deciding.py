"""What was decided, and what a decision makes of the recommendations it is about."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from shield.improvement import events, permissions, queries, rules
from shield.improvement.models import Decision, Priority, Recommendation
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.calendar import queries as calendar
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.history import services as history
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Refused, check_reason

CORRECTED = ("text", "outcome", "reason", "needs_action")
"""Fields of a decision that can be corrected; its day follows the meeting (`redate_decision`)."""


@transaction.atomic
def record_decision(
    *, text: str, outcome: str, by: Actor, permission: access.Permission = permissions.EDIT,
    recommendations: Iterable[Recommendation] = (), priorities: Iterable[Priority] = (), **values: Any,
) -> Decision:  # fmt: skip
    """Record a decision and let it move the recommendations it is about.

    One that is recorded late, when a later decision is on record already, moves nothing. `meetings` calls this
    with its own permission when a body decides at a gathering.
    """
    access.require(by, permission)
    _check_day(values.get("decided_on"), values.get("precision", "day"))
    decision = Decision.new(by, text=text, outcome=outcome, **values).store()
    about = list(recommendations)
    decision.link("recommendations", about)
    decision.link("priorities", priorities)
    after = rules.STATUS_AFTER.get(outcome)
    stands = queries.decided_status(row.pk for row in about)
    for recommendation in about:
        row: Recommendation = Recommendation.objects.locked(recommendation.pk, by=by)
        if after and stands[row.pk] == after and row.status != after:
            rules.check_decided(row.heading, row.status, after)
            _move(row, after, by)
    history.record(events.DECISION_RECORDED, on=decision.ref, by=by)
    return decision


def _check_day(decided_on: date | None, precision: str) -> None:
    rules.check_day(
        decided_on,
        today=calendar.today(),
        field="decided_on",
        what="The day of a decision",
        precision=precision,
    )


def _move(row: Recommendation, status: str, by: Actor) -> None:
    row.status = status
    row.store()
    label = rules.RecommendationStatus(status).label
    history.record(events.RECOMMENDATION_MOVED, on=row.ref, by=by, details={"status": label})


def _follow(before: Mapping[uuid.UUID, str | None], by: Actor) -> None:
    """Move the recommendations whose decisions, taken together, say something else than `before`."""
    after = queries.decided_status(before)
    for pk in before:
        row: Recommendation = Recommendation.objects.locked(pk, by=by)
        then = rules.status_between(
            row.status, before[pk], after[pk], was_presented=row.presented_on is not None
        )
        if then != row.status:
            rules.check_corrected(row.heading, row.status, then)
            _move(row, then, by)


def _for_a_change(decision: Decision, by: Actor, expected_version: int | None = None) -> Decision:
    """The row, locked, unless approved minutes rest on it."""
    row: Decision = Decision.objects.locked(decision.pk, expected_version, by=by)
    if why := records.why_fixed(row.ref):
        raise Refused(why)
    return row


@transaction.atomic
def redate_decision(
    *, decision: Decision, decided_on: date, precision: str, by: Actor, permission: access.Permission = permissions.EDIT
) -> Decision:  # fmt: skip
    """Correct the day of a decision, because the meeting at which it was taken was on another day.

    If several decisions are about one recommendation, it stands where the latest puts it; so it may move.
    """
    access.require(by, permission)
    _check_day(decided_on, precision)
    row = _for_a_change(decision, by)
    before = queries.decided_status(row.recommendations.standing().values_list("pk", flat=True))
    row.decided_on, row.precision = decided_on, precision
    row.store()
    _follow(before, by)
    day = in_words_to(decided_on, precision)
    history.record(events.DECISION_REDATED, on=row.ref, by=by, details={"day": day})
    return row


@transaction.atomic
def correct_decision(
    *, decision: Decision, changes: Mapping[str, Any], why: str, by: Actor, expected_version: int | None = None,
    permission: access.Permission = permissions.EDIT,
) -> Decision:  # fmt: skip
    """Correct what a decision says: text, outcome, reason, needs_action, recommendations, priorities.

    This is for what was written down wrongly. A body that changes its mind decides anew, by a later decision.

    What it does to recommendations: each stands where the latest decision that stands puts it (agreed: accepted;
    declined: declined). The outcome and the list of recommendations are corrected, then each recommendation that
    was or now is on the list is looked at again. Where the decisions together say what they said before, it stays
    as it is. Where no decision is left that moves it, it goes back to presented, or to draft if it never was. One
    that was closed since must be opened again first. Actions are left alone: what was done was done.
    """
    access.require(by, permission)
    check_reason(why, field="why", what="Say in a sentence why it is corrected.")
    row = _for_a_change(decision, by, expected_version)
    touched = set(row.recommendations.standing().values_list("pk", flat=True))
    touched |= {each.pk for each in changes.get("recommendations", ())}
    before = queries.decided_status(touched)
    made = row.amend({name: changes[name] for name in CORRECTED if name in changes})
    row.store()
    for name in ("recommendations", "priorities"):
        if name in changes:
            made |= row.relink(name, changes[name])
    if not made:
        raise Refused("Nothing was changed.")
    _follow(before, by)
    history.record(
        events.DECISION_CORRECTED, on=row.ref, by=by, details={**rules.in_one_line(made), "why": why.strip()}
    )
    return row


@transaction.atomic
def withdraw_decision(
    *, decision: Decision, reason: str, by: Actor, today: date, expected_version: int | None = None,
    permission: access.Permission = permissions.EDIT,
) -> Decision:  # fmt: skip
    """Take back a decision that was never taken, or was recorded twice: it is kept, and counts no more.

    The recommendations it moved go back as `correct_decision` says. Actions that came of it stay: whether they
    are still to be done is for who assigns them.
    """
    access.require(by, permission)
    check_reason(reason, what="Say in a sentence why it is taken back.")
    row = _for_a_change(decision, by, expected_version)
    before = queries.decided_status(row.recommendations.standing().values_list("pk", flat=True))
    row.withdrawn_on, row.withdrawn_why = today, reason.strip()
    row.store()
    _follow(before, by)
    history.record(events.DECISION_WITHDRAWN, on=row.ref, by=by, details={"reason": reason.strip()})
    return row
