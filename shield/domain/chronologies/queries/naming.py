"""Who is named in a chronology, and its texts with pseudonyms for names."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from shield.domain.chronologies.models import Chronology
from shield.kernel.access.rules import Actor


def disguise(chronology: Chronology, actor: Actor) -> Callable[[str], str]:
    """How a text leaves with pseudonyms."""
    return lambda text: text


def unresolved(chronology: Chronology, texts: Iterable[str], actor: Actor) -> list[str]:
    """Words that may be names and of which nobody has said whose they are."""
    return []
