"""Pages on the delivery plan of a cycle: what is known, what is planned, and the plan as a document."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from shield.domain.learning_hub import exchange, forms, permissions, queries, rules, services
from shield.domain.learning_hub.models import Cycle, PlanItem, PlannedActivity
from shield.domain.learning_hub.views.cycles import form_page
from shield.improvement import permissions as chain
from shield.improvement.views.ways import buttons, link, page_of, shortly
from shield.kernel.access.views import page, submit
from shield.kernel.calendar import queries as calendar
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.files.views import served
from shield.kernel.records import queries as records

FILES = {
    "pdf": ("application/pdf", exchange.plan_pdf),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        exchange.plan_word,
    ),
}


@page(permissions.VIEW, record=Cycle)
def delivery_plan(request: Any, cycle: Cycle) -> HttpResponse:
    """What is known and how far it carries, by the seven kinds; what is planned; what came of it."""
    plan = queries.delivery_plan(cycle, request.actor)
    runs = request.actor.may(permissions.RUN) and cycle.stopped_on is None
    context = {
        "page_title": "Delivery plan",
        "page_caption": cycle.priority.heading,
        "breadcrumbs": _way(request, cycle),
        "runs": runs,
        "plan": plan,
        "evidence": [
            {
                "title": kind.label,
                "add": link(request, "plan_item_add", cycle, sort=kind.value) if runs else "",
                "items": [_item(request, item, runs) for item in items],
            }
            for kind, items in plan.evidence
        ],
        "planned": [_activity(request, row, runs) for row in plan.planned],
        "sessions": [
            {
                "title": row.title,
                "href": page_of(request, row),
                "hint": in_words_to(row.held_on, row.precision),
                "status": f"{came} attended" if came.isdigit() else came or row.get_status_display(),
            }
            for row, came in plan.sessions
        ],
        "found": None if plan.findings is None else len(plan.findings),
        "board": link(request, "findings_board", priority=str(cycle.priority_id))
        if request.actor.may(chain.VIEW)
        else "",
        "buttons": buttons(
            ("Add evidence", link(request, "plan_item_add", cycle), runs),
            ("Plan an audit, feedback or a visit", link(request, "planned_add", cycle), runs),
        ),
        "files": [
            (suffix.upper().replace("DOCX", "Word"), _file(request, cycle, suffix)) for suffix in FILES
        ],
        "cycle_href": page_of(request, cycle),
        "panels": records.panels(cycle.ref, request.actor),
    }
    return render(request, "learning_hub/plan.html", context)


def _way(request: Any, cycle: Cycle, *further: tuple[str, str]) -> list[tuple[str, str]]:
    plan = ("Delivery plan", link(request, "delivery_plan", cycle) if further else "")
    return [
        ("Learning Hub", link(request, "hub")),
        (shortly(cycle.heading), page_of(request, cycle)),
        plan,
        *further,
    ]


def _file(request: Any, cycle: Cycle, suffix: str) -> str:
    kwargs = {"partnership": request.actor.partnership_slug, "id": cycle.pk, "suffix": suffix}
    return reverse("plan_file", kwargs=kwargs)


def _item(request: Any, item: PlanItem, runs: bool) -> dict[str, Any]:
    return {
        "item": item,
        "when": in_words_to(item.dated_on, item.precision) if item.dated_on else "",
        "strength": rules.Strength(item.strength).label.partition(":")[0],
        "tone": rules.STRENGTH_TONES[item.strength],
        "change": link(request, "plan_item_change", item) if runs else "",
        "off": link(request, "plan_item_withdraw", item) if runs else "",
    }


def _activity(request: Any, row: PlannedActivity, runs: bool) -> dict[str, Any]:
    last = rules.last_day(row.happens_on, None, row.precision)
    words, tone = rules.activity_standing(row.status, last, request.today)
    who = row.agency.called if row.agency else "Operational team"
    return {
        "date": in_words_to(row.happens_on, row.precision),
        "title": row.what,
        "body": f"{row.get_sort_display()}. {who}. {row.outcome}".strip(),
        "href": link(request, "planned_report", row) if runs else "",
        "tag": words,
        "tone": tone,
    }


@page(permissions.VIEW, record=Cycle, methods=("GET",))
def plan_file(request: Any, cycle: Cycle, suffix: str) -> HttpResponse:
    """The delivery plan as a document that can be handed round."""
    if suffix not in FILES:
        raise Http404
    content_type, make = FILES[suffix]
    content = make(queries.delivery_plan(cycle, request.actor), request.today, at=calendar.now())
    return served(content, f"{cycle.reference}-delivery-plan.{suffix}", content_type)


@page(permissions.RUN, record=Cycle)
def plan_item_add(request: Any, cycle: Cycle) -> HttpResponse:
    """Put a piece of evidence on the plan; `sort` says of which kind."""
    form = forms.PlanItemForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        initial={"sort": request.GET.get("sort", ""), "strength": rules.Strength.UNWEIGHED},
    )
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.add_plan_item(cycle=cycle, by=request.actor, today=request.today, **form.values),
            lambda _: link(request, "delivery_plan", cycle),
            said="The evidence is on the plan.",
        )
        if done:
            return done
    return _on_plan(request, "Add evidence", form, cycle)


def _on_plan(request: Any, title: str, form: Any, cycle: Cycle, **more: Any) -> HttpResponse:
    return form_page(
        request, title, form, cycle, cancel_href=link(request, "delivery_plan", cycle),
        breadcrumbs=_way(request, cycle, (title, "")), **more,
    )  # fmt: skip


@page(permissions.RUN, record=PlanItem)
def plan_item_change(request: Any, item: PlanItem) -> HttpResponse:
    """Correct a piece of evidence, or weigh it anew."""
    form = forms.PlanItemForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        version=item.version,
        initial=forms.plan_item_initial(item),
    )
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.change_plan_item(
                item=item,
                changes=form.values,
                by=request.actor,
                today=request.today,
                expected_version=form.cleaned_data["version"],
            ),
            lambda row: link(request, "delivery_plan", row.cycle),
            said="The evidence was changed.",
        )
        if done:
            return done
    return _on_plan(request, "Change this evidence", form, item.cycle)


@page(permissions.RUN, record=PlanItem)
def plan_item_withdraw(request: Any, item: PlanItem) -> HttpResponse:
    """Take a piece of evidence off the plan."""
    form = forms.OffPlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.withdraw_plan_item(
                item=item, reason=form.cleaned_data["reason"], by=request.actor, today=request.today
            ),
            lambda row: link(request, "delivery_plan", row.cycle),
            said="It was taken off the plan. It stays on record.",
        )
        if done:
            return done
    return _on_plan(request, "Take it off the plan", form, item.cycle, caption=item.source)


@page(permissions.RUN, record=Cycle)
def planned_add(request: Any, cycle: Cycle) -> HttpResponse:
    """Plan an audit, a round of feedback or a visit."""
    form = forms.ActivityForm(request.POST or None, actor=request.actor, today=request.today)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.plan_activity(
                cycle=cycle,
                agency=form.picked("agency"),
                by=request.actor,
                **{name: data[name] for name in ("sort", "what", "happens_on", "precision")},
            ),
            lambda _: link(request, "delivery_plan", cycle),
            said="It is planned.",
        )
        if done:
            return done
    return _on_plan(request, "Plan an activity", form, cycle)


@page(permissions.RUN, record=PlannedActivity)
def planned_report(request: Any, activity: PlannedActivity) -> HttpResponse:
    """Say what came of a planned activity."""
    form = forms.ActivityReportForm(
        request.POST or None,
        version=activity.version,
        initial={"status": activity.status, "outcome": activity.outcome},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.report_activity(
                activity=activity,
                status=data["status"],
                outcome=data["outcome"],
                by=request.actor,
                expected_version=data["version"],
            ),
            lambda row: link(request, "delivery_plan", row.cycle),
            said="It is on record.",
        )
        if done:
            return done
    return _on_plan(
        request, "What came of it", form, activity.cycle, caption=activity.what,
        panels=records.panels(activity.ref, request.actor),
    )  # fmt: skip
