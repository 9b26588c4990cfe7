"""A person's home: put together from the doors of all modules."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from shield.annual_report import checks
from shield.annual_report import permissions as report_permissions
from shield.annual_report import queries as annual_report
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Partnership
from shield.kernel.calendar.rules import add_months
from shield.kernel.design.rules import charts
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


def build(actor: Actor, partnership: Partnership, today: date) -> dict[str, Any]:
    """Everything the home page shows to one person."""
    work = records.work(actor, today)
    stuck = records.stuck(actor, today)
    late = [item for item in work if item.is_late]
    soon = [item for item in work if not item.is_late]
    return {
        "page_title": f"Good to see you, {actor.person_name.split(' ')[0]}"
        if actor.person_name
        else partnership.name,
        "roles": [ROLES[key] for key in ROLES if key in actor.roles],
        "late": late[:8],
        "late_more": max(len(late) - 8, 0),
        "waiting": soon[:10],
        "waiting_more": max(len(soon) - 10, 0),
        "stuck": _stuck(stuck),
        "stuck_count": len(stuck),
        "report": _report(actor),
        "published": list(annual_report.published(actor.partnership_id)),
        "year": _year(actor, today),
        "numbers": _numbers(late, soon, stuck),
    }


def _numbers(late: list[WorkItem], soon: list[WorkItem], stuck: list[WorkItem]) -> list[dict[str, Any]]:
    return [
        {"value": len(late), "label": "late"},
        {"value": len(soon), "label": "waiting, not yet due"},
        {"value": len(stuck), "label": "breaks in the evidence chain"},
    ]


def _stuck(items: list[WorkItem]) -> list[dict[str, Any]]:
    """What is stuck, grouped by its sort, the largest group first, with who can free it."""
    groups: dict[str, list[WorkItem]] = {}
    for item in items:
        groups.setdefault(item.sort, []).append(item)
    ordered = sorted(groups.items(), key=lambda pair: -len(pair[1]))
    return [
        {"sort": sort, "count": len(found), "frees": _frees(found), "first": found[:3]}
        for sort, found in ordered
    ]


def _frees(found: list[WorkItem]) -> str:
    names = list(dict.fromkeys(item.frees for item in found if item.frees))
    return "; ".join(names[:3]) + ("; and others" if len(names) > 3 else "")


def _report(actor: Actor) -> dict[str, Any] | None:
    """How ready the newest report is, for those who may see it in preparation."""
    if not actor.may(report_permissions.VIEW):
        return None
    report = annual_report.reports(actor).first()
    if report is None:
        return {"report": None}
    assembled = annual_report.assemble(report, actor)
    tally = checks.counts(assembled.coverage)
    chart = charts.Progress(
        key="readiness", title="Statutory contents of the report", met=tally[checks.Standing.MET], thin=tally[checks.Standing.THIN],
        missing=tally[checks.Standing.MISSING], not_applicable=tally[checks.Standing.NOT_APPLICABLE],
    )  # fmt: skip
    return {
        "report": report,
        "chart": chart,
        "open": len(assembled.open_discrepancies),
        "obstacles": assembled.obstacles,
    }


def _year(actor: Actor, today: date) -> charts.Timeline | None:
    """Ten months back and six ahead, in lanes."""
    starts, ends = (
        add_months(today.replace(day=1), -12),
        add_months(today.replace(day=1), 7) - timedelta(days=1),
    )
    moments = records.moments(actor, starts, ends)
    shown = sorted(
        moments, key=lambda m: (LANES.index(m.lane) if m.lane in LANES else len(LANES), m.starts_on)
    )
    if not shown:
        return None
    return charts.Timeline(
        key="year", title="The year: what was done, what is planned, what is late", starts=starts, ends=ends, today=today,
        happenings=tuple(_happening(m, starts, ends) for m in shown),
    )  # fmt: skip


def _happening(moment: Moment, starts: date, ends: date) -> charts.Happening:
    until = min(moment.ends_on, ends) if moment.ends_on else None
    return charts.Happening(
        label=moment.title[:90],
        lane=moment.lane,
        on=max(moment.starts_on, starts),
        until=until,
        tone=moment.tone,
    )  # type: ignore[arg-type]
