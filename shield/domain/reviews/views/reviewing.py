"""A practice review: its page, and each act on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.reviews import forms, permissions, queries, rules, services
from shield.domain.reviews.forms.referring import named
from shield.domain.reviews.models import Case, Conversation, PracticeReview
from shield.domain.reviews.views.frame import act_page, crumbs, require_team
from shield.improvement import permissions as improvement
from shield.improvement.services import Upload
from shield.improvement.views.ways import LATELY, buttons, link, page_of
from shield.kernel.access.views import page
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import queries as clocks
from shield.kernel.history import queries as history
from shield.kernel.identities import queries as identities
from shield.kernel.records import queries as records

Status = rules.ReviewStatus


@page(signed_in=True, record=PracticeReview)
def practice_review(request: Any, review: PracticeReview) -> HttpResponse:
    """One review: where it stands, whom it heard, what was drafted, what came of its recommendations."""
    actor, case = request.actor, review.case
    works = case.team_id in actor.team_ids and actor.may(permissions.WORK)
    reports = queries.returns_of(case, actor, rules.Purpose.REVIEW)
    heard = queries.conversations_of(case, actor)
    drafts = queries.drafts_of(review, actor)
    reached = queries.stages_of(review, reports, heard)
    lacking = (
        queries.why_not_publish(review, actor, request.today) if review.status == Status.UNDER_WAY else []
    )
    context = {
        "record": review,
        "page_title": review.heading,
        "page_caption": f"{case.get_route_display()} {review.reference}",
        "breadcrumbs": crumbs(request, case, ("Review", "")),
        "tags": _tags(review),
        "facts": _facts(request, review),
        "lacking": lacking,
        "stages": [_stage(review, stage, reached[stage], request.today) for stage in rules.ReviewStage],
        "reports": [_report(request, row) for row in reports],
        "heard": [_heard(request, row, works) for row in heard],
        "drafts": [(row.name, row.description, page_of(request, row)) for row in drafts],
        "recommendations": _recommendations(request, review),
        "panels": records.panels(review.ref, actor),
        "entries": history.of_record(review.partnership_id, review.pk, limit=LATELY),
        "ways": _ways(request, review),
        "buttons": _buttons(request, review, works, bool(drafts)),
    }
    return render(request, "reviews/practice_review.html", context)


def _ways(request: Any, review: PracticeReview) -> list[tuple[str, str]]:
    ways = [("The case", page_of(request, review.case))]
    if review.published_on:
        ways.append(("What the public reads", public_page(request, review)))
    return ways


def public_page(request: Any, review: PracticeReview) -> str:
    """Where anybody reads a published review."""
    return f"{link(request, 'published_reviews')}/{review.reference}"


def _tags(review: PracticeReview) -> list[tuple[str, str]]:
    tags = [(review.get_status_display(), rules.REVIEW_TONES[review.status])]
    if review.paused_for:
        tags.append((f"Stands still: {review.get_paused_for_display().lower()}", "neutral"))
    return tags


def _facts(request: Any, review: PracticeReview) -> list[Any]:
    facts: list[Any] = [
        ("Reviewer", review.reviewer),
        ("Why independent", review.independence),
        ("No conflict of interest with", review.no_conflict_with),
        ("Commissioned", review.commissioned_on),
        ("Terms of reference", review.terms or "Not written"),
    ]
    due = queries.publication_due(review, request.actor)
    if due:
        facts.append(("To be published by", due))
    if review.paused_on:
        facts.append(("Stands still since", review.paused_on))
    if review.delay_reasons:
        facts.append(("Why it takes longer", review.delay_reasons))
    if review.publish_on:
        by = rules.advance_copy_by(review.publish_on, clocks.working_calendar())
        sent = in_words(review.advance_sent_on) if review.advance_sent_on else f"to be sent by {in_words(by)}"
        facts.append(("Publication planned", review.publish_on))
        facts.append(
            ("Copy to the Panel and the Department", f"{sent} (seven working days before: to be confirmed)")
        )
    if review.title:
        facts += [("Title for the public", review.title), ("Summary for the public", review.summary),
                  ("What is published", review.get_scope_display())]  # fmt: skip
        facts += [("Why not the whole", review.scope_why)] if review.scope_why else []
    if review.withdrawn_why:
        facts.append(("Withdrawn", f"{in_words(review.withdrawn_on)}: {review.withdrawn_why}"))  # type: ignore[arg-type]
    return facts


def _stage(review: PracticeReview, stage: rules.ReviewStage, on: date | None, today: date) -> dict[str, Any]:
    planned = review.planned_days.get(stage)
    late = on is None and planned is not None and planned < today and not review.paused_for
    return {
        "title": stage.label,
        "hint": f"planned for {in_words(planned)}" if planned else "",
        "status": in_words(on) if on else "Late" if late else "Open",
        "tone": "good" if on else "late" if late else "info",
    }


def _report(request: Any, row: Any) -> dict[str, Any]:
    late = row.status in rules.WITH_AGENCY and row.due_on < request.today
    return {
        "title": row.agency.called, "href": page_of(request, row), "hint": f"due {in_words(row.due_on)}",
        "status": "Late" if late else row.get_status_display(), "tone": "late" if late else rules.RETURN_TONES[row.status],
    }  # fmt: skip


def _heard(request: Any, row: Conversation, works: bool) -> dict[str, Any]:
    how_many = f", {row.people} people" if row.people and row.people > 1 else ""
    told = f"Told what came of it on {in_words(row.told_on)}: {row.told_how}" if row.told_on else ""
    return {
        "title": f"{row.get_who_display()}, {in_words(row.held_on)}{how_many}",
        "how": row.how,
        "said": row.said,
        "told": told,
        "tell_href": link(request, "heard_told", row) if works and not row.told_on else "",
    }


def _recommendations(request: Any, review: PracticeReview) -> list[dict[str, Any]]:
    if not request.actor.may(improvement.VIEW):
        return []
    return [
        {"title": row.heading, "href": page_of(request, row), "hint": row.owner_words or "no owner named",
         "status": row.get_status_display(), "tone": "info"}
        for row in queries.recommendations_of(request.actor, review)
    ]  # fmt: skip


def _buttons(request: Any, review: PracticeReview, works: bool, drafted: bool) -> list[dict[str, Any]]:
    """What can be done next, the first thing first."""
    to = lambda name: link(request, name, review)  # noqa: E731
    status = review.status
    open_ = works and status in {Status.UNDER_WAY, Status.WITHDRAWN}
    waits = works and status == Status.PROPOSED
    still = bool(review.paused_for)
    return buttons(
        ("Confirm and publish", to("review_publish"), waits and request.actor.person_id != review.proposed_by_id),
        ("Take the proposal back", to("review_drop"), waits),
        ("Ask agencies for their reports", to("review_ask"), open_),
        ("Record whom the review heard", to("review_hear"), works),
        ("File a draft", to("review_draft"), open_),
        ("Note that the Board read it", to("review_board"), open_),
        ("Propose it for publication", to("review_propose"), open_ and drafted),
        ("Add a recommendation", to("review_recommend"), works),
        ("Plan the stages", to("review_stages"), open_),
        ("Plan the day of publication", to("review_plan_publication"), open_),
        ("Note the copy before publication", to("review_advance"), open_ and bool(review.publish_on)),
        ("Let it stand still", to("review_stand_still"), open_ and not still),
        ("Let it go on", to("review_go_on"), works and still),
        ("Say why it takes longer", to("review_delay"), works),
        ("Change reviewer or terms", to("review_terms"), open_),
        ("Withdraw it from the public", to("review_withdraw"), works and status == Status.PUBLISHED),
    )  # fmt: skip


@page(permissions.WORK, record=Case)
def review_commission(request: Any, case: Case) -> HttpResponse:
    """Commission the review of a case."""
    require_team(request, case)
    form = forms.CommissionForm(request.POST or None, initial={"commissioned_on": request.today})
    names = ("reviewer", "independence", "no_conflict_with", "terms", "commissioned_on")
    return act_page(
        request, case, form,
        lambda: services.commission(
            case=case, by=request.actor, today=request.today, **{name: form.cleaned_data[name] for name in names}
        ),
        "Commission the review", "The review is commissioned.", then=lambda made: page_of(request, made),
        submit_text="Commission it",
    )  # fmt: skip


def on_review(
    request: Any, review: PracticeReview, form: Any, act: Callable[[], Any], title: str, said: str, *intro: str, **more: Any
) -> HttpResponse:  # fmt: skip
    """The page of one act on a review; it leads back to the review."""
    there = page_of(request, review)
    return act_page(
        request, review.case, form, act, title, said, intro=intro, then=lambda _: there, cancel=there, **more
    )


@page(permissions.WORK, record=PracticeReview)
def review_terms(request: Any, review: PracticeReview) -> HttpResponse:
    """Change the reviewer or the terms of reference."""
    names = ("reviewer", "independence", "no_conflict_with", "terms")
    form = forms.TermsForm(
        request.POST or None, version=review.version, initial={name: getattr(review, name) for name in names}
    )
    return on_review(
        request, review, form,
        lambda: services.change_review(
            review=review, by=request.actor, expected_version=form.cleaned_data["version"],
            **{name: form.cleaned_data[name] for name in names},
        ),
        "Reviewer and terms of reference", "Changed.",
    )  # fmt: skip


@page(permissions.WORK, record=PracticeReview)
def review_stages(request: Any, review: PracticeReview) -> HttpResponse:
    """Plan the days of the stages."""
    form = forms.StagesForm(request.POST or None, version=review.version, initial=review.planned_days)
    return on_review(
        request, review, form,
        lambda: services.plan_stages(
            review=review, planned=form.planned, by=request.actor, expected_version=form.cleaned_data["version"]
        ),
        "Plan the stages", "The days are planned.",
        "That a stage was reached shows by itself, from what is on record of it.",
    )  # fmt: skip


@page(permissions.WORK, record=PracticeReview)
def review_ask(request: Any, review: PracticeReview) -> HttpResponse:
    """Ask agencies for their reports, each once."""
    actor = request.actor
    last = queries.returns_of(review.case, actor, rules.Purpose.REVIEW)[:1]
    initial: dict[str, Any] = {
        "whom": named(identities.identities(review.case.ref, actor).filter(is_child=True))
    }
    if last:
        initial = {"whom": last[0].whom, "question": last[0].question, "answers_due_on": last[0].due_on}
    form = forms.AskReportForm(request.POST or None, actor=actor, today=request.today, initial=initial)
    return on_review(
        request, review, form,
        lambda: services.ask(
            case=review.case, due_on=form.cleaned_data["answers_due_on"], purpose=rules.Purpose.REVIEW, by=actor,
            today=request.today, **form.asked,
        ),
        "Ask agencies for their reports", "The agencies were asked.", submit_text="Ask them",
    )  # fmt: skip


@page(permissions.WORK, record=PracticeReview)
def review_hear(request: Any, review: PracticeReview) -> HttpResponse:
    """Record whom the review heard."""
    form = forms.HearForm(request.POST or None)
    names = ("who", "held_on", "how", "people", "said")
    return on_review(
        request, review, form,
        lambda: services.hear(
            review=review, by=request.actor, today=request.today, **{name: form.cleaned_data[name] for name in names}
        ),
        "Whom the review heard", "It is on record. Tell them what came of the review once it is there.",
    )  # fmt: skip


@page(permissions.WORK, record=Conversation)
def heard_told(request: Any, heard: Conversation) -> HttpResponse:
    """That those who were heard were told of the outcome."""
    form = forms.ToldForm(request.POST or None, version=heard.version)
    data = lambda: form.cleaned_data  # noqa: E731 - read when the act runs
    return on_review(
        request, heard.case.practice_review, form,
        lambda: services.tell_outcome(
            heard=heard, told_on=data()["told_on"], told_how=data()["told_how"], by=request.actor, today=request.today,
            expected_version=data()["version"],
        ),
        "They were told what came of it", "It is on record that they were told.", heard.get_who_display(),
    )  # fmt: skip


@page(permissions.WORK, record=PracticeReview)
def review_draft(request: Any, review: PracticeReview) -> HttpResponse:
    """File a draft."""
    form = forms.DraftForm(request.POST or None, request.FILES or None)

    def act() -> Any:
        given = form.cleaned_data["file"]
        return services.file_draft(
            review=review,
            file=Upload(given.name, given.read()),
            note=form.cleaned_data["note"],
            by=request.actor,
            today=request.today,
        )

    return on_review(
        request, review, form, act, "File a draft", "The draft is on file.",
        "Drafts are for the team of the case alone.", submit_text="File it",
    )  # fmt: skip


@page(permissions.WORK, record=PracticeReview)
def review_board(request: Any, review: PracticeReview) -> HttpResponse:
    """When the Board read it."""
    form = forms.BoardForm(
        request.POST or None, actor=request.actor, today=request.today, version=review.version,
        initial={"on": review.board_on or request.today},
    )  # fmt: skip
    return on_review(
        request, review, form,
        lambda: services.note_board(
            review=review, on=form.cleaned_data["on"], gathering=form.picked("gathering"), by=request.actor,
            today=request.today, expected_version=form.cleaned_data["version"],
        ),
        "The Board read it", "Noted.",
    )  # fmt: skip


@page(permissions.WORK, record=PracticeReview)
def review_stand_still(request: Any, review: PracticeReview) -> HttpResponse:
    """Let it stand still during proceedings."""
    form = forms.StandStillForm(request.POST or None, version=review.version, initial={"on": request.today})
    return on_review(
        request, review, form,
        lambda: services.stand_still(
            review=review, proceedings=form.cleaned_data["proceedings"], on=form.cleaned_data["on"], by=request.actor,
            today=request.today, expected_version=form.cleaned_data["version"],
        ),
        "Let it stand still", "It stands still, and its months with it.", submit_text="Let it stand still",
    )  # fmt: skip


@page(permissions.WORK, record=PracticeReview)
def review_go_on(request: Any, review: PracticeReview) -> HttpResponse:
    """Let it go on."""
    form = forms.OnForm(
        request.POST or None, label="From which day does it go on?", version=review.version, initial={"on": request.today}
    )  # fmt: skip
    return on_review(
        request, review, form,
        lambda: services.go_on(
            review=review, on=form.cleaned_data["on"], by=request.actor, today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
        "Let it go on", "It goes on, and its months run again.", submit_text="Let it go on",
    )  # fmt: skip


@page(permissions.WORK, record=PracticeReview)
def review_delay(request: Any, review: PracticeReview) -> HttpResponse:
    """Why it takes longer than six months."""
    form = forms.WhyForm(
        request.POST or None, label="Why does it take longer than six months?", version=review.version,
        initial={"reason": review.delay_reasons},
    )  # fmt: skip
    return on_review(
        request, review, form,
        lambda: services.give_delay_reasons(
            review=review, reasons=form.cleaned_data["reason"], by=request.actor,
            expected_version=form.cleaned_data["version"],
        ),
        "Why it takes longer", "The reasons are on record.",
    )  # fmt: skip


@page(permissions.WORK, record=PracticeReview)
def review_recommend(request: Any, review: PracticeReview) -> HttpResponse:
    """Take one of its recommendations into the evidence chain."""
    form = forms.RecommendForm(request.POST or None, actor=request.actor, today=request.today)
    data = lambda: form.cleaned_data  # noqa: E731 - read when the act runs
    return on_review(
        request, review, form,
        lambda: services.recommend(
            review=review, finding=data()["finding"], title=data()["title"], text=data()["text"],
            priority=form.picked("priority"), by=request.actor,
        ),
        "Add a recommendation", "The recommendation is in the evidence chain. Give it an owner there.",
        "From here it goes the way of every recommendation: decided on, acted on, shown by evidence.",
    )  # fmt: skip
