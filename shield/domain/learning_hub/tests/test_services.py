"""Running a cycle: starting it, reporting its stages, nominating, passing its learning on."""

from datetime import date

import pytest

from shield.domain.learning_hub import queries, services
from shield.domain.learning_hub.models import Cycle, HubMember
from shield.improvement import services as improvement
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
        "today": TODAY,
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
    services.report_stage(
        stage=stage, status="under_way", did="Begun", by=by, today=TODAY, expected_version=stage.version
    )
    with pytest.raises(Stale):
        services.report_stage(
            stage=stage, status="to_come", did="Not begun", by=by, today=TODAY, expected_version=stage.version
        )


def test_a_report_that_says_nothing_new_is_refused(cycle, by):
    stage = cycle.stages.first()
    with pytest.raises(Refused, match="Say what was done"):
        services.report_stage(
            stage=stage, status="to_come", did="", by=by, today=TODAY, expected_version=stage.version
        )


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


# --- Mending


def spans_of(cycle):
    return {s.number: (s.starts_on, s.ends_on) for s in cycle.stages.all()}


def correct(cycle, by, starts_on=STARTS, **more):
    given = {"summary": "", "spans": spans_of(cycle), **more}
    return services.correct_cycle(
        cycle=cycle, starts_on=starts_on, by=by, expected_version=cycle.version, **given
    )


def test_dates_of_a_cycle_and_its_stages_are_corrected_and_the_old_ones_kept(cycle, by):
    spans = {**spans_of(cycle), 4: (date(2019, 12, 1), date(2020, 1, 31))}
    row = correct(cycle, by, starts_on=date(2019, 8, 5), spans=spans)
    assert row.starts_on == date(2019, 8, 5)
    assert cycle.stages.get(number=4).ends_on == date(2020, 1, 31)
    told = history.of_record(row.partnership_id, row.pk)[0].sentence
    assert "start: “1 September 2019” → “5 August 2019”" in told
    assert "Recommendations and actions, end: “31 December 2019” → “31 January 2020”" in told


@pytest.mark.parametrize(
    "span",
    [(date(2019, 12, 2), date(2019, 12, 1)), (date(2019, 8, 1), date(2019, 12, 1))],
    ids=["back", "early"],
)
def test_stages_do_not_end_before_they_begin_or_overtake_each_other(cycle, by, span):
    with pytest.raises(Refused, match="Recommendations and actions"):
        correct(cycle, by, spans={**spans_of(cycle), 4: span})


def stop(cycle, by, reason="Started on the wrong priority"):
    return services.stop_cycle(cycle=cycle, reason=reason, by=by, today=TODAY, expected_version=cycle.version)


def test_a_cycle_that_is_stopped_frees_its_priority_for_another(cycle, priority, by):
    stop(cycle, by)
    priority.refresh_from_db()
    assert priority.status == "planned"
    assert list(queries.cycles(by)) == []
    assert [row.pk for row in queries.without_cycle(by)] == [priority.pk]
    again = services.start_cycle(priority=priority, starts_on=STARTS, by=by)
    assert list(queries.cycles(by)) == [again]


def test_a_priority_on_which_something_else_goes_on_stays_active(cycle, priority, by):
    chain.finding(by, priority=priority)
    stop(cycle, by)
    priority.refresh_from_db()
    assert priority.status == "active"


def test_nothing_more_is_done_in_a_stopped_cycle_and_it_says_why(cycle, by, agencies):
    with pytest.raises(Refused, match="Say in a sentence why"):
        stop(cycle, by, reason=" ")
    row = stop(cycle, by)
    stage = row.stages.first()
    for act in (
        lambda: stop(row, by),
        lambda: correct(row, by),
        lambda: services.nominate(cycle=row, agency=agencies["school"], by=by, today=TODAY),
        lambda: services.report_stage(
            stage=stage, status="under_way", did="Begun", by=by, today=TODAY, expected_version=stage.version
        ),
    ):
        with pytest.raises(Refused, match="was stopped on 4 November 2019"):
            act()


def test_a_session_that_is_planned_or_cancelled_scopes_nothing(cycle, priority, by):
    for title, day, status in (
        ("Next", date(2020, 1, 9), "planned"),
        ("Off", date(2019, 9, 10), "cancelled"),
    ):
        made = meetings.record_gathering(
            title=title, sort="hub_session", held_on=date(2019, 9, 10), priority=priority, by=by, today=TODAY
        )
        type(made).objects.filter(pk=made.pk).update(held_on=day, status=status)
    with pytest.raises(Refused, match="on record as held"):
        report(cycle.stages.first(), by)


def report(stage, by, status="done"):
    stage.refresh_from_db()
    return services.report_stage(
        stage=stage, status=status, did="It was done", by=by, today=TODAY, expected_version=stage.version
    )


def test_a_finding_counts_for_the_stage_it_comes_from_and_of_its_time(cycle, priority, by):
    scoping, auditing, feedback, _ = cycle.stages.order_by("number")
    report(scoping, by, status="under_way")
    found = {"priority": priority, "sort": "to_develop", "by": by}
    improvement.add_finding(
        text="Plans drift", evidence_from="multi_agency_audit", found_on=date(2018, 1, 9), **found
    )
    with pytest.raises(Refused, match="one finding from an audit"):
        report(auditing, by)
    improvement.add_finding(
        text="Plans drift still", evidence_from="multi_agency_audit", found_on=TODAY, **found
    )
    report(auditing, by)
    with pytest.raises(Refused, match="one finding from what people said"):
        report(feedback, by)
    improvement.add_finding(text="Nobody asks", evidence_from="feedback_parents", found_on=TODAY, **found)
    report(feedback, by)
