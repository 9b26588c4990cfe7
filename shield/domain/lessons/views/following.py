"""What changed after a note."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from shield.domain.lessons import forms, permissions, services
from shield.domain.lessons.models import BriefingNote, WhatChanged
from shield.domain.lessons.views.frame import done, form_page
from shield.improvement.views.ways import page_of
from shield.kernel.access.views import page
from shield.kernel.calendar.rules import in_words


@page(permissions.WRITE, record=BriefingNote)
def briefing_note_changed(request: Any, note: BriefingNote) -> HttpResponse:
    """Say what a note changed, or that nothing has changed yet."""
    form = forms.ChangedForm(
        request.POST or None, actor=request.actor, today=request.today, version=note.version
    )
    answer = done(
        request, form,
        lambda: services.tell_change(
            note=note, changed=form.cleaned_data["changed"] == "yes", text=form.cleaned_data["text"],
            evidence=form.picked("evidence"), agency=form.picked("agency"), again_on=form.cleaned_data["again_on"],
            by=request.actor, today=request.today, expected_version=form.cleaned_data["version"],
        ),
        lambda _: page_of(request, note), "Thank you. The answer stands on the page of the note.",
    )  # fmt: skip
    intro = [
        f"The note was issued on {in_words(note.issued_on)}."
        if note.issued_on
        else "The note was not issued yet.",
        "Evidence is put on record with the recommendation or action it shows something about, and named here.",
    ]
    return answer or form_page(request, "Say what changed", form, record=note, intro=intro)


@page(permissions.WRITE, record=WhatChanged)
def what_changed_correct(request: Any, told: WhatChanged) -> HttpResponse:
    """Correct an answer; what it said before stays beside it."""
    first = {"text": told.text, "evidence": str(told.evidence_id or ""), "agency": str(told.agency_id or "")}
    form = forms.ChangedForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        told=told,
        version=told.version,
        initial=first,
    )
    answer = done(
        request, form,
        lambda: services.correct_answer(
            told=told, text=form.cleaned_data["text"], evidence=form.picked("evidence"), agency=form.picked("agency"),
            by=request.actor, today=request.today, expected_version=form.cleaned_data["version"],
        ),
        lambda row: page_of(request, row.note), "The answer was corrected. What it said before is kept.",
    )  # fmt: skip
    return answer or form_page(request, "Correct what was told", form, record=told.note)
