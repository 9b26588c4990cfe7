"""What is due for review, what there is of each kind, and what keeps a record from being disposed of."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import CharField, Count, Model, QuerySet, Value
from django.db.models.functions import ExtractYear

from shield.kernel.records.rules import Retention
from shield.kernel.reporting.models import ReportingYear
from shield.kernel.retention.models import DisposalItem, KeptLonger
from shield.kernel.retention.queries import days, holds, periods
from shield.kernel.retention.rules import schedule as rules
from shield.kernel.retention.rules.disposing import ItemStatus, some
from shield.kernel.retention.rules.schedule import AtEnd, ClassRule

Due = Callable[[date], date | None]


@lru_cache(maxsize=1)
def kinds() -> dict[str, Any]:
    """Every model of ours by its kind, or by its own name where it is no record; a model tells its class by `retention`."""
    ours = [m for m in apps.get_models() if isinstance(getattr(m, "retention", None), Retention)]
    return {_kind_of(model): model for model in sorted(ours, key=lambda m: m._meta.label_lower)}


def _kind_of(model: Any) -> str:
    return getattr(model, "kind", "") or str(model._meta.label_lower)


def label_of(model: Any) -> str:
    """What people call a kind of record."""
    return str(getattr(model, "label", "") or str(model._meta.verbose_name).capitalize())


def _belongs(model: Any) -> bool:
    return any(field.attname == "partnership_id" for field in model._meta.concrete_fields)


def reviewed_kinds() -> dict[str, Any]:
    """The kinds that a person reviews and disposes of: of a class that ends so, in a partnership, and no part of another."""
    plan = periods.schedule()
    return {
        kind: model
        for kind, model in kinds().items()
        if plan[model.retention].at_end == AtEnd.REVIEW
        and _belongs(model)
        and days.has_day(model)
        and not getattr(model, "disposed_with", "")
    }


def rows_of(model: Any, partnership_id: uuid.UUID) -> Any:
    """All rows of a kind in a partnership, with the day from which each one's time runs."""
    return days.with_day(model, QuerySet(model=model).filter(partnership_id=partnership_id))


def day_of(model: Any, pk: uuid.UUID) -> date | None:
    """The day from which one record's time runs."""
    rows = days.with_day(model, QuerySet(model=model).filter(pk=pk))
    found: date | None = rows.values_list("retention_day", flat=True).first()
    return found


def _years(partnership_id: uuid.UUID) -> list[tuple[date, date]]:
    years = ReportingYear.objects.filter(partnership_id=partnership_id)
    return list(years.values_list("starts_on", "ends_on"))


class Counting:
    """How a partnership counts: its periods and its reporting years, read once."""

    def __init__(self, partnership_id: uuid.UUID) -> None:
        self.partnership_id = partnership_id
        self.own = periods.own_periods(partnership_id)
        self.years = _years(partnership_id)

    def months(self, rule: ClassRule) -> int | None:
        """The period here."""
        own = self.own.get(rule.key)
        return own.months if own else rule.months

    def due_for(self, rule: ClassRule) -> Due:
        """From a record's day to the day on which it is due."""
        return rules.due_for(rule, self.months(rule), self.years)

    def cutoff(self, model: Any, today: date) -> date | None:
        """The latest day of a record of this model that is due; None if none is."""
        return rules.cutoff(today, self.due_for(periods.schedule()[model.retention]))

    def due(self, kind: str, today: date) -> Any:
        """Rows of a kind whose time is over and which nobody keeps longer or has proposed to dispose of."""
        model = kinds()[kind]
        last = self.cutoff(model, today)
        rows = rows_of(model, self.partnership_id)
        if last is None:
            return rows.none()
        here = {"partnership_id": self.partnership_id}
        kept = KeptLonger.objects.filter(record_kind=kind, keep_until__gt=today, **here)
        proposed = DisposalItem.objects.filter(status=ItemStatus.WAITING, disposal__record_kind=kind, **here)
        return (
            rows.filter(retention_day__lte=last)
            .exclude(pk__in=kept.values("record_id"))
            .exclude(pk__in=proposed.values("record_id"))
        )


def due(kind: str, partnership_id: uuid.UUID, today: date) -> Any:
    """Rows of a kind that are due for review, with their day."""
    return Counting(partnership_id).due(kind, today)


@dataclass(frozen=True)
class Group:
    """How many records of one kind and year are due."""

    rule: ClassRule
    kind: str
    label: str
    year: int
    count: int


def groups(partnership_id: uuid.UUID, today: date) -> list[Group]:
    """What is due, by class, kind and year, the oldest first; one statement however many kinds and rows there are."""
    counting, plan = Counting(partnership_id), periods.schedule()
    parts = [
        counting.due(kind, today)
        .order_by()
        .annotate(of_kind=Value(kind, output_field=CharField()), of_year=ExtractYear("retention_day"))
        .values_list("of_kind", "of_year")
        .annotate(count=Count("pk"))
        for kind in reviewed_kinds()
    ]
    parts = [part for part in parts if not part.query.is_empty()]
    if not parts:
        return []
    found = [
        Group(plan[kinds()[kind].retention], kind, label_of(kinds()[kind]), year, count)
        for kind, year, count in parts[0].union(*parts[1:], all=True)
    ]
    order = list(plan)
    return sorted(found, key=lambda g: (order.index(g.rule.retention), g.year, g.label))


def records_by_kind(partnership_id: uuid.UUID) -> dict[str, int]:
    """How many records of each kind a partnership holds; one statement."""
    parts = [
        QuerySet(model=model)
        .filter(partnership_id=partnership_id)
        .order_by()
        .annotate(of_kind=Value(kind, output_field=CharField()))
        .values_list("of_kind")
        .annotate(count=Count("pk"))
        for kind, model in kinds().items()
        if _belongs(model)
    ]
    return dict(parts[0].union(*parts[1:], all=True)) if parts else {}


def obstacles(
    kind: str, ids: Collection[uuid.UUID], partnership_id: uuid.UUID, today: date
) -> dict[uuid.UUID, str]:
    """Why some of these records cannot be disposed of, in words: held, of a year without a report, or still pointed at."""
    model = kinds()[kind]
    rows = rows_of(model, partnership_id).filter(pk__in=ids)
    found = {
        pk: holds.words(hold)
        for pk, hold in holds.held_because(model, kind, rows, holds.open_holds(partnership_id)).items()
    }
    for pk, why in [*_of_open_years(rows, partnership_id), *_pointed_at(model, ids)]:
        found.setdefault(pk, why)
    return found


def _of_open_years(rows: Any, partnership_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """A report that is not issued may still count them; an issued one keeps its figures with their definitions and references."""
    found = []
    for year in ReportingYear.objects.filter(partnership_id=partnership_id, closed=False):
        within = rows.filter(retention_day__range=(year.starts_on, year.ends_on))
        why = f"The report for {year.name} is not issued yet, and may still count it."
        found += [(pk, why) for pk in within.values_list("pk", flat=True)]
    return found


def _pointed_at(model: type[Model], ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, str]]:
    """Which records still point to these, whoever they belong to: a link is never cut by a disposal."""
    pointing: dict[uuid.UUID, list[str]] = {}
    every: list[Any] = model._meta.get_fields(include_hidden=True)
    for relation in every:
        if not (relation.auto_created and relation.is_relation) or relation.concrete:
            continue
        other: Any = relation.related_model
        name = relation.field.name
        if _is_link_table(other) or getattr(other, "disposed_with", "") == name:
            continue
        rows: QuerySet[Any] = QuerySet(model=other).filter(**{f"{name}__in": list(ids)}).order_by()
        targets: dict[Any, list[str]] = {}
        reference = "reference" if any(f.name == "reference" for f in other._meta.concrete_fields) else "pk"
        for target, called in rows.values_list(name, reference).distinct():
            targets.setdefault(target, []).append(str(called) if reference == "reference" else "")
        for target, names in targets.items():
            pointing.setdefault(target, []).append(f"{label_of(other)} ({some(names, len(names))})")
    return [(pk, f"It is still pointed at by: {'; '.join(by)}.") for pk, by in pointing.items()]


def _is_link_table(model: Any) -> bool:
    """The hidden table of a many-to-many relation: the relation itself is looked at instead."""
    return bool(model._meta.auto_created)


def describe(kind: str, rows: Sequence[Any], actor: Any) -> dict[uuid.UUID, str]:
    """What a reviewer reads of each record: its title where they may see it, else its reference."""
    model = kinds()[kind]
    visible = _visible(model, [row.pk for row in rows], actor)
    return {row.pk: _words(model, row, row.pk in visible) for row in rows}


def _visible(model: Any, ids: list[uuid.UUID], actor: Any) -> set[uuid.UUID]:
    """Which of these the actor may see by the model's own rule; what is no record has none, and is the room's own to show."""
    rows: QuerySet[Any] = QuerySet(model=model)
    if hasattr(model.objects.all(), "visible_to"):
        rows = model.objects.visible_to(actor)
    return set(rows.filter(pk__in=ids).values_list("pk", flat=True))


def _words(model: Any, row: Any, seen: bool) -> str:
    reference = str(getattr(row, "reference", "") or "")
    if not seen:
        return reference or label_of(model)
    person = getattr(row, "person", None)
    return f"{reference} {f'{label_of(model)}: {person.name}' if person else row}".strip()


def standing_items(disposal_id: uuid.UUID) -> dict[str, int]:
    """How many records of a disposal are to go, gone, or kept."""
    rows = (
        DisposalItem.objects.filter(disposal_id=disposal_id)
        .order_by()
        .values_list("status")
        .annotate(Count("pk"))
    )
    return dict(rows)


def chosen(kind: str, counting: Counting, today: date, *, year: int | None = None) -> Any:
    """The due rows of a kind as the list's filter asks, the oldest first, each with the person it is about."""
    rows = counting.due(kind, today)
    if year:
        rows = rows.filter(retention_day__year=year)
    about = [f.name for f in kinds()[kind]._meta.concrete_fields if f.name == "person" and f.is_relation]
    return (
        rows.select_related(*about).order_by("retention_day", "pk")
        if about
        else rows.order_by("retention_day", "pk")
    )


def years_of(kind: str, counting: Counting, today: date) -> list[int]:
    """From which years records of a kind are due."""
    rows = counting.due(kind, today).order_by().annotate(of_year=ExtractYear("retention_day"))
    return sorted(rows.values_list("of_year", flat=True).distinct())
