"""What is kept of an agency's part so that nothing is worked out for each page: how much there is when, and where words stand."""

from __future__ import annotations

from typing import Any, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from shield.domain.chronologies.models.telling import ChronologyRecord, Contribution, Seen, Upload, in_team
from shield.kernel.records.rules import COUNT_LIMIT, Sensitivity
from shield.kernel.sealed.models import SealedText

_INTERNAL, _CHILD = Sensitivity.INTERNAL, Sensitivity.CHILD


class PartRows(Seen):
    """What is made of an agency's part, for the team."""

    def visible_to(self, actor: Any) -> Self:
        """Those of the chronologies that the actor sees."""
        return self.seen(actor, in_team(actor, "contribution__chronology__"))


class Outline(ChronologyRecord):
    """How much an agency's part tells of when, kept since it was handed in, so that nothing is counted for each page.

    All of it is made of the days of entries, which stand in the clear too.
    """

    kind = "chronologies.outline"
    label = "Outline of an agency's part"
    disposed_with = "contribution"
    shown_with = ("contribution",)
    sensitivity = {
        "contribution": _INTERNAL,
        "entries": _INTERNAL,
        "months": _INTERNAL,
        "covered": _INTERNAL,
        "voice": _INTERNAL,
    }

    contribution = models.OneToOneField(Contribution, on_delete=models.PROTECT, related_name="outline")
    entries = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(COUNT_LIMIT)])
    """How many there are."""
    months = models.JSONField(default=dict, blank=True)
    """By month, as `order` begins: how many entries."""
    covered = models.JSONField(default=list, blank=True)
    """Stretches of days of which something is told, none touching another."""
    voice = models.JSONField(default=list, blank=True)
    """The days on which entries begin that hold the child's voice."""

    objects = PartRows.as_manager()  # type: ignore[misc]

    @property
    def heading(self) -> str:
        """Of which part."""
        return f"Outline of {self.contribution.heading}"


class WordShelf(ChronologyRecord):
    """Some of the words of a part and where they stand, sealed; a search opens the shelves on which its words would be."""

    kind = "chronologies.words"
    label = "Words of an agency's part"
    disposed_with = "contribution"
    traced = True
    shown_with = ("contribution",)
    sensitivity = {"contribution": _INTERNAL, "upload": _INTERNAL, "number": _INTERNAL, "words": _CHILD}

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="shelves")
    upload = models.ForeignKey(
        Upload, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    """The table that they came with; none for what was typed or corrected."""
    number = models.PositiveSmallIntegerField()
    words = SealedText(blank=True)

    objects = PartRows.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contribution", "upload", "number"], name="word_shelf_once"),
            models.UniqueConstraint(
                fields=["contribution", "number"],
                condition=Q(upload__isnull=True),
                name="word_shelf_once_apart",
            ),
        ]

    @property
    def heading(self) -> str:
        """Of which part."""
        return f"Words of {self.contribution.heading}"
