"""A person's home: put together from the doors of all modules.

What waits is read at once. What takes longer to work out (how ready the report is, what is stuck, the year as a
picture) is shown if it is known for the present length of the history, else fetched by the page in a second
request; without JavaScript a link leads to it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from shield.annual_report import checks
from shield.annual_report import permissions as report_permissions
from shield.annual_report import queries as annual_report
from shield.improvement import permissions as improvement
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Partnership
from shield.kernel.calendar.rules import add_months
from shield.kernel.design import forms
from shield.kernel.design.rules import charts
from shield.kernel.history import queries as history
from shield.kernel.notices import queries as outbox
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Moment, WorkItem
from shield.project.roles import ROLES

LANES = (
    "Deadlines",
    "Board",
    "Executive",
    "Learning Hub",
    "Priorities",
    "Dissemination",
    "Impact reviews",
    "Events and training",
)
TOO_MANY = 90
"""More happenings than this make the picture of the year unreadable; the plainest are left out first."""


def build(actor: Actor, partnership: Partnership, today: date) -> dict[str, Any]:
    """Everything the home page shows to one person."""
    at = history.head(actor.partnership_id)
    work = waiting(actor, today)
    late = [item for item in work if item.is_late]
    soon = [item for item in work if not item.is_late]
    others = awaited(actor, today)
    return {
        "page_title": actor.person_name or partnership.name,
        "delay": outbox.delay(actor),
        "roles": [ROLES[key] for key in ROLES if key in actor.roles],
        "late": late[:8],
        "late_more": max(len(late) - 8, 0),
        "waiting": soon[:8],
        "waiting_more": max(len(soon) - 8, 0),
        "awaited": len(others),
        "awaited_late": sum(item.is_late for item in others),
        "numbers": [
            {"value": len(late), "label": "late", **({"tone": "late"} if late else {})},
            {"value": len(soon), "label": "waiting, not yet due"},
        ],
        "boxes": [
            {
                "name": name,
                **(box(name, actor, today, at) if history.is_derived(name, actor, at) else {"wanted": True}),
            }
            for name in BOXES
            if actor.may(NEEDS[name])
        ],
    }


class WorkFilter(forms.FilterForm):
    """Which of what waits is shown."""

    sort = forms.OneOfField([], look="select", label="Kind")
    owner = forms.OneOfField([], look="select", label="For whom")
    late = forms.TickField(label="Only what is late")

    def __init__(self, *arguments: Any, items: list[WorkItem], **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, every in (("sort", "Everything"), ("owner", "Anybody")):
            known = sorted({getattr(item, name) for item in items} - {""})
            self.fields[name].choices = [("", every), *((each, each) for each in known)]  # type: ignore[attr-defined]


def waiting(actor: Actor, today: date) -> list[WorkItem]:
    """Everything that waits for a person, across modules, the first due first."""
    at = history.head(actor.partnership_id)
    return history.derived("work", actor, at, lambda: records.work(actor, today))


def awaited(actor: Actor, today: date) -> list[WorkItem]:
    """Everything a person waits for from others, across modules, the first due first."""
    at = history.head(actor.partnership_id)
    return history.derived("awaited", actor, at, lambda: records.awaited(actor, today))


def box(name: str, actor: Actor, today: date, at: int) -> dict[str, Any]:
    """One part of the home page that takes longer to work out."""
    return history.derived(name, actor, at, lambda: BOXES[name](actor, today))


def _stuck(actor: Actor, today: date) -> dict[str, Any]:
    """What is stuck, grouped by its sort, the largest group first, with who can free it."""
    groups: dict[str, list[WorkItem]] = {}
    items = records.stuck(actor, today)
    for item in items:
        groups.setdefault(item.sort, []).append(item)
    ordered = sorted(groups.items(), key=lambda pair: -len(pair[1]))
    rows = [
        {"sort": sort, "count": len(found), "frees": _frees(found), "first": found[0]}
        for sort, found in ordered
    ]
    return {"stuck": rows, "count": len(items)}


def _frees(found: list[WorkItem]) -> str:
    names = list(dict.fromkeys(item.frees for item in found if item.frees))
    return "; ".join(names[:3]) + ("; and others" if len(names) > 3 else "")


def _report(actor: Actor, today: date) -> dict[str, Any]:
    """How ready the newest report is."""
    report = annual_report.reports(actor).first()
    if report is None:
        return {"report": None}
    found = annual_report.readiness(report, actor)
    tally = checks.counts(found.coverage)
    chart = charts.Progress(
        key="readiness", title="Statutory contents of the report", met=tally[checks.Standing.MET], thin=tally[checks.Standing.THIN],
        missing=tally[checks.Standing.MISSING], not_applicable=tally[checks.Standing.NOT_APPLICABLE],
    )  # fmt: skip
    return {"report": report, "chart": chart, "open": found.open_discrepancies}


def _year(actor: Actor, today: date) -> dict[str, Any]:
    """A year back and half a year ahead, in lanes."""
    starts = add_months(today.replace(day=1), -12)
    ends = add_months(today.replace(day=1), 7) - timedelta(days=1)
    moments = records.moments(actor, starts, ends)
    if len(moments) > TOO_MANY:
        moments = [m for m in moments if m.lane != LANES[-1]]
    shown = sorted(
        moments, key=lambda m: (LANES.index(m.lane) if m.lane in LANES else len(LANES), m.starts_on)
    )
    if not shown:
        return {"year": None}
    chart = charts.Timeline(
        key="year", title="The year: what was done, what is planned, what is late", starts=starts, ends=ends, today=today,
        happenings=tuple(_happening(m, starts, ends) for m in shown),
    )  # fmt: skip
    return {"year": chart}


def _happening(moment: Moment, starts: date, ends: date) -> charts.Happening:
    until = min(moment.ends_on, ends) if moment.ends_on else None
    return charts.Happening(
        label=moment.title[:90], lane=moment.lane, on=max(moment.starts_on, starts), until=until, tone=moment.tone  # type: ignore[arg-type]
    )  # fmt: skip


BOXES: dict[str, Callable[[Actor, date], dict[str, Any]]] = {
    "report": _report,
    "stuck": _stuck,
    "year": _year,
}
NEEDS = {"report": report_permissions.VIEW, "stuck": improvement.VIEW, "year": improvement.VIEW_OWN}
