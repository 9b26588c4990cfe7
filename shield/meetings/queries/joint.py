"""Reads of joint bodies: who takes part, and what a part shows of another partnership's body."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Partnership
from shield.kernel.files.models import StoredFile
from shield.meetings import rules
from shield.meetings.models import Body, BodyMember, Gathering, JointPart, Minutes, Paper, Resolution

OPEN = (rules.PartStatus.ASKED, rules.PartStatus.TAKING_PART)


def parts_elsewhere(actor: Actor) -> QuerySet[JointPart]:
    """The actor's partnership's own parts in bodies that others host; what was taken back before an answer is left out."""
    rows = JointPart.objects.visible_to(actor).filter(participant=actor.partnership_id)
    return rows.exclude(status=rules.PartStatus.TAKEN_BACK)


def parts_in(body: Body, actor: Actor) -> list[JointPart]:
    """Who was asked to take part in a body of the actor's partnership, and what came of it."""
    return list(JointPart.objects.visible_to(actor).filter(body=body))


def joint_names(body: Body, parts: list[JointPart]) -> list[str]:
    """With whom a body is joint: the areas named in its record, and the partnerships that take part here."""
    here = [p.participant.short_name for p in parts if p.status == rules.PartStatus.TAKING_PART]
    return [*body.joint_with, *(name for name in here if name not in body.joint_with)]


def askable(body: Body) -> QuerySet[Partnership]:
    """The partnerships of this installation that can be asked to take part in a body."""
    asked = JointPart.objects.filter(body=body, status__in=OPEN)
    others = Partnership.objects.exclude(pk=body.partnership_id)
    return others.exclude(pk__in=asked.values("participant_id")).order_by("name")


def is_guest(part: JointPart, actor: Actor) -> bool:
    """Whether the actor looks from the side that takes part, not from the host's."""
    return part.participant_id == actor.partnership_id


def why_not_answer(part: JointPart, actor: Actor) -> str:
    """Why somebody may not speak for the participant, empty if they may: only that partnership's own people do."""
    return "" if is_guest(part, actor) else f"This is for {part.participant.name} to say."


def seats_for(part: JointPart) -> QuerySet[BodyMember]:
    """Who sits on the body for the participant."""
    rows = BodyMember.objects.filter(part=part, ends_on__isnull=True)
    return rows.select_related(*BodyMember.shown_with).order_by("person__name")


# --- What a part shows. Each of these is of the host's partnership, so none goes through `visible_to`: the part does,
# and its first and last day bound everything.


def _while_shared(part: JointPart, day: str) -> Q:
    since = Q(**{f"{day}__gte": part.shares_from})
    return since & Q(**{f"{day}__lte": part.ended_on}) if part.ended_on else since


def shared_meetings(part: JointPart) -> QuerySet[Gathering]:
    """The meetings of the body while it is shared, the latest first."""
    rows = Gathering.objects.filter(_while_shared(part, "held_on"), body_id=part.body_id)
    return rows.select_related("body", "chair_agency", "chair_office", "minutes").defer("minutes__text")


def shared_meeting(part: JointPart, reference: str) -> Gathering | None:
    """One of them by its reference."""
    return shared_meetings(part).filter(reference=reference).first()


def shared_decisions(part: JointPart) -> QuerySet[Resolution]:
    """What the body decided while it is shared; a decision without a day is not shown."""
    rows = Resolution.objects.standing().filter(
        _while_shared(part, "decision__decided_on"), body_id=part.body_id
    )
    return rows.select_related("decision", "gathering", "body").order_by("-decision__decided_on", "reference")


def shared_minutes(gathering: Gathering) -> Minutes | None:
    """The minutes of a shared meeting, once they are circulated."""
    found = Minutes.objects.filter(gathering=gathering).exclude(status=rules.MinutesStatus.DRAFT)
    return found.select_related("gathering", "approved_at").first()


def shared_papers(part: JointPart, gathering: Gathering, actor: Actor) -> QuerySet[Paper]:
    """The papers of a shared meeting that this person may read.

    From the host's side what they may read there anyway. From the other: what is for everybody who sees the meeting,
    and what is for members for those who sit on the body.
    """
    if not is_guest(part, actor):
        rows = Paper.objects.visible_to(actor)
    else:
        readers = [rules.Audience.EVERYBODY]
        if seats_for(part).filter(person=actor.person_id).exists():
            readers.append(rules.Audience.MEMBERS)
        rows = Paper.objects.filter(audience__in=readers)
    rows = rows.filter(gathering=gathering, withdrawn=False, handed_in_at__isnull=False)
    return rows.select_related("gathering", "item", "agency")


def shared_file(
    part: JointPart, gathering: Gathering, reference: str, actor: Actor
) -> tuple[Paper, StoredFile] | None:
    """The newest file of one of those papers, by the paper's reference."""
    paper = shared_papers(part, gathering, actor).filter(reference=reference).first()
    if paper is None:
        return None
    found = (
        StoredFile.objects.filter(partnership_id=part.partnership_id, about_id=paper.pk)
        .order_by("recorded_at")
        .last()
    )
    return (paper, found) if found else None


def shared_with(actor: Actor, from_day: date) -> list[Gathering]:
    """The meetings of joint bodies that the actor's partnership takes part in, from a day on, for a calendar."""
    found: list[Gathering] = []
    for part in parts_elsewhere(actor).filter(
        status__in=(rules.PartStatus.TAKING_PART, rules.PartStatus.ENDED)
    ):
        found += shared_meetings(part).filter(held_on__gte=from_day, precision="day")
    return sorted(found, key=lambda row: (row.held_on, row.title))
