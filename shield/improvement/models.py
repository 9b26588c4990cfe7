"""The records of the evidence chain."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from shield.improvement import permissions, rules
from shield.kernel.accounts.models import Agency, Office, Person
from shield.kernel.records.models import Record, RecordQuerySet
from shield.kernel.records.rules import Refused, Retention, Searched, Sensitivity

_PUBLIC, _INTERNAL, _PERSONAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL
PRECISIONS = [("day", "Day"), ("month", "Month"), ("year", "Year")]
"""How exactly a date is known; a month or a year is stored as its first day."""
_OWNER = {
    "owner_agency": _PUBLIC, "owner_office": _PUBLIC, "owner_person": _PERSONAL, "owner_body_id": _INTERNAL,
    "owner_body_title": _PUBLIC, "owner_outside": _PUBLIC,
}  # fmt: skip


_TAKEN_BACK = {"withdrawn_on": _INTERNAL, "withdrawn_why": _INTERNAL}


class ChainQuerySet(RecordQuerySet):
    """Who may see the whole chain sees all; an agency sees what is asked of it."""

    def visible_to(self, actor: Any) -> Self:
        """The rows that stand and that the actor may see; what was taken back is in no list and no count."""
        return self.open_to(actor).standing()

    def standing(self) -> Self:
        """The rows that were not taken back."""
        return self.filter(withdrawn_on=None) if issubclass(self.model, Withdrawable) else self

    def open_to(self, actor: Any) -> Self:
        """All rows of the partnership, or those that concern the actor's agencies; with what names a row."""
        rows = self.filter(partnership_id=actor.partnership_id)
        if self.model.shown_with:
            rows = rows.select_related(*self.model.shown_with)
        if actor.may(permissions.VIEW):
            return rows
        if not actor.may(permissions.VIEW_OWN):
            return rows.none()
        own = self.model.asked_of(actor)
        return rows.filter(own) if own is not None else rows.none()

    def locked(self, pk: uuid.UUID, expected_version: int | None = None, *, by: Any) -> Any:
        """Re-read one row for a change; what was taken back is changed no more."""
        row = super().locked(pk, expected_version, by=by)
        if row.is_taken_back:
            raise Refused(f"This was taken back: {row.withdrawn_why}")
        return row


class ChainRecord(Record):
    """A record of the chain."""

    view_permission = permissions.VIEW
    retention = Retention.PERMANENT
    objects = ChainQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        abstract = True

    @property
    def is_taken_back(self) -> bool:
        """Whether it was taken back; most records of the chain change state instead."""
        return False

    @classmethod
    def asked_of(cls, actor: Any) -> Q | None:  # noqa: ARG003
        """Which rows concern the actor's own agencies; None for none."""
        return None


class Withdrawable(ChainRecord):
    """What was put on record by mistake can be taken back: it is kept and readable, and counts no more."""

    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=1000, blank=True)

    class Meta:
        abstract = True

    @property
    def is_taken_back(self) -> bool:
        """Whether it was taken back."""
        return self.withdrawn_on is not None


OWNER_RELATIONS = ("owner_agency", "owner_office", "owner_person")


class Owned(ChainRecord):
    """Something that an agency, an office, a person, a body or an outside body answers for."""

    owner_agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    owner_office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    owner_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    owner_body_id = models.UUIDField(null=True, blank=True)
    owner_body_title = models.CharField(max_length=200, blank=True)
    owner_outside = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def asked_of(cls, actor: Any) -> Q | None:
        """Rows owned by the agency, by an office of it, or by the person."""
        return owned_by(cls, actor)

    def is_owned_by(self, actor: Any) -> bool:
        """Whether this one row is the person's own, or of one of their agencies or an office in them."""
        return (
            self.owner_agency_id in actor.agency_ids
            or (self.owner_person_id is not None and self.owner_person_id == actor.person_id)
            or (self.owner_office is not None and self.owner_office.agency_id in actor.agency_ids)
        )

    @property
    def has_owner(self) -> bool:
        """Whether anybody answers for it."""
        return bool(
            self.owner_agency_id
            or self.owner_office_id
            or self.owner_person_id
            or self.owner_body_id
            or self.owner_outside
        )

    @property
    def owner_words(self) -> str:
        """Who answers for it, in words; select the owner relations with the row."""
        names = [
            self.owner_person.name if self.owner_person else "",
            self.owner_office.title if self.owner_office else "",
            self.owner_agency.called if self.owner_agency else "",
            self.owner_body_title,
            self.owner_outside,
        ]
        return ", ".join(name for name in names if name)


def owned_by(model: Any, actor: Any) -> Q:
    """Rows owned by one of the actor's agencies, by an office in them, or by the person themself."""
    rows = model.objects.order_by().values("pk")
    offices = Office.objects.filter(agency_id__in=actor.agency_ids).values("pk")
    found = rows.filter(owner_agency_id__in=actor.agency_ids)
    others = rows.filter(owner_office_id__in=offices), rows.filter(owner_person_id=actor.person_id)
    # One list of three, so that each is found by its own index; with "or" every row of the table would be read.
    return Q(pk__in=found.union(*others, all=True))


class Priority(ChainRecord):
    """A practice priority: why it was chosen, who leads it."""

    kind = "improvement.priority"
    url_name = "priority"
    label = "Priority"
    searched = Searched(by=("year", "rationale"))
    reference_prefix = "PRI"
    sensitivity = {
        "number": _PUBLIC, "title": _PUBLIC, "year": _PUBLIC, "rationale": _PUBLIC, "status": _PUBLIC, "leads": _PUBLIC,
        "starts_on": _PUBLIC, "uses_partnership_measures": _INTERNAL,
    }  # fmt: skip

    number = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(999)])
    title = models.CharField(max_length=300)
    year = models.CharField(max_length=40, blank=True)
    rationale = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=rules.PriorityStatus.choices, default="active")
    starts_on = models.DateField(null=True, blank=True)
    leads = models.ManyToManyField(Agency, related_name="+", blank=True)
    uses_partnership_measures = models.BooleanField(default=False)

    class Meta:
        ordering = ["number", "title"]
        verbose_name_plural = "priorities"

    @property
    def heading(self) -> str:
        """Its number and title."""
        return f"Priority {self.number}: {self.title}" if self.number else self.title

    @property
    def short(self) -> str:
        """Its number, or the first words of its title; for a table."""
        return f"Priority {self.number}" if self.number else shortened(self.title, 40)

    @classmethod
    def asked_of(cls, actor: Any) -> Q | None:  # noqa: ARG003
        """Every member agency may read the priorities."""
        return Q()


class SuccessMeasure(Withdrawable):
    """What would show that children are better off; of the partnership, or of one priority."""

    kind = "improvement.success_measure"
    url_name = "measure"
    label = "Success measure"
    searched = Searched(by=("heading_text", "points"))
    reference_prefix = "MEA"
    shown_with = ("priority",)
    sensitivity = {
        **_TAKEN_BACK,
        "priority": _PUBLIC,
        "title": _PUBLIC,
        "heading_text": _PUBLIC,
        "points": _PUBLIC,
        "position": _PUBLIC,
    }

    priority = models.ForeignKey(
        Priority, on_delete=models.PROTECT, related_name="measures", null=True, blank=True
    )
    title = models.CharField(max_length=400)
    heading_text = models.CharField(max_length=300, blank=True)
    points = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "title"]

    @classmethod
    def asked_of(cls, actor: Any) -> Q | None:  # noqa: ARG003
        """Every member agency may read the measures."""
        return Q()


class Theme(Withdrawable):
    """What several findings have in common."""

    kind = "improvement.theme"
    url_name = "theme"
    label = "Theme"
    searched = Searched()
    reference_prefix = "THE"
    shown_with = ("priority",)
    sensitivity = {**_TAKEN_BACK, "title": _PUBLIC, "priority": _PUBLIC}

    title = models.CharField(max_length=200)
    priority = models.ForeignKey(
        Priority, on_delete=models.PROTECT, related_name="themes", null=True, blank=True
    )

    class Meta:
        ordering = ["title"]


class Finding(Withdrawable):
    """Something found about practice: working well, or to develop."""

    kind = "improvement.finding"
    url_name = "finding"
    label = "Finding"
    searched = Searched(by=("text",), day="found_on")
    reference_prefix = "FIN"
    shown_with = ("priority",)
    sensitivity = {
        **_TAKEN_BACK,
        "text": _INTERNAL, "sort": _PUBLIC, "evidence_from": _PUBLIC, "priority": _PUBLIC, "themes": _PUBLIC,
        "origin_kind": _INTERNAL, "origin_id": _INTERNAL, "found_on": _PUBLIC,
    }  # fmt: skip

    text = models.TextField(max_length=2000)
    sort = models.CharField(max_length=14, choices=rules.FindingSort.choices)
    evidence_from = models.CharField(max_length=30, choices=rules.EvidenceFrom.choices)
    priority = models.ForeignKey(
        Priority, on_delete=models.PROTECT, related_name="findings", null=True, blank=True
    )
    themes = models.ManyToManyField(Theme, related_name="findings", blank=True)
    origin_kind = models.CharField(max_length=80, blank=True)
    origin_id = models.UUIDField(null=True, blank=True)
    found_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["reference"]

    @property
    def heading(self) -> str:
        """The first words."""
        return shortened(self.text)


class Recommendation(Withdrawable, Owned):
    """What should change, and who must act; or an issue to be fixed."""

    kind = "improvement.recommendation"
    url_name = "recommendation"
    label = "Recommendation"
    searched = Searched(by=("issue", "text", "topics"), day="presented_on")
    reference_prefix = "REC"
    shown_with = ("priority", *OWNER_RELATIONS)
    sensitivity = {
        **_TAKEN_BACK,
        **_OWNER, "number": _PUBLIC, "sort": _PUBLIC, "title": _PUBLIC, "issue": _PUBLIC, "text": _PUBLIC, "priority": _PUBLIC,
        "findings": _INTERNAL, "themes": _PUBLIC, "status": _PUBLIC, "topics": _PUBLIC, "outside_decided_list": _INTERNAL,
        "presented_on": _PUBLIC,
    }  # fmt: skip

    number = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(999)])
    sort = models.CharField(max_length=16, choices=rules.RecommendationSort.choices, default="recommendation")
    title = models.CharField(max_length=300)
    issue = models.TextField(blank=True)
    text = models.TextField(blank=True)
    topics = models.JSONField(default=list, blank=True)
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="recommendations")
    findings = models.ManyToManyField(Finding, related_name="recommendations", blank=True)
    themes = models.ManyToManyField(Theme, related_name="recommendations", blank=True)
    status = models.CharField(max_length=10, choices=rules.RecommendationStatus.choices, default="draft")
    outside_decided_list = models.BooleanField(default=False)
    presented_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["priority__number", "number", "title"]

    @property
    def heading(self) -> str:
        """Its number and title."""
        word = "Issue" if self.sort == "issue_to_fix" else "Recommendation"
        return f"{word} {self.number}: {self.title}" if self.number else self.title

    @classmethod
    def asked_of(cls, actor: Any) -> Q | None:
        """Those whose owner, parts or actions are the agency's."""
        parts = Part.objects.filter(owned_by(Part, actor)).values("recommendation_id")
        actions = Action.objects.filter(owned_by(Action, actor), recommendation_id__isnull=False).values(
            "recommendation_id"
        )
        return owned_by(cls, actor) | Q(pk__in=parts) | Q(pk__in=actions)


class Part(Owned):
    """One thing a recommendation asks of one owner."""

    kind = "improvement.part"
    label = "Part of a recommendation"
    searched = Searched(by=("text",), under="recommendation")
    reference_prefix = "PAR"
    shown_with = ("recommendation__priority", *OWNER_RELATIONS)
    sensitivity = {
        **_OWNER, "recommendation": _PUBLIC, "text": _PUBLIC, "position": _PUBLIC, "due_on": _PUBLIC, "precision": _PUBLIC,
    }  # fmt: skip

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="parts")
    text = models.TextField(max_length=2000)
    position = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")

    class Meta:
        ordering = ["position"]

    @property
    def heading(self) -> str:
        """The first words."""
        return shortened(self.text)


class Decision(Withdrawable):
    """What was decided; `meetings.Resolution` says by which body, at which gathering."""

    kind = "improvement.decision"
    url_name = "decision"
    label = "Decision"
    searched = Searched(by=("text", "reason"), day="decided_on")
    reference_prefix = "DEC"
    sensitivity = {
        **_TAKEN_BACK,
        "text": _PUBLIC, "outcome": _PUBLIC, "decided_on": _PUBLIC, "precision": _PUBLIC, "needs_action": _INTERNAL,
        "reason": _INTERNAL, "recommendations": _PUBLIC, "priorities": _PUBLIC,
    }  # fmt: skip

    text = models.TextField(max_length=2000)
    outcome = models.CharField(max_length=16, choices=rules.Outcome.choices, default="agreed")
    reason = models.TextField(blank=True)
    decided_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    needs_action = models.BooleanField(default=False)
    recommendations = models.ManyToManyField(Recommendation, related_name="decisions", blank=True)
    priorities = models.ManyToManyField(Priority, related_name="decisions", blank=True)

    class Meta:
        ordering = ["decided_on", "reference"]

    @property
    def heading(self) -> str:
        """The first words."""
        return shortened(self.text)

    @classmethod
    def asked_of(cls, actor: Any) -> Q | None:
        """Decisions out of which an action of the agency came."""
        return Q(
            pk__in=Action.objects.filter(owned_by(Action, actor), decision_id__isnull=False).values(
                "decision_id"
            )
        )


class Action(Owned):
    """What somebody does by a date."""

    kind = "improvement.action"
    url_name = "action"
    label = "Action"
    searched = Searched(by=("text", "note"), day="due_on")
    reference_prefix = "ACT"
    shown_with = ("priority", "recommendation", "part", "decision", *OWNER_RELATIONS)
    sensitivity = {
        **_OWNER, "text": _PUBLIC, "priority": _PUBLIC, "recommendation": _PUBLIC, "part": _PUBLIC, "decision": _PUBLIC,
        "due_on": _PUBLIC, "precision": _PUBLIC, "status": _PUBLIC, "done_on": _PUBLIC, "note": _INTERNAL,
    }  # fmt: skip

    text = models.TextField(max_length=2000)
    priority = models.ForeignKey(
        Priority, on_delete=models.PROTECT, related_name="actions", null=True, blank=True
    )
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="actions", null=True, blank=True
    )
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="actions", null=True, blank=True)
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="actions", null=True, blank=True
    )
    due_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    status = models.CharField(max_length=12, choices=rules.ActionStatus.choices, default="planned")
    done_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["due_on", "reference"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="done") | Q(done_on__isnull=False), name="action_done_has_day"
            ),
        ]

    @property
    def heading(self) -> str:
        """The first words."""
        return shortened(self.text)


class ProgressNote(Withdrawable):
    """How far something has come, as somebody noted it."""

    kind = "improvement.progress_note"
    url_name = "progress_note"
    label = "Progress note"
    searched = Searched(by=("text",), day="noted_on")
    reference_prefix = "PRO"
    sensitivity = {
        **_TAKEN_BACK,
        "about_kind": _INTERNAL,
        "about_id": _INTERNAL,
        "text": _INTERNAL,
        "noted_on": _PUBLIC,
        "precision": _PUBLIC,
    }

    about_kind = models.CharField(max_length=80)
    about_id = models.UUIDField(db_index=True)
    text = models.TextField(max_length=4000)
    noted_on = models.DateField()
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")

    class Meta:
        ordering = ["-noted_on", "-reference"]

    @property
    def heading(self) -> str:
        """The first words."""
        return shortened(self.text)

    @classmethod
    def asked_of(cls, actor: Any) -> Q | None:
        """Notes on what the agency answers for."""
        return about_own(actor)


class Evidence(Withdrawable):
    """What shows that something was done, done well, or made anyone better off."""

    kind = "improvement.evidence"
    url_name = "evidence"
    label = "Evidence"
    searched = Searched(by=("text",), day="found_on")
    reference_prefix = "EVI"
    sensitivity = {
        **_TAKEN_BACK,
        "about_kind": _INTERNAL, "about_id": _INTERNAL, "sort": _PUBLIC, "text": _INTERNAL, "found_on": _PUBLIC,
        "precision": _PUBLIC, "answers": _PUBLIC, "file_id": _INTERNAL,
    }  # fmt: skip

    about_kind = models.CharField(max_length=80)
    about_id = models.UUIDField(db_index=True)
    sort = models.CharField(max_length=12, choices=rules.EvidenceSort.choices)
    text = models.TextField(max_length=4000)
    found_on = models.DateField()
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    answers = models.CharField(max_length=12, choices=rules.Question.choices)
    file_id = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["-found_on", "-reference"]
        verbose_name_plural = "evidence"

    @property
    def heading(self) -> str:
        """The first words."""
        return shortened(self.text)

    @classmethod
    def asked_of(cls, actor: Any) -> Q | None:
        """Evidence on what the agency answers for."""
        return about_own(actor)


class ImpactReview(ChainRecord):
    """Six and twelve months after the decision: how much, how well, is anyone better off?"""

    kind = "improvement.impact_review"
    url_name = "impact_review"
    label = "Impact review"
    searched = Searched(by=("how_much", "how_well", "better_off"), follows=("priority",), day="due_on")
    reference_prefix = "IMP"
    shown_with = ("priority",)
    sensitivity = {
        "priority": _PUBLIC, "months": _PUBLIC, "due_on": _PUBLIC, "held_on": _PUBLIC, "how_much": _PUBLIC, "how_well": _PUBLIC,
        "better_off": _PUBLIC, "verdict": _PUBLIC, "evidence": _INTERNAL,
    }  # fmt: skip

    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="impact_reviews")
    months = models.PositiveSmallIntegerField(choices=[(m, f"{m} months") for m in rules.REVIEW_MONTHS])
    due_on = models.DateField()
    held_on = models.DateField(null=True, blank=True)
    how_much = models.TextField(blank=True, max_length=4000)
    how_well = models.TextField(blank=True, max_length=4000)
    better_off = models.TextField(blank=True, max_length=4000)
    verdict = models.CharField(max_length=10, choices=rules.Verdict.choices, blank=True)
    evidence = models.ManyToManyField(Evidence, related_name="reviews", blank=True)

    class Meta:
        ordering = ["due_on"]
        constraints = [models.UniqueConstraint(fields=["priority", "months"], name="one_review_a_stage")]

    @property
    def heading(self) -> str:
        """The stage and its priority."""
        return f"{self.months}-month impact review of {self.priority.heading}"


def about_own(actor: Any) -> Q:
    """About an action or a recommendation that the actor's own agencies answer for."""
    own = [
        model.objects.filter(owned_by(model, actor)).order_by().values("pk")
        for model in (Action, Recommendation)
    ]
    # One list of ids, not two: so the rows about them are found by their index.
    return Q(about_id__in=own[0].union(own[1], all=True))


def shortened(text: str, length: int = 110) -> str:
    """The first words of a text, as a title."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rsplit(" ", 1)[0] + "…"
