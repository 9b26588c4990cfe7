"""Results across audits: how practice was judged, by question and agency, over time."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpResponse

from shield.domain.audits import contribution, forms, permissions, queries
from shield.domain.audits.queries import Result
from shield.domain.audits.rules import Point
from shield.domain.audits.views.frame import crumbs
from shield.improvement.views.ways import page_of
from shield.kernel.access.views import page
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import charts
from shield.kernel.design.views import table_response

MOST_BARS = 12
MOST_WORDS = 6
"""As many series as a chart can tell apart."""


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
        "pictures": list(_pictures(rows, questions.get(key, ""))),
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


TONES = (("good", "Judged well"), ("attention", "Judged in between"), ("late", "Judged poorly"))


def _pictures(rows: list[Result], question: str) -> Iterator[charts.StackedBars | charts.Bars]:
    """How often each judgement was given over the audits, in order of time; and how much each judged well."""
    said = [row for row in rows if not row.by_panel]
    about = question or "all questions"
    if said:
        over = _gathered(
            said,
            lambda row: row.audit.pk,
            lambda row: f"{row.audit.reference}, {contribution.when(row.audit)}",
        )
        yield _bars(f"Over the audits: {about}", over, exact=bool(question))
    by = sorted(_gathered(rows, lambda row: row.agency, lambda row: row.agency))
    if len(by) > 1:
        yield charts.Bars(
            key="by-agency", title=f"Share judged well, by who judged: {about}"[:160], label_name="Judged by, and how often",
            value_name="Share judged well", unit="%", horizontal=True,
            items=tuple((f"{name} ({_base(mine)} judged)", _share_well(mine)) for name, mine in by),
        )  # fmt: skip


LEAST = 5
"""Of fewer judgements no share is told: one of one is no hundred percent."""


def _base(rows: list[Result]) -> int:
    """How many judgements there are that say well or poorly; what does not apply says neither."""
    return sum(_many(rows, lambda p, t=tone: p.tone == t) for tone, _ in TONES)


def _share_well(rows: list[Result]) -> float | None:
    """Percent of the judgements that say practice is good; None of fewer than a few."""
    every = _base(rows)
    return round(100 * _many(rows, lambda p: p.tone == "good") / every) if every >= LEAST else None


def _gathered(
    rows: list[Result], key: Callable[[Result], Any], label: Callable[[Result], str]
) -> list[tuple[str, list[Result]]]:
    """The results that make one bar, under the bar's name."""
    made: dict[Any, tuple[str, list[Result]]] = {}
    for row in rows:
        made.setdefault(key(row), (label(row), []))[1].append(row)
    return list(made.values())


def _bars(title: str, bars: list[tuple[str, list[Result]]], *, exact: bool) -> charts.StackedBars:
    """One question in its own words; several questions, or more words than can be told apart, by well and poorly."""
    bars = bars[-MOST_BARS:]
    words = {p.word: None for _, rows in bars for row in rows for p in row.points if row.many(p.code)}
    if exact and 0 < len(words) <= MOST_WORDS:
        found = [(word, [_many(rows, lambda p, w=word: p.word == w) for _, rows in bars]) for word in words]
    else:
        found = [
            (word, [_many(rows, lambda p, t=tone: p.tone == t) for _, rows in bars]) for tone, word in TONES
        ]
    return charts.StackedBars(
        key="over-audits", title=title[:160], label_name="Audit", labels=tuple(label for label, _ in bars),
        series=tuple(charts.Series(name=word, values=tuple(map(float, values))) for word, values in found),
    )  # fmt: skip


def _many(rows: list[Result], counts: Callable[[Point], bool]) -> int:
    return sum(row.many(point.code) for row in rows for point in row.points if counts(point))
