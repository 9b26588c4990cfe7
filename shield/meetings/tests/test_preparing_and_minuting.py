"""Before, during and after a meeting: the agenda and its papers, notes as they fall, minutes that are frozen."""

import io
from datetime import UTC, date, datetime, time, timedelta

import pytest
from pypdf import PdfReader

from shield.improvement import services as improvement
from shield.improvement.models import Action
from shield.improvement.tests import factories as chain
from shield.kernel.access.rules import Forbidden
from shield.kernel.documents.exchange import pdf
from shield.kernel.documents.rules import blocks as b
from shield.kernel.files import queries as files_queries
from shield.kernel.files import services as files
from shield.kernel.notices.models import Message
from shield.kernel.records.rules import Refused, Stale
from shield.meetings import exchange, queries, rules, services
from shield.meetings.models import (
    AgendaItem,
    Attendance,
    CalendarKey,
    ForwardItem,
    Gathering,
    Line,
    Minutes,
    Paper,
    Resolution,
)
from shield.meetings.services import Seat, Taken
from shield.meetings.tests.factories import JULY, board, decision, meeting
from tests.cast import TODAY

NOW = datetime(2019, 11, 4, 10, 0, tzinfo=UTC)


@pytest.fixture
def body(by, agencies):
    made = board(by, quorum=[agencies["police"], agencies["council"]])
    for name in ("police", "council", "school"):
        services.add_member(body=made, role="member", agency=agencies[name], by=by)
    return made


@pytest.fixture
def planned(by, body):
    return meeting(by, body, on=date(2019, 11, 18), status="planned", begins_at=time(9, 30))


@pytest.fixture
def held(by, body):
    return meeting(by, body, on=TODAY)


def a_pdf(words="The budget"):
    made = b.Document(title="Paper", organisation="Testbury", layout="note", blocks=(b.Heading(1, words),))
    return pdf.pdf(made, at=NOW)


# --- The year


@pytest.mark.parametrize(
    ("every", "days"),
    [
        ("week", ["2020-01-27", "2020-02-03", "2020-02-10"]),
        ("fortnight", ["2020-01-27", "2020-02-10"]),
        ("month", ["2020-01-27"]),
    ],
)
def test_a_series_keeps_its_distance(every, days):
    found = rules.series_days(date(2020, 1, 27), every, date(2020, 2, 14))
    assert [day.isoformat() for day in found] == days


def test_a_monthly_series_keeps_its_weekday_and_a_fifth_one_becomes_the_last():
    found = rules.series_days(date(2020, 3, 30), "month", date(2020, 6, 30))
    assert found == [date(2020, 3, 30), date(2020, 4, 27), date(2020, 5, 25), date(2020, 6, 29)]
    assert {day.weekday() for day in found} == {0}


def test_a_series_ends_after_it_begins_and_is_no_longer_than_can_be_meant():
    with pytest.raises(Refused, match="end after it begins"):
        rules.series_days(JULY, "month", JULY - timedelta(days=1))
    with pytest.raises(Refused, match="more than 60"):
        rules.series_days(JULY, "week", date(2025, 1, 1))


def test_a_year_is_planned_once(by, body):
    days = [date(2020, 1, 27), date(2020, 4, 27)]
    made = services.plan_series(
        body=body, sort="board_meeting", days=days, by=by, today=TODAY, begins_at=time(9, 30)
    )
    assert [row.title for row in made] == [
        "Partnership Board, 27 January 2020",
        "Partnership Board, 27 April 2020",
    ]
    with pytest.raises(Refused, match="27 January 2020 already"):
        services.plan_series(body=body, sort="board_meeting", days=days, by=by, today=TODAY)
    assert Gathering.objects.count() == 2


# --- The agenda


def test_an_agenda_is_offered_everything_that_waits(by, body, planned, agencies):
    services.set_standing_items(
        body=body, items=[services.Standing("Welcome", minutes=5)], by=by, expected_version=body.version
    )
    before = meeting(by, body)
    services.write_minutes(gathering=before, text="We met.", by=by, now=NOW)
    services.circulate_minutes(minutes=Minutes.objects.get(), by=by, today=TODAY)
    taken = decision(by, before)
    chain.action(by, "Write to schools", decision=taken.decision)
    services.plan_forward(body=body, text="Budget", month=date(2019, 11, 1), by=by)
    services.plan_forward(body=body, text="Next year", month=date(2020, 3, 1), by=by)
    chain.recommendation(by, title="Review the interviews")
    found = {(offer.origin, offer.text) for offer in queries.offers(planned, by, TODAY)}
    assert {
        ("standing", "Welcome"), ("arising", "Minutes of Board, 08 July 2019"), ("arising", "Action: Write to schools"),
        ("forward", "Budget"),
    } <= found  # fmt: skip
    assert any(origin == "offered" and "Review the interviews" in text for origin, text in found)
    assert ("forward", "Next year") not in found


def test_what_is_taken_up_stands_in_the_order_of_a_meeting_and_is_offered_no_more(by, body, planned):
    services.set_agenda(
        gathering=planned,
        business=[services.Item("Any other business")],
        by=by,
        expected_version=planned.version,
    )
    services.plan_forward(body=body, text="Budget", month=date(2019, 11, 1), by=by)
    services.set_standing_items(
        body=body, items=[services.Standing("Welcome", minutes=5)], by=by, expected_version=body.version
    )
    planned.refresh_from_db()
    services.take_up(
        gathering=planned, offers=queries.offers(planned, by, TODAY), by=by, expected_version=planned.version
    )
    assert [item.text for item in queries.business(planned)] == ["Welcome", "Any other business", "Budget"]
    assert ForwardItem.objects.get().status == "placed"
    assert queries.offers(planned, by, TODAY) == []
    planned.refresh_from_db()
    with pytest.raises(Refused, match="Choose what"):
        services.take_up(gathering=planned, offers=[], by=by, expected_version=planned.version)


def test_an_item_keeps_what_hangs_on_it_when_the_order_changes(by, planned):
    services.set_agenda(
        gathering=planned,
        business=[services.Item("One"), services.Item("Two")],
        by=by,
        expected_version=planned.version,
    )
    one, two = queries.business(planned)
    paper = services.ask_for_paper(gathering=planned, title="About two", item=two, by=by)
    planned.refresh_from_db()
    services.set_agenda(
        gathering=planned,
        business=[services.Item.of(two), services.Item.of(one)],
        by=by,
        expected_version=planned.version,
    )
    paper.refresh_from_db()
    assert (paper.item.text, paper.item.position) == ("Two", 1)
    assert AgendaItem.objects.count() == 2


def test_items_are_timed_as_far_as_can_be_told():
    assert rules.timed(time(9, 30), [5, 30, None, 10]) == [
        (time(9, 30), time(9, 35)), (time(9, 35), time(10, 5)), (time(10, 5), None), (None, None),
    ]  # fmt: skip


# --- Papers and the pack


def test_a_paper_is_handed_in_by_its_author_only_and_a_late_one_is_marked(by, actor, planned, agencies):
    services.set_agenda(
        gathering=planned, business=[services.Item("Budget")], by=by, expected_version=planned.version
    )
    paper = services.ask_for_paper(
        gathering=planned, title="Budget", agency=agencies["school"], due_on=date(2019, 11, 11), by=by
    )
    school, charity = (actor("agency_lead", agency=agencies[name]) for name in ("school", "charity"))
    with pytest.raises(Forbidden, match="not yours"):
        services.hand_in(paper=paper, name="b.pdf", content=a_pdf(), by=charity, now=NOW)
    paper = services.hand_in(paper=paper, name="b.pdf", content=a_pdf(), by=school, now=NOW)
    assert not paper.is_replaced_late
    services.send_pack(gathering=planned, by=by, now=NOW + timedelta(hours=1))
    paper = services.hand_in(
        paper=paper, name="b2.pdf", content=a_pdf("Again"), by=school, now=NOW + timedelta(hours=2)
    )
    paper = Paper.objects.get()
    assert paper.is_replaced_late


def test_each_reads_only_the_papers_meant_for_them(by, actor, planned, agencies):
    for audience in ("everybody", "members", "partners"):
        services.ask_for_paper(gathering=planned, title=audience, audience=audience, by=by)

    def read_by(role, agency):
        reader = actor(role, agency=agencies[agency])
        return sorted(queries.papers(planned, reader).values_list("title", flat=True))

    assert read_by("agency_lead", "charity") == ["everybody"]
    assert read_by("agency_lead", "school") == ["everybody", "members"]
    assert read_by("safeguarding_partner", "police") == ["everybody", "members", "partners"]
    assert len(queries.papers(planned, by)) == 3


def test_the_pack_binds_what_its_reader_may_read_with_links_bookmarks_and_page_numbers(
    by, actor, planned, agencies
):
    services.set_agenda(
        gathering=planned,
        business=[services.Item("Budget", minutes=20)],
        by=by,
        expected_version=planned.version,
    )
    item = queries.business(planned).get()
    for title, audience in (("The budget", "everybody"), ("For the three", "partners")):
        paper = services.ask_for_paper(gathering=planned, title=title, item=item, audience=audience, by=by)
        services.hand_in(paper=paper, name="p.pdf", content=a_pdf(title), by=by, now=NOW)
    services.ask_for_paper(gathering=planned, title="Not there yet", by=by)
    broken = services.ask_for_paper(gathering=planned, title="Notes", by=by)
    services.hand_in(paper=broken, name="n.txt", content=b"Plain notes.", by=by, now=NOW)

    whole = PdfReader(io.BytesIO(exchange.pack(planned, by, at=NOW)))
    texts = [page.extract_text() for page in whole.pages]
    assert [mark.title for mark in whole.outline if not isinstance(mark, list)][-2:] == [
        "Paper 1: The budget", "Paper 2: For the three",
    ]  # fmt: skip
    assert f"Page {len(texts)} of {len(texts)}" in texts[-1]
    assert "not handed in yet" in texts[0]
    assert "because it is not a PDF" in " ".join(texts[0].split())
    links = [a.get_object() for page in whole.pages for a in page.get("/Annots", [])]
    assert any("/Dest" in link for link in links)
    assert "part.invalid" not in str(links)

    lead = actor("agency_lead", agency=agencies["charity"])
    part = " ".join(
        page.extract_text() for page in PdfReader(io.BytesIO(exchange.pack(planned, lead, at=NOW))).pages
    )
    assert "The budget" in part
    assert "For the three" not in part


def test_members_are_told_without_a_name_or_a_title(by, actor, planned, agencies):
    actor("agency_lead", agency=agencies["school"])
    services.set_agenda(
        gathering=planned,
        business=[services.Item("Neglect of a child")],
        by=by,
        expected_version=planned.version,
    )
    assert services.send_pack(gathering=planned, by=by, now=NOW) == 1
    message = Message.objects.get()
    assert planned.reference in message.body
    assert "Neglect" not in message.subject + message.body


# --- During


def test_two_people_mark_and_take_notes_at_once_and_neither_loses_a_word(by, actor, held, agencies):
    other = actor("learning_manager")
    services.mark(gathering=held, seats=[Seat("present", agencies["police"])], by=by, today=TODAY)
    services.mark(gathering=held, seats=[Seat("apologies", agencies["school"])], by=other, today=TODAY)
    for who, words in ((by, "The police reported."), (other, "The school asked why.")):
        services.take_line(gathering=held, taken=Taken(words), by=who, now=NOW, today=TODAY)
    assert {line.text for line in queries.lines(held)} == {"The police reported.", "The school asked why."}
    assert Attendance.objects.filter(withdrawn=False).count() == 2


def test_a_line_that_arrives_twice_is_one_line(by, held):
    taken = Taken("Agree the plan", sort="decision", key="k1")
    first = services.take_line(gathering=held, taken=taken, by=by, now=NOW, today=TODAY)
    again = services.take_line(gathering=held, taken=taken, by=by, now=NOW, today=TODAY)
    assert first.pk == again.pk
    assert len(queries.resolutions(by)) == 1


def test_a_decision_and_an_action_go_on_record_as_they_fall(by, held, agencies):
    services.set_agenda(
        gathering=held, business=[services.Item("Budget")], by=by, expected_version=held.version
    )
    item = queries.business(held).get()
    services.take_line(gathering=held, taken=Taken("Agree it", "decision", item), by=by, now=NOW, today=TODAY)
    taken = Taken("Write to schools", "action", item, agency=agencies["school"], due_on=date(2019, 12, 1))
    services.take_line(gathering=held, taken=taken, by=by, now=NOW, today=TODAY)
    action = Action.objects.get()
    assert (action.owner_agency, action.due_on, action.decision.text) == (
        agencies["school"],
        date(2019, 12, 1),
        "Agree it",
    )


def test_quorum_is_seen_as_the_register_fills(by, held, agencies):
    assert queries.quorum(held).missing == ("Testbury Council", "Testbury Police")
    services.mark(gathering=held, seats=[Seat("present", agencies["police"])], by=by, today=TODAY)
    services.mark(gathering=held, seats=[Seat("apologies", agencies["council"])], by=by, today=TODAY)
    assert queries.quorum(held).missing == ("Testbury Council",)
    services.mark(gathering=held, seats=[Seat("", agencies["council"])], by=by, today=TODAY)
    services.mark(
        gathering=held, seats=[Seat("present", agencies["council"], named="Jo Bell")], by=by, today=TODAY
    )
    assert queries.quorum(held).is_met
    held.refresh_from_db()
    assert held.attendance_count is None, "nobody of the police is named, so nobody knows how many came"
    services.mark(
        gathering=held, seats=[Seat("present", agencies["police"], named="Sam Roe")], by=by, today=TODAY
    )
    held.refresh_from_db()
    assert held.attendance_count == 2


def test_what_cannot_be_marked_marks_nobody(by, held, agencies):
    seats = [Seat("absent", agencies["police"]), Seat("present", agencies["police"], named="Jo Bell")]
    with pytest.raises(Refused, match="but Jo Bell of it attended"):
        services.mark(gathering=held, seats=seats, by=by, today=TODAY)
    assert not Attendance.objects.exists()


def test_what_is_noted_hangs_on_an_item_of_its_own_meeting(by, held, planned):
    services.set_agenda(
        gathering=planned, business=[services.Item("Budget")], by=by, expected_version=planned.version
    )
    elsewhere = queries.business(planned).get()
    for act in (
        lambda: services.take_line(
            gathering=held, taken=Taken("Said", item=elsewhere), by=by, now=NOW, today=TODAY
        ),
        lambda: services.ask_for_paper(gathering=held, title="Paper", item=elsewhere, by=by),
        lambda: services.declare_interest(
            gathering=held, interest="Mine", named="Jo Bell", item=elsewhere, by=by
        ),
    ):
        with pytest.raises(Refused, match="agenda of another meeting"):
            act()


def test_a_substitute_stands_in_for_a_member_of_the_same_body(by, body, agencies):
    other = board(by, "Executive", sort="executive")
    member = services.add_member(body=other, role="member", agency=agencies["police"], by=by)
    with pytest.raises(Refused, match="same body"):
        services.add_member(body=body, role="member", agency=agencies["charity"], stands_in_for=member, by=by)


def test_a_meeting_of_another_day_is_not_opened(by, planned):
    with pytest.raises(Refused, match="in the future"):
        services.take_line(gathering=planned, taken=Taken("Too early"), by=by, now=NOW, today=TODAY)
    assert not Line.objects.exists()


# --- After


@pytest.fixture
def minuted(by, held, agencies):
    services.mark(gathering=held, seats=[Seat("present", agencies["police"])], by=by, today=TODAY)
    services.take_line(gathering=held, taken=Taken("Agree it", "decision"), by=by, now=NOW, today=TODAY)
    return services.write_minutes(gathering=held, text=queries.draft_text(held), by=by, now=NOW)


def test_minutes_are_drafted_from_what_was_recorded(minuted):
    assert "- Testbury Police" in minuted.text
    assert "**Decision (agreed):** Agree it" in minuted.text
    assert "not quorate: Testbury Council not present" in minuted.text


def test_what_minutes_said_before_stays_and_a_newer_edit_is_not_written_over(by, held, minuted):
    version = minuted.version
    services.write_minutes(gathering=held, text="Better.", by=by, now=NOW, expected_version=version)
    with pytest.raises(Stale):
        services.write_minutes(gathering=held, text="Mine.", by=by, now=NOW, expected_version=version)
    minuted.refresh_from_db()
    assert (minuted.text, minuted.number, minuted.versions.count()) == ("Better.", 2, 1)


def test_minutes_are_circulated_corrected_approved_at_the_next_meeting_and_then_frozen(
    by, actor, body, held, minuted, agencies
):
    reader = actor("agency_lead", agency=agencies["police"])
    assert not Minutes.objects.visible_to(reader).exists()
    with pytest.raises(Refused, match="while the minutes are circulated"):
        services.ask_for_correction(minutes=minuted, text="We met at ten.", by=reader)
    services.circulate_minutes(minutes=minuted, by=by, today=TODAY)
    assert Minutes.objects.visible_to(reader).exists()
    asked = services.ask_for_correction(minutes=minuted, text="We met at ten.", by=reader)
    later = TODAY + timedelta(days=7)
    following = services.record_gathering(
        title="Board, a week later", sort="board_meeting", held_on=later, body=body, by=by, today=later
    )

    def approve(**more):
        minuted.refresh_from_db()
        given = {"at": following, "today": later, **more}
        return services.approve_minutes(minutes=minuted, by=by, expected_version=minuted.version, **given)

    with pytest.raises(Refused, match="Answer every correction"):
        approve()
    with pytest.raises(Refused, match="why"):
        services.answer_correction(correction=asked, status="declined", answer="", by=by)
    services.answer_correction(correction=asked, status="taken", answer="", by=by)
    with pytest.raises(Refused, match="another meeting"):
        approve(at=held)
    approved = approve()
    assert approved.fingerprint == queries.fingerprint_of(approved)
    for change in (
        lambda: services.write_minutes(gathering=held, text="No.", by=by, now=NOW),
        lambda: services.mark(gathering=held, seats=[Seat("absent", agencies["police"])], by=by, today=later),
        lambda: services.take_line(gathering=held, taken=Taken("Late"), by=by, now=NOW, today=later),
        lambda: decision(by, held, today=later),
    ):
        with pytest.raises(Refused, match="approved"):
            change()
    Attendance.objects.update(presence="absent")
    assert approved.fingerprint != queries.fingerprint_of(approved)


# --- Over the year, and the calendar


def test_who_is_never_there_is_seen_over_the_year(by, body, agencies):
    first, second = meeting(by, body, on=date(2019, 4, 29)), meeting(by, body, on=JULY)
    services.record_attendance(
        gathering=first,
        seats=[Seat("present", agencies["police"]), Seat("absent", agencies["school"])],
        count=None,
        by=by,
        today=TODAY,
    )
    services.record_attendance(
        gathering=second,
        seats=[Seat("apologies", agencies["police"]), Seat("absent", agencies["school"])],
        count=None,
        by=by,
        today=TODAY,
    )
    found = queries.presence_by_agency(by, date(2019, 1, 1), date(2019, 12, 31))
    assert found.agencies == ("Hillside School", "Testbury Police")
    assert found.cells == (("absent", "absent"), ("present", "apologies"))
    assert [found.came(n) for n in (0, 1)] == [(0, 2), (1, 2)]


def test_a_private_calendar_opens_until_it_is_revoked_or_its_person_is_gone(client, by, actor, planned):
    reader = actor("scrutineer")
    key = services.make_calendar_key(by=reader, now=NOW)
    address = f"/testbury/meetings/calendar/{key}.ics"
    told = client.get(address)
    assert told.status_code == 200
    assert b"SUMMARY:Board\\, 18 November 2019" in told.content
    assert b"DTSTART:20191118T093000Z" in told.content
    assert key not in CalendarKey.objects.get().digest
    newer = services.make_calendar_key(by=reader, now=NOW)
    assert client.get(address).status_code == 404
    services.revoke_calendar_key(by=reader, now=NOW)
    assert client.get(f"/testbury/meetings/calendar/{newer}.ics").status_code == 404
    with pytest.raises(Refused, match="no private calendar"):
        services.revoke_calendar_key(by=reader, now=NOW)


def test_showing_the_days_again_plans_nothing_and_a_second_click_plans_nothing_twice(
    client_of, person, by, body
):
    manager = client_of(person("business_manager"))
    asked = {
        "sort": "board_meeting", "every": "quarter", "first_day": "27", "first_month": "1", "first_year": "2020", "until_day": "31",
        "until_month": "12", "until_year": "2020", "once": "k1",
    }  # fmt: skip
    address = f"/testbury/bodies/{body.pk}/series"
    shown = manager.post(address, asked).content.decode()
    assert "Monday 27 January 2020" in shown
    manager.post(address, {**asked, "days": ["2020-01-27"], "again": "yes"})
    assert not Gathering.objects.exists()
    for _ in range(2):
        manager.post(address, {**asked, "days": ["2020-01-27"], "plan": "yes"})
    assert Gathering.objects.count() == 1


def test_a_name_that_is_none_and_an_agency_that_is_none_are_answered_in_words(client_of, person, held):
    manager = client_of(person("business_manager"))
    address = f"/testbury/meetings/{held.pk}/live/newcomer"
    for sent in (
        {"name": ""},
        {"name": "Jo Bell", "agency": "junk"},
        {"name": "Jo Bell", "agency": "' or 1=1"},
    ):
        assert manager.post(address, sent).status_code == 302
    assert not Attendance.objects.exists()


def test_only_the_picture_of_a_meeting_is_shown_within_a_page(client_of, person, by, held, actor):
    manager = client_of(person("business_manager"))
    png = b"\x89PNG\r\n\x1a\n" + bytes(20)
    shown = services.add_picture(
        gathering=held, name="p.png", content=png, description="Who said what", by=by
    )
    other = files.attach(about=chain.action(by).ref, name="e.png", content=png, by=by)
    assert manager.get(f"/testbury/meetings/pictures/{shown.pk}").status_code == 200
    assert manager.get(f"/testbury/meetings/pictures/{other.pk}").status_code == 404
    with pytest.raises(Refused, match="Describe"):
        services.add_picture(gathering=held, name="p.png", content=png, description=" ", by=by)


def test_a_paper_is_downloaded_by_those_it_is_meant_for_only(client_of, person, by, planned, agencies):
    paper = services.ask_for_paper(gathering=planned, title="For the three", audience="partners", by=by)
    services.hand_in(paper=paper, name="p.pdf", content=a_pdf(), by=by, now=NOW)
    [kept] = files_queries.about(paper.pk, by)
    lead = client_of(person("agency_lead", agency=agencies["charity"]))
    partner = client_of(person("safeguarding_partner", agency=agencies["police"]))
    for address in (f"/testbury/files/{kept.pk}", f"/testbury/papers/{paper.pk}"):
        assert (lead.get(address).status_code, partner.get(address).status_code) == (404, 200), address


# --- Mistakes


def test_the_same_meeting_is_not_recorded_twice(by, body):
    meeting(by, body)
    with pytest.raises(Refused, match="on the register already"):
        meeting(by, body)
    meeting(by, body, sort="workshop")


def test_a_meeting_recorded_by_mistake_is_taken_off_with_a_reason(by, body, agencies):
    made = meeting(by, body)
    services.record_attendance(gathering=made, seats=[], count=12, by=by, today=TODAY)
    with pytest.raises(Refused, match="why"):
        services.strike_gathering(gathering=made, reason="", by=by)
    struck = services.strike_gathering(gathering=made, reason="It was the forum that met.", by=by)
    assert (struck.status, struck.attendance_count) == ("cancelled", None)
    meeting(by, body)


def test_the_title_follows_the_day_and_the_history_says_what_changed(by, body):
    made = meeting(by, body, title="Partnership Board, 8 July 2019")
    changed = services.change_gathering(
        gathering=made,
        changes={"held_on": date(2019, 7, 9)},
        by=by,
        today=TODAY,
        expected_version=made.version,
    )
    assert changed.title == "Partnership Board, 9 July 2019"


def test_decisions_are_found_by_the_success_measure_they_serve(by, held):
    priority, other = (
        improvement.add_priority(title=t, number=n, by=by) for n, t in ((1, "One"), (2, "Two"))
    )
    measure = improvement.add_measure(title="Children feel safe", priority=priority, by=by)
    item = AgendaItem.new(by, gathering=held, text="Safe at school", position=1, measure=measure).store()
    services.take_line(
        gathering=held, taken=Taken("Ask each school", "decision", item), by=by, now=NOW, today=TODAY
    )
    asked = Resolution.objects.get(decision__text="Ask each school")
    about = decision(by, held, "Go on with it", today=TODAY, priorities=[priority])
    decision(by, held, "Something else", today=TODAY, priorities=[other])
    assert set(queries.chosen_resolutions(by, measure=measure)) == {asked, about}


def test_the_page_of_a_body_tells_what_changed_in_its_terms(client_of, person, by, body):
    for text in ("The police chair it.\nIt meets in March.", "The partners chair it.\nIt meets in March."):
        services.agree_terms(body=body, summary="Who chairs", text=text, by=by)
    page = client_of(person("business_manager")).get(f"/testbury/bodies/{body.pk}").content.decode()
    assert "What changed in the text of version 2" in page
    assert "<del>The police chair it.</del>" in page
    assert "<ins>The partners chair it.</ins>" in page
    assert "<del>It meets in March.</del>" not in page
