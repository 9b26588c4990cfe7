"""What pages elsewhere may ask of chronologies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from shield.domain.chronologies import permissions
from shield.domain.chronologies.models import Chronology, Contribution
from shield.domain.chronologies.queries import collecting, naming
from shield.domain.chronologies.rules import states
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person, Team
from shield.kernel.records import queries as records
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import Panel, PanelItem, PersonalData, RecordRef, WorkItem

MOST = 50


def _has_team(kind: str) -> bool:
    """Whether records of a kind are a team's."""
    model: Any = KINDS.get(kind)
    fields = {field.name: field for field in model._meta.concrete_fields} if model is not None else {}
    return "team" in fields and fields["team"].related_model is Team


def _works_in_a_team(actor: Actor) -> bool:
    """Whether chronologies may wait for this person; asked before the database is, for home pages of everybody."""
    return actor.may(permissions.EDIT) and (actor.is_system or bool(actor.team_ids))


def panels(ref: RecordRef, actor: Actor) -> Iterator[Panel]:
    """On a record with a team: the chronologies about it, and the way to start one."""
    if not actor.may(permissions.READ) or not _has_team(ref.kind) or ref.kind.startswith("chronologies."):
        return
    record = collecting.record_at(ref, actor)
    team = collecting.team_of(record)
    if team is None or not actor.works_in(team.pk):
        return
    rows = Chronology.objects.visible_to(actor).filter(about_kind=ref.kind, about_id=ref.id)[:MOST]
    items = tuple(
        PanelItem(row.heading, row.ref, row.get_status_display(), states.TONES[row.status]) for row in rows
    )
    offered = ("Start a chronology", "chronology_open", ref) if actor.may(permissions.OPEN) else ()
    yield Panel("Chronologies", items, "No chronology has been started.", *offered)


def texts(about: RecordRef, actor: Actor) -> list[tuple[str, str]]:
    """Every text that the chronologies about a record hold, for whoever looks for names in them."""
    return naming.all_texts(about, actor)


def work(actor: Actor, today: date) -> Iterator[WorkItem]:
    """For an agency: the parts asked of it. For the team: parts handed in that nobody has read."""
    for row in collecting.own_contributions(actor).filter(status__in=states.WITH_AGENCY)[:MOST]:
        if not row.is_with_agency:
            continue
        title = f"{'Sent back: ' if row.status == states.Part.SENT_BACK else ''}{row.heading}"
        yield WorkItem(
            title, row.kind, row.pk, "Chronology", row.due_on, row.due_on is not None and row.due_on < today,
            row.agency.called, act="Write it", act_page="contribution",
        )  # fmt: skip
    if not _works_in_a_team(actor):
        return
    seen = Chronology.objects.visible_to(actor).exclude(status=states.Status.CLOSED).values("pk")
    handed_in = Contribution.objects.visible_to(actor).filter(
        chronology__in=seen, status=states.Part.HANDED_IN
    )
    for row in handed_in.order_by("handed_in_on")[:MOST]:
        yield WorkItem(
            row.heading, row.kind, row.pk, "Part of a chronology to read", row.handed_in_on, owner=row.agency.called,
            act="Read it", act_page="contribution",
        )  # fmt: skip


def awaited(actor: Actor, today: date) -> Iterator[WorkItem]:
    """For the team: the parts it waits for."""
    if not _works_in_a_team(actor):
        return
    seen = Chronology.objects.visible_to(actor).exclude(status=states.Status.CLOSED).values("pk")
    rows = Contribution.objects.visible_to(actor).filter(chronology__in=seen, status__in=states.WITH_AGENCY)
    for row in rows.order_by("due_on")[:MOST]:
        late = row.due_on is not None and row.due_on < today
        yield WorkItem(
            row.heading, row.kind, row.pk, "Part of a chronology", row.due_on, late, row.agency.called
        )


def subject_access(person: Person, actor: Actor) -> Iterator[PersonalData]:
    """Where chronologies name a person who works with the partnership."""
    yield from records.told_of(person, actor, *records.kinds_of("chronologies"), where="Chronologies")
