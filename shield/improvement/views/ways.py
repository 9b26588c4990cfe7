"""The ways of these pages: addresses, where an act leads, and what every record's page shows around it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from shield.improvement import permissions, queries, rules
from shield.improvement.models import Action, ChainRecord, Recommendation, Withdrawable, shortened
from shield.improvement.services.correcting import NEEDED
from shield.kernel.access.views import back
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.history import queries as history
from shield.kernel.records import queries as records
from shield.kernel.records.rules import parse_ref

LATELY = 5
"""Entries of the history on a record's own page; all of them are on the page of its history."""
LONGEST_WAY = 400
"""Characters of an address to go back to; a longer one was made up."""


def link(request: Any, name: str, record: Any = None, **query: str) -> str:
    """The address of a page of this partnership, of one record (or reference to one) if it is given."""
    kwargs: dict[str, Any] = {"partnership": request.actor.partnership_slug}
    if record is not None:
        kwargs["id"] = record.id
    made = reverse(name, kwargs=kwargs)
    asked = {key: value for key, value in query.items() if value}
    return f"{made}?{urlencode(asked)}" if asked else made


def page_of(request: Any, record: Any) -> str:
    """The page of a record, or of a reference to one."""
    return records.address(record.kind, record.id, request.actor.partnership_slug)


REGISTERS = {
    "improvement.action": ("Actions", "actions"),
    "improvement.finding": ("Findings", "findings"),
    "improvement.recommendation": ("Recommendations", "recommendations"),
    "improvement.theme": ("Themes", "themes"),
    "improvement.decision": ("Evidence chain", "chain"),
    "improvement.evidence": ("Evidence chain", "chain"),
    "improvement.progress_note": ("Evidence chain", "chain"),
}
"""By kind: the register a record is found in; whatever is not named here is found under the priorities."""
MAY_OPEN = {"chain": permissions.VIEW, "findings": permissions.VIEW, "themes": permissions.VIEW}
"""Registers that not everybody who sees one of their records may open."""


def way_to(request: Any, record: Any) -> list[tuple[str, str]]:
    """The way to a record and its own page, for the pages below it."""
    text, name = REGISTERS.get(record.kind, ("Priorities", "priorities"))
    register = (
        [(text, link(request, name))] if request.actor.may(MAY_OPEN.get(name, permissions.VIEW_OWN)) else []
    )
    return [*register, (shortly(record.heading), page_of(request, record))]


def onward(request: Any, otherwise: str) -> str:
    """Where an act leads: back to the list it was begun from, or to the record."""
    wanted = back(request, otherwise)
    return wanted if len(wanted) <= LONGEST_WAY else otherwise


def asked_about(request: Any, *kinds: type[Any]) -> Any:
    """The record named by `about=kind:id`; None if none is, 404 if it is of another kind or not visible."""
    given = request.GET.get("about", "")
    if not given:
        return None
    ref = parse_ref(given)
    if ref is None or (kinds and ref.kind not in {model.kind for model in kinds}):
        raise Http404
    found = queries.record_at(ref, request.actor)
    if found is None:
        raise Http404
    return found


def chain_of(request: Any, record: ChainRecord) -> str:
    """The page that follows a record up and down."""
    return link(request, f"chain_of_{record._meta.model_name}", record)


def mending(request: Any, record: ChainRecord) -> list[tuple[str, str, bool]]:
    """How this record is corrected or taken back, for those who may."""
    if not isinstance(record, Withdrawable):
        return []
    needed = NEEDED.get(type(record), permissions.EDIT)
    may = request.actor.may(needed) and not queries.why_not_correct(record, request.actor)
    name = record._meta.model_name
    drop = ("Take it back", link(request, f"{name}_withdraw", record))
    if isinstance(record, Recommendation):
        return [(*drop, may and record.status == rules.RecommendationStatus.DRAFT)]
    return [("Correct it", link(request, f"{name}_correct", record), may), (*drop, may)]


def around(request: Any, record: ChainRecord, *crumbs: tuple[str, str], **more: Any) -> dict[str, Any]:
    """What every record's page shows around it: title, the way here, panels, the chain and the history.

    What was taken back says so first, and offers nothing more to do.
    """
    offered = more.pop("buttons", [])
    mended = buttons(*mending(request, record))
    for each in mended:
        each["variant"] = "secondary"
    more["buttons"] = [] if record.is_taken_back else [*offered, *mended]
    return {
        "record": record,
        "page_title": record.heading,
        "page_caption": f"{record.label} {record.reference}".strip(),
        "breadcrumbs": [*crumbs, (shortly(record.heading), "")],
        "panels": records.panels(record.ref, request.actor),
        "entries": history.of_record(record.partnership_id, record.pk, limit=LATELY),
        "ways": [
            ("Follow the chain", chain_of(request, record)),
            ("History and sources", link(request, f"history_of_{record._meta.model_name}", record)),
        ],
        **more,
    }


def shortly(text: str, length: int = 60) -> str:
    """The beginning of a title, for the way here."""
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"


def buttons(*offered: tuple[str, str, bool]) -> list[dict[str, Any]]:
    """What can be done next: text, address and whether this person may; the first is the main one."""
    allowed = [(text, href) for text, href, may in offered if may]
    return [
        {"text": text, "href": href, "variant": "secondary" if number else ""}
        for number, (text, href) in enumerate(allowed)
    ]


def timeline(
    request: Any, entries: Iterable[queries.Entry], titles: dict[Any, str] | None = None
) -> list[dict[str, Any]]:
    """Notes and evidence as a timeline; evidence links to its page, a title says what each is about."""
    made = []
    for each in entries:
        about = (titles or {}).get(each.about_id, "")
        short = shortened(each.text)
        said = [each.text] if each.question == "" or short != each.text else []
        made.append(
            {
                "date": in_words_to(each.day, each.precision),
                "title": short if each.question else "Progress",
                "body": " ".join([*said, f"About: {about}"] if about else said),
                "href": records.address(each.ref.kind, each.ref.id, request.actor.partnership_slug),
                "tag": each.question or None,
                "tone": "good" if each.answers == "better_off" else "info" if each.answers else "",
            }
        )
    return made


def known_day(row: Any, name: str) -> str:
    """A date of a record in words, as exactly as it is known; empty without one."""
    day = getattr(row, name)
    return in_words_to(day, row.precision) if day else ""


def action_line(request: Any, row: Action) -> dict[str, Any]:
    """An action as a line of a task list."""
    words, tone = standing(request, row)
    due = f"due {known_day(row, 'due_on')}" if row.due_on else "no due date"
    return {
        "title": row.heading,
        "href": page_of(request, row),
        "hint": f"{row.owner_words or 'No owner'}, {due}",
        "status": words,
        "tone": tone,
    }


def standing(request: Any, row: Action) -> tuple[str, str]:
    """Where an action stands today, in words, and the tone of it."""
    return rules.action_standing(
        status=row.status, due_on=row.due_on, today=request.today, precision=row.precision
    )
