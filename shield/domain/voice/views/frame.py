"""What the pages of this module have around them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.voice import rules
from shield.domain.voice.models import Said
from shield.improvement.models import Priority
from shield.improvement.views.ways import LATELY, link, page_of, shortly
from shield.kernel.history import queries as history
from shield.kernel.records import queries as records


def around(request: Any, record: Any, trail: str, *crumbs: tuple[str, str]) -> dict[str, Any]:
    """What the page of one record shows around it."""
    return {
        "record": record,
        "page_title": record.heading,
        "page_caption": f"{record.label} {record.reference}".strip(),
        "breadcrumbs": [home(request), *crumbs, (shortly(record.heading), "")],
        "panels": records.panels(record.ref, request.actor),
        "entries": history.of_record(record.partnership_id, record.pk, limit=LATELY),
        "ways": [
            ("What people said", link(request, "voice")),
            ("History and sources", link(request, trail, record)),
        ],
    }


def home(request: Any) -> tuple[str, str]:
    """The way back to this module's first page."""
    return ("Voice", link(request, "voice"))


def form_page(request: Any, title: str, form: Any, at: Any = None, **more: Any) -> HttpResponse:
    """A page of one form, of a record if it belongs to one."""
    back = page_of(request, at) if at is not None else more.pop("back", link(request, "voice"))
    crumbs = [(shortly(at.heading), back)] if at is not None else []
    context = {
        "page_title": title,
        "page_caption": more.pop("caption", at.heading if at is not None else ""),
        "form": form,
        "cancel_href": back,
        "breadcrumbs": [home(request), *crumbs, (title, "")],
        **more,
    }
    return render(request, "voice/form.html", context)


def priorities(request: Any) -> list[tuple[str, str]]:
    """Priorities as a filter offers them."""
    return [(str(row.pk), row.heading) for row in Priority.objects.visible_to(request.actor)]


def point_line(request: Any, row: Said) -> dict[str, Any]:
    """A point as a line of a task list."""
    return {
        "title": row.text,
        "href": page_of(request, row),
        "hint": f"{row.get_group_display()}, {row.get_sort_display().lower()}",
        "status": row.get_state_display(),
        "tone": rules.POINT_TONES[row.state],
    }
