"""Running a cycle: starting it, reporting its stages, nominating, passing its learning on."""

from datetime import date

import pytest

from shield.domain.learning_hub import queries, services
from shield.domain.learning_hub.models import Cycle, HubMember
from shield.improvement.tests import factories as chain
from shield.kernel.access.rules import Forbidden
from shield.kernel.history import queries as history
from shield.kernel.records.rules import Refused, Stale
from shield.meetings import services as meetings
from tests.cast import TODAY

STARTS = date(2019, 9, 1)


@pytest.fixture
def cycle(by, priority):
    return services.start_cycle(priority=priority, starts_on=STARTS, by=by)


def test_a_cycle_plans_its_four_stages_and_makes_its_priority_active(cycle, priority, agencies):
    stages = list(cycle.stages.all())
    assert next((s.title, s.starts_on, s.status) for s in stages) == ("Initial scoping", STARTS, "to_come")
    assert stages[3].ends_on == date(2019, 12, 31)
    assert all(stage.needs for stage in stages)
    priority.refresh_from_db()
    assert (priority.status, priority.starts_on) == ("active", STARTS)
    assert list(priority.leads.all()) == [agencies["police"]]


def test_the_hub_works_on_a_priority_once(cycle, priority, by):
    with pytest.raises(Refused, match="already works on this priority"):
        services.start_cycle(priority=priority, starts_on=STARTS, by=by)
    assert Cycle.objects.count() == 1


def test_only_who_runs_the_hub_starts_a_cycle(priority, actor, agencies):
    with pytest.raises(Forbidden):
        services.start_cycle(
            priority=priority, starts_on=STARTS, by=actor("agency_lead", agency=agencies["police"])
        )


def test_scoping_is_done_when_a_session_is_on_record(cycle, priority, by):
    stage = cycle.stages.first()
    report = {
        "stage": stage,
        "status": "done",
        "did": "Six themes",
        "by": by,
        "expected_version": stage.version,
    }
    with pytest.raises(Refused, match="a session of the Learning Hub"):
        services.report_stage(**report)
    meetings.record_gathering(
        title="First session",
        sort="hub_session",
        held_on=date(2019, 9, 10),
        priority=priority,
        by=by,
        today=TODAY,
    )
    assert services.report_stage(**report).status == "done"
    assert "as done" in history.of_record(by.partnership_id, cycle.pk)[0].sentence


def test_a_stage_changed_meanwhile_is_stale(cycle, by):
    stage = cycle.stages.first()
    services.report_stage(stage=stage, status="under_way", did="Begun", by=by, expected_version=stage.version)
    with pytest.raises(Stale):
        services.report_stage(
            stage=stage, status="to_come", did="Not begun", by=by, expected_version=stage.version
        )


def test_a_report_that_says_nothing_new_is_refused(cycle, by):
    stage = cycle.stages.first()
    with pytest.raises(Refused, match="Say what was done"):
        services.report_stage(stage=stage, status="to_come", did="", by=by, expected_version=stage.version)


def test_members_are_nominated_by_a_safeguarding_partner_and_once(cycle, by, agencies):
    nominate = {"cycle": cycle, "agency": agencies["school"], "by": by, "today": TODAY}
    with pytest.raises(Refused, match="one of the three safeguarding partners"):
        services.nominate(**nominate, nominated_by=agencies["charity"])
    services.nominate(**nominate, nominated_by=agencies["police"])
    with pytest.raises(Refused, match="already nominated"):
        services.nominate(**nominate)
    assert HubMember.objects.count() == 1


def test_a_step_is_reported_on_once_it_has_come(cycle, priority, by):
    step = services.plan_step(
        priority=priority, activity="Champions hear it", happens_on=date(2019, 12, 1), by=by
    )
    with pytest.raises(Refused, match="in the future"):
        services.report_step(
            step=step, status="completed", progress="", by=by, today=TODAY, expected_version=step.version
        )
    moved = services.report_step(
        step=step,
        status="considered_later",
        progress="In January",
        by=by,
        today=TODAY,
        expected_version=step.version,
    )
    assert moved.progress == "In January"


def test_what_is_next_due_is_the_first_of_stages_steps_and_reviews(cycle, priority, by):
    assert queries.next_due(by)[priority.pk].title == "end of initial scoping"
    services.plan_step(
        priority=priority, activity="Champions hear it", happens_on=date(2019, 9, 1), precision="day", by=by
    )
    assert queries.next_due(by)[priority.pk].title == "Champions hear it"
    chain.review(by, priority)
    assert queries.next_due(by)[priority.pk].title == "6-month impact review"


def test_priorities_still_to_start_are_those_without_a_cycle_that_are_not_closed(cycle, by):
    waiting = chain.priority(by, title="Waiting", number=2, status="candidate")
    chain.priority(by, title="Closed", number=3, status="closed")
    assert list(queries.without_cycle(by)) == [waiting]
