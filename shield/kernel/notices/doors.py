"""What other modules may ask of notices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shield.kernel.access.rules import Actor
from shield.kernel.notices.models import Message
from shield.kernel.records import queries as records
from shield.kernel.records.rules import PersonalData


def subject_access(person: Any, actor: Actor) -> Iterator[PersonalData]:
    """The messages that were sent to a person."""
    yield from records.told_of(person, actor, Message, where="Messages")
