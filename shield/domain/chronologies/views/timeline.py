"""The picture of a chronology: years, then months, then days, by links; a lane for each agency, and the table beside it."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.chronologies import permissions
from shield.domain.chronologies.models import Chronology, Entry
from shield.domain.chronologies.queries import merged
from shield.domain.chronologies.views.frame import crumbs
from shield.improvement.views.ways import link, page_of
from shield.kernel.access.views import page
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import charts
from shield.kernel.design.rules.values import count

DEGREES: tuple[tuple[int, charts.State], ...] = (
    (20, charts.State(word="20 or more", mark="20+", tone="done")),
    (5, charts.State(word="5 to 19", mark="5+", tone="good")),
    (1, charts.State(word="1 to 4", mark="1+", tone="planned")),
    (0, charts.State(word="None", mark="", tone="neutral")),
)
"""From how many entries on, and how that looks; a sign as well as a colour."""
MOST_DRAWN = 40
"""Entries of a month that are drawn one by one; of more, how many there are on each day."""
MOST_COLUMNS = 31
_TONES = {
    "missed": "late",
    "concern": "late",
    "positive": "good",
    "good": "good",
    "turning": "done",
    "": "neutral",
}


@page(permissions.READ, record=Chronology)
def chronology_timeline(request: Any, chronology: Chronology) -> HttpResponse:
    """Years; `at=2016` its months; `at=201605` its days."""
    asked = request.GET.get("at", "")
    at = asked if re.fullmatch(r"(19|20)\d\d(0[1-9]|1[0-2])?", asked) else ""
    picture, table, columns = (
        _by_day(request, chronology, at) if len(at) == 6 else _counted(request, chronology, at)
    )
    title = "Timeline"
    context = {
        "page_title": title, "page_caption": chronology.heading,
        "breadcrumbs": crumbs(request, chronology, *_way(request, chronology, at)),
        "picture": picture, "table": table, "links": columns,
        "before": _beside(request, chronology, at, -1), "after": _beside(request, chronology, at, 1),
        "merged": link(request, "chronology_merged", chronology),
    }  # fmt: skip
    return render(request, "chronologies/timeline.html", context)


def _named(at: str) -> str:
    return f"{date(int(at[:4]), int(at[4:]), 1):%B %Y}" if len(at) == 6 else at


def _at(request: Any, chronology: Chronology, at: str = "") -> str:
    return link(request, "chronology_timeline", chronology, at=at)


def _way(request: Any, chronology: Chronology, at: str) -> list[tuple[str, str]]:
    steps = [
        ("Timeline", ""),
        *([(at[:4], at[:4])] if at else []),
        *([(_named(at), at)] if len(at) == 6 else []),
    ]
    return [(text, _at(request, chronology, step) if step != at else "") for text, step in steps]


def _beside(request: Any, chronology: Chronology, at: str, by: int) -> tuple[str, str] | None:
    """The year or month before or after the one shown."""
    if not at:
        return None
    if len(at) == 4:
        other = f"{int(at) + by}"
    else:
        months = int(at[:4]) * 12 + int(at[4:]) - 1 + by
        other = f"{months // 12}{months % 12 + 1:02d}"
    return _named(other), _at(request, chronology, other)


def _counted(request: Any, chronology: Chronology, at: str) -> Any:
    """How many entries each agency has in each year, or in each month of a year."""
    counts = merged.counts(chronology, 6 if at else 4, at)
    agencies = merged.agencies_in(chronology)
    spans = [f"{at}{n:02d}" for n in range(1, 13)] if at else _years(counts)
    names = [f"{date(2000, int(span[4:]), 1):%b}" if at else span for span in spans]
    picture = _heat(
        "years" if not at else "months", f"Entries in each month of {at}" if at else "Entries in each year", agencies, spans,
        names, counts,
    ) if agencies and spans else None  # fmt: skip
    rows = [
        {"agency": agency, "counts": {span: counts.get((agency.pk, span), 0) for span in spans}}
        for agency in agencies
    ]
    columns = (
        Column(key="agency", label="Agency", value=lambda row: row["agency"].name),
        *(
            Column(key=span, label=name, numeric=True, value=lambda row, span=span: row["counts"][span])
            for span, name in zip(spans, names, strict=True)
        ),
    )  # fmt: skip
    table = Table(
        rows,
        columns,
        caption="How many entries",
        exportable=False,
        page_size=100,
        empty="No entry has a date yet.",
    )
    total = {span: sum(row["counts"][span] for row in rows) for span in spans}
    links = [
        (_named(span), _at(request, chronology, span), count(total[span], "entry", "entries"))
        for span in spans
        if total[span]
    ]
    return picture, table, links


def _years(counts: Any) -> list[str]:
    known = sorted({int(when) for _, when in counts})
    return [str(year) for year in range(known[0], known[-1] + 1)][-MOST_COLUMNS:] if known else []


def _heat(
    key: str, title: str, agencies: Any, spans: list[str], names: list[str], counts: Any
) -> charts.Heat:
    cells = tuple(tuple(_degree(counts.get((agency.pk, span), 0)) for span in spans) for agency in agencies)
    used = {word for row in cells for word in row}
    return charts.Heat(
        key=f"timeline-{key}", title=title, row_name="Agency", row_labels=tuple(agency.called for agency in agencies),
        column_labels=tuple(names), cells=cells, states=tuple(state for _, state in DEGREES if state.word in used),
    )  # fmt: skip


def _degree(number: int) -> str:
    return next(state.word for least, state in DEGREES if number >= least)


def _by_day(request: Any, chronology: Chronology, at: str) -> Any:
    """The entries of one month: drawn one by one, or counted by the day if they are many."""
    rows = merged.in_month(chronology, at, MOST_DRAWN + 1)
    first = date(int(at[:4]), int(at[4:]), 1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    if len(rows) > MOST_DRAWN:
        agencies, spans = merged.agencies_in(chronology), [f"{at}{n:02d}" for n in range(1, last.day + 1)]
        names = [str(n) for n in range(1, last.day + 1)]
        title = f"Entries on each day of {_named(at)}"
        picture: Any = _heat("days", title, agencies, spans, names, merged.on_days(chronology, at))
    else:
        picture = _drawn(rows, at, first, last) if rows else None
    columns = (
        Column(
            key="when",
            label="When",
            value=lambda row: row.when.in_english(),
            href=lambda row: page_of(request, row),
        ),
        Column(key="agency", label="Agency", value="agency.called"),
        Column(key="event", label="What happened", value=lambda row: row.event[:160]),
    )
    table = Table(rows[:MOST_DRAWN], columns, caption=f"Entries of {_named(at)}", page_size=100, exportable=False,
                  empty=f"No entry begins in {_named(at)}.")  # fmt: skip
    return picture, table, []


def _drawn(rows: list[Entry], at: str, first: date, last: date) -> charts.Timeline:
    made = tuple(
        charts.Happening(
            label=_label(entry), lane=entry.agency.called, on=entry.when.first or first,
            until=min(entry.when.last, last) if entry.when.last and entry.when.last > (entry.when.first or first) else None,
            tone=_TONES[entry.significance],  # type: ignore[arg-type]
        )
        for entry in sorted(rows, key=lambda e: (e.agency.called, e.order))
    )  # fmt: skip
    return charts.Timeline(
        key=f"timeline-{at}",
        title=f"Entries of {_named(at)}",
        starts=first,
        ends=last,
        happenings=made,
    )


def _label(entry: Entry) -> str:
    """The time of the day, and the first words."""
    text = " ".join(entry.event.split())
    words = text if len(text) <= 40 else f"{text[:39].rsplit(' ', 1)[0]}…"
    return f"{entry.when.first:%-d %b} {words}" if entry.when.first else words
