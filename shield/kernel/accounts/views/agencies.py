"""Pages on agencies."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.kernel.access.views import page, submit
from shield.kernel.accounts import forms, permissions, queries, rules, services
from shield.kernel.accounts.models import Agency
from shield.kernel.accounts.views import frame
from shield.kernel.calendar.rules import in_words
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.views import table_response
from shield.kernel.history import queries as history
from shield.kernel.records import queries as records


@page(permissions.VIEW_PROFILE)
def agencies(request: Any) -> HttpResponse:
    """The agencies of the partnership: lead partners, relevant agencies, their units."""
    filters = forms.AgencyFilter(request.GET)
    slug = request.actor.partnership_slug
    may_edit = request.actor.may(permissions.EDIT_PROFILE)
    columns = (
        Column(key="name", label="Agency", sort=True, href=lambda row: records.address_of(row, slug)),
        Column(key="sector", label="Sector", sort=True, value=lambda row: row.get_sector_display()),
        Column(key="parent", label="Part of", sort="parent__name", value="parent.name"),
        Column(
            key="lead",
            label="Place",
            value=lambda row: place(row, request.today)[0],
            tone=lambda row: place(row, request.today)[1],
        ),
        Column(key="relevant_from", label="Relevant from", sort=True),
        Column(key="relevant_to", label="Relevant until", sort=True),
    )
    table = Table(
        queries.chosen_agencies(request.actor, request.today, **filters.chosen),
        columns,
        request.GET,
        caption="Agencies",
        show_caption=False,
        default_sort="name",
        page_size=50,
        filtered=bool(filters.chosen),
        empty="No agency takes part yet.",
        empty_hint="Begin with the three statutory safeguarding partners.",
        empty_href=frame.to(request, "agency_add") if may_edit else "",
        empty_link="Add an agency",
    )
    context = {
        "page_title": "Agencies",
        "filters": filters,
        "may_edit": may_edit,
        "breadcrumbs": frame.way(request, ("Agencies", "")),
    }
    return table_response(request, "accounts/agencies.html", context, table, file_name="agencies")


def place(row: Agency, today: Any) -> tuple[str, str]:
    """Its place in the partnership in words, and the tone of the tag."""
    if row.lead_partner:
        return "Lead partner", "good"
    if row.relevant_from and rules.in_force(row.relevant_from, row.relevant_to, today):
        return "Relevant agency", "info"
    return ("Was a relevant agency", "neutral") if row.relevant_from else ("", "neutral")


@page(permissions.VIEW_PROFILE, record=Agency)
def agency(request: Any, agency: Agency) -> HttpResponse:
    """One agency: its place in the partnership, its units, what it is asked to do, its seats."""
    actor = request.actor
    words, tone = place(agency, request.today)
    context = {
        "page_title": agency.name,
        "page_caption": agency.get_sector_display(),
        "breadcrumbs": frame.way(request, ("Agencies", frame.to(request, "agencies")), (agency.name, "")),
        "agency": agency,
        "place_words": words,
        "place_tone": tone,
        "facts": _facts(request, agency),
        "units": list(Agency.objects.visible_to(actor).filter(parent=agency)),
        "people": _people(request, agency),
        "panels": records.panels(agency.ref, actor),
        "source": queries.source_of(agency),
        "entries": history.of_record(agency.partnership_id, agency.pk),
        "may_edit": actor.may(permissions.EDIT_PROFILE),
    }
    return render(request, "accounts/agency.html", context)


def _facts(request: Any, row: Agency) -> list[Any]:
    facts: list[Any] = [("Short name", row.short_name)] if row.short_name else []
    if row.lead_partner:
        facts.append(("Statutory safeguarding partner", row.get_lead_partner_display()))
    if row.parent:
        facts.append(
            {"key": "Part of", "value": row.parent.name, "href": frame.to(request, "agency", row.parent)}
        )
    if row.relevant_from:
        until = f" to {in_words(row.relevant_to)}" if row.relevant_to else ", still"
        facts.append(("Relevant agency", f"From {in_words(row.relevant_from)}{until}"))
    if row.note:
        facts.append(("Note", row.note))
    return facts


def _people(request: Any, row: Agency) -> list[dict[str, Any]] | None:
    """Who works for it now; None for those who may not see people."""
    if not request.actor.may(permissions.VIEW_PEOPLE):
        return None
    directory: Any = queries.directory(request.actor, request.today, agency=row)
    return [
        {
            "record": person,
            "post": ", ".join(p.post for p in person.posts if p.agency_id == row.pk and p.post),
        }
        for person in directory
    ]


@page(permissions.EDIT_PROFILE)
def add_agency(request: Any) -> HttpResponse:
    """Add an agency to the partnership."""
    form = forms.AgencyForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        if done := submit(
            request,
            form,
            lambda: services.add_agency(by=request.actor, **form.values),
            lambda row: frame.to(request, "agency", row),
            said="The agency was added.",
        ):
            return done
    there = frame.to(request, "agencies")
    context = {
        "page_title": "Add an agency",
        "form": form,
        "submit_text": "Add the agency",
        "cancel_href": there,
    }
    return render(
        request, "accounts/form.html", {**context, "breadcrumbs": frame.way(request, ("Agencies", there))}
    )


@page(permissions.EDIT_PROFILE, record=Agency)
def change_agency(request: Any, agency: Agency) -> HttpResponse:
    """Change an agency's name, sector, place among the partners or dates."""
    form = forms.AgencyForm(
        request.POST or None,
        actor=request.actor,
        agency=agency,
        version=agency.version,
        initial=forms.AgencyForm.initial_of(agency),
    )
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if done := submit(
            request,
            form,
            lambda: services.change_agency(
                agency=agency, changes=form.values, by=request.actor, expected_version=version
            ),
            lambda row: frame.to(request, "agency", row),
            said="The agency was changed.",
        ):
            return done
    there = frame.to(request, "agency", agency)
    context = {
        "page_title": "Change this agency",
        "page_caption": agency.name,
        "form": form,
        "cancel_href": there,
    }
    crumbs = frame.way(request, ("Agencies", frame.to(request, "agencies")), (agency.name, there))
    return render(request, "accounts/form.html", {**context, "breadcrumbs": crumbs})
