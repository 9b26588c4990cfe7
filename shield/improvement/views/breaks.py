"""Breaks in the chain: the page from which the section on little or no progress comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpResponse

from shield.improvement import forms, permissions, queries
from shield.improvement.rules import Break, BreakSort, Place
from shield.improvement.views.ways import link
from shield.kernel.access.rules import Actor, Permission
from shield.kernel.access.views import page
from shield.kernel.design.queries import Column, Table
from shield.kernel.design.rules import charts
from shield.kernel.design.views import table_response
from shield.kernel.records import queries as records
from shield.kernel.records.rules import RecordRef, WorkItem

MENDS: dict[BreakSort, tuple[str, str, Permission]] = {
    BreakSort.NO_OWNER: ("Name an owner", "recommendation_owner", permissions.ASSIGN),
    BreakSort.NO_ACTION: ("Add an action", "action_add", permissions.ASSIGN),
    BreakSort.ACTION_NO_OWNER: ("Name an owner", "action_owner", permissions.ASSIGN),
    BreakSort.OVERDUE: ("Update the action", "action_update", permissions.ASSIGN),
    BreakSort.NO_EVIDENCE: ("Add evidence", "evidence_add", permissions.ADD_EVIDENCE),
    BreakSort.NOT_ACTED_UPON: ("Turn into an action", "action_add", permissions.ASSIGN),
    BreakSort.NO_IMPACT: ("Add evidence", "evidence_add", permissions.ADD_EVIDENCE),
    BreakSort.REVIEW_OVERDUE: ("Hold the review", "impact_review_hold", permissions.REVIEW_IMPACT),
}
"""By kind of break: what mends it, the page where that is done, and who may."""
_ABOUT = {"action_add", "evidence_add"}


@dataclass(frozen=True)
class OtherSort:
    """A kind of break that another module knows of."""

    label: str

    @property
    def value(self) -> str:
        """As the filter names it."""
        return self.label


@dataclass(frozen=True)
class Other:
    """A break that another module found, as a line of the same list."""

    item: WorkItem
    places: tuple[Place, ...] = ()
    place: str = ""
    priority: str = ""

    @property
    def sort(self) -> OtherSort:
        """What kind of break it is."""
        return OtherSort(self.item.sort)

    @property
    def ref(self) -> RecordRef:
        """The record at which the chain is broken."""
        return RecordRef(self.item.kind, self.item.id, self.item.title)

    @property
    def text(self) -> str:
        """What the list calls it."""
        return self.item.title

    @property
    def since(self) -> date | None:
        """Since when."""
        return self.item.due_on

    @property
    def is_late(self) -> bool:
        """Whether a date was missed, not only a link."""
        return self.item.is_late

    @property
    def mended_by(self) -> str:
        """Who can mend it."""
        return self.item.frees


Line = Break | Other
OWN = "shield.improvement.doors"


def every_break(actor: Actor, today: date) -> list[Line]:
    """What is stuck anywhere, as the home page counts it: the breaks of this module, then what others know of."""
    return [*queries.breaks(actor, today), *map(Other, records.stuck(actor, today, but=OWN))]


def mend(request: Any, found: Line) -> tuple[str, str]:
    """What mends a break, and where; for those who may not, the record itself."""
    slug = request.actor.partnership_slug
    record = records.address(found.ref.kind, found.ref.id, slug)
    if isinstance(found, Other):
        page = records.address_of_act(found.item, slug)
        return (found.item.act, page) if page else ("Open it", record)
    if found.sort is BreakSort.OVERDUE and not found.owner:
        found = replace(found, sort=BreakSort.ACTION_NO_OWNER)
    text, name, permission = MENDS.get(found.sort, ("Open it", "", None))
    if not name or not request.actor.may(permission):
        return "Open it", record
    here = request.get_full_path()
    if name in _ABOUT:
        return text, link(request, name, about=found.ref.as_text(), next=here)
    return text, link(request, name, found.ref, next=here)


def _columns(request: Any) -> tuple[Column, ...]:
    slug = request.actor.partnership_slug
    order = [each.label for each in BreakSort]
    return (
        Column(
            key="what",
            label="What",
            value="text",
            sort=lambda row: row.text.casefold(),
            href=lambda row: records.address(row.ref.kind, row.ref.id, slug),
        ),
        Column(
            key="break",
            label="Break",
            value="sort.label",
            sort=lambda row: (
                order.index(row.sort.label) if row.sort.label in order else len(order),
                row.sort.label,
            ),
        ),
        Column(
            key="priority",
            label="Priority",
            value="place",
            sort=lambda row: row.place or None,
            export=lambda row: row.priority,
        ),
        Column(key="since", label="Since", sort=True),
        Column(key="mended_by", label="Who can mend it", sort=lambda row: row.mended_by.casefold()),
        Column(
            key="mend",
            label="Mend it",
            value=lambda row: mend(request, row)[0],
            href=lambda row: mend(request, row)[1],
            export=False,
        ),
    )


def _chosen(found: Sequence[Line], chosen: dict[str, Any]) -> list[Line]:
    """The breaks that the filters leave."""
    return [
        each
        for each in found
        if chosen.get("kind") in (None, each.sort.value)
        and chosen.get("priority") in (None, *(place.key for place in each.places))
        and (each.is_late or not chosen.get("late"))
    ]


def _chart(found: Sequence[Line]) -> charts.Bars | None:
    counts = Counter(each.sort.label for each in found)
    own = [each.label for each in BreakSort]
    labels = [*own, *sorted(set(counts) - set(own))]
    if not counts:
        return None
    return charts.Bars(
        key="breaks",
        title="Breaks by kind",
        label_name="Break",
        value_name="Number",
        horizontal=True,
        items=tuple((label, counts[label]) for label in labels if counts[label]),
    )


def _owners(request: Any, every: Sequence[Line]) -> str:
    """Where owners are named for several actions at once; empty if there are not several, or they may not."""
    several = sum(each.sort is BreakSort.ACTION_NO_OWNER for each in every) > 1
    may = several and request.actor.may(permissions.ASSIGN)
    return link(request, "actions_owners", next=request.get_full_path()) if may else ""


@page(permissions.VIEW)
def chain(request: Any) -> HttpResponse:
    """Every break in the chain: what, since when, who can mend it, and where."""
    every = every_break(request.actor, request.today)
    others = sorted({each.sort.label for each in every if isinstance(each, Other)})
    places = {place.key: place.full for each in every for place in each.places}
    ordered = sorted(places.items(), key=lambda pair: pair[1])
    form = forms.BreakFilter(request.GET or None, offered={"priority": ordered}, others=others)
    chosen = form.chosen if request.GET else {}
    found = _chosen(every, chosen)
    table = Table(
        found,
        _columns(request),
        request.GET,
        caption="What is broken, and who can mend it",
        default_sort="since",
        file_name="breaks in the chain",
        filtered=bool(chosen),
        empty="No break in the chain.",
        empty_hint="Every finding has led on to what it should. Nothing to mend.",
    )
    context: dict[str, Any] = {
        "page_title": "Breaks in the chain",
        "form": None,
        "filters": form,
        "chart": _chart(_chosen(every, {**chosen, "kind": None})),
        "count": len(found),
        "late": sum(each.is_late for each in every),
        "every": len(every),
        "owners": _owners(request, every),
        "breadcrumbs": [],
    }
    return table_response(request, "improvement/chain.html", context, table)
