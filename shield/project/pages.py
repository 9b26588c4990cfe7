"""The pages that belong to no module: the front, each persona's home, the components, what went wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from shield.annual_report import queries as annual_report
from shield.domain.reviews import queries as reviews
from shield.domain.voice import queries as voice
from shield.kernel.access.views import page
from shield.kernel.accounts.models import Partnership
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.design import views as design
from shield.kernel.design.queries import Column, Table
from shield.kernel.history import queries as history
from shield.kernel.records import queries as records
from shield.kernel.records.rules import WorkItem
from shield.project import home as homes

TITLES = {"report": "The yearly report", "stuck": "What is stuck, and who can free it", "year": "The year"}


@page(public=True)
def front(request: Any) -> HttpResponse:
    """What Shield is, and what the partnerships here have published."""
    partnerships = [(p, list(annual_report.published(p.pk))) for p in Partnership.objects.order_by("name")]
    told, reviewed = voice.that_told(), reviews.that_published()
    context = {
        "page_title": "Published reports",
        "partnerships": partnerships,
        "told": [(p, reverse("you_said", args=[p.slug])) for p, _ in partnerships if p.pk in told],
        "reviewed": [
            (p, reverse("published_reviews", args=[p.slug])) for p, _ in partnerships if p.pk in reviewed
        ],
        "any_published": any(r for _, r in partnerships),
    }
    return render(request, "project/front.html", context)


@page(public=True)
def healthz(request: HttpRequest) -> HttpResponse:
    """For a monitor: the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@page(signed_in=True)
def home(request: Any) -> HttpResponse:
    """What waits for me, what is late, what is stuck, how ready the report is, and the year as a picture."""
    return render(
        request, "project/home.html", homes.build(request.actor, request.partnership, request.today)
    )


@page(signed_in=True)
def home_box(request: Any, box: str) -> HttpResponse:
    """One part of the home page, fetched by the page itself; as a page of its own without JavaScript."""
    if box not in homes.BOXES or not request.actor.may(homes.NEEDS[box]):
        raise Http404
    found = homes.box(box, request.actor, request.today, history.head(request.actor.partnership_id))
    template = "project/_box.html" if request.htmx else "project/box.html"
    return render(request, template, {"page_title": TITLES[box], "box": {"name": box, **found}})


@page(signed_in=True)
def work(request: Any) -> HttpResponse:
    """Everything that waits for me, across modules, in date order."""
    every = homes.waiting(request.actor, request.today)
    return _work(request, every, "What waits for you", empty="Nothing waits for you.")


@page(signed_in=True)
def awaited(request: Any) -> HttpResponse:
    """Everything that I wait for from others, across modules, in date order."""
    every = homes.awaited(request.actor, request.today)
    return _work(request, every, "What you wait for from others", empty="You wait for nothing from others.")


def _work(request: Any, every: list[WorkItem], title: str, *, empty: str) -> HttpResponse:
    form = homes.WorkFilter(request.GET or None, items=every)
    chosen = form.chosen
    found = [
        item
        for item in every
        if chosen.get("sort") in (None, item.sort)
        and chosen.get("owner") in (None, item.owner)
        and (item.is_late or not chosen.get("late"))
    ]
    table = Table(
        found,
        _work_columns(request.actor.partnership_slug, acts=any(item.act for item in every)),
        request.GET,
        caption=title,
        show_caption=False,
        default_sort="due_on",
        filtered=bool(chosen),
        empty=empty,
        file_name=title.lower(),
    )
    context = {"page_title": title, "filters": form, "breadcrumbs": [(title, "")]}
    return design.table_response(request, "project/work.html", context, table, file_name=title.lower())


def _work_columns(slug: str, *, acts: bool) -> list[Column]:
    columns = [
        Column(
            key="title", label="What", sort=lambda i: i.title.casefold(),
            href=lambda i: records.address(i.kind, i.id, slug),
        ),
        Column(key="sort", label="Kind", sort=lambda i: i.sort),
        Column(
            key="due_on", label="Due", sort=lambda i: i.due_on or date.max,
            value=lambda i: in_words_to(i.due_on, i.precision) if i.due_on else "", export=lambda i: i.due_on,
        ),
        Column(key="owner", label="For whom", sort=lambda i: i.owner.casefold()),
        Column(
            key="late", label="Late", value=lambda i: "Late" if i.is_late else "",
            tone=lambda i: "late" if i.is_late else None,
        ),
    ]  # fmt: skip
    if acts:
        columns.append(
            Column(
                key="act",
                label="Do",
                value=lambda i: i.act.replace(" ", "\N{NO-BREAK SPACE}"),
                href=lambda i: records.address_of_act(i, slug) or None,
            )
        )
    return columns


@page(staff=True)
def components(request: HttpRequest) -> HttpResponse:
    """Every part that pages are made of, in every state."""
    return render(request, "design/components.html", design.components_context(request))


@page(public=True)
def no_sign_up(request: HttpRequest) -> HttpResponse:
    """Accounts are made by invitation."""
    return render(
        request, "project/no_sign_up.html", {"page_title": "Accounts are made by invitation"}, status=403
    )


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: you may see this, but not do it; says why."""
    context = {"page_title": "You cannot do this", "why": str(exception or "")}
    return render(request, "project/refused.html", context, status=403)


UNREAD_LIMIT = 64 * 1024 * 1024
"""Bytes still to come that are read and thrown away, so that the answer arrives instead of a broken connection."""


def not_understood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, and 413 for what is too large: what was sent cannot be taken as it is; says why."""
    too_large = isinstance(exception, RequestDataTooBig)
    why = next((words for kind, words in TOO_MUCH if isinstance(exception, kind)), NOT_READABLE)
    _read_to_the_end(request)
    # The page looks at what was sent, which could not be read: it sees a request of which nothing was.
    request.encoding = None
    request.POST = QueryDict()  # type: ignore[misc,assignment]
    context = {"page_title": "This could not be taken", "why": why}
    return render(request, "project/not_taken.html", context, status=413 if too_large else 400)


NOT_READABLE = "What was sent is not in a form that Shield can read."
TOO_MUCH: tuple[tuple[type[Exception], str], ...] = (
    (RequestDataTooBig, "What was typed is longer than Shield can take. Shorten it, or attach it as a file."),
    (TooManyFieldsSent, "The form holds more fields than Shield can take. Send it in parts."),
    (TooManyFilesSent, "More files were sent than Shield can take at once. Send them one by one."),
)
"""What was too much, in words."""


def _read_to_the_end(request: HttpRequest) -> None:
    """Take in what the browser is still sending; a server that closes the door meanwhile leaves no answer."""
    left = UNREAD_LIMIT
    stream = getattr(request, "_stream", None)
    try:
        while stream is not None and left > 0 and (piece := stream.read(1024 * 1024)):
            left -= len(piece)
    except (OSError, ValueError):
        return


def unproved(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when the browser did not prove that a form came from one of our pages: the page was too old, mostly."""
    why = (
        "This page was open for too long, or your browser keeps no cookies for Shield, so that nothing was saved. "
        "Go back, copy what you typed, reload the page and send it again."
    )
    context = {"page_title": "This page is too old to be sent", "why": why}
    return render(request, "project/not_taken.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return render(request, "project/not_found.html", {"page_title": "Page not found"}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500: plain, because nothing may be relied upon."""
    return render(request, "project/broken.html", {"page_title": "Something went wrong"}, status=500)
