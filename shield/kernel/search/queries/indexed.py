"""What of the records is in the index: which kinds, which rows, which of their words, and what an event changes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from shield.kernel.access import queries as access
from shield.kernel.access.rules import Actor
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.history.models import ChainHead, Event
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import RecordRef, Searched
from shield.kernel.search import rules
from shield.kernel.search.models import Entry, Progress, Word

Ids = Mapping[str, set[uuid.UUID]]
"""Ids of records by their kind."""


def kinds() -> dict[str, tuple[Any, Searched]]:
    """Every kind that is searched, with how it is."""
    found = {kind: (model, getattr(model, "searched", None)) for kind, model in KINDS.items()}
    return {kind: (model, how) for kind, (model, how) in found.items() if how is not None}


def place_of(partnership_id: uuid.UUID) -> str:
    """The one word that stands for a partnership in the index."""
    return f"p{partnership_id.hex}"


def indexer(partnership_id: uuid.UUID) -> Actor:
    """Who reads for the index: the system, which sees all that anybody of the partnership may see."""
    permissions = access.permissions_of(["system"])
    return Actor(partnership_id, "", permissions=permissions, roles=frozenset({"system"}), is_system=True)


def indexable(model: Any, how: Searched, partnership_id: uuid.UUID) -> QuerySet[Any]:
    """The rows of a kind that can be found, with what names them; what was taken back is not among them."""
    rows: QuerySet[Any] = model.objects.visible_to(indexer(partnership_id)).filter(**dict(how.only))
    return rows.select_related(*_relations(model, how)) if _relations(model, how) else rows


def _relations(model: Any, how: Searched) -> tuple[str, ...]:
    names = {
        how.under,
        how.instead_of,
        *how.follows,
        *(path.partition(".")[0] for path in (*how.by, how.day)),
    }
    relations = {field.name for field in model._meta.concrete_fields if field.is_relation}
    return tuple(sorted(names & relations))


# Entries ----------------------------------------------------------------------------------------------


def documents(rows: Iterable[Any], how: Searched, partnership_id: uuid.UUID) -> list[Entry]:
    """The entries of rows, not stored yet; a row that should stand on a page and stands on none has none."""
    rows = [row for row in rows if not how.under or _under(row, how)]
    above = _titles_above(rows, how, partnership_id)
    return [_document(row, how, partnership_id, above) for row in rows]


def _document(row: Any, how: Searched, partnership_id: uuid.UUID, above: Mapping[uuid.UUID, str]) -> Entry:
    title = " ".join(row.heading.split())[:500]
    text = " · ".join(filter(None, (rules.plain(_words(follow(row, path))) for path in how.by)))
    text = text[: rules.TEXT_LIMIT]
    under = _under(row, how)
    return Entry(
        partnership_id=partnership_id,
        kind=row.kind,
        record_id=row.pk,
        under_kind=under.kind if under else "",
        under_id=under.id if under else None,
        under_title=(under.title or above.get(under.id, ""))[:500] if under else "",
        instead_of_id=getattr(row, f"{how.instead_of}_id") if how.instead_of else None,
        day=_day(row, how),
        dated=_dated(row, how),
        place=place_of(partnership_id),
        title=title,
        text=text,
        folded_title=rules.folded(f"{title} {getattr(row, 'reference', '')}"),
        folded_text=rules.folded(text),
    )


def follow(row: Any, path: str) -> Any:
    """The value at the end of `decision.text`; None if the way ends before."""
    for name in path.split("."):
        row = getattr(row, name, None) if row is not None else None
    return row


def _words(value: Any) -> str:
    """A value as words: of a list or mapping, what it holds."""
    if isinstance(value, dict):
        return " ".join(map(_words, value.values()))
    if isinstance(value, list | tuple):
        return " · ".join(map(_words, value))
    return "" if value is None else str(value)


def _day(row: Any, how: Searched) -> date:
    """The row's own day, else the one on which it was recorded."""
    value = _own_day(row, how) or getattr(row, "recorded_at", None) or getattr(row, "launched_on", None)
    if isinstance(value, datetime):
        return timezone.localdate(value)
    return value if isinstance(value, date) else date(1970, 1, 1)


def _own_day(row: Any, how: Searched) -> date | None:
    value = follow(row, how.day) if how.day else None
    return value if isinstance(value, date) else None


def _dated(row: Any, how: Searched) -> str:
    """The row's own day as exactly as it is known: 29 July 2019, July 2019, 2019."""
    day, holder = _own_day(row, how), how.day.rpartition(".")[0]
    precision = getattr(follow(row, holder) if holder else row, "precision", "day")
    return in_words_to(day, precision) if day else ""


def _under(row: Any, how: Searched) -> RecordRef | None:
    """The record on whose page this one stands: by a foreign key, or by a kind and an id."""
    if not how.under:
        return None
    if how.under in {field.name for field in row._meta.concrete_fields}:
        record = getattr(row, how.under)
        return record.ref if record else None
    return RecordRef(getattr(row, f"{how.under}_kind"), getattr(row, f"{how.under}_id"))


def _titles_above(rows: list[Any], how: Searched, partnership_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """Titles of the records that rows name by kind and id."""
    refs = [ref for row in rows if (ref := _under(row, how)) and not ref.title]
    by_kind: dict[str, set[uuid.UUID]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, set()).add(ref.id)
    return {
        row.pk: row.heading
        for kind, ids in by_kind.items()
        if kind in KINDS
        for row in KINDS[kind].objects.visible_to(indexer(partnership_id)).filter(pk__in=ids)
    }


# Following the history --------------------------------------------------------------------------------


def behind(partnership_id: uuid.UUID) -> tuple[int, int]:
    """How long a partnership's history is, and up to where it is in the index."""
    done = Progress.objects.filter(pk=OuterRef("pk")).values("sequence")
    row = ChainHead.objects.filter(pk=partnership_id).values_list("count", Subquery(done)).first()
    return (row[0], row[1] or 0) if row else (0, 0)


def partnerships() -> list[uuid.UUID]:
    """Every partnership that has a history."""
    return list(ChainHead.objects.order_by("pk").values_list("pk", flat=True))


def partnerships_behind() -> list[uuid.UUID]:
    """The partnerships in which something happened that is not in the index yet."""
    done = Progress.objects.filter(pk=OuterRef("pk")).values("sequence")
    rows = ChainHead.objects.annotate(done=Coalesce(Subquery(done), 0)).filter(count__gt=F("done"))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def events_after(partnership_id: uuid.UUID, sequence: int, limit: int) -> list[Event]:
    """The next events of a partnership, in order."""
    rows = Event.objects.filter(partnership_id=partnership_id, sequence__gt=sequence).order_by("sequence")
    return list(rows.only("sequence", "record_kind", "record_id")[:limit])


def imported_by(event: Event) -> list[str]:
    """The kinds of which an event says that many came at once."""
    return [kind for kind, (_, how) in kinds().items() if how.imported_as == event.record_kind]


def removes(event: Event) -> bool:
    """Whether other records may be gone with an event."""
    return bool(getattr(KINDS.get(event.record_kind), "removes_records", False))


def touched(model: Any, how: Searched, ids: Ids) -> Q | None:
    """Which rows of a kind must be read anew when something happened to these records; None for none."""
    found = Q(pk__in=ids[model.kind]) if ids.get(model.kind) else None
    for name, kind in _followed(model, how):
        wanted = ids.get(kind) if kind else set().union(*ids.values())
        if wanted:
            condition = Q(**{f"{name}_id__in": wanted})
            found = condition if found is None else found | condition
    return found


def _followed(model: Any, how: Searched) -> Iterator[tuple[str, str]]:
    """Relations whose records change what a row says, each with the kind it leads to; empty for any kind."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    for name in filter(None, (how.under, *how.follows)):
        yield name, getattr(fields[name].related_model, "kind", "") if name in fields else ""


def gone(kind: str, ids: Ids, partnership_id: uuid.UUID, kept: set[uuid.UUID]) -> QuerySet[Entry]:
    """Entries of a kind that something happened to and that are not among those that are kept."""
    every = set().union(*ids.values())
    about = Q(record_id__in=ids.get(kind, ())) | Q(under_id__in=every) | Q(instead_of_id__in=every)
    rows = Entry.objects.filter(about, partnership_id=partnership_id, kind=kind)
    return rows.exclude(record_id__in=kept)


def unused_words(partnership_id: uuid.UUID) -> list[int]:
    """Words that stand in no entry any more, by their key."""
    used: set[str] = set()
    rows = Entry.objects.filter(partnership_id=partnership_id).values_list("folded_title", "folded_text")
    for texts in rows.iterator(chunk_size=2000):
        used.update(word for text in texts for word in text.split())
    words = Word.objects.filter(partnership_id=partnership_id).values_list("pk", "word")
    return [pk for pk, word in words.iterator(chunk_size=2000) if word not in used]
