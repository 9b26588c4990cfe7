"""Telling agencies that a part of an audit waits for them; a message names nobody and nothing but a reference."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from django.db import transaction

from shield.domain.audits import events, permissions, queries, rules
from shield.domain.audits.models import AgencyPart, Audit
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency
from shield.kernel.calendar import queries as calendar
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import queries as clocks
from shield.kernel.clocks import rules as clocks_rules
from shield.kernel.clocks import services as dates
from shield.kernel.clocks.models import Reminder
from shield.kernel.history import queries as history
from shield.kernel.notices import queries as outbox
from shield.kernel.notices import rules as notices_rules
from shield.kernel.notices import services as notices
from shield.kernel.notices.rules import Template
from shield.kernel.records import queries as records
from shield.kernel.records.rules import RecordRef, Refused

WHO = "Those of the agency who may answer audits. Never whoever asks."
ASKED = notices_rules.template(
    "audit_asked",
    "Your agency is asked to audit",
    "Your agency is asked for its part of an audit of {partnership} ({reference}).\n\n"
    "Answers are due: {due}.\n\nSign in to see how many records it is about, and to answer:\n{link}\n",
    label="A part of an audit is asked of your agency",
    to=WHO,
)
CHANGES = notices_rules.template(
    "audit_changes",
    "Changes are asked for in your part of an audit",
    "Your agency's part of an audit of {partnership} ({reference}) came back: something should be changed.\n\n"
    "Answers are due: {due}.\n\nSign in to read what is asked for, and to submit it again:\n{link}\n",
    label="Changes are asked for in your agency's part of an audit",
    to=WHO,
    many=(
        "Changes are asked for in {count} of your parts of audits",
        "{count} of your agency's parts of audits of {partnership} came back: something should be changed.\n\n"
        "Sign in to read what is asked for in each, and to submit them again:\n{list}\n",
    ),
)


def tell_agencies(*, audit: Audit, agencies: Iterable[Agency], by: Actor) -> int:
    """Queue one message for everybody who may answer for these agencies, however many parts are asked of them.

    Part of the caller's act. Returns how many people are told.
    """
    return _tell(ASKED, audit, agencies, by)


def tell_of_changes(*, part: AgencyPart, by: Actor) -> int:
    """Queue a message that a part came back; several that come back together are one. Part of the caller's act."""
    return _tell(CHANGES, part.audit, [part.agency], by)


def _tell(template: Template, audit: Audit, agencies: Iterable[Agency], by: Actor) -> int:
    people = [
        person for person in queries.who_answers(agencies, calendar.today()) if person.pk != by.person_id
    ]
    fields = {
        "reference": audit.reference,
        "partnership": audit.partnership.short_name,
        "due": in_words(audit.answers_due_on) if audit.answers_due_on else "no date has been set",
        "link": records.site_address(audit.ref, by.partnership_slug),
    }
    if template.gathers:
        fields["list"] = outbox.site_link("work", slug=by.partnership_slug)
    for person in people:
        notices.queue(template=template, address=person.user.email, person_id=person.pk, fields=fields, by=by)
    return len(people)


@transaction.atomic
def chase_answers(*, audit: Audit, by: Actor, today: date) -> Reminder:
    """Remind the agencies whose answers are awaited of the date, at most once a day; the record keeps it."""
    access.require(by, permissions.RUN)
    row: Audit = Audit.objects.locked(audit.pk, by=by)
    rules.check_at(row.status, "auditing", what="be chased")
    if row.answers_due_on is None:
        raise Refused("No day is set for the answers. Set one first, under “Change it”.")
    people = [p for p in queries.who_answers(queries.still_to_answer(row), today) if p.pk != by.person_id]
    if not people:
        raise Refused("Nobody of the agencies that have not answered can sign in. Ask them on another way.")
    if clocks.was_chased(row.pk, today):
        raise Refused("This was chased today already.")
    return dates.note_reminder(
        about=row.ref, due_on=row.answers_due_on, step=clocks_rules.CHASED, people=people, by=by, today=today
    )


def remind_of_answers(*, today: date) -> int:
    """Remind agencies of answers that are due soon, and once when they are late; returns of how many audits.

    Each step of each date is told once, in one message for a person however many parts are open.
    """
    return dates.remind_each(find=queries.audits_to_remind_of, remind=_remind, today=today)


@transaction.atomic
def _remind(audit: Audit, by: Actor, today: date) -> bool:
    row: Audit = Audit.objects.locked(audit.pk, by=by)
    if row.status != rules.Status.AUDITING or row.answers_due_on is None:
        return False
    return dates.remind_once(
        about=row.ref, due_on=row.answers_due_on, since=lambda: _due_since(row.ref, row.partnership_id), by=by,
        today=today, steps=rules.reminders(row.answers_due_on, clocks.working_calendar()),
        people=lambda: queries.who_answers(queries.still_to_answer(row), today),
    )  # fmt: skip


def _due_since(audit: RecordRef, partnership_id: uuid.UUID) -> date:
    """The day on which the date of the answers was set: when the agencies were asked, or when it was put off."""
    return max(
        history.changed_on(audit, partnership_id, kind=kind, field="answers_due_on")
        for kind in (events.BEGUN, events.CHANGED)
    )
