"""A table on its way in: which column is what, what is in doubt, what it gives, taking it in or back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from shield.domain.chronologies import forms, permissions, services
from shield.domain.chronologies.models import Upload
from shield.domain.chronologies.queries import collecting
from shield.domain.chronologies.rules import states
from shield.domain.chronologies.rules.mapping import Read
from shield.domain.chronologies.views.frame import Way, done, form_page, part_crumbs
from shield.improvement.views.ways import buttons, link, page_of
from shield.kernel.access.views import page
from shield.kernel.calendar.rules import in_words
from shield.kernel.design import forms as design
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules.values import count

SHOWN = 60
"""Letters of an example."""


def _title(upload: Upload) -> str:
    """What a page calls a table: never as its file is called, which may be after the child."""
    return f"Table of {in_words(upload.recorded_at.date())}"


def _way(request: Any, upload: Upload) -> Way:
    return [*part_crumbs(request, upload.contribution), (_title(upload), page_of(request, upload))]


@page(permissions.CONTRIBUTE, record=Upload)
def upload(request: Any, upload: Upload) -> HttpResponse:
    """What a table gives: how many events, what is wrong with it and where, what is in doubt, a look at the first ones."""
    waiting = upload.status == states.UploadStatus.WAITING
    if waiting and upload.mapped is None:
        return redirect(link(request, "upload_columns", upload))
    taking = upload.status == states.UploadStatus.TAKING
    given = collecting.read_upload(upload, latest=request.today) if waiting else Read()
    writes = upload.contribution.is_with_agency
    context = {
        "page_title": _title(upload),
        "page_caption": f"Table for chronology {upload.contribution.chronology.reference}",
        "breadcrumbs": [*part_crumbs(request, upload.contribution), (_title(upload), "")],
        "facts": [("Called", upload.name), ("Where it stands", upload.get_status_display())],
        "upload": upload, "waiting": waiting, "taking": taking, "given": given,
        "total": count(len(given.entries), "event"),
        "taken": count(upload.taken, "event"),
        "doubts": count(len(given.doubts), "date"),
        "problems": [str(each) for each in given.problems[:50]],
        "more_problems": max(len(given.problems) - 50, 0),
        "sample": _sample(request, given) if given.entries else None,
        "buttons": buttons(
            ("Take it in", link(request, "upload_take", upload), waiting and given.is_ready),
            ("Settle the dates", link(request, "upload_dates", upload), waiting and bool(given.doubts)),
            ("Change which column is what", link(request, "upload_columns", upload), waiting),
            ("Throw it away", link(request, "upload_drop", upload), waiting),
            ("Stop taking it in", link(request, "upload_stop", upload), taking and writes),
            ("Take its events out again", link(request, "upload_back", upload), upload.status == states.UploadStatus.TAKEN and writes),
        ),
    }  # fmt: skip
    answer = render(request, "chronologies/upload.html", context)
    if taking:
        answer.headers["Refresh"] = "3"
    return answer


def _sample(request: Any, given: Read) -> Table:
    columns = (
        Column(key="row", label="Row"),
        Column(key="written", label="As it is written", value=lambda row: row.when.words),
        Column(key="when", label="Read as", value=lambda row: row.when.in_english()),
        Column(key="event", label="What happened", value=lambda row: row.event[:200]),
        Column(key="source", label="Source", value=lambda row: row.source[:100]),
    )
    return Table(given.entries, columns, request.GET, caption="The events as they are read", exportable=False)


@page(permissions.CONTRIBUTE, record=Upload)
def upload_columns(request: Any, upload: Upload) -> HttpResponse:
    """Say which column is what; what was said last time is proposed."""
    grid = collecting.grid_of(collecting.content_of(upload), pasted=upload.pasted, latest=request.today)
    proposed = collecting.proposed(upload, grid)
    below = [line for line in grid.lines if line.number > proposed.heading_row]
    samples = [
        next((line.cells[at][:SHOWN] for line in below[:50] if at < len(line.cells) and line.cells[at]), "")
        for at in range(grid.width)
    ]
    form = forms.MappingForm(
        request.POST or None, version=upload.version, headings=collecting.headings_of(grid, proposed), samples=samples,
        proposed=proposed,
    )  # fmt: skip
    answer = done(
        request, form,
        lambda: services.map_columns(
            upload=upload, mapped=form.mapped, by=request.actor, today=request.today, expected_version=form.cleaned_data["version"]
        ),
        lambda row: page_of(request, row), "What the table gives is shown below.",
    )  # fmt: skip
    intro = [f"{count(len(grid.lines), 'row')} were read. For each column, say what it holds.", *grid.notes]
    return answer or form_page(
        request, "Which column is what", form, way=_way(request, upload), cancel=page_of(request, upload.contribution), intro=intro,
        submit_text="Read the table so",
    )  # fmt: skip


@page(permissions.CONTRIBUTE, record=Upload)
def upload_dates(request: Any, upload: Upload) -> HttpResponse:
    """Say how dates are to be read that cannot be read without a guess."""
    if upload.mapped is None or upload.status != states.UploadStatus.WAITING:
        return redirect(page_of(request, upload))
    given = collecting.read_upload(upload, latest=request.today)
    form = forms.DatesForm(
        request.POST or None, version=upload.version, doubts=given.doubts, latest=request.today
    )
    answer = done(
        request, form,
        lambda: services.answer_dates(
            upload=upload, answers=form.answers, by=request.actor, expected_version=form.cleaned_data["version"]
        ),
        lambda row: page_of(request, row), "The dates are read as you said. What was written is kept.",
    )  # fmt: skip
    left = len(given.doubts) - len(form.doubts)
    more = [f"{count(left, 'more date')} will follow when these are settled."] if left > 0 else []
    intro = ["Nothing is chosen for you. Write “not known” where nobody knows.", *given.notes, *more]
    return answer or form_page(
        request,
        "Settle the dates",
        form,
        way=_way(request, upload),
        cancel=page_of(request, upload),
        intro=intro,
    )


def _act(
    request: Any, upload: Upload, title: str, text: str, act: Any, said: str, *intro: str, then: str = ""
) -> HttpResponse:
    form = design.ShieldForm(request.POST or None, version=upload.version)
    answer = done(
        request,
        form,
        lambda: act(form.cleaned_data["version"]),
        lambda _: then or page_of(request, upload.contribution),
        said,
    )
    return answer or form_page(
        request,
        title,
        form,
        way=_way(request, upload),
        cancel=page_of(request, upload),
        submit_text=text,
        intro=list(intro),
    )


@page(permissions.CONTRIBUTE, record=Upload)
def upload_take(request: Any, upload: Upload) -> HttpResponse:
    """Take a table in as a whole: at once, or by the worker if it is large; its page then says how far that is."""
    large = upload.size > services.SMALL

    def act(version: int) -> Any:
        asked = {"upload": upload, "by": request.actor, "expected_version": version}
        return services.ask_to_take_in(**asked) if large else services.take_in(**asked, today=request.today)

    said = "The table was taken in. You can correct events until you hand them in."
    if large:
        said = "The table is being taken in."
    then = page_of(request, upload) if large else ""
    return _act(
        request,
        upload,
        "Take it in",
        "Take it in",
        act,
        said,
        "All of it is taken in, or nothing.",
        then=then,
    )


@page(permissions.CONTRIBUTE, record=Upload)
def upload_stop(request: Any, upload: Upload) -> HttpResponse:
    """Stop taking a large table in."""

    def act(_version: int) -> Any:
        return services.stop_taking(upload=upload, by=request.actor)

    said, intro = "The table waits as before.", "Nothing of it was kept."
    then = page_of(request, upload)
    return _act(request, upload, "Stop taking it in", "Stop it", act, said, intro, then=then)


@page(permissions.CONTRIBUTE, record=Upload)
def upload_drop(request: Any, upload: Upload) -> HttpResponse:
    """Throw a table away that was not taken in."""

    def act(version: int) -> Any:
        return services.drop_upload(upload=upload, by=request.actor, expected_version=version)

    return _act(request, upload, "Throw it away", "Throw it away", act, "The table was thrown away.")


@page(permissions.CONTRIBUTE, record=Upload)
def upload_back(request: Any, upload: Upload) -> HttpResponse:
    """Take everything out again that came with a table."""

    def act(version: int) -> Any:
        return services.take_back(upload=upload, by=request.actor, expected_version=version)

    said = "Its events were taken out again."
    return _act(
        request,
        upload,
        "Take its events out again",
        "Take them out",
        act,
        said,
        f"{count(upload.taken, 'event')} came with it.",
    )
