"""Discrepancies between statements and with the register; the settled value of anything."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q

from shield.kernel.access.rules import Actor
from shield.kernel.disclosure import rules as disclosure
from shield.kernel.history import queries as history
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import RecordRef
from shield.kernel.reporting import rules
from shield.kernel.reporting.models import ReportingYear, Settlement, Statement
from shield.kernel.reporting.rules import Discrepancy, Figure, Period, Value

RegisterReader = Callable[[Iterable[uuid.UUID]], dict[tuple[uuid.UUID, str], Value]]
REGISTERS: dict[str, RegisterReader] = {}
"""By kind of record: what the register itself says, for some ids and all attributes it knows."""


def register_of(kind: str) -> Callable[[RegisterReader], RegisterReader]:
    """Let a module say what its register holds for the attributes that sources speak of."""

    def put(reader: RegisterReader) -> RegisterReader:
        REGISTERS[kind] = reader
        return reader

    return put


def released(figure: Figure) -> Figure:
    """A figure as it may leave: a small count about children or people is withheld, and so is a small rest of a rate."""
    if (
        figure.value is None
        or disclosure.release_share(figure.value, figure.denominator, figure.about) is not None
    ):
        return figure
    return replace(figure, suppressed=True, note=disclosure.DEFAULT.in_words)


def years(actor: Actor) -> list[ReportingYear]:
    """The reporting years the actor may see, the latest first."""
    return list(ReportingYear.objects.visible_to(actor).order_by("-starts_on"))


def current_year(actor: Actor, today: date) -> ReportingYear | None:
    """The reporting year that people work on: the latest one that has begun, else the first to come."""
    known = years(actor)
    begun = [year for year in known if year.starts_on <= today]
    return begun[0] if begun else (known[-1] if known else None)


def issued_year(partnership_id: uuid.UUID, *days: date) -> ReportingYear | None:
    """A year that holds one of these days and whose report is issued, so that what it told of those days stands."""
    held = Q(pk__in=[])
    for day in days:
        held |= Q(starts_on__lte=day, ends_on__gte=day)
    return ReportingYear.objects.filter(held, partnership_id=partnership_id, closed=True).first()


def discrepancies(actor: Actor, year: ReportingYear) -> list[Discrepancy]:
    """Everything on which statements of a year disagree with each other or with the register; open ones first.

    What is said of a figure is compared within its year. What is said of a record is compared whatever the year of
    its source, and belongs to every year in which a source speaks of it.
    """
    every = statements_of(actor.partnership_id)
    spoken = {s.subject for s in every if s.year_id in (year.pk, None)}
    statements = [s for s in every if s.subject in spoken and (s.subject_id or s.year_id == year.pk)]
    titles = {s.subject: s.subject_title for s in statements}
    refs = {
        s.subject: RecordRef(s.subject_kind, s.subject_id, s.subject_title)
        for s in statements
        if s.subject_id
    }
    register = _register_values(statements, year.period, actor)
    said = [rules.Said(s.subject, s.attribute, s.value, s.where, s.precision) for s in statements]
    settled = settlements(actor.partnership_id)
    found = []
    for subject, attribute, assertions in rules.compare(said, register):
        of_year = None if subject in refs else year.pk
        settlement = settled.get((subject, attribute, of_year))
        if settlement and not settlement.holds_for(a.value for a in assertions):
            settlement = None
        found.append(
            Discrepancy(
                subject, titles[subject], attribute, assertions, refs.get(subject), settlement, of_year
            )
        )
    return sorted(found, key=lambda d: (not d.is_open, d.subject_title, d.attribute))


def _settled_figure(figure: Figure, reader: Actor) -> Figure:
    """The value a person settled for a figure of this year, as long as nothing new has been said."""
    subject = f"figure:{figure.key}"
    for (about, attribute, _), settlement in settlements(reader.partnership_id).items():
        if (about, attribute) != (subject, "value") or settlement.year is None:
            continue
        if settlement.year.name != figure.period.name or not isinstance(settlement.value, int):
            continue
        values: list[Value] = [
            s.value
            for s in statements_of(reader.partnership_id)
            if (s.subject, s.attribute, s.year_id) == (subject, "value", settlement.year_id)
        ]
        if figure.value is not None and not figure.unsettled:
            values.append(figure.value)
        if settlement.holds_for(values):
            return rules.settled_as(figure, settlement.value, settlement.reason, settlement.settled_by)
    return figure


rules.SETTLERS.append(_settled_figure)


def figures_of(year: ReportingYear, actor: Actor) -> list[Figure]:
    """Every figure of a year as it may leave; kept until the next event of the partnership."""

    def work_out() -> list[Figure]:
        with rules.reading():
            return [released(rules.compute(key, year.period, actor)) for key in rules.FIGURES]

    return history.derived(f"figures:{year.pk}", actor, history.head(year.partnership_id), work_out)


def discrepancies_of(year: ReportingYear, actor: Actor) -> list[Discrepancy]:
    """The discrepancies of a year; kept until the next event of the partnership."""

    def work_out() -> list[Discrepancy]:
        with rules.reading():
            return discrepancies(actor, year)

    return history.derived(f"discrepancies:{year.pk}", actor, history.head(year.partnership_id), work_out)


def _register_values(
    statements: list[Statement], period: Period, actor: Actor
) -> dict[tuple[str, str], tuple[Value, str]]:
    known: dict[tuple[str, str], tuple[Value, str]] = {}
    by_kind: dict[str, set[uuid.UUID]] = {}
    for statement in statements:
        if statement.subject_id:
            by_kind.setdefault(statement.subject_kind, set()).add(statement.subject_id)
    for kind, ids in by_kind.items():
        if kind in REGISTERS:
            for (record_id, attribute), value in REGISTERS[kind](ids).items():
                known[(rules.subject_of_record(kind, record_id), attribute)] = (value, "the register")
    for key in {s.subject_key for s in statements if s.subject_kind == "figure"}:
        try:
            figure = rules.count(key, period, actor)
        except rules.UnknownFigure:
            continue
        if figure.value is not None and not figure.unsettled:
            known[(f"figure:{key}", "value")] = (figure.value, "counted from the records")
    return known


@rules.once
def statements_of(partnership_id: uuid.UUID) -> list[Statement]:
    """Everything that sources assert in one partnership."""
    return list(Statement.objects.filter(partnership_id=partnership_id, withdrawn=False))


@rules.once
def settlements(partnership_id: uuid.UUID) -> dict[tuple[str, str, uuid.UUID | None], Settlement]:
    """The newest settlement of each discrepancy: by subject, attribute and, for a figure, its year."""
    rows = (
        Settlement.objects.filter(partnership_id=partnership_id)
        .select_related("year")
        .order_by("recorded_at")
    )
    return {(row.subject, row.attribute, row.year_id): row for row in rows}


def settled_values(
    partnership_id: uuid.UUID, kind: str, attribute: str, ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, tuple[Value | None, tuple[str, ...]]]:
    """For records without a value of their own: what sources agree on, or what was settled.

    Gives (value, ()) where it is settled or all agree, (None, lines) where sources disagree.
    """
    wanted = set(ids)
    groups: dict[uuid.UUID, list[Statement]] = {}
    asked = Statement.objects.filter(
        partnership_id=partnership_id, subject_id__in=wanted, attribute=attribute, withdrawn=False
    )
    for row in statements_of(partnership_id) if rules.is_reading() else asked:
        if row.subject_id in wanted and row.subject_kind == kind and row.attribute == attribute:
            groups.setdefault(row.subject_id, []).append(row)
    settled = settlements(partnership_id)
    result: dict[uuid.UUID, tuple[Value | None, tuple[str, ...]]] = {}
    for record_id, said in groups.items():
        chosen = settled.get((rules.subject_of_record(kind, record_id), attribute, None))
        values = {rules.normalised(s.value): s.value for s in said}
        if chosen is not None and chosen.holds_for(s.value for s in said):
            result[record_id] = (chosen.value, ())
        elif len(values) == 1:
            result[record_id] = (said[0].value, ())
        else:
            result[record_id] = (None, tuple(f"{s.value_words} ({s.where})" for s in said))
    return result


def statements_about(record: Any, actor: Actor) -> list[Statement]:
    """What sources assert of one record."""
    return list(
        Statement.objects.visible_to(actor)
        .filter(subject_id=record.pk, withdrawn=False)
        .order_by("attribute", "section")
    )


def visible_records(refs: Iterable[RecordRef], actor: Actor) -> list[Any]:
    """The records behind references, re-read through `visible_to`, in the order given."""
    by_kind: dict[str, list[uuid.UUID]] = {}
    order = [ref.id for ref in refs]
    for ref in refs:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    found: dict[uuid.UUID, Any] = {}
    for kind, ids in by_kind.items():
        model = KINDS.get(kind)
        if model is not None:
            found.update({row.pk: row for row in model.objects.visible_to(actor).filter(pk__in=ids)})
    return [found[i] for i in order if i in found]
