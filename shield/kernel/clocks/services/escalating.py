"""Putting what is late or stuck before the safeguarding partners, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Person
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import events, permissions, queries, rules
from shield.kernel.clocks.models import Escalation, FurtherReason
from shield.kernel.history import services as history
from shield.kernel.notices import rules as messages
from shield.kernel.notices import services as notices
from shield.kernel.records import queries as records
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import RecordRef, Refused, check_reason


def tell(
    *, people: Sequence[Person], template: messages.Template, about: RecordRef, due_on: date | None, by: Actor
) -> int:
    """Queue a message about a record for people, part of the caller's act; returns for how many, as each chose."""
    fields = {
        "reference": records.reference_of(about, by.partnership_id),
        "due": in_words(due_on) if due_on else "no date",
        "partnership": accounts.name_of(by.partnership_id),
        "link": records.site_address(about, by.partnership_slug),
    }
    made = [
        notices.queue(template=template, address=each.user.email, person_id=each.pk, fields=fields, by=by)
        for each in people
    ]
    return sum(message is not None for message in made)


@transaction.atomic
def escalate(*, about: RecordRef, due_on: date | None, reason: str, by: Actor, today: date) -> Escalation:
    """Put something that is late or stuck before the safeguarding partners, who are told at once and answer."""
    access.require(by, permissions.ESCALATE)
    check_reason(reason)
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
    tell(people=people, template=messages.ESCALATED, about=row.ref, due_on=due_on, by=by)
    history.record(events.ESCALATED, on=about, by=by, details={"reason": reason})
    history.record(events.ESCALATED, on=row.ref, by=by, details={"reason": reason})
    return row


@transaction.atomic
def add_reason(*, escalation: Escalation, reason: str, by: Actor, today: date) -> FurtherReason:
    """Say why something that waits for an answer was put before the partners by another person as well."""
    access.require(by, permissions.ESCALATE)
    check_reason(reason)
    row: Escalation = Escalation.objects.locked(escalation.pk, by=by)
    rules.check_escalation_open(row.state)
    said: FurtherReason = FurtherReason(
        partnership_id=row.partnership_id,
        escalation=row,
        reason=reason,
        given_on=today,
        given_by_id=by.person_id,
    ).store()
    history.record(events.REASON_ADDED, on=row.ref, by=by, details={"reason": reason})
    history.record(events.REASON_ADDED, on=row.about, by=by, details={"reason": reason})
    return said


@transaction.atomic
def answer_escalation(
    *, escalation: Escalation, answer: str, by: Actor, today: date, expected_version: int | None = None
) -> Escalation:
    """What comes of it: who does what by when; whoever raised it is told."""
    access.require(by, permissions.ANSWER)
    check_reason(answer, field="answer", what="Say in a sentence what will be done, by whom and by when.")
    row: Escalation = Escalation.objects.locked(escalation.pk, expected_version, by=by)
    if not rules.may_answer_what_was_raised_by(row.raised_by_id, by.person_id):
        raise access.Forbidden(rules.OWN)
    rules.check_escalation_open(row.state)
    row.state, row.answer, row.answered_on = rules.EscalationState.ANSWERED, answer, today
    row.answered_by_id = by.person_id
    row.store()
    raiser = _raiser(row, by, today)
    tell(people=raiser, template=messages.ESCALATION_ANSWERED, about=row.ref, due_on=row.due_on, by=by)
    history.record(events.ESCALATION_ANSWERED, on=row.ref, by=by, details={"answer": answer})
    history.record(events.ESCALATION_ANSWERED, on=row.about, by=by, details={"answer": answer})
    return row


def _raiser(row: Escalation, by: Actor, today: date) -> list[Person]:
    """Whoever raised it, to be told of what somebody else did; nobody if they have left, or if nobody raised it."""
    if row.raised_by_id is None or row.raised_by_id == by.person_id:
        return []
    return list(accounts.who_can_sign_in(by.partnership_id, today).filter(pk=row.raised_by_id))


@transaction.atomic
def withdraw_escalation(
    *, escalation: Escalation, reason: str, by: Actor, today: date, expected_version: int | None = None
) -> Escalation:
    """Take an escalation back: what was late is done, or it was raised in error; it stays on record.

    Those who were asked to answer it are told, and whoever raised it.
    """
    access.require(by, permissions.ESCALATE)
    check_reason(reason)
    row: Escalation = Escalation.objects.locked(escalation.pk, expected_version, by=by)
    rules.check_escalation_open(row.state)
    row.state, row.answer, row.answered_on = rules.EscalationState.WITHDRAWN, reason, today
    row.answered_by_id = by.person_id
    row.store()
    asked = accounts.people_who_may(permissions.ANSWER, by.partnership_id, today, but=by.person_id)
    people = list({person.pk: person for person in [*asked, *_raiser(row, by, today)]}.values())
    tell(people=people, template=messages.ESCALATION_WITHDRAWN, about=row.ref, due_on=row.due_on, by=by)
    history.record(events.ESCALATION_WITHDRAWN, on=row.ref, by=by, details={"reason": reason})
    history.record(events.ESCALATION_WITHDRAWN, on=row.about, by=by, details={"reason": reason})
    return row
