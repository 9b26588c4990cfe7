"""The briefing note: written from what is on record, read once more, issued, shared."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from shield.domain.lessons import exchange, forms, permissions, queries, rules, services
from shield.domain.lessons.models import BriefingNote, WhatChanged
from shield.domain.lessons.views.frame import (
    around,
    done,
    form_page,
    history_of,
    parts_of,
    sees_history,
    theme_links,
)
from shield.improvement import permissions as improvement
from shield.improvement.views.ways import buttons, link, page_of
from shield.kernel.access.views import page
from shield.kernel.calendar import queries as calendar
from shield.kernel.calendar.rules import in_words, in_words_to
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Briefing, RecordRef, parse_ref

FILES = {
    "pdf": ("application/pdf", exchange.note_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", exchange.note_word),
}


def _asked_about(request: Any) -> tuple[Any, Briefing]:
    """The record that a note is to be about, as the address says and the actor sees it, and what its module offers."""
    ref = parse_ref(request.GET.get("about", ""))
    record = queries.record_at(ref, request.actor) if ref else None
    offer = records.briefing(record.ref, request.actor) if record is not None else None
    if offer is None or not queries.may_write(offer, request.actor):
        raise Http404
    return record, offer


@page(permissions.WRITE)
def briefing_note_write(request: Any) -> HttpResponse:
    """Write the note about a record; what is on record is there already."""
    if not request.GET.get("about"):
        return redirect(link(request, "learnt"))  # a note is begun on the page of what it is about
    record, offer = _asked_about(request)
    first = (
        {} if request.method == "POST" else {**offer.words(), "themes": [str(pk) for pk in offer.themes()]}
    )
    form = forms.NoteForm(request.POST or None, actor=request.actor, today=request.today, initial=first)
    answer = done(
        request, form,
        lambda: services.write_note(
            about=RecordRef(record.kind, record.pk), values=form.values, themes=form.picked_all("themes"), by=request.actor
        ),
        lambda made: page_of(request, made), "The note is a draft. Read it as a PDF before you issue it.",
    )  # fmt: skip
    intro = [
        "What is here already is taken from what is on record. Change the words so that they speak to people who were not there.",
        "Keep it to one page.",
    ]
    if offer.team is not None:
        intro.append(f"Until it is issued, only the team “{offer.team.title}” reads it.")
    return answer or form_page(
        request, "Write the briefing note", form, intro=intro, submit_text="Save the draft", caption=record.heading,
        cancel=page_of(request, record), warnings=[offer.why_not] if offer.why_not else [],
    )  # fmt: skip


@page(permissions.READ, record=BriefingNote)
def briefing_note(request: Any, note: BriefingNote) -> HttpResponse:
    """A briefing note, with its files, its themes and what changed after it."""
    withdrawn = note.status == rules.NoteStatus.WITHDRAWN
    themes = list(note.themes.all())
    context = around(
        request, note,
        tags=[(note.get_status_display(), rules.TONES[note.status])],
        facts=_facts(note, withdrawn),
        files=[] if withdrawn else [
            (words, f"{link(request, 'briefing_note', note)}/briefing-note.{suffix}")
            for suffix, words in (("pdf", "The note as a PDF"), ("docx", "The note as a Word file"))
        ],
        themes=theme_links(request, themes),
        changes=[_told(request, row) for row in queries.changes_of(note)] if note.is_published else [],
        ask_on=note.ask_on, published=note.is_published,
        shared=[f"{row.title}, {in_words_to(row.held_on, row.precision)}" for row in note.gatherings.all()] if note.is_published else [],
        buttons=_buttons(request, note), ways=_ways(request, note),
    )  # fmt: skip
    return render(request, "lessons/note.html", context)


def _facts(note: BriefingNote, withdrawn: bool) -> list[Any]:
    if withdrawn:
        return [
            ("Issued on", note.issued_on),
            ("Withdrawn on", note.withdrawn_on),
            ("Why", note.withdrawn_why),
        ]
    words = note.words
    parts = parts_of(words, rules.PARTS_OF_NOTE)
    title = [] if note.is_published else [("Title", words["title"])]
    issued = [("Issued on", note.issued_on)] if note.is_published else []
    return [*title, ("About", note.about_words), *issued, *parts]


def _buttons(request: Any, note: BriefingNote) -> list[dict[str, Any]]:
    actor = request.actor
    works = actor.may(permissions.WRITE)
    mine = note.team_id is None or actor.works_in(note.team_id)
    draft, issued = (note.status == each for each in (rules.NoteStatus.DRAFT, rules.NoteStatus.ISSUED))
    return buttons(
        ("Issue it", link(request, "briefing_note_issue", note), works and mine and draft),
        ("Change the words", link(request, "briefing_note_change", note), works and mine and draft),
        ("Say what changed", link(request, "briefing_note_changed", note), works and issued),
        ("Say where it was shared", link(request, "briefing_note_shared", note), works and issued),
        ("Withdraw it", link(request, "briefing_note_withdraw", note), works and issued),
    )


def _ways(request: Any, note: BriefingNote) -> list[tuple[str, str]]:
    if not sees_history(request):
        return [("Everything we have learnt", link(request, "learnt"))]
    record = queries.record_at(note.about, request.actor)
    above = [(record.heading, page_of(request, record))] if record is not None else []
    return [*above, ("History and sources", link(request, "briefing_note_history", note))]


def _told(request: Any, row: WhatChanged) -> dict[str, Any]:
    evidence = row.evidence if row.evidence and request.actor.may(improvement.VIEW) else None
    return {
        "row": row,
        "when": in_words(row.told_on),
        "who": row.agency.name if row.agency else "The whole partnership",
        "evidence": (evidence.heading, page_of(request, evidence)) if evidence else None,
        "correct": link(request, "what_changed_correct", row) if request.actor.may(permissions.WRITE) else "",
    }


@page(improvement.VIEW, record=BriefingNote)
def briefing_note_history(request: Any, note: BriefingNote) -> HttpResponse:
    """What happened to a note."""
    return history_of(request, note)


@page(permissions.WRITE, record=BriefingNote)
def briefing_note_change(request: Any, note: BriefingNote) -> HttpResponse:
    """Change the words of a note that was not issued."""
    if request.method == "GET" and note.status != rules.NoteStatus.DRAFT:
        return redirect(page_of(request, note))
    first = {**note.words, "themes": [str(theme.pk) for theme in note.themes.all()]}
    form = forms.NoteForm(
        request.POST or None, actor=request.actor, today=request.today, version=note.version, initial=first
    )
    answer = done(
        request, form,
        lambda: services.change_note(
            note=note, values=form.values, themes=form.picked_all("themes"), by=request.actor,
            expected_version=form.cleaned_data["version"],
        ),
        lambda row: page_of(request, row), "The note was changed.",
    )  # fmt: skip
    return answer or form_page(request, "Change the words", form, record=note)


@page(permissions.WRITE, record=BriefingNote)
def briefing_note_issue(request: Any, note: BriefingNote) -> HttpResponse:
    """Issue a note after a last look."""
    if request.method == "GET" and note.status != rules.NoteStatus.DRAFT:
        return redirect(page_of(request, note))
    form = forms.IssueForm(request.POST or None, version=note.version)
    answer = done(
        request, form,
        lambda: services.issue_note(
            note=note, nobody_named=form.cleaned_data["nobody_named"], by=request.actor, today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
        lambda row: page_of(request, row), "The note was issued. Everybody here can read it, and its words stand from now on.",
    )  # fmt: skip
    words = note.words
    return answer or form_page(
        request, "Issue the briefing note", form, record=note, submit_text="Issue it",
        facts=[("Title", words["title"]), *parts_of(words, rules.PARTS_OF_NOTE)],
    )  # fmt: skip


@page(permissions.WRITE, record=BriefingNote)
def briefing_note_shared(request: Any, note: BriefingNote) -> HttpResponse:
    """Say at which meetings and learning events a note was shared."""
    first = {"gatherings": [str(row.pk) for row in note.gatherings.all()]}
    form = forms.SharedForm(
        request.POST or None, actor=request.actor, today=request.today, version=note.version, initial=first
    )
    answer = done(
        request, form,
        lambda: services.share_note(
            note=note, gatherings=form.picked_all("gatherings"), by=request.actor,
            expected_version=form.cleaned_data["version"],
        ),
        lambda row: page_of(request, row), "It stands on the note where it was shared.",
    )  # fmt: skip
    return answer or form_page(request, "Say where it was shared", form, record=note)


@page(permissions.WRITE, record=BriefingNote)
def briefing_note_withdraw(request: Any, note: BriefingNote) -> HttpResponse:
    """Withdraw a note that was issued."""
    form = forms.ReasonForm(
        request.POST or None, version=note.version, label="Why is it withdrawn?",
        help_text="The reason stays on record. Do not repeat what the note said.",
    )  # fmt: skip
    answer = done(
        request, form,
        lambda: services.withdraw_note(
            note=note, reason=form.cleaned_data["reason"], by=request.actor, today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
        lambda row: page_of(request, row), "The note was withdrawn. Tell those who have a copy of it.",
    )  # fmt: skip
    intro = [
        "Its words leave this page, its files and the search at once. That it was issued and withdrawn stays on record.",
        "A corrected note can be written afterwards, on the page of what it is about.",
    ]
    return answer or form_page(
        request, "Withdraw the briefing note", form, record=note, intro=intro, submit_text="Withdraw it"
    )


@page(permissions.READ, record=BriefingNote, methods=("GET",))
def briefing_note_file(request: Any, note: BriefingNote, suffix: str) -> HttpResponse:
    """The note as a PDF or a Word file; there is none of one that was withdrawn."""
    if suffix not in FILES or note.status == rules.NoteStatus.WITHDRAWN:
        raise Http404
    content_type, make = FILES[suffix]
    answer = HttpResponse(make(note, request.partnership.name, at=calendar.now()), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="briefing-note-{note.reference.lower()}.{suffix}"'
    return answer
