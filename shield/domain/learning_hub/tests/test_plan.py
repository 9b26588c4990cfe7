"""The delivery plan: evidence of seven kinds, planned activity, and the document that is handed round."""

from datetime import date, timedelta

import pytest

from shield.domain.learning_hub import doors, exchange, queries, rules, services
from shield.domain.learning_hub.models import PlanItem
from shield.kernel.access.rules import Forbidden
from shield.kernel.documents.rules import blocks as b
from shield.kernel.history import queries as history
from shield.kernel.records.rules import Refused, Stale
from tests.cast import TODAY

GIVEN = {
    "sort": "data",
    "source": "Police data, 2019",
    "says": "More episodes in term time.",
    "strength": "fair",
}


@pytest.fixture
def cycle(priority, by):
    return services.start_cycle(priority=priority, starts_on=date(2019, 10, 1), by=by)


@pytest.fixture
def item(cycle, by):
    return services.add_plan_item(cycle=cycle, by=by, today=TODAY, **GIVEN)


def page(cycle, tail=""):
    return f"/testbury/hub/cycles/{cycle.pk}/plan{tail}"


def test_evidence_stands_under_its_kind_and_kinds_without_any_are_shown_too(cycle, item, by):
    plan = dict(queries.delivery_plan(cycle, by).evidence)
    assert list(plan) == list(rules.EvidenceKind)
    assert len(plan) == 7
    assert plan[rules.EvidenceKind.DATA] == (item,)
    assert sum(map(len, plan.values())) == 1


def test_a_correction_keeps_what_stood_there_and_two_people_do_not_overwrite_each_other(item, by):
    services.change_plan_item(
        item=item, changes={"strength": "strong"}, by=by, today=TODAY, expected_version=1
    )
    with pytest.raises(Stale):
        services.change_plan_item(
            item=item, changes={"says": "Less."}, by=by, today=TODAY, expected_version=1
        )
    told = history.of_record(by.partnership_id, item.pk)[0].sentence
    assert "Fair: one good source" in told
    assert "Strong" in told


def test_what_is_taken_off_is_on_no_plan_and_changes_no_more(cycle, item, by):
    with pytest.raises(Refused, match="why it is taken off"):
        services.withdraw_plan_item(item=item, reason="x", by=by, today=TODAY)
    services.withdraw_plan_item(item=item, reason="It was counted twice", by=by, today=TODAY)
    assert sum(len(rows) for _, rows in queries.delivery_plan(cycle, by).evidence) == 0
    for act in (
        lambda: services.withdraw_plan_item(item=item, reason="It was counted twice", by=by, today=TODAY),
        lambda: services.change_plan_item(
            item=item, changes={"says": "a"}, by=by, today=TODAY, expected_version=2
        ),
    ):
        with pytest.raises(Refused, match="already"):
            act()
    assert PlanItem.objects.get().withdrawn_why == "It was counted twice"


def test_what_is_refused(cycle, item, by, actor):
    with pytest.raises(Refused, match="future"):
        services.add_plan_item(cycle=cycle, by=by, today=TODAY, **GIVEN, dated_on=TODAY + timedelta(days=1))
    with pytest.raises(Refused, match="Nothing was changed"):
        services.change_plan_item(item=item, changes={"sort": "data"}, by=by, today=TODAY, expected_version=1)
    with pytest.raises(Forbidden):
        services.add_plan_item(cycle=cycle, by=actor("scrutineer"), today=TODAY, **GIVEN)
    services.stop_cycle(cycle=cycle, reason="It was started twice", by=by, today=TODAY, expected_version=1)
    cycle.refresh_from_db()
    with pytest.raises(Refused, match="stopped"):
        services.add_plan_item(cycle=cycle, by=by, today=TODAY, **GIVEN)


def test_a_planned_audit_waits_until_it_is_reported_on(cycle, by, agencies):
    planned = services.plan_activity(
        cycle=cycle,
        sort="audit",
        what="Four cases",
        happens_on=date(2019, 9, 1),
        agency=agencies["police"],
        by=by,
    )
    [waiting] = [each for each in doors.work(by, TODAY) if each.kind == planned.kind]
    assert (waiting.is_late, waiting.act_page) == (True, "planned_report")
    with pytest.raises(Refused, match="what came of it"):
        services.report_activity(activity=planned, status="done", outcome=" ", by=by, expected_version=1)
    with pytest.raises(Refused, match="why it is dropped"):
        services.report_activity(activity=planned, status="dropped", outcome="no", by=by, expected_version=1)
    services.report_activity(activity=planned, status="done", outcome="Four read.", by=by, expected_version=1)
    assert [each for each in doors.work(by, TODAY) if each.kind == planned.kind] == []


def test_the_document_holds_all_of_it(cycle, item, by):
    services.plan_activity(
        cycle=cycle, sort="feedback", what="Ask parents", happens_on=date(2019, 12, 1), by=by
    )
    document = exchange.plan_document(queries.delivery_plan(cycle, by), TODAY)
    headings = [block.text for block in document.blocks if isinstance(block, b.Heading) and block.level == 1]
    assert headings == [
        "Why this priority", "What would show that children are better off", "What is known", "Auditing and feedback",
        "Sessions", "What was found", "Recommendations",
    ]  # fmt: skip
    tables = {block.caption: block for block in document.blocks if isinstance(block, b.Table)}
    assert set(tables) == {"Evidence: Current data and performance", "Planned auditing and feedback"}


def test_it_is_filled_and_printed_on_pages(manager, cycle):
    date_of = {"dated_on_day": "1", "dated_on_month": "4", "dated_on_year": "2019", "precision": "month"}
    sent = manager.post(page(cycle, "/add"), {**GIVEN, **date_of})
    assert sent.status_code == 302, sent.content.decode()[:3000]
    item = PlanItem.objects.get()
    shown = manager.get(page(cycle)).content.decode()
    assert "Police data, 2019" in shown
    assert "April 2019" in shown
    manager.post(
        f"/testbury/hub/plan/{item.pk}/change",
        {**GIVEN, "strength": "weak", "version": item.version, "precision": "month"},
    )
    assert "Weak" in manager.get(page(cycle)).content.decode()
    pdf = manager.get(page(cycle, ".pdf"))
    assert pdf.content.startswith(b"%PDF")
    assert manager.get(page(cycle, ".docx")).content.startswith(b"PK")
    assert manager.get(page(cycle, ".exe")).status_code == 404


def test_a_partner_reads_the_plan_and_changes_nothing(police, cycle, item):
    shown = police.get(page(cycle)).content.decode()
    assert "Police data, 2019" in shown
    assert "Add evidence" not in shown
    assert police.get(page(cycle, "/add")).status_code == 403


def test_for_a_reader_who_sees_no_findings_the_plan_does_not_say_that_there_are_none(
    cycle, priority, by, police, actor, agencies
):
    lead = actor("agency_lead", agency=agencies["police"])
    headings = [
        block.text
        for block in exchange.plan_document(queries.delivery_plan(cycle, lead), TODAY).blocks
        if isinstance(block, b.Heading)
    ]
    assert "What was found" not in headings
    assert headings[-1] == "Recommendations that ask something of your agency"
    assert "What was found" not in police.get(page(cycle)).content.decode()
