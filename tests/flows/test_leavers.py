"""What somebody who leaves has open is taken over, across all modules."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shield.improvement import services as improvement
from shield.kernel.accounts import services
from shield.kernel.history import queries as history
from shield.kernel.records import queries as records
from shield.meetings import services as meetings
from tests.cast import TODAY

NOW = timezone.now()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def by(actor):
    return actor("business_manager", name="Mara Manager")


@pytest.fixture
def ana(person, agencies):
    return person("agency_lead", agency=agencies["school"], name="Ana Lead")


def leave(person, by, **changes):
    given = {"last_day": TODAY, "hand_over_to": None, "reason": "New post", "today": TODAY, "now": NOW}
    return services.leave(person=person, by=by, **{**given, **changes})


def action_of(person, by, agency=None):
    return improvement.add_action(
        text="Ask each child", owner=improvement.Owner(person=person, agency=agency), by=by
    )


def test_open_work_is_handed_over_and_finished_work_stays_where_it_was(ana, by, person, agencies):
    bert = person("agency_lead", agency=agencies["school"], name="Bert Next")
    waiting, done = action_of(ana, by), action_of(ana, by)
    improvement.update_action(action=done, status="done", note="Asked", by=by, today=TODAY, done_on=TODAY)
    leave(ana, by, hand_over_to=bert)
    waiting.refresh_from_db()
    done.refresh_from_db()
    assert (waiting.owner_person, done.owner_person) == (bert, ana)
    told = [e.sentence for e in history.of_record(by.partnership_id, waiting.pk)]
    assert told[0].startswith("made Bert Next the owner of")


def test_without_a_successor_the_agency_goes_on_answering_or_nobody_does(ana, by, agencies):
    alone, shared = action_of(ana, by), action_of(ana, by, agencies["school"])
    leave(ana, by)
    alone.refresh_from_db()
    shared.refresh_from_db()
    assert not alone.has_owner
    assert shared.owner_words == "Hillside School"
    told = [e.sentence for e in history.of_record(by.partnership_id, alone.pk)]
    assert told[0].endswith("has left; it now rests with nobody")


def test_seats_end_with_the_person_and_the_agency_keeps_its_own(ana, by, agencies):
    board = meetings.add_body(name="Board", sort="board", by=by)
    meetings.add_member(body=board, role="member", person=ana, by=by)
    meetings.add_member(body=board, role="chair", person=ana, agency=agencies["school"], by=by)
    leave(ana, by)
    open_seats = board.members.filter(ends_on__isnull=True)
    assert [(s.role, s.heading) for s in open_seats] == [("chair", "Hillside School")]
    assert board.members.filter(person=ana, ends_on=TODAY).count() == 2


def test_a_successor_who_has_left_meanwhile_takes_nothing_over(ana, by, person):
    bert = person("agency_lead", name="Bert Next")
    action = action_of(ana, by)
    leave(ana, by, last_day=TOMORROW, hand_over_to=bert)
    leave(bert, by)
    services.carry_out_leavings(today=TOMORROW + timedelta(days=1), now=NOW)
    action.refresh_from_db()
    assert not action.has_owner


def test_the_page_shows_what_they_hold_before_it_is_confirmed(person, client_of, ana, by):
    manager = client_of(person("business_manager"))
    action_of(ana, by)
    board = meetings.add_body(name="Neglect board", sort="board", by=by)
    meetings.add_member(body=board, role="member", person=ana, by=by)
    page = manager.get(
        reverse("person_leave", kwargs={"partnership": "testbury", "id": ana.pk})
    ).content.decode()
    for held in ("Agency lead", "Hillside School", "Ask each child", "Neglect board"):
        assert held in page
    assert ana.roles.get().ends_on is None


def test_the_topics_they_led_on_end_with_them_and_show_as_a_gap(ana, by, agencies):
    lead = meetings.name_lead(
        topic="missing",
        agency=agencies["school"],
        person=ana,
        starts_on=TODAY - timedelta(days=9),
        by=by,
        today=TODAY,
    )
    assert "Topics they lead on" in [panel.title for panel in records.handing_over(ana, by)]
    leave(ana, by)
    lead.refresh_from_db()
    assert lead.ends_on == TODAY
