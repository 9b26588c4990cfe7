"""What every record of this module has in common."""

from __future__ import annotations

from shield.kernel.records.models import Record
from shield.kernel.records.rules import Retention
from shield.meetings import permissions


class MeetingRecord(Record):
    """A record of this module: who may see meetings sees all of them."""

    view_permission = permissions.VIEW
    retention = Retention.PERMANENT

    class Meta:
        abstract = True
