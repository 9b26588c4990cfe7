"""Findings and the themes that group them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.improvement import forms, permissions, queries, services
from shield.improvement.models import Finding, Priority, Recommendation, Theme
from shield.improvement.views.ways import around, asked_about, buttons, link, onward, page_of
from shield.kernel.access.views import page, submit
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response
from shield.kernel.records import queries as records
from shield.kernel.records.rules import RecordRef

TONES = {"working_well": "good", "to_develop": "attention"}


@page(permissions.VIEW)
def findings(request: Any) -> HttpResponse:
    """What was found, working well and to develop, by source."""
    actor = request.actor
    priorities = [(str(p.pk), p.heading) for p in Priority.objects.visible_to(actor)]
    themes = [(str(t.pk), t.title) for t in Theme.objects.visible_to(actor)]
    form = forms.FindingFilter(request.GET or None, offered={"priority": priorities, "theme": themes})
    chosen = form.chosen if request.GET else {}
    fields = {"found": "sort", "source": "evidence_from", "priority": "priority", "theme": "themes"}
    rows = queries.findings(actor).filter(**{fields[name]: value for name, value in chosen.items()})
    may = actor.may(permissions.EDIT)
    add = link(request, "finding_add")
    table = Table(
        rows,
        _columns(request),
        request.GET,
        caption="Findings",
        show_caption=False,
        filtered=bool(chosen),
        empty="Nothing has been found yet.",
        empty_hint="Findings come from hub sessions, audits and what people said." if may else "",
        empty_href=add if may else "",
        empty_link="Add a finding",
    )
    context = {
        "page_title": "Findings",
        "filters": form,
        "buttons": buttons(("Add a finding", add, may)),
        "also": [
            ("Sort them on the board", link(request, "findings_board")),
            ("Themes", link(request, "themes")),
        ],
    }
    return table_response(request, "improvement/register.html", context, table)


def _columns(request: Any) -> tuple[Column, ...]:
    """The columns of the list of findings."""
    return (
        Column(
            key="text",
            label="What was found",
            value="heading",
            href=lambda row: page_of(request, row),
            export=lambda row: row.text,
        ),
        Column(
            key="sort",
            label="Practice is",
            value=lambda row: row.get_sort_display(),
            sort=True,
            tone=lambda row: TONES[row.sort],
        ),
        Column(
            key="evidence_from", label="Source", value=lambda row: row.get_evidence_from_display(), sort=True
        ),
        Column(
            key="priority",
            label="Priority",
            value="priority.short",
            sort="priority__number",
            export=lambda row: row.priority and row.priority.heading,
        ),
        Column(key="themes", label="Themes", value=lambda row: ", ".join(t.title for t in row.themes.all())),
    )


@page(permissions.VIEW, record=Finding, past=True)
def finding(request: Any, finding: Finding) -> HttpResponse:
    """One finding: what was found where, and what it led to."""
    actor, about = request.actor, finding.ref.as_text()
    origin = RecordRef(finding.origin_kind, finding.origin_id) if finding.origin_id else None
    titles = records.titles([origin], actor) if origin else {}
    place = titles.get(origin.id) if origin else None
    themes = list(finding.themes.standing())
    led_to = list(Recommendation.objects.visible_to(actor).filter(findings=finding))
    may = actor.may(permissions.EDIT)
    context = around(
        request,
        finding,
        ("Findings", link(request, "findings")),
        tags=[(finding.get_sort_display(), TONES[finding.sort])],
        facts=[
            ("What was found", finding.text),
            ("Source", finding.get_evidence_from_display()),
            ("Found on", finding.found_on),
            {
                "key": "Priority",
                "value": finding.priority and finding.priority.heading,
                "href": finding.priority and page_of(request, finding.priority),
            },
            *([{"key": "Found at", "value": place, "href": page_of(request, origin)}] if place else []),
        ],
        themes=[(row.title, page_of(request, row)) for row in themes],
        recommendations=led_to,
        buttons=buttons(
            (
                "Draft a recommendation from it",
                link(request, "recommendation_add", about=about),
                may and finding.priority is not None,
            ),
        ),
    )
    return render(request, "improvement/finding.html", context)


@page(permissions.EDIT)
def finding_add(request: Any) -> HttpResponse:
    """Record a finding; `about` names the priority, the theme or the meeting it comes from."""
    about = asked_about(request)
    initial: dict[str, Any] = {"found_on": request.today}
    origin = None
    if isinstance(about, Priority):
        initial["priority"] = str(about.pk)
    elif isinstance(about, Theme):
        initial |= {"priority": str(about.priority_id or ""), "themes": [str(about.pk)]}
    elif about is not None:
        origin = about.ref
        initial |= {
            "found_on": getattr(about, "held_on", None),
            "priority": str(getattr(about, "priority_id", "") or ""),
        }
    form = forms.FindingForm(request.POST or None, actor=request.actor, today=request.today, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.add_finding(
                text=data["text"],
                sort=data["sort"],
                evidence_from=data["evidence_from"],
                found_on=data["found_on"],
                priority=form.picked("priority"),
                themes=form.picked_all("themes"),
                origin=origin,
                by=request.actor,
            ),
            lambda made: onward(request, page_of(request, made)),
            said="The finding was recorded.",
        )
        if done:
            return done
    context = {
        "page_title": "Add a finding",
        "page_caption": about.heading if about is not None else "",
        "form": form,
        "cancel_href": page_of(request, about) if about is not None else link(request, "findings"),
        "breadcrumbs": [("Findings", link(request, "findings")), ("Add", "")],
    }
    return render(request, "design/form_page.html", context)


@page(permissions.VIEW)
def themes(request: Any) -> HttpResponse:
    """What findings have in common."""
    may = request.actor.may(permissions.EDIT)
    add = link(request, "theme_add")
    columns = (
        Column(key="title", label="Theme", sort=True, href=lambda row: page_of(request, row)),
        Column(
            key="priority",
            label="Priority",
            value="priority.short",
            sort="priority__number",
            export=lambda row: row.priority and row.priority.heading,
        ),
        Column(key="held", label="Findings", numeric=True, sort=True),
        Column(key="led_to", label="Recommendations", numeric=True, sort=True),
    )
    table = Table(
        queries.themes(request.actor),
        columns,
        request.GET,
        caption="Themes",
        show_caption=False,
        default_sort="title",
        empty="No theme yet.",
        empty_hint="A theme says what several findings have in common." if may else "",
        empty_href=add if may else "",
        empty_link="Add a theme",
    )
    context = {
        "page_title": "Themes",
        "buttons": buttons(("Add a theme", add, may)),
        "also": [("Findings", link(request, "findings"))],
    }
    return table_response(request, "improvement/register.html", context, table)


@page(permissions.VIEW, record=Theme, past=True)
def theme(request: Any, theme: Theme) -> HttpResponse:
    """One theme: its findings, and the recommendations made of it."""
    actor = request.actor
    found = list(Finding.objects.visible_to(actor).filter(themes=theme).order_by("sort", "reference"))
    led_to = list(Recommendation.objects.visible_to(actor).filter(themes=theme))
    context = around(
        request,
        theme,
        ("Themes", link(request, "themes")),
        facts=[
            {
                "key": "Priority",
                "value": theme.priority and theme.priority.heading,
                "href": theme.priority and page_of(request, theme.priority),
            }
        ],
        findings=[
            {
                "title": row.heading,
                "href": page_of(request, row),
                "hint": row.get_evidence_from_display(),
                "status": row.get_sort_display(),
                "tone": TONES[row.sort],
            }
            for row in found
        ],
        recommendations=led_to,
        buttons=buttons(
            (
                "Add a finding",
                link(request, "finding_add", about=theme.ref.as_text()),
                actor.may(permissions.EDIT),
            )
        ),
    )
    return render(request, "improvement/theme.html", context)


@page(permissions.EDIT)
def theme_add(request: Any) -> HttpResponse:
    """Add a theme."""
    form = forms.ThemeForm(request.POST or None, actor=request.actor, today=request.today)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.add_theme(
                title=form.cleaned_data["title"], priority=form.picked("priority"), by=request.actor
            ),
            lambda made: page_of(request, made),
            said="The theme was added.",
        )
        if done:
            return done
    context = {
        "page_title": "Add a theme",
        "form": form,
        "cancel_href": link(request, "themes"),
        "breadcrumbs": [("Themes", link(request, "themes")), ("Add", "")],
    }
    return render(request, "design/form_page.html", context)
