"""Teams that open cases about children, conflicts of interest that close them, and openings that could not wait."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from shield.kernel.accounts import permissions, rules
from shield.kernel.accounts.models.people import Person
from shield.kernel.records.models import Record, RecordQuerySet
from shield.kernel.records.rules import RecordRef, Retention, Sensitivity

_INTERNAL, _PERSONAL = Sensitivity.INTERNAL, Sensitivity.PERSONAL


class TeamRows(RecordQuerySet):
    """Teams and who is in them: one's own, and all of them to whoever may see people."""

    def visible_to(self, actor: Any) -> Self:
        """Own teams; all teams to whoever sees people, so that somebody knows who looks after what."""
        rows = self.filter(partnership_id=actor.partnership_id).select_related(*self.model.shown_with)
        if actor.may(permissions.VIEW_PEOPLE):
            return rows
        return rows.filter(**{f"{self.model.team_at}__in": actor.team_ids})


class Team(Record):
    """A named team; on its own it opens child-level records to its members for a purpose."""

    kind = "accounts.team"
    label = "Team"
    url_name = "team"
    view_permission = permissions.VIEW_PROFILE
    retention = Retention.ACCOUNT
    shown_with = ("lead",)
    team_at = "pk"
    sensitivity = {
        "title": _INTERNAL, "purpose": _INTERNAL, "about_kind": _INTERNAL, "about_id": _INTERNAL, "lead": _PERSONAL,
    }  # fmt: skip

    title = models.CharField(max_length=200)
    purpose = models.CharField(max_length=300)
    about_kind = models.CharField(max_length=80, blank=True)
    about_id = models.UUIDField(null=True, blank=True, db_index=True)
    lead = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    """Who is told when one of the team's records is opened urgently."""

    objects = TeamRows.as_manager()  # type: ignore[misc]

    @property
    def about(self) -> RecordRef | None:
        """The record that the team was formed for."""
        return RecordRef(self.about_kind, self.about_id) if self.about_id else None


class TeamMembership(Record):
    """A person is in a team, from a day to a day."""

    kind = "accounts.team_membership"
    label = "Team membership"
    view_permission = permissions.VIEW_PROFILE
    retention = Retention.ACCOUNT
    retention_from = "ends_on"
    shown_with = ("team", "person")
    team_at = "team_id"
    sensitivity = {"team": _INTERNAL, "person": _PERSONAL, "starts_on": _INTERNAL, "ends_on": _INTERNAL}

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="teams")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = TeamRows.as_manager()  # type: ignore[misc]

    @property
    def heading(self) -> str:
        """Who is in which team."""
        return f"{self.person.name}, {self.team.title}"


class ConflictRows(TeamRows):
    """Conflicts: for the team, and each for the one whose it is; why is nobody else's to read."""

    def visible_to(self, actor: Any) -> Self:
        """Those of one's own teams, and one's own."""
        rows = self.filter(partnership_id=actor.partnership_id).select_related(*self.model.shown_with)
        if actor.is_system:
            return rows
        return rows.filter(models.Q(team_id__in=actor.team_ids) | models.Q(person_id=actor.person_id))


class ConflictOfInterest(Record):
    """Somebody is too near to a case to work on it: while it stands, nothing of it opens to them."""

    kind = "accounts.conflict"
    label = "Conflict of interest"
    view_permission = permissions.VIEW_PROFILE
    retention = Retention.ACCOUNT
    disposed_with = "team"
    shown_with = ("team", "person", "declared_by")
    team_at = "team_id"
    sensitivity = {
        "team": _INTERNAL, "person": _PERSONAL, "reason": _PERSONAL, "declared_on": _INTERNAL, "declared_by": _PERSONAL,
        "ended_on": _INTERNAL, "ended_why": _PERSONAL,
    }  # fmt: skip

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="conflicts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=1000)
    declared_on = models.DateField()
    declared_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_why = models.CharField(max_length=500, blank=True)

    objects = ConflictRows.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-declared_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "person"], condition=models.Q(ended_on__isnull=True), name="one_open_conflict"
            )
        ]

    @property
    def heading(self) -> str:
        """Whose it is, and with which team."""
        return f"{self.person.name}, {self.team.title}"


class UrgentOpeningQuerySet(RecordQuerySet):
    """Urgent openings: all for those who review them, else one's own."""

    def visible_to(self, actor: Any) -> Self:
        """Reviewers see every opening of their partnership; everybody sees their own."""
        rows = self.filter(partnership_id=actor.partnership_id)
        if actor.may(permissions.REVIEW_URGENT):
            return rows
        return rows.filter(person_id=actor.person_id) if actor.person_id else self.none()


class UrgentOpening(Record):
    """Somebody opened one restricted record for a while, with a reason, and somebody else reviews it."""

    kind = "accounts.urgent_opening"
    url_name = "urgent_opening"
    label = "Urgent opening"
    view_permission = permissions.REVIEW_URGENT
    reference_prefix = "URG"
    retention = Retention.PERMANENT
    sensitivity = {
        "person": _PERSONAL, "about_kind": _INTERNAL, "about_id": _INTERNAL, "about_reference": _INTERNAL, "reason": _INTERNAL,
        "opened_at": _INTERNAL, "closes_at": _INTERNAL, "finding": _INTERNAL, "review": _INTERNAL, "reviewed_by": _PERSONAL,
        "reviewed_at": _INTERNAL,
    }  # fmt: skip

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    about_kind = models.CharField(max_length=80)
    about_id = models.UUIDField(db_index=True)
    about_reference = models.CharField(max_length=40)
    reason = models.TextField(max_length=2000)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    finding = models.CharField(max_length=13, choices=rules.Finding.choices, blank=True)
    review = models.TextField(max_length=2000, blank=True)
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)

    objects = UrgentOpeningQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gte=models.F("opened_at")), name="urgent_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=models.Q(finding="")
                | (models.Q(reviewed_by__isnull=False) & models.Q(reviewed_at__isnull=False)),
                name="urgent_reviewed_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True) | ~models.Q(reviewed_by=models.F("person")),
                name="urgent_reviewed_by_another",
            ),
        ]

    @property
    def heading(self) -> str:
        """Which record was opened, by its reference only."""
        return self.about_reference

    @property
    def about(self) -> RecordRef:
        """Which record was opened."""
        return RecordRef(self.about_kind, self.about_id, self.about_reference)
