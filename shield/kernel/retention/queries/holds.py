"""What is held, and why."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, Case, Q, UUIDField, Value, When

from shield.kernel.calendar.rules import in_words
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import RecordRef
from shield.kernel.reporting.models import ReportingYear
from shield.kernel.retention.models import LegalHold
from shield.kernel.retention.queries import days

NOTHING = Q(pk__in=[])


def open_holds(partnership_id: uuid.UUID) -> list[LegalHold]:
    """The holds that last, the oldest first."""
    rows = LegalHold.objects.filter(partnership_id=partnership_id, ended_on__isnull=True)
    return list(rows.order_by("placed_on", "reference"))


def words(hold: LegalHold) -> str:
    """Since when and why, as a refusal and a record's page say it."""
    return f"Held since {in_words(hold.placed_on)}: {hold.reason}"


def covered(model: Any, kind: str, hold: LegalHold) -> Q:
    """Which rows of a model a hold covers: the record itself and, if it is wide, whatever is tied to it."""
    found = Q(pk=hold.about_id) if kind == hold.about_kind else NOTHING
    if not hold.wide:
        return found
    if hold.about_kind == ReportingYear.kind:
        return found | _within(model, hold)
    for field in model._meta.get_fields():
        if not field.concrete:
            continue
        if field.is_relation and getattr(field.related_model, "kind", "") == hold.about_kind:
            found |= Q(**{field.name: hold.about_id})
        elif isinstance(field, UUIDField) or field.get_internal_type() == "UUIDField":
            found |= _pointing(model, field.name, hold)
    return found


def _pointing(model: Any, name: str, hold: LegalHold) -> Q:
    """A stored pointer to the record: `about_kind` and `about_id`, or the plain id of a person or partnership."""
    if not name.endswith("_id"):
        return NOTHING
    beside = f"{name.removesuffix('_id')}_kind"
    if any(field.name == beside for field in model._meta.concrete_fields):
        return Q(**{beside: hold.about_kind, name: hold.about_id})
    return (
        Q(**{name: hold.about_id}) if name.removesuffix("_id") == hold.about_kind.split(".")[-1] else NOTHING
    )


def _within(model: Any, hold: LegalHold) -> Q:
    year = ReportingYear.objects.filter(pk=hold.about_id, partnership_id=hold.partnership_id).first()
    if year is None or not days.has_day(model):
        return NOTHING
    return Q(retention_day__range=(year.starts_on, year.ends_on))


def held_because(model: Any, kind: str, rows: Any, holds: Iterable[LegalHold]) -> dict[uuid.UUID, LegalHold]:
    """Which of these rows are held, each by the oldest hold; one statement for all rows and holds."""
    lasting = list(holds)
    if not lasting:
        return {}
    flags = {
        f"held_{n}": Case(When(covered(model, kind, hold), then=Value(True)), default=Value(False), output_field=BooleanField())
        for n, hold in enumerate(lasting)
    }  # fmt: skip
    found: dict[uuid.UUID, LegalHold] = {}
    for row in rows.order_by().annotate(**flags).values_list("pk", *flags):
        which = next((n for n, held in enumerate(row[1:]) if held), None)
        if which is not None and (row[0] not in found or lasting.index(found[row[0]]) > which):
            found[row[0]] = lasting[which]
    return found


def held_record(ref: RecordRef, partnership_id: uuid.UUID) -> list[LegalHold]:
    """The holds under which one record stands: its own, and those of what it is tied to."""
    holds = open_holds(partnership_id)
    model = KINDS.get(ref.kind)
    if not holds or model is None:
        return []
    own = [hold for hold in holds if (hold.about_kind, hold.about_id) == (ref.kind, ref.id)]
    wide = [hold for hold in holds if hold.wide and hold not in own]
    if not wide:
        return own
    rows = days.with_day(model, model._default_manager.filter(pk=ref.id))
    found = held_because(model, ref.kind, rows, wide)
    return own + list(found.values())
