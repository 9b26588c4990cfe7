"""Evidence, the measures it speaks to, and notes of progress."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch

from shield.improvement import forms, permissions, queries, rules, services
from shield.improvement.models import (
    Action,
    Evidence,
    ImpactReview,
    Priority,
    ProgressNote,
    Recommendation,
    SuccessMeasure,
)
from shield.improvement.views.ways import (
    around,
    asked_about,
    buttons,
    known_day,
    link,
    onward,
    page_of,
    shortly,
    way_to,
)
from shield.kernel.access.rules import Forbidden
from shield.kernel.access.views import page, submit
from shield.kernel.files import permissions as files
from shield.kernel.files.models import StoredFile
from shield.kernel.records.rules import parse_ref


@page(permissions.VIEW_OWN, record=Evidence, past=True)
def evidence(request: Any, evidence: Evidence) -> HttpResponse:
    """One piece of evidence: what it shows about what, and which review rests on it."""
    actor = request.actor
    about = queries.was_about(evidence, actor)
    reviews = list(ImpactReview.objects.visible_to(actor).filter(evidence=evidence))
    crumbs = [(shortly(about.heading), page_of(request, about))] if about else []
    context = around(
        request,
        evidence,
        *crumbs,
        tags=[(evidence.get_answers_display(), "good" if evidence.answers == "better_off" else "info")],
        facts=[
            ("What it shows", evidence.text),
            ("Kind of evidence", evidence.get_sort_display()),
            ("From", known_day(evidence, "found_on")),
            *(
                [
                    {
                        "key": f"About the {about.label.lower()}",
                        "value": about.heading,
                        "href": page_of(request, about),
                    }
                ]
                if about
                else []
            ),
            *_file(request, evidence),
        ],
        reviews=[(row.heading, page_of(request, row)) for row in reviews],
        buttons=[],
    )
    return render(request, "improvement/evidence.html", context)


def _file(request: Any, evidence: Evidence) -> list[dict[str, Any]]:
    """The file that came with it, for those who may open files."""
    if not evidence.file_id:
        return []
    stored = StoredFile.objects.visible_to(request.actor).filter(pk=evidence.file_id).first()
    if stored is None:
        return []
    try:
        href = page_of(request, stored)
    except NoReverseMatch:
        href = ""
    return [{"key": "File", "value": stored.name, "href": href}]


@page(permissions.VIEW_OWN, record=SuccessMeasure, past=True)
def measure(request: Any, measure: SuccessMeasure) -> HttpResponse:
    """One success measure: for each of the three questions, the evidence that answers it."""
    actor, about = request.actor, measure.ref.as_text()
    found = list(queries.evidence_about(measure.pk, actor))
    adds = actor.may(permissions.ADD_EVIDENCE) and queries.may_add_to(measure, actor)
    add = link(request, "evidence_add", about=about)
    priority = measure.priority
    context = around(
        request,
        measure,
        ("Priorities", link(request, "priorities")),
        facts=[
            *([("Heading", measure.heading_text)] if measure.heading_text else []),
            *([("In practice", measure.points)] if measure.points else []),
            {
                "key": "Measure of",
                "value": priority.heading if priority else "The partnership as a whole",
                "href": page_of(request, priority) if priority else link(request, "priorities"),
            },
        ],
        questions=[
            {
                "title": question.label,
                "is_last": question is rules.Question.BETTER_OFF,
                "items": [
                    {
                        "text": row.heading,
                        "href": page_of(request, row),
                        "note": f"{row.get_sort_display()}, {known_day(row, 'found_on')}",
                    }
                    for row in found
                    if row.answers == question
                ],
            }
            for question in rules.Question
        ],
        sees_evidence=actor.may(permissions.VIEW),
        buttons=buttons(("Add evidence about it", add, adds)),
    )
    return render(request, "improvement/measure.html", context)


@page(permissions.ADD_EVIDENCE)
def evidence_add(request: Any) -> HttpResponse:
    """Add evidence; `about` names what it is about, otherwise it is chosen on the form."""
    about = _answered_for(request, asked_about(request, Action, Recommendation, SuccessMeasure, Priority))
    # Of a priority it is asked more closely: what speaks to a success measure should be about that measure.
    known = None if isinstance(about, Priority) else about
    form = forms.EvidenceForm(
        request.POST or None,
        request.FILES or None,
        actor=request.actor,
        today=request.today,
        about=known,
        choices=[] if known else choices(request, of=about),
        may_attach=request.actor.may(files.ATTACH),
        initial={
            "found_on": request.today,
            "precision": "day",
            "about": about.ref.as_text() if about else "",
        },
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        target = known.ref if known else queries.record_at(parse_ref(data["about"]), request.actor).ref
        upload = services.Upload(**form.upload) if form.upload else None
        done = submit(
            request,
            form,
            lambda: services.add_evidence(
                about=target,
                sort=data["sort"],
                text=data["text"],
                found_on=data["found_on"],
                precision=data["precision"],
                answers=data["answers"],
                upload=upload,
                by=request.actor,
                today=request.today,
            ),
            lambda made: onward(request, page_of(request, made)),
            said="The evidence was added.",
        )
        if done:
            return done
    return _add_page(request, "Add evidence", form, about)


def _answered_for(request: Any, about: Any) -> Any:
    """The record, if the person may add to it; 403 in words if they only see it."""
    if about is not None and not queries.may_add_to(about, request.actor):
        raise Forbidden("You can add to what your own agency answers for. This is not your agency's.")
    return about


def _add_page(request: Any, title: str, form: Any, about: Any) -> HttpResponse:
    home = page_of(request, about) if about else link(request, "actions")
    context = {
        "page_title": title,
        "page_caption": about.heading if about else "",
        "form": form,
        "cancel_href": onward(request, home),
        "breadcrumbs": [
            *(way_to(request, about) if about else [("Actions", home)]),
            (title, ""),
        ],
    }
    return render(request, "design/form_page.html", context)


def choices(request: Any, *, of: Priority | None = None, also: Any = None) -> list[tuple[str, str]]:
    """What somebody may add evidence or a note about: what they see and answer for.

    With a priority given what belongs to it, its success measures first; `also` is what stands there now.
    """
    actor = request.actor
    measures, recommendations = (
        SuccessMeasure.objects.visible_to(actor),
        Recommendation.objects.visible_to(actor),
    )
    actions, priorities = Action.objects.visible_to(actor), Priority.objects.visible_to(actor)
    if of is not None:
        measures, priorities = queries.measures_of(of, actor), priorities.filter(pk=of.pk)
        recommendations = recommendations.filter(priority=of)
        actions = actions.filter(queries.of_priority(of.pk))
        rows = [*measures, *recommendations, *actions, *priorities]
    else:
        rows = [*actions, *recommendations, *measures, *priorities]
    offered = {
        row.ref.as_text(): f"{row.label}: {row.heading}" for row in rows if queries.may_add_to(row, actor)
    }
    if also is not None:
        offered.setdefault(also.ref.as_text(), f"{also.label}: {also.heading}")
    return list(offered.items())


@page(permissions.VIEW_OWN, record=ProgressNote, past=True)
def progress_note(request: Any, note: ProgressNote) -> HttpResponse:
    """One note of progress: what had happened, and what it is about."""
    about = queries.was_about(note, request.actor)
    crumbs = [(shortly(about.heading), page_of(request, about))] if about else []
    facts: list[Any] = [("What has happened", note.text), ("Noted for", known_day(note, "noted_on"))]
    if about:
        key = f"About the {about.label.lower()}"
        facts.append({"key": key, "value": about.heading, "href": page_of(request, about)})
    return render(
        request, "improvement/record.html", around(request, note, *crumbs, facts=facts, tags=[], buttons=[])
    )


@page(permissions.UPDATE_ACTION)
def progress_add(request: Any) -> HttpResponse:
    """Note how far something has come."""
    about = _answered_for(request, asked_about(request, Action, Recommendation, Priority))
    form = forms.ProgressForm(
        request.POST or None, today=request.today, about=about, choices=[] if about else choices(request)
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        record = about or queries.record_at(parse_ref(data["about"]), request.actor)
        done = submit(
            request,
            form,
            lambda: services.note_progress(
                about=record.ref, text=data["text"], noted_on=data["noted_on"], by=request.actor
            ),
            lambda _: onward(request, page_of(request, record)),
            said="The note was added.",
        )
        if done:
            return done
    return _add_page(request, "Note progress", form, about)
