"""Reporting years, statements of sources, settling discrepancies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.history import services as history
from shield.kernel.records.models import next_reference
from shield.kernel.records.rules import RecordRef, new_id
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
    ).store()
    history.record(events.YEAR_ADDED, on=year.ref, by=by)
    return year


@transaction.atomic
def record_statement(*, statement: Statement, by: Actor) -> Statement:
    """Record what a source asserts, at its place."""
    access.require(by, permissions.RECORD_STATEMENT)
    statement.store()
    history.record(events.STATEMENT_RECORDED, on=statement.ref, by=by, details={"source": statement.source})
    return statement


@transaction.atomic
def import_statements(*, statements: Sequence[Statement], source: str, by: Actor) -> int:
    """Record many statements of one source at once; all or none."""
    access.require(by, permissions.RECORD_STATEMENT)
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


@transaction.atomic
def settle(*, discrepancy: Discrepancy, value: Value, reason: str, by: Actor, today: date) -> Settlement:
    """Settle a discrepancy as one of the values asserted; it opens again if a new value turns up."""
    access.require(by, permissions.SETTLE)
    offered = [assertion.value for assertion in discrepancy.assertions]
    rules.check_settlement(value=value, offered=offered, reason=reason)
    row = Settlement(
        partnership_id=by.partnership_id,
        subject=discrepancy.subject,
        subject_title=discrepancy.subject_title,
        attribute=discrepancy.attribute,
        values_seen=sorted(str(rules.normalised(v)) for v in offered),
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
