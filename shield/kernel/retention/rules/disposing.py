"""Proposing, confirming and carrying out a disposal. Pure."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import TextChoices

from shield.kernel.calendar.rules import add_months
from shield.kernel.records.rules import Refused

BATCH = 100
"""Records that are disposed of in one transaction."""
MOST = 5000
"""Records that one proposal can hold."""
LONGEST_KEPT = 300
"""Months for which a review can keep something longer: until the next review, not for good."""
FRESH = timedelta(minutes=10)
"""A stored file that somebody was given within so long may be just being attached once more; it waits for the next run."""


class DisposalStatus(TextChoices):
    """Where a disposal stands."""

    PROPOSED = "proposed", "Waits for a second person"
    CONFIRMED = "confirmed", "Confirmed, being carried out"
    DONE = "done", "Carried out"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ItemStatus(TextChoices):
    """What became of one record of a disposal."""

    WAITING = "waiting", "To be disposed of"
    DISPOSED = "disposed", "Disposed of"
    KEPT = "kept", "Kept"


def check_move(status: str, wanted: str) -> None:
    """Refuse an act that the disposal's state does not allow; the second click and the second tab end here."""
    if status != DisposalStatus.PROPOSED:
        raise Refused(
            f"This disposal cannot be {wanted}: it is {DisposalStatus(status).label[:1].lower()}{DisposalStatus(status).label[1:]}."
        )


def why_not_confirm(
    proposed_by: uuid.UUID | None, confirmer: uuid.UUID | None, *, may_propose: bool, other_manager: bool
) -> str:
    """Why somebody may not confirm a disposal, empty if they may.

    Not whoever proposed it, and no safeguarding partner while a second manager is there to do it.
    """
    if confirmer is None or confirmer == proposed_by:
        return "Whoever proposed a disposal cannot confirm it: a second person must look."
    if not may_propose and other_manager:
        return (
            "Another business manager can confirm this; a safeguarding partner does only where there is none."
        )
    return ""


def check_keep_until(until: date, today: date) -> None:
    """Refuse a day that is past, or so far away that it is no review."""
    if not today < until <= add_months(today, LONGEST_KEPT):
        raise Refused("Keep it until a day after today, and no longer than 25 years.", "until")


def digest(rows: Iterable[tuple[str, uuid.UUID, str, date]]) -> str:
    """The fingerprint of what was disposed of: kind, id, reference and day of each record, in order of ids.

    Whoever still knows a record's id can show that it was among these; the log itself names nobody.
    """
    lines = sorted(
        json.dumps([kind, str(record_id), reference, day.isoformat()], separators=(",", ":"))
        for kind, record_id, reference, day in rows
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def some(names: list[str], count: int, *, shown: int = 3) -> str:
    """The first few of many, and how many more: MTG-0001, MTG-0002 and 5 more."""
    named = [name for name in names if name][:shown]
    more = count - len(named)
    if not named:
        return str(count)
    return ", ".join(named) + (f" and {more} more" if more else "")
