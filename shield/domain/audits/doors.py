"""What pages elsewhere may ask of audits."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from shield.domain.audits import permissions, queries, rules
from shield.domain.audits.models import AgencyPart, Audit, Discussion
from shield.improvement import permissions as improvement
from shield.improvement.models import Priority
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.records import queries as records
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import Listing, Moment, Panel, PanelItem, PersonalData, RecordRef, WorkItem

MOST = 50
CYCLE = "learning_hub.cycle"
"""The kind of a Learning Hub cycle; its page shows the audits of its priority."""


def panels(ref: RecordRef, actor: Actor) -> Iterator[Panel | Listing]:
    """On a priority and on its cycle: the audits made for it. On a meeting: the audits discussed there."""
    if not actor.may(permissions.VIEW):
        return
    priority_id = _priority_of(ref, actor)
    if priority_id is not None:
        rows = Audit.objects.visible_to(actor).filter(priority_id=priority_id)[:MOST]
        items = tuple(PanelItem(a.title, a.ref, a.get_status_display(), rules.TONES[a.status]) for a in rows)
        about = RecordRef(Priority.kind, priority_id)
        offered = ("Plan an audit", "audit_plan", about) if actor.may(permissions.RUN) else ()
        yield Panel("Audits", items, "No audit is planned.", *offered)
    if ref.kind == "meetings.gathering":
        held = Discussion.objects.visible_to(actor).filter(gatherings=ref.id)
        yield Listing(
            "Audits discussed here", Audit.kind, held, "audit_id", "audit__title", "Reflective discussion"
        )


def _priority_of(ref: RecordRef, actor: Actor) -> uuid.UUID | None:
    if ref.kind == Priority.kind:
        return ref.id
    if ref.kind != CYCLE or CYCLE not in KINDS:
        return None
    model: Any = KINDS[CYCLE]
    found: uuid.UUID | None = (
        model.objects.visible_to(actor).filter(pk=ref.id).values_list("priority_id", flat=True).first()
    )
    return found


def work(actor: Actor, today: date) -> Iterator[WorkItem]:
    """For an agency: the parts it has to answer. For who runs audits: parts handed in, audits ready for the panel."""
    for part in queries.own_parts(actor)[:MOST]:
        due = part.audit.answers_due_on
        title = f"{part.record.pseudonym}: {part.audit.title}"
        if part.status == rules.PartStatus.CHANGES:
            title = f"Changes asked for: {title}"
        yield WorkItem(
            title, part.kind, part.pk, "Audit", due, due is not None and due < today, part.agency.called,
            act="Answer it", act_page="audit_part_answer",
        )  # fmt: skip
    if not actor.may(permissions.RUN):
        return
    handed_in = AgencyPart.objects.visible_to(actor).filter(
        status=rules.PartStatus.SUBMITTED, record__audit__status=rules.Status.AUDITING
    )
    for part in handed_in.order_by("submitted_on")[:MOST]:
        yield WorkItem(
            part.heading,
            part.kind,
            part.pk,
            "Audit part to read",
            part.submitted_on,
            owner=part.agency.called,
            act="Read it",
            act_page="audit_part",
        )


def stuck(actor: Actor, today: date) -> Iterator[WorkItem]:
    """Audits that were done and of which the Learning Hub was told nothing."""
    if not (actor.may(permissions.VIEW) and actor.may(improvement.VIEW)):
        return
    for audit in queries.without_findings(actor):
        yield WorkItem(
            audit.title, audit.kind, audit.pk, "Audit without findings", audit.closed_on, False,
            frees="Whoever runs the audit tells the Learning Hub what was found",
        )  # fmt: skip


def moments(actor: Actor, starts_on: date, ends_on: date) -> Iterator[Moment]:
    """Audits in a span of days."""
    rows = Audit.objects.visible_to(actor).filter(starts_on__range=(starts_on, ends_on))
    for audit in rows.exclude(status=rules.Status.STOPPED):
        tone = "done" if audit.status == rules.Status.CLOSED else "planned"
        yield Moment(audit.title, "Audits", audit.starts_on, audit.ends_on, audit.ref, tone)


def subject_access(person: Person, actor: Actor) -> Iterator[PersonalData]:
    """Where audits name a person."""
    yield from records.told_of(person, actor, *records.kinds_of("audits"), where="Audits")
