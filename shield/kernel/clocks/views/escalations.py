"""What is late or stuck and was put before the safeguarding partners."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from shield.kernel.access.rules import Forbidden
from shield.kernel.access.views import page, submit
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import doors, forms, permissions, queries, rules, services
from shield.kernel.clocks.models import Clock, Escalation
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response
from shield.kernel.history import queries as history
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Panel, RecordRef, parse_ref

TONES = {"open": "attention", "answered": "good", "withdrawn": "neutral"}


def _to(request: Any, name: str, row: Escalation | None = None) -> str:
    kwargs: dict[str, Any] = {"partnership": request.actor.partnership_slug}
    return reverse(name, kwargs={**kwargs, "id": row.pk} if row else kwargs)


def _way(request: Any, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Clocks", _to(request, "clocks")), ("Escalations", _to(request, "escalations")), *more]


@page(permissions.VIEW_ESCALATIONS)
def escalations(request: Any) -> HttpResponse:
    """Everything that was escalated, what waits for an answer first."""
    filters = forms.EscalationFilter(request.GET)
    rows = queries.escalations(request.actor)
    if state := filters.chosen.get("state"):
        rows = rows.filter(state=state)
    table = Table(
        rows,
        (
            Column(
                key="about",
                label="About",
                value="about_title",
                href=lambda row: _to(request, "escalation", row),
            ),
            Column(key="due_on", label="Was due", sort=True),
            Column(key="raised_on", label="Escalated on", sort=True),
            Column(
                key="raised_by",
                label="By",
                value=lambda row: row.raised_by.name if row.raised_by else "Shield",
            ),
            Column(
                key="state",
                label="Stands at",
                value=lambda row: row.get_state_display(),
                tone=lambda row: TONES[row.state],
                sort=True,
            ),
        ),
        request.GET,
        caption="Escalations",
        show_caption=False,
        filtered=bool(filters.chosen),
        empty="Nothing was escalated.",
        empty_hint="A statutory duty is escalated by itself on the day after its date. Anything else that is late "
        "can be escalated from its own page.",
    )
    context = {
        "page_title": "Escalations",
        "filters": filters,
        "wide": True,
        "breadcrumbs": [("Clocks", _to(request, "clocks")), ("Escalations", "")],
    }
    return table_response(request, "clocks/escalations.html", context, table, file_name="escalations")


@page(permissions.VIEW_ESCALATIONS, record=Escalation)
def escalation(request: Any, escalation: Escalation) -> HttpResponse:
    """One escalation: what is late, why it was raised, and what comes of it."""
    title = records.titles([escalation.about], request.actor).get(escalation.about_id)
    slug = request.actor.partnership_slug
    facts: list[Any] = [
        {
            "key": "About",
            "value": title or "A record that you may not see",
            "href": records.address(escalation.about_kind, escalation.about_id, slug) if title else "",
        },
        ("Was due", escalation.due_on or "No date"),
        ("Escalated", _raised(escalation)),
        ("Why", escalation.reason),
    ]
    for more in escalation.further_reasons.select_related("given_by"):
        facts.append(("Also", f"{more.reason} ({more.given_by or 'Shield'}, {in_words(more.given_on)})"))
    if escalation.answered_on:
        label = "Answer" if escalation.state == rules.EscalationState.ANSWERED else "Why it was taken back"
        facts.append((label, escalation.answer))
        facts.append(("By", f"{escalation.answered_by or 'Shield'}, {in_words(escalation.answered_on)}"))
    is_open, may = escalation.state == rules.EscalationState.OPEN, request.actor.may
    others = rules.may_answer_what_was_raised_by(escalation.raised_by_id, request.actor.person_id)
    context = {
        "page_title": title or "An escalation",
        "page_caption": f"Escalation {escalation.reference}",
        "breadcrumbs": _way(request, (escalation.reference, "")),
        "standing": (escalation.get_state_display(), TONES[escalation.state]),
        "facts": facts,
        "answer_href": _to(request, "escalation_answer", escalation)
        if is_open and others and may(permissions.ANSWER)
        else "",
        "withdraw_href": _to(request, "escalation_withdraw", escalation)
        if is_open and may(permissions.ESCALATE)
        else "",
        "entries": history.of_record(escalation.partnership_id, escalation.pk),
    }
    return render(request, "clocks/escalation.html", context)


def _raised(row: Escalation) -> str:
    return f"{in_words(row.raised_on)}, by {row.raised_by or 'Shield, because the date had passed'}"


@page(permissions.ESCALATE)
def escalate(request: Any) -> HttpResponse:
    """Put the record named by `about=kind:id` before the safeguarding partners."""
    if not request.GET.get("about"):
        messages.error(request, "Open the record that is late or stuck, and escalate it from its own page.")
        return HttpResponseRedirect(_to(request, "escalations"))
    about = _about(request)
    home = records.address(about.kind, about.id, request.actor.partnership_slug)
    known = queries.open_escalation(about.id)
    if known is not None and request.method != "POST":
        messages.info(request, "This is before the safeguarding partners already and waits for their answer.")
        return HttpResponseRedirect(_to(request, "escalation", known))
    form = forms.EscalateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = (
            _escalate(request, form, about, reason) if known is None else _join(request, form, known, reason)
        )
        if done:
            return done
    context = {
        "page_title": "Escalate this",
        "page_caption": about.title,
        "form": form,
        "submit_text": "Escalate it",
        "cancel_href": home,
        "breadcrumbs": _way(request, ("Escalate", "")),
    }
    return render(request, "design/form_page.html", context)


def _escalate(request: Any, form: Any, about: RecordRef, reason: str) -> HttpResponse | None:
    due_on, today = queries.due_of(about, request.actor), request.today
    return submit(
        request,
        form,
        lambda: services.escalate(about=about, due_on=due_on, reason=reason, by=request.actor, today=today),
        lambda row: _to(request, "escalation", row),
        said="It was escalated. The safeguarding partners are told.",
    )


def _join(request: Any, form: Any, known: Escalation, reason: str) -> HttpResponse | None:
    """It was escalated while this person wrote: what they wrote stands beside it."""
    who = "You" if known.raised_by_id == request.actor.person_id else known.raised_by or "Shield"
    return submit(
        request,
        form,
        lambda: services.add_reason(escalation=known, reason=reason, by=request.actor, today=request.today),
        lambda _: _to(request, "escalation", known),
        said=f"{who} escalated this meanwhile. Your reason was added to that escalation.",
    )


def _about(request: Any) -> RecordRef:
    ref = parse_ref(request.GET.get("about", ""))
    title = records.titles([ref], request.actor).get(ref.id) if ref else None
    if ref is None or title is None or not queries.has_a_date(ref.kind):
        raise Http404
    return RecordRef(ref.kind, ref.id, title)


@page(permissions.ANSWER, record=Escalation)
def answer(request: Any, escalation: Escalation) -> HttpResponse:
    """Say what comes of an escalation; whoever raised it leaves that to others."""
    if not rules.may_answer_what_was_raised_by(escalation.raised_by_id, request.actor.person_id):
        raise Forbidden(rules.OWN)
    words = {
        "title": "Answer this escalation",
        "button": "Answer it",
        "said": "It was answered, and whoever raised it is told.",
    }
    return _perform(request, escalation, forms.AnswerForm, services.answer_escalation, "answer", words)


@page(permissions.ESCALATE, record=Escalation)
def withdraw(request: Any, escalation: Escalation) -> HttpResponse:
    """Take an escalation back."""
    words = {"title": "Take this escalation back", "button": "Take it back", "said": "It was taken back."}
    return _perform(request, escalation, forms.WithdrawForm, services.withdraw_escalation, "reason", words)


def _perform(
    request: Any, row: Escalation, form_class: Any, act: Any, field: str, words: dict[str, str]
) -> HttpResponse:
    form = form_class(request.POST or None, version=row.version)
    if request.method == "POST" and form.is_valid():
        given = {field: form.cleaned_data[field], "expected_version": form.cleaned_data["version"]}
        done = submit(
            request,
            form,
            lambda: act(escalation=row, by=request.actor, today=request.today, **given),
            lambda after: _to(request, "escalation", after),
            said=words["said"],
        )
        if done:
            return done
    context = {
        "page_title": words["title"],
        "page_caption": row.about_title,
        "form": form,
        "submit_text": words["button"],
        "cancel_href": _to(request, "escalation", row),
        "breadcrumbs": _way(request, (row.reference, _to(request, "escalation", row)), (words["title"], "")),
    }
    return render(request, "design/form_page.html", context)


def offered(request: Any, clock: Clock, raised: list[Escalation]) -> list[dict[str, str]]:
    """On the page of a clock: its open escalation, or the way to escalate it."""
    known = next((row for row in raised if row.state == rules.EscalationState.OPEN), None)
    if known is not None:
        return [{"href": _to(request, "escalation", known), "text": "See its escalation"}]
    if clock.state in {rules.State.RUNNING, rules.State.PAUSED} and request.actor.may(permissions.ESCALATE):
        return [{"href": f"{_to(request, 'escalate')}?about={clock.ref.as_text()}", "text": "Escalate it"}]
    return []


def panel(raised: list[Escalation]) -> list[Panel]:
    """On the page of a clock: what was escalated, and what came of it."""
    return [doors.escalated(raised)] if raised else []
