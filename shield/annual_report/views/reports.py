"""The register of reports and the page of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from shield.annual_report import checks, contributors, forms, permissions, queries, services
from shield.annual_report.models import Build, Report, Status
from shield.annual_report.views.frame import STATUS_TONE, to, way_to
from shield.annual_report.views.published import DOWNLOADS
from shield.kernel.access.views import page, submit
from shield.kernel.design import views as design
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import charts
from shield.kernel.files import queries as file_queries
from shield.kernel.history import queries as history
from shield.kernel.records import queries as records
from shield.kernel.reporting import permissions as reporting_permissions
from shield.kernel.reporting import queries as reporting


@page(permissions.VIEW)
def reports(request: Any) -> HttpResponse:
    """Every year's report and where it stands."""
    rows = {r.year_id: r for r in queries.reports(request.actor)}
    years = reporting.years(request.actor)
    table = Table(
        years,
        [
            Column(
                key="name",
                label="Reporting year",
                href=lambda y: to(request, "report", id=rows[y.pk].pk) if y.pk in rows else None,
            ),
            Column(key="span", label="From and to", value=lambda y: y.period.in_words),
            Column(
                key="title",
                label="Report",
                value=lambda y: rows[y.pk].title if y.pk in rows else "Not opened yet",
            ),
            Column(
                key="status",
                label="Status",
                value=lambda y: rows[y.pk].get_status_display() if y.pk in rows else "",
                tone=lambda y: STATUS_TONE[rows[y.pk].status] if y.pk in rows else None,
            ),
        ],
        request.GET,
        caption="Yearly reports",
        empty="There is no reporting year yet.",
        empty_hint="Set up a reporting year, then open its report.",
        exportable=False,
    )
    context = {
        "page_title": "Yearly reports",
        "may_write": request.actor.may(permissions.WRITE),
        "unopened": any(y.pk not in rows for y in years),
    }
    return design.table_response(request, "annual_report/reports.html", context, table, file_name="reports")


@page(permissions.WRITE)
def report_open(request: Any) -> HttpResponse:
    """Open the report of a year."""
    opened = {r.year_id for r in queries.reports(request.actor)}
    years = {str(y.pk): y for y in reporting.years(request.actor) if y.pk not in opened}
    if not years:
        messages.info(request, "Every reporting year has its report. Set up another year first.")
        return HttpResponseRedirect(to(request, "reports"))
    form = forms.OpenForm(request.POST or None, years=[(key, y.name) for key, y in years.items()])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.open_report(year=years[data["year"]], title=data["title"], by=request.actor),
            lambda made: to(request, "report", id=made.pk),
            said="The report is open. Its statutory clock is running.",
        )
        if done:
            return done
    context = {
        "page_title": "Open a yearly report",
        "breadcrumbs": [("Yearly reports", to(request, "reports")), ("Open one", "")],
        "form": form,
        "submit_text": "Open",
        "cancel_href": to(request, "reports"),
    }
    return render(request, "design/form_page.html", context)


@page(permissions.VIEW, record=Report)
def report(request: Any, report: Report) -> HttpResponse:
    """How ready the report is, what stands in its way, its chapters, its builds."""
    found = queries.readiness(report, request.actor)
    tally = checks.counts(found.coverage)
    builds = list(Build.objects.filter(report=report)[:5])
    context = {
        "page_title": report.title,
        "page_caption": f"{report.year.name}, {report.year.period.in_words}",
        "report": report,
        "found": found,
        "tone": STATUS_TONE[report.status],
        "chart": charts.Progress(
            key="contents",
            title="Statutory contents",
            met=tally[checks.Standing.MET],
            thin=tally[checks.Standing.THIN],
            missing=tally[checks.Standing.MISSING],
            not_applicable=tally[checks.Standing.NOT_APPLICABLE],
        ),
        "chapters": _chapters(request, report, found),
        "builds": builds,
        "last": builds[0] if builds else None,
        "files": files_of(request, builds[0]) if builds else [],
        "acts": _acts(request, report, found),
        "may_write": request.actor.may(permissions.WRITE) and report.status == Status.DRAFT,
        "may_build": request.actor.may(permissions.BUILD),
        "earlier": list(report.earlier.all()),
        "year_href": reverse("year_change", args=[request.actor.partnership_slug, report.year_id])
        if request.actor.may(reporting_permissions.EDIT_YEARS) and not report.year.closed
        else "",
        "panels": records.panels(report.ref, request.actor),
        "entries": history.of_record(report.partnership_id, report.pk, limit=15),
        "breadcrumbs": [("Yearly reports", to(request, "reports"))],
    }
    return render(request, "annual_report/report.html", context)


def _chapters(request: Any, report: Report, found: queries.Readiness) -> list[dict[str, Any]]:
    parts = [("Foreword", contributors.Part("Foreword", "Foreword"))]
    parts += [(chapter.title, part) for chapter in contributors.CHAPTERS for part in chapter.parts]
    rows = []
    for chapter, part in parts:
        title, words = found.written.get(part.key, (part.title, 0))
        rows.append(
            {
                "chapter": chapter,
                "title": title,
                "words": words,
                "from_records": bool(part.gives),
                "flagged": found.typed.get(part.key, 0),
                "href": to(request, "narrative", id=report.pk, section=part.key),
            }
        )
    return rows


def files_of(request: Any, build: Build) -> list[dict[str, str]]:
    """The files of a build, each with its page and its size."""
    rows = file_queries.about(build.pk, request.actor)
    return [
        {
            "href": to(request, "file", id=row.pk),
            "name": row.name,
            "size": f"{row.size / 1024:,.0f} KB",
            "text": DOWNLOADS.get(row.name, ("", row.name))[1],
        }
        for row in rows
    ]


def _acts(request: Any, report: Report, found: queries.Readiness) -> list[dict[str, str]]:
    if not request.actor.may(permissions.ISSUE):
        return []
    then = {
        Status.DRAFT: [("Issue the report", "report_issue")] if not found.obstacles else [],
        Status.ISSUED: [("Publish the report", "report_publish"), ("Withdraw", "report_withdraw")],
        Status.PUBLISHED: [
            ("Record that copies were sent", "report_copies"),
            ("Withdraw", "report_withdraw"),
        ],
        Status.WITHDRAWN: [("Make it a draft again", "report_reopen")],
    }[Status(report.status)]
    return [{"text": text, "href": to(request, name, id=report.pk)} for text, name in then]


@page(permissions.WRITE, record=Report)
def report_edit(request: Any, report: Report) -> HttpResponse:
    """Title, place of publication, secure establishment."""
    initial = {name: getattr(report, name) for name in ("title", "where_published", "secure_establishment")}
    form = forms.AboutForm(request.POST or None, initial=initial, version=report.version)
    if request.method == "POST" and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in initial}
        done = submit(
            request,
            form,
            lambda: services.change_report(
                report=report,
                changes=changes,
                by=request.actor,
                expected_version=form.cleaned_data["version"],
            ),
            lambda row: to(request, "report", id=row.pk),
            said="Saved.",
        )
        if done:
            return done
    context = {
        "page_title": "About the report",
        "breadcrumbs": way_to(request, report, "About the report"),
        "form": form,
        "cancel_href": to(request, "report", id=report.pk),
    }
    return render(request, "design/form_page.html", context)
