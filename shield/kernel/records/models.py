"""The base of every record, and the small tables that serve all of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations

from shield.kernel.calendar.rules import in_words
from shield.kernel.records import rules
from shield.kernel.records.rules import Retention, Sensitivity
from shield.kernel.sealed.models import SealedText

SEALED = "sealed text"
"""What the history says of a text about a child."""
KINDS: dict[str, type[Record]] = {}
"""Every concrete record by its stable kind; filled when the class is made."""
INTEGER_RANGES = BaseDatabaseOperations.integer_field_ranges
"""What each kind of integer field holds on PostgreSQL; SQLite takes any 64 bits."""


def check_storable(row: models.Model) -> None:
    """Refuse on both databases what one of them would take: control characters, numbers out of range."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if rules.unstorable_text(value):
            raise ValidationError(
                {
                    field.name: "This holds a hidden character that cannot be stored. Paste it as plain text, or type it anew."
                }
            )
        least, most = INTEGER_RANGES.get(field.get_internal_type(), (None, None))
        if isinstance(value, int) and least is not None and most is not None and not least <= value <= most:
            raise ValidationError({field.name: f"The number must be from {least:,} to {most:,}."})


class RecordQuerySet(models.QuerySet[Any]):
    """Reads of records: nothing leaves it for an actor but through `visible_to`."""

    def visible_to(self, actor: Any) -> Self:
        """The rows this actor may see: own partnership and the kind's view permission, no others; with what names each."""
        if not actor.may(self.model.view_permission):
            return self.none()
        rows = self.filter(partnership_id=actor.partnership_id)
        return rows.select_related(*self.model.shown_with) if self.model.shown_with else rows

    def open_to(self, actor: Any) -> Self:
        """The rows whose own page this actor may open: what they see in lists.

        A model whose records can be taken back adds those: they are in no list, but their page says why.
        """
        return self.visible_to(actor)

    def locked(self, pk: uuid.UUID, expected_version: int | None = None, *, by: Any) -> Any:
        """Re-read one row of the actor's own partnership for a change; Stale if it is not the version seen.

        A page has fetched the row through `visible_to` already; this holds for whoever calls a service without one.
        """
        row = self.select_for_update().get(pk=pk, partnership_id=by.partnership_id)
        row.refuse_if_stale(expected_version)
        return row

    def delete(self) -> Any:
        """Refused: what is closed is kept."""
        raise TypeError("Records are not deleted; they change state.")


class Record(models.Model):
    """A record of one partnership: id, readable reference, version."""

    kind: ClassVar[str] = ""
    label: ClassVar[str] = ""
    view_permission: ClassVar[Any] = None
    reference_prefix: ClassVar[str] = ""
    url_name: ClassVar[str] = ""
    shown_with: ClassVar[tuple[str, ...]] = ()
    """Relations without which a row cannot be named on a page; read together with it."""
    starts_clocks: ClassVar[bool] = False
    """Whether what happens to it sets a statutory period running; its page then shows the clocks."""
    is_restricted: ClassVar[bool] = False
    """Whether some who see its kind do not see each record of it, and may open one for a while when it is urgent."""
    traced: ClassVar[bool] = False
    """Whether it is kept who opened its pages; so for every kind that holds anything about a child."""
    searched: ClassVar[rules.Searched | None] = None
    """How records of this kind are found by a search; None if they are not."""
    removes_records: ClassVar[bool] = False
    """Whether what happens to it may remove other records, as a disposal does; the search index then lets them go."""
    retention: ClassVar[Retention]
    retention_from: ClassVar[str] = "recorded_at"
    """The day from which the record's time runs: a field, a path over relations, or a class method that gives an expression.

    While it is empty (a role that is still held), the time does not run.
    """
    disposed_with: ClassVar[str] = ""
    """The link to the record of which this is a part: it is disposed of together with that, and never by itself."""
    sensitivity: ClassVar[dict[str, Sensitivity]] = {}
    base_sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "id": Sensitivity.INTERNAL,
        "partnership": Sensitivity.INTERNAL,
        "reference": Sensitivity.INTERNAL,
        "version": Sensitivity.INTERNAL,
        "recorded_at": Sensitivity.INTERNAL,
    }

    id = models.UUIDField(primary_key=True, default=rules.new_id, editable=False)
    partnership = models.ForeignKey("accounts.Partnership", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=0)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.kind and "kind" in cls.__dict__:
            KINDS[cls.kind] = cls

    def __str__(self) -> str:
        return self.heading

    @classmethod
    def new(cls, by: Any, **values: Any) -> Self:
        """A row of the actor's partnership, not stored yet, under the next reference where its kind has one."""
        prefix = cls.reference_prefix
        reference = next_reference(by.partnership_id, prefix) if prefix else ""
        return cls(partnership_id=by.partnership_id, reference=reference, **values)

    @property
    def heading(self) -> str:
        """What a page calls this record."""
        return str(getattr(self, "title", "") or self.reference or self.label)

    @property
    def ref(self) -> rules.RecordRef:
        """The stable pointer to this record."""
        return rules.RecordRef(self.kind, self.pk, self.heading)

    def refuse_if_stale(self, expected_version: int | None) -> None:
        """Raise Stale if this row, just read for a change, is no longer the version that was seen."""
        if expected_version is not None and self.version != expected_version:
            raise rules.Stale(self)

    def store(self) -> Self:
        """Check everything, count the version up, save. The only way a service writes a row."""
        self.examine()
        self.version += 1
        self.save()
        return self

    def examine(self) -> None:
        """Refuse whatever is not right about this row; a bulk write examines each of its rows."""
        check_storable(self)
        self.check_partnership()
        self.full_clean(exclude=["recorded_at"])

    def check_partnership(self) -> None:
        """Refuse a tie to a record of another partnership; looks only at what is in memory, so it costs no query."""
        for field in self._meta.concrete_fields:
            if not field.is_relation or field.name not in self._state.fields_cache:
                continue
            other = getattr(self, field.name)
            if isinstance(other, Record) and other.partnership_id != self.partnership_id:
                raise ValidationError({field.name: "This belongs to another partnership."})

    def link(self, name: str, rows: Iterable[Record]) -> Self:
        """Tie this record to exactly these rows; the only way a service writes a many-to-many.

        What `check_partnership` does for a foreign key is done here: a row of another partnership is refused.
        """
        chosen = list(rows)
        if any(row.partnership_id != self.partnership_id for row in chosen):
            raise rules.Refused("This belongs to another partnership.", name)
        getattr(self, name).set(chosen)
        return self

    def amend(self, changes: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
        """Write new values over the old; returns of each field that differs what stood there and what stands now."""
        made = {}
        for name, value in changes.items():
            before, stood = self._said(name), getattr(self, name)
            setattr(self, name, value)
            after = self._said(name)
            if after == before == SEALED and value != stood:
                after = f"{SEALED}, written anew"
            if after != before:
                made[name] = (before, after)
        return made

    def relink(self, name: str, rows: Iterable[Any]) -> dict[str, tuple[str, str]]:
        """Tie this record to other rows; returns what it was tied to and what it is tied to now."""
        before = self._tied_to(name)
        self.link(name, rows)
        return {name: (before, after)} if (after := self._tied_to(name)) != before else {}

    def _said(self, name: str) -> str:
        """A value as the history tells it; of what is sealed, no more than whether there is something."""
        field = next((each for each in self._meta.concrete_fields if each.name == name), None)
        if isinstance(field, SealedText):
            return SEALED if getattr(self, name) else ""
        if shown := getattr(self, f"get_{name}_display", None):
            return str(shown())
        value = getattr(self, name)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, date):
            return in_words(value)
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return str(getattr(value, "heading", "" if value is None else value))

    def _tied_to(self, name: str) -> str:
        return "; ".join(sorted(str(row) for row in getattr(self, name).all()))

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Refused: what is closed is kept."""
        raise TypeError("Records are not deleted; they change state.")


class ReferenceCounter(models.Model):
    """The last number given in one partnership under one prefix."""

    retention: ClassVar[Retention] = Retention.TECHNICAL
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "id": Sensitivity.INTERNAL,
        "partnership_id": Sensitivity.INTERNAL,
        "prefix": Sensitivity.INTERNAL,
        "last": Sensitivity.INTERNAL,
    }

    partnership_id = models.UUIDField()
    prefix = models.CharField(max_length=20)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership_id", "prefix"], name="reference_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.last}"


class SpentToken(models.Model):
    """A form's once-only token that has been used, and where its act led."""

    retention: ClassVar[Retention] = Retention.TECHNICAL
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "token": Sensitivity.INTERNAL,
        "person_id": Sensitivity.INTERNAL,
        "led_to": Sensitivity.INTERNAL,
        "spent_at": Sensitivity.INTERNAL,
    }

    token = models.CharField(max_length=64, primary_key=True)
    person_id = models.UUIDField(null=True)
    led_to = models.CharField(max_length=500, blank=True)
    spent_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.token


class KeptForm(models.Model):
    """What a person had typed on one page when they left it to fetch something; theirs alone, and for a short time.

    It may hold anything, so it is sealed for that person and that page (`access.views.set_aside`).
    """

    retention: ClassVar[Retention] = Retention.TECHNICAL
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "id": Sensitivity.INTERNAL,
        "person_id": Sensitivity.INTERNAL,
        "path": Sensitivity.INTERNAL,
        "typed": Sensitivity.CHILD,
        "kept_at": Sensitivity.INTERNAL,
    }

    person_id = models.UUIDField()
    path = models.CharField(max_length=500)
    typed = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "path"], name="kept_form_once")]

    def __str__(self) -> str:
        return self.path


def next_reference(partnership_id: uuid.UUID, prefix: str) -> str:
    """The next readable reference, such as MTG-0007; call inside the act's transaction."""
    ReferenceCounter.objects.get_or_create(partnership_id=partnership_id, prefix=prefix)
    counter = ReferenceCounter.objects.select_for_update().get(partnership_id=partnership_id, prefix=prefix)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{prefix}-{counter.last:04d}"


def kind_label(kind: str) -> str:
    """What people call a kind of record; the kind itself is never shown."""
    model = KINDS.get(kind)
    return model.label if model else "Record"
