"""From what a Learning Hub cycle means to ask to what was asked, across two modules that do not know each other."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.urls import reverse

from shield.domain.learning_hub import services as hub
from shield.domain.voice.models import Activity
from shield.improvement.tests import factories as chain
from shield.improvement.tests.pages import day, send, text_of


def test_planned_feedback_leads_to_recording_it_with_nothing_retyped(
    actor: Callable[..., Any],
    person: Callable[..., Any],
    client_of: Callable[..., Any],
    agencies: dict[str, Any],
) -> None:
    by = actor("learning_manager")
    priority = chain.priority(by, status="planned", leads=[agencies["police"]])
    cycle = hub.start_cycle(priority=priority, starts_on=date(2019, 8, 1), by=by)
    given = {"cycle": cycle, "agency": agencies["police"], "by": by}
    audit, planned = (
        hub.plan_activity(sort=sort, what=what, happens_on=date(2019, 10, 14), **given)
        for sort, what in (("audit", "Four cases"), ("feedback", "Interviews in three schools"))
    )
    manager, lead = (client_of(person(role)) for role in ("learning_manager", "scrutineer"))
    at = {"partnership": "testbury", "id": cycle.pk}
    assert "Record feedback" in text_of(manager.get(reverse("delivery_plan", kwargs=at)))
    assert "Record feedback" not in text_of(lead.get(reverse("delivery_plan", kwargs=at)))
    pages = [reverse("planned_report", kwargs=at | {"id": row.pk}) for row in (audit, planned)]
    assert "Record feedback" not in text_of(manager.get(pages[0]))
    link = html.unescape(
        re.search(r'href="([^"]+)">Record feedback', manager.get(pages[1]).content.decode())[1]  # type: ignore[index]
    )
    form = manager.get(link).content.decode()
    assert 'value="Interviews in three schools"' in form
    for field, chosen in (("priority", priority.pk), ("agency", agencies["police"].pk)):
        assert re.search(rf'name="{field}".*?value="{chosen}" selected', form, re.DOTALL), field
    send(
        manager, link, title="Interviews in three schools", group="children", method="interview", precision="month",
        priority=str(priority.pk), people_count="24", **day("held_on", date(2019, 10, 1)),
    )  # fmt: skip
    assert Activity.objects.get().priority == priority
    for page in (pages[1], reverse("delivery_plan", kwargs=at)):
        assert "Interviews in three schools Children, 24, October 2019" in text_of(manager.get(page))
