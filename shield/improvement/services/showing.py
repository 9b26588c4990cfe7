"""What shows it: progress, evidence, impact reviews."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from shield.improvement import events, permissions, queries, rules
from shield.improvement.models import Evidence, ImpactReview, Priority, ProgressNote, shortened
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.calendar import queries as calendar
from shield.kernel.files import services as files
from shield.kernel.history import services as history
from shield.kernel.records.rules import RecordRef, Refused


@dataclass(frozen=True)
class Upload:
    """A file that somebody chose, as it came: its name is not trusted."""

    name: str
    content: bytes


def _check_about(about: RecordRef, by: Actor) -> None:
    """Refuse a note or evidence about what the person cannot see or does not answer for."""
    record = queries.record_at(about, by)
    if record is None:
        raise Refused("What this is about cannot be found.", "about")
    if not queries.may_add_to(record, by):
        raise access.Forbidden("You can add to what your own agency answers for. This is not your agency's.")


@transaction.atomic
def note_progress(
    *, about: RecordRef, text: str, noted_on: date, by: Actor, precision: str = "day"
) -> ProgressNote:
    """Note how far a recommendation, an action or a priority has come."""
    if not by.may(permissions.ASSIGN):
        access.require(by, permissions.UPDATE_ACTION)
    _check_about(about, by)
    rules.check_day(
        noted_on, today=calendar.today(), field="noted_on", what="The day of a note", precision=precision
    )
    note = ProgressNote.new(
        by, about_kind=about.kind, about_id=about.id, text=text, noted_on=noted_on, precision=precision
    ).store()
    history.record(events.PROGRESS_NOTED, on=note.ref, by=by, details={"about": shortened(about.title)})
    return note


@transaction.atomic
def add_evidence(
    *, about: RecordRef, sort: str, text: str, found_on: date, answers: str, by: Actor, today: date,
    upload: Upload | None = None, precision: str = "day",
) -> Evidence:  # fmt: skip
    """Add what shows that something was done, done well, or made anyone better off; with a file if there is one."""
    access.require(by, permissions.ADD_EVIDENCE)
    _check_about(about, by)
    rules.check_day(
        found_on, today=today, field="found_on", what="The day evidence is from", precision=precision
    )
    evidence = Evidence.new(
        by, about_kind=about.kind, about_id=about.id, sort=sort, text=text, found_on=found_on, answers=answers,
        precision=precision,
    ).store()  # fmt: skip
    if upload is not None:
        attached = files.attach(about=evidence.ref, name=upload.name, content=upload.content, by=by)
        evidence.file_id = attached.pk
        evidence.store()
    history.record(events.EVIDENCE_ADDED, on=evidence.ref, by=by, details={"about": shortened(about.title)})
    return evidence


@transaction.atomic
def plan_reviews(*, priority: Priority, decided_on: date, by: Actor) -> list[ImpactReview]:
    """Plan the impact reviews that a decision on a priority's recommendations calls for; once each."""
    access.require(by, permissions.EDIT)
    rules.check_day(decided_on, today=calendar.today(), field="decided_on", what="The day of a decision")
    planned = []
    for months in rules.REVIEW_MONTHS:
        if ImpactReview.objects.filter(priority=priority, months=months).exists():
            continue
        review = ImpactReview.new(
            by, priority=priority, months=months, due_on=rules.review_due(decided_on, months)
        ).store()
        history.record(events.REVIEW_PLANNED, on=review.ref, by=by)
        planned.append(review)
    return planned


@transaction.atomic
def hold_review(
    *, review: ImpactReview, held_on: date, answers: dict[str, str], verdict: str, evidence: Iterable[Evidence], by: Actor,
    today: date, expected_version: int | None = None,
) -> ImpactReview:  # fmt: skip
    """Record an impact review: the three answers, the verdict, and the evidence each rests on."""
    access.require(by, permissions.REVIEW_IMPACT)
    row: ImpactReview = ImpactReview.objects.locked(review.pk, expected_version, by=by)
    rules.check_day(held_on, today=today, field="held_on", what="The day of a review")
    rules.check_held(held_on, due_on=row.due_on, months=row.months)
    shown = list(evidence)
    offered = {each.evidence.pk for each in queries.evidence_for_review(row, by)}
    rules.check_among(given=len(shown), about=sum(1 for item in shown if item.pk in offered))
    rules.check_review(answers=answers, verdict=verdict, **queries.weigh(row.priority, shown))
    for question in rules.Question:
        setattr(row, question.value, answers[question.value])
    row.held_on, row.verdict = held_on, verdict
    row.store()
    row.link("evidence", shown)
    label = rules.Verdict(verdict).label
    history.record(events.REVIEW_HELD, on=row.ref, by=by, details={"verdict": label})
    return row
