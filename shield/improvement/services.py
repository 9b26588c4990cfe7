"""The acts along the evidence chain. Each is one transaction: permission, rule, save, history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import transaction

from shield.improvement import events, permissions, queries, rules
from shield.improvement.models import (
    Action,
    ChainRecord,
    Decision,
    Evidence,
    Finding,
    ImpactReview,
    Owned,
    Part,
    Priority,
    ProgressNote,
    Recommendation,
    SuccessMeasure,
    Theme,
    shortened,
)
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency, Office, Person
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.files import services as files
from shield.kernel.history import services as history
from shield.kernel.records.models import next_reference
from shield.kernel.records.rules import RecordRef, Refused

R = TypeVar("R", bound=ChainRecord)


@dataclass(frozen=True)
class Owner:
    """Who answers for something: an agency, an office, a person, a body or an outside body by name."""

    agency: Agency | None = None
    office: Office | None = None
    person: Person | None = None
    body: RecordRef | None = None
    outside: str = ""

    def put_on(self, row: Owned) -> None:
        """Write this owner on a record, in place of any earlier one."""
        row.owner_agency, row.owner_office, row.owner_person = self.agency, self.office, self.person
        row.owner_body_id = self.body.id if self.body else None
        row.owner_body_title = self.body.title[:200] if self.body else ""
        row.owner_outside = self.outside


NOBODY = Owner()


@dataclass(frozen=True)
class Upload:
    """A file that somebody chose, as it came: its name is not trusted."""

    name: str
    content: bytes


def _new(model: type[R], by: Actor, **values: Any) -> R:
    reference = next_reference(by.partnership_id, model.reference_prefix)
    return model(partnership_id=by.partnership_id, reference=reference, **values)


@transaction.atomic
def add_priority(*, title: str, by: Actor, leads: Iterable[Agency] = (), **values: Any) -> Priority:
    """Add a practice priority with its lead partners."""
    access.require(by, permissions.EDIT)
    priority = _new(Priority, by, title=title, **values).store()
    priority.leads.set(leads)
    history.record(events.PRIORITY_ADDED, on=priority.ref, by=by)
    return priority


@transaction.atomic
def change_priority(
    *, priority: Priority, changes: dict[str, Any], leads: Iterable[Agency], by: Actor, expected_version: int
) -> Priority:
    """Change a priority's title, rationale, status or lead partners."""
    access.require(by, permissions.EDIT)
    row: Priority = Priority.objects.locked(priority.pk, expected_version, by=by)
    for name, value in changes.items():
        setattr(row, name, value)
    row.store()
    row.leads.set(leads)
    history.record(events.PRIORITY_CHANGED, on=row.ref, by=by, details={"fields": ", ".join(sorted(changes))})
    return row


@transaction.atomic
def add_measure(*, title: str, by: Actor, priority: Priority | None = None, **values: Any) -> SuccessMeasure:
    """Add a success measure to a priority, or to the partnership."""
    access.require(by, permissions.EDIT)
    measure = _new(SuccessMeasure, by, title=title, priority=priority, **values).store()
    history.record(events.MEASURE_ADDED, on=measure.ref, by=by)
    return measure


@transaction.atomic
def add_theme(*, title: str, by: Actor, priority: Priority | None = None) -> Theme:
    """Add a theme that groups findings."""
    access.require(by, permissions.EDIT)
    theme = _new(Theme, by, title=title, priority=priority).store()
    history.record(events.THEME_ADDED, on=theme.ref, by=by)
    return theme


@transaction.atomic
def add_finding(
    *, text: str, sort: str, evidence_from: str, by: Actor, themes: Iterable[Theme] = (), origin: RecordRef | None = None,
    **values: Any,
) -> Finding:  # fmt: skip
    """Record something found about practice, with its themes and where it came from."""
    access.require(by, permissions.EDIT)
    finding = _new(
        Finding, by, text=text, sort=sort, evidence_from=evidence_from,
        origin_kind=origin.kind if origin else "", origin_id=origin.id if origin else None, **values,
    ).store()  # fmt: skip
    finding.themes.set(themes)
    history.record(events.FINDING_ADDED, on=finding.ref, by=by)
    return finding


@transaction.atomic
def add_recommendation(
    *, title: str, priority: Priority, by: Actor, findings: Iterable[Finding] = (), themes: Iterable[Theme] = (),
    owner: Owner = NOBODY, **values: Any,
) -> Recommendation:  # fmt: skip
    """Draft a recommendation, or an issue to be fixed, from findings."""
    access.require(by, permissions.EDIT)
    recommendation = _new(Recommendation, by, title=title, priority=priority, **values)
    owner.put_on(recommendation)
    recommendation.store()
    recommendation.findings.set(findings)
    recommendation.themes.set(themes)
    history.record(events.RECOMMENDATION_ADDED, on=recommendation.ref, by=by)
    return recommendation


@transaction.atomic
def change_recommendation(
    *,
    recommendation: Recommendation,
    changes: dict[str, Any],
    by: Actor,
    expected_version: int,
    findings: Iterable[Finding] | None = None,
    themes: Iterable[Theme] | None = None,
) -> Recommendation:
    """Refine the wording of a recommendation; if given, say anew which findings and themes it rests on."""
    access.require(by, permissions.EDIT)
    row: Recommendation = Recommendation.objects.locked(recommendation.pk, expected_version, by=by)
    for name, value in changes.items():
        setattr(row, name, value)
    row.store()
    if findings is not None:
        row.findings.set(findings)
    if themes is not None:
        row.themes.set(themes)
    history.record(
        events.RECOMMENDATION_CHANGED, on=row.ref, by=by, details={"fields": ", ".join(sorted(changes))}
    )
    return row


@transaction.atomic
def add_part(
    *, recommendation: Recommendation, text: str, by: Actor, owner: Owner = NOBODY, **values: Any
) -> Part:
    """Add one thing that a recommendation asks of one owner."""
    access.require(by, permissions.EDIT)
    part = _new(Part, by, recommendation=recommendation, text=text, **values)
    owner.put_on(part)
    part.store()
    history.record(events.RECOMMENDATION_CHANGED, on=recommendation.ref, by=by, details={"fields": "parts"})
    return part


@transaction.atomic
def move_recommendation(
    *, recommendation: Recommendation, status: str, by: Actor, today: date
) -> Recommendation:
    """Present a draft to the Board, take it back, or close it."""
    access.require(by, permissions.EDIT)
    row: Recommendation = Recommendation.objects.locked(recommendation.pk, by=by)
    still_open = Action.objects.filter(recommendation=row, status__in=["planned", "in_progress"]).count()
    rules.check_move_by_hand(row.status, status, still_open)
    row.status = status
    if status == rules.RecommendationStatus.PRESENTED:
        row.presented_on = today
    row.store()
    label = rules.RecommendationStatus(status).label
    history.record(events.RECOMMENDATION_MOVED, on=row.ref, by=by, details={"status": label})
    return row


@transaction.atomic
def give_owner(*, record: Owned, owner: Owner, by: Actor, expected_version: int | None = None) -> Owned:
    """Name who answers for a recommendation, a part of one or an action."""
    access.require(by, permissions.ASSIGN)
    row: Owned = type(record).objects.locked(record.pk, expected_version, by=by)
    owner.put_on(row)
    if not row.has_owner:
        raise Refused("Choose who answers for this.", "owner")
    row.store()
    history.record(events.OWNER_GIVEN, on=row.ref, by=by, details={"owner": row.owner_words})
    return row


@transaction.atomic
def hand_over(*, person: Person, to: Person | None, by: Actor, today: date) -> int:
    """Pass on what somebody who leaves answers for by name; returns how much.

    With nobody to take over, the agency or office beside the name goes on answering; where there is none, it shows
    as work without an owner.
    """
    access.require(by, permissions.ASSIGN)
    held = queries.held_by(person, by)
    for each in held:
        row: Owned = type(each).objects.locked(each.pk, by=by)
        row.owner_person = to
        row.store()
        event = events.OWNER_GIVEN if to else events.OWNER_LEFT
        history.record(event, on=row.ref, by=by, details={"owner": row.owner_words or "nobody"})
    return len(held)


@transaction.atomic
def record_decision(
    *, text: str, outcome: str, by: Actor, permission: access.Permission = permissions.EDIT,
    recommendations: Iterable[Recommendation] = (), priorities: Iterable[Priority] = (), **values: Any,
) -> Decision:  # fmt: skip
    """Record a decision and let it move the recommendations it is about.

    `meetings` calls this with its own permission when a body decides at a gathering.
    """
    access.require(by, permission)
    decision = _new(Decision, by, text=text, outcome=outcome, **values).store()
    about = list(recommendations)
    decision.recommendations.set(about)
    decision.priorities.set(priorities)
    after = rules.STATUS_AFTER.get(outcome)
    for recommendation in about:
        row: Recommendation = Recommendation.objects.locked(recommendation.pk, by=by)
        if after and row.status != after:
            rules.check_decided(row.heading, row.status, after)
            row.status = after
            row.store()
            label = rules.RecommendationStatus(after).label
            history.record(events.RECOMMENDATION_MOVED, on=row.ref, by=by, details={"status": label})
    history.record(events.DECISION_RECORDED, on=decision.ref, by=by)
    return decision


@transaction.atomic
def redate_decision(
    *, decision: Decision, decided_on: date, precision: str, by: Actor, permission: access.Permission = permissions.EDIT
) -> Decision:  # fmt: skip
    """Correct the day of a decision, because the meeting at which it was taken was on another day."""
    access.require(by, permission)
    row: Decision = Decision.objects.locked(decision.pk, by=by)
    row.decided_on, row.precision = decided_on, precision
    row.store()
    day = in_words_to(decided_on, precision)
    history.record(events.DECISION_REDATED, on=row.ref, by=by, details={"day": day})
    return row


@transaction.atomic
def add_action(
    *, text: str, by: Actor, owner: Owner = NOBODY, status: str = "planned", **values: Any
) -> Action:
    """Add an action with an owner and a due date, out of a recommendation, a part or a decision."""
    access.require(by, permissions.ASSIGN)
    action = _new(Action, by, text=text, status=status, **values)
    if action.part and not action.recommendation:
        action.recommendation = action.part.recommendation
    if action.recommendation and not action.priority:
        action.priority = action.recommendation.priority
    owner.put_on(action)
    action.store()
    history.record(
        events.ACTION_ADDED, on=action.ref, by=by, details={"owner": action.owner_words or "nobody yet"}
    )
    return action


@transaction.atomic
def change_action(
    *, action: Action, changes: dict[str, Any], owner: Owner, by: Actor, expected_version: int
) -> Action:
    """Change what an action says, who owns it or when it is due."""
    access.require(by, permissions.ASSIGN)
    row: Action = Action.objects.locked(action.pk, expected_version, by=by)
    for name, value in changes.items():
        setattr(row, name, value)
    owner.put_on(row)
    row.store()
    history.record(events.ACTION_CHANGED, on=row.ref, by=by, details={"fields": ", ".join(sorted(changes))})
    return row


@transaction.atomic
def update_action(
    *, action: Action, status: str, note: str, by: Actor, today: date, done_on: date | None = None,
    expected_version: int | None = None,
) -> Action:  # fmt: skip
    """The owner reports on an action: where it stands, and a note of progress."""
    row: Action = Action.objects.locked(action.pk, expected_version, by=by)
    _check_reporter(row, by)
    if status == row.status and not note.strip():
        raise Refused("Say what has happened, or change where the action stands.", "note")
    if status != row.status:
        rules.check_move(rules.ACTION_MOVES, rules.ActionStatus, row.status, status)
        rules.check_action_done(status=status, done_on=done_on, today=today, why=note)
        row.status = status
        row.done_on = done_on if status == rules.ActionStatus.DONE else None
        row.store()
        label = rules.ActionStatus(status).label
        history.record(events.ACTION_MOVED, on=row.ref, by=by, details={"status": label})
    if note.strip():
        _note(about=row.ref, text=note, noted_on=today, precision="day", by=by)
    return row


def _check_reporter(action: Action, by: Actor) -> None:
    if not by.may(permissions.ASSIGN):
        access.require(by, permissions.UPDATE_ACTION)
    if why := queries.why_not_report(action, by):
        raise access.Forbidden(why)


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
    return _note(about=about, text=text, noted_on=noted_on, precision=precision, by=by)


def _note(*, about: RecordRef, text: str, noted_on: date, precision: str, by: Actor) -> ProgressNote:
    note = _new(
        ProgressNote,
        by,
        about_kind=about.kind,
        about_id=about.id,
        text=text,
        noted_on=noted_on,
        precision=precision,
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
    if found_on > today:
        raise Refused("Evidence cannot be from the future.", "found_on")
    evidence = _new(
        Evidence, by, about_kind=about.kind, about_id=about.id, sort=sort, text=text, found_on=found_on, answers=answers,
        precision=precision,
    )  # fmt: skip
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
    planned = []
    for months in rules.REVIEW_MONTHS:
        if ImpactReview.objects.filter(priority=priority, months=months).exists():
            continue
        review = _new(
            ImpactReview, by, priority=priority, months=months, due_on=rules.review_due(decided_on, months)
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
    if held_on > today:
        raise Refused("A review cannot have been held in the future.", "held_on")
    shown = list(evidence)
    better = sum(1 for item in shown if item.answers == rules.Question.BETTER_OFF)
    rules.check_review(answers=answers, verdict=verdict, evidence_for_better=better)
    row: ImpactReview = ImpactReview.objects.locked(review.pk, expected_version, by=by)
    for question in rules.Question:
        setattr(row, question.value, answers[question.value])
    row.held_on, row.verdict = held_on, verdict
    row.store()
    row.evidence.set(shown)
    label = rules.Verdict(verdict).label
    history.record(events.REVIEW_HELD, on=row.ref, by=by, details={"verdict": label})
    return row
