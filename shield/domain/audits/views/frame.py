"""What the pages of audits share: the way here, a page of one form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.audits.forms.answering import fields_of
from shield.domain.audits.models import Audit
from shield.domain.audits.rules import Answer
from shield.improvement.views.ways import LATELY, link, page_of, shortly
from shield.kernel.history import queries as history
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Stale


def crumbs(request: Any, audit: Audit | None = None, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way from the list of audits to a page."""
    way = [("Audits", link(request, "audits"))]
    if audit is not None:
        way.append((shortly(audit.title), page_of(request, audit)))
    return [*way, *more]


def form_page(
    request: Any, title: str, form: Any, *, audit: Audit | None = None, cancel: str = "", template: str = "audits/form.html",
    **more: Any,
) -> HttpResponse:  # fmt: skip
    """A page of one form; `intro` are paragraphs above it."""
    context = {
        "page_title": title,
        "page_caption": more.pop("caption", audit.title if audit else ""),
        "form": form,
        "cancel_href": cancel or (page_of(request, audit) if audit else link(request, "audits")),
        "breadcrumbs": crumbs(request, audit, *more.pop("way", ()), (title, "")),
        **more,
    }
    return render(request, template, context)


def compared_by_field(act: Callable[[], Any], answers: Callable[[Any], Mapping[str, Answer]]) -> Any:
    """Do an act on answers; what somebody wrote meanwhile answers to the names of the form's fields.

    So the page can show it beside what was typed.
    """
    try:
        return act()
    except Stale as stale:
        for name, value in fields_of(answers(stale.current)):
            setattr(stale.current, name, value)
        raise


def around(
    request: Any, record: Any, *, caption: str, way: list[tuple[str, str]], **more: Any
) -> dict[str, Any]:
    """What the page of a record shows around it."""
    return {
        "record": record,
        "page_title": more.pop("title", record.heading),
        "page_caption": caption,
        "breadcrumbs": way,
        "panels": records.panels(record.ref, request.actor),
        "entries": history.of_record(
            record.partnership_id, record.pk, *more.pop("with_parts", ()), limit=LATELY
        ),
        **more,
    }
