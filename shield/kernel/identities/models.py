"""The vault: who stands behind a pseudonym, and what was decided of words that could be names."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from shield.kernel.accounts.models import Team
from shield.kernel.identities import permissions
from shield.kernel.identities.rules import Known
from shield.kernel.records.models import Record, RecordQuerySet
from shield.kernel.records.rules import RecordRef, Retention, Sensitivity
from shield.kernel.sealed.models import SealedJSON, SealedText

_INTERNAL, _CHILD = Sensitivity.INTERNAL, Sensitivity.CHILD


class VaultRows(RecordQuerySet):
    """Identities: for the team of the case, and for whoever opened the case urgently."""

    def visible_to(self, actor: Any) -> Self:
        """Those of one's own teams' cases."""
        rows = super().visible_to(actor)
        return rows.filter(Q(team_id__in=actor.team_ids) | Q(about_id__in=actor.opened))


class VaultRecord(Record):
    """Something kept in the vault about one record and for its team."""

    view_permission = permissions.SEE
    traced = True
    retention = Retention.PARTNERSHIP_YEAR

    about_kind = models.CharField(max_length=80)
    about_id = models.UUIDField(db_index=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")

    objects = VaultRows.as_manager()  # type: ignore[misc]

    class Meta:
        abstract = True

    @property
    def about(self) -> RecordRef:
        """The case it belongs to."""
        return RecordRef(self.about_kind, self.about_id)


class Identity(VaultRecord):
    """One person of a case: a pseudonym, and sealed beside it every name and spelling, dates of birth, numbers."""

    kind = "identities.identity"
    label = "Identity"
    sensitivity = {
        "about_kind": _INTERNAL, "about_id": _INTERNAL, "team": _INTERNAL, "pseudonym": _INTERNAL, "relation": _INTERNAL,
        "is_child": _INTERNAL, "names": _CHILD, "births": _CHILD, "numbers": _CHILD, "notes": _CHILD,
    }  # fmt: skip

    pseudonym = models.CharField(max_length=80)
    relation = models.CharField(max_length=120, blank=True)
    """Who they are in the case: the child, mother, a social worker."""
    is_child = models.BooleanField(default=False)
    names = SealedJSON(default=list)
    """The full name first, then every other name and spelling."""
    births = SealedJSON(default=list, blank=True)
    """Dates of birth as the agencies gave them, `YYYY-MM-DD`: more than one where they differ."""
    numbers = SealedJSON(default=dict, blank=True)
    """By what they are called: the NHS number, an agency's own reference."""
    notes = SealedText(blank=True, max_length=2000)

    class Meta:
        ordering = ["-is_child", "pseudonym"]
        constraints = [
            models.UniqueConstraint(fields=["about_id", "pseudonym"], name="pseudonym_once_in_a_case")
        ]

    @property
    def heading(self) -> str:
        """The pseudonym."""
        return self.pseudonym

    @property
    def known(self) -> Known:
        """As it is looked for in texts."""
        return Known(self.pseudonym, tuple(self.names))


class Decided(VaultRecord):
    """What a person said of a word in this case's texts: whose name it is, or that it is none."""

    kind = "identities.decided"
    label = "Word decided on"
    sensitivity = {
        "about_kind": _INTERNAL, "about_id": _INTERNAL, "team": _INTERNAL, "word": _CHILD, "pseudonym": _INTERNAL,
    }  # fmt: skip

    word = SealedText()
    pseudonym = models.CharField(max_length=80, blank=True)
    """Empty where it is no name here."""

    class Meta:
        ordering = ["recorded_at", "pk"]

    @property
    def heading(self) -> str:
        """Whose name it was found to be."""
        return self.pseudonym or "No name"
