"""A rapid review: its milestones, what each agency was asked and said, the summary, three signatures."""

from __future__ import annotations

from typing import Any, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from shield.domain.reviews import permissions, rules
from shield.domain.reviews.models.cases import Case, Filed
from shield.kernel.accounts.models import Agency, Person
from shield.kernel.records.models import Record, RecordQuerySet
from shield.kernel.records.rules import Retention, Sensitivity
from shield.kernel.sealed.models import SealedJSON, SealedText
from shield.meetings.models import Gathering

_INTERNAL, _PERSONAL, _CHILD = Sensitivity.INTERNAL, Sensitivity.PERSONAL, Sensitivity.CHILD
_DAYS = [MaxValueValidator(rules.MOST_DAYS)]


class PlanStep(Record):
    """A milestone of the partnership's own plan for rapid reviews."""

    kind = "reviews.plan_step"
    label = "Milestone of the plan"
    view_permission = permissions.VIEW
    retention = Retention.PERMANENT
    sensitivity = {
        "label_text": _INTERNAL, "from_day": _INTERNAL, "to_day": _INTERNAL, "position": _INTERNAL, "dropped": _INTERNAL,
    }  # fmt: skip

    label_text = models.CharField(max_length=200)
    from_day = models.PositiveSmallIntegerField(validators=_DAYS)
    to_day = models.PositiveSmallIntegerField(validators=_DAYS)
    position = models.PositiveSmallIntegerField(default=0)
    dropped = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]

    @property
    def heading(self) -> str:
        """What is to be reached."""
        return self.label_text


class RapidReview(Filed):
    """The rapid review of a case: begun when the incident is notified, sent to the Panel when three have signed."""

    kind = "reviews.rapid"
    label = "Rapid review"
    sensitivity = {
        "case": _INTERNAL, "begun_on": _INTERNAL, "due_on": _INTERNAL, "gathering": _INTERNAL, "met_on": _INTERNAL,
        "summary": _CHILD, "proposes": _INTERNAL, "reasons": _CHILD, "sent_on": _INTERNAL,
    }  # fmt: skip

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="rapid")
    begun_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    gathering = models.ForeignKey(
        Gathering, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    met_on = models.DateField(null=True, blank=True)
    summary = SealedJSON(default=dict, blank=True)
    """By heading (`rules.SUMMARY_PARTS`): the text."""
    proposes = models.CharField(max_length=19, choices=rules.Route.choices, blank=True)
    reasons = SealedText(max_length=4000, blank=True)
    sent_on = models.DateField(null=True, blank=True)

    @property
    def heading(self) -> str:
        """Of which case."""
        return f"Rapid review of {self.case.pseudonym}"

    @property
    def is_written(self) -> bool:
        """Whether the summary says anything, with what it proposes."""
        return bool(self.proposes and any(self.summary.values()))


class Step(Filed):
    """A milestone of one rapid review: due on a day, reached on a day."""

    kind = "reviews.step"
    label = "Milestone"
    sensitivity = {
        "case": _INTERNAL, "label_text": _INTERNAL, "due_on": _INTERNAL, "done_on": _INTERNAL, "position": _INTERNAL,
    }  # fmt: skip

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    label_text = models.CharField(max_length=200)
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    @property
    def heading(self) -> str:
        """What is to be reached."""
        return self.label_text


class Returns(RecordQuerySet):
    """Returns: an agency's own; to the team all of its case."""

    def visible_to(self, actor: Any) -> Self:
        """Own agency's returns to whoever may answer, for ever; all of a case to its team."""
        rows = self.filter(partnership_id=actor.partnership_id).select_related(*self.model.shown_with)
        if actor.is_system:
            return rows
        seen = Q(case__team_id__in=actor.team_ids) | Q(case_id__in=actor.opened)
        if actor.may(permissions.ANSWER):
            seen |= Q(agency_id__in=actor.agency_ids)
        return rows.filter(seen)


class AgencyReturn(Record):
    """What one agency was asked for a review of a case, and what it said; no other agency reads it."""

    kind = "reviews.return"
    url_name = "case_return"
    label = "Agency's return"
    view_permission = permissions.ANSWER
    retention = Retention.PERMANENT
    disposed_with = "case"
    traced = True
    reference_prefix = "RET"
    shown_with = ("case__team", "agency")
    sensitivity = {
        "case": _INTERNAL, "purpose": _INTERNAL, "agency": _INTERNAL, "asked_on": _INTERNAL, "due_on": _INTERNAL, "whom": _CHILD,
        "question": _CHILD, "status": _INTERNAL, "words": _CHILD, "nothing_held": _INTERNAL, "reason": _CHILD,
        "handed_in_on": _INTERNAL, "signed_off_by": _PERSONAL,
    }  # fmt: skip

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="returns")
    purpose = models.CharField(max_length=6, choices=rules.Purpose.choices, default="rapid")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    due_on = models.DateField()
    whom = SealedText(max_length=2000)
    """Whom it is about: what the agency needs to find its own record."""
    question = SealedText(max_length=4000, blank=True)
    status = models.CharField(max_length=9, choices=rules.ReturnStatus.choices, default="asked")
    words = SealedJSON(default=dict, blank=True)
    """By heading (`rules.PARTS`): the text."""
    nothing_held = models.BooleanField(default=False)
    reason = SealedText(max_length=2000, blank=True)
    """What should be changed, or why it is no longer asked."""
    handed_in_on = models.DateField(null=True, blank=True)
    signed_off_by = models.CharField(max_length=200, blank=True)
    """Who answers for it in the agency: name and post."""

    objects = Returns.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["due_on", "agency__name"]
        constraints = [
            models.UniqueConstraint(fields=["case", "agency", "purpose"], name="one_return_an_agency")
        ]

    @property
    def heading(self) -> str:
        """Which agency, on which case."""
        return f"{self.agency.called} on {self.case.reference}"

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Each heading that was asked, with what was written to it."""
        return [(label, self.words.get(part, "")) for part, label in rules.PARTS[self.purpose].items()]

    def is_own(self, actor: Any) -> bool:
        """Whether this is for the actor's agency to answer."""
        return actor.may(permissions.ANSWER) and self.agency_id in actor.agency_ids

    def shows_words_to(self, actor: Any) -> bool:
        """Whether somebody who sees it also reads what it says: not a draft of another agency's."""
        return self.is_own(actor) or self.status in rules.HANDED_IN


class SignOff(Filed):
    """One of the three partners signs for what the rapid review proposes, or does not, and says why."""

    kind = "reviews.sign_off"
    label = "Signature"
    sensitivity = {
        "case": _INTERNAL, "agency": _INTERNAL, "person": _PERSONAL, "choice": _INTERNAL, "reasons": _CHILD,
        "signed_on": _INTERNAL,
    }  # fmt: skip

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="signatures")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=9, choices=rules.Choice.choices, blank=True)
    """Empty once the summary was changed after the signature: it is to be signed anew."""
    reasons = SealedText(max_length=4000)
    signed_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "agency"], name="one_signature_a_partner")]

    @property
    def heading(self) -> str:
        """Who signed, on which case."""
        return f"{self.agency.called} on {self.case.pseudonym}"
