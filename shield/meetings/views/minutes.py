"""Minutes: drafted from what was recorded, corrected, circulated, approved."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from shield.kernel.access.views import page, submit
from shield.kernel.calendar import queries as calendar
from shield.kernel.design import forms as design
from shield.kernel.files.views import served
from shield.kernel.history import queries as history
from shield.meetings import exchange, forms, permissions, queries, rules, services
from shield.meetings.models import Correction, Gathering, Minutes
from shield.meetings.views import frame

TONES = {"draft": "attention", "circulated": "info", "approved": "good"}
KINDS = {
    "pdf": ("application/pdf", exchange.minutes_pdf),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        exchange.minutes_word,
    ),
}


@page(permissions.RECORD_GATHERING, record=Gathering)
def write_minutes(request: Any, gathering: Gathering) -> HttpResponse:
    """Write the minutes; the first draft is what was recorded."""
    found = queries.minutes_of(gathering, request.actor)
    again = "afresh" in request.GET
    text = found.text if found and not again else queries.draft_text(gathering)
    form = forms.MinutesForm(
        request.POST or None, version=found.version if found else 0, initial={"text": text}
    )
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.write_minutes(
                gathering=gathering, text=form.cleaned_data["text"], by=request.actor, now=calendar.now(),
                expected_version=form.cleaned_data["version"] if found else None,
            ),
            lambda row: frame.to(request, "minutes", row),
            said="The minutes were saved.",
        )  # fmt: skip
        if done:
            return done
    title = "Change the minutes" if found else "Write the minutes"
    return frame.act(
        request,
        gathering,
        form,
        title,
        "meetings/minutes_form.html",
        "Save the minutes",
        found=found,
        again=again,
    )


@page(permissions.VIEW, record=Minutes)
def minutes(request: Any, minutes: Minutes) -> HttpResponse:
    """Minutes as they read, where they stand, and what readers asked to have put right."""
    may_write = request.actor.may(permissions.RECORD_GATHERING)
    gathering = minutes.gathering
    approved = minutes.status == rules.MinutesStatus.APPROVED
    context = {
        "page_title": minutes.heading,
        "page_caption": f"Minutes {minutes.reference}",
        "breadcrumbs": frame.way(
            request,
            "gatherings",
            (gathering.title, frame.to(request, "gathering", gathering)),
            ("Minutes", ""),
        ),
        "minutes": minutes,
        "tone": TONES[minutes.status],
        "entries": history.of_record(minutes.partnership_id, minutes.pk),
        "body": exchange.minutes_html(minutes),
        "sound": approved and queries.fingerprint_of(minutes) == minutes.fingerprint,
        "versions": list(minutes.versions.select_related("person")),
        "corrections": list(minutes.corrections.select_related("person")),
        "may_write": may_write and not approved,
        "may_ask": minutes.status == rules.MinutesStatus.CIRCULATED
        and request.actor.may(permissions.CONTRIBUTE),
        "files": [
            (name.upper(), frame.to(request, "minutes_file", minutes, name=f"minutes.{name}"))
            for name in KINDS
        ],
        "acts": _acts(request, minutes) if may_write else [],
    }
    return render(request, "meetings/minutes.html", context)


def _acts(request: Any, minutes: Minutes) -> list[dict[str, str]]:
    draft, circulated = minutes.status == "draft", minutes.status == "circulated"
    offered = (
        (draft, "minutes_circulate", "Circulate them"),
        (circulated, "minutes_approve", "Record that they were approved"),
        (circulated, "minutes_circulate", "Circulate them again"),
    )
    return [
        {"href": frame.to(request, name, minutes), "text": text} for wanted, name, text in offered if wanted
    ]


@page(permissions.VIEW, record=Minutes)
def minutes_file(request: Any, minutes: Minutes, name: str) -> HttpResponse:
    """Minutes as PDF or Word."""
    extension = name.rpartition(".")[2]
    if extension not in KINDS or name != f"minutes.{extension}":
        raise Http404
    kind, make = KINDS[extension]
    return served(make(minutes, at=calendar.now()), f"{minutes.reference}.{extension}", kind)


@page(permissions.RECORD_GATHERING, record=Minutes)
def circulate(request: Any, minutes: Minutes) -> HttpResponse:
    """Send the minutes round."""
    form = design.ShieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.circulate_minutes(minutes=minutes, by=request.actor, today=request.today),
            lambda row: frame.to(request, "minutes", row),
            said="The minutes are circulated. Members can ask for corrections until they are approved.",
        )
        if done:
            return done
    count = len(queries.people_to_tell(minutes.gathering, request.today))
    intro = f"{'1 person' if count == 1 else f'{count} people'} will be told by an e-mail that names nobody, and sign in to read."
    return _act(request, minutes, form, "Circulate the minutes", "Circulate them", intro)


@page(permissions.RECORD_GATHERING, record=Minutes)
def approve(request: Any, minutes: Minutes) -> HttpResponse:
    """Record that a later meeting approved the minutes."""
    form = forms.ApprovalForm(
        request.POST or None, gathering=minutes.gathering, today=request.today, version=minutes.version
    )
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.approve_minutes(
                minutes=minutes, at=form.cleaned_data["at"], by=request.actor, today=request.today,
                expected_version=form.cleaned_data["version"],
            ),
            lambda row: frame.to(request, "minutes", row),
            said="The minutes are approved and frozen.",
        )  # fmt: skip
        if done:
            return done
    intro = (
        "From then on they cannot be changed, nor what is on record of the meeting they tell of. "
        "A fingerprint shows that they were not."
    )
    if not form.fields["at"].queryset.exists():  # type: ignore[attr-defined]
        intro = (
            "No later meeting of this body is on record as held. Record the meeting that approved them first, "
            "then come back here."
        )
    return _act(request, minutes, form, "Record that the minutes were approved", "Freeze them", intro)


@page(permissions.CONTRIBUTE, record=Minutes)
def correction_ask(request: Any, minutes: Minutes) -> HttpResponse:
    """Ask to have something put right."""
    form = forms.CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.ask_for_correction(
                minutes=minutes, text=form.cleaned_data["text"], by=request.actor
            ),
            lambda _: frame.to(request, "minutes", minutes),
            said="Whoever writes the minutes will answer.",
        )
        if done:
            return done
    return _act(request, minutes, form, "Ask for a correction", "Ask for it", "")


@page(permissions.RECORD_GATHERING, record=Correction)
def correction_answer(request: Any, correction: Correction) -> HttpResponse:
    """Answer a correction."""
    form = forms.AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.answer_correction(
                correction=correction, status=form.cleaned_data["status"], answer=form.cleaned_data["answer"],
                by=request.actor,
            ),
            lambda row: frame.to(request, "minutes", row.minutes),
            said="The correction is answered.",
        )  # fmt: skip
        if done:
            return done
    return _act(request, correction.minutes, form, "Answer a correction", "Answer", correction.text)


def _act(request: Any, minutes: Minutes, form: Any, title: str, button: str, intro: str) -> HttpResponse:
    there, gathering = frame.to(request, "minutes", minutes), minutes.gathering
    meeting = (gathering.title, frame.to(request, "gathering", gathering))
    way = frame.way(request, "gatherings", meeting, ("Minutes", there))
    return frame.asked(
        request, form, title, button, of=minutes.heading, back=there, way_there=way, intro=intro
    )
