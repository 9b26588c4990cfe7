"""Reporting years, statements of sources, settlements of discrepancies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from shield.kernel.records.models import Record
from shield.kernel.records.rules import Retention, Searched, Sensitivity
from shield.kernel.reporting import permissions
from shield.kernel.reporting.rules import Period, Value, attribute_words, seen, value_words

_PUBLIC, _INTERNAL, _PERSONAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL
_NUMBER, _DATE, _TEXT = "number", "date", "text"
VALUE_KINDS = [(_NUMBER, "Number"), (_DATE, "Date"), (_TEXT, "Text")]


class ReportingYear(Record):
    """A reporting year of a partnership and the edition of the guidance in force for it."""

    kind = "reporting.year"
    label = "Reporting year"
    view_permission = permissions.VIEW_FIGURES
    reference_prefix = "YEA"
    retention = Retention.PERMANENT
    sensitivity = {
        "name": _PUBLIC,
        "starts_on": _PUBLIC,
        "ends_on": _PUBLIC,
        "as_at": _PUBLIC,
        "edition": _PUBLIC,
        "closed": _INTERNAL,
    }

    name = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField()
    as_at = models.DateField()
    edition = models.CharField(max_length=20)
    closed = models.BooleanField(default=False)

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "name"], name="reporting_year_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="reporting_year_runs_forward"
            ),
        ]

    @property
    def heading(self) -> str:
        """The year's name."""
        return self.name

    @property
    def period(self) -> Period:
        """The year as figures take it."""
        return Period(self.name, self.starts_on, self.ends_on, self.as_at)


class TypedValue(Record):
    """A record that holds one number, date or text."""

    value_kind = models.CharField(max_length=6, choices=VALUE_KINDS)
    value_number = models.BigIntegerField(null=True, blank=True)
    value_date = models.DateField(null=True, blank=True)
    value_text = models.CharField(max_length=500, blank=True)
    precision = models.CharField(max_length=5, default="day")

    class Meta:
        abstract = True

    @property
    def value(self) -> Value:
        """The value in its own type."""
        if self.value_kind == _NUMBER and self.value_number is not None:
            return self.value_number
        if self.value_kind == _DATE and self.value_date is not None:
            return self.value_date
        return self.value_text

    @value.setter
    def value(self, value: Value) -> None:
        self.value_number, self.value_date, self.value_text = None, None, ""
        if isinstance(value, bool):
            raise TypeError("A statement holds a number, a date or a text.")
        if isinstance(value, int):
            self.value_kind, self.value_number = _NUMBER, value
        elif isinstance(value, date):
            self.value_kind, self.value_date = _DATE, value
        else:
            self.value_kind, self.value_text = _TEXT, value

    @property
    def value_words(self) -> str:
        """The value as a page prints it."""
        return value_words(self.value, self.precision)


_VALUE = {
    "precision": _INTERNAL,
    "value_kind": _INTERNAL,
    "value_number": _PUBLIC,
    "value_date": _PUBLIC,
    "value_text": _PUBLIC,
}


class Statement(TypedValue):
    """What some source asserts of a record or of a figure, at a place in it."""

    kind = "reporting.statement"
    label = "Statement"
    searched = Searched(
        by=("wording", "value_text", "source", "place"),
        at="statements",
        only=(("withdrawn", False),),
        imported_as="reporting.source",
        last=True,
    )
    view_permission = permissions.VIEW_FIGURES
    retention = Retention.PERMANENT
    sensitivity = {
        **_VALUE, "subject_kind": _INTERNAL, "subject_id": _INTERNAL, "subject_key": _INTERNAL, "subject_title": _PUBLIC,
        "attribute": _INTERNAL, "unit": _PUBLIC, "source": _PUBLIC, "section": _PUBLIC, "place": _PUBLIC, "wording": _PUBLIC,
        "year": _PUBLIC, "withdrawn": _INTERNAL, "withdrawn_why": _INTERNAL,
    }  # fmt: skip

    year = models.ForeignKey(ReportingYear, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    subject_kind = models.CharField(max_length=80)
    subject_id = models.UUIDField(null=True, blank=True, db_index=True)
    subject_key = models.CharField(max_length=160, blank=True)
    subject_title = models.CharField(max_length=300)
    attribute = models.CharField(max_length=60)
    unit = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=200)
    section = models.CharField(max_length=80)
    place = models.CharField(max_length=200, blank=True)
    wording = models.TextField(blank=True)
    withdrawn = models.BooleanField(default=False)
    withdrawn_why = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["section", "subject_title"]
        constraints = [
            # What a source says of a figure, it says of a year; of a meeting it says it whatever the year.
            models.CheckConstraint(
                condition=~Q(subject_kind="figure") | Q(year__isnull=False), name="figure_is_said_of_a_year"
            )
        ]

    @property
    def heading(self) -> str:
        """What is said of what."""
        return f"{self.subject_title}, {attribute_words(self.attribute)}"

    @property
    def subject(self) -> str:
        """What the statement is about, as compared."""
        return f"{self.subject_kind}:{self.subject_id or self.subject_key}"

    @property
    def attribute_label(self) -> str:
        """What people call the attribute."""
        return attribute_words(self.attribute)

    @property
    def where(self) -> str:
        """The section and the place in it."""
        named = f"section {self.section}" if self.section[:1].isdigit() else self.section
        return f"{named}, {self.place}" if self.place else named


class Settlement(TypedValue):
    """A person settled a discrepancy as one of the values, with a reason."""

    kind = "reporting.settlement"
    label = "Settled discrepancy"
    searched = Searched(by=("value_text", "reason"), at="discrepancies", day="settled_on")
    view_permission = permissions.VIEW_FIGURES
    retention = Retention.PERMANENT
    sensitivity = {
        **_VALUE, "subject": _INTERNAL, "subject_title": _PUBLIC, "attribute": _INTERNAL, "values_seen": _INTERNAL,
        "year": _PUBLIC, "reason": _PUBLIC, "settled_by": _PERSONAL, "settled_on": _PUBLIC,
    }  # fmt: skip

    year = models.ForeignKey(ReportingYear, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    subject = models.CharField(max_length=260)
    subject_title = models.CharField(max_length=300)
    attribute = models.CharField(max_length=60)
    values_seen = models.JSONField(default=list)
    reason = models.TextField(max_length=2000)
    settled_by = models.CharField(max_length=200)
    settled_on = models.DateField()

    class Meta:
        ordering = ["-settled_on", "-recorded_at"]

    def holds_for(self, values: Iterable[Value]) -> bool:
        """Whether nothing is asserted but what its person chose among."""
        return list(self.values_seen) == seen(values)

    @property
    def heading(self) -> str:
        """What was settled."""
        return f"{self.subject_title}, {attribute_words(self.attribute)}"


def make_statement(partnership_id: Any, value: Value, **fields: Any) -> Statement:
    """A statement not yet stored."""
    statement = Statement(partnership_id=partnership_id, **fields)
    statement.value = value
    return statement


__all__ = ["ReportingYear", "Settlement", "Statement", "make_statement"]
