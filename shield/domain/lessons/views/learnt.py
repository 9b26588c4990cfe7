"""Everything published that practice can learn from: one list, and everything on one theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from shield.domain.lessons import forms, permissions, queries, rules
from shield.domain.lessons.views.frame import crumbs, theme_page
from shield.improvement.models import Theme
from shield.improvement.views.ways import buttons, link, page_of
from shield.kernel.access.views import page
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import charts
from shield.kernel.design.views import table_response
from shield.kernel.records.rules import Learnt

MOST_BARS = 12
"""Themes in the picture; all of them are in the list below it."""


@page(permissions.READ, methods=("GET",))
def learnt(request: Any) -> HttpResponse:
    """Everything published, by theme, by kind, by year, found by words."""
    actor = request.actor
    every, themes = queries.learnt(actor), list(queries.themes(actor))
    many = queries.counts(every, themes)
    form = forms.LearntFilter(
        request.GET or None,
        offered={
            "theme": [(theme.reference, f"{theme.title} ({count})") for theme, count in many],
            "what": [(sort, sort) for sort in sorted({item.sort for item in every})],
            "year": [(year, year) for year in sorted({str(item.on.year) for item in every}, reverse=True)],
        },
    )  # fmt: skip
    chosen = form.chosen if request.GET else {}
    rows = _chosen(every, chosen, {theme.reference: theme for theme in themes})
    brings = actor.may(permissions.BRING)
    context = {
        "page_title": "What we have learnt",
        "filters": form if every else None,
        "buttons": buttons(
            ("Bring an example of good practice", link(request, "good_practice_bring"), brings)
        ),
        "also": [],
        "on_the_way": [_on_the_way(request, row) for row in queries.unpublished(actor)],
        "picture": _picture(many) if not chosen and len(many) > 1 else None,
        "themes": [(theme.title, count, theme_page(request, theme)) for theme, count in many],
    }
    table = _table(request, rows, themes, filtered=bool(chosen), name="What we have learnt")
    return table_response(request, "lessons/learnt.html", context, table, file_name="what-we-have-learnt")


def _chosen(every: Sequence[Learnt], chosen: dict[str, Any], themes: dict[str, Theme]) -> list[Learnt]:
    theme = themes.get(chosen.get("theme", ""))
    return [
        item for item in every
        if (theme is None or theme.pk in item.themes)
        and chosen.get("what", item.sort) == item.sort
        and chosen.get("year", str(item.on.year)) == str(item.on.year)
        and rules.holds(item, chosen.get("words", ""))
    ]  # fmt: skip


def _table(request: Any, rows: list[Learnt], themes: Sequence[Theme], *, filtered: bool, name: str) -> Table:
    titles = {theme.pk: theme.title for theme in themes}
    slug = request.actor.partnership_slug

    def named(item: Learnt) -> str:
        return "; ".join(sorted(titles[pk] for pk in item.themes if pk in titles))

    columns = (
        Column(
            key="title", label="What was learnt", sort=True,
            href=lambda item: reverse(item.page, kwargs={"partnership": slug, **dict(item.at)}),
        ),
        Column(key="what", label="What it is", value="sort", sort=True),
        Column(key="themes", label="Themes", value=named),
        Column(
            key="on", label="When", value=lambda item: in_words_to(item.on, item.precision), sort=lambda item: item.on,
            export=lambda item: item.on,
        ),
    )  # fmt: skip
    return Table(
        rows, columns, request.GET, caption=name, show_caption=False, filtered=filtered,
        empty="Nothing has been published here yet.",
        empty_hint="Briefing notes that were issued, examples of good practice and published reviews stand here.",
    )  # fmt: skip


def _on_the_way(request: Any, row: Any) -> dict[str, Any]:
    """A draft, or an example that waits, for those who may see it."""
    return {
        "title": row.words["title"] or row.heading, "href": page_of(request, row), "hint": row.label,
        "status": row.get_status_display(), "tone": rules.TONES[row.status],
    }  # fmt: skip


def _picture(many: list[tuple[Theme, int]]) -> charts.Bars:
    return charts.Bars(
        key="learnt-themes", title="How much was learnt on each theme", label_name="Theme", value_name="Published",
        items=tuple((theme.title, float(count)) for theme, count in many[:MOST_BARS]), unit="published", horizontal=True,
    )  # fmt: skip


@page(permissions.READ, methods=("GET",), specimen="learnt_theme")
def learnt_theme(request: Any, theme: str) -> HttpResponse:
    """Everything that was learnt on one theme."""
    themes = list(queries.themes(request.actor))
    found = next((row for row in themes if row.reference == theme), None)
    if found is None:
        raise Http404
    rows = [item for item in queries.learnt(request.actor) if found.pk in item.themes]
    context = {
        "page_title": found.title,
        "page_caption": "What we have learnt",
        "breadcrumbs": crumbs(request, None, (found.title, "")),
        "also": [],
    }
    table = _table(request, rows, themes, filtered=False, name=f"What we have learnt on {found.title}")
    return table_response(
        request, "lessons/theme.html", context, table, file_name=f"learnt-{found.reference.lower()}"
    )
