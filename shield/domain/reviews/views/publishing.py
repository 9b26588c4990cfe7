"""How a practice review comes before the public, and what the public reads."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from shield.domain.reviews import forms, permissions, queries, rules, services
from shield.domain.reviews.models import PracticeReview
from shield.domain.reviews.views.reviewing import on_review
from shield.kernel.access.views import page
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import queries as clocks
from shield.kernel.files import queries as files
from shield.kernel.files.views import served


@page(permissions.WORK, record=PracticeReview)
def review_plan_publication(request: Any, review: PracticeReview) -> HttpResponse:
    """Plan the day of publication."""
    form = forms.OnForm(
        request.POST or None, label="When is it to be published?", version=review.version, initial={"on": review.publish_on}
    )  # fmt: skip
    return on_review(
        request, review, form,
        lambda: services.plan_publication(
            review=review, publish_on=form.cleaned_data["on"], by=request.actor,
            expected_version=form.cleaned_data["version"],
        ),
        "Plan the day of publication", "The day is planned.",
        "The Panel and the Department have a copy seven working days before (to be confirmed).",
    )  # fmt: skip


@page(permissions.WORK, record=PracticeReview)
def review_advance(request: Any, review: PracticeReview) -> HttpResponse:
    """Note when the copy before publication was sent."""
    form = forms.OnForm(
        request.POST or None, label="On which day was it sent?", version=review.version, initial={"on": request.today}
    )  # fmt: skip
    intro = []
    if review.publish_on:
        by = rules.advance_copy_by(review.publish_on, clocks.working_calendar())
        intro = [
            f"Publication is planned for {in_words(review.publish_on)}, so it goes out by {in_words(by)}."
        ]
    return on_review(
        request, review, form,
        lambda: services.send_advance_copy(
            review=review, on=form.cleaned_data["on"], by=request.actor, today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
        "The copy before publication", "Noted. It stands among the letters of the case.", *intro,
    )  # fmt: skip


@page(permissions.WORK, record=PracticeReview)
def review_propose(request: Any, review: PracticeReview) -> HttpResponse:
    """Propose what the public is to read."""
    names = ("title", "summary", "scope", "scope_why")
    form = forms.ProposeForm(
        request.POST or None, actor=request.actor, today=request.today, drafts=queries.drafts_of(review, request.actor),
        version=review.version, initial={name: getattr(review, name) for name in names},
    )  # fmt: skip
    return on_review(
        request, review, form,
        lambda: services.propose(
            review=review, file=form.picked("file"), by=request.actor, today=request.today,
            expected_version=form.cleaned_data["version"], **{name: form.cleaned_data[name] for name in names},
        ),
        "Propose it for publication", "It waits for a second person.",
        "Title and summary are read for the names of the case. The file is read by you and by the second person.",
        *queries.why_not_publish(review, request.actor, request.today), submit_text="Propose it",
    )  # fmt: skip


@page(permissions.WORK, record=PracticeReview)
def review_drop(request: Any, review: PracticeReview) -> HttpResponse:
    """Take the proposal back."""
    form = forms.WhyForm(request.POST or None, label="What should be changed?", version=review.version)
    return on_review(
        request, review, form,
        lambda: services.drop_proposal(
            review=review, reason=form.cleaned_data["reason"], by=request.actor,
            expected_version=form.cleaned_data["version"],
        ),
        "Take the proposal back", "Nothing waits to be published.",
    )  # fmt: skip


@page(permissions.WORK, record=PracticeReview)
def review_publish(request: Any, review: PracticeReview) -> HttpResponse:
    """Confirm as a second person, and publish."""
    form = forms.ConfirmForm(request.POST or None, version=review.version)
    return on_review(
        request, review, form,
        lambda: services.publish(
            review=review, read=form.cleaned_data["read"], by=request.actor, today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
        "Confirm and publish", "It is published. Everybody can read it.", review.title, review.summary,
        *([review.scope_why] if review.scope_why else []), submit_text="Publish it",
    )  # fmt: skip


@page(permissions.WORK, record=PracticeReview)
def review_withdraw(request: Any, review: PracticeReview) -> HttpResponse:
    """Withdraw it from the public."""
    form = forms.WhyForm(
        request.POST or None, label="Why is it withdrawn? The public reads this.", version=review.version
    )
    return on_review(
        request, review, form,
        lambda: services.withdraw_publication(
            review=review, reason=form.cleaned_data["reason"], by=request.actor, today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
        "Withdraw it from the public", "It is withdrawn. Its page says so.", submit_text="Withdraw it",
    )  # fmt: skip


# What anybody reads


@page(public=True, methods=("GET",))
def published_reviews(request: Any) -> HttpResponse:
    """Every review that was published here."""
    rows = [
        row
        for row in queries.published_reviews(request.partnership.pk)
        if row.status == rules.ReviewStatus.PUBLISHED
    ]
    context = {
        "page_title": "Published reviews",
        "page_caption": request.partnership.name,
        "reviews": [(row, link_to(request, row)) for row in rows],
    }
    return render(request, "reviews/published_list.html", context)


def link_to(request: Any, review: PracticeReview) -> str:
    """The public page of a review."""
    return f"{request.path.rstrip('/')}/{review.reference}"


def _published(request: Any, reference: str) -> PracticeReview:
    row = queries.published_reviews(request.partnership.pk).filter(reference=reference).first()
    if row is None:
        raise Http404
    return row


@page(public=True, methods=("GET",), specimen="published_review")
def published_review(request: Any, review: str) -> HttpResponse:
    """A published review, for anybody; one that was withdrawn says so."""
    row = _published(request, review)
    gone = row.status == rules.ReviewStatus.WITHDRAWN
    context = {
        "page_title": "This review was withdrawn" if gone else row.title,
        "page_caption": request.partnership.name,
        "review": row,
        "gone": gone,
        "file_href": f"{request.path}/report",
        "breadcrumbs": [("Published reviews", request.path.rpartition("/")[0])],
    }
    return render(request, "reviews/published.html", context, status=410 if gone else 200)


@page(public=True, methods=("GET",), specimen="published_review")
def published_review_file(request: Any, review: str) -> HttpResponse:
    """The file of a published review."""
    row = _published(request, review)
    if row.status != rules.ReviewStatus.PUBLISHED or row.file is None:
        raise Http404
    path = files.path_of(row.file.sha256)
    if not path.is_file():
        raise Http404
    _, dot, extension = row.file.name.rpartition(".")
    return served(path.read_bytes(), f"{row.reference.lower()}{dot}{extension}", row.file.content_type)
