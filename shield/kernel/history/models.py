"""The append-only tables. No foreign key leads to a live row: labels are copied."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from shield.kernel.history.rules import START
from shield.kernel.records.rules import Retention, Sensitivity

_INTERNAL = Sensitivity.INTERNAL


class Event(models.Model):
    """One thing that happened to one record."""

    retention: ClassVar[Retention] = Retention.PERMANENT
    sensitivity: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        (
            "id", "partnership_id", "sequence", "kind", "at", "actor_id", "actor_name", "record_kind",
            "record_id", "record_title", "details", "key_id", "mac",
        ),
        _INTERNAL,
    )  # fmt: skip

    partnership_id = models.UUIDField()
    sequence = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=80)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    record_kind = models.CharField(max_length=80)
    record_id = models.UUIDField()
    record_title = models.CharField(max_length=500, blank=True)
    details = models.TextField(default="{}")
    key_id = models.CharField(max_length=40)
    mac = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership_id", "sequence"], name="event_in_sequence")
        ]
        indexes = [models.Index(fields=["partnership_id", "record_id", "sequence"], name="event_of_record")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind}"


class ChainHead(models.Model):
    """How long a partnership's chain is and where it ends."""

    retention: ClassVar[Retention] = Retention.PERMANENT
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "partnership_id": _INTERNAL, "count": _INTERNAL, "mac": _INTERNAL,
    }  # fmt: skip

    partnership_id = models.UUIDField(primary_key=True)
    count = models.PositiveBigIntegerField(default=0)
    mac = models.CharField(max_length=64, default=START)

    def __str__(self) -> str:
        return f"{self.partnership_id}: {self.count}"


class Read(models.Model):
    """Somebody looked at a sensitive record."""

    retention: ClassVar[Retention] = Retention.PERMANENT
    sensitivity: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ("id", "partnership_id", "at", "actor_id", "actor_name", "record_kind", "record_id", "purpose"),
        _INTERNAL,
    )

    partnership_id = models.UUIDField()
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    record_kind = models.CharField(max_length=80)
    record_id = models.UUIDField()
    purpose = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["partnership_id", "id"], name="read_in_order")]

    def __str__(self) -> str:
        return f"{self.at} {self.record_kind}"


class ReadSeal(models.Model):
    """A batch of reads, sealed: from the first to the last id, their number and their MAC."""

    retention: ClassVar[Retention] = Retention.PERMANENT
    sensitivity: ClassVar[dict[str, Sensitivity]] = dict.fromkeys(
        ("id", "partnership_id", "first_id", "last_id", "count", "key_id", "mac", "sealed_at"),
        _INTERNAL,
    )

    partnership_id = models.UUIDField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    key_id = models.CharField(max_length=40)
    mac = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.first_id}-{self.last_id}"


APPEND_ONLY: list[type[models.Model]] = [Event, Read, ReadSeal]
"""The tables that the database itself guards; a room above adds its own by `append_only`."""

M = TypeVar("M", bound=type[models.Model])


def append_only(model: M) -> M:
    """Guard a table as the history's own are: once written, a row is neither changed nor removed."""
    APPEND_ONLY.append(model)
    return model


REFUSAL = "The history is append-only."

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION shield_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'The history is append-only.' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def install_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make the database itself refuse update, delete and truncate; safe to call again.

    On SQLite a migration that rebuilds a table drops its triggers silently, so this runs after every
    `migrate`; REPLACE is caught because `recursive_triggers` is switched on for each connection.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
        present = set(connection.introspection.table_names(cursor))
        for model in APPEND_ONLY:
            if model._meta.db_table not in present:
                continue  # a migration of its own is still to come
            for statement in _statements(connection.vendor, model._meta.db_table):
                cursor.execute(statement)


def _statements(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f"CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION shield_refuse_change()",
            f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION shield_refuse_change()",
        ]
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act.lower()} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for act in ("UPDATE", "DELETE")
    ]


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Tables of the history that exist but are not guarded."""
    tables = [model._meta.db_table for model in APPEND_ONLY]
    present = set(connection.introspection.table_names())
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = [row[0] for row in cursor.fetchall()]
    return [t for t in tables if t in present and sum(name.startswith(f"{t}_no_") for name in names) < 2]
