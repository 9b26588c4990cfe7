"""Reports, their narrative, confirmed numbers, builds."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q, TextChoices

from shield.annual_report import permissions
from shield.kernel.records.models import Record
from shield.kernel.records.rules import Retention, Searched, Sensitivity
from shield.kernel.reporting.models import ReportingYear

_PUBLIC, _INTERNAL, _PERSONAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL


class Status(TextChoices):
    """Where a report stands."""

    DRAFT = "draft", "Draft"
    ISSUED = "issued", "Issued"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ReportRecord(Record):
    """A record of the report in preparation."""

    view_permission = permissions.VIEW
    retention = Retention.PERMANENT

    class Meta:
        abstract = True


class Report(ReportRecord):
    """The yearly report of one reporting year; `frozen` holds all of it once it is issued."""

    kind = "annual_report.report"
    starts_clocks = True
    url_name = "report"
    label = "Yearly report"
    searched = Searched(by=("where_published", "withdrawn_why"), day="issued_on")
    reference_prefix = "REP"
    sensitivity = {
        "year": _PUBLIC, "title": _PUBLIC, "status": _PUBLIC, "issued_on": _PUBLIC, "published_on": _PUBLIC,
        "withdrawn_on": _PUBLIC, "withdrawn_why": _PUBLIC, "frozen": _PUBLIC, "secure_establishment": _PUBLIC,
        "where_published": _PUBLIC,
    }  # fmt: skip

    year = models.OneToOneField(ReportingYear, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status.choices, default="draft")
    issued_on = models.DateField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_why = models.TextField(blank=True)
    secure_establishment = models.BooleanField(default=False)
    where_published = models.CharField(max_length=300, blank=True)
    frozen = models.TextField(blank=True)

    class Meta:
        ordering = ["-year__starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft") | (Q(issued_on__isnull=False) & ~Q(frozen="")),
                name="issued_report_is_frozen",
            )
        ]


class EarlierIssue(ReportRecord):
    """A report as it was issued once and then withdrawn; a corrected one takes its place, this one stays."""

    kind = "annual_report.earlier_issue"
    url_name = "report_earlier"
    label = "Earlier issue of a report"
    searched = Searched(by=("withdrawn_why",), follows=("report",), day="withdrawn_on")
    sensitivity = {
        "report": _PUBLIC, "number": _PUBLIC, "frozen": _PUBLIC, "digest": _PUBLIC, "issued_on": _PUBLIC, "published_on": _PUBLIC,
        "withdrawn_on": _PUBLIC, "withdrawn_why": _PUBLIC,
    }  # fmt: skip

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="earlier")
    number = models.PositiveSmallIntegerField(validators=[MaxValueValidator(999)])
    frozen = models.TextField()
    digest = models.CharField(max_length=64)
    issued_on = models.DateField()
    published_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField()
    withdrawn_why = models.TextField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="earlier_issue_once")]

    @property
    def heading(self) -> str:
        """Which issue of which report."""
        return f"{self.report.title}, issue {self.number}, withdrawn"


class Narrative(ReportRecord):
    """What people write beside the figures, for one place in the report."""

    kind = "annual_report.narrative"
    label = "Narrative"
    searched = Searched(by=("text",), under="report")
    sensitivity = {
        "report": _PUBLIC,
        "section": _PUBLIC,
        "title": _PUBLIC,
        "position": _PUBLIC,
        "text": _PUBLIC,
    }

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="narratives")
    section = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(9999)])
    text = models.TextField(blank=True, max_length=60_000)

    class Meta:
        ordering = ["position", "section"]
        constraints = [models.UniqueConstraint(fields=["report", "section"], name="narrative_once")]


class NumberConfirmed(ReportRecord):
    """A person stands by a number typed into a narrative, with the reason."""

    kind = "annual_report.number_confirmed"
    label = "Confirmed number"
    sensitivity = {
        "narrative": _PUBLIC,
        "number": _PUBLIC,
        "context": _PUBLIC,
        "reason": _PUBLIC,
        "confirmed_by": _PERSONAL,
    }

    narrative = models.ForeignKey(Narrative, on_delete=models.PROTECT, related_name="confirmed")
    number = models.CharField(max_length=40)
    context = models.CharField(max_length=200)
    reason = models.TextField(max_length=1000)
    confirmed_by = models.CharField(max_length=200)

    @property
    def heading(self) -> str:
        """The number."""
        return self.number


class ItemExcused(ReportRecord):
    """A statutory item does not apply to this report, with the reason."""

    kind = "annual_report.item_excused"
    label = "Item that does not apply"
    sensitivity = {"report": _PUBLIC, "item": _PUBLIC, "reason": _PUBLIC, "excused_by": _PERSONAL}

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="excused")
    item = models.CharField(max_length=60)
    reason = models.TextField(max_length=1000)
    excused_by = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "item"], name="item_excused_once")]


class BuildStatus(TextChoices):
    """Where a build stands."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Building"
    DONE = "done", "Ready"
    FAILED = "failed", "Failed"


class Build(ReportRecord):
    """One build of a report in all formats, with its progress and its files."""

    kind = "annual_report.build"
    url_name = "build"
    label = "Build of the report"
    reference_prefix = "BLD"
    sensitivity = {
        "report": _INTERNAL, "of_digest": _INTERNAL, "status": _INTERNAL, "progress": _INTERNAL, "step": _INTERNAL, "asked_by": _PERSONAL,
        "asked_by_id": _INTERNAL, "asked_at": _INTERNAL, "finished_at": _INTERNAL, "problem": _INTERNAL,
    }  # fmt: skip

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="builds")
    status = models.CharField(max_length=8, choices=BuildStatus.choices, default="waiting")
    progress = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])
    step = models.CharField(max_length=100, blank=True)
    of_digest = models.CharField(max_length=64, blank=True)
    asked_by = models.CharField(max_length=200)
    asked_by_id = models.UUIDField(null=True, blank=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-asked_at"]

    @property
    def heading(self) -> str:
        """Which build."""
        return f"Build {self.reference}"
