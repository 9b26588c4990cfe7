"""What meetings give to the report is what the register says."""

from datetime import date

from shield.kernel.reporting import rules as reporting
from shield.meetings import contribution, services
from shield.meetings.tests.factories import board, decision, meeting
from tests.cast import TODAY

YEAR = reporting.Period("2018-19", date(2018, 10, 1), date(2019, 10, 31), TODAY)


def figure(key, reader):
    return reporting.compute(key, YEAR, reader)


def test_board_meetings_of_the_year_are_counted_held_ones_of_the_own_board_only(by):
    own, outside = board(by), board(by, "Adults board", outside=True)
    counted = [meeting(by, own, on=day) for day in (date(2018, 10, 29), date(2019, 1, 28))]
    meeting(by, own, on=date(2018, 9, 30))
    meeting(by, own, on=date(2019, 10, 28), status="planned")
    meeting(by, outside, on=date(2019, 2, 1))
    held = figure("meetings.board_held", by)
    assert held.value == 2
    assert [ref.id for ref in held.records] == [row.pk for row in counted]


def test_attendance_at_conferences_adds_up_and_says_for_how_many_no_number_is_known(by):
    for day, count in ((1, 40), (2, 45), (3, None)):
        made = meeting(by, on=date(2019, 3, day), sort="conference", title=f"Conference {day}")
        if count:
            services.record_attendance(gathering=made, seats=[], count=count, by=by, today=TODAY)
    found = figure("meetings.conference_attendance", by)
    assert found.value == 85
    assert found.note == "For 1 of them no number is recorded."


def test_decisions_of_the_year_and_those_without_a_date_are_counted(by):
    body = board(by)
    decision(by, meeting(by, body))
    decision(by, meeting(by, body, on=date(2018, 9, 1)))
    services.take_decision(body=body, text="Undated", outcome="agreed", by=by, today=TODAY)
    assert figure("meetings.decisions", by).value == 2


def test_the_section_names_what_the_board_dealt_with_and_decided(by, agencies):
    made = meeting(
        by, board(by), business=[services.Item("How neglect is found")], chair_agency=agencies["police"]
    )
    decision(by, made, "Agree the plan")
    section = contribution.section(YEAR, by)
    told = repr([group.blocks for group in section.groups])
    for words in ("How neglect is found", "Chaired by Testbury Police", "Agree the plan", "8 July 2019"):
        assert words in told
