"""How far statutory duties were met in time over a period."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from shield.kernel.access.views import page
from shield.kernel.calendar.rules import in_words
from shield.kernel.clocks import forms, permissions, queries, rules
from shield.kernel.clocks.models import Clock
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import charts
from shield.kernel.design.views import table_response
from shield.kernel.records import queries as records


@page(permissions.VIEW)
def compliance(request: Any) -> HttpResponse:
    """Of the duties that fell due or were met in a period: how many in time, by duty, and which were not."""
    filters = forms.PeriodFilter(request.GET, today=request.today)
    starts, ends = filters.period
    duties, missed = queries.kept_in(request.actor, starts, ends, min(ends, request.today))
    table = Table(
        duties,
        (
            Column(key="title", label="Duty", sort=True),
            Column(key="known", label="Due or met", numeric=True, sort=True),
            Column(key="in_time", label="In time", numeric=True, sort=True),
            Column(key="rate", label="Rate", value=lambda row: row.rate_words, numeric=True),
        ),
        request.GET,
        caption="By duty, the worst first",
        filtered=filters.asked,
        empty="No duty fell due in this period.",
        empty_hint="Choose a longer period. A duty counts here once its date has passed, or once it was met.",
    )
    known, in_time = sum(row.known for row in duties), sum(row.in_time for row in duties)
    context = {
        "page_title": "Duties met in time",
        "page_caption": f"{in_words(starts)} to {in_words(ends)}",
        "filters": filters,
        "overall": rules.Kept("", known, in_time).rate_words,
        "chart": _chart(duties),
        "missed": [_line(row, request) for row in missed],
        "breadcrumbs": [
            ("Clocks", reverse("clocks", args=[request.actor.partnership_slug])),
            ("Met in time", ""),
        ],
    }
    return table_response(request, "clocks/compliance.html", context, table, file_name="duties met in time")


def _chart(duties: list[rules.Kept]) -> charts.Bars | None:
    if not duties:
        return None
    return charts.Bars(
        key="kept",
        title="Share of each duty met in time",
        items=tuple((row.title, round(100 * row.in_time / row.known)) for row in duties),
        label_name="Duty",
        value_name="Met in time",
        unit="%",
        horizontal=True,
    )


def _line(clock: Clock, request: Any) -> dict[str, str]:
    due = in_words(clock.due_on) if clock.due_on else "no date"
    done = f"met on {in_words(clock.met_on)}" if clock.met_on else "not met yet"
    slug = request.actor.partnership_slug
    return {"text": clock.title, "href": records.address_of(clock, slug), "note": f"due {due}, {done}"}
