"""Which entries are shown together: those of which a person said that they tell of the same event."""

from __future__ import annotations

import uuid

from shield.domain.chronologies.models import Chronology, Entry
from shield.domain.chronologies.queries import findings
from shield.domain.chronologies.rules import states

AT_ONCE = 500
"""Entries that are named in one statement."""


def regroup(*, chronology: Chronology) -> None:
    """Work out anew which entries are shown with which; nothing an agency told is changed by it.

    Only what is shown otherwise than before is written.
    """
    rows = Entry.objects.filter(chronology_id=chronology.pk)
    before = dict(rows.filter(standing=states.Standing.WITHIN).values_list("pk", "within"))
    wanted = _with_whom(chronology)
    alone = [pk for pk in before if pk not in wanted]
    for start in range(0, len(alone), AT_ONCE):
        some = rows.filter(pk__in=alone[start : start + AT_ONCE])
        some.update(standing=states.Standing.MERGED, within=None)
    moved: dict[uuid.UUID, list[uuid.UUID]] = {}
    for pk, head in wanted.items():
        if before.get(pk) != head:
            moved.setdefault(head, []).append(pk)
    for head, others in moved.items():
        rows.filter(pk__in=others).update(standing=states.Standing.WITHIN, within=head)


def _with_whom(chronology: Chronology) -> dict[uuid.UUID, uuid.UUID]:
    """For each entry that is shown with another: with which, the first of its event."""
    place = findings.places_of_same(chronology)
    of: dict[uuid.UUID, set[uuid.UUID]] = {}
    for one, other in findings.same_pairs(chronology):
        together = of.get(one, {one}) | of.get(other, {other})
        of.update(dict.fromkeys(together, together))
    return {pk: head for pk, group in of.items() if pk != (head := min(group, key=place.__getitem__))}
