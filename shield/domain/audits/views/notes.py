"""The briefing note of an audit: written from what is on record, read once more, issued."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from shield.domain.audits import contribution, exchange, forms, permissions, queries, rules, services
from shield.domain.audits.models import Audit, BriefingNote
from shield.domain.audits.views.frame import around, crumbs, form_page
from shield.improvement import permissions as improvement
from shield.improvement.models import Recommendation
from shield.improvement.views.following import history_page
from shield.improvement.views.ways import buttons, link, page_of
from shield.kernel.access.views import page, submit
from shield.kernel.calendar import queries as calendar
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response

FILES = {
    "pdf": ("application/pdf", exchange.note_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", exchange.note_word),
}
TONES = {"draft": "info", "issued": "good", "withdrawn": "late"}


def _begun(request: Any, audit: Audit) -> dict[str, str]:
    """What a note begins with: everything the records already say."""
    known = queries.counts_of(audit)
    discussions = list(queries.discussions_of(audit))
    people = [row.practitioners for row in discussions if row.practitioners is not None]
    found = list(queries.findings_of(audit, request.actor)) if request.actor.may(improvement.VIEW) else []
    asked = (
        Recommendation.objects.visible_to(request.actor).filter(findings__in=found).distinct()
        if found
        else []
    )
    said = [
        audit.why,
        f"We looked at {contribution.looked_at(known)}." if known.picked or audit.considered else "",
        audit.frame,
        f"Agencies that audited: {contribution.team_in_words(audit)}."
        if audit.team.exists() or audit.team_outside
        else "",
        f"{sum(people)} practitioners talked the work over with the panel." if people else "",
    ]
    return {
        "title": audit.title,
        "looked_at": "\n".join(line for line in said if line),
        "working_well": "\n".join(f"- {row.text}" for row in found if row.sort == "working_well"),
        "to_develop": "\n".join(f"- {row.text}" for row in found if row.sort == "to_develop"),
        "happens_next": "\n".join(f"- {row.heading}" for row in asked),
    }


@page(permissions.RUN, record=Audit)
def briefing_note_write(request: Any, audit: Audit) -> HttpResponse:
    """Write the note of an audit; what is on record is there already."""
    form = forms.NoteForm(request.POST or None, initial=_begun(request, audit))
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.write_note(audit=audit, values=form.values, by=request.actor),
            lambda made: page_of(request, made),
            said="The note is a draft. Read it as a PDF before you issue it.",
        )
        if done:
            return done
    intro = [
        "This is taken from what is on record. Change the words so that they speak to people who were not there."
    ]
    return form_page(
        request, "Write the briefing note", form, audit=audit, intro=intro, submit_text="Save the draft"
    )


@page(permissions.READ_NOTES)
def briefing_notes(request: Any) -> HttpResponse:
    """The briefing notes that were issued, for everybody who works with children here."""
    rows = BriefingNote.objects.visible_to(request.actor).filter(status=rules.NoteStatus.ISSUED)
    table = Table(
        rows,
        (
            Column(key="title", label="Briefing note", sort=True, href=lambda row: page_of(request, row)),
            Column(key="priority", label="Priority", value="audit.priority.short"),
            Column(key="issued_on", label="Issued on", sort=True),
        ),
        request.GET,
        caption="Briefing notes",
        show_caption=False,
        empty="No briefing note has been issued yet.",
        empty_hint="A note tells on one page what an audit found, and what happens next.",
    )
    return table_response(request, "improvement/register.html", {"page_title": "Briefing notes"}, table)


def _way(request: Any, note: BriefingNote) -> list[tuple[str, str]]:
    """From the audit, for those who see audits; from the list of notes for everybody else."""
    if request.actor.may(permissions.VIEW):
        return crumbs(request, note.audit, ("Briefing note", ""))
    return [("Briefing notes", link(request, "briefing_notes")), (note.title, "")]


@page(permissions.READ_NOTES, record=BriefingNote)
def briefing_note(request: Any, note: BriefingNote) -> HttpResponse:
    """A briefing note, with its files."""
    runs = request.actor.may(permissions.RUN)
    draft, issued = (note.status == each for each in (rules.NoteStatus.DRAFT, rules.NoteStatus.ISSUED))
    withdrawn = note.status == rules.NoteStatus.WITHDRAWN
    context = around(
        request,
        note,
        title=note.title,
        caption=f"Briefing note {note.reference}",
        way=_way(request, note),
        tags=[(note.get_status_display(), TONES[note.status])],
        facts=[("Issued on", note.issued_on), ("Withdrawn on", note.withdrawn_on), ("Why", note.withdrawn_why)]
        if withdrawn else [(heading, getattr(note, name)) for heading, name in rules.PARTS_OF_NOTE],
        files=[] if withdrawn else [(words, f"{link(request, 'briefing_note', note)}/briefing-note.{suffix}") for suffix, words in (
            ("pdf", "The note as a PDF"), ("docx", "The note as a Word file"),
        )],
        buttons=buttons(
            ("Issue it", link(request, "briefing_note_issue", note), runs and draft),
            ("Change the words", link(request, "briefing_note_change", note), runs and draft),
            ("Withdraw it", link(request, "briefing_note_withdraw", note), runs and issued),
        ),
        ways=[("The audit", page_of(request, note.audit)), ("History and sources", link(request, "briefing_note_history", note))]
        if request.actor.may(permissions.VIEW) else [("All briefing notes", link(request, "briefing_notes"))],
    )  # fmt: skip
    if not request.actor.may(permissions.VIEW):
        context |= {"entries": [], "panels": []}
    return render(request, "audits/note.html", context)


@page(permissions.VIEW, record=BriefingNote)
def briefing_note_history(request: Any, note: BriefingNote) -> HttpResponse:
    """What happened to a note."""
    return history_page(request, note)


@page(permissions.RUN, record=BriefingNote)
def briefing_note_change(request: Any, note: BriefingNote) -> HttpResponse:
    """Change the words of a note that was not issued."""
    if request.method == "GET" and note.status != rules.NoteStatus.DRAFT:
        return redirect(page_of(request, note))
    names = rules.WORDS_OF_NOTE
    form = forms.NoteForm(
        request.POST or None, version=note.version, initial={name: getattr(note, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.change_note(
                note=note, values=form.values, by=request.actor, expected_version=form.cleaned_data["version"]
            ),
            lambda row: page_of(request, row),
            said="The note was changed.",
        )
        if done:
            return done
    return form_page(
        request, "Change the words", form, audit=note.audit, cancel=page_of(request, note),
        way=[("Briefing note", page_of(request, note))],
    )  # fmt: skip


@page(permissions.RUN, record=BriefingNote)
def briefing_note_issue(request: Any, note: BriefingNote) -> HttpResponse:
    """Issue a note after a last look."""
    form = forms.IssueForm(request.POST or None, version=note.version)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.issue_note(
                note=note, nobody_named=data["nobody_named"], by=request.actor, today=request.today,
                expected_version=data["version"],
            ),
            lambda row: page_of(request, row),
            said="The note was issued. Its words stand from now on.",
        )  # fmt: skip
        if done:
            return done
    return form_page(
        request, "Issue the briefing note", form, audit=note.audit, cancel=page_of(request, note),
        way=[("Briefing note", page_of(request, note))], submit_text="Issue it",
    )  # fmt: skip


@page(permissions.RUN, record=BriefingNote)
def briefing_note_withdraw(request: Any, note: BriefingNote) -> HttpResponse:
    """Withdraw a note that was issued."""
    form = forms.WithdrawNoteForm(request.POST or None, version=note.version)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.withdraw_note(
                note=note, reason=data["reason"], by=request.actor, today=request.today, expected_version=data["version"]
            ),
            lambda row: page_of(request, row),
            said="The note was withdrawn. Tell those who have a copy of it.",
        )  # fmt: skip
        if done:
            return done
    intro = [
        "Its words leave this page, its files and the search at once. That it was issued and withdrawn stays on record.",
        "A corrected note can be written from the audit afterwards.",
    ]
    return form_page(
        request, "Withdraw the briefing note", form, audit=note.audit, cancel=page_of(request, note), intro=intro,
        way=[("Briefing note", page_of(request, note))], submit_text="Withdraw it",
    )  # fmt: skip


@page(permissions.READ_NOTES, record=BriefingNote, methods=("GET",))
def briefing_note_file(request: Any, note: BriefingNote, suffix: str) -> HttpResponse:
    """The note as a PDF or a Word file; there is none of one that was withdrawn."""
    if suffix not in FILES or note.status == rules.NoteStatus.WITHDRAWN:
        raise Http404
    content_type, make = FILES[suffix]
    answer = HttpResponse(make(note, request.partnership.name, at=calendar.now()), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="briefing-note-{note.reference.lower()}.{suffix}"'
    return answer
