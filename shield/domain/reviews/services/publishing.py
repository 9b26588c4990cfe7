"""How a practice review comes before the public: planned, proposed by one, confirmed by another, withdrawn."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from shield.domain.reviews import events, queries, rules
from shield.domain.reviews.models import Letter, Output, PracticeReview
from shield.domain.reviews.services import keeping
from shield.domain.reviews.services.frame import not_after
from shield.domain.reviews.services.reviewing import locked, under_way
from shield.kernel.access.rules import Actor
from shield.kernel.calendar.rules import in_words
from shield.kernel.files.models import StoredFile
from shield.kernel.history import services as history
from shield.kernel.identities import services as identities
from shield.kernel.records.rules import Refused, check_reason

PANEL_AND_DEPARTMENT = "Child Safeguarding Practice Review Panel and Department for Education"


@transaction.atomic
def plan_publication(
    *, review: PracticeReview, publish_on: date, by: Actor, expected_version: int | None = None
) -> PracticeReview:
    """Plan the day of publication, by which the day of the copy before it is set."""
    row = under_way(review=review, by=by, expected_version=expected_version)
    if publish_on < row.commissioned_on:
        raise Refused("It is published after it was commissioned.", "publish_on")
    row.publish_on = publish_on
    row.store()
    history.record(events.ADVANCE_PLANNED, on=row.ref, by=by, details={"on": in_words(publish_on)})
    return row


@transaction.atomic
def send_advance_copy(
    *, review: PracticeReview, on: date, by: Actor, today: date, expected_version: int | None = None
) -> PracticeReview:
    """Note when the Panel and the Department had their copy before publication; it is among the case's letters."""
    row = under_way(review=review, by=by, expected_version=expected_version)
    not_after(on, today, "on", "The day it was sent")
    if on < row.commissioned_on:
        raise Refused("A copy is sent after the review was commissioned.", "on")
    row.advance_sent_on = on
    row.store()
    Letter.new(
        by, case=row.case, direction=rules.Direction.OUT, about=rules.About.ADVANCE_COPY, party=PANEL_AND_DEPARTMENT, dated=on
    ).store()  # fmt: skip
    history.record(events.ADVANCE_SENT, on=row.ref, by=by, details={"on": in_words(on)})
    return row


@transaction.atomic
def propose(
    *, review: PracticeReview, title: str, summary: str, file: StoredFile | None, by: Actor, today: date, scope: str = "full",
    scope_why: str = "", expected_version: int | None = None,
) -> PracticeReview:  # fmt: skip
    """Propose what the public is to read. Nothing is public by that: somebody else reads it and confirms.

    Refused while a name, or a word that could be one, stands in the words; and where not the whole is published
    without the reason.
    """
    row = under_way(review=review, by=by, expected_version=expected_version)
    _check_words(title, summary)
    if scope != rules.Scope.FULL:
        check_reason(scope_why, field="scope_why", what="Say why not the whole report is published.")
    if file is None or file.about_id != row.pk:
        raise Refused("Choose the file that is published, from those of this review.", "file")
    row.title, row.summary, row.scope, row.file = title, summary, scope, file
    row.scope_why = scope_why if scope != rules.Scope.FULL else ""
    _check_ready(row, by, today)
    row.status, row.proposed_by_id, row.confirmed_by_id = rules.ReviewStatus.PROPOSED, by.person_id, None
    row.store()
    history.record(events.PROPOSED, on=row.ref, by=by)
    return row


def _check_words(title: str, summary: str) -> None:
    if not title.strip():
        raise Refused("Enter the title.", "title")
    if not summary.strip():
        raise Refused("Write the summary.", "summary")


def _check_ready(row: PracticeReview, by: Actor, today: date) -> None:
    if lacking := queries.why_not_publish(row, by, today):
        raise Refused(" ".join(lacking))
    texts = {
        "The title": row.title,
        "The summary": row.summary,
        "Why not the whole is published": row.scope_why,
        "The name of the file": row.file.name if row.file else "",
    }
    identities.require_no_names(texts=texts, by=by, of=[row.case_id])


@transaction.atomic
def drop_proposal(
    *, review: PracticeReview, reason: str, by: Actor, expected_version: int | None = None
) -> PracticeReview:
    """Take back what was proposed for publication, because something in it is to be changed."""
    row = locked(review=review, by=by, expected_version=expected_version)
    if row.status != rules.ReviewStatus.PROPOSED:
        raise Refused("Nothing waits to be published.")
    check_reason(reason, field="reason", what="Say what should be changed.")
    row.status, row.proposed_by_id = rules.ReviewStatus.UNDER_WAY, None
    row.store()
    history.record(events.PROPOSAL_DROPPED, on=row.ref, by=by, details={"reason": reason})
    return row


@transaction.atomic
def publish(
    *, review: PracticeReview, read: bool, by: Actor, today: date, expected_version: int | None = None
) -> PracticeReview:
    """Confirm as a second person what another proposed: from now on everybody can read it, and its clock is met."""
    row = locked(review=review, by=by, expected_version=expected_version)
    if row.status != rules.ReviewStatus.PROPOSED:
        raise Refused("Nothing waits to be published.")
    if by.person_id == row.proposed_by_id:
        raise Refused("Somebody else confirms what you proposed.")
    if not read:
        raise Refused("Read the summary and the file, and confirm that nobody can be recognised.", "read")
    _check_ready(row, by, today)
    row.status, row.confirmed_by_id, row.published_on = rules.ReviewStatus.PUBLISHED, by.person_id, today
    row.withdrawn_on, row.withdrawn_why = None, ""
    row.store()
    _note_output(row, by, today)
    history.record(events.PUBLISHED, on=row.ref, by=by)
    history.record(events.PUBLISHED, on=row.case.ref, by=by)
    return row


def _note_output(row: PracticeReview, by: Actor, today: date) -> None:
    """The case's report was issued: its output says so, and by that its clock is met."""
    reports = Output.objects.filter(case=row.case, sort=rules.OutputKind.REPORT)
    planned = reports.filter(issued_on__isnull=True).first()
    if planned is not None:
        keeping.change_output(output=planned, issued_on=today, issued_precision="day", by=by, today=today)
    elif not reports.exists():
        keeping.add_output(
            case=row.case, sort=rules.OutputKind.REPORT, what=row.title, issued_on=today, by=by, today=today
        )


@transaction.atomic
def withdraw_publication(
    *, review: PracticeReview, reason: str, by: Actor, today: date, expected_version: int | None = None
) -> PracticeReview:
    """Take a review back from the public at once; its page then says so, and why."""
    row = locked(review=review, by=by, expected_version=expected_version)
    if row.status != rules.ReviewStatus.PUBLISHED:
        raise Refused("This review is not before the public.")
    check_reason(reason, field="reason", what="Say why, in words for the public.")
    identities.require_no_names(texts={"The reason": reason}, by=by, of=[row.case_id])
    row.status, row.withdrawn_on, row.withdrawn_why = rules.ReviewStatus.WITHDRAWN, today, reason
    row.store()
    history.record(events.PUBLICATION_WITHDRAWN, on=row.ref, by=by, details={"reason": reason})
    return row
