"""Chronologies, what agencies were asked for and gave. All that is told is sealed."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from shield.domain.chronologies import permissions
from shield.domain.chronologies.rules import states
from shield.domain.chronologies.rules.mapping import Mapped
from shield.kernel.accounts.models import Agency, Team
from shield.kernel.calendar.rules.approximate import ApproximateDate, Certainty, Kind
from shield.kernel.calendar.rules.reading import Convention
from shield.kernel.records.models import Record, RecordQuerySet
from shield.kernel.records.rules import COUNT_LIMIT, RecordRef, Retention, Sensitivity
from shield.kernel.sealed.models import SealedText

_INTERNAL, _PERSONAL, _CHILD = Sensitivity.INTERNAL, Sensitivity.PERSONAL, Sensitivity.CHILD
_COUNT = [MaxValueValidator(COUNT_LIMIT)]


def in_team(actor: Any, path: str = "") -> Q:
    """What is open to an actor because they are in the chronology's team, or opened it urgently; the system sees all."""
    if not actor.may(permissions.READ):
        return Q(pk__in=[])
    if actor.is_system:
        return Q(pk__isnull=False)  # and not an empty condition, which would vanish beside another
    return Q(**{f"{path}team_id__in": actor.team_ids}) | Q(**{f"{path}pk__in": actor.opened})


def of_own_agency(actor: Any, path: str = "") -> Q:
    """What is an actor's own because it is their agency's."""
    if not actor.may(permissions.CONTRIBUTE):
        return Q(pk__in=[])
    return Q(**{f"{path}agency_id__in": actor.agency_ids})


class ChronologyRecord(Record):
    """A record of this module; whoever sees one is in the team, or of the agency whose it is."""

    view_permission = permissions.READ
    retention = Retention.PARTNERSHIP_YEAR

    class Meta:
        abstract = True


class Seen(RecordQuerySet):
    """Rows of the actor's partnership by a rule of their own, with what names them."""

    def seen(self, actor: Any, which: Q) -> Self:
        rows = self.filter(which, partnership_id=actor.partnership_id)
        return rows.select_related(*self.model.shown_with) if self.model.shown_with else rows


class Chronologies(Seen):
    """Chronologies, for their teams."""

    def visible_to(self, actor: Any) -> Self:
        """Those of the actor's teams, and what they opened urgently."""
        return self.seen(actor, in_team(actor))


class Chronology(ChronologyRecord):
    """One chronology: what it is about, whose it is, and what counts as a gap in it."""

    kind = "chronologies.chronology"
    url_name = "chronology"
    label = "Chronology"
    reference_prefix = "CHR"
    is_restricted = True
    traced = True
    retention_from = "closed_on"
    shown_with = ("team",)
    sensitivity = {
        "title": _INTERNAL, "about_kind": _INTERNAL, "about_id": _INTERNAL, "team": _INTERNAL, "asked_for": _CHILD,
        "period_from": _INTERNAL, "period_to": _INTERNAL, "gap_days": _INTERNAL, "voice_months": _INTERNAL,
        "status": _INTERNAL, "closed_on": _INTERNAL, "words_key": _INTERNAL,
    }  # fmt: skip

    title = models.CharField(max_length=200)
    about_kind = models.CharField(max_length=80)
    about_id = models.UUIDField(db_index=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    asked_for = SealedText(blank=True)
    """Who it is about and what agencies are asked for; they read it."""
    period_from = models.DateField(null=True, blank=True)
    period_to = models.DateField(null=True, blank=True)
    gap_days = models.PositiveIntegerField(
        default=28, validators=[MinValueValidator(1), MaxValueValidator(3650)]
    )
    voice_months = models.PositiveIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    status = models.CharField(max_length=10, choices=states.Status.choices, default="collecting")
    closed_on = models.DateField(null=True, blank=True)
    words_key = SealedText(blank=True)
    """By which words are put on shelves (`rules/words.py`); another one for each chronology."""

    objects = Chronologies.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-recorded_at"]

    @property
    def heading(self) -> str:
        """Its title and reference."""
        return f"{self.title} ({self.reference})"

    @property
    def about(self) -> RecordRef:
        """The record that it is about."""
        return RecordRef(self.about_kind, self.about_id)


class Contributions(Seen):
    """Contributions, for the team and each for its own agency."""

    def visible_to(self, actor: Any) -> Self:
        """The actor's own agency's, and all of the chronologies they see."""
        return self.seen(actor, of_own_agency(actor) | in_team(actor, "chronology__"))


class Contribution(ChronologyRecord):
    """What one agency is asked for and gives."""

    kind = "chronologies.contribution"
    url_name = "contribution"
    label = "Agency's part of a chronology"
    reference_prefix = "CPA"
    traced = True
    disposed_with = "chronology"
    shown_with = ("chronology__team", "agency", "partnership")
    sensitivity = {
        "chronology": _INTERNAL, "agency": _INTERNAL, "asked_on": _INTERNAL, "due_on": _INTERNAL, "due_set_on": _INTERNAL,
        "status": _INTERNAL,
        "handed_in_on": _INTERNAL, "reason": _CHILD, "statement": _CHILD,
    }  # fmt: skip

    chronology = models.ForeignKey(Chronology, on_delete=models.PROTECT, related_name="contributions")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    due_set_on = models.DateField()
    """The day on which `due_on` was set: nobody is reminded of a step before it."""
    status = models.CharField(max_length=9, choices=states.Part.choices, default="asked")
    handed_in_on = models.DateField(null=True, blank=True)
    reason = SealedText(blank=True)
    """Why it was sent back."""
    statement = SealedText(blank=True)
    """What the agency says where it holds nothing."""

    objects = Contributions.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["agency__name"]
        constraints = [
            models.UniqueConstraint(fields=["chronology", "agency"], name="one_contribution_an_agency")
        ]

    @property
    def heading(self) -> str:
        """Whose it is, for which chronology; no name and no title of it, for the agency may not see it."""
        return f"{self.agency.called}'s part of {self.chronology.reference}"

    def is_own(self, actor: Any) -> bool:
        """Whether this is for the actor's agency to write."""
        return actor.may(permissions.CONTRIBUTE) and self.agency_id in actor.agency_ids

    @property
    def is_with_agency(self) -> bool:
        """Whether the agency still writes."""
        return self.status in states.WITH_AGENCY and self.chronology.status != states.Status.CLOSED


class OwnRows(Seen):
    """What an agency sees alone."""

    def visible_to(self, actor: Any) -> Self:
        """The actor's own agency's."""
        return self.seen(actor, of_own_agency(actor, self.model.by_agency))


class Upload(ChronologyRecord):
    """A table that an agency uploaded or pasted, as it is, sealed; taken in when its columns and dates are settled."""

    kind = "chronologies.upload"
    url_name = "upload"
    label = "Table for a chronology"
    view_permission = permissions.CONTRIBUTE
    traced = True
    disposed_with = "contribution"
    by_agency = "contribution__"
    shown_with = ("contribution__chronology__team", "contribution__agency")
    sensitivity = {
        "contribution": _INTERNAL, "name": _CHILD, "content": _CHILD, "digest": _INTERNAL, "size": _INTERNAL, "pasted": _INTERNAL,
        "mapping": _INTERNAL, "answers": _CHILD, "status": _INTERNAL, "taken": _INTERNAL, "progress": _INTERNAL, "problem": _INTERNAL,
    }  # fmt: skip

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="uploads")
    name = SealedText(blank=True)
    """What the file was called: agencies often call it after the child."""
    content = SealedText()
    """Packed, then written in letters."""
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pasted = models.BooleanField(default=False)
    mapping = models.JSONField(default=dict, blank=True)
    answers = SealedText(blank=True)
    """By row: how a person reads a date that cannot be read without a guess."""
    status = models.CharField(max_length=10, choices=states.UploadStatus.choices, default="waiting")
    taken = models.PositiveIntegerField(default=0, validators=_COUNT)
    progress = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])
    """Of 100, while the worker takes it in."""
    problem = models.CharField(max_length=200, blank=True)
    """Why the worker could not take it in; nothing of what it tells."""

    objects = OwnRows.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-recorded_at"]

    @property
    def heading(self) -> str:
        """For which part it was uploaded; what the file was called may say more than it should."""
        return f"Table for {self.contribution.heading}"

    @property
    def mapped(self) -> Mapped | None:
        """Which column is what, if it was said."""
        if not self.mapping:
            return None
        given = self.mapping
        return Mapped(
            tuple(given["roles"]), given["heading_row"], given["source"],
            Convention(month_first=given["month_first"], clock_24=given["clock_24"]),
        )  # fmt: skip

    @mapped.setter
    def mapped(self, given: Mapped) -> None:
        self.mapping = {
            "roles": list(given.roles), "heading_row": given.heading_row, "source": given.source,
            "month_first": given.convention.month_first, "clock_24": given.convention.clock_24,
        }  # fmt: skip


class ColumnChoice(ChronologyRecord):
    """Which column an agency said to be what, by the words of its heading; proposed again next time."""

    kind = "chronologies.columns"
    label = "Columns of an agency's tables"
    view_permission = permissions.CONTRIBUTE
    by_agency = ""
    shown_with = ("agency",)
    sensitivity = {"agency": _INTERNAL, "roles": _INTERNAL, "month_first": _INTERNAL, "clock_24": _INTERNAL}

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    roles = models.JSONField(default=dict, blank=True)
    """By heading, without case and accents: the role, empty for a column that is left out."""
    month_first = models.BooleanField(default=False)
    clock_24 = models.BooleanField(default=False)

    objects = OwnRows.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency"], name="columns_once_an_agency")]

    @property
    def heading(self) -> str:
        """Whose."""
        return f"Columns of {self.agency.called}"


class Entries(Seen):
    """Entries: an agency's own always, all that was handed in for the team."""

    def visible_to(self, actor: Any) -> Self:
        """What was taken out is for nobody."""
        team = in_team(actor, "contribution__chronology__") & Q(standing__in=states.READ)
        return self.seen(actor, of_own_agency(actor) | team).exclude(standing=states.Standing.OUT)


class Entry(ChronologyRecord):
    """One event as one agency tells it. Its date sorts in the clear; everything that is told is sealed."""

    kind = "chronologies.entry"
    url_name = "chronology_entry"
    label = "Entry of a chronology"
    traced = True
    disposed_with = "contribution"
    shown_with = ("contribution__chronology__team", "agency")
    sensitivity = {
        "contribution": _INTERNAL, "chronology_id": _INTERNAL, "agency": _INTERNAL, "upload": _INTERNAL, "row": _INTERNAL,
        "sequence": _INTERNAL, "standing": _INTERNAL, "within": _INTERNAL, "first_day": _INTERNAL, "last_day": _INTERNAL,
        "order": _INTERNAL, "date_kind": _INTERNAL, "certainty": _INTERNAL, "at": _INTERNAL, "until": _INTERNAL,
        "date_part": _INTERNAL, "date_unit": _INTERNAL, "has_voice": _INTERNAL, "significance": _INTERNAL,
        "written": _CHILD, "source": _CHILD, "event": _CHILD, "people": _CHILD, "voice": _CHILD, "impact": _CHILD,
        "action": _CHILD, "comment": _CHILD,
    }  # fmt: skip

    # Found by the indexes below, in their order; a second index of each would cost time with every entry taken in.
    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    chronology_id = models.UUIDField()
    """Of the contribution, repeated so that one index serves the whole chronology in its order."""
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    upload = models.ForeignKey(
        Upload, on_delete=models.PROTECT, related_name="entries", null=True, blank=True
    )
    row = models.PositiveIntegerField(default=0, validators=_COUNT)
    sequence = models.PositiveIntegerField(validators=_COUNT)
    """Its place in what its agency told, for entries of the same day."""
    standing = models.CharField(max_length=6, choices=states.Standing.choices, default="own")
    within = models.UUIDField(null=True, blank=True)
    """The entry with which it is shown, because both tell of the same event."""
    first_day = models.PositiveIntegerField(null=True, blank=True)
    """`date.toordinal`, so that a database finds gaps by counting."""
    last_day = models.PositiveIntegerField(null=True, blank=True)
    order = models.CharField(max_length=25)
    date_kind = models.CharField(max_length=7)
    certainty = models.CharField(max_length=11)
    at = models.TimeField(null=True, blank=True)
    until = models.TimeField(null=True, blank=True)
    date_part = models.CharField(max_length=9, blank=True)
    date_unit = models.CharField(max_length=5, blank=True)
    has_voice = models.BooleanField(default=False)
    significance = models.CharField(max_length=8, choices=states.Significance.choices, blank=True)
    written = SealedText(blank=True)
    """The date as it was written."""
    source = SealedText()
    event = SealedText()
    people = SealedText(blank=True)
    voice = SealedText(blank=True)
    impact = SealedText(blank=True)
    action = SealedText(blank=True)
    comment = SealedText(blank=True)

    objects = Entries.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["order", "sequence", "id"]
        verbose_name_plural = "entries"
        indexes = [
            # In the order of the chronology, and with all that filters ask, so that counting reads no entry itself.
            models.Index(
                fields=[
                    "chronology_id", "standing", "order", "sequence", "id", "agency", "first_day", "last_day", "certainty",
                    "significance",
                ],
                name="chronology_in_order",
            ),
            models.Index(fields=["contribution", "order", "sequence", "id"], name="chronology_part_in_order"),
            models.Index(fields=["within"], condition=Q(within__isnull=False), name="chronology_within"),
        ]  # fmt: skip

    @property
    def chronology(self) -> Chronology:
        """The chronology that it is part of."""
        return self.contribution.chronology

    @property
    def heading(self) -> str:
        """When and by whom; never what."""
        return f"Entry of {self.when.in_english()}, {self.agency.called}"

    @property
    def when(self) -> ApproximateDate:
        """When it was, as exactly as it is known."""
        kind = Kind(self.date_kind)
        if self.first_day is None or self.last_day is None:
            return ApproximateDate(Kind.UNKNOWN, certainty=Certainty.UNKNOWN, words=self.written)
        return ApproximateDate(
            kind, date.fromordinal(self.first_day), date.fromordinal(self.last_day), Certainty(self.certainty), self.at,
            self.until, self.date_part, Kind(self.date_unit or "day"), self.written,
        )  # fmt: skip

    @when.setter
    def when(self, given: ApproximateDate) -> None:
        self.date_kind, self.certainty, self.order = given.kind, given.certainty, given.order
        self.first_day = given.first.toordinal() if given.first else None
        self.last_day = given.last.toordinal() if given.last else None
        self.at, self.until = given.at, given.until
        self.date_part, self.date_unit, self.written = given.part, given.unit, given.words

    @property
    def told(self) -> states.Told:
        """What is told, opened."""
        return states.Told(
            when=self.when, row=self.row, **{name: getattr(self, name) for name in states.TEXTS}
        )

    @told.setter
    def told(self, given: states.Told) -> None:
        self.when, self.row = given.when, given.row
        for name in states.TEXTS:
            setattr(self, name, getattr(given, name))
        self.has_voice = bool(given.voice.strip())
