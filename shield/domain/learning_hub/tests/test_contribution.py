"""What the Learning Hub gives to the report, to the home page and to a priority's page."""

from datetime import date, timedelta

from shield.domain.learning_hub import contribution, doors, services
from shield.improvement.tests import factories as chain
from shield.kernel.reporting import rules as reporting
from tests.cast import TODAY

YEAR = reporting.Period("2018-19", date(2018, 10, 1), date(2019, 10, 31), TODAY)


def start(by, priority, on=date(2019, 1, 1)):
    return services.start_cycle(priority=priority, starts_on=on, by=by)


def test_priorities_worked_on_are_those_whose_cycle_began_in_the_year(by, priority):
    start(by, priority)
    later = chain.priority(by, title="Next year", number=2)
    start(by, later, date(2019, 11, 1))
    figure = reporting.compute("learning_hub.priorities_worked", YEAR, by)
    assert (figure.value, [ref.id for ref in figure.records]) == (1, [priority.pk])


def test_each_priority_is_a_group_and_those_to_come_are_one(by, priority):
    start(by, priority)
    chain.priority(
        by, title="Adolescent vulnerability", number=4, status="planned", rationale="Chosen with partners"
    )
    groups = {group.key: group for group in contribution.section(YEAR, by).groups}
    assert set(groups) == {"priority-1", "next"}
    assert "Adolescent vulnerability" in repr(groups["next"].blocks)
    assert "The stages" in repr(groups["priority-1"].blocks)


def test_a_step_that_is_late_at_the_day_of_the_figures_is_a_gap(by, priority, agencies):
    start(by, priority)
    late = services.plan_step(
        priority=priority,
        activity="Champions hear it",
        happens_on=date(2019, 10, 3),
        agency=agencies["police"],
        by=by,
    )
    services.plan_step(priority=priority, activity="Still to come", happens_on=date(2020, 1, 3), by=by)
    gaps = contribution.section(YEAR, by).gaps
    assert [(gap.ref.id, gap.mended_by) for gap in gaps] == [(late.pk, "Testbury Police")]


def test_a_cycle_is_drawn_with_each_stage_as_it_stands(by, priority):
    cycle = start(by, priority)
    stage = cycle.stages.first()
    services.report_stage(
        stage=stage, status="under_way", did="Begun", by=by, today=TODAY, expected_version=stage.version
    )
    first = stage.ends_on
    stages = contribution.ring(cycle, first).stages
    assert [s.tone for s in stages] == ["planned", "neutral", "neutral", "neutral"]
    assert [s.word for s in stages] == ["Under way", "To come", "To come", "To come"]
    late = contribution.ring(cycle, first + timedelta(days=1)).stages[0]
    assert (late.tone, late.word) == ("late", "Under way, late")


def test_a_priority_shows_its_cycle_and_a_planned_step_waits_for_its_agency(by, priority, actor, agencies):
    cycle = start(by, priority)
    services.plan_step(
        priority=priority,
        activity="Police report",
        happens_on=date(2019, 10, 3),
        agency=agencies["police"],
        by=by,
    )
    panel = next(iter(doors.panels(priority.ref, by)))
    assert [item.ref.id for item in panel.items] == [cycle.pk]
    ours = list(doors.work(actor("agency_lead", agency=agencies["police"]), TODAY))
    assert [(item.title, item.is_late) for item in ours] == [("Police report", True)]
    assert list(doors.work(actor("agency_lead", agency=agencies["health"]), TODAY)) == []


def test_cycles_and_steps_are_moments_of_the_year(by, priority):
    cycle = start(by, priority)
    made = services.plan_step(priority=priority, activity="Police report", happens_on=date(2019, 7, 8), by=by)
    moments = list(doors.moments(by, date(2019, 1, 1), date(2019, 12, 31)))
    assert [m.ref.id for m in moments] == [cycle.pk, made.pk]
