"""Cycles, their stages, hub members, dissemination steps."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from shield.domain.learning_hub import permissions, rules
from shield.improvement.models import PRECISIONS, Finding, Priority, Recommendation, shortened
from shield.kernel.accounts.models import Agency, Office, Person
from shield.kernel.records.models import Record
from shield.kernel.records.rules import Retention, Searched, Sensitivity
from shield.meetings.models import Gathering

_PUBLIC, _INTERNAL, _PERSONAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL
_MANY = [MaxValueValidator(999)]


class HubRecord(Record):
    """A record of the Learning Hub: who may see it sees all of it."""

    view_permission = permissions.VIEW
    retention = Retention.PERMANENT

    class Meta:
        abstract = True


class Cycle(HubRecord):
    """The work on one priority, from scoping to recommendations."""

    kind = "learning_hub.cycle"
    url_name = "cycle"
    label = "Learning Hub cycle"
    searched = Searched(by=("summary", "stopped_why"), follows=("priority",), day="starts_on")
    reference_prefix = "CYC"
    shown_with = ("priority",)
    sensitivity = {
        "priority": _PUBLIC, "variant": _PUBLIC, "starts_on": _PUBLIC, "summary": _PUBLIC, "stopped_on": _PUBLIC,
        "stopped_why": _PUBLIC, "issues_noted": _PUBLIC, "issues_elsewhere": _PUBLIC,
    }  # fmt: skip

    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="+")
    variant = models.CharField(max_length=14, choices=rules.Variant.choices, default="four_month")
    starts_on = models.DateField()
    summary = models.TextField(blank=True)
    stopped_on = models.DateField(null=True, blank=True)
    stopped_why = models.CharField(max_length=1000, blank=True)
    issues_noted = models.PositiveSmallIntegerField(null=True, blank=True, validators=_MANY)
    """How many issues emerged in a cycle of which they were not recorded one by one."""
    issues_elsewhere = models.PositiveSmallIntegerField(null=True, blank=True, validators=_MANY)
    """How many of those were taken forward outside the Learning Hub."""

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["priority"], condition=Q(stopped_on__isnull=True), name="one_running_cycle"
            )
        ]

    @property
    def heading(self) -> str:
        """The cycle's priority."""
        return f"Learning Hub: {self.priority.heading}"


class Stage(HubRecord):
    """One month of a cycle."""

    kind = "learning_hub.stage"
    label = "Stage of a cycle"
    searched = Searched(by=("needs", "did"), under="cycle", day="starts_on")
    shown_with = ("cycle__priority",)
    sensitivity = {
        "cycle": _PUBLIC, "number": _PUBLIC, "title": _PUBLIC, "needs": _PUBLIC, "starts_on": _PUBLIC, "ends_on": _PUBLIC,
        "status": _PUBLIC, "did": _PUBLIC,
    }  # fmt: skip

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="stages")
    number = models.PositiveSmallIntegerField(validators=[MaxValueValidator(12)])
    title = models.CharField(max_length=200)
    needs = models.CharField(max_length=300, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    status = models.CharField(max_length=10, choices=rules.StageStatus.choices, default="to_come")
    did = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["cycle", "number"], name="stage_once_in_a_cycle")]

    @property
    def heading(self) -> str:
        """Its title."""
        return self.title


class HubMember(HubRecord):
    """Somebody nominated by a partner to work on a cycle."""

    kind = "learning_hub.member"
    label = "Hub member"
    shown_with = ("agency", "office", "person", "nominated_by")
    sensitivity = {
        "cycle": _PUBLIC,
        "agency": _PUBLIC,
        "office": _PUBLIC,
        "person": _PERSONAL,
        "nominated_by": _PUBLIC,
        "nominated_on": _PUBLIC,
    }

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="members")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    nominated_by = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    nominated_on = models.DateField()

    class Meta:
        ordering = ["agency__name"]
        constraints = [models.UniqueConstraint(fields=["cycle", "agency", "person"], name="hub_member_once")]

    @property
    def heading(self) -> str:
        """Who it is."""
        names = [self.person and self.person.name, self.office and self.office.title, self.agency.called]
        return ", ".join(name for name in names if name)


class DisseminationStep(HubRecord):
    """One step by which a priority's learning is passed on, reported back and reviewed."""

    kind = "learning_hub.step"
    url_name = "step"
    label = "Step of dissemination"
    searched = Searched(by=("activity", "progress"), day="happens_on")
    reference_prefix = "DIS"
    shown_with = ("priority", "agency", "gathering")
    sensitivity = {
        "priority": _PUBLIC, "happens_on": _PUBLIC, "ends_on": _PUBLIC, "precision": _PUBLIC, "activity": _PUBLIC, "agency": _PUBLIC,
        "status": _PUBLIC, "progress": _PUBLIC, "gathering": _PUBLIC,
    }  # fmt: skip

    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="+")
    happens_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    activity = models.TextField(max_length=1000)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    status = models.CharField(max_length=18, choices=rules.StepStatus.choices, default="planned")
    progress = models.TextField(blank=True, max_length=2000)
    gathering = models.ForeignKey(
        Gathering, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["happens_on", "reference"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("happens_on")),
                name="step_runs_forward",
            )
        ]

    @property
    def heading(self) -> str:
        """What is done, in its first words."""
        return shortened(self.activity)


class PlanItem(HubRecord):
    """One piece of evidence on a cycle's delivery plan: what it is, where it is from, how far it carries, what it says."""

    kind = "learning_hub.plan_item"
    label = "Evidence on a delivery plan"
    searched = Searched(by=("source", "says"), under="cycle", day="dated_on", only=(("withdrawn_on", None),))
    reference_prefix = "DPL"
    shown_with = ("cycle__priority",)
    sensitivity = {
        "cycle": _PUBLIC, "sort": _PUBLIC, "source": _PUBLIC, "dated_on": _PUBLIC, "precision": _PUBLIC, "strength": _PUBLIC,
        "says": _INTERNAL, "withdrawn_on": _INTERNAL, "withdrawn_why": _INTERNAL,
    }  # fmt: skip

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="plan_items")
    sort = models.CharField(max_length=16, choices=rules.EvidenceKind.choices)
    source = models.CharField(max_length=300)
    dated_on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="day")
    strength = models.CharField(max_length=10, choices=rules.Strength.choices, default="unweighed")
    says = models.TextField(max_length=4000)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["sort", "dated_on", "reference"]

    @property
    def heading(self) -> str:
        """Its source."""
        return self.source


class PlannedActivity(HubRecord):
    """An audit, a round of feedback or a visit that a cycle means to do, and what came of it."""

    kind = "learning_hub.planned_activity"
    label = "Planned activity"
    searched = Searched(by=("what", "outcome"), under="cycle", day="happens_on")
    reference_prefix = "PLA"
    shown_with = ("cycle__priority", "agency")
    sensitivity = {
        "cycle": _PUBLIC, "sort": _PUBLIC, "what": _PUBLIC, "agency": _PUBLIC, "happens_on": _PUBLIC, "precision": _PUBLIC,
        "status": _PUBLIC, "outcome": _PUBLIC,
    }  # fmt: skip

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="planned")
    sort = models.CharField(max_length=8, choices=rules.ActivityKind.choices)
    what = models.CharField(max_length=500)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    happens_on = models.DateField()
    precision = models.CharField(max_length=5, choices=PRECISIONS, default="month")
    status = models.CharField(max_length=8, choices=rules.ActivityStatus.choices, default="planned")
    outcome = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering = ["happens_on", "reference"]

    @property
    def heading(self) -> str:
        """What it is, in its first words."""
        return shortened(self.what)


class EmergingIssue(HubRecord):
    """What the evidence of a cycle seems to show before anybody decides what to do about it.

    Regrouping and splitting make new issues that know what they came from; nothing is written over.
    """

    kind = "learning_hub.issue"
    url_name = "emerging_issue"
    label = "Emerging issue"
    searched = Searched(by=("text", "why"), day="noted_on")
    reference_prefix = "EMI"
    shown_with = ("cycle__priority", "sent_to", "recommendation__priority")
    sensitivity = {
        "cycle": _PUBLIC, "title": _PUBLIC, "text": _INTERNAL, "noted_on": _PUBLIC, "status": _PUBLIC, "settled_on": _PUBLIC,
        "came_from": _PUBLIC, "plan_items": _PUBLIC, "findings": _INTERNAL, "sent_to": _PUBLIC, "sent_outside": _PUBLIC,
        "why": _INTERNAL, "recommendation": _PUBLIC,
    }  # fmt: skip

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="issues")
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True, max_length=4000)
    noted_on = models.DateField()
    status = models.CharField(max_length=9, choices=rules.IssueStatus.choices, default="open")
    settled_on = models.DateField(null=True, blank=True)
    came_from = models.ManyToManyField("self", symmetrical=False, related_name="became", blank=True)
    plan_items = models.ManyToManyField(PlanItem, related_name="emerging_issues", blank=True)
    findings = models.ManyToManyField(Finding, related_name="+", blank=True)
    sent_to = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    sent_outside = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=1000, blank=True)
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["reference"]

    @property
    def priority(self) -> Priority:
        """The priority that its cycle works on."""
        return self.cycle.priority

    @property
    def sent_words(self) -> str:
        """Who takes it forward, in words."""
        return self.sent_to.called if self.sent_to else self.sent_outside

    @property
    def outcome(self) -> str:
        """What became of it, in words; empty while it is open. Read `became` together with the row."""
        if self.status in rules.MADE_INTO_OTHERS:
            into = [each.title for each in self.became.all() if each.status != rules.IssueStatus.UNDONE]
            return f"Now: {'; '.join(into)}"
        if self.status == rules.IssueStatus.ELSEWHERE:
            return f"{self.sent_words}: {self.why}"
        return self.recommendation.heading if self.recommendation else ""
