"""The page of one decision of a body."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render

from shield.improvement import permissions as improvement
from shield.improvement import queries as chain_queries
from shield.improvement.models import Decision, Priority, Recommendation
from shield.improvement.rules import Outcome
from shield.kernel.access.views import page
from shield.kernel.calendar.rules import in_words_to
from shield.kernel.records import queries as records
from shield.meetings import permissions, queries
from shield.meetings.models import Resolution
from shield.meetings.views import frame


@page(permissions.VIEW, record=Resolution, past=True)
def resolution(request: Any, resolution: Resolution) -> HttpResponse:
    """What a body decided, where, about what, and what followed."""
    decision, actor = resolution.decision, request.actor
    actions = queries.actions_out_of([decision.pk], actor)
    chain = Decision.objects.visible_to(actor).filter(pk=decision.pk).exists()
    may_correct = chain and not decision.is_taken_back and not chain_queries.why_not_correct(decision, actor)
    context = {
        "page_title": decision.heading,
        "page_caption": f"Decision of {resolution.body.name}",
        "breadcrumbs": frame.way(request, "resolutions", (decision.heading, "")),
        "resolution": resolution,
        "outcome": Outcome(decision.outcome).label,
        "tone": frame.OUTCOME_TONES[decision.outcome],
        "waiting": decision.needs_action and decision.pk not in queries.acted_upon([resolution]),
        "facts": _facts(request, resolution),
        "recommendations": list(
            Recommendation.objects.visible_to(actor).filter(decisions=decision).select_related("priority")
        ),
        "priorities": list(Priority.objects.visible_to(actor).filter(decisions=decision)),
        "act_href": _act_href(request, resolution) if chain else "",
        "actions": [
            {
                "record": a,
                "status": a.get_status_display(),
                "tone": frame.ACTION_TONES[a.status],
                "owner": a.owner_words,
            }
            for a in actions
        ],
        "chain": chain,
        "correct_href": frame.to(request, "decision_correct", decision) if may_correct else "",
        "withdraw_href": frame.to(request, "decision_withdraw", decision) if may_correct else "",
        "panels": records.panels(resolution.ref, actor),
        "past_href": frame.to(request, "resolution_history", resolution),
    }
    return render(request, "meetings/resolution.html", context)


def _act_href(request: Any, row: Resolution) -> str:
    """Where the decision is turned into an action, which leads back here."""
    decision = row.decision
    if not request.actor.may(improvement.ASSIGN):
        return ""
    asked = urlencode({"about": decision.ref.as_text(), "next": frame.to(request, "resolution", row)})
    return f"{frame.to(request, 'action_add')}?{asked}"


def _facts(request: Any, row: Resolution) -> list[Any]:
    decision = row.decision
    facts: list[Any] = [{"key": "Body", "value": row.body.name, "href": frame.to(request, "body", row.body)}]
    if row.gathering:
        facts.append(
            {
                "key": "Meeting",
                "value": row.gathering.title,
                "href": frame.to(request, "gathering", row.gathering),
            }
        )
    else:
        facts.append(("Meeting", "Not recorded"))
    facts.append(
        ("Date", in_words_to(decision.decided_on, decision.precision) if decision.decided_on else "")
    )
    if decision.text != decision.heading:
        facts.append(("In full", decision.text))
    if decision.reason:
        facts.append(("Why", decision.reason))
    return facts
