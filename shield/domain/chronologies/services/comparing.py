"""Looking for entries that may be one event and for contradictions, and what people say of them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import date

from django.db import transaction

from shield.domain.chronologies import events, permissions
from shield.domain.chronologies.models import Chronology, Comparison, Conflict, Entry
from shield.domain.chronologies.queries import findings
from shield.domain.chronologies.rules import comparing as rules
from shield.domain.chronologies.rules import states
from shield.domain.chronologies.services import grouping
from shield.domain.chronologies.services.opening import locked
from shield.kernel.access.rules import Actor
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused, check_reason


@transaction.atomic
def compare(*, chronology: Chronology, by: Actor, today: date) -> tuple[int, int]:
    """Look through everything that was handed in for pairs that may be one event and for dates of birth that differ.

    Only proposes: what people said of a pair or a conflict stays. Returns how many new ones of each were found.
    """
    row: Chronology = Chronology.objects.select_for_update().get(
        pk=chronology.pk, partnership_id=by.partnership_id
    )
    compared, births = findings.opened_to_compare(row, latest=today)
    pairs = _propose(row, rules.alike(compared))
    conflicts = _note_births(row, rules.births_that_differ(births))
    grouping.regroup(chronology=row)
    details = {
        "pairs": "1 pair" if pairs == 1 else f"{pairs:,} pairs",
        "conflicts": "1 conflict" if conflicts == 1 else f"{conflicts:,} conflicts",
    }
    history.record(events.COMPARED, on=row.ref, by=by, details=details)
    return pairs, conflicts


def _propose(chronology: Chronology, found: Sequence[rules.Alike]) -> int:
    known = findings.known_pairs(chronology)
    fresh = [
        Comparison(
            partnership_id=chronology.partnership_id, chronology=chronology, one_id=pair.one, other_id=pair.other, why=pair.why,
            strength=round(100 * pair.strength[0]), version=1,
        )
        for pair in found
        if frozenset((pair.one, pair.other)) not in known
    ]  # fmt: skip
    Comparison.objects.bulk_create(fresh, batch_size=1_000)
    return len(fresh)


def _note_births(chronology: Chronology, found: Sequence[tuple[rules.Birth, rules.Birth, str]]) -> int:
    """Conflicts of dates of birth: new ones are noted, those that are gone and were not settled are put away."""
    rows = Conflict.objects.filter(chronology=chronology, sort=states.ConflictSort.BIRTH)
    known = {row.key: row for row in rows}
    made = 0
    for one, other, words in found:
        key = _key(one.entry, other.entry, one.day, other.day)
        row = known.pop(key, None)
        if row is None:
            _conflict(chronology, one.entry, other.entry, states.ConflictSort.BIRTH, words, key).store()
            made += 1
        elif row.state == states.ConflictState.GONE:
            row.state = states.ConflictState.OPEN
            row.store()
    for row in known.values():
        if row.state == states.ConflictState.OPEN:
            row.state = states.ConflictState.GONE
            row.store()
    return made


def _key(*parts: object) -> str:
    """By which a conflict is known again; a digest, for the days in it are a child's."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def _conflict(
    chronology: Chronology, one: uuid.UUID, other: uuid.UUID, sort: str, words: str, key: str = ""
) -> Conflict:
    return Conflict(
        partnership_id=chronology.partnership_id, chronology=chronology, one_id=one, other_id=other, sort=sort, words=words,
        key=key,
    )  # fmt: skip


# Same event or not ------------------------------------------------------------------------------------


@transaction.atomic
def decide(
    *, comparison: Comparison, same: bool, by: Actor, today: date, expected_version: int
) -> Comparison:
    """Say whether two entries tell of the same event. Both stay as they are; the same are shown together.

    Where they give days or times that cannot both be true, that is a conflict from then on.
    """
    chronology = locked(chronology=comparison.chronology, by=by, permission=permissions.EDIT)
    states.check_open(chronology.status)
    row: Comparison = Comparison.objects.locked(comparison.pk, expected_version, by=by)
    row.state = states.PairState.SAME if same else states.PairState.DIFFERENT
    row.decided_by_id, row.decided_on = by.person_id, today
    row.store()
    _settle_when(chronology, row)
    grouping.regroup(chronology=chronology)
    history.record(events.SAME if same else events.NOT_SAME, on=chronology.ref, by=by)
    return row


@transaction.atomic
def decide_pair(*, chronology: Chronology, one: Entry, other: Entry, by: Actor, today: date) -> Comparison:
    """Say that two entries tell of the same event which comparing did not find."""
    row = locked(chronology=chronology, by=by, permission=permissions.EDIT)
    _check_pair(row, one, other)
    known = Comparison.objects.filter(chronology=row, one__in=[one, other], other__in=[one, other]).first()
    if known is None:
        known = Comparison(
            partnership_id=by.partnership_id,
            chronology=row,
            one=one,
            other=other,
            proposed=False,
            why="Named by a reader",
        ).store()
    return decide(comparison=known, same=True, by=by, today=today, expected_version=known.version)


def _check_pair(chronology: Chronology, one: Entry, other: Entry) -> None:
    states.check_open(chronology.status)
    if one.pk == other.pk:
        raise Refused("Choose another entry than this one.", "other")
    there = Entry.objects.filter(
        pk__in=[one.pk, other.pk], chronology_id=chronology.pk, standing__in=states.READ
    )
    if there.count() < 2:
        raise Refused("This entry is not in the chronology.", "other")


@transaction.atomic
def undo_decision(*, comparison: Comparison, by: Actor, expected_version: int) -> Comparison:
    """Take back what was said of two entries; they are to be looked at again."""
    chronology = locked(chronology=comparison.chronology, by=by, permission=permissions.EDIT)
    states.check_open(chronology.status)
    row: Comparison = Comparison.objects.locked(comparison.pk, expected_version, by=by)
    if row.state == states.PairState.PROPOSED:
        raise Refused("Nobody has said anything of these two entries.")
    row.state, row.decided_by, row.decided_on = states.PairState.PROPOSED, None, None
    row.store()
    _settle_when(chronology, row)
    grouping.regroup(chronology=chronology)
    history.record(events.UNDECIDED, on=chronology.ref, by=by)
    return row


def _settle_when(chronology: Chronology, comparison: Comparison) -> None:
    """A conflict of days or times lives as long as both entries are said to be the same event."""
    key = _key("when", comparison.pk)
    row = Conflict.objects.filter(chronology=chronology, key=key).first()
    words = ""
    if comparison.state == states.PairState.SAME:
        words = rules.differ(comparison.one.when, comparison.other.when)
    if row is None and words:
        said = f"The same event is told of {words}"
        _conflict(
            chronology, comparison.one_id, comparison.other_id, states.ConflictSort.WHEN, said, key
        ).store()
    elif row is not None and row.state != states.ConflictState.RESOLVED:
        row.state = states.ConflictState.OPEN if words else states.ConflictState.GONE
        row.store()


# Conflicts --------------------------------------------------------------------------------------------


@transaction.atomic
def contradict(*, chronology: Chronology, one: Entry, other: Entry, words: str, by: Actor) -> Conflict:
    """Mark that two entries contradict each other, and in what."""
    row = locked(chronology=chronology, by=by, permission=permissions.EDIT)
    _check_pair(row, one, other)
    check_reason(words, field="words", what="Say in a sentence what contradicts what.")
    conflict = _conflict(row, one.pk, other.pk, states.ConflictSort.FACTS, words.strip()).store()
    history.record(events.CONTRADICTED, on=row.ref, by=by)
    return conflict


def _locked_conflict(conflict: Conflict, by: Actor, expected_version: int) -> Conflict:
    chronology = locked(chronology=conflict.chronology, by=by, permission=permissions.EDIT)
    states.check_open(chronology.status)
    row: Conflict = Conflict.objects.locked(conflict.pk, expected_version, by=by)
    return row


@transaction.atomic
def resolve(*, conflict: Conflict, reason: str, by: Actor, today: date, expected_version: int) -> Conflict:
    """Settle a conflict with the reason; what the agencies said stays as it is."""
    row = _locked_conflict(conflict, by, expected_version)
    check_reason(reason, what="Say in a sentence what is taken to be so, and why.")
    row.state, row.reason, row.settled_on = states.ConflictState.RESOLVED, reason.strip(), today
    row.store()
    history.record(events.RESOLVED, on=row.chronology.ref, by=by)
    return row


@transaction.atomic
def reopen_conflict(*, conflict: Conflict, by: Actor, expected_version: int) -> Conflict:
    """Open a conflict again; its reason is forgotten."""
    row = _locked_conflict(conflict, by, expected_version)
    if row.state != states.ConflictState.RESOLVED:
        raise Refused("This conflict is open.")
    row.state, row.reason, row.settled_on = states.ConflictState.OPEN, "", None
    row.store()
    history.record(events.REOPENED, on=row.chronology.ref, by=by)
    return row
