"""Where words stand in a chronology, by the shelves that are kept of each part; no entry is opened for it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import BinaryField, Case, F, Func, Q, QuerySet, Value, When
from django.db.models.lookups import Exact

from shield.domain.chronologies.models import Chronology, Contribution, Entry, WordShelf
from shield.domain.chronologies.rules import states, words

Places = dict[uuid.UUID, set[int]]
"""By agency, the numbers (`Entry.sequence`) of its entries."""
NOTHING = Q(pk__in=[])


def entries_with(chronology: Chronology, *, text: str = "", person: str = "") -> Any:
    """What a database filters entries by, so that every word of a text, and every name of a person, is in what it leaves.

    A word is found by its beginning. Names are looked for in what happened and in the people concerned. Two queries
    and no entry opened, however many there are.
    """
    asked = [(word, False) for word in sorted(words.words_of(text))]
    asked += [(word, True) for word in sorted(words.words_of(person))]
    return _meant(_places(chronology, asked)) if asked else NOTHING


def _places(chronology: Chronology, asked: Sequence[tuple[str, bool]]) -> Places:
    """The entries of each agency in which all of these words stand."""
    shelf_of = {word: words.shelf_of(word, chronology.words_key) for word, _ in asked}
    rows = WordShelf.objects.filter(
        contribution__chronology=chronology, contribution__status__in=states.MERGED,
        number__in={words.WHOLE, *shelf_of.values()},
    ).annotate(agency_id=F("contribution__agency_id"))  # fmt: skip
    by_agency: dict[uuid.UUID, list[WordShelf]] = {}
    for row in rows.only("id", "number", "words", "upload_id"):
        by_agency.setdefault(row.agency_id, []).append(row)
    found: Places = {}
    for agency_id, shelves in by_agency.items():
        every = [_of_one(shelves, word, shelf_of[word], told_only) for word, told_only in asked]
        if both := set.intersection(*every):
            found[agency_id] = both
    return found


def _of_one(shelves: Iterable[WordShelf], word: str, number: int, told_only: bool) -> set[int]:
    """The entries of an agency in which one word stands: as its tables say, or what was typed or corrected since."""
    found: set[int] = set()
    typed: set[int] = set()
    apart: set[int] = set()
    for row in shelves:
        if row.number not in {words.WHOLE, number}:
            continue
        here = words.found_on(row.words, word, told_only=told_only)
        if row.upload_id is None:
            typed, apart = here, words.told_apart(row.words)
        else:
            found |= here
    return (found - apart) | typed


def _meant(places: Mapping[uuid.UUID, set[int]]) -> Any:
    """Numbers of entries as a filter: a sign for each, read by the entry's number, so that no list of them is looked through."""
    if not places:
        return NOTHING
    signs = Case(
        *(
            When(agency_id=agency_id, then=Value(words.flags(numbers), output_field=BinaryField()))
            for agency_id, numbers in places.items()
        ),
        default=Value(b"", output_field=BinaryField()),
    )
    of_entry = Func(signs, F("sequence"), 1, function="substr", output_field=BinaryField())
    return Q(Exact(of_entry, Value(b"1", output_field=BinaryField())))


def apart_from_tables(contribution_id: uuid.UUID) -> QuerySet[Entry]:
    """The entries of a part of which no table's shelves tell: typed, changed since, or taken in before there were shelves."""
    shelved = WordShelf.objects.filter(contribution_id=contribution_id, upload__isnull=False)
    rows = Entry.objects.filter(contribution_id=contribution_id)
    return rows.filter(
        Q(upload__isnull=True) | Q(version__gt=1) | ~Q(upload__in=shelved.order_by().values("upload"))
    )


def without_shelves() -> QuerySet[Contribution]:
    """Parts that were handed in before anything was kept beside their entries."""
    rows = Contribution.objects.filter(status__in=states.MERGED, outline__isnull=True)
    return rows.select_related("partnership")
