"""People's own words, shown as far as they agreed and no further."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.voice import forms, permissions, queries, services
from shield.domain.voice.models import Activity, Quotation
from shield.domain.voice.views.frame import around, form_page
from shield.improvement.views.following import history_page
from shield.improvement.views.ways import buttons, link, page_of
from shield.kernel.access.views import page, submit
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response


@page(permissions.VIEW)
def quotations(request: Any) -> HttpResponse:
    """Quotations that the reader may hear; the file of this list holds no others either."""
    columns = (
        Column(key="reference", label="Quotation", href=lambda row: page_of(request, row), sort=True),
        Column(key="words", label="In their own words"),
        Column(key="group", label="Whose", value=lambda row: row.get_group_display(), sort=True),
        Column(key="activity", label="Said in", value="activity.title"),
        Column(
            key="scope",
            label="May be used",
            value=lambda row: row.standing[0],
            tone=lambda row: row.standing[1],
        ),
    )
    table = Table(
        queries.quotations(request.actor),
        columns,
        request.GET,
        caption="Quotations",
        show_caption=False,
        empty="There is no quotation that you may read.",
        empty_hint="A quotation is added on the page of the activity in which it was said.",
    )
    context = {
        "page_title": "Quotations",
        "breadcrumbs": [("Voice", link(request, "voice")), ("Quotations", "")],
    }
    return table_response(request, "improvement/register.html", context, table)


@page(permissions.VIEW, record=Quotation)
def quotation(request: Any, quotation: Quotation) -> HttpResponse:
    """One quotation: the words if a consent reaches the reader, and the consent."""
    may, gone = request.actor.may(permissions.RECORD), quotation.withdrawn_on is not None
    activity = quotation.activity
    facts: list[Any] = [
        {"key": "Said in", "value": activity.title, "href": page_of(request, activity)},
        ("When", activity.when),
    ]
    if may and quotation.consent_on:
        facts += [
            ("Consent given to", quotation.consent_by),
            ("How", quotation.consent_how),
            ("On", quotation.consent_on),
        ]
    if gone:
        facts += [("Withdrawn on", quotation.withdrawn_on), ("How they said so", quotation.withdrawn_how)]
    change = "Change the consent" if quotation.consent_on else "Record the consent"
    context = {
        **around(request, quotation, "quotation_history", ("Quotations", link(request, "quotations"))),
        "tags": [quotation.standing],
        "words": quotation.words,
        "facts": facts,
        "buttons": buttons(
            (change, link(request, "quotation_consent", quotation), may and not gone),
            ("Consent is withdrawn", link(request, "quotation_withdraw", quotation), may and not gone),
        ),
    }
    return render(request, "voice/quotation.html", context)


@page(permissions.VIEW, record=Quotation)
def quotation_history(request: Any, quotation: Quotation) -> HttpResponse:
    """What happened to a quotation; it holds no words."""
    return history_page(request, quotation)


@page(permissions.RECORD, record=Activity)
def quotation_add(request: Any, activity: Activity) -> HttpResponse:
    """Keep somebody's own words."""
    form = forms.QuotationForm(request.POST or None, initial={"group": activity.group})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.record_quotation(
                activity=activity, words=data["words"], group=data["group"], by=request.actor
            ),
            lambda made: link(request, "quotation_consent", made),
            said="The words are kept. Nobody can read them until you record the consent.",
        )
        if done:
            return done
    return form_page(request, "Add a quotation", form, activity, submit_text="Keep it")


@page(permissions.RECORD, record=Quotation)
def quotation_consent(request: Any, quotation: Quotation) -> HttpResponse:
    """Record what somebody agreed to."""
    form = forms.ConsentForm(
        request.POST or None, version=quotation.version, initial=forms.consent_initial(quotation)
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.record_consent(
                quotation=quotation,
                consent_by=data["consent_by"],
                how=data["how"],
                on=data["on"],
                scope=data["scope"],
                by=request.actor,
                today=request.today,
                expected_version=data["version"],
            ),
            lambda row: page_of(request, row),
            said="The consent was recorded.",
        )
        if done:
            return done
    return form_page(request, "Consent to the quotation", form, quotation)


@page(permissions.RECORD, record=Quotation)
def quotation_withdraw(request: Any, quotation: Quotation) -> HttpResponse:
    """Take a quotation out of use: consent was withdrawn."""
    form = forms.WithdrawForm(request.POST or None, version=quotation.version)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.withdraw_consent(
                quotation=quotation,
                how=data["how"],
                by=request.actor,
                today=request.today,
                expected_version=data["version"],
            ),
            lambda row: page_of(request, row),
            said="The words were wiped. They are on no page and in no report from now on.",
        )
        if done:
            return done
    return form_page(
        request,
        "Consent is withdrawn",
        form,
        quotation,
        words="The words are wiped at once, and cannot be brought back. What is published already in a report that "
        "was issued stays in it until that report is withdrawn.",
        submit_text="Wipe the words",
    )
