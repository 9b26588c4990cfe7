"""The report as anybody reads it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from shield.annual_report import issue, services
from shield.annual_report.models import EarlierIssue, Report, Status
from shield.annual_report.views.frame import to
from shield.kernel.access.views import page
from shield.kernel.documents.exchange import html

DOWNLOADS = {
    "report.pdf": ("application/pdf", "PDF, tagged for screen readers"),
    "report.docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word"),
    "report.html": ("text/html; charset=utf-8", "Web page in one file"),
    "report.json": ("application/json", "Data: figures, tables, records"),
}


def _published(request: Any, year: str) -> tuple[Report, list[EarlierIssue]]:
    """The report of a year that stands in public, or did, with the issues of it that were withdrawn."""
    row = (
        Report.objects.filter(partnership=request.partnership, year__name=year)
        .select_related("year")
        .prefetch_related("earlier")
        .first()
    )
    if row is None:
        raise Http404
    withdrawn = [each for each in row.earlier.all() if each.published_on]
    shown = row.status in {Status.PUBLISHED, Status.WITHDRAWN} and row.published_on is not None
    if not shown and not withdrawn:
        raise Http404
    return row, withdrawn


@page(public=True, specimen="published_report")
def published(request: Any, year: str) -> HttpResponse:
    """The published report, for anybody; one that was withdrawn says so, also while it is being corrected."""
    row, earlier = _published(request, year)
    context: dict[str, Any] = {
        "page_title": row.title,
        "page_caption": request.partnership.name,
        "report": row,
        "earlier": earlier,
    }
    if row.status != Status.PUBLISHED:
        context["notice"] = row if row.status == Status.WITHDRAWN else earlier[0]
        return render(request, "annual_report/withdrawn.html", context, status=410)
    made, _ = issue.thaw(row)
    context["body"] = mark_safe(html.fragment(made))  # noqa: S308 - the renderer escapes every text
    context["downloads"] = [
        {"href": to(request, "published_file", year=year, name=name), "text": text}
        for name, (_, text) in DOWNLOADS.items()
    ]
    return render(request, "annual_report/published.html", context)


@page(public=True, specimen="published_report")
def published_file(request: Any, year: str, name: str) -> HttpResponse:
    """One format of the published report."""
    row, _ = _published(request, year)
    if name not in DOWNLOADS or row.status != Status.PUBLISHED:
        raise Http404
    content = services.published_content(report=row, name=name)
    response = HttpResponse(content, content_type=DOWNLOADS[name][0])
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{request.partnership.slug}-{row.year.name}-{name}"'
    )
    response.headers["Content-Security-Policy"] = "sandbox"
    return response
