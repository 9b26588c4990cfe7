"""E-mails that need to know people: sending one again, and the weekly summary.

The summary says what waits for each person in numbers and kinds, never a title and never a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from shield.kernel.access.rules import Actor
from shield.kernel.accounts import queries
from shield.kernel.accounts.models import Partnership, Person
from shield.kernel.calendar.rules import in_london, in_words
from shield.kernel.notices import queries as outbox
from shield.kernel.notices import rules as notices
from shield.kernel.notices import services as post
from shield.kernel.notices.models import Message
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Refused, WorkItem


def send_email_again(*, message: Message, by: Actor, today: date) -> Message:
    """Send a message again that was given up, to the address with which its reader signs in now."""
    there = queries.who_can_sign_in(by.partnership_id, today)
    person = there.filter(pk=message.person_id).first() if message.person_id else None
    if person is None:
        raise Refused("Whom this e-mail was for cannot sign in here any more, so it is not sent again.")
    return post.send_again(message=message, address=person.user.email, by=by)


def send_summaries(*, today: date, now: datetime) -> int:
    """Queue this week's summary for everybody for whom something waits, once however often it runs; returns how many.

    Each person is a transaction of their own: a worker that dies half-way goes on where it was. Somebody with
    roles in two partnerships gets one from each.
    """
    week = notices.week_to_tell(in_london(now))
    if week is None:
        return 0
    return sum(
        _summarise(person, partnership, week, today)
        for partnership in Partnership.objects.order_by("pk")
        for person in queries.who_can_sign_in(partnership.pk, today)
    )


@transaction.atomic
def _summarise(person: Person, partnership: Partnership, week: date, today: date) -> bool:
    system = queries.system_actor(partnership)
    actor = queries.actor_for(person, partnership, today)
    if actor is None or not post.begin_summary(person_id=person.pk, week=week, by=system):
        return False
    work = records.work(actor, today)
    told = outbox.kept_for(person.pk, partnership.pk)
    if not work and not told:
        return False
    fields = {
        **_numbers(work, told, week=week),
        "partnership": partnership.short_name,
        "due": in_words(today),
        "link": outbox.site_link("work", slug=partnership.slug),
    }
    address = person.user.email
    queued = post.queue(
        template=notices.SUMMARY, address=address, person_id=person.pk, fields=fields, by=system
    )
    if queued is not None:
        post.note_told(person_id=person.pk, by=system)
    return queued is not None


def _numbers(work: Iterable[WorkItem], told: dict[str, int], *, week: date) -> dict[str, str]:
    """What the summary counts: late, due until Sunday, waiting in all; then by kind, and what was kept for it."""
    items = list(work)
    sunday = week + timedelta(days=6)
    late = sum(item.is_late for item in items)
    soon = sum(item.due_on is not None and not item.is_late and item.due_on <= sunday for item in items)
    parts = [
        ("By kind:", Counter(item.sort for item in items)),
        ("What you wanted to be told of here:", Counter(told)),
    ]
    text = "".join(f"{heading}\n\n{notices.tally(found)}\n\n" for heading, found in parts if found)
    return {"late": str(late), "soon": str(soon), "waiting": str(len(items)), "tally": text}
