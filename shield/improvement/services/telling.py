"""Telling those who answer for an action that it waits for them; a message names nobody and nothing but a reference."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable

from shield.improvement import queries, rules
from shield.improvement.models import Action, Owned
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.calendar import queries as calendar
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.notices import queries as outbox
from shield.kernel.notices import rules as notices_rules
from shield.kernel.notices import services as notices

NO_LONGER_OPEN = (rules.ActionStatus.DONE, rules.ActionStatus.STOPPED)


def tell_owners(*, rows: Iterable[Owned], by: Actor, told: Collection[uuid.UUID] = ()) -> int:
    """Queue a message for whoever answers for these actions, one for each person however many they are.

    Whoever did this is not told, nor those in `told`, who answered for them before. Part of the caller's
    transaction. Returns how many people are told.
    """
    waiting: dict[uuid.UUID, tuple[Person, list[Action]]] = {}
    known: dict[tuple[object, object], list[Person]] = {}
    today = calendar.today()
    for row in rows:
        if not isinstance(row, Action) or row.status in NO_LONGER_OPEN:
            continue
        owner = (row.owner_person_id, queries.agency_behind(row))
        if owner not in known:
            known[owner] = queries.who_answers(row, today)
        for person in known[owner]:
            if person.pk != by.person_id and person.pk not in told:
                waiting.setdefault(person.pk, (person, []))[1].append(row)
    for person, actions in waiting.values():
        _tell(person, actions, by)
    return len(waiting)


def _tell(person: Person, actions: list[Action], by: Actor) -> None:
    first, slug = actions[0], by.partnership_slug
    due = in_words_to(first.due_on, first.precision) if first.due_on else "no date has been set yet"
    notices.queue(
        template=notices_rules.ACTION_WAITS,
        address=person.user.email,
        person_id=person.pk,
        fields={
            "reference": first.reference,
            "partnership": first.partnership.short_name,
            "due": due,
            "link": outbox.site_link("action", slug=slug, id=first.pk),
            "list": outbox.site_link("actions", slug=slug),
        },
        by=by,
        count=len(actions),
    )
