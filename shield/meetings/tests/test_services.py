"""Bodies are set up and change; meetings are planned, held, attended; bodies decide."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from shield.improvement import queries as improvement_queries
from shield.improvement import services as improvement
from shield.improvement.rules import BreakSort
from shield.kernel.access.rules import Forbidden
from shield.kernel.history import queries as history
from shield.kernel.records.rules import RecordRef, Refused, Stale
from shield.kernel.reporting import services as reporting
from shield.kernel.reporting.models import make_statement
from shield.meetings import queries, services
from shield.meetings.models import AgendaItem, Attendance, Gathering
from shield.meetings.services import Item, Seat
from shield.meetings.tests.factories import JULY, board, decision, meeting
from tests.cast import TODAY


def told(record):
    return [entry.sentence for entry in history.of_record(record.partnership_id, record.pk)]


def came(meeting, seats, by, count=None, **more):
    return services.record_attendance(gathering=meeting, seats=seats, count=count, by=by, today=TODAY, **more)


# --- Bodies


def test_a_renamed_body_keeps_its_earlier_name_on_record(by):
    body = board(by, "Working Group", sort="executive")
    services.change_body(
        body=body,
        changes={"name": "Executive", "purpose": "Prepares"},
        by=by,
        today=TODAY,
        expected_version=body.version,
    )
    [change] = body.changes.all()
    assert (change.former_name, change.happened_on) == ("Working Group", TODAY)
    assert told(body)[0] == "changed the body Executive: name, purpose"


def test_a_body_changed_meanwhile_is_not_changed_over(by):
    body = board(by)
    with pytest.raises(Stale):
        services.change_body(
            body=body, changes={"name": "X"}, by=by, today=TODAY, expected_version=body.version - 1
        )


@pytest.mark.parametrize("name", ["parent", "predecessor"])
def test_no_body_is_above_itself_through_another(by, name):
    forum = board(by, "Forum")
    group = board(by, "Group", **{name: forum})
    with pytest.raises(Refused) as refusal:
        services.change_body(
            body=forum, changes={name: group}, by=by, today=TODAY, expected_version=forum.version
        )
    assert refusal.value.field == name


def test_two_bodies_do_not_share_a_name(by):
    board(by)
    with pytest.raises(ValidationError):
        board(by)


def test_each_version_of_the_terms_stays(by):
    body = board(by)
    services.agree_terms(body=body, summary="First", by=by, agreed_on=date(2018, 10, 29))
    services.agree_terms(body=body, summary="Second", by=by)
    assert [(t.number, t.summary) for t in queries.terms(body)] == [(2, "Second"), (1, "First")]


def test_a_membership_ends_once_and_stays_on_record(by, agencies):
    body = board(by)
    member = services.add_member(body=body, role="member", agency=agencies["school"], by=by)
    services.end_member(member=member, by=by, today=TODAY)
    assert queries.members_on(body, date(2019, 11, 5)).count() == 0
    assert queries.members_on(body, TODAY).count() == 1
    with pytest.raises(Refused, match="has ended already"):
        services.end_member(member=member, by=by, today=TODAY)


def test_a_seat_is_somebodys(by):
    with pytest.raises(Refused, match="Choose an agency"):
        services.add_member(body=board(by), role="member", by=by)


# --- Meetings


def test_a_meeting_is_recorded_with_its_business_and_who_led_it(by, agencies):
    made = meeting(by, business=[Item("Neglect"), Item("Missing children")], led_by=[agencies["police"]])
    assert [item.text for item in queries.business(made)] == ["Neglect", "Missing children"]
    assert list(made.led_by.all()) == [agencies["police"]]
    assert told(made) == ["recorded Board, 08 July 2019"]


def test_a_meeting_in_the_future_is_planned_not_held(by):
    with pytest.raises(Refused, match="record it as planned"):
        meeting(by, on=date(2020, 1, 27))
    assert meeting(by, on=date(2020, 1, 27), status="planned").status == "planned"
    assert Gathering.objects.count() == 1


def test_a_line_taken_off_the_agenda_is_withdrawn_not_lost(by):
    made = meeting(by, business=[Item("Neglect"), Item("Budget")])
    about = RecordRef("meetings.body", made.pk)
    services.set_agenda(
        gathering=made, business=[Item("Budget", about=about)], by=by, expected_version=made.version
    )
    [line] = queries.business(made)
    assert (line.text, line.position, line.about_id) == ("Budget", 1, made.pk)
    assert AgendaItem.objects.filter(gathering=made, withdrawn=True).count() == 1


def test_names_make_the_head_count_and_an_agencys_line_counts_nobody(by, agencies):
    made = came(
        meeting(by),
        [
            Seat("present", agency=agencies["police"]),
            Seat("apologies", agency=agencies["school"]),
            Seat("present", agency=agencies["police"], named="Jo Bell"),
            Seat("substitute", named="Sam Roe"),
            Seat("apologies", named="Kit Lee"),
        ],
        by,
    )
    assert made.attendance_count == 2
    assert queries.attendance(made).count() == 5


def test_a_head_count_that_contradicts_the_names_is_refused_and_nothing_is_written(by):
    made = meeting(by)
    with pytest.raises(Refused, match="names 1 people who attended, the head count is 9"):
        came(made, [Seat("present", named="Jo Bell")], by, count=9)
    assert not Attendance.objects.exists()


def test_nobody_attends_for_an_agency_that_sent_apologies(by, agencies):
    police = agencies["police"]
    seats = [Seat("apologies", agency=police), Seat("present", agency=police, named="Jo Bell")]
    with pytest.raises(Refused, match="Testbury Police is down as “apologies”, but Jo Bell of it attended"):
        came(meeting(by), seats, by)
    came(
        meeting(by), [Seat("apologies", agency=police), Seat("apologies", agency=police, named="Jo Bell")], by
    )


def test_a_register_written_anew_withdraws_what_was_left_out(by):
    made = came(meeting(by), [Seat("present", named="Jo Bell"), Seat("present", named="Jo Bull")], by)
    made = came(made, [Seat("present", named="Jo Bell")], by)
    assert [line.named for line in queries.attendance(made)] == ["Jo Bell"]
    assert made.attendance_count == 1
    made = came(made, [Seat("present", named="Jo Bell"), Seat("absent", named="Jo Bull")], by)
    assert Attendance.objects.count() == 2, "a name that comes back takes its own line again"


def test_nobody_attended_a_meeting_to_come_or_one_that_was_cancelled(by):
    planned = meeting(by, on=date(2020, 1, 27), status="planned")
    with pytest.raises(Refused, match="has not taken place"):
        came(planned, [], by, count=3)
    cancelled = meeting(by, status="cancelled")
    with pytest.raises(Refused, match="was cancelled"):
        came(cancelled, [], by, count=3)


def test_recording_who_came_says_that_it_was_held(by):
    made = meeting(by, status="planned")
    assert came(made, [], by, count=3).status == "held"


def test_what_has_attendance_or_decisions_was_held(by):
    attended = came(meeting(by), [], by, count=3)
    with pytest.raises(Refused, match="so it was held"):
        services.change_gathering(
            gathering=attended,
            changes={"status": "cancelled"},
            by=by,
            today=TODAY,
            expected_version=attended.version,
        )


def test_a_meeting_where_a_body_decided_stays_that_bodys(by):
    made = meeting(by, board(by))
    decision(by, made)
    with pytest.raises(Refused, match="its body cannot change"):
        services.change_gathering(
            gathering=made,
            changes={"body": board(by, "Other")},
            by=by,
            today=TODAY,
            expected_version=made.version,
        )


def test_when_a_meeting_was_on_another_day_so_were_its_decisions(by):
    made = meeting(by, board(by))
    taken = decision(by, made)
    services.change_gathering(
        gathering=made,
        changes={"held_on": date(2019, 7, 9)},
        by=by,
        today=TODAY,
        expected_version=made.version,
    )
    taken.decision.refresh_from_db()
    assert taken.decision.decided_on == date(2019, 7, 9)
    assert told(taken.decision)[0] == "moved the decision Agree the plan to 9 July 2019"


# --- Decisions


@pytest.fixture
def recommendation(by):
    priority = improvement.add_priority(title="Neglect", number=1, by=by)
    return improvement.add_recommendation(
        title="Ask each child", number=1, priority=priority, by=by, status="presented"
    )


@pytest.mark.parametrize(
    ("outcome", "becomes"),
    [
        ("agreed", "accepted"),
        ("agreed_changed", "accepted"),
        ("declined", "declined"),
        ("deferred", "presented"),
    ],
)
def test_a_decision_moves_the_recommendation_it_is_about(by, recommendation, outcome, becomes):
    taken = decision(by, meeting(by, board(by)), outcome=outcome, recommendations=[recommendation])
    recommendation.refresh_from_db()
    assert recommendation.status == becomes
    assert taken.decision.decided_on == JULY


def test_a_decision_is_as_exactly_dated_as_its_meeting(by):
    made = meeting(by, board(by), on=date(2019, 9, 1), precision="month")
    assert decision(by, made).decision.precision == "month"


def test_a_body_decides_only_at_its_own_meetings_that_were_held(by):
    own, other = board(by), board(by, "Other")
    with pytest.raises(Refused, match="not one of that body"):
        services.take_decision(
            body=other, gathering=meeting(by, own), text="x", outcome="agreed", by=by, today=TODAY
        )
    planned = meeting(by, own, on=date(2020, 1, 27), status="planned")
    with pytest.raises(Refused, match="Record first"):
        decision(by, planned)
    with pytest.raises(Refused, match="in the future"):
        services.take_decision(
            body=own, text="x", outcome="agreed", decided_on=date(2019, 11, 5), by=by, today=TODAY
        )


def test_acted_upon_is_what_the_breaks_of_the_chain_say(by, recommendation):
    made = meeting(by, board(by))
    direct, through, neither, unasked = (
        decision(by, made, "Direct", needs_action=True),
        decision(by, made, "Through", needs_action=True, recommendations=[recommendation]),
        decision(by, made, "Neither", needs_action=True),
        decision(by, made, "Unasked"),
    )
    improvement.add_action(text="Do it", decision=direct.decision, by=by)
    improvement.add_action(text="Ask", recommendation=recommendation, by=by)
    open_ones = queries.chosen_resolutions(by, not_acted_upon=True)
    assert list(open_ones) == [neither]
    assert queries.acted_upon([direct, through, neither, unasked]) == {
        direct.decision_id,
        through.decision_id,
    }
    broken = [b.ref.id for b in improvement_queries.breaks(by, TODAY) if b.sort == BreakSort.NOT_ACTED_UPON]
    assert broken == [neither.decision_id]


# --- What the register says


def said(by, made, number, section):
    statement = make_statement(
        by.partnership_id, number, attribute="attendance", unit="people", source="Report", section=section,
        subject_kind=made.kind, subject_id=made.pk, subject_title=made.title,
    )  # fmt: skip
    return reporting.record_statement(statement=statement, by=by)


def test_a_head_count_is_the_registers_own_or_what_all_sources_agree_on(by):
    counted, agreed, disputed, unknown = (meeting(by, on=date(2019, 7, day)) for day in (1, 2, 3, 4))
    counted = came(counted, [], by, count=12)
    said(by, counted, 99, "4")
    for section in ("4", "10.1"):
        said(by, agreed, 28, section)
    said(by, disputed, 85, "4")
    said(by, disputed, 115, "10.1")
    counts = queries.head_counts([counted, agreed, disputed, unknown], by.partnership_id)
    assert counts[counted.pk] == (12, ())
    assert counts[agreed.pk] == (28, ())
    assert counts[disputed.pk][0] is None
    assert set(counts[disputed.pk][1]) == {"85 (section 4)", "115 (section 10.1)"}
    assert unknown.pk not in counts


def test_the_turn_to_chair_is_read_from_the_bodys_own_meetings(by, agencies):
    body = board(by)
    for day, who in (
        (date(2019, 1, 28), "health"),
        (date(2019, 4, 29), "police"),
        (date(2019, 7, 8), "council"),
    ):
        meeting(by, body, on=day, chair_agency=agencies[who])
    meeting(by, board(by, "Other"), on=date(2019, 10, 1), chair_agency=agencies["health"])
    assert queries.turn_to_chair(body, by) == (agencies["health"], date(2019, 1, 28))
    assert queries.turn_to_chair(body, by, date(2019, 7, 1)) == (agencies["council"], None)
    assert queries.turn_to_chair(board(by, "Third"), by) is None


def test_titles_are_found_without_regard_to_case_and_accents(by):
    made = meeting(by, title="Café conversation on ÉCOLE attendance")
    meeting(by, title="Something else")
    assert list(queries.chosen_gatherings(by, words="cafe ecole")) == [made]
    assert not queries.chosen_gatherings(by, words="cafe budget")


def test_before_and_after_are_of_the_same_body_and_leave_out_the_cancelled(by):
    body = board(by)
    first, _, third = (
        meeting(by, body, on=date(2019, 1, 28)),
        meeting(by, body, on=date(2019, 4, 29), status="cancelled"),
        meeting(by, body, on=date(2019, 7, 8)),
    )
    meeting(by, board(by, "Other"), on=date(2019, 3, 1))
    assert queries.neighbours(third, by) == (first, None)
    assert queries.neighbours(first, by) == (None, third)


def test_a_register_asks_about_the_bodys_members_or_else_about_everybody_who_takes_part(by, agencies):
    body = board(by)
    services.add_member(body=body, role="member", agency=agencies["school"], by=by)
    assert queries.expected_agencies(meeting(by, body), by) == [agencies["school"]]
    everybody = queries.expected_agencies(meeting(by, on=date(2019, 7, 9)), by)
    assert set(everybody) == set(agencies.values())


# --- Who may


@pytest.mark.parametrize("role", ["scrutineer", "agency_lead", "safeguarding_partner"])
def test_only_those_who_run_the_year_record_meetings_and_decisions(by, actor, role):
    other = actor(role)
    made = meeting(by, board(by))
    for act in (
        lambda: meeting(other),
        lambda: came(made, [], other, count=1),
        lambda: decision(other, made),
        lambda: board(other, "Mine"),
        lambda: services.set_agenda(gathering=made, business=[], by=other, expected_version=made.version),
    ):
        with pytest.raises(Forbidden):
            act()
