"""The page of the search."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from shield.kernel.access.views import page
from shield.kernel.design.queries import Table
from shield.kernel.records import queries as records
from shield.kernel.records.models import KINDS, kind_label
from shield.kernel.search import forms, queries, rules, services
from shield.kernel.search.models import Entry
from shield.kernel.search.queries import Found
from shield.kernel.search.rules import Asked

log = logging.getLogger("shield.search")

PAGE_SIZE = 10


@page(signed_in=True, methods=("GET",))
def search(request: Any) -> HttpResponse:
    """Everything the person may see that holds the words they typed; what they typed stands in no log and no title."""
    asked = rules.ask(request.GET.get("q", ""))
    here = reverse("search", args=[request.actor.partnership_slug])
    context: dict[str, Any] = {
        "page_title": "Search",
        "breadcrumbs": [("Search", "")],
        "form": forms.SearchForm(initial={"q": asked.typed}),
        "here": here,
        "searching": True,
        "asked": bool(asked.typed),
    }
    try:
        context |= _results(request, asked, here) if asked.typed else {}
    except queries.Failed as problem:
        log.error("A search failed: %s.", problem)
        context |= {"asked": False, "failed": True}
    return render(request, "search/search.html", context)


def _results(request: Any, asked: Asked, here: str) -> dict[str, Any]:
    up_to_date = services.catch_up(partnership_id=request.actor.partnership_id)
    kind = request.GET.get("kind", "")
    kind = kind if kind in queries.kinds() else ""
    found = queries.find(asked, request.actor, kind=kind)
    table = Table(
        found.hits, (), {"q": asked.typed, "page": request.GET.get("page", ""), **({"kind": kind} if kind else {})},
        caption="Results", page_size=PAGE_SIZE,
    )  # fmt: skip
    rows = found.entries(table.first - 1, table.last) if table.count else []
    return {
        "table": table,
        "items": [_item(row, found, request.actor.partnership_slug) for row in rows],
        "kinds": _kinds(found, asked, kind, here),
        "more": found.more,
        "shortened": asked.shortened,
        "behind": not up_to_date,
        "told": _told(asked, found, kind, table.count),
        "meant": found.meant,
        "meant_href": f"{here}?{urlencode({'q': found.meant})}",
        **_empty(asked, found, kind),
    }


def _told(asked: Asked, found: Found, kind: str, count: int) -> str:
    """What was found, in one line."""
    if not asked.words or not found.counts:
        return f"Nothing found for “{asked.typed}”"
    if found.how == "near":
        return f"Nothing found for “{asked.typed}”, but this is close to it"
    if found.how == "some":
        return f"Nothing holds all the words of “{asked.typed}”, but this holds some"
    number = (
        f"More than {queries.MOST:,} results"
        if found.more
        else f"{count:,} result{'' if count == 1 else 's'}"
    )
    return f"{number} for “{asked.typed}”" + (f": {kind_label(kind).lower()}" if kind else "")


def _empty(asked: Asked, found: Found, kind: str) -> dict[str, str]:
    """What to do when nothing is listed."""
    if not asked.words:
        text = "These words are in nearly every text, or hold no letters."
        hint = "Type a word that only what you look for would hold: a topic, an agency, a reference such as ACT-0012."
    elif kind and found.counts:
        text, hint = (
            f"Nothing of this kind: {kind_label(kind).lower()}.",
            "Choose another kind above, or all kinds.",
        )
    else:
        text = "No title and no text that you may see holds this."
        hint = "Check the spelling, use fewer or more general words, or the reference if you know it."
    return {"empty_text": text, "empty_hint": hint}


def _kinds(found: Found, asked: Asked, chosen: str, here: str) -> list[dict[str, Any]]:
    """All kinds, and each kind of which there is anything, the most first."""
    counted = sorted(found.counts.items(), key=lambda each: (-each[1], kind_label(each[0])))
    every = [
        ("", "All kinds", found.counts.total()),
        *((kind, kind_label(kind), count) for kind, count in counted),
    ]
    return [
        {
            "text": text,
            "count": f"{count:,}{'+' if found.more else ''}",
            "href": f"{here}?{urlencode({'q': asked.typed, **({'kind': kind} if kind else {})})}",
            "current": kind == chosen,
        }
        for kind, text, count in every
    ]


def _item(row: Entry, found: Found, slug: str) -> dict[str, Any]:
    """One result as the page shows it."""
    text = "" if row.text.startswith(row.title.rstrip("…")) and len(row.text) <= len(row.title) else row.text
    return {
        "title": rules.marked(row.title, found.terms),
        "text": rules.marked(rules.excerpt(text, found.terms), found.terms),
        "href": _address(row, slug),
        "label": kind_label(row.kind),
        "note": " · ".join(filter(None, (row.under_title, row.dated))),
    }


def _address(row: Entry, slug: str) -> str:
    """Its own page; else that of the record on whose page it stands, or the page that lists it."""
    how = KINDS[row.kind].searched
    if how is not None and how.at:
        return reverse(how.at, args=[slug])
    own = records.address(row.kind, row.record_id, slug)
    return own or (records.address(row.under_kind, row.under_id, slug) if row.under_id else "")
