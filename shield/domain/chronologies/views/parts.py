"""An agency's part: what it is asked for, tables and single events, handing in; and what the team says of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from shield.domain.chronologies import exchange, forms, permissions, services
from shield.domain.chronologies.models import Contribution, Entry
from shield.domain.chronologies.queries import collecting
from shield.domain.chronologies.rules import states
from shield.domain.chronologies.views.frame import (
    around,
    done,
    entry_crumbs,
    file_answer,
    form_page,
    part_crumbs,
    works_on,
)
from shield.improvement.views.ways import buttons, link, page_of
from shield.kernel.access.rules import Forbidden
from shield.kernel.access.views import page
from shield.kernel.calendar import queries as calendar
from shield.kernel.design import forms as design
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules.values import count

XLSX = exchange.FILES["xlsx"][0]


@page(record=Contribution)
def contribution(request: Any, part: Contribution) -> HttpResponse:
    """One agency's part: what is asked, where it stands, what it tells, what can be done next."""
    mine, edits = part.is_own(request.actor), works_on(request, part.chronology)
    writes = mine and part.is_with_agency
    shows = mine or part.status in states.MERGED
    uploads = list(part.uploads.exclude(status=states.UploadStatus.DROPPED)) if mine else []
    table = _entries(request, part) if shows else None
    total = table.count if table else 0
    context = around(
        request, part, title=part.agency.name, caption=f"Part of chronology {part.chronology.reference}",
        way=[*part_crumbs(request, part)[:-1], (part.agency.called, "")],
        tags=[(part.get_status_display(), states.PART_TONES[part.status])],
        facts=_facts(part),
        buttons=_buttons(request, part, writes, edits and part.chronology.status != states.Status.CLOSED, total),
        uploads=[_upload_line(request, row) for row in uploads],
        table=table, shows=shows, mine=mine, total=count(total, "event"),
        ways=[
            *([("Download what your agency gave", link(request, "contribution_download", part))] if mine and total else []),
            ("All chronologies", link(request, "chronologies")),
        ],
    )  # fmt: skip
    return render(request, "chronologies/contribution.html", context)


def _facts(part: Contribution) -> list[Any]:
    chronology = part.chronology
    span = [day for day in (chronology.period_from, chronology.period_to) if day]
    more = [("Sent back because", part.reason)] if part.reason else []
    said = [("What the agency says", part.statement)] if part.status == states.Part.NOTHING else []
    return [
        *more, *said,
        ("Asked for", chronology.asked_for),
        ("Period", " to ".join(f"{day:%-d %B %Y}" for day in span)),
        ("Asked on", part.asked_on),
        ("Due", part.due_on),
        ("Handed in on", part.handed_in_on),
    ]  # fmt: skip


def _buttons(request: Any, part: Contribution, writes: bool, edits: bool, total: int) -> list[dict[str, Any]]:
    handed_in = part.status == states.Part.HANDED_IN
    return buttons(
        ("Hand it in", link(request, "contribution_hand_in", part), writes and total > 0),
        ("Upload a table", link(request, "contribution_upload", part), writes),
        ("Paste text", link(request, "contribution_paste", part), writes),
        ("Enter one event", link(request, "contribution_enter", part), writes),
        ("Say that nothing is held", link(request, "contribution_nothing", part), writes and not total),
        ("Accept it", link(request, "contribution_accept", part), edits and handed_in),
        (
            "Send it back",
            link(request, "contribution_return", part),
            edits and part.status not in states.WITH_AGENCY,
        ),
        ("Change by when it is due", link(request, "contribution_due", part), edits and part.is_with_agency),
    )


def _upload_line(request: Any, row: Any) -> dict[str, Any]:
    tones = {"waiting": "attention", "taking": "info", "taken": "good", "taken_back": "neutral"}
    return {
        "title": row.name, "href": page_of(request, row), "status": row.get_status_display(), "tone": tones[row.status],
        "hint": count(row.taken, "event") if row.status == states.UploadStatus.TAKEN else "",
    }  # fmt: skip


def _entries(request: Any, part: Contribution) -> Table:
    columns = (
        Column(key="order", label="When", value=lambda row: row.when.in_english(), sort=("order", "sequence"),
               href=lambda row: page_of(request, row)),
        Column(key="event", label="What happened", value=lambda row: _short(row.event)),
        Column(key="source", label="Source", value=lambda row: _short(row.source)),
        Column(key="row", label="Row", value=lambda row: row.row or None, numeric=True, sort=("sequence",)),
    )  # fmt: skip
    return Table(
        collecting.entries_of(part), columns, request.GET, caption="Events", default_sort="order", exportable=False,
        empty="Nothing is entered yet.", empty_hint="Upload a table, paste text, or enter events one by one.",
    )  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"


def _form(request: Any, part: Contribution, title: str, form: Any, **more: Any) -> HttpResponse:
    return form_page(
        request, title, form, way=part_crumbs(request, part), cancel=page_of(request, part), **more
    )


def _own(request: Any, part: Contribution) -> None:
    if not part.is_own(request.actor):
        raise Forbidden(f"This part is not your agency's to write. It is for {part.agency.called}.")


@page(permissions.CONTRIBUTE, record=Contribution)
def contribution_upload(request: Any, part: Contribution) -> HttpResponse:
    """Upload a table."""
    _own(request, part)
    form = forms.UploadForm(request.POST or None, request.FILES or None)

    def act() -> Any:
        file = form.cleaned_data["file"]
        return services.upload_table(
            contribution=part, content=file.read(), name=file.name, by=request.actor, today=request.today
        )

    answer = done(
        request,
        form,
        act,
        lambda row: link(request, "upload_columns", row),
        "The table was read. Say which column is what.",
    )
    return answer or _form(request, part, "Upload a table", form, submit_text="Upload it")


@page(permissions.CONTRIBUTE, record=Contribution)
def contribution_paste(request: Any, part: Contribution) -> HttpResponse:
    """Paste a table or lines of text."""
    _own(request, part)
    form = forms.PasteForm(request.POST or None)
    answer = done(
        request, form,
        lambda: services.upload_table(
            contribution=part, content=form.cleaned_data["text"].encode(), pasted=True, by=request.actor, today=request.today
        ),
        lambda row: link(request, "upload_columns", row), "The text was read. Say which column is what.",
    )  # fmt: skip
    return answer or _form(request, part, "Paste text", form, submit_text="Read it")


@page(permissions.CONTRIBUTE, record=Contribution)
def contribution_enter(request: Any, part: Contribution) -> HttpResponse:
    """Enter one event by hand."""
    _own(request, part)
    form = forms.EntryForm(request.POST or None, latest=request.today)
    answer = done(
        request, form, lambda: services.add_entry(contribution=part, told=form.told, by=request.actor),
        lambda _: page_of(request, part), "The event was entered.",
    )  # fmt: skip
    return answer or _form(request, part, "Enter one event", form, submit_text="Enter it")


@page(permissions.CONTRIBUTE, record=Contribution)
def contribution_hand_in(request: Any, part: Contribution) -> HttpResponse:
    """Hand a part in."""
    _own(request, part)
    form = design.ShieldForm(request.POST or None, version=part.version)
    answer = done(
        request, form,
        lambda: services.hand_in(
            contribution=part, by=request.actor, today=request.today, expected_version=form.cleaned_data["version"]
        ),
        lambda row: page_of(request, row), "Your agency's part was handed in.",
    )  # fmt: skip
    total = count(collecting.entries_of(part).count(), "event")
    intro = [
        f"{total} will be in the combined chronology, which the team reads. You can read and download them at any time."
    ]
    return answer or _form(request, part, "Hand it in", form, intro=intro, submit_text="Hand it in")


@page(permissions.CONTRIBUTE, record=Contribution)
def contribution_nothing(request: Any, part: Contribution) -> HttpResponse:
    """Say that nothing is held."""
    _own(request, part)
    form = forms.NothingForm(request.POST or None, version=part.version)
    answer = done(
        request, form,
        lambda: services.say_nothing_held(
            contribution=part, statement=form.cleaned_data["statement"], by=request.actor, today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
        lambda row: page_of(request, row), "It is recorded that your agency holds nothing.",
    )  # fmt: skip
    return answer or _form(request, part, "Say that nothing is held", form)


@page(permissions.CONTRIBUTE, record=Contribution)
def contribution_download(request: Any, part: Contribution) -> HttpResponse:
    """What one's own agency gave, as a workbook."""
    _own(request, part)
    services.download_own(contribution=part, by=request.actor)
    content = exchange.own_table(
        collecting.entries_of(part), reference=part.chronology.reference, at=calendar.now()
    )
    return file_answer(content, XLSX, f"{part.reference.lower()}.xlsx")


# What the team says of it -----------------------------------------------------------------------------


@page(permissions.EDIT, record=Contribution)
def contribution_accept(request: Any, part: Contribution) -> HttpResponse:
    """Accept a part as it was handed in."""
    form = design.ShieldForm(request.POST or None, version=part.version)
    answer = done(
        request, form,
        lambda: services.accept_contribution(contribution=part, by=request.actor, expected_version=form.cleaned_data["version"]),
        lambda row: page_of(request, row), "The part was accepted.",
    )  # fmt: skip
    intro = ["From then on the agency does not change it, unless you send it back."]
    return answer or _form(request, part, "Accept it", form, intro=intro, submit_text="Accept it")


@page(permissions.EDIT, record=Contribution)
def contribution_return(request: Any, part: Contribution) -> HttpResponse:
    """Send a part back with the reason."""
    form = forms.ReasonForm(request.POST or None, version=part.version, ask="What should be changed?")
    answer = done(
        request, form,
        lambda: services.send_back(
            contribution=part, reason=form.cleaned_data["reason"], by=request.actor, today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
        lambda row: page_of(request, row), "The agency has its part back in its work list.",
    )  # fmt: skip
    intro = [
        "Until it is handed in again, nothing of it is in the chronology. What readers wrote about it is kept."
    ]
    return answer or _form(request, part, "Send it back", form, intro=intro, submit_text="Send it back")


@page(permissions.EDIT, record=Contribution)
def contribution_due(request: Any, part: Contribution) -> HttpResponse:
    """Change by when a part is due."""
    form = forms.DueForm(request.POST or None, version=part.version, initial={"due_on": part.due_on})
    answer = done(
        request, form,
        lambda: services.change_due(
            contribution=part, due_on=form.cleaned_data["due_on"], by=request.actor, today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
        lambda row: page_of(request, row), "The date was changed.",
    )  # fmt: skip
    return answer or _form(request, part, "Change by when it is due", form)


# One event, by its agency -----------------------------------------------------------------------------


def _own_entry(request: Any, entry: Entry) -> None:
    if not entry.contribution.is_own(request.actor):
        raise Forbidden(f"Only {entry.agency.called} changes what it tells.")


@page(permissions.CONTRIBUTE, record=Entry)
def chronology_entry_correct(request: Any, entry: Entry) -> HttpResponse:
    """Correct an event until the part is handed in."""
    _own_entry(request, entry)
    if request.method == "GET" and not entry.contribution.is_with_agency:
        return redirect(page_of(request, entry))
    form = forms.EntryForm(
        request.POST or None, version=entry.version, latest=request.today, initial=forms.entry_initial(entry)
    )
    answer = done(
        request, form,
        lambda: services.correct_entry(entry=entry, told=form.told, by=request.actor, expected_version=form.cleaned_data["version"]),
        lambda row: page_of(request, row), "The event was corrected.",
    )  # fmt: skip
    way = entry_crumbs(request, entry)
    return answer or form_page(request, "Correct the event", form, way=way, cancel=page_of(request, entry))


@page(permissions.CONTRIBUTE, record=Entry)
def chronology_entry_out(request: Any, entry: Entry) -> HttpResponse:
    """Take an event out of what one's agency tells."""
    _own_entry(request, entry)
    form = design.ShieldForm(request.POST or None, version=entry.version)
    answer = done(
        request, form,
        lambda: services.take_entry_out(entry=entry, by=request.actor, expected_version=form.cleaned_data["version"]),
        lambda row: page_of(request, row.contribution), "The event was taken out.",
    )  # fmt: skip
    way = entry_crumbs(request, entry)
    return answer or form_page(
        request,
        "Take the event out",
        form,
        way=way,
        cancel=page_of(request, entry),
        submit_text="Take it out",
    )
