"""Messages about cases: a reference and a link, never a name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from shield.domain.reviews import permissions
from shield.domain.reviews.models import AgencyReturn, Case
from shield.kernel.access import queries as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Person
from shield.kernel.calendar import queries as calendar
from shield.kernel.calendar.rules import in_words
from shield.kernel.notices import rules as notices_rules
from shield.kernel.notices import services as notices
from shield.kernel.notices.rules import NO_CHOICE, Template
from shield.kernel.records import queries as records
from shield.kernel.records.models import Record

REFERRED = notices_rules.template(
    "case_referred",
    "A serious incident was referred",
    "A serious incident was referred to {partnership} ({reference}). A statutory period runs.\n\n"
    "Sign in to screen it:\n{link}\n",
    label="A serious incident was referred",
    to="Those who work on serious incidents.",
    choices=NO_CHOICE,
)
ASKED = notices_rules.template(
    "case_return_asked",
    "Your agency is asked for a rapid review",
    "{partnership} asks your agency what it knows for a rapid review ({reference}).\n\n"
    "Your answer is due: {due}.\n\nSign in to see whom it is about, and to answer:\n{link}\n",
    label="Your agency is asked for a rapid review",
    to="Those of the agency who may answer rapid reviews.",
    choices=NO_CHOICE,
)
REPORT_ASKED = notices_rules.template(
    "case_report_asked",
    "Your agency is asked for its report to a practice review",
    "{partnership} asks your agency for its report to a practice review ({reference}).\n\n"
    "Your report is due: {due}.\n\nSign in to see whom it is about, and to write it:\n{link}\n",
    label="Your agency is asked for its report to a practice review",
    to="Those of the agency who may answer for it.",
    choices=NO_CHOICE,
)
SENT_BACK = notices_rules.template(
    "case_return_sent_back",
    "Something should be changed in what your agency wrote for a review",
    "What your agency wrote for a review of {partnership} ({reference}) came back: something should be changed.\n\n"
    "It is due: {due}.\n\nSign in to read what is asked for:\n{link}\n",
    label="What your agency wrote for a review came back",
    to="Those of the agency who may answer rapid reviews.",
    choices=NO_CHOICE,
)


def tell_of_referral(*, case: Case, to: Iterable[Person], by: Actor) -> int:
    """Queue a message for everybody of the new team but whoever referred; part of the act of referring."""
    return _queue(REFERRED, case, [person for person in to if person.pk != by.person_id], by, due="")


def tell_agency(*, row: AgencyReturn, by: Actor, template: Template = ASKED) -> int:
    """Queue a message for those who may answer for an agency; part of the caller's act. Returns how many are told."""
    people = who_answers(row, calendar.today())
    return _queue(template, row, [p for p in people if p.pk != by.person_id], by, due=in_words(row.due_on))


def who_answers(row: AgencyReturn, on: date) -> list[Person]:
    """Who may answer for the agency that was asked."""
    return list(accounts.people_in(row.agency, on, roles=list(access.roles_with(permissions.ANSWER))))


def _queue(template: Template, about: Record, people: Iterable[Person], by: Actor, due: str) -> int:
    fields = {
        "reference": about.reference,
        "partnership": accounts.name_of(by.partnership_id),
        "link": records.site_address(about.ref, by.partnership_slug),
    }
    if due:
        fields["due"] = due
    told = 0
    for person in people:
        notices.queue(template=template, address=person.user.email, person_id=person.pk, fields=fields, by=by)
        told += 1
    return told
