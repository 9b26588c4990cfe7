"""Telling the members of a body that something waits for them; a message names nobody and nothing but the meeting's reference."""

from __future__ import annotations

from shield.kernel.access.rules import Actor
from shield.kernel.calendar.rules import in_words
from shield.kernel.notices import rules as notices_rules
from shield.kernel.notices import services as notices
from shield.meetings import queries
from shield.meetings.models import Gathering

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


def tell_members(*, gathering: Gathering, template: str, by: Actor, link: str) -> int:
    """Queue one message for everybody who sits on the body and can sign in, as each chose; part of the caller's act."""
    people = queries.people_to_tell(gathering)
    fields = {
        "reference": gathering.reference,
        "partnership": gathering.partnership.short_name,
        "due": in_words(gathering.held_on),
        "link": link,
    }
    for person in people:
        notices.queue(
            template=notices_rules.TEMPLATES[template],
            address=person.user.email,
            person_id=person.pk,
            fields=fields,
            by=by,
        )
    return len(people)
