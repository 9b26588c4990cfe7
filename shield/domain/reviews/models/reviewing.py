"""A practice review of a case: who reviews it, whom it heard, and how it comes before the public."""

from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator
from django.db import models

from shield.domain.reviews import rules
from shield.domain.reviews.models.cases import Case, Filed
from shield.kernel.accounts.models import Person
from shield.kernel.files.models import StoredFile
from shield.kernel.records.rules import COUNT_LIMIT, Sensitivity
from shield.kernel.sealed.models import SealedText
from shield.meetings.models import Gathering

_PUBLIC, _INTERNAL, _PERSONAL, _CHILD = (
    Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL, Sensitivity.CHILD,
)  # fmt: skip


class PracticeReview(Filed):
    """The review of a case by somebody independent: from its commission to its publication."""

    kind = "reviews.practice_review"
    url_name = "practice_review"
    label = "Practice review"
    reference_prefix = "PRV"
    sensitivity = {
        "case": _INTERNAL, "reviewer": _PERSONAL, "independence": _PERSONAL, "no_conflict_with": _PERSONAL,
        "commissioned_on": _INTERNAL, "terms": _CHILD, "planned": _INTERNAL, "paused_on": _INTERNAL, "paused_for": _INTERNAL,
        "delay_reasons": _CHILD, "drafted_on": _INTERNAL, "board_on": _INTERNAL, "gathering": _INTERNAL, "publish_on": _INTERNAL,
        "advance_sent_on": _INTERNAL, "title": _PUBLIC, "summary": _PUBLIC, "scope": _PUBLIC, "scope_why": _PUBLIC,
        "file": _INTERNAL, "status": _INTERNAL, "proposed_by": _PERSONAL, "confirmed_by": _PERSONAL,
        "published_on": _PUBLIC, "withdrawn_on": _PUBLIC, "withdrawn_why": _PUBLIC,
    }  # fmt: skip

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="practice_review")
    reviewer = models.CharField(max_length=200)
    independence = models.CharField(max_length=1000)
    """Why this person is independent."""
    no_conflict_with = models.CharField(max_length=1000)
    """With which agencies they said that they have no conflict of interest."""
    commissioned_on = models.DateField()
    terms = SealedText(max_length=20000)
    planned = models.JSONField(default=dict, blank=True)
    """By stage (`rules.ReviewStage`): the day planned for it."""
    paused_on = models.DateField(null=True, blank=True)
    paused_for = models.CharField(max_length=8, choices=rules.Proceedings.choices, blank=True)
    delay_reasons = SealedText(max_length=4000, blank=True)
    drafted_on = models.DateField(null=True, blank=True)
    """When its first draft was filed."""
    board_on = models.DateField(null=True, blank=True)
    gathering = models.ForeignKey(
        Gathering, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    publish_on = models.DateField(null=True, blank=True)
    """When it is planned to be published."""
    advance_sent_on = models.DateField(null=True, blank=True)
    title = models.CharField(max_length=200, blank=True)
    summary = models.TextField(max_length=6000, blank=True)
    scope = models.CharField(max_length=12, choices=rules.Scope.choices, default="full")
    scope_why = models.CharField(max_length=1000, blank=True)
    """Why not the whole report is published; the public reads this."""
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    """What is published; it is among the files of the review."""
    status = models.CharField(max_length=9, choices=rules.ReviewStatus.choices, default="under_way")
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    published_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=1000, blank=True)

    @property
    def heading(self) -> str:
        """Of which case."""
        return f"Review of {self.case.pseudonym}"

    @property
    def planned_days(self) -> dict[str, date]:
        """By stage: the day planned for it."""
        return {stage: date.fromisoformat(day) for stage, day in self.planned.items()}


class Conversation(Filed):
    """That a review heard practitioners, the child or the family: when, how, what they said, and that they were told."""

    kind = "reviews.conversation"
    label = "Conversation"
    sensitivity = {
        "case": _INTERNAL, "who": _INTERNAL, "held_on": _INTERNAL, "how": _CHILD, "people": _INTERNAL, "said": _CHILD,
        "told_on": _INTERNAL, "told_how": _CHILD,
    }  # fmt: skip

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="conversations")
    who = models.CharField(max_length=13, choices=rules.Heard.choices)
    held_on = models.DateField()
    how = SealedText(max_length=500)
    people = models.PositiveIntegerField(null=True, blank=True, validators=[MaxValueValidator(COUNT_LIMIT)])
    """How many were heard."""
    said = SealedText(max_length=20000)
    told_on = models.DateField(null=True, blank=True)
    """When they were told what came of the review."""
    told_how = SealedText(max_length=1000, blank=True)

    class Meta:
        ordering = ["held_on", "recorded_at"]

    @property
    def heading(self) -> str:
        """Who was heard, on which case."""
        return f"{self.get_who_display()} heard on {self.case.pseudonym}"
