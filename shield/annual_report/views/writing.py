"""Statutory contents and narrative: reading how it stands, writing, standing by numbers."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from shield.annual_report import contributors, forms, issue, narrative, permissions, queries, services
from shield.annual_report import render as rendering
from shield.annual_report.models import EarlierIssue, Narrative, Report, Status
from shield.annual_report.views.frame import to, way_to
from shield.kernel.access.views import page, submit
from shield.kernel.calendar.rules import in_words
from shield.kernel.documents.exchange import html
from shield.kernel.records import queries as records
from shield.kernel.reporting import queries as reporting
from shield.kernel.reporting import rules as reporting_rules


@page(permissions.VIEW, record=Report)
def coverage(request: Any, report: Report) -> HttpResponse:
    """Statutory contents, item by item, with the evidence that says so."""
    found = queries.readiness(report, request.actor)
    shown = [proof.ref for item in found.coverage for proof in item.proofs[:12] if proof.ref]
    titles = records.titles(shown, request.actor)
    items = [
        {
            "item": one.item,
            "standing": one.standing,
            "why": one.why,
            "more": max(len(one.proofs) - 12, 0),
            "proofs": [
                {
                    "text": p.text,
                    "href": records.address(p.ref.kind, p.ref.id, request.partnership.slug)
                    if p.ref and p.ref.id in titles
                    else "",
                }
                for p in one.proofs[:12]
            ],
            "excuse": to(request, "excuse_item", id=report.pk, item=one.item.code),
        }
        for one in found.coverage
    ]
    context = {
        "page_title": "Statutory contents",
        "page_caption": report.title,
        "items": items,
        "report": report,
        "may_excuse": request.actor.may(permissions.WRITE) and report.status == Status.DRAFT,
        "breadcrumbs": way_to(request, report),
    }
    return render(request, "annual_report/coverage.html", context)


@page(permissions.WRITE, record=Report)
def excuse(request: Any, report: Report, item: str) -> HttpResponse:
    """Say that a statutory item does not apply, and why."""
    found = next((c for c in queries.readiness(report, request.actor).coverage if c.item.code == item), None)
    if found is None:
        raise Http404
    form = forms.ReasonForm(request.POST or None, initial={"reason": found.reason})
    back = to(request, "coverage", id=report.pk)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.excuse_item(
                report=report, item=item, reason=form.cleaned_data["reason"], by=request.actor
            ),
            lambda _: back,
            said="Recorded that this item does not apply.",
        )
        if done:
            return done
    context = {
        "page_title": "This item does not apply",
        "breadcrumbs": way_to(request, report, "An item that does not apply"),
        "page_caption": found.item.text,
        "form": form,
        "cancel_href": back,
    }
    return render(request, "design/form_page.html", context)


@page(permissions.VIEW, record=Report)
def preview(request: Any, report: Report) -> HttpResponse:
    """The report as it reads today."""
    with reporting_rules.reading():
        made = (
            issue.thaw(report)[0]
            if report.frozen
            else rendering.document(queries.assemble(report, request.actor), traced=True)
        )
    context = {
        "page_title": report.title,
        "page_caption": f"As it reads today: {report.get_status_display().lower()}",
        "body": mark_safe(html.fragment(made)),  # noqa: S308 - the renderer escapes every text
        "breadcrumbs": way_to(request, report),
    }
    return render(request, "annual_report/read.html", context)


@page(permissions.VIEW, record=EarlierIssue)
def earlier_issue(request: Any, issued: EarlierIssue) -> HttpResponse:
    """A report as it was issued before it was withdrawn."""
    context = {
        "page_title": issued.report.title,
        "page_caption": f"As it was issued; withdrawn on {in_words(issued.withdrawn_on)}",
        "body": mark_safe(html.fragment(issue.thaw(issued)[0])),  # noqa: S308 - the renderer escapes every text
        "breadcrumbs": way_to(request, issued.report),
    }
    return render(request, "annual_report/read.html", context)


@page(permissions.WRITE, record=Report)
def write(request: Any, report: Report, section: str) -> HttpResponse:
    """Write one narrative beside the figures it may name; typed numbers are flagged."""
    part = _part(section)
    written = Narrative.objects.filter(report=report, section=section).prefetch_related("confirmed").first()
    initial = {"title": written.title if written else part.title, "text": written.text if written else ""}
    form = forms.NarrativeForm(
        request.POST or None, initial=initial, version=written.version if written else 0
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.write(
                report=report,
                section=section,
                title=data["title"],
                text=data["text"],
                by=request.actor,
                expected_version=data["version"] if written else None,
            ),
            lambda _: to(request, "narrative", id=report.pk, section=section),
            said="Saved.",
        )
        if done:
            return done
    confirmed = [(c.number, c.context) for c in written.confirmed.all()] if written else []
    context = {
        "page_title": f"Write: {initial['title']}",
        "page_caption": report.title,
        "form": form,
        "report": report,
        "figures": _offered(request, report),
        "typed": narrative.unconfirmed(narrative.typed_in(written.title, written.text), confirmed)
        if written
        else [],
        "confirmed": list(written.confirmed.all()) if written else [],
        "confirm_href": to(request, "confirm_number", id=report.pk, section=section),
        "written": written,
        "cancel_href": to(request, "report", id=report.pk),
        "breadcrumbs": way_to(request, report),
    }
    return render(request, "annual_report/write.html", context)


def _part(section: str) -> contributors.Part:
    parts = {part.key: part for chapter in contributors.CHAPTERS for part in chapter.parts}
    if section == "Foreword":
        return contributors.Part("Foreword", "Foreword")
    if section not in parts:
        raise Http404
    return parts[section]


def _offered(request: Any, report: Report) -> list[reporting_rules.Figure]:
    return reporting.figures_of(report.year, request.actor)


@page(permissions.WRITE, record=Report)
def confirm(request: Any, report: Report, section: str) -> HttpResponse:
    """Stand by a typed number, with the reason."""
    written = Narrative.objects.filter(report=report, section=section).first()
    place = request.GET.get("n", "")
    typed = narrative.typed_in(written.title, written.text) if written else []
    chosen = next((t for t in typed if f"{t.number}|{t.context}" == place), None)
    if written is None or chosen is None:
        raise Http404
    form = forms.ReasonForm(request.POST or None)
    back = to(request, "narrative", id=report.pk, section=section)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.confirm_number(
                written=written, typed=chosen, reason=form.cleaned_data["reason"], by=request.actor
            ),
            lambda _: back,
            said=f"You stand by “{chosen.number}”.",
        )
        if done:
            return done
    context = {
        "page_title": f"Stand by “{chosen.number}”",
        "breadcrumbs": way_to(request, report, "A number typed by hand"),
        "page_caption": f"… {chosen.context} …",
        "form": form,
        "submit_text": "Confirm",
        "cancel_href": back,
    }
    return render(request, "design/form_page.html", context)
