"""What the partnership said it would do to hear children, young people and families."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.voice import forms, permissions, queries, services
from shield.domain.voice.models import Promise
from shield.domain.voice.views.frame import around, form_page
from shield.improvement.views.following import history_page
from shield.improvement.views.ways import buttons, known_day, link, page_of
from shield.kernel.access.views import page, submit
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response


@page(permissions.VIEW)
def promises(request: Any) -> HttpResponse:
    """Every promise and where it stands."""
    add, may = link(request, "promise_add"), request.actor.may(permissions.RECORD)
    columns = (
        Column(key="text", label="We said we would", href=lambda row: page_of(request, row)),
        Column(
            key="progress", label="Where it stands", value=lambda row: row.progress or "Nothing reported yet"
        ),
        Column(key="made_on", label="Promised", value=lambda row: known_day(row, "made_on"), sort=True),
    )
    table = Table(
        queries.promises(request.actor),
        columns,
        request.GET,
        caption="Promises about engagement",
        show_caption=False,
        empty="No promise is on record.",
        empty_hint="The published arrangements say how the partnership hears children and families."
        if may
        else "",
        empty_href=add if may else "",
        empty_link="Put a promise on record",
    )
    context = {
        "page_title": "Promises about engagement",
        "breadcrumbs": [("Voice", link(request, "voice")), ("Promises", "")],
        "buttons": buttons(("Put a promise on record", add, may)),
    }
    return table_response(request, "improvement/register.html", context, table)


@page(permissions.VIEW, record=Promise)
def promise(request: Any, promise: Promise) -> HttpResponse:
    """One promise: where it was made and where it stands."""
    context = {
        **around(request, promise, "promise_history", ("Promises", link(request, "promises"))),
        "facts": [
            ("We said we would", promise.text),
            ("Promised", known_day(promise, "made_on")),
            ("Where", promise.where),
            ("Where it stands", promise.progress or "Nothing reported yet"),
        ],
        "buttons": buttons(
            (
                "Say where it stands",
                link(request, "promise_report", promise),
                request.actor.may(permissions.RECORD),
            )
        ),
    }
    return render(request, "improvement/record.html", context)


@page(permissions.VIEW, record=Promise)
def promise_history(request: Any, promise: Promise) -> HttpResponse:
    """What happened to a promise, and what sources say of it."""
    return history_page(request, promise)


@page(permissions.RECORD)
def promise_add(request: Any) -> HttpResponse:
    """Put a promise on record."""
    form = forms.PromiseForm(
        request.POST or None, actor=request.actor, today=request.today, initial={"precision": "day"}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.make_promise(
                text=data["text"],
                made_on=data["made_on"],
                precision=data["precision"],
                where=data["where"],
                by=request.actor,
            ),
            lambda made: page_of(request, made),
            said="The promise is on record.",
        )
        if done:
            return done
    return form_page(request, "Put a promise on record", form, back=link(request, "promises"))


@page(permissions.RECORD, record=Promise)
def promise_report(request: Any, promise: Promise) -> HttpResponse:
    """Say where a promise stands."""
    form = forms.PromiseReportForm(
        request.POST or None, version=promise.version, initial={"progress": promise.progress}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.report_promise(
                promise=promise, progress=data["progress"], by=request.actor, expected_version=data["version"]
            ),
            lambda row: page_of(request, row),
            said="It is on record where the promise stands.",
        )
        if done:
            return done
    return form_page(request, "Say where it stands", form, promise)
