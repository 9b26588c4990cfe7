"""What readers made of what was told: themes, marks, notes, entries compared, conflicts."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from shield.domain.chronologies.models.telling import Chronology, ChronologyRecord, Entry, Seen, in_team
from shield.domain.chronologies.rules import states
from shield.kernel.accounts.models import Person
from shield.kernel.records.rules import Sensitivity
from shield.kernel.sealed.models import SealedText

_INTERNAL, _PERSONAL, _CHILD = Sensitivity.INTERNAL, Sensitivity.PERSONAL, Sensitivity.CHILD


class TeamRows(Seen):
    """What readers made of a chronology: for its team."""

    def visible_to(self, actor: Any) -> Self:
        """Those of the chronologies that the actor sees."""
        return self.seen(actor, in_team(actor, self.model.by_chronology))


class Theme(ChronologyRecord):
    """A theme that readers of one chronology follow through it."""

    kind = "chronologies.theme"
    label = "Theme of a chronology"
    disposed_with = "chronology"
    by_chronology = "chronology__"
    shown_with = ("chronology",)
    sensitivity = {"chronology": _INTERNAL, "title": _INTERNAL}

    chronology = models.ForeignKey(Chronology, on_delete=models.PROTECT, related_name="themes")
    title = models.CharField(max_length=80)

    objects = TeamRows.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["chronology", "title"], name="chronology_theme_once")]


class Mark(ChronologyRecord):
    """The themes that readers see in an event. What the agency said stays as it is."""

    kind = "chronologies.mark"
    label = "Themes of an entry"
    traced = True
    disposed_with = "entry"
    by_chronology = "entry__contribution__chronology__"
    shown_with = ("entry__contribution__chronology", "entry__agency")
    sensitivity = {"entry": _INTERNAL, "themes": _INTERNAL}

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="mark")
    themes = models.ManyToManyField(Theme, related_name="+", blank=True)

    objects = TeamRows.as_manager()  # type: ignore[misc]

    @property
    def heading(self) -> str:
        """Of which entry."""
        return f"Themes of {self.entry.heading}"


class Note(ChronologyRecord):
    """What a reader thinks of an event, under their own name, apart from what the agency said."""

    kind = "chronologies.note"
    label = "Reader's note"
    traced = True
    disposed_with = "entry"
    by_chronology = "entry__contribution__chronology__"
    shown_with = ("entry__contribution__chronology", "entry__agency", "author")
    sensitivity = {"entry": _INTERNAL, "text": _CHILD, "author": _PERSONAL, "written_on": _INTERNAL}

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="notes")
    text = SealedText()
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    written_on = models.DateField()

    objects = TeamRows.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["recorded_at"]

    @property
    def heading(self) -> str:
        """On which entry."""
        return f"Note on {self.entry.heading}"


class Comparison(ChronologyRecord):
    """Two entries that may tell of the same event, and what a person said of it."""

    kind = "chronologies.comparison"
    url_name = "chronology_comparison"
    label = "Two entries compared"
    traced = True
    disposed_with = "chronology"
    by_chronology = "chronology__"
    shown_with = (
        "chronology__team", "one__agency", "one__contribution__chronology", "other__agency", "other__contribution__chronology",
        "decided_by",
    )  # fmt: skip
    sensitivity = {
        "chronology": _INTERNAL, "one": _INTERNAL, "other": _INTERNAL, "state": _INTERNAL, "why": _INTERNAL, "strength": _INTERNAL,
        "proposed": _INTERNAL, "decided_by": _PERSONAL, "decided_on": _INTERNAL,
    }  # fmt: skip

    chronology = models.ForeignKey(Chronology, on_delete=models.PROTECT, related_name="comparisons")
    one = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=states.PairState.choices, default="proposed")
    why = models.CharField(max_length=120, blank=True)
    strength = models.PositiveSmallIntegerField(default=0)
    """How much speaks for it, of 100."""
    proposed = models.BooleanField(default=True)
    """Whether it was found by comparing, and not named by a person."""
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)

    objects = TeamRows.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-strength", "recorded_at"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="compared_once"),
            models.CheckConstraint(condition=~Q(one=models.F("other")), name="compared_with_another"),
        ]

    @property
    def heading(self) -> str:
        """Which two."""
        return f"{self.one.heading}, and {self.other.heading}"


class Conflict(ChronologyRecord):
    """Two entries that contradict each other: in when, in a date of birth, or in what a reader says."""

    kind = "chronologies.conflict"
    url_name = "chronology_conflict"
    label = "Conflict between entries"
    traced = True
    disposed_with = "chronology"
    by_chronology = "chronology__"
    shown_with = Comparison.shown_with[:5]
    sensitivity = {
        "chronology": _INTERNAL, "one": _INTERNAL, "other": _INTERNAL, "sort": _INTERNAL, "words": _CHILD, "state": _INTERNAL,
        "reason": _CHILD, "settled_on": _INTERNAL, "key": _INTERNAL,
    }  # fmt: skip

    chronology = models.ForeignKey(Chronology, on_delete=models.PROTECT, related_name="conflicts")
    one = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    sort = models.CharField(max_length=5, choices=states.ConflictSort.choices)
    words = SealedText()
    """What contradicts what."""
    state = models.CharField(max_length=8, choices=states.ConflictState.choices, default="open")
    reason = SealedText(blank=True)
    """How it was settled."""
    settled_on = models.DateField(null=True, blank=True)
    key = models.CharField(max_length=64, blank=True)
    """By which the same conflict is known when entries are compared again; empty for one that a reader marked."""

    objects = TeamRows.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["state", "recorded_at"]

    @property
    def heading(self) -> str:
        """In what, and between which two."""
        return f"{self.get_sort_display()}: {self.one.agency.called} and {self.other.agency.called}"
