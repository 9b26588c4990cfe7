"""What the pages of chronologies share: the way here, a page of one form, what stands around a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.chronologies import permissions
from shield.domain.chronologies.models import Chronology, Contribution, Entry
from shield.improvement.views.ways import LATELY, link, page_of, shortly
from shield.kernel.access.views import submit
from shield.kernel.history import queries as history
from shield.kernel.records import queries as records

Way = list[tuple[str, str]]


def crumbs(request: Any, chronology: Chronology | None = None, *more: tuple[str, str]) -> Way:
    """The way from the list of chronologies to a page."""
    way = [("Chronologies", link(request, "chronologies"))]
    if chronology is not None:
        way.append((shortly(chronology.title), page_of(request, chronology)))
    return [*way, *more]


def part_crumbs(request: Any, part: Contribution, *more: tuple[str, str]) -> Way:
    """The way to a page of an agency's part; an agency may not see the chronology itself."""
    seen = Chronology.objects.visible_to(request.actor).filter(pk=part.chronology_id).exists()
    above = part.chronology if seen else None
    return [*crumbs(request, above), (part.agency.called, page_of(request, part)), *more]


def entry_crumbs(request: Any, entry: Entry, *more: tuple[str, str]) -> Way:
    """The way to a page of an entry."""
    return [
        *part_crumbs(request, entry.contribution),
        (entry.when.in_english(), page_of(request, entry)),
        *more,
    ]


def works_on(request: Any, chronology: Chronology) -> bool:
    """Whether somebody may change a chronology: of its team. Who opened it urgently reads it, and is offered nothing else."""
    actor = request.actor
    return bool(actor.may(permissions.EDIT) and actor.works_in(chronology.team_id))


def form_page(request: Any, title: str, form: Any, *, way: Way, cancel: str, **more: Any) -> HttpResponse:
    """A page of one form; `intro` are paragraphs above it."""
    context = {
        "page_title": title,
        "form": form,
        "cancel_href": cancel,
        "breadcrumbs": [*way, (title, "")],
        **more,
    }
    answer = render(request, more.pop("template", "chronologies/form.html"), context)
    answer["Cache-Control"] = "no-store"
    return answer


def done(
    request: Any, form: Any, act: Callable[[], Any], then: Callable[[Any], str], said: str
) -> HttpResponse | None:
    """Do an act from a form that was sent and is right; None if the page is shown (again)."""
    if request.method != "POST" or not form.is_valid():
        return None
    return submit(request, form, act, then, said=said)


def around(request: Any, record: Any, *, way: Way, caption: str, **more: Any) -> dict[str, Any]:
    """What the page of a record shows around it."""
    return {
        "record": record,
        "page_title": more.pop("title", record.heading),
        "page_caption": caption,
        "breadcrumbs": way,
        "panels": records.panels(record.ref, request.actor),
        "entries": history.of_record(record.partnership_id, record.pk, limit=LATELY),
        **more,
    }


def file_answer(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file that nothing between here and the reader keeps; its name says nothing but a reference."""
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
