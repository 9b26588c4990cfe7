"""Pages on emerging issues: noted, regrouped, split, sent elsewhere, taken up to be fixed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shield.domain.learning_hub import contribution, forms, permissions, queries, rules, services
from shield.domain.learning_hub.models import Cycle, EmergingIssue
from shield.domain.learning_hub.rules import IssueStatus
from shield.domain.learning_hub.views.cycles import around, form_page
from shield.improvement import permissions as chain
from shield.improvement import queries as improvement
from shield.improvement import services as improvement_services
from shield.improvement.views.following import history_page
from shield.improvement.views.priorities import recommendation_line
from shield.improvement.views.ways import buttons, link, page_of, shortly
from shield.kernel.access.views import page, submit
from shield.kernel.calendar.rules import in_words, in_words_to

SETTLED = (IssueStatus.ELSEWHERE, IssueStatus.GROUPED, IssueStatus.SPLIT)


@page(permissions.VIEW, record=Cycle)
def emerging_issues(request: Any, cycle: Cycle) -> HttpResponse:
    """What emerged from the evidence of a cycle and what became of each issue."""
    actor = request.actor
    runs = _runs(request, cycle)
    issues = list(queries.issues_of(cycle, actor))
    emerged = queries.emerged(cycle)
    fixing = improvement.recommendations(actor).filter(priority=cycle.priority, sort="issue_to_fix")
    context = {
        "page_title": "Emerging issues",
        "page_caption": cycle.priority.heading,
        "breadcrumbs": _way(request, cycle),
        "runs": runs,
        "flow": contribution.issues_flow(cycle, emerged),
        "regrouped": contribution.REGROUPED if contribution.was_regrouped(cycle) else "",
        "by_number_only": not issues and emerged.noted is not None,
        "open": [_line(request, row) for row in issues if row.status == IssueStatus.OPEN],
        "fixing": [
            {**recommendation_line(request, row), "owner": row.owner_words or "Nobody yet"} for row in fixing
        ],
        "settled": [
            (IssueStatus(status).label, [_line(request, row) for row in issues if row.status == status])
            for status in SETTLED
        ],
        "regroup_href": link(request, "issues_regroup", cycle),
        "buttons": buttons(("Note an issue", link(request, "issue_note", cycle), runs)),
        "cycle_href": page_of(request, cycle),
        "sees_all": actor.may(chain.VIEW),
    }
    return render(request, "learning_hub/issues.html", context)


def _runs(request: Any, cycle: Cycle) -> bool:
    return request.actor.may(permissions.RUN) and cycle.stopped_on is None


def _way(request: Any, cycle: Cycle, *further: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        ("Learning Hub", link(request, "hub")),
        (shortly(cycle.heading), page_of(request, cycle)),
        ("Emerging issues", link(request, "emerging_issues", cycle) if further else ""),
        *further,
    ]


def _line(request: Any, row: Any) -> dict[str, Any]:
    """An issue in the list; its evidence and findings are counted with it."""
    return {
        "issue": row,
        "href": page_of(request, row),
        "rests": _rests_on(row.evidence, row.found),
        "of": [each.title for each in row.came_from.all()],
        "acts": [(text, link(request, name, row)) for text, name in ACTS],
    }


def _rests_on(evidence: int, findings: int) -> str:
    """On how much an issue rests, in words."""
    parts = [
        f"{count} {one if count == 1 else several}"
        for count, one, several in (
            (evidence, "piece of evidence", "pieces of evidence"),
            (findings, "finding", "findings"),
        )
        if count
    ]
    return f"Rests on {' and '.join(parts)}" if parts else "No evidence named yet"


ACTS = (
    ("Take it up to be fixed", "issue_take_up"),
    ("Let somebody else take it forward", "issue_elsewhere"),
    ("Split it", "issue_split"),
    ("Change it", "issue_change"),
)
"""What can be done with an open issue."""


@page(permissions.VIEW, record=EmergingIssue)
def emerging_issue(request: Any, issue: EmergingIssue) -> HttpResponse:
    """One issue: what it rests on, what it came from, what became of it."""
    actor, cycle = request.actor, issue.cycle
    is_open, runs = issue.status == IssueStatus.OPEN, _runs(request, cycle)
    undone = issue.status == IssueStatus.UNDONE
    origins = list(issue.came_from.all())
    became = [each for each in issue.became.all() if each.status != IssueStatus.UNDONE]
    fixed = issue.recommendation
    context = {
        **around(
            request, issue, link(request, "issue_history", issue), *_way(request, cycle, ("", ""))[1:-1]
        ),
        "tags": [(issue.get_status_display(), rules.ISSUE_TONES[issue.status])],
        "facts": [
            ("What the evidence shows", issue.text or "Not written down yet"),
            ("Noted on", issue.noted_on),
            *(
                [("Taken forward by", issue.sent_words), ("Why elsewhere", issue.why)]
                if issue.sent_words
                else []
            ),
            *([("Settled on", in_words(issue.settled_on))] if issue.settled_on else []),
        ],
        "fixed": {"text": fixed.heading, "href": page_of(request, fixed), "who": fixed.owner_words}
        if fixed and _sees(actor, fixed)
        else None,
        "family": [
            (title, [_said(request, each) for each in rows])
            for title, rows in (("What it came from", origins), ("What it became", became))
            if rows
        ],
        **_evidence_of(request, issue),
        "buttons": buttons(
            *((text, link(request, name, issue), is_open and runs) for text, name in ACTS),
            ("Open it again", link(request, "issue_put_back", issue), runs and not is_open and not undone),
        ),
    }
    return render(request, "learning_hub/issue.html", context)


def _evidence_of(request: Any, issue: EmergingIssue) -> dict[str, Any]:
    """The evidence and the findings an issue rests on; no findings for who may not see them."""
    return {
        "plan_items": [
            {
                "source": item.source,
                "when": in_words_to(item.dated_on, item.precision) if item.dated_on else "",
                "says": item.says,
            }
            for item in issue.plan_items.filter(withdrawn_on=None)
        ],
        "findings": [
            {"text": row.text, "href": page_of(request, row)}
            for row in improvement.findings(request.actor).filter(pk__in=queries.findings_under([issue]))
        ]
        if request.actor.may(chain.VIEW)
        else None,
    }


def _sees(actor: Any, record: Any) -> bool:
    return bool(type(record).objects.open_to(actor).filter(pk=record.pk).exists())


def _said(request: Any, issue: EmergingIssue) -> dict[str, str]:
    return {"text": f"{issue.title} ({issue.reference})", "href": page_of(request, issue)}


@page(permissions.VIEW, record=EmergingIssue)
def issue_history(request: Any, issue: EmergingIssue) -> HttpResponse:
    """What happened to an issue."""
    return history_page(request, issue)


def _on_issue(request: Any, title: str, form: Any, issue: EmergingIssue, **more: Any) -> HttpResponse:
    crumbs = _way(request, issue.cycle, (shortly(issue.heading), page_of(request, issue)), (title, ""))
    return form_page(request, title, form, issue, breadcrumbs=crumbs, **more)


@page(permissions.RUN, record=Cycle)
def issue_note(request: Any, cycle: Cycle) -> HttpResponse:
    """Note an issue; “and another” keeps the page open, since there are often many."""
    form = forms.IssueForm(request.POST or None, actor=request.actor, today=request.today, cycle=cycle)
    if request.method == "POST" and form.is_valid():
        again = "another" in request.POST
        done = submit(
            request,
            form,
            lambda: services.note_issue(
                cycle=cycle, by=request.actor, today=request.today, **form.words, **form.rests_on
            ),
            lambda _: link(request, "issue_note" if again else "emerging_issues", cycle),
            said="The issue is on record.",
        )
        if done:
            return done
    title = "Note an emerging issue"
    return form_page(
        request, title, form, cycle, cancel_href=link(request, "emerging_issues", cycle),
        breadcrumbs=_way(request, cycle, (title, "")), submit_text="Save", another="Save and note another",
    )  # fmt: skip


@page(permissions.RUN, record=EmergingIssue)
def issue_change(request: Any, issue: EmergingIssue) -> HttpResponse:
    """Word an open issue anew, or say anew what it rests on."""
    form = forms.IssueForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        cycle=issue.cycle,
        version=issue.version,
        initial=forms.issue_initial(issue),
    )
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.change_issue(
                issue=issue,
                changes=form.words,
                by=request.actor,
                expected_version=form.cleaned_data["version"],
                **form.rests_on,
            ),
            lambda row: page_of(request, row),
            said="The issue was changed.",
        )
        if done:
            return done
    return _on_issue(request, "Change it", form, issue)


@page(permissions.RUN, record=Cycle)
def issues_regroup(request: Any, cycle: Cycle) -> HttpResponse:
    """Make one issue of several; those ticked on the list come ticked."""
    form = forms.RegroupForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        cycle=cycle,
        initial={"issues": request.GET.getlist("issues")},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.regroup(
                issues=form.picked_all("issues"),
                title=data["title"],
                text=data["text"],
                by=request.actor,
                today=request.today,
            ),
            lambda _: link(request, "emerging_issues", cycle),
            said="They are one issue now. Each stays on record as what it came from.",
        )
        if done:
            return done
    title = "Regroup issues"
    return form_page(
        request, title, form, cycle, cancel_href=link(request, "emerging_issues", cycle),
        breadcrumbs=_way(request, cycle, (title, "")),
    )  # fmt: skip


@page(permissions.RUN, record=EmergingIssue)
def issue_split(request: Any, issue: EmergingIssue) -> HttpResponse:
    """Make several issues of one."""
    form = forms.SplitForm(request.POST or None, version=issue.version)
    if request.method == "POST" and form.is_valid():
        done = submit(
            request,
            form,
            lambda: services.split(
                issue=issue,
                titles=form.lines,
                by=request.actor,
                today=request.today,
                expected_version=form.cleaned_data["version"],
            ),
            lambda _: link(request, "emerging_issues", issue.cycle),
            said="The issue was split.",
        )
        if done:
            return done
    return _on_issue(request, "Split it", form, issue)


@page(permissions.RUN, record=EmergingIssue)
def issue_elsewhere(request: Any, issue: EmergingIssue) -> HttpResponse:
    """Let an agency or somebody else take an issue forward."""
    form = forms.ElsewhereForm(
        request.POST or None, actor=request.actor, today=request.today, version=issue.version
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.send_elsewhere(
                issue=issue,
                agency=form.picked("agency"),
                outside=data["outside"],
                why=data["why"],
                by=request.actor,
                today=request.today,
                expected_version=data["version"],
            ),
            lambda _: link(request, "emerging_issues", issue.cycle),
            said="It is on record who takes it forward.",
        )
        if done:
            return done
    return _on_issue(request, "Let somebody else take it forward", form, issue)


@page(permissions.RUN, record=EmergingIssue)
def issue_take_up(request: Any, issue: EmergingIssue) -> HttpResponse:
    """Make an issue to be fixed of an emerging one."""
    form = forms.TakeUpForm(
        request.POST or None,
        actor=request.actor,
        today=request.today,
        version=issue.version,
        initial={"title": issue.title, "number": queries.next_number(issue.cycle)},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.take_up(
                issue=issue,
                owner=improvement_services.Owner(**form.owner),
                title=data["title"],
                text=data["text"],
                number=data["number"],
                by=request.actor,
                today=request.today,
                expected_version=data["version"],
            ),
            lambda made: page_of(request, made),
            said="It is an issue to be fixed. Present it to the Board; its action plan follows when it is accepted.",
        )
        if done:
            return done
    return _on_issue(request, "Take it up to be fixed", form, issue)


@page(permissions.RUN, record=EmergingIssue)
def issue_put_back(request: Any, issue: EmergingIssue) -> HttpResponse:
    """Open an issue again, with the reason."""
    form = forms.PutBackForm(request.POST or None, version=issue.version)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = submit(
            request,
            form,
            lambda: services.put_back(
                issue=issue, reason=data["reason"], by=request.actor, expected_version=data["version"]
            ),
            lambda _: link(request, "emerging_issues", issue.cycle),
            said="It is open again.",
        )
        if done:
            return done
    return _on_issue(request, "Open it again", form, issue)
