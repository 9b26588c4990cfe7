"""Audits, the tool they are made with, the records looked at, each agency's part, what the panel and practitioners said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from shield.domain.audits import permissions, rules
from shield.improvement.models import PRECISIONS, Priority
from shield.kernel.access import queries as access
from shield.kernel.accounts import queries as accounts
from shield.kernel.accounts.models import Agency, AgencyMembership
from shield.kernel.calendar import queries as calendar
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.records.models import Record, RecordQuerySet
from shield.kernel.records.rules import COUNT_LIMIT, Retention, Searched, Sensitivity
from shield.kernel.sealed import rules as sealed
from shield.meetings.models import Gathering

_PUBLIC, _INTERNAL, _CHILD = Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.CHILD
_PERSONAL = Sensitivity.PERSONAL
_COUNT = [MaxValueValidator(COUNT_LIMIT)]


def ring() -> sealed.KeyRing:
    """The keys with which references and answers are sealed."""
    return sealed.ring(Path(settings.SHIELD_KEYS))


class AuditRecord(Record):
    """A record of this module: who may see audits sees all of them, but what a kind says otherwise."""

    view_permission = permissions.VIEW
    retention = Retention.PERMANENT

    class Meta:
        abstract = True


class Scale(AuditRecord):
    """The points on which practice is judged, from the best to the worst."""

    kind = "audits.scale"
    label = "Scale of judgement"
    sensitivity = {"title": _PUBLIC, "points": _PUBLIC}

    title = models.CharField(max_length=120)
    points = models.JSONField(default=list)
    """Each a word and the tone in which it is shown: `{"word": "Good", "tone": "good"}`."""

    class Meta:
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["partnership", "title"], name="scale_titled_once")]


class AuditTool(AuditRecord):
    """One version of the questions that agencies answer; frozen once an audit is made with it."""

    kind = "audits.tool"
    url_name = "audit_tool"
    label = "Audit tool"
    searched = Searched(by=("purpose",))
    reference_prefix = "TOO"
    sensitivity = {
        "title": _PUBLIC,
        "purpose": _PUBLIC,
        "edition": _PUBLIC,
        "status": _PUBLIC,
        "copied_from": _PUBLIC,
    }

    title = models.CharField(max_length=200)
    purpose = models.CharField(max_length=1000, blank=True)
    edition = models.PositiveSmallIntegerField(default=1, validators=[MaxValueValidator(999)])
    status = models.CharField(max_length=8, choices=rules.ToolStatus.choices, default="draft")
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="copies", null=True, blank=True
    )

    class Meta:
        ordering = ["title", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "title", "edition"], name="tool_edition_once")
        ]

    @property
    def heading(self) -> str:
        """Its title and version."""
        return f"{self.title}, version {self.edition}"


class ToolQuestion(AuditRecord):
    """One question of a tool. Its key stays through the versions, so that answers compare over years."""

    kind = "audits.question"
    label = "Question of an audit tool"
    shown_with = ("tool", "scale")
    sensitivity = {
        "tool": _PUBLIC, "key": _INTERNAL, "section": _PUBLIC, "position": _PUBLIC, "text": _PUBLIC, "guidance": _PUBLIC,
        "answer": _PUBLIC, "scale": _PUBLIC, "needed": _PUBLIC, "sectors": _PUBLIC, "dropped": _INTERNAL,
    }  # fmt: skip

    tool = models.ForeignKey(AuditTool, on_delete=models.PROTECT, related_name="questions")
    key = models.CharField(max_length=40)
    section = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(999)])
    text = models.CharField(max_length=400)
    guidance = models.CharField(max_length=1000, blank=True)
    answer = models.CharField(max_length=10, choices=rules.AnswerKind.choices)
    scale = models.ForeignKey(Scale, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    needed = models.BooleanField(default=True)
    sectors = models.JSONField(default=list, blank=True)
    """The sectors whose agencies are asked; empty for all."""
    dropped = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "recorded_at"]
        constraints = [
            models.UniqueConstraint(fields=["tool", "key"], name="question_once_in_a_version"),
            models.CheckConstraint(
                condition=Q(answer__in=["yes_no", "text"]) | Q(scale__isnull=False), name="judged_on_a_scale"
            ),
        ]

    @property
    def heading(self) -> str:
        """The question."""
        return self.text

    @property
    def asked(self) -> rules.Asked:
        """The question as rules see it."""
        points = rules.points_of(self.answer, self.scale.points if self.scale else ())
        return rules.Asked(self.key, self.text, self.answer, self.needed, points)

    def asks(self, sector: str) -> bool:
        """Whether an agency of this sector is asked it."""
        return not self.dropped and (not self.sectors or sector in self.sectors)


class Audit(AuditRecord):
    """One audit, from the question why to what came of it."""

    kind = "audits.audit"
    url_name = "audit"
    label = "Audit"
    searched = Searched(by=("why", "frame", "chosen_how"), follows=("priority",), day="starts_on")
    reference_prefix = "AUD"
    shown_with = ("priority", "tool")
    sensitivity = {
        "title": _PUBLIC, "sort": _PUBLIC, "depth": _PUBLIC, "priority": _PUBLIC, "why": _PUBLIC, "frame": _PUBLIC,
        "unit": _PUBLIC, "frame_from": _PUBLIC, "frame_to": _PUBLIC, "frame_size": _PUBLIC, "method": _PUBLIC,
        "chosen_how": _PUBLIC, "seed": _INTERNAL, "group_by": _INTERNAL, "columns": _INTERNAL, "list_digest": _INTERNAL,
        "status": _PUBLIC, "tool": _PUBLIC, "led_by": _PUBLIC, "led_by_outside": _PUBLIC, "team": _PUBLIC,
        "team_outside": _PUBLIC, "team_note": _PUBLIC, "starts_on": _PUBLIC, "ends_on": _PUBLIC, "precision": _PUBLIC,
        "planned_end": _INTERNAL, "compared_on": _INTERNAL,
        "answers_due_on": _PUBLIC, "considered": _PUBLIC, "in_depth": _PUBLIC, "considered_note": _PUBLIC,
        "nothing_found": _INTERNAL, "closed_on": _PUBLIC, "stopped_why": _INTERNAL,
    }  # fmt: skip

    title = models.CharField(max_length=200)
    sort = models.CharField(max_length=14, choices=rules.Kind.choices)
    depth = models.CharField(max_length=11, choices=rules.Depth.choices, blank=True)
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    why = models.TextField(max_length=2000, blank=True)
    frame = models.TextField(max_length=2000, blank=True)
    unit = models.CharField(max_length=8, choices=rules.Unit.choices, default="child")
    frame_from = models.DateField(null=True, blank=True)
    frame_to = models.DateField(null=True, blank=True)
    frame_size = models.PositiveIntegerField(null=True, blank=True, validators=_COUNT)
    method = models.CharField(max_length=10, choices=rules.Method.choices, blank=True)
    chosen_how = models.TextField(max_length=1000, blank=True)
    seed = models.CharField(max_length=40, blank=True)
    group_by = models.CharField(max_length=60, blank=True)
    columns = models.JSONField(default=list, blank=True)
    list_digest = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=10, choices=rules.Status.choices, default="planned")
    tool = models.ForeignKey(
        AuditTool, on_delete=models.PROTECT, related_name="audits", null=True, blank=True
    )
    led_by = models.ManyToManyField(Agency, related_name="+", blank=True)
    led_by_outside = models.CharField(max_length=200, blank=True)
    team = models.ManyToManyField(Agency, related_name="+", blank=True)
    team_outside = models.JSONField(default=list, blank=True)
    team_note = models.CharField(max_length=500, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    planned_end = models.DateField(null=True, blank=True)
    """By when it should end; `ends_on` is its last day, known once it is closed."""
    compared_on = models.DateField(null=True, blank=True)
    """The day on which it came before the panel; from then on it counts as done."""
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    answers_due_on = models.DateField(null=True, blank=True)
    considered = models.PositiveIntegerField(null=True, blank=True, validators=_COUNT)
    in_depth = models.PositiveIntegerField(null=True, blank=True, validators=_COUNT)
    considered_note = models.CharField(max_length=300, blank=True)
    nothing_found = models.CharField(max_length=1000, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    stopped_why = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-starts_on", "-reference"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="audit_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(frame_to__isnull=True)
                | Q(frame_from__isnull=True)
                | Q(frame_to__gte=models.F("frame_from")),
                name="frame_runs_forward",
            ),
        ]

    @property
    def was_recorded(self) -> bool:
        """Whether it was put on record after it was done, with its numbers only; one made here has a tool."""
        return self.status == rules.Status.CLOSED and self.tool_id is None

    @property
    def done_on(self) -> date | None:
        """The day on which it came before the panel, or ended where it was recorded afterwards; None until then."""
        if self.status not in rules.COMPARED:
            return None
        return self.compared_on or self.closed_on or self.starts_on

    @property
    def due_on(self) -> date | None:
        """By when the answers are due, while they are awaited: from that day on it can be chased and escalated."""
        return self.answers_due_on if self.status == rules.Status.AUDITING else None

    def units(self, number: int) -> str:
        """So many of what this audit looks at: “4 children's records”."""
        return f"{number:,} {rules.NOUNS[self.unit][number != 1]}"


class AuditedRows(RecordQuerySet):
    """Records in an audit: for whoever runs it, for agencies asked about them, later for whoever may compare."""

    def visible_to(self, actor: Any) -> Self:
        """Rows as `AgencyParts` shows their parts, and all of them to whoever runs audits."""
        rows = super().visible_to(actor).filter(dropped=False)
        if actor.may(permissions.RUN):
            return rows
        parts = AgencyPart.objects.visible_to(actor).order_by().values("record_id")
        seen = Q(pk__in=parts)
        if actor.may(permissions.COMPARE):
            seen |= Q(audit__status__in=rules.COMPARED, chosen=True)
        return rows.filter(seen)


class AuditedRecord(AuditRecord):
    """One record of the frame, known by a pseudonym; whose it is, is sealed for whoever runs the audit."""

    kind = "audits.record"
    url_name = "audited_record"
    label = "Audited record"
    traced = True
    retention = Retention.PARTNERSHIP_YEAR
    retention_from = "audit__closed_on"
    shown_with = ("audit", "audit__priority", "audit__tool")
    sensitivity = {
        "audit": _INTERNAL, "number": _INTERNAL, "groups": _INTERNAL, "chosen": _INTERNAL, "depth": _INTERNAL,
        "sealed_reference": _CHILD, "dropped": _INTERNAL,
    }  # fmt: skip

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="records")
    number = models.PositiveIntegerField(validators=_COUNT)
    groups = models.JSONField(default=dict, blank=True)
    chosen = models.BooleanField(default=False)
    depth = models.CharField(max_length=11, choices=rules.Depth.choices, blank=True)
    sealed_reference = models.TextField(blank=True)
    dropped = models.BooleanField(default=False)
    """Whether a later list took the place of the one it was in."""

    objects = AuditedRows.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["audit", "number"], name="record_numbered_once")]

    @property
    def pseudonym(self) -> str:
        """By what it is known everywhere: “Child 7”."""
        return f"{rules.PSEUDONYMS[self.audit.unit]} {self.number}"

    @property
    def heading(self) -> str:
        """The pseudonym and its audit."""
        return f"{self.pseudonym} of {self.audit.reference}"

    @property
    def _place(self) -> str:
        return f"audits.record.reference:{self.pk}"

    @property
    def own_reference(self) -> str:
        """The agency's own reference, opened; empty where none was given or it was forgotten."""
        return sealed.unseal(ring(), self.sealed_reference, self._place) if self.sealed_reference else ""

    @own_reference.setter
    def own_reference(self, text: str) -> None:
        self.sealed_reference = sealed.seal(ring(), text, self._place) if text else ""


def answers_for(actor: Any) -> models.QuerySet[Agency]:
    """The agencies for which somebody answers: where they work themselves, not all that belongs to it.

    A unit has its own people, and the council above it does not write for them; only for a unit where nobody may answer.
    """
    if not actor.may(permissions.ANSWER) or actor.person_id is None:
        return Agency.objects.none()
    today = calendar.today()
    here = AgencyMembership.objects.filter(
        accounts.held_on(today), partnership_id=actor.partnership_id, person_id=actor.person_id
    ).values("agency_id")
    may = accounts.posts_in(actor.partnership_id, today, roles=access.roles_with(permissions.ANSWER))
    unmanned = Q(parent__in=here) & ~Q(pk__in=may.order_by().values("agency_id"))
    return Agency.objects.filter(Q(pk__in=here) | unmanned)


class AgencyParts(RecordQuerySet):
    """One agency's answers: its own, whoever runs the audit, and from moderation on the other agencies of the audit."""

    def visible_to(self, actor: Any) -> Self:
        """Own parts always; all parts to whoever runs audits (answers only once handed in: `answers_for`);
        others' parts from moderation on, to those who may compare and to agencies with a part in the same audit."""
        rows = super().visible_to(actor)
        if actor.may(permissions.RUN):
            return rows
        own = Q(agency_id__in=answers_for(actor).order_by().values("pk"))
        later = Q(record__audit__status__in=rules.COMPARED)
        if not actor.may(permissions.COMPARE):
            ours = AgencyPart.objects.filter(own).order_by().values("record__audit_id")
            later &= Q(record__audit_id__in=ours)
        return rows.filter(own | later)


class AgencyPart(AuditRecord):
    """One agency's answers on one record: written by several of its people, handed in once."""

    kind = "audits.part"
    url_name = "audit_part"
    label = "Agency's part of an audit"
    traced = True
    retention = Retention.PARTNERSHIP_YEAR
    disposed_with = "record"
    shown_with = ("record__audit__priority", "record__audit__tool", "agency")
    sensitivity = {
        "record": _INTERNAL, "agency": _INTERNAL, "status": _INTERNAL, "judgements": _INTERNAL, "sealed_words": _CHILD,
        "sealed_reason": _CHILD, "submitted_on": _INTERNAL,
    }  # fmt: skip

    record = models.ForeignKey(AuditedRecord, on_delete=models.PROTECT, related_name="parts")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=9, choices=rules.PartStatus.choices, default="asked")
    judgements = models.JSONField(default=dict, blank=True)
    """By the key of a question: the code of the judgement."""
    sealed_words = models.TextField(blank=True)
    sealed_reason = models.TextField(blank=True)
    """What changes are asked for, or why the agency is excused."""
    submitted_on = models.DateField(null=True, blank=True)

    objects = AgencyParts.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["record__number", "agency__name"]
        constraints = [models.UniqueConstraint(fields=["record", "agency"], name="one_part_an_agency")]

    @property
    def audit(self) -> Audit:
        """The audit it belongs to."""
        return self.record.audit

    @property
    def heading(self) -> str:
        """Whose answers on which record."""
        return f"{self.record.pseudonym} of {self.record.audit.reference}, {self.agency.called}"

    @property
    def answers(self) -> dict[str, rules.Answer]:
        """The answers by question, opened."""
        words: Mapping[str, str] = json.loads(self._opened("words", self.sealed_words) or "{}")
        keys = {**self.judgements, **words}
        return {key: rules.Answer(self.judgements.get(key, ""), words.get(key, "")) for key in keys}

    @answers.setter
    def answers(self, given: Mapping[str, rules.Answer]) -> None:
        self.judgements = {key: a.judgement for key, a in given.items() if a.judgement}
        words = {key: a.words for key, a in given.items() if a.words.strip()}
        self.sealed_words = self._closed("words", json.dumps(words)) if words else ""

    @property
    def reason(self) -> str:
        """What changes are asked for, or why the agency is excused, opened."""
        return self._opened("reason", self.sealed_reason)

    @reason.setter
    def reason(self, text: str) -> None:
        self.sealed_reason = self._closed("reason", text) if text else ""

    def _closed(self, what: str, text: str) -> str:
        return sealed.seal(ring(), text, f"audits.part.{what}:{self.pk}")

    def _opened(self, what: str, text: str) -> str:
        return sealed.unseal(ring(), text, f"audits.part.{what}:{self.pk}") if text else ""

    def is_own(self, actor: Any) -> bool:
        """Whether this is for the actor's agency to answer."""
        return self.agency_id in actor.agency_ids and answers_for(actor).filter(pk=self.agency_id).exists()

    def shows_answers_to(self, actor: Any) -> bool:
        """Whether somebody who sees this part also reads what it says: not a draft of another agency's."""
        return self.is_own(actor) or self.status in rules.HANDED_IN


class AgreedJudgement(AuditRecord):
    """What the panel agreed on one question of one record, and why."""

    kind = "audits.agreed"
    label = "Panel's agreed judgement"
    traced = True
    retention = Retention.PARTNERSHIP_YEAR
    disposed_with = "record"
    shown_with = ("record__audit", "question")
    sensitivity = {
        "record": _INTERNAL,
        "question": _INTERNAL,
        "judgement": _INTERNAL,
        "sealed_reason": _CHILD,
    }

    record = models.ForeignKey(AuditedRecord, on_delete=models.PROTECT, related_name="agreed")
    question = models.ForeignKey(ToolQuestion, on_delete=models.PROTECT, related_name="+")
    judgement = models.CharField(max_length=60, blank=True)
    """Empty once the panel took it back."""
    sealed_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["question__position"]
        constraints = [models.UniqueConstraint(fields=["record", "question"], name="agreed_once")]

    @property
    def heading(self) -> str:
        """The record it is about."""
        return self.record.heading

    @property
    def _place(self) -> str:
        return f"audits.agreed.reason:{self.pk}"

    @property
    def reason(self) -> str:
        """Why, opened."""
        return sealed.unseal(ring(), self.sealed_reason, self._place) if self.sealed_reason else ""

    @reason.setter
    def reason(self, text: str) -> None:
        self.sealed_reason = sealed.seal(ring(), text, self._place) if text else ""


class Discussion(AuditRecord):
    """Practitioners of the records talked over with the panel what they did and why."""

    kind = "audits.discussion"
    label = "Reflective discussion"
    searched = Searched(by=("points",), under="audit", day="held_on")
    shown_with = ("audit",)
    sensitivity = {
        "audit": _PUBLIC, "held_on": _PUBLIC, "precision": _PUBLIC, "gatherings": _PUBLIC, "practitioners": _PUBLIC,
        "agencies": _PUBLIC, "agencies_outside": _PUBLIC, "points": _INTERNAL,
    }  # fmt: skip

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="discussions")
    held_on = models.DateField()
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    gatherings = models.ManyToManyField(Gathering, related_name="+", blank=True)
    practitioners = models.PositiveIntegerField(null=True, blank=True, validators=_COUNT)
    agencies = models.ManyToManyField(Agency, related_name="+", blank=True)
    agencies_outside = models.JSONField(default=list, blank=True)
    points = models.TextField(max_length=8000, blank=True)

    class Meta:
        ordering = ["held_on"]

    @property
    def when(self) -> str:
        """The day, or the month where no more is known."""
        return in_words_to(self.held_on, self.precision)

    @property
    def heading(self) -> str:
        """When, and of which audit."""
        return f"Reflective discussion of {self.when}, {self.audit.title}"
