"""Results across audits: how practice was judged, by question and agency, over time."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse

from shield.domain.audits import contribution, forms, permissions, queries
from shield.domain.audits.queries import Result
from shield.domain.audits.views.frame import crumbs
from shield.improvement.views.ways import page_of
from shield.kernel.access.views import page
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import charts
from shield.kernel.design.views import table_response

MOST_BARS = 12


@page(permissions.VIEW)
def results(request: Any) -> HttpResponse:
    """Judgements of every audit the panel has compared, as far as this person may see them."""
    actor = request.actor
    every = queries.results(actor)
    questions = {row.key: row.question for row in every}
    agencies = [(str(a.pk), a.name) for a in queries.agencies_judged(actor)]
    form = forms.ResultsFilter(
        request.GET or None, offered={"question": list(questions.items()), "agency": agencies}
    )
    chosen = form.chosen if request.GET else {}
    rows = every
    if chosen:
        agency = chosen.get("agency")
        rows = queries.results(
            actor, key=chosen.get("question", ""), agency_id=uuid.UUID(agency) if agency else None
        )
    table = Table(
        rows,
        _columns(request),
        request.GET,
        caption="Judgements by question and agency",
        show_caption=False,
        filtered=bool(chosen),
        empty="No audit has been compared by its panel yet.",
        empty_hint="Judgements are shown here once a panel compares what the agencies said.",
        file_name="audit results",
    )
    key = chosen.get("question", "")
    context = {
        "page_title": "Results across audits",
        "breadcrumbs": crumbs(request, None, ("Results across audits", "")),
        "filters": form,
        "chart": _chart([row for row in rows if row.key == key], questions.get(key, "")) if key else None,
        "has_rows": bool(every),
    }
    return table_response(request, "audits/results.html", context, table)


def _columns(request: Any) -> tuple[Column, ...]:
    return (
        Column(key="starts_on", label="When", value=lambda row: contribution.when(row.audit), sort=lambda row: row.audit.starts_on),
        Column(key="audit", label="Audit", value="audit.title", sort=lambda row: row.audit.title,
               href=lambda row: page_of(request, row.audit)),
        Column(key="question", label="Question", sort=True),
        Column(key="agency", label="Judged by", sort=True),
        Column(key="given", label="Judgements", value=in_words),
        Column(key="judged", label="Records", numeric=True, sort=True),
    )  # fmt: skip


def in_words(row: Result) -> str:
    """How often each judgement was given, the best first."""
    return ", ".join(f"{p.word}: {row.many(p.code)}" for p in row.points if row.many(p.code))


def _chart(rows: list[Result], question: str) -> charts.StackedBars | None:
    """One question over the audits: a bar for each agency in each audit, from the best judgement to the worst."""
    if not rows:
        return None
    last = rows[-MOST_BARS:]
    points = {p.code: p for row in last for p in row.points}
    return charts.StackedBars(
        key="audit-results",
        title=question[:160],
        label_name="Judged by",
        labels=tuple(f"{row.agency}, {row.audit.reference}" for row in last),
        series=tuple(
            charts.Series(name=p.word, values=tuple(float(row.many(code)) for row in last))
            for code, p in points.items()
        ),
    )
