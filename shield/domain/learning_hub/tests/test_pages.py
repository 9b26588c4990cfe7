"""The pages of the Learning Hub, as its manager and an agency lead meet them."""

from datetime import date

import pytest

from shield.domain.learning_hub import services
from shield.domain.learning_hub.models import Cycle, DisseminationStep, HubMember
from shield.improvement.tests import factories as chain
from shield.improvement.tests.pages import about, day, hidden, send, text_of, to
from shield.meetings import services as meetings
from tests.cast import TODAY

STARTS = date(2019, 9, 1)


@pytest.fixture
def cycle(by, priority):
    return services.start_cycle(priority=priority, starts_on=STARTS, by=by)


def session(by, priority, title="First session"):
    return meetings.record_gathering(
        title=title, sort="hub_session", held_on=date(2019, 9, 10), priority=priority, by=by, today=TODAY
    )


def step(by, priority, **more):
    given = {"activity": "Champions hear it", "happens_on": date(2019, 10, 3), **more}
    return services.plan_step(priority=priority, by=by, **given)


def test_an_empty_hub_says_what_to_do_to_those_who_may(manager, police, cast):
    assert "Start a cycle" in text_of(manager.get(to("hub")))
    text = text_of(police.get(to("hub")))
    assert "has not begun to work on a priority" in text
    assert "Start a cycle" not in text


def test_the_hub_shows_each_cycle_as_a_ring_with_what_is_next_and_whether_it_is_late(manager, by, cycle):
    page = manager.get(to("hub"))
    text = text_of(page)
    assert "The stages of the work on priority 1" in text
    assert "30 September 2019: end of initial scoping" in text
    assert "Late" in text
    assert to("cycle", cycle) in page.content.decode()


def test_a_planned_priority_is_offered_for_a_start_and_then_has_its_cycle(manager, priority):
    assert about("cycle_start", priority).replace(":", "%3A") in manager.get(to("hub")).content.decode()
    answer = send(manager, about("cycle_start", priority), variant="four_month", **day("starts_on", STARTS))
    made = Cycle.objects.get()
    assert answer["Location"] == to("cycle", made)
    assert made.stages.count() == 4
    priority.refresh_from_db()
    assert priority.status == "active"


def test_a_cycle_without_its_date_is_refused_and_keeps_what_was_typed(manager, priority):
    text = text_of(
        send(
            manager,
            to("cycle_start"),
            priority=str(priority.pk),
            variant="four_month",
            summary="Find out why",
        )
    )
    assert "Enter when the cycle starts" in text
    assert "Find out why" in text


def test_starting_the_same_cycle_twice_starts_it_once(manager, priority):
    address = about("cycle_start", priority)
    given = {**hidden(manager.get(address)), "variant": "four_month", **day("starts_on", STARTS)}
    first, second = manager.post(address, given), manager.post(address, given)
    assert first["Location"] == second["Location"]
    assert Cycle.objects.count() == 1


def test_a_cycle_tells_what_each_stage_needs_and_what_was_done(manager, by, cycle, priority):
    text = text_of(manager.get(to("cycle", cycle)))
    assert "Needs: A scoping session" in text
    assert "To come, late" in text
    first = cycle.stages.first()
    refused = text_of(
        send(manager, to("stage_report", first), status="done", did="Six themes were drawn out")
    )
    assert "a session of the Learning Hub is on record" in refused
    assert "Six themes were drawn out" in refused
    session(by, priority)
    answer = send(manager, to("stage_report", first), status="done", did="Six themes were drawn out")
    assert answer["Location"] == to("cycle", cycle)
    text = text_of(manager.get(to("cycle", cycle)))
    assert "Six themes were drawn out" in text
    assert "First session" in text


def test_two_reports_on_one_stage_are_shown_side_by_side(manager, by, cycle):
    first = cycle.stages.first()
    opened = hidden(manager.get(to("stage_report", first)))
    services.report_stage(
        stage=first, status="under_way", did="Theirs", by=by, today=TODAY, expected_version=first.version
    )
    answer = manager.post(to("stage_report", first), {**opened, "status": "under_way", "did": "Mine"})
    assert "Mine Theirs" in text_of(answer)


def test_a_member_is_nominated_by_a_partner(manager, cycle, agencies):
    given = {"agency": str(agencies["school"].pk), "nominated_by": str(agencies["police"].pk)}
    send(manager, to("hub_member_add", cycle), **given)
    assert HubMember.objects.get().agency == agencies["school"]
    assert "Nominated by Testbury Police on 4 November 2019" in text_of(manager.get(to("cycle", cycle)))
    assert "already nominated" in text_of(send(manager, to("hub_member_add", cycle), **given))


def test_learning_is_passed_on_in_steps_and_a_late_one_says_so(manager, by, cycle, priority):
    send(
        manager,
        to("step_add", cycle),
        activity="The conference hears it",
        precision="month",
        **day("happens_on", date(2019, 10, 14)),
    )
    made = DisseminationStep.objects.get()
    assert made.happens_on == date(2019, 10, 1)
    text = text_of(manager.get(to("cycle", cycle)))
    assert "October 2019 The conference hears it Late" in text
    assert "Late" in text_of(manager.get(to("step", made)))
    send(manager, to("step_report", made), status="completed", progress="A hundred heard it")
    text = text_of(manager.get(to("step", made)))
    assert "Completed" in text
    assert "A hundred heard it" in text


def test_dropping_a_step_without_a_reason_is_refused(manager, by, cycle, priority):
    made = step(by, priority)
    assert "why it is dropped" in text_of(send(manager, to("step_report", made), status="dropped"))
    made.refresh_from_db()
    assert made.status == "planned"


def test_an_agency_lead_follows_the_cycle_but_runs_nothing(police, by, cycle, priority, agencies):
    chain.finding(by, priority=priority)
    chain.recommendation(by, of=priority, title="Asked of others")
    step(by, priority, agency=agencies["police"])
    others = step(by, priority, activity="Schools report", agency=agencies["school"])
    page = police.get(to("cycle", cycle))
    text = text_of(page)
    assert "Champions hear it" in text
    assert "What was found" not in text
    assert "Asked of others" not in text
    assert to("step_add", cycle) not in page.content.decode()
    for address in (
        to("step_add", cycle),
        to("hub_member_add", cycle),
        to("step_report", others),
        to("cycle_start"),
    ):
        assert police.get(address).status_code == 403, address
    assert police.get(to("stage_report", cycle.stages.first())).status_code == 403


def test_an_agency_lead_reports_on_the_step_of_their_own_agency(police, by, priority, agencies):
    made = step(by, priority, agency=agencies["police"])
    assert to("step_report", made) in police.get(to("step", made)).content.decode()
    send(police, to("step_report", made), status="completed", progress="Forty officers heard it")
    assert "Forty officers heard it" in text_of(police.get(to("step", made)))
    for whose in ("school", None):
        others = step(by, priority, activity="Theirs", agency=agencies[whose] if whose else None)
        assert to("step_report", others) not in police.get(to("step", others)).content.decode()
        answer = send(police, to("step_report", others), status="completed")
        assert (answer.status_code, "not your agency" in answer.content.decode()) == (403, True)
        others.refresh_from_db()
        assert others.status == "planned"


def test_a_cycle_of_another_partnership_is_not_found(manager, actor, otherton):
    there = actor("learning_manager", partnership=otherton)
    other = services.start_cycle(priority=chain.priority(there), starts_on=STARTS, by=there)
    assert manager.get(to("cycle", other)).status_code == 404
    assert manager.get(to("stage_report", other.stages.first())).status_code == 404


def test_what_happened_to_a_cycle_is_told(manager, by, cycle):
    assert f"{by.person_name} started Learning Hub: Priority 1" in text_of(
        manager.get(to("cycle_history", cycle))
    )


def test_the_pages_cost_the_same_with_many_rows_as_with_one(
    manager, by, cycle, priority, agencies, count_queries
):
    def grow(count):
        for number in range(count):
            session(by, priority, f"Session {number} of {count}")
            chain.recommendation(by, of=priority, title=f"Rec {number}", accepted=True)
            step(by, priority, agency=agencies["police"])
            of = chain.priority(
                by, title=f"Other {number} of {count}", number=10 + number, leads=[agencies["health"]]
            )
            if number % 2:
                services.start_cycle(priority=of, starts_on=STARTS, by=by)

    grow(2)
    made = DisseminationStep.objects.first()
    addresses = [to("hub"), to("cycle", cycle), to("step", made), to("step_add", cycle), to("cycle_start")]
    manager.get(to("hub"))
    before = {}
    for address in addresses:
        with count_queries() as sent:
            assert manager.get(address).status_code == 200
        before[address] = len(sent)
    grow(20)
    for address in addresses:
        with count_queries() as sent:
            manager.get(address)
        assert len(sent) == before[address], address
        assert len(sent) <= 15, address


def test_a_cycle_is_corrected_and_stopped_on_its_pages(manager, by, priority):
    row = services.start_cycle(priority=priority, starts_on=date(2019, 9, 1), by=by)
    pages = [to(name, row) for name in ("cycle_correct", "cycle_stop")]
    page = manager.get(to("cycle", row)).content.decode()
    assert all(address in page for address in pages)
    days = {"starts_on": date(2019, 9, 2)}
    for stage in row.stages.all():
        days |= {f"first_{stage.number}": stage.starts_on, f"last_{stage.number}": stage.ends_on}
    sent = {key: value for name, value in days.items() for key, value in day(name, value).items()}
    assert send(manager, pages[0], **sent).status_code == 302
    assert "2 September 2019" in text_of(manager.get(to("cycle", row)))
    assert send(manager, pages[1], reason="Wrong priority").status_code == 302
    assert "Wrong priority" in text_of(manager.get(to("cycle", row)))
    assert "Wrong priority" in text_of(manager.get(to("hub")))


def test_the_report_on_scoping_leads_to_where_a_session_is_recorded(manager, by, priority):
    stage = services.start_cycle(priority=priority, starts_on=date(2019, 9, 1), by=by).stages.first()
    page = manager.get(to("stage_report", stage)).content.decode()
    for name in ("gathering_record", "gathering_plan"):
        assert f"{to(name)}?priority={priority.pk}" in page
