"""Reads of the outbox: what was chosen, what waits, what became of a message."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse

from shield.kernel.access.rules import Actor
from shield.kernel.calendar.rules import in_london, in_words
from shield.kernel.notices import permissions, rules
from shield.kernel.notices.models import Choice, Message, WayOut
from shield.kernel.records import queries as records

MAIL = "mail"
"""The name of the one way out."""


def site_link(name: str, *, slug: str, **parts: Any) -> str:
    """The whole address of one of a partnership's pages, for a message that no page asks for."""
    return records.on_site(reverse(name, kwargs={"partnership": slug, **parts}))


def choices_of(person_id: uuid.UUID, partnership_id: uuid.UUID) -> dict[str, str]:
    """What a person has chosen in a partnership, by kind of message."""
    rows = Choice.objects.filter(person_id=person_id, partnership_id=partnership_id)
    return dict(rows.values_list("template", "when"))


def when(template: rules.Template, person_id: uuid.UUID | None, partnership_id: uuid.UUID) -> rules.When:
    """When a person gets a kind of message; without a person, or a choice, as is usual for it."""
    if person_id is None or not template.may_choose:
        return template.default
    row = Choice.objects.filter(person_id=person_id, partnership_id=partnership_id, template=template.key)
    return rules.when(template, row.values_list("when", flat=True).first())


def kept_for(person_id: uuid.UUID, partnership_id: uuid.UUID) -> dict[str, int]:
    """What a person is to be told of in the next weekly summary: kinds in words, with numbers."""
    rows = Message.objects.filter(person_id=person_id, partnership_id=partnership_id, status=rules.State.KEPT)
    sums = rows.order_by().values("template").annotate(number=Sum("count"))
    known = {row["template"]: row["number"] for row in sums}
    return {rules.TEMPLATES[key].label: number for key, number in known.items() if key in rules.TEMPLATES}


def outbox(
    actor: Actor, *, kind: str = "", state: str = "", people: list[uuid.UUID] | None = None
) -> QuerySet[Message]:
    """The messages of the actor's partnership, the newest first."""
    rows = Message.objects.visible_to(actor).order_by("-queued_at", "-pk")
    if kind:
        rows = rows.filter(template=kind)
    if state:
        rows = rows.filter(status=state)
    return rows if people is None else rows.filter(person_id__in=people)


def delay(actor: Actor) -> str:
    """One line on messages of this partnership that wait because the way out is shut; empty if none does."""
    if not actor.may(permissions.VIEW_OUTBOX):
        return ""
    way = WayOut.objects.filter(name=MAIL, shut_since__isnull=False).first()
    if way is None or way.shut_since is None:
        return ""
    count = Message.objects.visible_to(actor).filter(status=rules.State.WAITING).count()
    return rules.delay_in_words(count, way.problem, _since(way.shut_since)) if count else ""


def _since(moment: datetime) -> str:
    local = in_london(moment)
    return f"{local:%H:%M} on {in_words(local.date())}"


def to_ask_about(now: datetime, *, most: int) -> list[Message]:
    """Messages that GOV.UK Notify took and has not settled yet, the one asked about longest ago first."""
    rows = Message.objects.filter(status=rules.State.SENT, give_up_at__gt=now - rules.ASKED_FOR).exclude(
        notify_id=""
    )
    never = list(rows.filter(asked_at__isnull=True).order_by("queued_at")[:most])
    return never + list(rows.filter(asked_at__isnull=False).order_by("asked_at")[: most - len(never)])
