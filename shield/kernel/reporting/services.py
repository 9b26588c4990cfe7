"""Reporting years, statements of sources, settling discrepancies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.clocks import queries as clocks
from shield.kernel.history import services as history
from shield.kernel.records.models import KINDS, next_reference
from shield.kernel.records.rules import RecordRef, Refused, check_reason, new_id
from shield.kernel.reporting import events, permissions, rules
from shield.kernel.reporting.models import ReportingYear, Settlement, Statement
from shield.kernel.reporting.rules import Discrepancy, Value


@transaction.atomic
def add_year(
    *, name: str, starts_on: date, ends_on: date, as_at: date, edition: str, by: Actor
) -> ReportingYear:
    """Set up a reporting year under an edition of the guidance."""
    access.require(by, permissions.EDIT_YEARS)
    year = ReportingYear(
        partnership_id=by.partnership_id,
        reference=next_reference(by.partnership_id, ReportingYear.reference_prefix),
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        as_at=as_at,
        edition=edition,
    )
    _check(year)
    year.store()
    history.record(events.YEAR_ADDED, on=year.ref, by=by)
    return year


@transaction.atomic
def change_year(
    *, year: ReportingYear, changes: dict[str, Any], by: Actor, expected_version: int
) -> ReportingYear:
    """Correct a reporting year; one whose report is issued stays as it was issued."""
    access.require(by, permissions.EDIT_YEARS)
    row: ReportingYear = ReportingYear.objects.locked(year.pk, expected_version, by=by)
    if row.closed:
        raise Refused("The report of this year is issued, so the year stays as it is.")
    for name, value in changes.items():
        setattr(row, name, value)
    _check(row)
    row.store()
    history.record(events.YEAR_CHANGED, on=row.ref, by=by, details={"fields": ", ".join(sorted(changes))})
    return row


@transaction.atomic
def close_year(*, year: ReportingYear, closed: bool, by: Actor, permission: access.Permission) -> None:
    """Keep a year as it is while its report is issued, or let it be corrected again; `annual_report` asks for it."""
    access.require(by, permission)
    row: ReportingYear = ReportingYear.objects.locked(year.pk, by=by)
    if row.closed == closed:
        return
    row.closed = closed
    row.store()
    history.record(events.YEAR_CLOSED if closed else events.YEAR_OPENED, on=row.ref, by=by)


def _check(year: ReportingYear) -> None:
    known = clocks.editions().get(year.edition)
    if known is None:
        raise Refused("Choose the guidance in force.", "edition")
    others = ReportingYear.objects.filter(partnership_id=year.partnership_id).exclude(pk=year.pk)
    rules.check_year(
        name=year.name,
        period=year.period,
        in_force=(known.in_force_from, known.in_force_to),
        others=[other.period for other in others],
    )


@transaction.atomic
def record_statement(*, statement: Statement, by: Actor) -> Statement:
    """Record what a source asserts, at its place."""
    access.require(by, permissions.RECORD_STATEMENT)
    _check_own([statement], by)
    statement.store()
    history.record(events.STATEMENT_RECORDED, on=statement.ref, by=by, details={"source": statement.source})
    return statement


@transaction.atomic
def import_statements(*, statements: Sequence[Statement], source: str, by: Actor) -> int:
    """Record many statements of one source at once; all or none."""
    access.require(by, permissions.RECORD_STATEMENT)
    _check_own(statements, by)
    for statement in statements:
        statement.examine()
        statement.version = 1
    Statement.objects.bulk_create(statements)
    history.record(
        events.STATEMENTS_IMPORTED,
        on=RecordRef("reporting.source", new_id(), source),
        by=by,
        details={"count": len(statements), "source": source},
    )
    return len(statements)


def _check_own(statements: Sequence[Statement], by: Actor) -> None:
    """Refuse statements of another partnership, or about a record of another one."""
    if any(statement.partnership_id != by.partnership_id for statement in statements):
        raise Refused("This statement belongs to another partnership.")
    spoken_of: dict[str, set[Any]] = {}
    for statement in statements:
        if statement.subject_id and statement.subject_kind in KINDS:
            spoken_of.setdefault(statement.subject_kind, set()).add(statement.subject_id)
    for kind, ids in spoken_of.items():
        rows = KINDS[kind]._default_manager.filter(pk__in=ids)
        known = (
            rows.filter(pk=by.partnership_id)
            if kind == "accounts.partnership"
            else rows.filter(partnership_id=by.partnership_id)
        )
        if known.count() != len(ids):
            raise Refused("What this says something of is not in your partnership.")


@transaction.atomic
def withdraw_statement(*, statement: Statement, reason: str, by: Actor) -> Statement:
    """Take back a statement that was recorded by mistake; it stays on record and is compared no longer."""
    access.require(by, permissions.RECORD_STATEMENT)
    row: Statement = Statement.objects.locked(statement.pk, by=by)
    if row.withdrawn:
        raise Refused("This statement was taken back already.")
    check_reason(reason, what="Say in a sentence why it is taken back.")
    row.withdrawn, row.withdrawn_why = True, reason.strip()
    row.store()
    details = {"source": row.source, "value": row.value_words, "reason": row.withdrawn_why}
    history.record(events.STATEMENT_WITHDRAWN, on=row.ref, by=by, details=details)
    return row


@transaction.atomic
def settle(
    *, discrepancy: Discrepancy, value: Value, reason: str, by: Actor, today: date, seen: Sequence[str]
) -> Settlement:
    """Settle a discrepancy as one of the values asserted; it opens again if a new value turns up.

    `seen` is what the person chose among; if anything else is asserted meanwhile, nothing is settled.
    """
    access.require(by, permissions.SETTLE)
    offered = [assertion.value for assertion in discrepancy.assertions]
    if list(seen) != rules.seen(offered):
        raise Refused(
            "What the sources say has changed since you opened this page. Look at it again.", "value"
        )
    rules.check_settlement(value=value, offered=offered, reason=reason)
    row = Settlement(
        partnership_id=by.partnership_id,
        year_id=discrepancy.year_id,
        subject=discrepancy.subject,
        subject_title=discrepancy.subject_title,
        attribute=discrepancy.attribute,
        values_seen=rules.seen(offered),
        reason=reason.strip(),
        settled_by=by.person_name or "Shield",
        settled_on=today,
    )
    row.value = value
    row.store()
    history.record(
        events.DISCREPANCY_SETTLED,
        on=row.ref,
        by=by,
        details={
            "attribute": rules.attribute_words(row.attribute),
            "value": row.value_words,
            "reason": row.reason,
        },
    )
    return row
