"""Emerging issues: noted from evidence, regrouped, split, sent elsewhere or taken up to be fixed; evidence goes along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from shield.domain.learning_hub import events, permissions, queries, rules
from shield.domain.learning_hub.models import Cycle, EmergingIssue, PlanItem
from shield.domain.learning_hub.rules import IssueStatus
from shield.improvement import services as improvement
from shield.improvement.models import Finding, Recommendation
from shield.improvement.rules import RecommendationSort, in_one_line
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.accounts.models import Agency
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused, check_reason


@transaction.atomic
def note_issue(
    *, cycle: Cycle, title: str, by: Actor, today: date, text: str = "", plan_items: Iterable[PlanItem] = (),
    findings: Iterable[Finding] = (),
) -> EmergingIssue:  # fmt: skip
    """Note an issue that the evidence gathered seems to show."""
    access.require(by, permissions.RUN)
    row: Cycle = Cycle.objects.locked(cycle.pk, by=by)
    rules.check_running(row.stopped_on)
    rules.check_one_by_one(row.issues_noted)
    issue: EmergingIssue = EmergingIssue.new(by, cycle=row, title=title, text=text, noted_on=today).store()
    issue.link("plan_items", plan_items)
    issue.link("findings", findings)
    history.record(events.ISSUE_NOTED, on=issue.ref, by=by)
    return issue


@transaction.atomic
def change_issue(
    *, issue: EmergingIssue, changes: Mapping[str, Any], plan_items: Iterable[PlanItem], findings: Iterable[Finding],
    by: Actor, expected_version: int,
) -> EmergingIssue:  # fmt: skip
    """Word an open issue anew, or say anew what it rests on."""
    access.require(by, permissions.RUN)
    row = _open(issue, by, expected_version)
    made = {
        **row.amend(changes),
        **row.relink("plan_items", plan_items),
        **row.relink("findings", findings),
    }
    if not made:
        raise Refused("Nothing was changed.")
    row.store()
    history.record(events.ISSUE_CHANGED, on=row.ref, by=by, details=in_one_line(made))
    return row


def _open(issue: EmergingIssue, by: Actor, expected_version: int | None = None) -> EmergingIssue:
    row: EmergingIssue = EmergingIssue.objects.locked(issue.pk, expected_version, by=by)
    rules.check_running(row.cycle.stopped_on)
    rules.check_open(row.status, row.heading)
    return row


@transaction.atomic
def regroup(
    *, issues: Sequence[EmergingIssue], title: str, by: Actor, today: date, text: str = ""
) -> EmergingIssue:
    """Make one issue of several: it rests on all their evidence, and they stay on record as what it came from."""
    access.require(by, permissions.RUN)
    rules.check_regroup(len({issue.pk for issue in issues}), len({issue.cycle_id for issue in issues}))
    rows = [_open(issue, by) for issue in sorted(issues, key=lambda issue: issue.pk)]
    made = _made_of(rows, title, text, by, today)
    for row in rows:
        _settle(row, IssueStatus.GROUPED, today)
        history.record(events.ISSUE_REGROUPED, on=row.ref, by=by, details={"into": made.heading})
    details = {"out_of": ", ".join(row.reference for row in rows)}
    history.record(events.ISSUE_MADE, on=made.ref, by=by, details=details)
    return made


@transaction.atomic
def split(
    *, issue: EmergingIssue, titles: Sequence[str], by: Actor, today: date, expected_version: int
) -> list[EmergingIssue]:
    """Make several issues of one; each rests on all its evidence until somebody says which."""
    access.require(by, permissions.RUN)
    wanted = rules.parts_of_a_split(titles)
    row = _open(issue, by, expected_version)
    made = [_made_of([row], title, row.text, by, today) for title in wanted]
    _settle(row, IssueStatus.SPLIT, today)
    into = "; ".join(each.heading for each in made)
    history.record(events.ISSUE_SPLIT, on=row.ref, by=by, details={"into": into})
    for each in made:
        history.record(events.ISSUE_MADE, on=each.ref, by=by, details={"out_of": row.reference})
    return made


def _made_of(
    origins: Sequence[EmergingIssue], title: str, text: str, by: Actor, today: date
) -> EmergingIssue:
    made: EmergingIssue = EmergingIssue.new(
        by, cycle=origins[0].cycle, title=title, text=text, noted_on=today
    ).store()
    made.link("came_from", origins)
    made.link("plan_items", PlanItem.objects.filter(emerging_issues__in=origins).distinct())
    made.link("findings", queries.findings_under(origins))
    return made


def _settle(row: EmergingIssue, status: IssueStatus, today: date | None, **values: Any) -> None:
    row.status, row.settled_on = status, today
    for name, value in values.items():
        setattr(row, name, value)
    row.store()


@transaction.atomic
def send_elsewhere(
    *, issue: EmergingIssue, why: str, by: Actor, today: date, expected_version: int, agency: Agency | None = None,
    outside: str = "",
) -> EmergingIssue:  # fmt: skip
    """Let an issue be taken forward outside the Learning Hub: by an agency or somebody else, with the reason."""
    access.require(by, permissions.RUN)
    if (agency is None) == (not outside.strip()):
        raise Refused("Say who takes it forward: one agency, or somebody else by name.", "agency")
    check_reason(why, field="why", what="Say in a sentence why it is taken forward elsewhere.")
    row = _open(issue, by, expected_version)
    _settle(row, IssueStatus.ELSEWHERE, today, sent_to=agency, sent_outside=outside.strip(), why=why.strip())
    history.record(events.ISSUE_SENT, on=row.ref, by=by, details={"to": row.sent_words, "reason": row.why})
    return row


@transaction.atomic
def take_up(
    *, issue: EmergingIssue, owner: improvement.Owner, by: Actor, today: date, expected_version: int, title: str = "",
    text: str = "", number: int | None = None,
) -> Recommendation:  # fmt: skip
    """Make an issue to be fixed of an emerging one: somebody answers for it, and it keeps the findings it rests on.

    Its action plan is its actions; progress, decisions and evidence go on from there as for any recommendation.
    """
    access.require(by, permissions.RUN)
    if owner == improvement.NOBODY:
        raise Refused("An issue to be fixed needs somebody who answers for it.", "owner_agency")
    row = _open(issue, by, expected_version)
    made = improvement.add_recommendation(
        title=title or row.title, priority=row.cycle.priority, findings=row.findings.standing(), owner=owner, by=by,
        sort=RecommendationSort.ISSUE_TO_FIX, issue=row.text, text=text, number=number or queries.next_number(row.cycle),
    )  # fmt: skip
    _settle(row, IssueStatus.TO_FIX, today, recommendation=made)
    history.record(events.ISSUE_TAKEN_UP, on=row.ref, by=by, details={"issue": made.heading})
    return made


@transaction.atomic
def put_back(*, issue: EmergingIssue, reason: str, by: Actor, expected_version: int) -> EmergingIssue:
    """Make an issue open again, with the reason: what was regrouped or split with it comes back with it."""
    access.require(by, permissions.RUN)
    check_reason(reason, what="Say in a sentence why it is open again.")
    row: EmergingIssue = EmergingIssue.objects.locked(issue.pk, expected_version, by=by)
    rules.check_running(row.cycle.stopped_on)
    rules.check_put_back(
        row.status, taken_back=row.recommendation is None or row.recommendation.is_taken_back
    )
    together = [row]
    if row.status in rules.MADE_INTO_OTHERS:
        every = EmergingIssue.objects.select_for_update()
        made = list(every.filter(pk__in=row.became.values("pk")).exclude(status=IssueStatus.UNDONE))
        for each in made:
            rules.check_open(each.status, each.heading)
            _settle(each, IssueStatus.UNDONE, None)
            history.record(events.ISSUE_UNDONE, on=each.ref, by=by, details={"reason": reason.strip()})
        origins = EmergingIssue.objects.filter(became__in=made).values("pk")
        together += list(every.filter(pk__in=origins).exclude(pk=row.pk))
    for each in together:
        _settle(each, IssueStatus.OPEN, None, sent_to=None, sent_outside="", why="", recommendation=None)
        history.record(events.ISSUE_PUT_BACK, on=each.ref, by=by, details={"reason": reason.strip()})
    return row
