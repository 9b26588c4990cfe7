"""Impact reviews: how much, how well, is anyone better off?"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.improvement import forms, permissions, queries, rules, services
from shield.improvement.models import ImpactReview, Priority
from shield.improvement.views.ways import around, buttons, known_day, link, onward, page_of, shortly, way_to
from shield.kernel.access.views import page, resume, set_aside, submit

VERDICT_TONES = {"yes": "good", "partly": "info", "no": "attention", "not_known": "attention"}


@page(permissions.VIEW, record=ImpactReview)
def impact_review(request: Any, review: ImpactReview) -> HttpResponse:
    """One impact review: when it is due, or its answers and what they rest on."""
    late = review.held_on is None and review.due_on < request.today
    if review.held_on:
        tag = (review.get_verdict_display(), VERDICT_TONES[review.verdict])
    else:
        tag = ("Late", "late") if late else ("To come", "neutral")
    shown = list(review.evidence.visible_to(request.actor)) if review.held_on else []
    context = around(
        request,
        review,
        ("Priorities", link(request, "priorities")),
        (shortly(review.priority.heading), page_of(request, review.priority)),
        tags=[tag],
        facts=[
            ("Due on", review.due_on),
            ("Held on", review.held_on),
            {"key": "Priority", "value": review.priority.heading, "href": page_of(request, review.priority)},
        ],
        answers=[
            {
                "title": question.label,
                "text": getattr(review, question.value),
                "evidence": [
                    {
                        "text": row.heading,
                        "href": page_of(request, row),
                        "note": f"{row.get_sort_display()}, {known_day(row, 'found_on')}",
                    }
                    for row in shown
                    if row.answers == question
                ],
            }
            for question in rules.Question
        ]
        if review.held_on
        else [],
        late=late,
        buttons=buttons(
            (
                "Correct the review" if review.held_on else "Hold the review",
                link(request, "impact_review_hold", review),
                request.actor.may(permissions.REVIEW_IMPACT),
            ),
        ),
    )
    return render(request, "improvement/impact_review.html", context)


@page(permissions.REVIEW_IMPACT, record=ImpactReview)
def impact_review_hold(request: Any, review: ImpactReview) -> HttpResponse:
    """Record what a review found, and the evidence it rests on."""
    may_add = request.actor.may(permissions.ADD_EVIDENCE)
    if may_add and "aside" in request.POST:
        back_here = f"{request.path}?{request.GET.urlencode()}" if request.GET else request.path
        about = review.priority.ref.as_text()
        return set_aside(request, link(request, "evidence_add", about=about, next=back_here))
    offered = queries.evidence_for_review(review, request.actor)
    form = forms.ReviewForm(
        request.POST or None,
        today=request.today,
        offered=offered,
        version=review.version,
        initial=_initial(request, review),
    )
    resume(request, form)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.hold_review(
                review=review,
                held_on=data["held_on"],
                answers=form.answers,
                verdict=data["verdict"],
                evidence=form.chosen,
                by=request.actor,
                today=request.today,
                expected_version=data["version"],
            ),
            lambda row: onward(request, page_of(request, row)),
            said="The impact review was recorded.",
        )
        if done:
            return done
    context = {
        "page_title": f"Hold the {review.months}-month impact review",
        "page_caption": review.priority.heading,
        "form": form,
        "cancel_href": onward(request, page_of(request, review)),
        "breadcrumbs": [*way_to(request, review), ("Hold it", "")],
        "better": sum(each.evidence.answers == rules.Question.BETTER_OFF for each in offered),
        "offered": len(offered),
        "may_add_evidence": may_add,
    }
    return render(request, "improvement/impact_review_hold.html", context)


def _initial(request: Any, review: ImpactReview) -> dict[str, Any]:
    if review.held_on is None:
        return {"held_on": request.today}
    names = ("held_on", "how_much", "how_well", "better_off", "verdict")
    chosen = [str(pk) for pk in review.evidence.values_list("pk", flat=True)]
    return {**{name: getattr(review, name) for name in names}, "evidence": chosen}


@page(permissions.EDIT, record=Priority)
def impact_reviews_plan(request: Any, priority: Priority) -> HttpResponse:
    """Plan the 6- and 12-month reviews of a priority from the day of its decision."""
    form = forms.PlanReviewsForm(request.POST or None, today=request.today)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.plan_reviews(
                priority=priority, decided_on=form.cleaned_data["decided_on"], by=request.actor
            ),
            lambda _: page_of(request, priority),
            said="The impact reviews were planned.",
        )
        if done:
            return done
    context = {
        "page_title": "Plan the impact reviews",
        "page_caption": priority.heading,
        "form": form,
        "cancel_href": page_of(request, priority),
        "breadcrumbs": [
            *way_to(request, priority),
            ("Plan the impact reviews", ""),
        ],
    }
    return render(request, "design/form_page.html", context)
