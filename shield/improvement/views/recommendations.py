"""Recommendations and issues to be fixed, their parts and owners."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.improvement import forms, permissions, queries, services
from shield.improvement.forms.learning import recommendation_initial
from shield.improvement.forms.offering import owner_initial
from shield.improvement.models import Finding, Owned, Part, Priority, Recommendation
from shield.improvement.views.priorities import RECOMMENDATION_TONES
from shield.improvement.views.ways import (
    action_line,
    around,
    asked_about,
    buttons,
    known_day,
    link,
    onward,
    page_of,
    timeline,
    way_to,
)
from shield.kernel.access.views import page, submit
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response


@page(permissions.VIEW_OWN)
def recommendations(request: Any) -> HttpResponse:
    """What should change, by priority, with where each stands."""
    actor = request.actor
    priorities = [(str(p.pk), p.heading) for p in Priority.objects.visible_to(actor)]
    form = forms.RecommendationFilter(request.GET or None, offered={"priority": priorities})
    chosen = form.chosen if request.GET else {}
    may = actor.may(permissions.EDIT)
    add = link(request, "recommendation_add")
    table = Table(
        queries.recommendations(actor).filter(**chosen),
        _columns(request),
        request.GET,
        caption="Recommendations",
        show_caption=False,
        default_sort="priority",
        filtered=bool(chosen),
        empty="No recommendation yet.",
        empty_hint="A recommendation says what has to change because of what was found." if may else "",
        empty_href=add if may else "",
        empty_link="Draft a recommendation",
    )
    context = {
        "page_title": "Recommendations",
        "filters": form,
        "buttons": buttons(("Draft a recommendation", add, may)),
        "also": [("Findings", link(request, "findings"))] if actor.may(permissions.VIEW) else [],
    }
    return table_response(request, "improvement/register.html", context, table)


def _columns(request: Any) -> tuple[Column, ...]:
    """The columns of the list of recommendations."""
    return (
        Column(
            key="title",
            label="Recommendation",
            value="heading",
            sort=("number", "title"),
            href=lambda row: page_of(request, row),
        ),
        Column(
            key="priority",
            label="Priority",
            value="priority.short",
            sort=("priority__number", "number"),
            export=lambda row: row.priority.heading,
        ),
        Column(key="owner", label="Owner", value=lambda row: row.owner_words),
        Column(
            key="actions",
            label="Actions done",
            numeric=True,
            value=lambda row: f"{row.actions_done} of {row.actions_made}" if row.actions_made else "None yet",
        ),
        Column(
            key="status",
            label="Stands at",
            value=lambda row: row.get_status_display(),
            sort=True,
            tone=lambda row: RECOMMENDATION_TONES[row.status],
        ),
    )


@page(permissions.VIEW_OWN, record=Recommendation, past=True)
def recommendation(request: Any, recommendation: Recommendation) -> HttpResponse:
    """One recommendation: why, what is asked of whom, what was decided and done."""
    actor = request.actor
    parts = list(Part.objects.visible_to(actor).filter(recommendation=recommendation))
    found = list(Finding.objects.visible_to(actor).filter(recommendations=recommendation))
    made = list(queries.actions_of(recommendation, actor))
    titles = {row.pk: row.heading for row in made}
    assign = actor.may(permissions.ASSIGN)
    context = around(
        request,
        recommendation,
        ("Recommendations", link(request, "recommendations")),
        tags=[(recommendation.get_status_display(), RECOMMENDATION_TONES[recommendation.status])],
        facts=[
            ("Issue", recommendation.issue),
            *([("Recommended", recommendation.text)] if recommendation.text or not parts else []),
            (
                "Owner",
                recommendation.owner_words
                or ("Each part has its own" if any(p.has_owner for p in parts) else "Nobody yet"),
            ),
            {
                "key": "Priority",
                "value": recommendation.priority.heading,
                "href": page_of(request, recommendation.priority),
            },
            *([("Topics", recommendation.topics)] if recommendation.topics else []),
            *([("Presented on", recommendation.presented_on)] if recommendation.presented_on else []),
            *([("Waits for", AGENDA)] if recommendation.status == "presented" else []),
        ],
        parts=[_part_line(request, row, assign) for row in parts],
        findings=found,
        actions=[action_line(request, row) for row in made],
        accepted=recommendation.status == "accepted",
        action_add=link(request, "action_add", about=recommendation.ref.as_text()) if assign else "",
        progress=timeline(request, queries.progress([recommendation.pk, *titles], actor), titles),
        buttons=_buttons(request, recommendation),
    )
    return render(request, "improvement/recommendation.html", context)


def _part_line(request: Any, row: Part, assign: bool) -> dict[str, Any]:
    about = row.ref.as_text()
    return {
        "text": row.text,
        "owner": row.owner_words,
        "due": known_day(row, "due_on"),
        "owner_href": link(request, "part_owner", row) if assign else "",
        "action_href": link(request, "action_add", about=about) if assign else "",
    }


AGENDA = "A decision. It is offered to the agenda of the Board's next meeting, and what is decided is recorded there."
MOVE_WORDS = {
    "draft": "Present it to the Board",
    "presented": "Take it back to draft",
    "accepted": "Close it",
    "declined": "Take it back to draft",
    "closed": "Open it again",
}
"""By status: the one thing that can be done with a recommendation by hand, without a decision."""


def _buttons(request: Any, row: Recommendation) -> list[dict[str, Any]]:
    """What can be done next: first what its status calls for."""
    actor, about = request.actor, row.ref.as_text()
    edit, assign = actor.may(permissions.EDIT), actor.may(permissions.ASSIGN)
    adds = queries.may_add_to(row, actor)
    accepted = row.status == "accepted"
    return buttons(
        ("Add an action", link(request, "action_add", about=about), assign and accepted),
        (
            "Change the owner" if row.has_owner else "Name an owner",
            link(request, "recommendation_owner", row),
            assign and accepted,
        ),
        (MOVE_WORDS[row.status], link(request, "recommendation_move", row), edit and not accepted),
        ("Refine the wording", link(request, "recommendation_edit", row), edit),
        ("Add a part", link(request, "part_add", row), edit),
        (
            "Add evidence",
            link(request, "evidence_add", about=about),
            adds and actor.may(permissions.ADD_EVIDENCE),
        ),
        (
            "Note progress",
            link(request, "progress_add", about=about),
            adds and actor.may(permissions.UPDATE_ACTION),
        ),
        (
            "Change the owner" if row.has_owner else "Name an owner",
            link(request, "recommendation_owner", row),
            assign and not accepted,
        ),
        (MOVE_WORDS[row.status], link(request, "recommendation_move", row), edit and accepted),
    )


@page(permissions.EDIT)
def recommendation_add(request: Any) -> HttpResponse:
    """Draft a recommendation; `about` names the priority or the finding it comes from."""
    about = asked_about(request, Priority, Finding)
    priority = about.priority if isinstance(about, Finding) else about
    ticked = [str(about.pk)] if isinstance(about, Finding) else request.GET.getlist("finding")
    initial: dict[str, Any] = {"findings": ticked, "themes": queries.themes_of(ticked, request.actor)}
    form = forms.RecommendationForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        priority=priority,
        initial={**initial, "sort": "recommendation"},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.add_recommendation(
                priority=priority or form.picked("priority"),
                by=request.actor,
                findings=form.picked_all("findings"),
                themes=form.picked_all("themes"),
                **{name: data[name] for name in ("title", "sort", "number", "issue", "text")},
            ),
            lambda made: page_of(request, made),
            said="The recommendation was drafted.",
        )
        if done:
            return done
    context = {
        "page_title": "Draft a recommendation",
        "page_caption": priority.heading if priority else "",
        "form": form,
        "cancel_href": page_of(request, about) if about else link(request, "recommendations"),
        "breadcrumbs": [("Recommendations", link(request, "recommendations")), ("Draft", "")],
    }
    return render(request, "design/form_page.html", context)


@page(permissions.EDIT, record=Recommendation)
def recommendation_edit(request: Any, recommendation: Recommendation) -> HttpResponse:
    """Refine a recommendation, and the findings it rests on."""
    form = forms.RecommendationForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        priority=recommendation.priority,
        editing=True,
        initial=recommendation_initial(recommendation),
        version=recommendation.version,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.change_recommendation(
                recommendation=recommendation,
                changes={name: data[name] for name in ("title", "number", "issue", "text")},
                findings=form.picked_all("findings"),
                themes=form.picked_all("themes"),
                by=request.actor,
                expected_version=data["version"],
            ),
            lambda row: page_of(request, row),
            said="The recommendation was changed.",
        )
        if done:
            return done
    return _form_of(request, recommendation, form, "Refine the wording")


def _form_of(
    request: Any, record: Any, form: Any, title: str, *, at: Any = None, **more: Any
) -> HttpResponse:
    """A form page about a record; `at` is the record whose page it belongs to, if not the same."""
    home = page_of(request, at or record)
    context = {
        "page_title": title,
        "page_caption": record.heading,
        "form": form,
        "cancel_href": onward(request, home),
        "breadcrumbs": [*way_to(request, at or record), (title, "")],
        **more,
    }
    return render(request, "design/form_page.html", context)


@page(permissions.EDIT, record=Recommendation)
def recommendation_move(request: Any, recommendation: Recommendation) -> HttpResponse:
    """Present a recommendation to the Board, take it back, close it, open it again."""
    form = forms.MoveForm(request.POST or None, now=recommendation.status)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.move_recommendation(
                recommendation=recommendation,
                status=form.cleaned_data["status"],
                by=request.actor,
                today=request.today,
            ),
            lambda row: page_of(request, row),
            said="Where the recommendation stands was changed.",
        )
        if done:
            return done
    return _form_of(request, recommendation, form, MOVE_WORDS[recommendation.status], submit_text="Save")


@page(permissions.ASSIGN, record=Recommendation)
def recommendation_owner(request: Any, recommendation: Recommendation) -> HttpResponse:
    """Name who answers for a recommendation."""
    return owner(request, recommendation, at=recommendation)


@page(permissions.ASSIGN, record=Part)
def part_owner(request: Any, part: Part) -> HttpResponse:
    """Name who answers for a part of a recommendation."""
    return owner(request, part, at=part.recommendation)


def owner(request: Any, record: Owned, *, at: Any) -> HttpResponse:
    """The form by which an owner is named, for a recommendation, a part or an action."""
    form = forms.OwnerForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        record=record,
        initial=owner_initial(record),
        version=record.version,
    )
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.give_owner(
                record=record,
                owner=services.Owner(**form.owner),
                by=request.actor,
                expected_version=form.cleaned_data["version"],
            ),
            lambda _: onward(request, page_of(request, at)),
            said="The owner was named.",
        )
        if done:
            return done
    return _form_of(request, record, form, "Who answers for it?", at=at)


@page(permissions.EDIT, record=Recommendation)
def part_add(request: Any, recommendation: Recommendation) -> HttpResponse:
    """Add one thing that a recommendation asks of one owner."""
    form = forms.PartForm(request.POST or None, actor=request.actor, today=request.today)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.add_part(
                recommendation=recommendation,
                text=data["text"],
                due_on=data["due_on"],
                precision=data["precision"],
                owner=services.Owner(**form.owner),
                by=request.actor,
                position=Part.objects.filter(recommendation=recommendation).count() + 1,
            ),
            lambda _: page_of(request, recommendation),
            said="The part was added.",
        )
        if done:
            return done
    return _form_of(request, recommendation, form, "Add a part")
