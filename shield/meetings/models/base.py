"""What every record of this module has in common."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from shield.kernel.access.rules import Actor
from shield.kernel.records.models import Record, RecordQuerySet, next_reference
from shield.kernel.records.rules import Retention
from shield.meetings import permissions


class WithRelations(RecordQuerySet):
    """Rows that come with what every page of them names, so that one read is enough."""

    def visible_to(self, actor: Any) -> Self:
        """Who may see meetings sees all of them."""
        rows = super().visible_to(actor)
        return rows.select_related(*self.model.named_with) if self.model.named_with else rows


class MeetingRecord(Record):
    """A record of this module: who may see meetings sees all of them."""

    view_permission = permissions.VIEW
    retention = Retention.PERMANENT
    named_with: ClassVar[tuple[str, ...]] = ()

    objects = WithRelations.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def begun(cls, by: Actor, **values: Any) -> Self:
        """A new record in the actor's partnership, not yet stored, with the next reference of its kind."""
        prefix = cls.reference_prefix
        reference = next_reference(by.partnership_id, prefix) if prefix else ""
        return cls(partnership_id=by.partnership_id, reference=reference, **values)
