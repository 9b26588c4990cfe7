"""The day from which a record's time runs, as each model declares it."""

from __future__ import annotations

from typing import Any

from django.db.models import DateField, DateTimeField, F
from django.db.models.functions import TruncDate

from shield.kernel.calendar.rules import LONDON


def has_day(model: Any) -> bool:
    """Whether a model says from which day its records' time runs."""
    return bool(getattr(model, "retention_from", ""))


def day_expression(model: Any) -> Any:
    """The day as an expression: a date as it stands, a moment as the day it was in London, or what the model itself gives."""
    name = model.retention_from
    given = getattr(model, name, None)
    if callable(given):
        return given()
    field: Any = None
    at = model
    for step in name.split("__"):
        field = at._meta.get_field(step)
        at = field.related_model if field.is_relation else at
    if isinstance(field, DateTimeField):
        return TruncDate(name, tzinfo=LONDON)
    assert isinstance(field, DateField), f"{model.__name__}.retention_from names no date."
    return F(name)


def with_day(model: Any, rows: Any) -> Any:
    """The rows with their day as `retention_day`; without one where the model declares none."""
    return rows.annotate(retention_day=day_expression(model)) if has_day(model) else rows
