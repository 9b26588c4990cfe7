"""The panel's comparison, the reflective discussion, and what the Learning Hub is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from shield.domain.audits import events, permissions, queries, rules
from shield.domain.audits.models import AgreedJudgement, Audit, AuditedRecord, Discussion
from shield.domain.audits.services import selecting
from shield.improvement import services as improvement
from shield.improvement.models import Finding
from shield.improvement.rules import EvidenceFrom, check_day, in_one_line
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused
from shield.meetings.models import Gathering

EVIDENCE: dict[str, EvidenceFrom] = {
    rules.Kind.MULTI_AGENCY: EvidenceFrom.MULTI_AGENCY_AUDIT,
    rules.Kind.SINGLE_AGENCY: EvidenceFrom.SINGLE_AGENCY_AUDIT,
    rules.Kind.PRACTICE_WEEK: EvidenceFrom.PRACTICE_WEEK,
}
"""What a finding of each kind of audit comes from; a dip sample counts by how many agencies made it."""


@transaction.atomic
def begin_moderation(*, audit: Audit, by: Actor, today: date, expected_version: int) -> Audit:
    """Put every part before the panel, once all are accepted or excused; from here on agencies see each other's.

    The audit team is who answered: an agency that was excused everywhere is not in it.
    """
    access.require(by, permissions.RUN)
    row: Audit = Audit.objects.locked(audit.pk, expected_version, by=by)
    rules.check_move(row.status, rules.Status.MODERATING)
    parts = list(queries.parts_of(row, by))
    waiting = [part.heading for part in parts if part.status not in rules.SETTLED]
    rules.check_all_in(waiting, sum(part.status == rules.PartStatus.ACCEPTED for part in parts))
    row.status, row.compared_on = rules.Status.MODERATING, today
    row.store()
    row.link("team", {p.agency for p in parts if p.status == rules.PartStatus.ACCEPTED})
    history.record(events.MODERATING, on=row.ref, by=by)
    return row


@transaction.atomic
def agree(
    *, record: AuditedRecord, agreed: Mapping[str, rules.Answer], by: Actor, expected_version: int
) -> AuditedRecord:
    """Write down what the panel agreed on a record, by the key of the question; where agencies differed, with why.

    A question that is not named is left as it stands; one that is named with nothing is taken back.
    """
    access.require(by, permissions.RUN)
    audit: Audit = Audit.objects.locked(record.audit_id, by=by)
    row: AuditedRecord = AuditedRecord.objects.locked(record.pk, expected_version, by=by)
    row.audit = audit
    rules.check_at(audit.status, "moderating", "discussed", what="be moderated")
    found = {c.question.key: c for c in queries.comparisons(row, by)}
    rules.check_answers([c.question.asked for c in found.values()], agreed)
    for key, answer in agreed.items():
        rules.check_judged(found[key].question.text, key, answer, found[key].steps)
    many = sum(_agree_on(found[key], answer, row, by) for key, answer in agreed.items())
    if not many:
        raise Refused("Nothing was changed.")
    row.store()
    history.record(
        events.AGREED, on=row.ref, by=by, details={"count": f"{many} question{'' if many == 1 else 's'}"}
    )
    return row


def _agree_on(comparison: queries.Comparison, answer: rules.Answer, record: AuditedRecord, by: Actor) -> bool:
    """Write what was agreed on one question, or take it back; whether anything changed."""
    stood = AgreedJudgement.objects.filter(record=record, question=comparison.question).first()
    was = rules.Answer(stood.judgement, stood.reason) if stood else rules.NOTHING
    now = rules.Answer(answer.judgement, answer.words.strip())
    if was == now:
        return False
    row = stood or AgreedJudgement(
        partnership_id=by.partnership_id, record=record, question=comparison.question
    )
    row.judgement, row.reason = now.judgement, now.words
    row.store()
    return True


@transaction.atomic
def hold_discussion(
    *, audit: Audit, held_on: date, by: Actor, today: date, gatherings: Iterable[Gathering] = (),
    agencies: Iterable[Agency] = (), **values: Any,
) -> Discussion:  # fmt: skip
    """Record a reflective discussion: when, how many practitioners, which agencies, what was said."""
    access.require(by, permissions.RUN)
    row: Audit = Audit.objects.locked(audit.pk, by=by)
    rules.check_at(row.status, "moderating", "discussed", "closed", what="be discussed yet")
    check_day(
        held_on, today=today, field="held_on", what="A discussion that was held",
        precision=values.get("precision", "day"),
    )  # fmt: skip
    rules.check_held(held_on, row.starts_on, values.get("precision", "day"))
    rules.check_not_issued(queries.issued_with(row))
    discussion = Discussion.new(by, audit=row, held_on=held_on, **values).store()
    discussion.link("gatherings", gatherings)
    discussion.link("agencies", agencies)
    if row.status == rules.Status.MODERATING:
        row.status = rules.Status.DISCUSSED
        row.store()
    history.record(events.DISCUSSED, on=discussion.ref, by=by)
    return discussion


@transaction.atomic
def change_discussion(
    *, discussion: Discussion, changes: Mapping[str, Any], gatherings: Iterable[Gathering], agencies: Iterable[Agency],
    by: Actor, today: date, expected_version: int,
) -> Discussion:  # fmt: skip
    """Correct what is on record of a discussion."""
    access.require(by, permissions.RUN)
    row: Discussion = Discussion.objects.locked(discussion.pk, expected_version, by=by)
    rules.check_not_issued(queries.issued_with(row.audit))
    made = {**row.amend(changes), **row.relink("gatherings", gatherings), **row.relink("agencies", agencies)}
    check_day(
        row.held_on, today=today, field="held_on", what="A discussion that was held", precision=row.precision
    )
    rules.check_held(row.held_on, row.audit.starts_on, row.precision)
    row.store()
    history.record(events.DISCUSSION_CHANGED, on=row.ref, by=by, details=in_one_line(made, rules.FIELD_WORDS))
    return row


@transaction.atomic
def tell_hub(*, audit: Audit, text: str, sort: str, by: Actor, found_on: date, **values: Any) -> Finding:
    """Tell the Learning Hub one thing that an audit found; the finding says where it comes from."""
    access.require(by, permissions.RUN)
    row: Audit = Audit.objects.locked(audit.pk, by=by)
    rules.check_at(row.status, "moderating", "discussed", "closed", what="have findings yet")
    finding = improvement.add_finding(
        text=text, sort=sort, evidence_from=_evidence_from(row), origin=row.ref, priority=row.priority, found_on=found_on,
        by=by, **values,
    )  # fmt: skip
    history.record(events.FOUND, on=row.ref, by=by)
    return finding


def _evidence_from(audit: Audit) -> EvidenceFrom:
    several = audit.team.count() > 1
    usual = EvidenceFrom.MULTI_AGENCY_AUDIT if several else EvidenceFrom.SINGLE_AGENCY_AUDIT
    return EVIDENCE.get(audit.sort, usual)


@transaction.atomic
def close_audit(
    *, audit: Audit, by: Actor, today: date, expected_version: int, nothing_found: str = "",
    ended_on: date | None = None,
) -> Audit:  # fmt: skip
    """Close an audit with what it found; how many records were looked at is kept beside it from then on.

    `ended_on` is its last day, today if none is given; by when it should have ended stays beside it. Whose the records
    were, nobody needs any more: the references are forgotten.
    """
    access.require(by, permissions.RUN)
    row: Audit = Audit.objects.locked(audit.pk, expected_version, by=by)
    rules.check_move(row.status, rules.Status.CLOSED)
    last = ended_on or max(today, row.starts_on)
    rules.check_ended(last, row.starts_on, today)
    known = queries.counts_of(row)
    rules.check_close(findings=known.told, nothing_found=nothing_found)
    row.considered, row.in_depth = queries.considered(known)
    row.status, row.closed_on, row.nothing_found = rules.Status.CLOSED, today, nothing_found.strip()
    row.ends_on = last
    row.store()
    selecting.forget_references(audit=row)
    history.record(events.CLOSED, on=row.ref, by=by)
    return row
