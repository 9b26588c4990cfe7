"""The partnership's whole history, and whether it is sound."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect

from shield.kernel.access.views import page
from shield.kernel.accounts import forms, permissions, queries
from shield.kernel.accounts.views import frame
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import values
from shield.kernel.design.views import table_response
from shield.kernel.history import queries as trail
from shield.kernel.history import services
from shield.kernel.records import queries as records
from shield.kernel.records.models import KINDS, kind_label


@page(permissions.VIEW_HISTORY)
def history(request: Any) -> HttpResponse:
    """Everything that happened in the partnership, newest first; sent as a form, it is verified."""
    actor = request.actor
    if request.method == "POST":
        return _verify(request)
    filters = forms.HistoryFilter(request.GET, people=list(queries.everybody_of(actor.partnership_id)))
    rows = trail.trail(actor.partnership_id, **_asked(filters.chosen))
    table = Table(
        rows,
        _columns(request),
        request.GET,
        caption="History",
        show_caption=False,
        page_size=50,
        exportable=actor.may(permissions.EXPORT_IDENTITIES),
        filtered=bool(filters.chosen),
        empty="Nothing has happened yet.",
    )
    context = {
        "page_title": "History",
        "filters": filters,
        "verified": _last(actor.partnership_id),
        "breadcrumbs": frame.way(request, ("History", "")),
    }
    return table_response(request, "accounts/history.html", context, table, file_name="history")


def _asked(chosen: dict[str, Any]) -> dict[str, Any]:
    """The filter as the query takes it."""
    asked: dict[str, Any] = {"record_kind": chosen.get("kind", "")}
    person = chosen.get("person", "")
    if person == forms.BY_SYSTEM:
        asked["by_system"] = True
    elif person:
        asked["actor_id"] = uuid.UUID(person)
    return asked


def _columns(request: Any) -> tuple[Column, ...]:
    slug = request.actor.partnership_slug

    def address(event: Any) -> str | None:
        """The record's page, if its kind is one that this person may see; nothing of the record is told."""
        model = KINDS.get(event.record_kind)
        if model is None or not request.actor.may(model.view_permission):
            return None
        return records.address(event.record_kind, event.record_id, slug) or None

    return (
        Column(
            key="what",
            label="What happened",
            value=lambda e: f"{e.actor_name or 'Shield'} {trail.entry(e).sentence}",
        ),
        Column(key="at", label="When", value=lambda e: values.moment(e.at), export=lambda e: e.at),
        Column(key="about", label="Record", value=lambda e: kind_label(e.record_kind), href=address),
        Column(key="sequence", label="Entry", numeric=True),
    )


def _last(partnership_id: uuid.UUID) -> dict[str, str] | None:
    """When the chain was last found sound, by whom, up to which entry."""
    event = trail.last_verified(partnership_id)
    if event is None:
        return None
    return {
        "at": values.moment(event.at),
        "by": event.actor_name or "Shield",
        "count": json.loads(event.details).get("count", ""),
    }


def _verify(request: Any) -> HttpResponse:
    """Walk the whole chain and say what was found."""
    verdict = services.verify(of=request.partnership.ref, by=request.actor)
    if verdict.sound:
        messages.success(
            request,
            f"The history is sound: {values.count(verdict.count, 'entry', 'entries')} checked, none changed, removed or reordered.",
        )
    else:
        messages.error(request, f"The history is not sound. {verdict.first_fault}")
    if verdict.note:
        messages.warning(request, verdict.note)
    return HttpResponseRedirect(frame.to(request, "history"))
