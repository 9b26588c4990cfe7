"""Taking a chronology out: Word, PDF or Excel, with names for those who may, or with pseudonyms."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from shield.domain.chronologies import exchange, forms, permissions, services
from shield.domain.chronologies.models import Chronology
from shield.domain.chronologies.queries import findings, merged, naming
from shield.domain.chronologies.queries.merged import Asked
from shield.domain.chronologies.views.frame import crumbs, file_answer, form_page
from shield.improvement.views.ways import link, page_of
from shield.kernel.access.views import page
from shield.kernel.calendar import queries as calendar
from shield.kernel.records.rules import Refused


@page(permissions.READ, record=Chronology)
def chronology_export(request: Any, chronology: Chronology) -> HttpResponse:
    """Take out what the address asks to be shown."""
    may_name = request.actor.may(permissions.EXPORT_NAMES)
    form = forms.ExportForm(request.POST or None, may_name=may_name)
    asked = _asked(request, chronology)
    links: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _file(
                request, chronology, asked, form.cleaned_data["form"], form.cleaned_data["names"] == "names"
            )
        except Refused as refusal:
            form.refuse(refusal.message, refusal.field)
            links = _names_page(request, chronology) if refusal.field == "names" else []
    number = merged.events(chronology, asked).count()
    kept = " that your filters leave" if asked.is_filtered else ""
    intro = [
        f"{number:,} events{kept} are taken out, with conflicts and gaps. That you took them out is kept in the history."
    ]
    return form_page(
        request, "Export the chronology", form, way=crumbs(request, chronology), cancel=page_of(request, chronology), intro=intro,
        submit_text="Export it", links=links,
    )  # fmt: skip


def _names_page(request: Any, chronology: Chronology) -> list[tuple[str, str]]:
    """Where somebody says whose the words are that may be names."""
    there = link(request, "names_decide", about=chronology.about.as_text())
    return [("Say whose these words are", there)]


def _asked(request: Any, chronology: Chronology) -> Asked:
    if not request.GET:
        return Asked()
    given = forms.MergedFilter(
        request.GET, agencies=merged.agencies_in(chronology), themes=merged.themes_of(chronology)
    )
    return given.asked()


def _file(request: Any, chronology: Chronology, asked: Asked, form: str, names: bool) -> HttpResponse:
    rows = merged.with_agencies(merged.events(chronology, asked)).order_by("order", "sequence", "id")
    if form != "xlsx" and rows.count() > exchange.MOST_IN_A_DOCUMENT:
        raise Refused(
            f"A document holds {exchange.MOST_IN_A_DOCUMENT:,} events at most. Set filters, or choose Excel.",
            "form",
        )
    events = merged.whole(list(rows))
    conflicts = list(findings.conflicts(chronology, request.actor))
    doubts = [] if names else naming.unresolved(chronology, events, conflicts, request.actor)
    services.note_export(
        chronology=chronology, form=form, names=names, count=len(events), by=request.actor,
        unresolved=[f"“{each.text}” ({each.where})" for each in doubts],
    )  # fmt: skip
    taken = exchange.Taken(
        chronology=chronology, events=events, conflicts=conflicts, gaps=findings.gaps_in(chronology, today=request.today),
        organisation=request.partnership.name, filtered=asked.is_filtered, names=names,
        disguise=exchange.as_is if names else naming.disguise(chronology, request.actor),
    )  # fmt: skip
    content_type, make = exchange.FILES[form]
    return file_answer(make(taken, at=calendar.now()), content_type, f"{chronology.reference.lower()}.{form}")
