"""Emerging issues: evidence and history go along when they are regrouped, split, sent elsewhere or taken up."""

from datetime import date

import pytest
from django.urls import reverse

from shield.domain.learning_hub import contribution, exchange, queries, rules, services
from shield.domain.learning_hub.models import EmergingIssue
from shield.improvement import services as improvement
from shield.improvement.models import Action, Recommendation
from shield.kernel.access.rules import Forbidden
from shield.kernel.history import queries as history
from shield.kernel.records.rules import Refused, Stale
from tests.cast import TODAY, queries_counted


@pytest.fixture
def cycle(priority, by):
    return services.start_cycle(priority=priority, starts_on=date(2019, 3, 1), variant="issues_to_fix", by=by)


@pytest.fixture
def note(cycle, by):
    def made(title, **values):
        return services.note_issue(cycle=cycle, title=title, by=by, today=TODAY, **values)

    return made


@pytest.fixture
def rests_on(cycle, by, priority):
    """One piece of evidence on the plan and one finding, by the name of the relation."""
    item = services.add_plan_item(
        cycle=cycle, sort="data", source="Complaints", says="Many", by=by, today=TODAY, strength="fair"
    )
    finding = improvement.add_finding(
        text="Chronologies differ", sort="to_develop", evidence_from="data", priority=priority, by=by
    )
    return {"plan_items": [item], "findings": [finding]}


def take_up(issue, by, agencies, **values):
    return services.take_up(
        issue=issue, owner=improvement.Owner(agency=agencies["police"]), by=by, today=TODAY,
        expected_version=issue.version, **values,
    )  # fmt: skip


def statuses(cycle):
    return {row.title: row.status for row in EmergingIssue.objects.filter(cycle=cycle)}


def test_regrouped_issues_stay_and_their_evidence_goes_along(cycle, note, by, rests_on):
    one = note("Chronologies", plan_items=rests_on["plan_items"])
    two = note("Case summaries", findings=rests_on["findings"])
    made = services.regroup(issues=[one, two], title="One record of events", by=by, today=TODAY)
    assert list(made.plan_items.all()) == rests_on["plan_items"]
    assert list(made.findings.all()) == rests_on["findings"]
    assert set(made.came_from.all()) == {one, two}
    assert statuses(cycle) == {
        "Chronologies": "grouped", "Case summaries": "grouped", "One record of events": "open"
    }  # fmt: skip
    assert "One record of events" in history.of_record(by.partnership_id, one.pk)[0].sentence
    assert one.reference in history.of_record(by.partnership_id, made.pk)[0].sentence


def test_the_parts_of_a_split_rest_on_what_the_whole_rested_on(cycle, note, by, rests_on):
    whole = note("Plans and meetings", **rests_on)
    parts = services.split(
        issue=whole, titles=[" Plans ", "", "Meetings"], by=by, today=TODAY, expected_version=whole.version
    )
    assert [part.title for part in parts] == ["Plans", "Meetings"]
    for part in parts:
        assert list(part.findings.all()) == rests_on["findings"]
        assert list(part.plan_items.all()) == rests_on["plan_items"]
    assert statuses(cycle)["Plans and meetings"] == "split"


def test_an_issue_taken_up_has_an_owner_a_number_and_its_findings(cycle, note, by, agencies, rests_on):
    issue = note("Medicals", findings=rests_on["findings"], text="The way is not known")
    made = take_up(issue, by, agencies)
    assert (made.sort, made.number, made.issue) == ("issue_to_fix", 1, "The way is not known")
    assert made.owner_agency == agencies["police"]
    assert list(made.findings.all()) == rests_on["findings"]
    assert take_up(note("Young carers"), by, agencies).number == 2
    with pytest.raises(Refused, match="needs somebody who answers for it"):
        services.take_up(
            issue=note("Third"), owner=improvement.NOBODY, by=by, today=TODAY, expected_version=1
        )


def test_a_finding_that_was_taken_back_does_not_go_along_into_what_is_fixed(note, by, agencies, rests_on):
    issue = note("Medicals", findings=rests_on["findings"])
    [finding] = rests_on["findings"]
    improvement.take_back(
        record=finding, reason="It was recorded twice", by=by, today=TODAY, expected_version=finding.version
    )
    assert not take_up(issue, by, agencies).findings.exists()


def test_whoever_takes_it_forward_is_one_and_the_reason_is_said(note, by, agencies):
    issue = note("Housing")
    given = {"issue": issue, "by": by, "today": TODAY, "expected_version": issue.version}
    for who in ({}, {"agency": agencies["police"], "outside": "The council"}):
        with pytest.raises(Refused, match="who takes it forward"):
            services.send_elsewhere(why="It is not about practice", **given, **who)
    with pytest.raises(Refused, match="why it is taken forward elsewhere"):
        services.send_elsewhere(why="x", outside="The council", **given)
    sent = services.send_elsewhere(why="It is not about practice", outside="The council", **given)
    assert (sent.status, sent.outcome) == ("elsewhere", "The council: It is not about practice")


def test_what_is_settled_is_not_settled_twice(note, by, agencies):
    one, two = note("One"), note("Two")
    services.regroup(issues=[one, two], title="Both", by=by, today=TODAY)
    with pytest.raises(Refused, match="not open any more: regrouped"):
        services.regroup(issues=[one, note("Three")], title="Again", by=by, today=TODAY)
    with pytest.raises((Refused, Stale)):
        take_up(two, by, agencies)
    assert not Recommendation.objects.exists()
    with pytest.raises(Refused, match="at least two"):
        services.regroup(issues=[note("Four")], title="Alone", by=by, today=TODAY)
    five = note("Five")
    with pytest.raises(Refused, match="at least two"):
        services.regroup(issues=[five, five], title="Twice itself", by=by, today=TODAY)


def test_opening_again_brings_back_all_that_were_regrouped_together(cycle, note, by):
    one, two = note("One"), note("Two")
    services.regroup(issues=[one, two], title="Both", by=by, today=TODAY)
    one.refresh_from_db()
    services.put_back(issue=one, reason="They are not the same", by=by, expected_version=one.version)
    assert statuses(cycle) == {"One": "open", "Two": "open", "Both": "undone"}
    assert {row.title for row in queries.issues_of(cycle, by)} == {"One", "Two"}
    assert queries.emerged(cycle).noted == 2


def test_a_regrouping_is_not_undone_once_something_came_of_it(note, by, agencies):
    one, two = note("One"), note("Two")
    both = services.regroup(issues=[one, two], title="Both", by=by, today=TODAY)
    take_up(both, by, agencies)
    one.refresh_from_db()
    with pytest.raises(Refused, match="“Both” is not open any more"):
        services.put_back(issue=one, reason="They are not the same", by=by, expected_version=one.version)


def test_what_is_being_fixed_opens_again_only_when_the_issue_to_be_fixed_is_taken_back(note, by, agencies):
    issue = note("Medicals")
    made = take_up(issue, by, agencies)
    issue.refresh_from_db()
    given = {"issue": issue, "reason": "It was the wrong one", "by": by, "expected_version": issue.version}
    with pytest.raises(Refused, match="being fixed"):
        services.put_back(**given)
    improvement.take_back(
        record=made, reason="It was the wrong one", by=by, today=TODAY, expected_version=made.version
    )
    assert services.put_back(**given).status == "open"


def test_issues_are_counted_by_what_became_of_them_and_told_numbers_only_without_them(
    cycle, note, by, agencies
):
    told = services.correct_cycle(
        cycle=cycle, starts_on=cycle.starts_on, spans={}, issues_noted=18, issues_elsewhere=5, by=by,
        expected_version=cycle.version,
    )  # fmt: skip
    assert queries.emerged(told) == rules.Emerged(18, 0, 5, 0, 0)
    with pytest.raises(Refused, match="cycle as a whole: 18"):
        services.note_issue(cycle=told, title="Nineteen", by=by, today=TODAY)
    services.correct_cycle(
        cycle=told, starts_on=told.starts_on, spans={}, issues_noted=None, issues_elsewhere=None, by=by,
        expected_version=told.version,
    )  # fmt: skip
    cycle.refresh_from_db()
    rows = [note(f"Issue {n}") for n in range(5)]
    services.regroup(issues=rows[:2], title="Two of them", by=by, today=TODAY)
    services.send_elsewhere(
        issue=rows[2], why="Not about practice", outside="The council", by=by, today=TODAY, expected_version=1
    )
    take_up(rows[3], by, agencies)
    assert queries.emerged(cycle) == rules.Emerged(5, 2, 1, 1, 1)
    with pytest.raises(Refused, match="one by one"):
        services.correct_cycle(
            cycle=cycle, starts_on=cycle.starts_on, spans={}, issues_noted=9, by=by,
            expected_version=cycle.version,
        )  # fmt: skip


def test_stages_of_fixing_are_done_when_what_they_need_is_on_record(cycle, note, by, agencies):
    stages = {stage.number: stage for stage in cycle.stages.all()}

    def done(number):
        stage = stages[number]
        stage.refresh_from_db()
        return services.report_stage(
            stage=stage, status="done", did="Done", by=by, today=TODAY, expected_version=stage.version
        )

    with pytest.raises(Refused, match="emerging issues are on record"):
        done(1)
    one, two = note("One"), note("Two")
    done(1)
    with pytest.raises(Refused, match="2 emerging issues are still open"):
        done(2)
    made = take_up(one, by, agencies)
    with pytest.raises(Refused, match="One emerging issue is still open"):
        done(2)
    services.send_elsewhere(
        issue=two, why="Not about practice", outside="The council", by=by, today=TODAY, expected_version=1
    )
    done(2)
    with pytest.raises(Refused, match="One issue has no action yet"):
        done(3)
    improvement.add_action(
        text="Tell all teams", owner=improvement.Owner(agency=agencies["police"]), by=by, recommendation=made
    )
    done(3)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["One"], "at least two"),
        (["One", " one "], "say the same"),
        ([str(n) for n in range(11)], "10 issues at most"),
        (["One", "x" * 301], "longer than 300"),
    ],
)
def test_a_split_that_makes_no_sense_is_refused(lines, said):
    with pytest.raises(Refused, match=said):
        rules.parts_of_a_split(lines)


def test_who_does_not_run_the_hub_reads_and_changes_nothing(cycle, note, by, actor, police):
    issue = note("One")
    for role in ("scrutineer", "agency_lead"):
        with pytest.raises(Forbidden):
            services.note_issue(cycle=cycle, title="Two", by=actor(role), today=TODAY)
    for name in ("issue_change", "issue_split", "issue_elsewhere", "issue_take_up", "issue_put_back"):
        assert (
            police.get(reverse(name, kwargs={"partnership": "testbury", "id": issue.pk})).status_code == 403
        )
    page = police.get(f"/testbury/hub/cycles/{cycle.pk}/issues").content.decode()
    assert "One" in page
    assert "Split it" not in page


def test_the_pages_take_an_issue_all_the_way(cycle, manager, agencies, rests_on):
    at = f"/testbury/hub/cycles/{cycle.pk}/issues"
    for title in ("Chronologies", "Case summaries"):
        given = {
            "title": title, "text": "", "plan_items": [str(rests_on["plan_items"][0].pk)], "another": "yes",
        }  # fmt: skip
        answer = manager.post(f"{at}/note", given)
        assert answer.headers["Location"].endswith("/issues/note")
    one, two = EmergingIssue.objects.order_by("reference")
    shown = manager.get(f"{at}/regroup", {"issues": [str(one.pk), str(two.pk)]}).content.decode()
    assert shown.count("checked") == 2
    manager.post(f"{at}/regroup", {"issues": [str(one.pk), str(two.pk)], "title": "One record"})
    made = EmergingIssue.objects.get(title="One record")
    page = manager.get(f"/testbury/hub/issues/{made.pk}").content.decode()
    assert "Complaints" in page
    assert "Case summaries" in page
    answer = manager.post(
        f"/testbury/hub/issues/{made.pk}/take-up",
        {"title": "One record", "number": "", "text": "", "owner_agency": str(agencies["police"].pk), "version": made.version},
        follow=True,
    )  # fmt: skip
    shown = answer.content.decode()
    assert "Issue 1: One record" in shown
    assert "Emerged in the Learning Hub" in shown
    listed = manager.get(at).content.decode()
    assert "Now: One record" in listed
    assert "2 emerging issues" in listed
    assert "No action yet" in listed


def test_a_list_of_many_asks_no_more_of_the_database(cycle, note, manager):
    note("One")
    manager.get(f"/testbury/hub/cycles/{cycle.pk}/issues")
    with queries_counted() as few:
        manager.get(f"/testbury/hub/cycles/{cycle.pk}/issues")
    for number in range(40):
        note(f"Issue {number}")
    with queries_counted() as many:
        manager.get(f"/testbury/hub/cycles/{cycle.pk}/issues")
    assert len(many) == len(few) <= 15


def test_the_delivery_plan_and_the_picture_tell_what_became_of_them(cycle, note, by, agencies):
    take_up(note("Medicals"), by, agencies)
    document = exchange.plan_document(queries.delivery_plan(cycle, by), TODAY)
    told = [
        block for block in document.blocks if getattr(block, "caption", "").startswith("Issues that emerged")
    ]
    assert "Issue 1: Medicals" in repr(told)
    flow = contribution.issues_flow(cycle, queries.emerged(cycle))
    assert [node.label for node in flow.nodes] == ["1 emerging issue", "1 to be fixed"]
    assert flow.summary() == "1 emerging issue: 1 to be fixed."
    assert not Action.objects.exists()
