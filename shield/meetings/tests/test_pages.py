"""The pages on meetings, bodies and decisions, as people meet them."""

import re
from datetime import date, timedelta

import pytest

from shield.improvement import services as improvement
from shield.kernel.accounts import services as accounts
from shield.kernel.reporting import services as reporting
from shield.kernel.reporting.models import make_statement
from shield.meetings import queries, services
from shield.meetings.models import Attendance, Gathering, Resolution
from shield.meetings.services import Item, Seat
from shield.meetings.tests.factories import board, decision, meeting
from shield.meetings.tests.reading import day, hidden, meeting_form, text_of, to
from tests.cast import TODAY


def dispute(by, made):
    """Two sources that disagree on how many came."""
    for number, section in ((85, "4"), (115, "10.1")):
        statement = make_statement(
            by.partnership_id, number, attribute="attendance", unit="people", source="Report", section=section,
            subject_kind=made.kind, subject_id=made.pk, subject_title=made.title,
        )  # fmt: skip
        reporting.record_statement(statement=statement, by=by)


# --- The registers


def test_an_empty_register_says_what_to_do(manager, cast):
    text = text_of(manager.get(to("gatherings")))
    assert "No meeting or event is on the register yet." in text
    assert "Record a meeting or event" in text
    assert "No decision is on the register yet." in text_of(manager.get(to("resolutions")))
    assert "Begin with the partnership's board" in text_of(manager.get(to("bodies")))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"Board", "Briefing", "Next"}),
        ("?words=BRIEF", {"Briefing"}),
        ("?sort=briefing", {"Briefing"}),
        ("?status=planned", {"Next"}),
        (
            "?from_day_day=1&from_day_month=7&from_day_year=2019&to_day_day=31&to_day_month=7&to_day_year=2019",
            {"Board"},
        ),
        ("?sort=nonsense&status=evil&page=x", {"Board", "Briefing", "Next"}),
    ],
)
def test_the_register_shows_what_was_asked_for(manager, by, asked, found):
    meeting(by, title="Board")
    meeting(by, title="Briefing", sort="briefing", on=date(2019, 5, 1))
    meeting(by, title="Next", on=date(2020, 1, 27), status="planned")
    table = manager.get(to("gatherings") + asked).context["table"]
    assert {row.title for row in table.page_rows} == found


def test_a_disputed_head_count_is_not_settled_and_can_be_settled(manager, by):
    made = meeting(by)
    dispute(by, made)
    assert "Not settled" in text_of(manager.get(to("gatherings")))
    page = manager.get(to("gathering", made))
    text = text_of(page)
    assert "85 (section 4)" in text
    assert "115 (section 10.1)" in text
    assert f'href="{to("discrepancies")}"' in page.content.decode()
    services.record_attendance(gathering=made, seats=[], count=85, by=by, today=TODAY)
    assert "85 people attended." in text_of(manager.get(to("gathering", made)))


def test_the_register_is_exported_whole_and_in_order(manager, by):
    for number in range(30):
        made = meeting(by, title=f"Meeting {number}", on=date(2019, 1, 1) + timedelta(number))
    services.record_attendance(gathering=made, seats=[], count=7, by=by, today=TODAY)
    lines = manager.get(to("gatherings") + "?export=csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 31
    assert lines[1] == "Meeting 29,2019-01-30,Board meeting,,7,Held"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"Agree", "Decline", "Undated"}),
        ("?outcome=declined", {"Decline"}),
        ("?year=c2019", {"Agree", "Decline"}),
        ("?year=undated", {"Undated"}),
        ("?not_acted_upon=on", {"Agree"}),
        ("?year=c1066", {"Agree", "Decline", "Undated"}),
    ],
)
def test_the_decisions_register_shows_what_was_asked_for(manager, by, asked, found):
    made = meeting(by, board(by))
    decision(by, made, "Agree", needs_action=True)
    decision(by, made, "Decline", outcome="declined")
    services.take_decision(body=made.body, text="Undated", outcome="noted", by=by, today=TODAY)
    table = manager.get(to("resolutions") + asked).context["table"]
    assert {row.decision.text for row in table.page_rows} == found


def test_decisions_are_found_by_the_priority_of_what_they_are_about(manager, by):
    priority = improvement.add_priority(title="Neglect", by=by)
    recommended = improvement.add_recommendation(title="Ask", priority=priority, by=by, status="presented")
    made = meeting(by, board(by))
    about = decision(by, made, "About it", recommendations=[recommended])
    decision(by, made, "About something else")
    table = manager.get(to("resolutions") + f"?priority={priority.pk}").context["table"]
    assert table.page_rows == [about]


def test_ended_bodies_are_left_out_unless_asked_for(manager, by):
    board(by)
    board(by, "Old board", ended_on=date(2018, 9, 30))
    assert "Old board" not in text_of(manager.get(to("bodies"))).replace("Any", "")
    assert "Old board" in text_of(manager.get(to("bodies") + "?ended=on"))


def test_a_register_costs_the_same_at_one_row_and_at_fifty(manager, by, count_queries):
    body = board(by)

    def add(numbers):
        for number in numbers:
            made = meeting(by, body, title=f"M{number}", on=date(2019, 1, 1) + timedelta(number))
            taken = decision(by, made, f"D{number}", needs_action=True)
            improvement.add_action(text="Do", decision=taken.decision, by=by)
            board(by, f"Group {number}", parent=body)

    def costs():
        found = {}
        for name in ("gatherings", "resolutions", "bodies"):
            with count_queries() as sent:
                manager.get(to(name))
            found[name] = len(sent)
        return found

    add(range(1))
    costs()
    at_one = costs()
    add(range(1, 50))
    assert costs() == at_one
    assert max(at_one.values()) <= 15


# --- A meeting


def test_a_meetings_page_tells_its_whole_story(manager, full):
    text = text_of(manager.get(to("gathering", full)))
    for told in (
        "Held", "8 July 2019", "Testbury Police", "Testbury Council", "How neglect is found", "Priority 1: Neglect", "1 person attended.",
        "Jo Bell", "Agree the plan", "Agreed", "Write to schools", "Hillside School", "Board, 29 April 2019", "Board, 28 October 2019",
        "Found here: working well", "History and sources",
    ):  # fmt: skip
        assert told in text, told


def test_a_meetings_history_and_what_sources_say_of_it_have_a_page(manager, by, full):
    accounts.note_source(record=full, source="The annual report", section="2.1")
    text = text_of(manager.get(to("gathering_history", full)))
    assert "recorded the attendance of Board, 08 July 2019" in text
    assert "Taken from The annual report, 2.1." in text
    taken = Resolution.objects.get()
    assert "recorded a decision of Partnership Board" in text_of(manager.get(to("resolution_history", taken)))


def test_a_meetings_page_costs_at_most_fifteen_queries(manager, by, full, count_queries):
    Gathering.objects.update(attendance_count=None)
    dispute(by, full)
    manager.get(to("gathering", full))
    with count_queries() as sent:
        manager.get(to("gathering", full))
    assert len(sent) <= 15


def test_names_are_for_those_who_may_see_people_and_actions_for_those_they_concern(
    person, client_of, full, agencies
):
    lead = client_of(person("agency_lead", agency=agencies["charity"]))
    text = text_of(lead.get(to("gathering", full)))
    assert "Jo Bell" not in text
    assert "1 person is on the register by name" in text
    assert "Agree the plan" in text
    assert "Write to schools" not in text
    assert "Record a decision" not in text
    assert "Change this meeting" not in text
    owner = client_of(person("agency_lead", agency=agencies["school"]))
    assert "Write to schools" in text_of(owner.get(to("gathering", full)))


def test_a_planned_meeting_says_whose_turn_it_is_to_chair(manager, by, full):
    planned = meeting(by, full.body, on=date(2020, 1, 27), status="planned")
    text = text_of(manager.get(to("gathering", planned)))
    assert "By rotation Testbury Council is next to chair: it has not chaired yet." in text
    assert "Record who came" not in text


def test_a_planned_meeting_that_is_past_says_so(manager, by):
    forgotten = meeting(by, on=date(2019, 10, 1), status="planned")
    text = text_of(manager.get(to("gathering", forgotten)))
    assert "Planned, not recorded yet" in text
    assert "Record who came" in text


# --- Recording


def test_a_board_meeting_is_recorded(manager, by, agencies):
    body = board(by)
    page = manager.get(to("gathering_record") + f"?body={body.pk}")
    assert f'<option value="{body.pk}" selected>' in page.content.decode()
    sent = meeting_form(
        page, body=body.pk, business="Neglect\n\n Budget \n", chair_agency=agencies["police"].pk
    )
    answer = manager.post(to("gathering_record"), sent)
    made = Gathering.objects.get()
    assert answer.headers["Location"] == to("gathering", made)
    assert (made.status, made.held_on, made.body, made.chair_agency) == (
        "held",
        date(2019, 10, 28),
        body,
        agencies["police"],
    )
    assert [item.text for item in queries.business(made)] == ["Neglect", "Budget"]


def test_a_form_sent_twice_records_one_meeting(manager, cast):
    sent = meeting_form(manager.get(to("gathering_record")))
    first, second = manager.post(to("gathering_record"), sent), manager.post(to("gathering_record"), sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert Gathering.objects.count() == 1


def test_a_form_in_error_keeps_what_was_typed_and_says_how_to_mend_it(manager, cast):
    page = manager.get(to("gathering_record"))
    sent = meeting_form(page, title="", business="Neglect\nBudget", held_on_month="13")
    answer = manager.post(to("gathering_record"), sent)
    text = text_of(answer)
    assert "There is a problem" in text
    assert "Enter the title of the meeting" in text
    assert "The month must be a number from 1 to 12" in text
    assert "Neglect&#10;Budget" in answer.content.decode()
    assert 'value="13"' in answer.content.decode()
    assert not Gathering.objects.exists()


def test_a_refusal_of_the_rules_stands_at_its_field(manager, cast):
    sent = meeting_form(manager.get(to("gathering_record")), held_on_year="2020")
    assert "record it as planned" in text_of(manager.post(to("gathering_record"), sent))


def test_a_meeting_is_planned_for_a_month_and_not_for_the_past(manager, cast):
    page = manager.get(to("gathering_plan"))
    sent = meeting_form(page, precision="month", **day("held_on", date(2020, 4, 20)))
    manager.post(to("gathering_plan"), sent)
    planned = Gathering.objects.get()
    assert (planned.status, planned.held_on, planned.precision) == ("planned", date(2020, 4, 1), "month")
    assert "must be on or after 4 November 2019" in text_of(
        manager.post(to("gathering_plan"), meeting_form(page))
    )


def test_an_edit_over_somebody_elses_shows_both_versions_and_is_saved_when_sent_again(manager, by, agencies):
    made = meeting(by, title="Board")
    address = to("gathering_change", made)
    page = manager.get(address)
    services.change_gathering(
        gathering=made, changes={"title": "Board, corrected", "chair_agency": agencies["health"]}, by=by, today=TODAY,
        expected_version=made.version,
    )  # fmt: skip
    mine = meeting_form(page, title="Board, mine", status="held", chair_agency=agencies["police"].pk)
    answer = manager.post(address, mine)
    text = text_of(answer)
    for shown in ("Board, mine", "Board, corrected", "Testbury Police", "Testbury Health Board"):
        assert shown in text
    assert str(agencies["health"].pk) not in re.sub(r'value="[^"]*"', "", answer.content.decode())
    manager.post(address, {**mine, **hidden(answer)})
    made.refresh_from_db()
    assert made.title == "Board, mine"


def test_an_agenda_is_put_in_another_order_and_names_priorities(manager, by):
    priority = improvement.add_priority(title="Neglect", number=1, by=by)
    made = meeting(by, business=[Item("Budget"), Item("Minutes")])
    page = manager.get(to("gathering_agenda", made))
    manager.post(
        to("gathering_agenda", made),
        {**hidden(page), "text_1": "Budget", "place_1": "3", "text_2": "", "place_2": "2", "text_3": "Neglect", "place_3": "1",
         "priority_3": priority.pk},
    )  # fmt: skip
    assert [(i.text, i.priority) for i in queries.business(made)] == [("Neglect", priority), ("Budget", None)]


def test_an_agenda_changed_meanwhile_shows_both_and_loses_no_line(manager, by):
    made = meeting(by, business=[Item("Budget"), Item("Minutes")])
    page = manager.get(to("gathering_agenda", made))
    services.set_agenda(gathering=made, business=[Item("Theirs")], by=by, expected_version=made.version)
    mine = {
        **hidden(page),
        "text_1": "Budget",
        "text_2": "Minutes",
        "text_3": "Third",
        "text_4": "Fourth",
        "text_5": "Fifth",
    }
    answer = manager.post(to("gathering_agenda", made), mine)
    text = text_of(answer)
    assert "Theirs" in text
    assert 'value="Fifth"' in answer.content.decode()
    assert [i.text for i in queries.business(made)] == ["Theirs"]


# --- Who came


def attendance_form(page, **more):
    return {**hidden(page), "attendance_count": "", "names": "", **more}


def test_who_came_is_recorded_by_agency_and_by_name(manager, by, agencies):
    body = board(by)
    services.add_member(body=body, role="chair", agency=agencies["police"], by=by)
    made = meeting(by, body)
    address = to("gathering_attendance", made)
    page = manager.get(address)
    assert "Testbury Police" in text_of(page)
    assert "Hillside School" not in text_of(page)
    sent = attendance_form(
        page,
        names="Jo Bell, Hillside School\nKit Lee, hillside, apologies\n\nSam Roe",
        attendance_count="2",
        **{f"agency_{agencies['police'].pk.hex}": "substitute"},
    )
    manager.post(address, sent)
    made.refresh_from_db()
    assert made.attendance_count == 2
    lines = {
        (line.heading, line.agency and line.agency.name, line.presence) for line in queries.attendance(made)
    }
    assert lines == {
        ("Testbury Police", "Testbury Police", "substitute"), ("Jo Bell", "Hillside School", "present"),
        ("Kit Lee", "Hillside School", "apologies"), ("Sam Roe", None, "present"),
    }  # fmt: skip
    again = manager.get(address).content.decode()
    assert "Kit Lee, Hillside School, apologies" in again


def test_each_line_that_cannot_be_read_is_named_and_nothing_is_written(manager, by, agencies):
    made = meeting(by)
    names = f"Jo Bell\n, Hillside School\nKit Lee, Nowhere College\nJo Bell\n{'x' * 201}"
    answer = manager.post(
        to("gathering_attendance", made),
        attendance_form(manager.get(to("gathering_attendance", made)), names=names),
    )
    text = text_of(answer)
    assert "Line 2: the name is missing" in text
    assert "Line 3: there is no agency “Nowhere College” in this partnership" in text
    assert "Line 4: Jo Bell is on the list twice" in text
    assert "Line 5: the name must be 200 characters or fewer" in text
    assert "Kit Lee, Nowhere College" in answer.content.decode()
    assert not Attendance.objects.exists()


def test_a_count_that_contradicts_the_names_is_refused_at_the_number(manager, by):
    made = meeting(by)
    page = manager.get(to("gathering_attendance", made))
    answer = manager.post(
        to("gathering_attendance", made), attendance_form(page, attendance_count="9", names="Jo Bell")
    )
    assert "the head count is 9" in text_of(answer)
    assert 'href="#id_attendance_count"' in answer.content.decode()


def test_a_register_changed_meanwhile_shows_both(manager, by):
    made = meeting(by)
    page = manager.get(to("gathering_attendance", made))
    services.record_attendance(
        gathering=made, seats=[Seat("present", named="Kit Lee")], count=None, by=by, today=TODAY
    )
    answer = manager.post(to("gathering_attendance", made), attendance_form(page, names="Jo Bell"))
    text = text_of(answer)
    assert "Somebody changed this while you were editing" in text
    assert "Kit Lee, present" in text
    assert [line.named for line in queries.attendance(made)] == ["Kit Lee"]
