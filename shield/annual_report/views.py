"""Pages of the yearly report: how ready it is, writing it, building it, issuing it, and the public page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe

from shield.annual_report import checks, contributors, forms, issue, narrative, permissions, queries, services
from shield.annual_report import render as rendering
from shield.annual_report.models import Build, BuildStatus, Narrative, Report, Status
from shield.kernel.access.views import page, submit
from shield.kernel.design import views as design
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import charts
from shield.kernel.documents.exchange import html
from shield.kernel.files import queries as file_queries
from shield.kernel.history import queries as history
from shield.kernel.records import queries as records
from shield.kernel.reporting import queries as reporting
from shield.kernel.reporting import rules as reporting_rules

STATUS_TONE = {"draft": "attention", "issued": "info", "published": "good", "withdrawn": "late"}
DOWNLOADS = {
    "report.pdf": ("application/pdf", "PDF, tagged for screen readers"),
    "report.docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word"),
    "report.html": ("text/html; charset=utf-8", "Web page in one file"),
    "report.json": ("application/json", "Data: figures, tables, records"),
}


def _to(request: Any, route: str, /, **kwargs: Any) -> str:
    return reverse(route, kwargs={"partnership": request.partnership.slug, **kwargs})


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
                href=lambda y: _to(request, "report", id=rows[y.pk].pk) if y.pk in rows else None,
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
    form = forms.OpenForm(request.POST or None, years=[(key, y.name) for key, y in years.items()])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.open_report(year=years[data["year"]], title=data["title"], by=request.actor),
            lambda made: _to(request, "report", id=made.pk),
            said="The report is open. Its statutory clock is running.",
        )
        if done:
            return done
    context = {
        "page_title": "Open a yearly report",
        "form": form,
        "submit_text": "Open",
        "cancel_href": _to(request, "reports"),
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
        "files": _files(request, builds[0]) if builds else [],
        "acts": _acts(request, report, found),
        "may_write": request.actor.may(permissions.WRITE) and report.status == Status.DRAFT,
        "may_build": request.actor.may(permissions.BUILD),
        "panels": records.panels(report.ref, request.actor),
        "entries": history.of_record(report.partnership_id, report.pk, limit=15),
        "breadcrumbs": [("Yearly reports", _to(request, "reports"))],
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
                "href": _to(request, "narrative", id=report.pk, section=part.key),
            }
        )
    return rows


def _files(request: Any, build: Build) -> list[dict[str, str]]:
    rows = file_queries.about(build.pk, request.actor)
    return [
        {
            "href": _to(request, "file", id=row.pk),
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
    return [{"text": text, "href": _to(request, name, id=report.pk)} for text, name in then]


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
            lambda row: _to(request, "report", id=row.pk),
            said="Saved.",
        )
        if done:
            return done
    context = {
        "page_title": "About the report",
        "form": form,
        "cancel_href": _to(request, "report", id=report.pk),
    }
    return render(request, "design/form_page.html", context)


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
            "excuse": _to(request, "excuse_item", id=report.pk, item=one.item.code),
        }
        for one in found.coverage
    ]
    context = {
        "page_title": "Statutory contents",
        "page_caption": report.title,
        "items": items,
        "report": report,
        "may_excuse": request.actor.may(permissions.WRITE) and report.status == Status.DRAFT,
        "breadcrumbs": [
            ("Yearly reports", _to(request, "reports")),
            (report.title, _to(request, "report", id=report.pk)),
        ],
    }
    return render(request, "annual_report/coverage.html", context)


@page(permissions.WRITE, record=Report)
def excuse(request: Any, report: Report, item: str) -> HttpResponse:
    """Say that a statutory item does not apply, and why."""
    found = next((c for c in queries.readiness(report, request.actor).coverage if c.item.code == item), None)
    if found is None:
        raise Http404
    form = forms.ReasonForm(request.POST or None, initial={"reason": found.reason})
    back = _to(request, "coverage", id=report.pk)
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
            else rendering.document(queries.assemble(report, request.actor))
        )
    context = {
        "page_title": report.title,
        "page_caption": f"As it reads today: {report.get_status_display().lower()}",
        "body": mark_safe(html.fragment(made)),  # noqa: S308 - the renderer escapes every text
        "breadcrumbs": [
            ("Yearly reports", _to(request, "reports")),
            (report.title, _to(request, "report", id=report.pk)),
        ],
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
            lambda _: _to(request, "narrative", id=report.pk, section=section),
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
        "typed": narrative.unconfirmed(written.text, confirmed) if written else [],
        "confirmed": list(written.confirmed.all()) if written else [],
        "confirm_href": _to(request, "confirm_number", id=report.pk, section=section),
        "written": written,
        "cancel_href": _to(request, "report", id=report.pk),
        "breadcrumbs": [
            ("Yearly reports", _to(request, "reports")),
            (report.title, _to(request, "report", id=report.pk)),
        ],
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
    typed = narrative.typed_numbers(written.text) if written else []
    chosen = next((t for t in typed if f"{t.number}|{t.context}" == place), None)
    if written is None or chosen is None:
        raise Http404
    form = forms.ReasonForm(request.POST or None)
    back = _to(request, "narrative", id=report.pk, section=section)
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
        "page_caption": f"… {chosen.context} …",
        "form": form,
        "submit_text": "Confirm",
        "cancel_href": back,
    }
    return render(request, "design/form_page.html", context)


@page(permissions.BUILD, record=Report, methods=("POST",))
def build_ask(request: Any, report: Report) -> HttpResponse:
    """Ask for the report in all formats."""
    made = services.ask_for_build(report=report, by=request.actor)
    return HttpResponseRedirect(_to(request, "build", id=made.pk))


@page(permissions.VIEW, record=Build)
def build(request: Any, build: Build) -> HttpResponse:
    """How far a build is, and its files when it is ready; the page renews itself while it waits."""
    waiting = build.status in {BuildStatus.WAITING, BuildStatus.RUNNING}
    context = {
        "page_title": "Building the report" if waiting else build.heading,
        "page_caption": build.report.title,
        "build": build,
        "waiting": waiting,
        "files": [] if waiting else _files(request, build),
        "back": _to(request, "report", id=build.report_id),
        "breadcrumbs": [
            ("Yearly reports", _to(request, "reports")),
            (build.report.title, _to(request, "report", id=build.report_id)),
        ],
    }
    template = "annual_report/_build.html" if request.htmx else "annual_report/build.html"
    response = render(request, template, context)
    if waiting:
        response.headers["Refresh"] = "3"
    return response


def _confirmed_act(
    request: Any, report: Report, *, title: str, text: str, button: str, form: Any, act: Any, said: str
) -> HttpResponse:
    """A page that asks for one confirmation and performs one act."""
    if request.method == "POST" and form.is_valid():
        done = submit(request, form, act, lambda row: _to(request, "report", id=row.pk), said=said)
        if done:
            return done
    context = {
        "page_title": title,
        "page_caption": report.title,
        "form": form,
        "text": text,
        "submit_text": button,
        "cancel_href": _to(request, "report", id=report.pk),
    }
    return render(request, "annual_report/act.html", context)


@page(permissions.ISSUE, record=Report)
def issue_report(request: Any, report: Report) -> HttpResponse:
    """Issue the report."""
    form = forms.ConfirmForm(request.POST or None, version=report.version)
    return _confirmed_act(
        request,
        report,
        title="Issue the report",
        button="Issue",
        form=form,
        said="The report is issued. Nothing in it can change now.",
        text="Issuing freezes every value, definition and reference. The report can then be published, or withdrawn.",
        act=lambda: services.issue_report(
            report=report,
            by=request.actor,
            today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
    )


@page(permissions.ISSUE, record=Report)
def publish(request: Any, report: Report) -> HttpResponse:
    """Publish the report."""
    form = forms.ConfirmForm(request.POST or None, version=report.version)
    return _confirmed_act(
        request,
        report,
        title="Publish the report",
        button="Publish",
        form=form,
        said="The report is published; the clock for copies is running.",
        text="The report gets a public page that anybody can read. The duty to publish is met, and the clock for sending copies starts.",
        act=lambda: services.publish(
            report=report,
            by=request.actor,
            today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
    )


@page(permissions.ISSUE, record=Report)
def copies(request: Any, report: Report) -> HttpResponse:
    """Record that copies were sent."""
    form = forms.CopiesForm(request.POST or None)
    return _confirmed_act(
        request,
        report,
        title="Copies were sent",
        button="Record",
        form=form,
        said="Recorded: the duty to send copies is met.",
        text="The guidance names who receives a copy within seven days of publication.",
        act=lambda: services.note_copies_sent(
            report=report, on=form.cleaned_data["on"], by=request.actor, today=request.today
        ),
    )


@page(permissions.ISSUE, record=Report)
def withdraw(request: Any, report: Report) -> HttpResponse:
    """Withdraw the report."""
    form = forms.ReasonForm(request.POST or None, version=report.version)
    return _confirmed_act(
        request,
        report,
        title="Withdraw the report",
        button="Withdraw",
        form=form,
        said="The report is withdrawn.",
        text="Its public page will say that it was withdrawn, when and why.",
        act=lambda: services.withdraw(
            report=report,
            reason=form.cleaned_data["reason"],
            by=request.actor,
            today=request.today,
            expected_version=form.cleaned_data["version"],
        ),
    )


@page(permissions.ISSUE, record=Report)
def reopen(request: Any, report: Report) -> HttpResponse:
    """Make a withdrawn report a draft again."""
    form = forms.ConfirmForm(request.POST or None)
    return _confirmed_act(
        request,
        report,
        title="Make it a draft again",
        button="Make it a draft",
        form=form,
        said="The report is a draft again.",
        text="You can then correct it and issue it anew.",
        act=lambda: services.reopen(report=report, by=request.actor),
    )


def _published(request: Any, year: str) -> Report:
    row = (
        Report.objects.filter(
            partnership=request.partnership, year__name=year, status__in=[Status.PUBLISHED, Status.WITHDRAWN]
        )
        .exclude(published_on__isnull=True)
        .select_related("year")
        .first()
    )
    if row is None:
        raise Http404
    return row


@page(public=True, specimen="published_report")
def published(request: Any, year: str) -> HttpResponse:
    """The published report, for anybody."""
    row = _published(request, year)
    context: dict[str, Any] = {
        "page_title": row.title,
        "page_caption": request.partnership.name,
        "report": row,
    }
    if row.status == Status.WITHDRAWN:
        return render(request, "annual_report/withdrawn.html", context, status=410)
    made, _ = issue.thaw(row)
    context["body"] = mark_safe(html.fragment(made))  # noqa: S308 - the renderer escapes every text
    context["downloads"] = [
        {"href": _to(request, "published_file", year=year, name=name), "text": text}
        for name, (_, text) in DOWNLOADS.items()
    ]
    return render(request, "annual_report/published.html", context)


@page(public=True, specimen="published_report")
def published_file(request: Any, year: str, name: str) -> HttpResponse:
    """One format of the published report."""
    row = _published(request, year)
    if name not in DOWNLOADS or row.status == Status.WITHDRAWN:
        raise Http404
    content = services.published_content(report=row, name=name)
    response = HttpResponse(content, content_type=DOWNLOADS[name][0])
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{request.partnership.slug}-{row.year.name}-{name}"'
    )
    response.headers["Content-Security-Policy"] = "sandbox"
    return response
