"""The rapid review: milestones, meeting, summary, signatures, sending."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from shield.domain.reviews import forms, permissions, queries, rules, services
from shield.domain.reviews.forms.deciding import plan_text
from shield.domain.reviews.models import Case, Step
from shield.domain.reviews.views.frame import act_page, crumbs, require_team
from shield.improvement.views.ways import link
from shield.kernel.access.views import page, perform
from shield.kernel.design import forms as design


@page(permissions.WORK)
def review_plan(request: Any) -> HttpResponse:
    """The partnership's milestones for rapid reviews."""
    plan = queries.plan_of(request.actor.partnership_id)
    form = forms.PlanForm(request.POST or None, initial={"plan": plan_text(plan)})
    there = link(request, "cases")
    return perform(
        request, form, lambda: services.set_plan(steps=form.cleaned_data["plan"], by=request.actor), lambda _: there,
        title="Milestones of a rapid review", said="Rapid reviews to come have these milestones.", cancel_href=there,
        breadcrumbs=crumbs(request, None, ("Milestones", "")),
        intro=["Each rapid review begins with these. Those under way keep theirs. Day 0 is the day of the notification."],
    )  # fmt: skip


@page(permissions.WORK, record=Step)
def step_mark(request: Any, step: Step) -> HttpResponse:
    """Note that a milestone was reached, or that it was marked by mistake."""
    case = step.case
    if step.done_on:
        undo = design.ShieldForm(request.POST or None)
        return act_page(
            request, case, undo, lambda: services.unmark_step(step=step, by=request.actor), "It was not reached",
            "The milestone is open again.", intro=(step.label_text,), submit_text="It was not reached",
        )  # fmt: skip
    form = forms.OnForm(request.POST or None, initial={"on": request.today})
    return act_page(
        request, case, form,
        lambda: services.mark_step(step=step, on=form.cleaned_data["on"], by=request.actor, today=request.today),
        "A milestone was reached", "Noted.", intro=(step.label_text,),
    )  # fmt: skip


@page(permissions.WORK, record=Case)
def case_meeting(request: Any, case: Case) -> HttpResponse:
    """When the review meeting was held."""
    require_team(request, case)
    form = forms.MeetingForm(
        request.POST or None, actor=request.actor, today=request.today, initial={"on": request.today}
    )
    return act_page(
        request, case, form,
        lambda: services.hold_meeting(
            case=case, on=form.cleaned_data["on"], gathering=form.picked("gathering"), by=request.actor, today=request.today
        ),
        "The review meeting", "The meeting is on record.",
        intro=("Who was there and what was decided stands in the register of meetings.",),
    )  # fmt: skip


@page(permissions.WORK, record=Case)
def case_summary(request: Any, case: Case) -> HttpResponse:
    """The one-page summary, from what the agencies handed in."""
    require_team(request, case)
    rapid = getattr(case, "rapid", None)
    initial = {
        **(rapid.summary if rapid else {}),
        "proposes": rapid.proposes if rapid else "",
        "reasons": rapid.reasons if rapid else "",
    }
    form = forms.SummaryForm(request.POST or None, version=rapid.version if rapid else 0, initial=initial)
    given = [
        (row.agency.called, [(label, text) for label, text in row.parts if text])
        for row in queries.returns_of(case, request.actor)
        if row.status in rules.HANDED_IN and not row.nothing_held
    ]
    return act_page(
        request, case, form,
        lambda: services.summarise(
            case=case, summary=form.summary, proposes=form.cleaned_data["proposes"], reasons=form.cleaned_data["reasons"],
            by=request.actor, expected_version=form.cleaned_data["version"],
        ),
        "The one-page summary", "The summary was kept. The three partners can sign.", template="reviews/summary.html",
        given=given,
        intro=("One page for the three partners. If it is changed after somebody signed, they sign anew.",),
    )  # fmt: skip


@page(permissions.SIGN, record=Case)
def case_sign(request: Any, case: Case) -> HttpResponse:
    """A partner signs on what is proposed."""
    require_team(request, case)
    rapid = getattr(case, "rapid", None)
    form = forms.SignForm(request.POST or None)
    agency = queries.partner_of(request.actor)
    return act_page(
        request, case, form,
        lambda: services.sign(
            case=case, choice=form.cleaned_data["choice"], reasons=form.cleaned_data["reasons"], by=request.actor,
            today=request.today,
        ),
        "Sign", "Your signature is on record.", submit_text="Sign", template="reviews/sign.html",
        agency=agency, proposes=rapid.get_proposes_display() if rapid else "", reasons=rapid.reasons if rapid else "",
        parts=[(label, rapid.summary.get(part, "")) for part, label in rules.SUMMARY_PARTS.items()] if rapid else [],
    )  # fmt: skip


@page(permissions.WORK, record=Case)
def case_send(request: Any, case: Case) -> HttpResponse:
    """Note that the rapid review went to the Panel."""
    require_team(request, case)
    lacking = queries.why_not_send(case) if hasattr(case, "rapid") else ["There is no rapid review."]
    form = forms.OnForm(
        request.POST or None, label="On which day was it sent?", initial={"on": request.today}
    )
    return act_page(
        request, case, form,
        lambda: services.send_to_panel(case=case, on=form.cleaned_data["on"], by=request.actor, today=request.today),
        "Send it to the Panel", "It is on record that the rapid review was sent. Its clock is met.",
        submit_text="It was sent", intro=("Send it by the Panel’s own secure way, then note the day here.", *lacking),
    )  # fmt: skip
