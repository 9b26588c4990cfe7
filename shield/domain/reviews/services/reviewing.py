"""A practice review: commissioned, agencies, practitioners and family heard, a draft, the Board, pauses and delay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from shield.domain.reviews import events, rules
from shield.domain.reviews.models import Case, Conversation, PracticeReview
from shield.domain.reviews.services.frame import not_after, own
from shield.improvement import services as chain
from shield.improvement.models import Priority, Recommendation
from shield.improvement.services import Upload
from shield.kernel.access.rules import Actor
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import services as clock
from shield.kernel.files import services as files
from shield.kernel.files.models import StoredFile
from shield.kernel.history import services as history
from shield.kernel.identities import services as identities
from shield.kernel.records.rules import Refused, check_reason
from shield.meetings.models import Gathering


@transaction.atomic
def commission(
    *, case: Case, reviewer: str, independence: str, no_conflict_with: str, terms: str, commissioned_on: date, by: Actor,
    today: date,
) -> PracticeReview:  # fmt: skip
    """Commission the review of a case: who reviews, why they are independent, with whom they have no conflict, and on what terms."""
    row = own(case, by)
    if row.route not in rules.REVIEWS:
        raise Refused("Decide first that this case takes the way of a review.")
    if PracticeReview.objects.filter(case=row).exists():
        raise Refused("The review of this case is commissioned already.")
    not_after(commissioned_on, today, "commissioned_on", "The commission")
    _check_reviewer(independence, no_conflict_with)
    review = PracticeReview.new(
        by, case=row, reviewer=reviewer, independence=independence, no_conflict_with=no_conflict_with, terms=terms,
        commissioned_on=commissioned_on,
    ).store()  # fmt: skip
    history.record(events.COMMISSIONED, on=row.ref, by=by)
    history.record(events.COMMISSIONED, on=review.ref, by=by)
    return review


def _check_reviewer(independence: str, no_conflict_with: str) -> None:
    check_reason(independence, field="independence", what="Say why the reviewer is independent.")
    if not no_conflict_with.strip():
        raise Refused("Say with whom the reviewer has no conflict of interest.", "no_conflict_with")


def locked(*, review: PracticeReview, by: Actor, expected_version: int | None = None) -> PracticeReview:
    """The review, locked after its case, for somebody of its team."""
    own(review.case, by)
    row: PracticeReview = PracticeReview.objects.locked(review.pk, expected_version, by=by)
    return row


def under_way(*, review: PracticeReview, by: Actor, expected_version: int | None = None) -> PracticeReview:
    """The same while it is not before the public."""
    row = locked(review=review, by=by, expected_version=expected_version)
    if row.status == rules.ReviewStatus.PUBLISHED:
        raise Refused("This review is published: withdraw it first.")
    if row.status == rules.ReviewStatus.PROPOSED:
        raise Refused("This review waits to be published: take that back first.")
    return row


@transaction.atomic
def change_review(
    *, review: PracticeReview, by: Actor, expected_version: int | None = None, **changes: Any
) -> PracticeReview:
    """Change the reviewer or the terms of reference."""
    row = under_way(review=review, by=by, expected_version=expected_version)
    made = row.amend(changes)
    _check_reviewer(row.independence, row.no_conflict_with)
    if made:
        row.store()
        words = {"reviewer": "the reviewer", "terms": "the terms of reference"}
        told = ", ".join(dict.fromkeys(words.get(name, "why they are independent") for name in made))
        history.record(events.REVIEW_CHANGED, on=row.ref, by=by, details={"changes": told})
    return row


@transaction.atomic
def plan_stages(
    *, review: PracticeReview, planned: Mapping[str, date], by: Actor, expected_version: int | None = None
) -> PracticeReview:
    """Plan the days of the stages; that one was reached shows from what is on record, and nobody ticks it."""
    row = under_way(review=review, by=by, expected_version=expected_version)
    row.planned = rules.check_planned(planned, row.commissioned_on)
    row.store()
    history.record(events.STAGES_PLANNED, on=row.ref, by=by)
    return row


@transaction.atomic
def hear(
    *, review: PracticeReview, who: str, held_on: date, how: str, said: str, by: Actor, today: date, people: int | None = None
) -> Conversation:  # fmt: skip
    """Put on record that practitioners, the child or the family were heard, how, and what they said."""
    row = locked(review=review, by=by)
    not_after(held_on, today, "held_on", "The conversation")
    if held_on < row.commissioned_on:
        raise Refused("Whom the review hears it hears after it was commissioned.", "held_on")
    heard = Conversation.new(
        by, case=row.case, who=who, held_on=held_on, how=how, said=said, people=people
    ).store()
    told = {"who": heard.get_who_display().lower()}
    history.record(events.HEARD, on=row.ref, by=by, details=told)
    return heard


@transaction.atomic
def tell_outcome(
    *, heard: Conversation, told_on: date, told_how: str, by: Actor, today: date, expected_version: int | None = None
) -> Conversation:  # fmt: skip
    """Put on record that those who were heard were told what came of the review, and how."""
    case = own(heard.case, by)
    row: Conversation = Conversation.objects.locked(heard.pk, expected_version, by=by)
    not_after(told_on, today, "told_on", "The day they were told")
    if told_on < row.held_on:
        raise Refused("They are told after they were heard.", "told_on")
    row.told_on, row.told_how = told_on, told_how
    row.store()
    told = {"who": row.get_who_display().lower()}
    history.record(events.OUTCOME_TOLD, on=PracticeReview.objects.get(case=case).ref, by=by, details=told)
    return row


@transaction.atomic
def file_draft(*, review: PracticeReview, file: Upload, by: Actor, today: date, note: str = "") -> StoredFile:
    """File a draft of the report, or the report as it is to be published; for the team alone."""
    row = under_way(review=review, by=by)
    identities.require_no_names(
        texts={"The name of the file": file.name, "The note": note}, by=by, of=[row.case_id]
    )
    kept = files.attach(about=row.ref, name=file.name, content=file.content, by=by, description=note)
    if row.drafted_on is None:
        row.drafted_on = today
        row.store()
    history.record(events.DRAFT_FILED, on=row.ref, by=by)
    return kept


@transaction.atomic
def note_board(
    *, review: PracticeReview, on: date, by: Actor, today: date, gathering: Gathering | None = None,
    expected_version: int | None = None,
) -> PracticeReview:  # fmt: skip
    """Note that the Board read the review, and at which meeting."""
    row = under_way(review=review, by=by, expected_version=expected_version)
    not_after(on, today, "on", "The meeting")
    if on < row.commissioned_on:
        raise Refused("The Board reads it after it was commissioned.", "on")
    row.board_on, row.gathering = on, gathering
    row.store()
    history.record(events.BEFORE_BOARD, on=row.ref, by=by, details={"on": in_words(on)})
    return row


@transaction.atomic
def stand_still(
    *, review: PracticeReview, proceedings: str, on: date, by: Actor, today: date, expected_version: int | None = None
) -> PracticeReview:  # fmt: skip
    """Let a review stand still during criminal or coronial proceedings; its months stand still with it."""
    row = under_way(review=review, by=by, expected_version=expected_version)
    if row.paused_for:
        raise Refused("This review stands still already.")
    not_after(on, today, "on", "The day it stands still from")
    if on < row.commissioned_on:
        raise Refused("It stands still after it was commissioned.", "on")
    row.paused_for, row.paused_on = proceedings, on
    row.store()
    why = rules.Proceedings(proceedings).label
    clock.pause_by_event(about=row.case.ref, code=rules.PUBLICATION, reason=why, on=on, by=by, today=today)
    history.record(events.STANDS_STILL, on=row.ref, by=by, details={"on": in_words(on), "why": why})
    return row


@transaction.atomic
def go_on(
    *, review: PracticeReview, on: date, by: Actor, today: date, expected_version: int | None = None
) -> PracticeReview:
    """Let a review that stood still go on; what is left of its months runs again."""
    row = locked(review=review, by=by, expected_version=expected_version)
    if row.paused_on is None:
        raise Refused("This review does not stand still.")
    not_after(on, today, "on", "The day it goes on")
    if on < row.paused_on:
        raise Refused("It goes on after it stood still.", "on")
    row.paused_for, row.paused_on = "", None
    row.store()
    clock.resume_by_event(about=row.case.ref, code=rules.PUBLICATION, on=on, by=by, today=today)
    history.record(events.GOES_ON, on=row.ref, by=by, details={"on": in_words(on)})
    return row


@transaction.atomic
def give_delay_reasons(
    *, review: PracticeReview, reasons: str, by: Actor, expected_version: int | None = None
) -> PracticeReview:
    """Say why a review takes longer than its six months; the guidance asks for it."""
    row = locked(review=review, by=by, expected_version=expected_version)
    check_reason(reasons, field="reasons", what="Give the reasons, in a sentence at least.")
    row.delay_reasons = reasons
    row.store()
    history.record(events.DELAYED, on=row.ref, by=by)
    return row


@transaction.atomic
def recommend(
    *, review: PracticeReview, finding: str, title: str, priority: Priority, by: Actor, text: str = ""
) -> Recommendation:
    """Take a recommendation of a review into the evidence chain, with what it found, so that it is followed like any other."""
    row = locked(review=review, by=by)
    texts = {"What was found": finding, "The recommendation": title, "What is to change": text}
    identities.require_no_names(texts=texts, by=by, of=[row.case_id])
    found = chain.add_finding(
        text=finding, sort="to_develop", evidence_from="review", origin=row.ref, priority=priority, by=by
    )
    made = chain.add_recommendation(title=title, text=text, priority=priority, findings=[found], by=by)
    history.record(events.RECOMMENDED, on=row.ref, by=by, details={"what": made.reference})
    return made
