"""Recording what a body decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from shield.improvement import services as improvement
from shield.improvement.models import Priority, Recommendation
from shield.kernel.access import rules as access
from shield.kernel.access.rules import Actor
from shield.kernel.history import services as history
from shield.kernel.records.rules import Refused
from shield.meetings import events, permissions, rules
from shield.meetings.models import Body, Gathering, Resolution


@transaction.atomic
def take_decision(
    *, body: Body, text: str, outcome: str, by: Actor, today: date, gathering: Gathering | None = None,
    decided_on: date | None = None, recommendations: Iterable[Recommendation] = (), priorities: Iterable[Priority] = (), **values: Any,
) -> Resolution:  # fmt: skip
    """Record what a body decided, at which gathering if it is known, and move what it decided on."""
    access.require(by, permissions.RECORD_DECISION)
    if gathering is not None:
        if gathering.body_id != body.pk:
            raise Refused("This meeting is not one of that body.", "gathering")
        if gathering.status != rules.GatheringStatus.HELD:
            raise Refused("Record first that this meeting was held.", "gathering")
        gathering.refuse_if_frozen()
        decided_on, values["precision"] = gathering.held_on, gathering.precision
    if decided_on is not None and decided_on > today:
        raise Refused("A decision cannot have been taken in the future.", "decided_on")
    decision = improvement.record_decision(
        text=text, outcome=outcome, by=by, permission=permissions.RECORD_DECISION, recommendations=recommendations,
        priorities=priorities, decided_on=decided_on, **values,
    )  # fmt: skip
    resolution = Resolution.new(by, decision=decision, body=body, gathering=gathering).store()
    history.record(events.DECISION_TAKEN, on=resolution.ref, by=by, details={"body": body.name})
    return resolution
