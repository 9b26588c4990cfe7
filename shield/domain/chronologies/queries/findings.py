"""What was found in a chronology: entries that may be one event, conflicts, gaps."""

from __future__ import annotations

import uuid
from datetime import date

from django.db.models import Q, QuerySet

from shield.domain.chronologies.models import Chronology, Comparison, Conflict, Entry
from shield.domain.chronologies.queries import merged
from shield.domain.chronologies.rules import comparing, gaps, states
from shield.domain.chronologies.rules.comparing import Birth, Compared
from shield.domain.chronologies.rules.gaps import Gap
from shield.kernel.access.rules import Actor

BOTH_READ = Q(one__standing__in=states.READ, other__standing__in=states.READ)
ANY, VOICE, POSITIVE = "No contact of any agency", "The child's voice is not recorded", "No positive event"


def comparisons(chronology: Chronology, actor: Actor) -> QuerySet[Comparison]:
    """Pairs of entries to look at and decided, both of which are in the chronology."""
    return Comparison.objects.visible_to(actor).filter(BOTH_READ, chronology=chronology)


def to_look_at(chronology: Chronology, actor: Actor) -> QuerySet[Comparison]:
    """Pairs that nobody has decided on."""
    return comparisons(chronology, actor).filter(state=states.PairState.PROPOSED)


def conflicts(chronology: Chronology, actor: Actor) -> QuerySet[Conflict]:
    """Conflicts between entries that are in the chronology."""
    rows = Conflict.objects.visible_to(actor).filter(BOTH_READ, chronology=chronology)
    return rows.exclude(state=states.ConflictState.GONE)


def open_conflicts(chronology: Chronology, actor: Actor) -> QuerySet[Conflict]:
    """Those that nobody has settled."""
    return conflicts(chronology, actor).filter(state=states.ConflictState.OPEN)


def same_pairs(chronology: Chronology) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """The pairs of which a person said that they tell of the same event, as far as both are in the chronology."""
    rows = Comparison.objects.filter(BOTH_READ, chronology=chronology, state=states.PairState.SAME)
    return list(rows.values_list("one_id", "other_id"))


def places_of_same(chronology: Chronology) -> dict[uuid.UUID, tuple[str, int, uuid.UUID]]:
    """Where each entry of those pairs stands in the order of the chronology."""
    pairs = Comparison.objects.filter(BOTH_READ, chronology=chronology, state=states.PairState.SAME)
    return {
        pk: (order, sequence, pk)
        for name in ("one", "other")
        for pk, order, sequence in pairs.values_list(name, f"{name}__order", f"{name}__sequence")
    }


def of_entry(entry: Entry, actor: Actor) -> list[Comparison]:
    """What was proposed or said of an entry and another."""
    rows = Comparison.objects.visible_to(actor).filter(BOTH_READ).filter(Q(one=entry) | Q(other=entry))
    return list(rows.order_by("state", "-strength"))


def conflicts_of(entry: Entry, actor: Actor) -> list[Conflict]:
    """Conflicts in which an entry stands."""
    rows = Conflict.objects.visible_to(actor).filter(BOTH_READ).filter(Q(one=entry) | Q(other=entry))
    return list(rows.exclude(state=states.ConflictState.GONE))


def known_pairs(chronology: Chronology) -> set[frozenset[uuid.UUID]]:
    """Pairs that were proposed or decided already, whichever stands first."""
    rows = Comparison.objects.filter(chronology=chronology).values_list("one_id", "other_id")
    return {frozenset(pair) for pair in rows}


def opened_to_compare(chronology: Chronology, *, latest: date) -> tuple[list[Compared], list[Birth]]:
    """Every entry as it is compared, and the dates of birth that entries give; each entry is opened once."""
    compared, births = [], []
    rows = merged.in_chronology(chronology).only(
        "id", "agency_id", "first_day", "last_day", "event", "people", "comment", "order", "sequence"
    )
    for entry in rows.order_by("order", "sequence", "id").iterator(chunk_size=2_000):
        event, people = entry.event, entry.people
        for text in (event, people, entry.comment):
            births += comparing.births_in(entry.pk, text, people, latest=latest) if text else []
        if entry.first_day is not None and entry.last_day is not None:
            compared.append(
                Compared(
                    entry.pk, entry.agency_id, entry.first_day, entry.last_day, comparing.words_of(event)
                )
            )
    return compared, births


def gaps_in(chronology: Chronology, *, today: date) -> list[Gap]:
    """What is missing: contact of anybody, contact of each agency, the child's voice, anything positive."""
    outlines = merged.outlines(chronology)
    covered = {agency: [(one, other) for one, other in each.covered] for agency, each in outlines.items()}
    every = [span for spans in covered.values() for span in spans]
    if not every:
        return []
    begins = chronology.period_from.toordinal() if chronology.period_from else None
    ends = min(chronology.period_to, today).toordinal() if chronology.period_to else None
    longest, months = chronology.gap_days, chronology.voice_months
    found = gaps.as_gaps(ANY, "", gaps.without_contact(every, longest, begins=begins, ends=ends))
    for agency in merged.agencies_in(chronology):
        without = gaps.without_contact(covered.get(agency.pk, ()), longest, begins=begins, ends=ends)
        found += gaps.as_gaps(f"No contact of {agency.called}", agency.called, without)
    begins = begins or min(first for first, _ in every)
    ends = ends or max(last for _, last in every)
    voice = {day for each in outlines.values() for day in each.voice}
    for what, days in ((VOICE, voice), (POSITIVE, _positive(chronology))):
        found += gaps.as_gaps(what, "", gaps.without(sorted(days), months, begins=begins, ends=ends))
    return found


def _positive(chronology: Chronology) -> set[int]:
    """The days on which something begins that a reader marked as positive."""
    rows = merged.in_chronology(chronology).filter(
        significance=states.Significance.POSITIVE, first_day__isnull=False
    )
    return set(rows.order_by().values_list("first_day", flat=True).distinct())
