"""Referring, screening, notifying."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from shield.domain.reviews import forms, permissions, queries, rules, services
from shield.domain.reviews.forms.referring import named
from shield.domain.reviews.models import Case
from shield.domain.reviews.views.frame import act_page, crumbs, require_team
from shield.improvement.views.ways import buttons, link, page_of
from shield.kernel.access.views import page, perform
from shield.kernel.accounts import queries as accounts
from shield.kernel.calendar import queries as calendar
from shield.kernel.calendar.rules import add_working_days
from shield.kernel.clocks import queries as clocks
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import values
from shield.kernel.identities import queries as identities
from shield.kernel.records.rules import Stale


@page(permissions.REFER)
def case_refer(request: Any) -> HttpResponse:
    """Refer a serious incident: one form, and everything starts."""
    actor = request.actor
    agencies = accounts.agencies(actor)
    own = agencies.filter(pk__in=actor.agency_ids)
    form = forms.ReferForm(
        request.POST or None, agencies=agencies, initial={"aware_on": request.today, "agency": own.first()}
    )
    works = actor.may(permissions.WORK)
    return perform(
        request, form,
        lambda: services.refer(by=actor, today=request.today, now=calendar.now(), **form.values),
        lambda case: page_of(request, case) if works else link(request, "referrals"),
        title="Refer a serious incident", submit_text="Refer it",
        said="The incident was referred. Its team was told, and the five working days run.",
        cancel_href=link(request, "cases" if actor.may(permissions.VIEW) else "referrals"),
        breadcrumbs=crumbs(request, None, ("Refer a serious incident", "")),
        intro=[
            "If a child is in danger now, ring the police or children’s social care first.",
            "Use this when a child has died or was seriously harmed and abuse or neglect is known or suspected. If you are "
            "not sure, refer: others decide whether the criteria are met.",
        ],
    )  # fmt: skip


@page(permissions.REFER, methods=("GET",))
def referrals(request: Any) -> HttpResponse:
    """The referrals a person made, and whether they were screened."""
    table = Table(
        queries.own_referrals(request.actor),
        (
            Column(key="case", label="Reference", value=lambda row: row.case.reference),
            Column(key="referred_at", label="Referred", value=lambda row: values.moment(row.referred_at)),
            Column(key="outcome", label="What became of it", value=_became),
        ),
        request.GET,
        caption="Incidents you referred",
        show_caption=False,
        exportable=False,
        empty="You have not referred an incident.",
        empty_hint="Refer one when a child has died or was seriously harmed and abuse or neglect is known or suspected.",
    )
    context = {
        "page_title": "Incidents you referred",
        "buttons": buttons(("Refer a serious incident", link(request, "case_refer"), True)),
        "table": table,
    }
    return render(request, "improvement/register.html", context)


def _became(row: Any) -> str:
    if not row.outcome:
        return "Its team has it; nobody has screened it yet"
    return {
        rules.Screened.NOTIFY: "The criteria are met: it was taken further",
        rules.Screened.NOT_MET: "The criteria are not met",
        rules.Screened.MORE: "More must be known first",
    }[row.outcome]


@page(permissions.WORK)
def case_record(request: Any) -> HttpResponse:
    """Put a case on record that began before."""
    form = forms.RecordCaseForm(request.POST or None)

    def act() -> Case:
        data = {name: form.cleaned_data[name] for name in form.fields if name != "once"}
        return services.record_case(by=request.actor, today=request.today, **data)

    return perform(
        request, form, act, lambda case: page_of(request, case), title="Record a case that began before",
        said="The case was recorded.", cancel_href=link(request, "cases"),
        breadcrumbs=crumbs(request, None, ("Record a case", "")),
        intro=["What you write here the wider group reads: no names, nothing by which somebody could be recognised."],
    )  # fmt: skip


@page(permissions.WORK, record=Case)
def case_screen(request: Any, case: Case) -> HttpResponse:
    """Are the criteria met?"""
    require_team(request, case)
    referral = queries.referral_of(case, request.actor)
    initial = {f"answer_{code}": said for code, said in (referral.answers if referral else {}).items()}
    form = forms.ScreenForm(
        request.POST or None, version=case.version,
        initial={**initial, "outcome": referral.outcome if referral else "", "reasons": referral.reasons if referral else ""},
    )  # fmt: skip
    return act_page(
        request, case, form,
        lambda: services.screen(
            case=case, answers=form.answers, outcome=form.cleaned_data["outcome"], reasons=form.cleaned_data["reasons"],
            by=request.actor, today=request.today, expected_version=form.cleaned_data["version"],
        ),
        "Screen the referral", "The screening is on record.",
        intro=(
            "It is notified when abuse or neglect is known or suspected and the child died or was seriously harmed here; "
            "and whenever a looked-after child died.",
        ),
    )  # fmt: skip


def _compared(request: Any, case: Case, act: Callable[[], Any]) -> Any:
    """Do an act on what the notification asks; to a second editor the page shows what the first one put down."""
    try:
        return act()
    except Stale as stale:
        vars(stale.current).update(forms.known_details(queries.referral_of(case, request.actor)))
        raise


@page(permissions.WORK, record=Case)
def case_details(request: Any, case: Case) -> HttpResponse:
    """What the notification asks beside, as it becomes known."""
    require_team(request, case)
    referral = queries.referral_of(case, request.actor)
    if referral is None:
        raise Http404  # a case that began before has no referral, and its notification was made elsewhere
    form = forms.DetailsForm(request.POST or None, version=case.version, referral=referral)
    return act_page(
        request, case, form,
        lambda: _compared(
            request, case,
            lambda: services.change_details(
                case=case, details=form.details, by=request.actor, expected_version=form.cleaned_data["version"]
            ),
        ),
        "What the notification asks", "It is on record.",
        intro=("Fill in what is known, before the notification or later. What nobody knows stays empty.",),
    )  # fmt: skip


@page(permissions.WORK, record=Case)
def case_notify(request: Any, case: Case) -> HttpResponse:
    """Note the notification; the rapid review, its clock, the milestones and the requests to agencies start by it."""
    require_team(request, case)
    actor, today = request.actor, request.today
    days = clocks.working_calendar()
    due = add_working_days(
        today, max((m.to_day for m in queries.plan_of(case.partnership_id)[:2]), default=10), days
    )
    children = identities.identities(case.ref, actor).filter(is_child=True)
    form = forms.NotifyForm(
        request.POST or None, actor=actor, today=today, version=case.version,
        initial={
            **forms.known_details(queries.referral_of(case, actor)), "on": today, "answers_due_on": due, "whom": named(children),
            "partners": [str(person.pk) for person in queries.signers(actor, today)],
        },
    )  # fmt: skip
    return act_page(
        request, case, form,
        lambda: _compared(
            request, case,
            lambda: services.notify(
                case=case, by=actor, today=today, expected_version=form.cleaned_data["version"], **form.values
            ),
        ),
        "Note the notification", "The rapid review has begun, and the agencies were asked.",
        submit_text="Begin the rapid review",
        intro=(
            "Notify the incident in the national service first. This then starts the rapid review: its fifteen working "
            "days, its milestones, and one request to each agency you tick.",
        ),
    )  # fmt: skip
