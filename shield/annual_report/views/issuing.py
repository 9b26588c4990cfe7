"""Building, issuing, publishing and withdrawing."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from shield.annual_report import forms, permissions, services
from shield.annual_report.models import Build, BuildStatus, Report
from shield.annual_report.views.frame import to, way_to
from shield.annual_report.views.reports import files_of
from shield.kernel.access.views import page, submit


@page(permissions.BUILD, record=Report, methods=("POST",))
def build_ask(request: Any, report: Report) -> HttpResponse:
    """Ask for the report in all formats."""
    made = services.ask_for_build(report=report, by=request.actor)
    return HttpResponseRedirect(to(request, "build", id=made.pk))


@page(permissions.VIEW, record=Build)
def build(request: Any, build: Build) -> HttpResponse:
    """How far a build is, and its files when it is ready; the page renews itself while it waits."""
    waiting = build.status in {BuildStatus.WAITING, BuildStatus.RUNNING}
    context = {
        "page_title": "Building the report" if waiting else build.heading,
        "page_caption": build.report.title,
        "build": build,
        "waiting": waiting,
        "files": [] if waiting else files_of(request, build),
        "back": to(request, "report", id=build.report_id),
        "breadcrumbs": way_to(request, build.report),
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
        done = submit(request, form, act, lambda row: to(request, "report", id=row.pk), said=said)
        if done:
            return done
    context = {
        "page_title": title,
        "page_caption": report.title,
        "breadcrumbs": way_to(request, report, title),
        "form": form,
        "text": text,
        "submit_text": button,
        "cancel_href": to(request, "report", id=report.pk),
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
