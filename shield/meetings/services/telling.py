"""Telling members and authors that something waits for them; a message names nobody and nothing but a reference."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries as accounts
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import services as dates
from shield.kernel.history import queries as history
from shield.kernel.notices import queries as outbox
from shield.kernel.notices import rules as notices_rules
from shield.kernel.notices import services as notices
from shield.kernel.records import queries as records
from shield.kernel.records.rules import RecordRef
from shield.meetings import queries
from shield.meetings.models import Gathering, Paper

notices_rules.template(
    "meeting_pack",
    "The papers of a meeting are ready",
    "The agenda and papers of a meeting of {partnership} ({reference}) are ready. It is on {due}.\n\n"
    "Sign in to read them before that day:\n{link}\n",
    label="The papers of a meeting are ready",
    to="Everybody who sits on the body, or works for an agency that does, and can sign in.",
)
notices_rules.template(
    "minutes_circulated",
    "Minutes wait for you",
    "The minutes of a meeting of {partnership} ({reference}) on {due} are ready to be checked.\n\n"
    "Sign in to read them, and ask for a correction if something is wrong:\n{link}\n",
    label="Minutes to check",
    to="Everybody who sits on the body, or works for an agency that does, and can sign in.",
)


notices_rules.template(
    "paper_asked",
    "A paper is asked of you",
    "A paper for a meeting of {partnership} ({reference}) is asked of you or your agency. It is due on {due}.\n\n"
    "Sign in to see what is asked, and hand it in:\n{link}\n",
    label="A paper is asked of you",
    to="Whoever is asked to write it, or those who hand in papers for the agency that is.",
)


def tell_members(*, gathering: Gathering, template: str, about: RecordRef, by: Actor, today: date) -> int:
    """Queue one message for everybody who sits on the body and can sign in, as each chose; part of the caller's act.

    Whoever sits there for another partnership is told by their own, with the page on which they may read. Returns
    how many are told.
    """
    people = queries.people_to_tell(gathering, today)
    here = {
        "reference": gathering.reference,
        "partnership": gathering.partnership.short_name,
        "due": in_words(gathering.held_on),
        "link": records.site_address(about, by.partnership_slug),
    }
    for person, part in people:
        fields, teller = here, by
        if part is not None:
            slug = part.participant.slug
            link = outbox.site_link("joint_meeting", slug=slug, id=part.pk, meeting=gathering.reference)
            fields, teller = {**here, "link": link}, accounts.system_actor(part.participant)
        notices.queue(
            template=notices_rules.TEMPLATES[template],
            address=person.user.email,
            person_id=person.pk,
            fields=fields,
            by=teller,
        )
    return len(people)


def tell_authors(*, paper: Paper, by: Actor, today: date) -> int:
    """Queue a message for whoever is to write a paper, unless they asked for it themselves; part of the caller's act."""
    people = [person for person in queries.authors_of(paper, today) if person.pk != by.person_id]
    for person in people:
        notices.queue(
            template=notices_rules.TEMPLATES["paper_asked"],
            address=person.user.email,
            person_id=person.pk,
            fields={
                "reference": paper.reference,
                "partnership": paper.partnership.short_name,
                "due": in_words(paper.due),
                "link": records.site_address(paper.ref, by.partnership_slug),
            },
            by=by,
        )
    return len(people)


def remind_of_papers(*, today: date) -> int:
    """Remind the authors of papers whose day is near or has passed, in every partnership; returns of how many papers.

    Each step of each date is told once.
    """
    return dates.remind_each(find=queries.papers_to_remind_of, remind=_remind, today=today)


@transaction.atomic
def _remind(paper: Paper, by: Actor, today: date) -> bool:
    row: Paper = Paper.objects.locked(paper.pk, by=by)
    if row.withdrawn or row.handed_in_at:
        return False
    return dates.remind_once(
        about=row.ref, due_on=row.due, since=lambda: history.begun_on(row.ref, row.partnership_id), by=by, today=today,
        people=lambda: queries.authors_of(row, today),
    )  # fmt: skip
