"""What is kept of an agency's part beside its entries: where its words stand, sealed, and how much it tells of when.

Words are put on shelves while a table is taken in, for then its texts are at hand; what was typed or corrected, and the
outline, when the part is handed in. All in the transaction of that act.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Left

from shield.domain.chronologies.models import Contribution, Entry, Outline, Upload, WordShelf
from shield.domain.chronologies.queries import words as kept
from shield.domain.chronologies.rules import gaps, states, words
from shield.domain.chronologies.rules.states import Told

REST = tuple(name for name in states.TEXTS if name not in {"event", "people"})


def catalogue(*, told: Sequence[Told], start: int) -> words.Catalogue:
    """The words of the entries of a table, which are numbered from `start`."""
    made = words.Catalogue()
    for number, each in enumerate(told, start=start):
        _add(made, number, each)
    return made


def _add(made: words.Catalogue, number: int, of: Told | Entry) -> None:
    made.add(number, of.event, of.people, [getattr(of, name) for name in REST])


def shelve(*, upload: Upload, catalogue: words.Catalogue, size: int) -> None:
    """Keep where the words of a table stand; part of the act that takes it in."""
    key = upload.contribution.chronology.words_key
    shelves = {words.WHOLE: catalogue.on_one()} if size <= words.SMALL else catalogue.shelves(key)
    WordShelf.objects.bulk_create(
        WordShelf(
            partnership_id=upload.partnership_id, contribution=upload.contribution, upload=upload, number=number, words=held, version=1
        )
        for number, held in shelves.items()
    )  # fmt: skip


def keep_beside(*, contribution: Contribution) -> None:
    """Keep what is not kept yet of a part that is handed in; part of that act."""
    _shelve_typed(contribution)
    _outline(contribution)


def keep_what_is_missing() -> int:
    """Keep it of parts that were handed in by an earlier version of Shield; returns of how many. Safe to repeat."""
    done = 0
    for row in kept.without_shelves():
        with transaction.atomic():
            keep_beside(contribution=Contribution.objects.select_for_update().get(pk=row.pk))
        done += 1
    return done


def _shelve_typed(contribution: Contribution) -> None:
    rows = kept.apart_from_tables(contribution.pk).only("id", "sequence", *states.TEXTS)
    made, numbers = words.Catalogue(), []
    for entry in rows.order_by("sequence").iterator(chunk_size=2_000):
        _add(made, entry.sequence, entry)
        numbers.append(entry.sequence)
    held = WordShelf.objects.filter(contribution=contribution, upload__isnull=True).first()
    if held is None:
        held = WordShelf(
            partnership_id=contribution.partnership_id, contribution=contribution, number=words.WHOLE
        )
    held.words = made.on_one(numbers)
    held.store()


def _outline(contribution: Contribution) -> None:
    every = Entry.objects.filter(contribution=contribution, standing__in=states.READ)
    rows = every.filter(first_day__isnull=False)
    months = rows.order_by().annotate(month=Left("order", 6)).values_list("month").annotate(n=Count("pk"))
    spans = rows.order_by().values_list("first_day", "last_day").distinct()
    voice = rows.order_by().filter(has_voice=True).values_list("first_day", flat=True).distinct()
    row = Outline.objects.filter(contribution=contribution).first()
    if row is None:
        row = Outline(partnership_id=contribution.partnership_id, contribution=contribution)
    row.entries, row.months = every.count(), dict(months)
    row.covered = [list(span) for span in gaps.joined(spans)]
    row.voice = sorted(voice)
    row.store()
