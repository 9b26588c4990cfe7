"""What pages elsewhere may ask of meetings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.calendar import queries as calendar
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Moment, Panel, PanelItem, PersonalData, Place, RecordRef, WorkItem
from shield.meetings import permissions, queries, rules
from shield.meetings.models import (
    AgendaItem,
    BodyMember,
    Correction,
    Gathering,
    JointPart,
    Minutes,
    Paper,
    Resolution,
)


def panels(ref: RecordRef, actor: Actor) -> Iterator[Panel]:
    """On a decision: who took it where. On a priority: the meetings that dealt with it. On an agency: its seats."""
    if not actor.may(permissions.VIEW):
        return
    if ref.kind == "improvement.decision":
        for taken in queries.resolutions(actor).filter(decision_id=ref.id):
            where = f"{taken.gathering.title}" if taken.gathering else "the meeting is not recorded"
            yield Panel(
                "Decided by", (PanelItem(taken.body.name, (taken.gathering or taken.body).ref, where),)
            )
    elif ref.kind == "improvement.recommendation":
        rows = queries.resolutions(actor).filter(decision__recommendations=ref.id)
        items = tuple(PanelItem(r.decision.heading, r.ref, r.body.name) for r in rows)
        yield Panel("Decisions on it", items, "No body has decided on it.")
    elif ref.kind == "improvement.priority":
        ids = (
            AgendaItem.objects.visible_to(actor)
            .filter(priority_id=ref.id, withdrawn=False)
            .values("gathering_id")
        )
        rows = Gathering.objects.visible_to(actor).filter(pk__in=ids) | Gathering.objects.visible_to(
            actor
        ).filter(priority_id=ref.id)
        items = tuple(
            PanelItem(g.title, g.ref, in_words_to(g.held_on, g.precision))
            for g in rows.distinct().order_by("held_on")
        )
        yield Panel("Meetings and events", items, "No meeting has dealt with it.")
    elif ref.kind == "accounts.agency":
        seats = BodyMember.objects.visible_to(actor).on(calendar.today()).filter(agency_id=ref.id)
        items = tuple(PanelItem(s.body.name, s.body.ref, s.get_role_display()) for s in seats)
        yield Panel("Seats on bodies", items, "No seat is recorded.")
        rows = queries.leads_on(actor, calendar.today()).filter(agency_id=ref.id)
        items = tuple(PanelItem(f"{row.get_topic_display()}: {row.who}", row.ref) for row in rows)
        yield Panel("Topic leads", items, "Nobody is named as a lead.")


def work(actor: Actor, today: date) -> Iterator[WorkItem]:
    """Papers asked of one's agency; for those who record meetings, what was never recorded, written or answered."""
    yield from _papers(actor, today)
    yield from _parts_asked(actor)
    if not actor.may(permissions.RECORD_GATHERING):
        return
    rows = Gathering.objects.visible_to(actor).filter(
        status=rules.GatheringStatus.PLANNED, precision="day", held_on__lt=today
    )
    for row in rows[:50]:
        yield WorkItem(f"{row.title}: was it held?", row.kind, row.pk, "Meeting to record", row.held_on, True)
    yield from _unwritten(actor, today)


def places(actor: Actor) -> Iterator[Place]:
    """On the partnership's page: whom to ask about a topic."""
    if actor.may(permissions.VIEW_LEADS):
        yield Place("Who leads on each topic in each agency", "leads")


def why_fixed(ref: RecordRef) -> str:
    """A decision of a meeting whose minutes are approved stays as the minutes tell it."""
    if ref.kind != "improvement.decision":
        return ""
    found = Resolution.objects.filter(
        decision_id=ref.id, gathering__minutes__status=rules.MinutesStatus.APPROVED
    )
    return rules.FROZEN if found.exists() else ""


def awaited(actor: Actor, today: date) -> Iterator[WorkItem]:
    """For those who prepare meetings: papers and answers asked of others. For anybody: corrections they asked for."""
    yield from _parts_awaited(actor)
    if actor.may(permissions.RECORD_GATHERING):
        for row in queries.papers_asked(actor).exclude(_own(actor))[:50]:
            yield _paper(row, today)
    elif actor.may(permissions.CONTRIBUTE) and actor.person_id:
        rows = Correction.objects.visible_to(actor).filter(
            person=actor.person_id, status=rules.CorrectionStatus.OPEN
        )
        for each in rows.select_related("minutes__gathering")[:20]:
            title = f"{each.minutes.heading}: the correction you asked for"
            yield WorkItem(
                title, each.minutes.kind, each.minutes_id, "Correction", None, False, "Operational team"
            )


def _parts_asked(actor: Actor) -> Iterator[WorkItem]:
    """Joint bodies that other partnerships ask this one to take part in."""
    if actor.may(permissions.EDIT_BODY):
        for part in queries.parts_elsewhere(actor).filter(status=rules.PartStatus.ASKED):
            yield WorkItem(
                f"{part.partnership.short_name} asks you to take part in {part.body.name}", part.kind, part.pk,
                "Joint body to answer", act="Answer", act_page="joint_answer",
            )  # fmt: skip


def _parts_awaited(actor: Actor) -> Iterator[WorkItem]:
    """Other partnerships' answers to the same question."""
    if actor.may(permissions.EDIT_BODY):
        rows = JointPart.objects.visible_to(actor).filter(
            partnership=actor.partnership_id, status=rules.PartStatus.ASKED
        )
        for part in rows:
            yield WorkItem(
                f"Part in {part.body.name}", part.kind, part.pk, "Joint body to answer", None, False,
                part.participant.short_name,
            )  # fmt: skip


def _own(actor: Actor) -> Q:
    mine = Q(agency_id__in=actor.agency_ids)
    return mine | Q(person_id=actor.person_id) if actor.person_id else mine


def _papers(actor: Actor, today: date) -> Iterator[WorkItem]:
    if actor.may(permissions.CONTRIBUTE):
        for row in queries.papers_asked(actor).filter(_own(actor))[:50]:
            yield _paper(row, today, act="Hand it in", act_page="paper_hand_in")


def _paper(row: Paper, today: date, **act: str) -> WorkItem:
    owner = row.agency.called if row.agency else row.person.name if row.person else ""
    return WorkItem(
        f"Paper: {row.title}", row.kind, row.pk, "Paper to hand in", row.due, row.due < today, owner, **act
    )


def _unwritten(actor: Actor, today: date) -> Iterator[WorkItem]:
    """Notes without minutes, minutes that were not sent round, corrections that were not answered."""
    noted = (
        Gathering.objects.visible_to(actor).filter(lines__withdrawn=False, minutes__isnull=True).distinct()
    )
    for row in noted[:20]:
        yield WorkItem(
            f"{row.title}: write the minutes", row.kind, row.pk, "Minutes to write", row.held_on, False,
            act="Write them", act_page="minutes_write",
        )  # fmt: skip
    for minutes in Minutes.objects.visible_to(actor).filter(status=rules.MinutesStatus.DRAFT)[:20]:
        yield WorkItem(
            minutes.heading, minutes.kind, minutes.pk, "Minutes to circulate", None, False,
            act="Circulate them", act_page="minutes_circulate",
        )  # fmt: skip
    asked = Correction.objects.visible_to(actor).filter(status=rules.CorrectionStatus.OPEN)
    for each in asked[:20]:
        title = f"{each.minutes.heading}: a correction is asked for"
        yield WorkItem(title, each.minutes.kind, each.minutes_id, "Correction to answer", None, False)


def moments(actor: Actor, starts_on: date, ends_on: date) -> Iterator[Moment]:
    """Meetings and events in a span of days."""
    rows = Gathering.objects.visible_to(actor).filter(held_on__range=(starts_on, ends_on))
    for row in rows.exclude(status=rules.GatheringStatus.CANCELLED):
        tone = "done" if row.status == rules.GatheringStatus.HELD else "planned"
        yield Moment(row.title, rules.lane_of(row.sort), row.held_on, row.ends_on, row.ref, tone)


def subject_access(person: Person, actor: Actor) -> Iterator[PersonalData]:
    """Where a person sat, attended, wrote or is named."""
    yield from records.told_of(person, actor, *records.kinds_of("meetings"), where="Meetings")
