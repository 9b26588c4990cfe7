"""Who is named in a chronology, and its texts with pseudonyms for names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from shield.domain.chronologies.models import Chronology, Conflict, Entry, Note
from shield.domain.chronologies.queries import merged
from shield.domain.chronologies.queries.merged import Event
from shield.domain.chronologies.rules import states
from shield.kernel.access.rules import Actor
from shield.kernel.identities import queries as identities
from shield.kernel.identities import rules as names
from shield.kernel.identities.rules import Doubt
from shield.kernel.records.rules import RecordRef


def disguise(chronology: Chronology, actor: Actor) -> Callable[[str], str]:
    """How a text leaves with pseudonyms: every spelling that is known to mean one person is replaced."""
    known = identities.known(chronology.about, actor)
    return lambda text: names.with_pseudonyms(text, known)


def unresolved(
    chronology: Chronology, events: Sequence[Event], conflicts: Sequence[Conflict], actor: Actor
) -> list[Doubt]:
    """Words of what is taken out that may be names, and of which nobody has said whose they are."""
    return identities.unresolved(_texts(chronology, events, conflicts), chronology.about, actor)


def _texts(
    chronology: Chronology, events: Sequence[Event], conflicts: Sequence[Conflict]
) -> Iterator[tuple[str, str]]:
    """Everything that leaves, each with what it is called."""
    yield f"The title of {chronology.reference}", chronology.title
    for event in events:
        for entry in event.entries:
            yield from texts_of(entry)
        for note in event.notes:
            yield f"A note on {event.head.when.in_english()}", note.text
    for conflict in conflicts:
        yield f"A conflict of {chronology.reference}", conflict.words
        yield f"How a conflict of {chronology.reference} was settled", conflict.reason


def texts_of(entry: Entry) -> Iterator[tuple[str, str]]:
    """The texts of an entry, each with what it is called."""
    where = f"{entry.agency.called}, {entry.when.in_english()}"
    for name in ("written", *states.TEXTS):
        if text := getattr(entry, name):
            yield f"{where}: {states.FIELD_WORDS.get(name, 'date')}", text


def all_texts(about: RecordRef, actor: Actor) -> list[tuple[str, str]]:
    """Every text of the chronologies about a record."""
    found = []
    for chronology in Chronology.objects.visible_to(actor).filter(about_kind=about.kind, about_id=about.id):
        rows = merged.with_agencies(merged.in_chronology(chronology)).order_by("order", "sequence", "id")
        found += [pair for entry in rows for pair in texts_of(entry)]
        notes = Note.objects.filter(entry__in=rows).select_related("entry__agency")
        found += [(f"A note on {note.entry.when.in_english()}", note.text) for note in notes]
        conflicts = Conflict.objects.filter(chronology=chronology)
        found += [(f"A conflict of {chronology.reference}", row.words) for row in conflicts]
    return found
