"""A case, how it came, which way it took, what was written about it and what came of it."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from shield.domain.reviews import permissions, rules
from shield.improvement.models import Theme
from shield.kernel.accounts.models import Agency, Person, Team
from shield.kernel.records.models import Record, RecordQuerySet
from shield.kernel.records.rules import Retention, Searched, Sensitivity
from shield.kernel.sealed.models import SealedJSON, SealedText
from shield.meetings.models import Gathering

_PUBLIC, _INTERNAL, _PERSONAL, _CHILD = (
    Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL, Sensitivity.CHILD,
)  # fmt: skip


def precision() -> models.CharField[str, str]:
    """How exactly a day beside it is known."""
    return models.CharField(max_length=7, choices=rules.Precision.choices, default="day")


class Cases(RecordQuerySet):
    """Cases: for their teams; shown to the wider group once they were read for names."""

    def visible_to(self, actor: Any) -> Self:
        """Own teams' cases, those opened urgently, and to whoever may see cases those that were shown to the group."""
        rows = self.filter(partnership_id=actor.partnership_id).select_related(*self.model.shown_with)
        if actor.is_system:
            return rows
        mine = Q(team_id__in=actor.team_ids) | Q(pk__in=actor.opened)
        return rows.filter(mine | Q(shared_on__isnull=False) if actor.may(permissions.VIEW) else mine)


class Case(Record):
    """One incident or family the partnership learns from, known by a pseudonym; its file opens to its team alone."""

    kind = "reviews.case"
    url_name = "case"
    label = "Case"
    view_permission = permissions.VIEW
    retention = Retention.PERMANENT
    traced = True
    is_restricted = True
    starts_clocks = True
    reference_prefix = "CAS"
    searched = Searched(by=("incident",), only=(("shared_on__isnull", False),), day="notified_on")
    shown_with = ("team",)
    sensitivity = {
        "pseudonym": _INTERNAL, "incident": _INTERNAL, "stage": _INTERNAL, "route": _INTERNAL, "team": _INTERNAL,
        "aware_at": _INTERNAL, "notified_on": _INTERNAL, "began_on": _INTERNAL, "began_precision": _INTERNAL,
        "shared_on": _INTERNAL, "closed_on": _INTERNAL, "source": _INTERNAL, "themes": _INTERNAL, "gatherings": _INTERNAL,
    }  # fmt: skip

    pseudonym = models.CharField(max_length=80)
    incident = models.CharField(max_length=600, blank=True)
    """What happened, in words for the wider group: nobody can be recognised by them."""
    stage = models.CharField(max_length=12, choices=rules.Stage.choices, default="referred")
    route = models.CharField(max_length=19, choices=rules.Route.choices, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    aware_at = models.DateTimeField(null=True, blank=True)
    """When the local authority became aware of the incident: the clock of the notification runs from it."""
    notified_on = models.DateField(null=True, blank=True)
    began_on = models.DateField(null=True, blank=True)
    """When the way it took was begun, or it first came before the group."""
    began_precision = precision()
    shared_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    """Where a case that began before is taken from."""
    themes = models.ManyToManyField(Theme, related_name="+", blank=True)
    gatherings = models.ManyToManyField(Gathering, related_name="+", blank=True)
    """Where it was discussed."""

    objects = Cases.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-notified_on", "-reference"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "pseudonym"], name="case_pseudonym_once"),
        ]

    @property
    def heading(self) -> str:
        """The pseudonym."""
        return self.pseudonym

    @property
    def began(self) -> str:
        """When it began, as exactly as it is known."""
        return rules.when(self.began_on, self.began_precision)

    def is_open_to(self, actor: Any) -> bool:
        """Whether the file opens, and not only what the wider group may read."""
        return self.team_id in actor.team_ids or self.pk in actor.opened


class FileRows(RecordQuerySet):
    """What lies in the file of a case: for its team, and for whoever opened the case urgently."""

    def visible_to(self, actor: Any) -> Self:
        """Rows of own teams' cases."""
        rows = self.filter(partnership_id=actor.partnership_id).select_related(*self.model.shown_with)
        if actor.is_system:
            return rows
        return rows.filter(Q(case__team_id__in=actor.team_ids) | Q(case_id__in=actor.opened))


class Filed(Record):
    """Something in the file of a case."""

    view_permission = permissions.WORK
    retention = Retention.PERMANENT
    disposed_with = "case"
    traced = True
    shown_with = ("case__team",)

    objects = FileRows.as_manager()  # type: ignore[misc]

    class Meta:
        abstract = True


class Referral(Filed):
    """What somebody saw and thought serious: the first words on a case, as they were written."""

    kind = "reviews.referral"
    label = "Referral"
    sensitivity = {
        "case": _INTERNAL, "referred_by": _PERSONAL, "agency": _INTERNAL, "referred_at": _INTERNAL, "what": _CHILD,
        "happened": _CHILD, "place": _CHILD, "safety": _CHILD, "details": _CHILD, "answers": _INTERNAL, "outcome": _INTERNAL,
        "reasons": _CHILD, "screened_on": _INTERNAL, "screened_by": _PERSONAL,
    }  # fmt: skip

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="referral")
    referred_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    referred_at = models.DateTimeField()
    what = SealedText(max_length=8000)
    happened = SealedText(max_length=200, blank=True)
    place = SealedText(max_length=300, blank=True)
    safety = SealedText(max_length=4000, blank=True)
    details = SealedJSON(default=dict, blank=True)
    """By heading: what the national form asks beside, as far as it is known."""
    answers = models.JSONField(default=dict, blank=True)
    """By criterion (`rules.CRITERIA`): yes, no or not known."""
    outcome = models.CharField(max_length=8, choices=rules.Screened.choices, blank=True)
    reasons = SealedText(max_length=4000, blank=True)
    screened_on = models.DateField(null=True, blank=True)
    screened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    @property
    def heading(self) -> str:
        """Of which case."""
        return f"Referral of {self.case.pseudonym}"


class RouteTaken(Filed):
    """A decision by which way is learnt from a case, with the reasons; a later one leaves it on record."""

    kind = "reviews.route"
    label = "Decision on the way"
    sensitivity = {
        "case": _INTERNAL, "route": _INTERNAL, "decided_on": _INTERNAL, "precision": _INTERNAL, "reasons": _CHILD,
        "gathering": _INTERNAL,
    }  # fmt: skip

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="routes")
    route = models.CharField(max_length=19, choices=rules.Route.choices)
    decided_on = models.DateField(null=True, blank=True)
    precision = precision()
    reasons = SealedText(max_length=4000, blank=True)
    gathering = models.ForeignKey(
        Gathering, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["recorded_at", "pk"]

    @property
    def heading(self) -> str:
        """The way, and of which case."""
        return f"{self.get_route_display()}, {self.case.pseudonym}"


class Letter(Filed):
    """A letter or message to or from somebody outside: the Panel, Ofsted, the coroner, another area."""

    kind = "reviews.letter"
    url_name = "case_letter"
    label = "Letter"
    reference_prefix = "LET"
    sensitivity = {
        "case": _INTERNAL, "direction": _INTERNAL, "about": _INTERNAL, "party": _INTERNAL, "dated": _INTERNAL,
        "subject": _CHILD, "words": _CHILD, "agrees": _INTERNAL,
    }  # fmt: skip

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    direction = models.CharField(max_length=3, choices=rules.Direction.choices)
    about = models.CharField(max_length=12, choices=rules.About.choices)
    party = models.CharField(max_length=200)
    dated = models.DateField()
    subject = SealedText(max_length=300, blank=True)
    words = SealedText(max_length=20000, blank=True)
    agrees = models.BooleanField(null=True, blank=True)
    """Whether the Panel agrees with what was decided; nothing where a letter is not its reply."""

    class Meta:
        ordering = ["dated", "recorded_at"]

    @property
    def heading(self) -> str:
        """What it is, and of which case."""
        return f"{self.get_about_display()}, {self.case.pseudonym}"


class Outputs(RecordQuerySet):
    """Outputs of the cases that somebody may see."""

    def visible_to(self, actor: Any) -> Self:
        """As their cases."""
        rows = self.filter(partnership_id=actor.partnership_id).select_related(*self.model.shown_with)
        return rows.filter(case__in=Case.objects.visible_to(actor).order_by().values("pk"))


class Output(Record):
    """What comes of a case on paper: a report, a briefing note; due, issued, or postponed with the reason."""

    kind = "reviews.output"
    label = "Output"
    view_permission = permissions.VIEW
    retention = Retention.PERMANENT
    disposed_with = "case"
    traced = True
    shown_with = ("case__team",)
    sensitivity = {
        "case": _INTERNAL, "sort": _INTERNAL, "what": _INTERNAL, "due_on": _INTERNAL, "due_precision": _INTERNAL,
        "issued_on": _INTERNAL, "issued_precision": _INTERNAL, "postponed_why": _INTERNAL, "position": _INTERNAL,
    }  # fmt: skip

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="outputs")
    sort = models.CharField(max_length=15, choices=rules.OutputKind.choices)
    what = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_precision = precision()
    issued_on = models.DateField(null=True, blank=True)
    issued_precision = precision()
    postponed_why = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = Outputs.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["position", "recorded_at"]

    @property
    def heading(self) -> str:
        """What it is."""
        return self.what or self.get_sort_display()

    @property
    def when(self) -> str:
        """Issued, due or postponed: with the day as exactly as it is known."""
        if self.issued_on:
            return rules.when(self.issued_on, self.issued_precision)
        if self.postponed_why:
            return f"postponed: {self.postponed_why}"
        return f"expected {rules.when(self.due_on, self.due_precision)}" if self.due_on else "no date yet"

    def is_late(self, today: date) -> bool:
        """Whether it should be there and is not."""
        return rules.is_late(self.due_on, self.due_precision, self.issued_on, bool(self.postponed_why), today)
