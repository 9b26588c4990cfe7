"""What pages elsewhere may ask of cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from shield.domain.reviews import permissions, queries, rules
from shield.domain.reviews.models import Case, RapidReview, Step
from shield.improvement.models import Theme
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Person
from shield.kernel.records import queries as records
from shield.kernel.records.rules import (
    Briefing,
    Learnt,
    Listing,
    Moment,
    Panel,
    PersonalData,
    RecordRef,
    WorkItem,
)

MOST = 50


def panels(ref: RecordRef, actor: Actor) -> Iterator[Panel | Listing]:
    """On a theme: the cases that have it. On a meeting: the cases discussed there."""
    rows = Case.objects.visible_to(actor)
    if ref.kind == Theme.kind:
        yield Listing("Cases with this theme", Case.kind, rows.filter(themes=ref.id), text="pseudonym")
    if ref.kind == "meetings.gathering":
        yield Listing("Cases discussed here", Case.kind, rows.filter(gatherings=ref.id), text="pseudonym")


def work(actor: Actor, today: date) -> Iterator[WorkItem]:
    """For an agency: what it was asked. For the team: referrals to screen, milestones. For partners: what to sign."""
    for row in queries.own_returns(actor)[:MOST]:
        yield WorkItem(
            f"{row.get_purpose_display()} {row.case.reference}: what your agency knows", row.kind, row.pk,
            row.get_purpose_display(), row.due_on,
            row.due_on < today, row.agency.called, act="Answer it", act_page="return_write",
        )  # fmt: skip
    if actor.may(permissions.WORK):
        for case, due in queries.to_screen(actor):
            yield WorkItem(
                case.pseudonym,
                case.kind,
                case.pk,
                "Referral to screen",
                due,
                bool(due and due < today),
                act="Screen it",
                act_page="case_screen",
            )
        for output in queries.late_outputs(actor, today):
            yield WorkItem(
                f"{output.heading} of {output.case.pseudonym}", Case.kind, output.case_id, "Output of a case", output.due_on, True,
                precision="day" if output.due_precision == "day" else "month",
            )  # fmt: skip
        for step in _next_steps(actor):
            yield WorkItem(
                f"{step.case.pseudonym}: {step.label_text}", Case.kind, step.case_id, "Rapid review", step.due_on,
                step.due_on < today,
            )  # fmt: skip
        for review in queries.to_confirm(actor)[:MOST]:
            yield WorkItem(
                review.heading, review.kind, review.pk, "Review to read and confirm", review.publish_on,
                act="Confirm and publish", act_page="review_publish",
            )  # fmt: skip
    if actor.may(permissions.SIGN):
        for rapid in _to_sign(actor):
            yield WorkItem(
                rapid.heading, Case.kind, rapid.case_id, "Rapid review to sign", rapid.due_on,
                bool(rapid.due_on and rapid.due_on < today), act="Sign", act_page="case_sign",
            )  # fmt: skip


def _next_steps(actor: Actor) -> list[Step]:
    """The first milestone of each rapid review that was not reached."""
    rows = Step.objects.visible_to(actor).filter(done_on__isnull=True, case__stage=rules.Stage.RAPID_REVIEW)
    first: dict[Any, Step] = {}
    for step in rows.order_by("position")[: MOST * 4]:
        first.setdefault(step.case_id, step)
    return list(first.values())


def _to_sign(actor: Actor) -> list[RapidReview]:
    rows = (
        RapidReview.objects.visible_to(actor)
        .filter(case__stage=rules.Stage.RAPID_REVIEW)
        .exclude(proposes="")
    )
    signed = rows.model.objects.none() if not actor.agency_ids else rows.filter(
        case__signatures__agency_id__in=actor.agency_ids, case__signatures__choice__in=rules.Choice.values
    )  # fmt: skip
    return list(rows.exclude(pk__in=signed.values("pk"))[:MOST])


def moments(actor: Actor, starts_on: date, ends_on: date) -> Iterator[Moment]:
    """Notifications in a span of days."""
    for case in Case.objects.visible_to(actor).filter(notified_on__range=(starts_on, ends_on)):
        yield Moment(f"{case.pseudonym}: notified", "Cases", case.notified_on, None, case.ref, "neutral")


def texts(about: RecordRef, actor: Actor) -> Iterator[tuple[str, str]]:
    """What a case says to the wider group."""
    if about.kind != Case.kind:
        return
    for case in Case.objects.visible_to(actor).filter(pk=about.id):
        yield "What happened, for the wider group", case.incident
        for output in case.outputs.all():
            yield f"Output: {output.get_sort_display()}", f"{output.what}\n{output.postponed_why}"


def briefing(about: RecordRef, actor: Actor) -> Briefing | None:
    """On a case: what the wider group may read, for its team to write a briefing note from."""
    if about.kind != Case.kind:
        return None
    case = Case.objects.visible_to(actor).filter(pk=about.id).first()
    if case is None:
        return None
    return Briefing(
        "A case the partnership learnt from", lambda: {"looked_at": case.incident},
        lambda: tuple(case.themes.values_list("pk", flat=True)), case.team,
    )  # fmt: skip


def learnt(actor: Actor) -> Iterator[Learnt]:
    """The reviews that were published: themes only of cases that were shown to the wider group."""
    rows = queries.published_reviews(actor.partnership_id).filter(status=rules.ReviewStatus.PUBLISHED)
    for review in rows.prefetch_related("case__themes"):
        assert review.published_on is not None
        themes = review.case.themes.all() if review.case.shared_on else ()
        yield Learnt(
            review.title, "Published review", review.published_on, f"{review.summary} {review.scope_why}", "published_review",
            (("review", review.reference),), tuple(theme.pk for theme in themes),
        )  # fmt: skip


def subject_access(person: Person, actor: Actor) -> Iterator[PersonalData]:
    """Where cases name a person who works here."""
    yield from records.told_of(person, actor, *records.kinds_of("reviews"), where="Cases")
