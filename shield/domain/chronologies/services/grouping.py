"""Which entries are shown together: those of which a person said that they tell of the same event."""

from __future__ import annotations

import uuid

from shield.domain.chronologies.models import Chronology, Entry
from shield.domain.chronologies.queries import findings
from shield.domain.chronologies.rules import states


def regroup(*, chronology: Chronology) -> None:
    """Work out anew which entries are shown with which; nothing an agency told is changed by it."""
    rows = Entry.objects.filter(chronology_id=chronology.pk)
    rows.filter(standing=states.Standing.WITHIN).update(standing=states.Standing.MERGED, within=None)
    of: dict[uuid.UUID, set[uuid.UUID]] = {}
    for one, other in findings.same_pairs(chronology):
        together = of.get(one, {one}) | of.get(other, {other})
        of.update(dict.fromkeys(together, together))
    groups = {min(group): group for group in of.values()}
    for group in groups.values():
        first, *others = (
            rows.filter(pk__in=group).order_by("order", "sequence", "id").values_list("pk", flat=True)
        )
        rows.filter(pk__in=others).update(standing=states.Standing.WITHIN, within=first)
