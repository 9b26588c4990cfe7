"""Setting periods; placing and ending legal holds."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.history import services as history
from shield.kernel.records.models import KINDS, next_reference
from shield.kernel.records.rules import RecordRef, Refused, Stale, check_reason
from shield.kernel.retention import events, permissions, queries
from shield.kernel.retention.models import LegalHold, OwnPeriod
from shield.kernel.retention.rules import schedule as rules


@transaction.atomic
def set_period(
    *, retention_class: str, months: int, reason: str, by: Actor, today: date, expected_version: int | None = None
) -> OwnPeriod:  # fmt: skip
    """Set how long this partnership keeps the records of a class, with the reason; never shorter than the law allows.

    `expected_version` is 0 where the partnership had set none.
    """
    access.require(by, permissions.SET_PERIODS)
    rule = queries.rule_of(retention_class)
    if rule is None:
        raise Refused("There is no such class in the schedule.")
    rules.check_own_period(rule, months)
    check_reason(reason)
    here = {"partnership_id": by.partnership_id, "retention_class": rule.key}
    row = OwnPeriod.objects.select_for_update().filter(**here).first() or OwnPeriod(**here)
    if expected_version is not None and row.version != expected_version:
        raise Stale(row)
    before = rules.period_words(row.months if row.version else rule.months)
    row.months, row.reason, row.set_by, row.set_on = months, reason, by.person_name or "Shield", today
    row.store()
    history.record(
        events.PERIOD_SET, on=RecordRef(row.kind, row.pk, rule.label), by=by,
        details={"class": rule.key, "before": before, "after": rules.period_words(months), "reason": reason},
    )  # fmt: skip
    return row


@transaction.atomic
def place_hold(
    *, about: RecordRef, wide: bool, reason: str, asked_by: str, by: Actor, today: date, their_reference: str = ""
) -> LegalHold:  # fmt: skip
    """Hold a record, or with `wide` everything tied to it too: nothing held is disposed of until the hold ends."""
    access.require(by, permissions.HOLD)
    check_reason(reason)
    model = KINDS.get(about.kind)
    row = model.objects.visible_to(by).filter(pk=about.id).first() if model is not None else None
    if row is None:
        raise Refused("What is to be held cannot be found.", "record")
    # Of a traced record no title is copied: the register reads it anew, for those who may see it.
    traced = getattr(row, "traced", False) and not isinstance(row, Person)
    title = getattr(row, "reference", "") if traced else row.heading
    hold: LegalHold = LegalHold(
        partnership_id=by.partnership_id, reference=next_reference(by.partnership_id, LegalHold.reference_prefix),
        about_kind=about.kind, about_id=about.id, about_title=title[:300] or row.label, wide=wide, reason=reason,
        asked_by=asked_by, their_reference=their_reference, placed_on=today, placed_by=by.person_name or "Shield",
    ).store()  # fmt: skip
    details = {
        "asked_by": asked_by,
        "reason": reason,
        "about": about.as_text(),
        "with_everything": "yes" if wide else "no",
    }
    history.record(events.HOLD_PLACED, on=hold.ref, by=by, details=details)
    return hold


@transaction.atomic
def end_hold(
    *, hold: LegalHold, reason: str, by: Actor, today: date, expected_version: int | None = None
) -> LegalHold:  # fmt: skip
    """End a hold, with the reason; what was due comes back to the register of what is due."""
    access.require(by, permissions.HOLD)
    check_reason(reason)
    row: LegalHold = LegalHold.objects.locked(hold.pk, expected_version, by=by)
    if row.ended_on is not None:
        raise Refused("This hold has ended already.")
    row.ended_on, row.ended_why, row.ended_by = today, reason, by.person_name or "Shield"
    row.store()
    history.record(events.HOLD_ENDED, on=row.ref, by=by, details={"reason": reason})
    return row
