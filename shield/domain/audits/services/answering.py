"""Asking agencies for their parts, and their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from shield.domain.audits import events, permissions, queries, rules
from shield.domain.audits.models import AgencyPart, Audit, AuditedRecord, AuditTool
from shield.domain.audits.services import telling
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor, Forbidden
from shield.kernel.accounts.models import Agency
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused, check_reason

MOST_PARTS = 500
"""Parts that one audit may ask for: chosen records times agencies."""


@transaction.atomic
def begin_auditing(
    *, audit: Audit, tool: AuditTool, agencies: Sequence[Agency], by: Actor, today: date, expected_version: int,
    due_on: date | None = None,
) -> Audit:  # fmt: skip
    """Ask each agency for its part on each chosen record; the tool's version is frozen.

    References of records that were not chosen are forgotten: nobody needs them any more.
    """
    access.require(by, permissions.RUN)
    row: Audit = Audit.objects.locked(audit.pk, expected_version, by=by)
    rules.check_move(row.status, rules.Status.AUDITING)
    rules.check_due(due_on, today, field="due_on")
    _freeze(tool, by)
    chosen = list(queries.records_of(row).filter(chosen=True))
    questions = list(queries.questions_of(tool))
    rules.check_begin(chosen=len(chosen), agencies=len(agencies), questions=len(questions))
    rules.check_asked([a.called for a in agencies if not any(q.asks(a.sector) for q in questions)])
    _ask(chosen, agencies, by)
    row.tool, row.answers_due_on, row.status = tool, due_on, rules.Status.AUDITING
    row.store()
    row.link("team", agencies)
    AuditedRecord.objects.filter(audit=row, chosen=False).update(sealed_reference="")
    told = telling.tell_agencies(audit=row, agencies=agencies, by=by)
    details = {
        "parts": row.units(len(chosen)), "agencies": ", ".join(a.called for a in agencies),
        "told": "1 person" if told == 1 else f"{told} people", "fields": "answers_due_on",
    }  # fmt: skip
    history.record(events.BEGUN, on=row.ref, by=by, details=details)
    return row


@transaction.atomic
def ask_also(*, audit: Audit, agencies: Sequence[Agency], by: Actor, expected_version: int) -> Audit:
    """Ask further agencies for their parts while the others answer; the tool and the records stay as they are."""
    access.require(by, permissions.RUN)
    row: Audit = Audit.objects.locked(audit.pk, expected_version, by=by)
    rules.check_at(row.status, "auditing", what="ask further agencies")
    if not agencies:
        raise Refused("Select the agencies that audit as well.", "agencies")
    assert row.tool is not None
    asked = set(queries.parts_of(row, by).values_list("agency_id", flat=True))
    if again := [a.called for a in agencies if a.pk in asked]:
        raise Refused(f"Asked already: {', '.join(again)}.", "agencies")
    questions = list(queries.questions_of(row.tool))
    rules.check_asked([a.called for a in agencies if not any(q.asks(a.sector) for q in questions)])
    chosen = list(queries.records_of(row).filter(chosen=True))
    _ask(chosen, agencies, by, already=len(asked))
    row.store()
    row.link("team", [*row.team.all(), *agencies])
    told = telling.tell_agencies(audit=row, agencies=agencies, by=by)
    details = {
        "agencies": ", ".join(a.called for a in agencies), "told": "1 person" if told == 1 else f"{told} people",
    }  # fmt: skip
    history.record(events.ASKED_ALSO, on=row.ref, by=by, details=details)
    return row


def _ask(chosen: Sequence[AuditedRecord], agencies: Sequence[Agency], by: Actor, *, already: int = 0) -> None:
    """A part for each agency on each record chosen; `already` so many agencies are asked besides."""
    many = len(chosen) * (len(agencies) + already)
    if many > MOST_PARTS:
        raise Refused(
            f"That would ask for {many:,} parts; an audit asks for {MOST_PARTS} at most. "
            "Choose fewer records or agencies.", "agencies",
        )  # fmt: skip
    for record in chosen:
        for agency in agencies:
            AgencyPart(partnership_id=by.partnership_id, record=record, agency=agency).store()


def _freeze(tool: AuditTool, by: Actor) -> None:
    version: AuditTool = AuditTool.objects.locked(tool.pk, by=by)
    if version.status == rules.ToolStatus.RETIRED:
        raise Refused("This version of the tool is retired. Choose another.", "tool")
    if version.status == rules.ToolStatus.DRAFT:
        version.status = rules.ToolStatus.IN_USE
        version.store()


@transaction.atomic
def save_part(
    *, part: AgencyPart, answers: Mapping[str, rules.Answer], by: Actor, today: date, expected_version: int,
    submit: bool = False,
) -> AgencyPart:  # fmt: skip
    """Save the draft of one's own agency's part, or hand it in; handed in, every needed question is answered."""
    row = _own(part, by, expected_version)
    rules.check_editable(row.status, row.audit.status)
    questions = [q.asked for q in queries.questions_for(row)]
    rules.check_answers(questions, answers)
    if submit and (still := rules.missing(questions, answers)):
        raise Refused(still[0][1], f"judgement_{still[0][0]}")
    row.answers = answers
    if submit:
        row.status, row.submitted_on = rules.PartStatus.SUBMITTED, today
    elif row.status == rules.PartStatus.ASKED:
        row.status = rules.PartStatus.DRAFT
    row.store()
    history.record(events.SUBMITTED if submit else events.DRAFTED, on=row.ref, by=by)
    return row


def _held(part: AgencyPart, by: Actor, expected_version: int) -> AgencyPart:
    """A part, read anew for a change, with its audit held before it: so that the audit cannot go on meanwhile."""
    audit: Audit = Audit.objects.locked(part.record.audit_id, by=by)
    row: AgencyPart = AgencyPart.objects.locked(part.pk, expected_version, by=by)
    row.record.audit = audit
    return row


def _own(part: AgencyPart, by: Actor, expected_version: int) -> AgencyPart:
    access.require(by, permissions.ANSWER)
    row = _held(part, by, expected_version)
    if not row.is_own(by):
        raise Forbidden(f"This part is not your agency's to answer. It is for {row.agency.called}.")
    return row


@transaction.atomic
def ask_for_changes(*, part: AgencyPart, reason: str, by: Actor, expected_version: int) -> AgencyPart:
    """Give a part back to its agency and say what should be changed; until it is in again nobody else reads it."""
    row = _handed_in(part, by, expected_version)
    check_reason(reason, what="Say in a sentence what should be changed.")
    row.status, row.reason = rules.PartStatus.CHANGES, reason.strip()
    row.store()
    telling.tell_of_changes(part=row, by=by)
    history.record(events.RETURNED, on=row.ref, by=by, details={"reason": "see the part"})
    return row


@transaction.atomic
def accept_part(*, part: AgencyPart, nobody_named: bool, by: Actor, expected_version: int) -> AgencyPart:
    """Take a part as it was handed in, after somebody read it and saw that nobody is named in it."""
    row = _handed_in(part, by, expected_version)
    if not nobody_named:
        raise Refused("Read the part and confirm that nobody is named in it.", "nobody_named")
    if row.status == rules.PartStatus.ACCEPTED:
        raise Refused("This part is accepted already.")
    row.status, row.reason = rules.PartStatus.ACCEPTED, ""
    row.store()
    history.record(events.ACCEPTED, on=row.ref, by=by)
    return row


def _handed_in(part: AgencyPart, by: Actor, expected_version: int) -> AgencyPart:
    access.require(by, permissions.RUN)
    row = _held(part, by, expected_version)
    rules.check_handed_in(row.status, row.audit.status)
    return row


@transaction.atomic
def excuse_part(*, part: AgencyPart, reason: str, by: Actor, expected_version: int) -> AgencyPart:
    """Let an agency off its part, with the reason: it did not know the child, or cannot answer in time."""
    access.require(by, permissions.RUN)
    check_reason(reason, what="Say in a sentence why the agency need not answer.")
    row = _held(part, by, expected_version)
    rules.check_at(row.audit.status, "auditing", what="excuse an agency")
    if row.status not in rules.EDITABLE:
        raise Refused("This agency has answered, so it need not be excused.")
    row.status, row.reason = rules.PartStatus.EXCUSED, reason.strip()
    row.store()
    history.record(events.EXCUSED, on=row.ref, by=by, details={"reason": "see the part"})
    return row
