"""How a record of this module is made, and when what is on record may no longer change."""

from __future__ import annotations

from typing import Any, TypeVar

from shield.kernel.access.rules import Actor
from shield.kernel.records.models import next_reference
from shield.kernel.records.rules import Refused
from shield.meetings import rules
from shield.meetings.models import Gathering, MeetingRecord, Minutes

M = TypeVar("M", bound=MeetingRecord)


def new_record(model: type[M], by: Actor, **values: Any) -> M:
    """A new record of this module in the actor's partnership, with the next reference of its kind."""
    prefix = model.reference_prefix
    reference = next_reference(by.partnership_id, prefix) if prefix else ""
    return model(partnership_id=by.partnership_id, reference=reference, **values)


def refuse_if_frozen(gathering: Gathering) -> None:
    """What approved minutes tell does not change; what was wrong in them is put right at the next meeting."""
    if Minutes.objects.filter(gathering=gathering, status=rules.MinutesStatus.APPROVED).exists():
        raise Refused(
            "The minutes of this meeting are approved, so what is on record of it stays as it is. "
            "Take what was wrong as a matter arising at the next meeting."
        )
