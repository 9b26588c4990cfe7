"""Pages on who leads on which topic in each agency, and the yearly list of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from shield.kernel.access.views import page, submit
from shield.kernel.calendar import queries as calendar
from shield.kernel.calendar.rules import in_words
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response
from shield.kernel.history import queries as history
from shield.meetings import exchange, forms, permissions, queries, rules, services
from shield.meetings.models import TopicLead
from shield.meetings.views import frame

FILES = {
    "pdf": ("application/pdf", exchange.leads_pdf),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        exchange.leads_word,
    ),
}


@page(permissions.VIEW_LEADS)
def leads(request: Any) -> HttpResponse:
    """Who leads on each topic in each agency on a day, and where nobody does."""
    filters = forms.LeadsFilter(request.GET or None)
    chosen = filters.chosen if request.GET else {}
    on, topic = chosen.get("on") or request.today, chosen.get("topic") or ""
    by_agency = queries.leads_by_agency(request.actor, on)
    table = Table(
        queries.leads_on(request.actor, on, topic=topic),
        (
            Column(key="topic", label="Topic", value=lambda r: r.get_topic_display(), sort="topic"),
            Column(key="agency", label="Agency", value=lambda r: r.agency.name, sort="agency__name"),
            Column(key="who", label="Lead", value="who", href=lambda r: frame.to(request, "lead", r)),
            Column(key="contact", label="Reached at"),
            Column(key="starts_on", label="Since", sort=True),
        ),
        request.GET,
        caption="Leads",
        filtered=bool(chosen),
        empty="Nobody is named as a lead.",
        empty_hint="Name the lead of each agency, so that practitioners know whom to ask.",
        file_name="topic leads",
    )
    day = {"on": on.isoformat()}
    context = {
        "page_title": "Topic leads",
        "page_caption": f"As they stood on {in_words(on)}",
        "filters": filters,
        "gaps": _gaps(by_agency, topic),
        "covered": _covered(by_agency),
        "add_href": frame.to(request, "lead_name") if queries.may_name(request.actor) else "",
        "files": [(kind, frame.to(request, "leads_file", suffix=kind, **day)) for kind in FILES],
        "breadcrumbs": [*_above(request), ("Topic leads", "")],
    }
    return table_response(request, "meetings/leads.html", context, table, file_name="topic leads")


def _covered(rows: list[queries.AgencyLeads]) -> list[dict[str, Any]]:
    """For each topic: how many agencies have a lead, of how many."""
    return [
        {"value": f"{sum(bool(row.by_topic[n]) for row in rows)} of {len(rows)}", "label": topic.label}
        for n, topic in enumerate(rules.Topic)
    ]


def _gaps(rows: list[queries.AgencyLeads], topic: str) -> list[tuple[str, str]]:
    wanted = rules.Topic(topic).label if topic else ""
    found = [(row.agency.name, [t for t in row.missing if not wanted or t == wanted]) for row in rows]
    return [(name, ", ".join(missing)) for name, missing in found if missing]


@page(permissions.VIEW_LEADS)
def leads_file(request: Any, suffix: str, on: str) -> HttpResponse:
    """The list of leads as it stood on a day, as a document that can be handed round."""
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise Http404 from None
    if suffix not in FILES:
        raise Http404
    content_type, make = FILES[suffix]
    content = make(request.partnership, queries.leads_by_agency(request.actor, day), day, at=calendar.now())
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="topic leads {day.isoformat()}.{suffix}"'
    return answer


@page(permissions.VIEW_LEADS, record=TopicLead)
def lead(request: Any, lead: TopicLead) -> HttpResponse:
    """One lead: who, for what, since when, how to reach them."""
    may = queries.may_name(request.actor, lead.agency_id)
    ended = lead.ends_on is not None and lead.ends_on < request.today
    acts = [
        (frame.to(request, "lead_follow", lead), "Name who follows"),
        (frame.to(request, "lead_change", lead), "Correct the post or how to reach them"),
        (frame.to(request, "lead_end", lead), "End it"),
    ]
    context = {
        "page_title": f"{lead.get_topic_display()}: {lead.person.name if lead.person else lead.named}",
        "page_caption": lead.agency.name,
        "breadcrumbs": _way(request, (lead.who, "")),
        "ended": ended,
        "facts": [
            ("Topic", lead.get_topic_display()),
            ("Agency", lead.agency.name),
            ("Post", lead.post or "Not recorded"),
            ("Reached at", lead.contact or "Not recorded"),
            ("Since", lead.starts_on),
            ("Until", lead.ends_on or "No end is set"),
        ],
        "acts": [{"href": href, "text": text} for href, text in acts] if may and not ended else [],
        "entries": history.of_record(lead.partnership_id, lead.pk),
    }
    return render(request, "meetings/lead.html", context)


def _way(request: Any, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [*_above(request), ("Topic leads", frame.to(request, "leads")), *more]


def _above(request: Any) -> list[tuple[str, str]]:
    """The list of bodies, for those who may open it; practitioners find the leads from the partnership's page."""
    return frame.way(request, "bodies") if request.actor.may(permissions.VIEW) else []


@page(permissions.NAME_OWN_LEADS)
def lead_name(request: Any) -> HttpResponse:
    """Name a lead."""
    return _name(request, {"starts_on": request.today})


@page(permissions.NAME_OWN_LEADS, record=TopicLead)
def lead_follow(request: Any, lead: TopicLead) -> HttpResponse:
    """Name who follows a lead, whose own time ends the day before."""
    services.require_lead_of(by=request.actor, agency=lead.agency)
    asked = {"starts_on": request.today, "topic": lead.topic, "agency": lead.agency_id}
    return _name(request, asked, before=lead)


def _name(request: Any, initial: dict[str, Any], before: TopicLead | None = None) -> HttpResponse:
    form = forms.LeadForm(request.POST or None, actor=request.actor, today=request.today, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        values = {name: given.get(name) for name in ("topic", "agency", "person", "starts_on")}
        words = {name: given[name] for name in ("named", "post", "contact")}
        done = submit(
            request,
            form,
            lambda: services.name_lead(
                **values, **words, instead_of=before, by=request.actor, today=request.today
            ),
            lambda row: frame.to(request, "lead", row),
            said="The lead was named.",
        )
        if done:
            return done
    intro = f"{before.who} leads until the day before the new lead begins." if before else ""
    title, back = ("Name who follows", "lead") if before else ("Name a lead", "leads")
    return frame.asked(
        request, form, title, "Name the lead", of=before.heading if before else "", back=frame.to(request, back, before),
        way_there=_way(request), intro=intro,
    )  # fmt: skip


@page(permissions.NAME_OWN_LEADS, record=TopicLead)
def lead_change(request: Any, lead: TopicLead) -> HttpResponse:
    """Correct the post of a lead, or how to reach them."""
    services.require_lead_of(by=request.actor, agency=lead.agency)
    form = forms.LeadChangeForm(
        request.POST or None, version=lead.version, initial=forms.LeadChangeForm.initial_of(lead)
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.change_lead(
                lead=lead, changes=given, by=request.actor, expected_version=given["version"]
            ),
            lambda row: frame.to(request, "lead", row),
            said="It was corrected.",
        )
        if done:
            return done
    return _asked(request, lead, form, "Correct this lead", "Save")


@page(permissions.NAME_OWN_LEADS, record=TopicLead)
def lead_end(request: Any, lead: TopicLead) -> HttpResponse:
    """End a lead."""
    services.require_lead_of(by=request.actor, agency=lead.agency)
    form = forms.LeadEndForm(request.POST or None, version=lead.version, initial={"on": request.today})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.end_lead(
                lead=lead,
                on=given["on"],
                by=request.actor,
                today=request.today,
                expected_version=given["version"],
            ),
            lambda row: frame.to(request, "lead", row),
            said="The last day was recorded.",
        )
        if done:
            return done
    return _asked(request, lead, form, "End this lead", "End it")


def _asked(request: Any, lead: TopicLead, form: Any, title: str, button: str) -> HttpResponse:
    there = frame.to(request, "lead", lead)
    return frame.asked(
        request, form, title, button, of=lead.heading, back=there, way_there=_way(request, (lead.who, there))
    )
