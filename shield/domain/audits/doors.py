"""What pages elsewhere may ask of audits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
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
from shield.kernel.records.rules import (
    Briefing,
    Listing,
    Moment,
    Panel,
    PanelItem,
    PersonalData,
    RecordRef,
    WorkItem,
)

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
    """For an agency: the parts it has to answer. For who runs audits: parts to read, audits ready for their next step.

    One line for an audit, however many of its parts wait.
    """
    for mine in _by_audit(queries.own_parts(actor)):
        yield _to_answer(mine, today)
    if not actor.may(permissions.RUN):
        return
    handed_in = AgencyPart.objects.visible_to(actor).filter(
        status=rules.PartStatus.SUBMITTED, record__audit__status=rules.Status.AUDITING
    )
    for parts in _by_audit(handed_in.order_by("submitted_on")):
        yield _to_read(parts)
    for audit in queries.to_go_on(actor)[:MOST]:
        words, act, act_page = NEXT[audit.status]
        yield WorkItem(
            audit.title, audit.kind, audit.pk, words, audit.planned_end, act=act, act_page=act_page
        )


NEXT = {
    "auditing": ("Audit ready for the panel", "Put it before the panel", "audit_moderate"),
    "moderating": ("Audit to discuss", "Record the discussion", "audit_discussion_add"),
    "discussed": ("Audit to close", "Close it", "audit_close"),
}
"""By where an audit stands that waits for whoever runs it: what it is, what to do, and on which page."""


def _by_audit(rows: Iterable[AgencyPart]) -> list[list[AgencyPart]]:
    found: dict[uuid.UUID, list[AgencyPart]] = {}
    for part in rows:
        found.setdefault(part.record.audit_id, []).append(part)
    return list(found.values())


def _to_answer(parts: list[AgencyPart], today: date) -> WorkItem:
    """What one audit asks of an agency."""
    first, due = parts[0], parts[0].audit.answers_due_on
    late = due is not None and due < today
    back = sum(part.status == rules.PartStatus.CHANGES for part in parts)
    if len(parts) == 1:
        title = f"{first.record.pseudonym}: {first.audit.title}"
        return WorkItem(
            f"Changes asked for: {title}" if back else title, first.kind, first.pk, "Audit", due, late,
            first.agency.called, act="Answer it", act_page="audit_part_answer",
        )  # fmt: skip
    title = f"{first.audit.title}: {len(parts)} parts to answer"
    return WorkItem(
        f"{title}, changes asked for in {back}" if back else title, Audit.kind, first.record.audit_id, "Audit", due, late,
        _owners(parts), act="Answer them", act_page="audit",
    )  # fmt: skip


def _to_read(parts: list[AgencyPart]) -> WorkItem:
    """What agencies handed in for one audit."""
    first = parts[0]
    if len(parts) == 1:
        return WorkItem(
            first.heading, first.kind, first.pk, "Audit part to read", first.submitted_on, owner=first.agency.called,
            act="Read it", act_page="audit_part",
        )  # fmt: skip
    return WorkItem(
        f"{first.audit.title}: {len(parts)} parts to read", Audit.kind, first.record.audit_id, "Audit part to read",
        first.submitted_on, owner=_owners(parts), act="Read them", act_page="audit",
    )  # fmt: skip


def _owners(parts: list[AgencyPart]) -> str:
    return ", ".join(sorted({part.agency.called for part in parts}))


def awaited(actor: Actor, today: date) -> Iterator[WorkItem]:
    """For who runs audits: the answers of agencies that are not in yet."""
    if actor.may(permissions.RUN):
        for audit, agencies, due, late in _unanswered(actor, today):
            yield WorkItem(
                audit.title, audit.kind, audit.pk, "Answers of an audit", due, late, agencies,
                act="Chase them", act_page="audit_chase",
            )  # fmt: skip


def _unanswered(actor: Actor, today: date) -> Iterator[tuple[Audit, str, date | None, bool]]:
    """Audits with answers still to come: of whom, by when, and whether they are late."""
    rows = AgencyPart.objects.filter(
        partnership_id=actor.partnership_id,
        status__in=rules.EDITABLE,
        record__audit__status=rules.Status.AUDITING,
    )
    for parts in _by_audit(
        rows.select_related(*AgencyPart.shown_with).order_by("record__audit__answers_due_on")
    ):
        due = parts[0].audit.answers_due_on
        yield parts[0].audit, _owners(parts), due, due is not None and due < today


def stuck(actor: Actor, today: date) -> Iterator[WorkItem]:
    """Audits whose answers are late; audits that were done and of which the Learning Hub was told nothing."""
    if actor.may(permissions.COMPARE):
        for audit, agencies, due, late in _unanswered(actor, today):
            if late:
                yield WorkItem(
                    audit.title, audit.kind, audit.pk, "Answers of an audit are late", due, True,
                    frees=f"{agencies} answer, or whoever runs the audit excuses them", **_act(actor, "Chase them", "audit_chase"),
                )  # fmt: skip
    if not (actor.may(permissions.VIEW) and actor.may(improvement.VIEW)):
        return
    for audit in queries.without_findings(actor):
        yield WorkItem(
            audit.title, audit.kind, audit.pk, "Audit without findings", audit.closed_on, False,
            frees="Whoever runs the audit tells the Learning Hub what was found",
            **_act(actor, "Tell the Learning Hub", "audit_finding_add"),
        )  # fmt: skip


def _act(actor: Actor, act: str, act_page: str) -> dict[str, str]:
    """What whoever runs audits can do about it; nothing for anybody else."""
    return {"act": act, "act_page": act_page} if actor.may(permissions.RUN) else {}


def moments(actor: Actor, starts_on: date, ends_on: date) -> Iterator[Moment]:
    """Audits in a span of days."""
    rows = Audit.objects.visible_to(actor).filter(starts_on__range=(starts_on, ends_on))
    for audit in rows.exclude(status=rules.Status.STOPPED):
        tone = "done" if audit.status == rules.Status.CLOSED else "planned"
        yield Moment(audit.title, "Audits", audit.starts_on, audit.ends_on, audit.ref, tone)


def briefing(about: RecordRef, actor: Actor) -> Briefing | None:
    """On an audit the panel has compared: what the records already say of it, for whoever writes a briefing note."""
    if about.kind != Audit.kind:
        return None
    audit = Audit.objects.visible_to(actor).filter(pk=about.id).first()
    if audit is None:
        return None
    priority = f" ({audit.priority.heading})" if audit.priority else ""
    why_not = (
        "" if audit.status in rules.COMPARED else "A note can be written once the panel compares the answers."
    )
    return Briefing(
        f"Audit: {audit.title}{priority}", lambda: queries.first_words(audit, actor),
        lambda: queries.themes_found(audit, actor), why_not=why_not,
    )  # fmt: skip


def subject_access(person: Person, actor: Actor) -> Iterator[PersonalData]:
    """Where audits name a person."""
    yield from records.told_of(person, actor, *records.kinds_of("audits"), where="Audits")
