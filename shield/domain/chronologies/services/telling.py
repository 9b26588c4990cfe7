"""Telling agencies that a part of a chronology waits for them; a message names nobody and nothing but a reference."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from shield.domain.chronologies.models import Contribution
from shield.domain.chronologies.queries import collecting
from shield.domain.chronologies.rules import states
from shield.kernel.access.rules import Actor
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import queries as clocks
from shield.kernel.clocks import services as dates
from shield.kernel.notices import rules as notices_rules
from shield.kernel.notices import services as notices
from shield.kernel.notices.rules import Template
from shield.kernel.records import queries as records

WHO = "Those of the agency who may contribute to chronologies. Never whoever asks."
ASKED = notices_rules.template(
    "chronology_asked",
    "Your agency is asked for a chronology",
    "Your agency is asked for its part of a chronology of {partnership} ({reference}).\n\n"
    "It is due: {due}.\n\nSign in to see what is asked for, and to hand it in:\n{link}\n",
    label="A part of a chronology is asked of your agency",
    to=WHO,
)
SENT_BACK = notices_rules.template(
    "chronology_sent_back",
    "Your part of a chronology was sent back",
    "Your agency's part of a chronology of {partnership} ({reference}) came back: something should be changed.\n\n"
    "It is due: {due}.\n\nSign in to read why, and to hand it in again:\n{link}\n",
    label="Your agency's part of a chronology was sent back",
    to=WHO,
)


def tell(*, template: Template, contributions: Iterable[Contribution], by: Actor, today: date) -> int:
    """Queue a message for everybody who may contribute for these agencies. Part of the caller's act; returns how many are told."""
    told = 0
    for row in contributions:
        fields = {
            "reference": row.reference, "partnership": row.partnership.short_name,
            "due": in_words(row.due_on) if row.due_on else "no date has been set",
            "link": records.site_address(row.ref, by.partnership_slug),
        }  # fmt: skip
        for person in collecting.who_contributes([row.agency], today):
            if person.pk != by.person_id:
                notices.queue(
                    template=template, address=person.user.email, person_id=person.pk, fields=fields, by=by
                )
                told += 1
    return told


def remind_of_contributions(*, today: date) -> int:
    """Remind agencies of parts that are due soon, and once when they are late; returns of how many."""
    return dates.remind_each(find=collecting.to_remind_of, remind=_remind, today=today)


@transaction.atomic
def _remind(contribution: Contribution, by: Actor, today: date) -> bool:
    row: Contribution = Contribution.objects.locked(contribution.pk, by=by)
    if row.status not in states.WITH_AGENCY or row.due_on is None:
        return False
    return dates.remind_once(
        about=row.ref, due_on=row.due_on, since=lambda: row.due_set_on, by=by,
        today=today, steps=states.reminders(row.due_on, clocks.working_calendar()),
        people=lambda: collecting.who_contributes([row.agency], today),
    )  # fmt: skip
