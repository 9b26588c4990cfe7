"""Priorities and their success measures."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.improvement import forms, permissions, queries, rules, services
from shield.improvement.forms.learning import priority_initial
from shield.improvement.models import ImpactReview, Priority, SuccessMeasure
from shield.improvement.views.ways import around, buttons, link, onward, page_of, timeline, way_to
from shield.kernel.access.views import page, submit
from shield.kernel.calendar.rules import in_words
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response

STATUS_TONES = {"candidate": "neutral", "planned": "info", "active": "good", "closed": "neutral"}
RECOMMENDATION_TONES = {
    "draft": "neutral",
    "presented": "info",
    "accepted": "good",
    "declined": "neutral",
    "closed": "neutral",
}


def _columns(request: Any) -> tuple[Column, ...]:
    """The columns of the list; an agency is told that recommendations and actions are its own."""
    sees_all = request.actor.may(permissions.VIEW)
    whose = "" if sees_all else ", your agency"
    return (
        Column(
            key="title",
            label="Priority",
            value="heading",
            sort=("number", "title"),
            href=lambda row: page_of(request, row),
        ),
        Column(
            key="status",
            label="Stands at",
            value=lambda row: row.get_status_display(),
            tone=lambda row: STATUS_TONES[row.status],
        ),
        Column(key="leads", label="Led by", value=lambda row: ", ".join(a.called for a in row.leads.all())),
        *([Column(key="findings_made", label="Findings", numeric=True, sort=True)] if sees_all else []),
        Column(key="recommendations_made", label=f"Recommendations{whose}", numeric=True, sort=True),
        Column(
            key="actions",
            label=f"Actions done{whose}",
            numeric=True,
            value=lambda row: f"{row.actions_done} of {row.actions_made}",
        ),
        Column(key="actions_late", label=f"Actions late{whose}", numeric=True, sort=True),
    )


@page(permissions.VIEW_OWN)
def priorities(request: Any) -> HttpResponse:
    """All priorities with what stands in each, and the partnership's own success measures."""
    may = request.actor.may(permissions.EDIT)
    add = link(request, "priority_add")
    table = Table(
        queries.priorities(request.actor, request.today),
        _columns(request),
        request.GET,
        caption="Priorities",
        default_sort="title",
        show_caption=False,
        empty="No priority has been chosen yet.",
        empty_hint="A priority starts as a candidate, with the reason why it might be chosen." if may else "",
        empty_href=add if may else "",
        empty_link="Add a priority",
    )
    of_all = SuccessMeasure.objects.visible_to(request.actor).filter(priority=None)
    context = {
        "page_title": "Priorities",
        "buttons": buttons(("Add a priority", add, may)),
        "measures": [{"title": row.title, "href": page_of(request, row)} for row in of_all],
        "measure_add": link(request, "partnership_measure_add") if may else "",
    }
    return table_response(request, "improvement/priorities.html", context, table)


@page(permissions.VIEW_OWN, record=Priority)
def priority(request: Any, priority: Priority) -> HttpResponse:
    """One priority: why, who leads, what would show success, what was found, asked and done."""
    actor, about = request.actor, priority.ref.as_text()
    facts = queries.facts_of(priority, actor, request.today)
    sees_all, may = actor.may(permissions.VIEW), actor.may(permissions.EDIT)
    recommendations = list(queries.recommendations(actor).filter(priority=priority))
    measure_add = link(
        request,
        "partnership_measure_add" if priority.uses_partnership_measures else "measure_add",
        None if priority.uses_partnership_measures else priority,
    )
    context = around(
        request,
        priority,
        ("Priorities", link(request, "priorities")),
        tags=[(priority.get_status_display(), STATUS_TONES[priority.status])],
        facts=[
            ("Why it was chosen", priority.rationale),
            ("Led by", list(facts.leads)),
            *([("Year", priority.year)] if priority.year else []),
            *([("Work starts on", priority.starts_on)] if priority.starts_on else []),
        ],
        figures=_figures(request, priority, facts, len(recommendations)),
        measures=[_measure_line(request, row) for row in queries.measures_of(priority, actor)],
        measure_add=measure_add if may else "",
        recommendations=[recommendation_line(request, row) for row in recommendations],
        reviews=[review_line(request, row) for row in facts.reviews] if sees_all else [],
        sees_all=sees_all,
        progress=timeline(request, queries.progress([priority.pk], actor)),
        buttons=buttons(
            ("Draft a recommendation", link(request, "recommendation_add", about=about), may),
            ("Add a finding", link(request, "finding_add", about=about), may),
            ("Add an action", link(request, "action_add", about=about), actor.may(permissions.ASSIGN)),
            ("Change the priority", link(request, "priority_edit", priority), may),
            ("Add a success measure", measure_add, may),
            (
                "Plan the impact reviews",
                link(request, "impact_reviews_plan", priority),
                may and len(facts.reviews) < 2,
            ),
            ("Note progress", link(request, "progress_add", about=about), actor.may(permissions.ASSIGN)),
        ),
    )
    return render(request, "improvement/priority.html", context)


def _figures(
    request: Any, priority: Priority, facts: queries.Facts, recommendations: int
) -> list[dict[str, Any]]:
    chosen = {"priority": str(priority.pk)}
    sees_all = request.actor.may(permissions.VIEW)
    figures: list[dict[str, Any]] = [
        {
            "value": recommendations,
            "label": "recommendations" if sees_all else "recommendations that ask something of your agency",
            "href": link(request, "recommendations", **chosen),
        },
        {
            "value": f"{facts.actions_done} of {facts.actions_made}",
            "label": "actions done" if sees_all else "of your agency's actions done",
            "href": link(request, "actions", **chosen),
        },
    ]
    if facts.actions_late:
        href = link(request, "actions", late="on", **chosen)
        label = "actions late" if sees_all else "of your agency's actions late"
        figures.append({"value": facts.actions_late, "label": label, "href": href, "tone": "late"})
    # Findings are not for every agency to read, and a number that leads nowhere would only puzzle.
    return [*_findings(request, facts, chosen), *figures] if sees_all else figures


def _findings(request: Any, facts: queries.Facts, chosen: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "value": facts.working_well,
            "label": "findings: working well",
            "href": link(request, "findings", found="working_well", **chosen),
        },
        {
            "value": facts.to_develop,
            "label": "findings: to develop",
            "href": link(request, "findings", found="to_develop", **chosen),
        },
    ]


def _measure_line(request: Any, row: Any) -> dict[str, Any]:
    """A measure, and whether any evidence says that anyone is better off."""
    if row.shows_better:
        status, tone = "Evidence of change", "good"
    elif row.has_evidence:
        status, tone = "No evidence of change yet", "attention"
    else:
        status, tone = "No evidence yet", "attention"
    return {
        "title": row.title,
        "href": page_of(request, row),
        "hint": row.heading_text,
        "status": status,
        "tone": tone,
    }


def recommendation_line(request: Any, row: Any) -> dict[str, Any]:
    """A recommendation with how many of its actions are done, and where it stands."""
    made = f"{row.actions_done} of {row.actions_made} actions done" if row.actions_made else "No action yet"
    return {
        "title": row.heading,
        "href": page_of(request, row),
        "hint": made,
        "status": row.get_status_display(),
        "tone": RECOMMENDATION_TONES[row.status],
    }


def review_line(request: Any, row: ImpactReview) -> dict[str, Any]:
    """An impact review: held with its verdict, late, or to come."""
    if row.held_on:
        hint, status, tone = f"Held on {in_words(row.held_on)}", row.get_verdict_display(), "good"
        tone = {"yes": "good", "partly": "info"}.get(row.verdict, "attention")
    else:
        hint = f"Due on {in_words(row.due_on)}"
        status, tone = ("Late", "late") if row.due_on < request.today else ("To come", "neutral")
    return {
        "title": f"{row.months}-month impact review",
        "href": page_of(request, row),
        "hint": hint,
        "status": status,
        "tone": tone,
    }


@page(permissions.EDIT)
def priority_add(request: Any) -> HttpResponse:
    """Add a priority, or a candidate for one."""
    form = forms.PriorityForm(
        request.POST or None, actor=request.actor, today=request.today, initial={"status": "candidate"}
    )
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.add_priority(
                by=request.actor, leads=form.picked_all("leads"), **_priority_values(form)
            ),
            lambda made: page_of(request, made),
            said="The priority was added.",
        )
        if done:
            return done
    context = {
        "page_title": "Add a priority",
        "form": form,
        "cancel_href": link(request, "priorities"),
        "breadcrumbs": [("Priorities", link(request, "priorities")), ("Add", "")],
    }
    return render(request, "design/form_page.html", context)


def _priority_values(form: forms.PriorityForm) -> dict[str, Any]:
    names = ("title", "number", "year", "rationale", "status", "starts_on", "uses_partnership_measures")
    return {name: form.cleaned_data[name] for name in names}


@page(permissions.EDIT, record=Priority)
def priority_edit(request: Any, priority: Priority) -> HttpResponse:
    """Change a priority."""
    form = forms.PriorityForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        leads=list(priority.leads.all()),
        initial=priority_initial(priority),
        version=priority.version,
    )
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.change_priority(
                priority=priority,
                changes=_priority_values(form),
                leads=form.picked_all("leads"),
                by=request.actor,
                expected_version=form.cleaned_data["version"],
            ),
            lambda row: page_of(request, row),
            said="The priority was changed.",
        )
        if done:
            return done
    return _form_of(request, priority, form, "Change the priority")


def _form_of(request: Any, record: Any, form: Any, title: str, **more: Any) -> HttpResponse:
    context = {
        "page_title": title,
        "page_caption": record.heading,
        "form": form,
        "cancel_href": page_of(request, record),
        "breadcrumbs": [*way_to(request, record), (title, "")],
        **more,
    }
    return render(request, "design/form_page.html", context)


@page(permissions.EDIT, record=Priority)
def measure_add(request: Any, priority: Priority) -> HttpResponse:
    """Add a success measure to a priority."""
    return _measure(request, priority)


@page(permissions.EDIT)
def partnership_measure_add(request: Any) -> HttpResponse:
    """Add a success measure of the partnership as a whole."""
    return _measure(request, None)


def _measure(request: Any, priority: Priority | None) -> HttpResponse:
    form = forms.MeasureForm(request.POST or None)
    back_to = page_of(request, priority) if priority else link(request, "priorities")
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.add_measure(
                priority=priority,
                by=request.actor,
                position=rules.LAST_POSITION,
                **{name: form.cleaned_data[name] for name in ("title", "heading_text", "points")},
            ),
            lambda _: onward(request, back_to),
            said="The success measure was added.",
        )
        if done:
            return done
    context = {
        "page_title": "Add a success measure",
        "page_caption": priority.heading if priority else "Of the partnership as a whole",
        "form": form,
        "cancel_href": back_to,
        "breadcrumbs": [("Priorities", link(request, "priorities")), ("Add a success measure", "")],
    }
    return render(request, "design/form_page.html", context)
