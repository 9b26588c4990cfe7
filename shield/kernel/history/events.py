"""The closed vocabulary of events: a module registers each event with the sentence that tells it."""

from __future__ import annotations

from dataclasses import dataclass

EVENTS: dict[str, EventKind] = {}
"""Every registered event by its key."""


@dataclass(frozen=True)
class EventKind:
    """One kind of event, such as `meetings.decision_recorded`, and its sentence.

    The sentence follows the actor's name: “recorded the decision {title}”. `{title}` is the record's
    title when it happened; any detail may be named as `{detail}`.
    """

    key: str
    sentence: str

    def tell(self, title: str, details: dict[str, str]) -> str:
        """The sentence for one event; a missing detail leaves a dash, never an error."""
        return self.sentence.format_map(_Telling({**details, "title": title}))


class _Telling(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"


def register(key: str, sentence: str) -> EventKind:
    """Add an event to the vocabulary; registering a key twice is an error."""
    if key in EVENTS:
        raise ValueError(f"The event {key} is registered twice.")
    EVENTS[key] = EventKind(key, sentence)
    return EVENTS[key]


VERIFIED = register("history.verified", "verified the history up to entry {count}")
EXPORTED = register("history.exported", "exported the records of {title}: {reason}")
READ_SEALED = register("history.reads_sealed", "sealed {count} reads of sensitive records")
