"""The index: one entry for each record that can be found, the words in use, and how far the history is followed.

All of it is derived from the records. What makes it fast (an FTS5 table on SQLite, text vectors on PostgreSQL) is
kept in step with the entries by the database itself.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from shield.kernel.records.rules import Retention, Sensitivity

_INTERNAL, _PERSONAL = Sensitivity.INTERNAL, Sensitivity.PERSONAL
FTS = "search_words"
"""SQLite's table of words; the names of its shadow tables begin with it."""
NEWEST = "search_entry_newest"
"""The index of a partnership's entries in the order of results: of very many matches the first are read along it."""


class Entry(models.Model):
    """A record as it is searched; the folded texts are what is searched, the others what a result shows."""

    retention: ClassVar[Retention] = Retention.TECHNICAL
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "id": _INTERNAL, "partnership_id": _INTERNAL, "kind": _INTERNAL, "record_id": _INTERNAL, "under_kind": _INTERNAL,
        "under_id": _INTERNAL, "instead_of_id": _INTERNAL, "day": _INTERNAL, "dated": _INTERNAL, "place": _INTERNAL, "title": _PERSONAL,
        "under_title": _INTERNAL, "text": _INTERNAL, "folded_title": _PERSONAL, "folded_text": _INTERNAL,
    }  # fmt: skip

    partnership_id = models.UUIDField()
    kind = models.CharField(max_length=80)
    record_id = models.UUIDField()
    under_kind = models.CharField(max_length=80, blank=True)
    under_id = models.UUIDField(null=True, db_index=True)
    instead_of_id = models.UUIDField(null=True)
    day = models.DateField()
    """By which it is ordered: its own, or the day on which it was recorded."""
    dated = models.CharField(max_length=40, blank=True)
    """Its own day in words, as exactly as it is known."""
    place = models.CharField(max_length=40)
    """One word for the partnership, so that the index itself leaves out all others."""
    title = models.CharField(max_length=500)
    under_title = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    folded_title = models.TextField()
    folded_text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership_id", "kind", "record_id"], name="search_entry_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.record_id}"


class Word(models.Model):
    """A word in use in a partnership: what a misspelt one may have meant."""

    retention: ClassVar[Retention] = Retention.TECHNICAL
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "id": _INTERNAL, "partnership_id": _INTERNAL, "length": _INTERNAL, "word": _PERSONAL,
    }  # fmt: skip

    partnership_id = models.UUIDField()
    length = models.PositiveSmallIntegerField()
    word = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership_id", "length", "word"], name="search_word_once")
        ]

    def __str__(self) -> str:
        return self.word


class Progress(models.Model):
    """Up to which entry of its history a partnership's records are in the index."""

    retention: ClassVar[Retention] = Retention.TECHNICAL
    sensitivity: ClassVar[dict[str, Sensitivity]] = {"partnership_id": _INTERNAL, "sequence": _INTERNAL}

    partnership_id = models.UUIDField(primary_key=True)
    sequence = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.partnership_id}: {self.sequence}"


# What the database keeps beside the entries -------------------------------------------------------------

_ORDER = f"CREATE INDEX IF NOT EXISTS {NEWEST} ON search_entry (partnership_id, day DESC, record_id DESC, kind, under_id)"
_VECTORS = (
    "ALTER TABLE search_entry ADD COLUMN IF NOT EXISTS vector tsvector GENERATED ALWAYS AS ("
    "to_tsvector('english'::regconfig, folded_title || ' ' || folded_text) || array_to_tsvector(ARRAY[place::text])"
    ") STORED",
    "ALTER TABLE search_entry ADD COLUMN IF NOT EXISTS title_vector tsvector GENERATED ALWAYS AS ("
    "to_tsvector('english'::regconfig, folded_title)) STORED",
    # Very long texts lie apart, so that the rows that matches are ordered by stay short; the words of titles do not.
    "ALTER TABLE search_entry SET (toast_tuple_target = 128)",
    "ALTER TABLE search_entry ALTER COLUMN title_vector SET STORAGE PLAIN",
    "CREATE INDEX IF NOT EXISTS search_entry_vector ON search_entry USING gin (vector)",
    _ORDER,
)
_COLUMNS = "folded_title, folded_text, place"
_TABLE = (
    f"CREATE VIRTUAL TABLE {FTS} USING fts5({_COLUMNS}, content='search_entry', content_rowid='id', "
    "tokenize='porter unicode61 remove_diacritics 2')"
)
_OLD = f"INSERT INTO {FTS}({FTS}, rowid, {_COLUMNS}) VALUES ('delete', old.id, old.folded_title, old.folded_text, old.place);"  # noqa: S608
_NEW = f"INSERT INTO {FTS}(rowid, {_COLUMNS}) VALUES (new.id, new.folded_title, new.folded_text, new.place);"  # noqa: S608
_TRIGGERS = {
    "search_entry_added": ("INSERT", _NEW),
    "search_entry_gone": ("DELETE", _OLD),
    "search_entry_changed": ("UPDATE", _OLD + " " + _NEW),
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Make what is searched and keep it in step with the entries; safe to call again.

    On SQLite a migration that rebuilds a table drops its triggers silently, so this runs after every `migrate`.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in _VECTORS:
                cursor.execute(statement)
            return
        if FTS not in connection.introspection.table_names():
            cursor.execute(_TABLE)
            cursor.execute(f"INSERT INTO {FTS}({FTS}) VALUES ('rebuild')")  # noqa: S608 - a name of our own
        cursor.execute(_ORDER)
        for name, (act, body) in _TRIGGERS.items():
            cursor.execute(
                f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {act} ON search_entry BEGIN {body} END"
            )


def missing_parts(connection: BaseDatabaseWrapper) -> list[str]:
    """What an installed index lacks."""
    if Entry._meta.db_table not in connection.introspection.table_names():
        return []
    if connection.vendor == "postgresql":
        wanted = {"search_entry_vector", NEWEST}
        query = "SELECT indexname FROM pg_indexes WHERE tablename = 'search_entry'"
    else:
        wanted = {FTS, NEWEST, *_TRIGGERS}
        query = "SELECT name FROM sqlite_master WHERE type IN ('table', 'index', 'trigger')"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(wanted - {row[0] for row in cursor.fetchall()})
