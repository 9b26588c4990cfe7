"""Who reads minutes and papers, who is told, and what approved minutes hold fast."""

from datetime import date, timedelta

import pytest

from shield.improvement import services as improvement
from shield.kernel.accounts import services as accounts
from shield.kernel.calendar import queries as calendar
from shield.kernel.records.rules import Refused
from shield.meetings import doors, exchange, queries, services
from shield.meetings.models import Line, Minutes, Paper
from shield.meetings.services import Item
from shield.meetings.tests.factories import board, decision, meeting
from tests.cast import TODAY, actor_of, signed_in

LATER = TODAY + timedelta(days=14)


@pytest.fixture
def body(by, agencies):
    """A board on which the school sits, and the charity does not."""
    made = board(by)
    services.add_member(body=made, role="member", agency=agencies["school"], by=by)
    return made


@pytest.fixture
def held(by, body):
    return meeting(by, body, business=[Item("Budget")])


@pytest.fixture
def circulated(by, held):
    minutes = services.write_minutes(
        gathering=held, text="## 1. Budget\n\nAgreed.", by=by, now=calendar.now()
    )
    return services.circulate_minutes(minutes=minutes, by=by, today=TODAY)


@pytest.fixture
def approved(by, body, circulated):
    at = meeting(by, body, on=date(2019, 10, 28))
    return services.approve_minutes(
        minutes=circulated, at=at, by=by, today=TODAY, expected_version=circulated.version
    )


def test_minutes_are_read_by_members_and_by_whoever_oversees(circulated, actor, agencies):
    seen = {
        (role, key): Minutes.objects.visible_to(actor(role, agency=agencies.get(key))).exists()
        for role, key in (
            ("agency_lead", "school"), ("agency_lead", "charity"), ("safeguarding_partner", "police"), ("scrutineer", ""),
            ("exploitation_chair", ""),
        )
    }  # fmt: skip
    assert [key for key, sees in seen.items() if not sees] == [
        ("agency_lead", "charity"),
        ("exploitation_chair", ""),
    ]


def test_a_seat_opens_papers_for_members_from_its_first_to_its_last_day(by, body, actor, agencies):
    planned = meeting(by, body, on=LATER, status="planned")
    services.ask_for_paper(gathering=planned, title="For members", audience="members", by=by)
    lead = actor("agency_lead", agency=agencies["school"])
    services.end_member(member=body.members.get(), by=by, today=TODAY)
    assert Paper.objects.visible_to(lead).count() == 1
    body.members.update(ends_on=TODAY - timedelta(days=1))
    assert Paper.objects.visible_to(lead).count() == 0
    services.add_member(body=body, role="member", agency=agencies["school"], starts_on=LATER, by=by)
    assert Paper.objects.visible_to(lead).count() == 0


def test_whoever_is_asked_for_a_paper_sees_it_whoever_it_is_for(by, body, person, partnership):
    writer = person("scrutineer", name="Wim Writer")
    planned = meeting(by, body, on=LATER, status="planned")
    services.ask_for_paper(gathering=planned, title="For partners", audience="partners", person=writer, by=by)
    assert [item.title for item in doors.work(actor_of(writer, partnership), TODAY)] == [
        "Paper: For partners"
    ]
    assert Paper.objects.visible_to(actor_of(person("scrutineer"), partnership)).count() == 0


def test_no_paper_is_asked_of_somebody_who_cannot_hand_one_in(by, body, person, manager):
    nobody = person("practitioner", name="Nia Nobody")
    planned = meeting(by, body, on=LATER, status="planned")
    with pytest.raises(Refused, match="Nia Nobody cannot hand in papers"):
        services.ask_for_paper(gathering=planned, title="Report", person=nobody, by=by)
    assert "Nia Nobody" not in manager.get(f"/testbury/meetings/{planned.pk}/papers/ask").content.decode()


def test_only_those_are_told_who_can_read(by, held, body, person, agencies, otherton):
    lead = person("agency_lead", agency=agencies["school"], name="Lena Lead")
    person("practitioner", agency=agencies["school"], name="Nia Nobody")
    gone = person("agency_lead", agency=agencies["school"], name="Gus Gone", since=date(2018, 10, 1))
    accounts.grant_role(person=gone, role="agency_lead", by=_system(otherton), today=TODAY)
    for grant in gone.roles.filter(partnership=body.partnership):
        accounts.end_role(grant=grant, by=by, today=TODAY - timedelta(days=1))
    assert queries.people_to_tell(held, TODAY) == [(lead, None)]


def _system(partnership):
    from shield.kernel.accounts import queries as found

    return found.system_actor(partnership)


def test_what_approved_minutes_rest_on_is_changed_no_more(by, body, held, circulated, manager):
    taken = decision(by, held, "Spend it on schools")
    at = meeting(by, body, on=date(2019, 10, 28))
    services.approve_minutes(
        minutes=circulated, at=at, by=by, today=TODAY, expected_version=circulated.version
    )
    row = taken.decision
    for act in (
        lambda: improvement.correct_decision(
            decision=row, changes={"text": "Otherwise"}, why="A slip of the pen", by=by
        ),
        lambda: improvement.withdraw_decision(decision=row, reason="It was never taken", by=by, today=TODAY),
        lambda: services.add_picture(gathering=held, name="a.png", content=b"", description="A wall", by=by),
    ):
        with pytest.raises(Refused, match="minutes of this meeting are approved"):
            act()
    page = manager.get(f"/testbury/decisions/{taken.pk}").content.decode()
    assert "Correct it" not in page
    assert manager.get(f"/testbury/chain/decisions/{row.pk}/correct").status_code == 403


def test_a_note_is_taken_back_once(by, held):
    line = services.take_line(
        gathering=held, taken=services.Taken("A slip"), by=by, now=calendar.now(), today=TODAY
    )
    services.withdraw_line(line=line, by=by)
    with pytest.raises(Refused, match="already"):
        services.withdraw_line(line=line, by=by)


@pytest.mark.parametrize("due_on", [date(1900, 1, 1), date(2019, 7, 7)])
def test_an_action_is_not_due_before_the_meeting_that_asks_for_it(due_on, by, held):
    taken = services.Taken("Write to schools", sort="action", due_on=due_on)
    with pytest.raises(Refused, match="before the meeting"):
        services.take_line(gathering=held, taken=taken, by=by, now=calendar.now(), today=TODAY)
    assert not Line.objects.exists()


def test_a_file_that_only_says_it_is_a_pdf_is_refused_when_it_is_handed_in(by, body):
    planned = meeting(by, body, on=LATER, status="planned")
    paper = services.ask_for_paper(gathering=planned, title="Report", by=by)
    with pytest.raises(Refused, match="cannot be read as a PDF"):
        services.hand_in(paper=paper, name="a.pdf", content=b"%PDF-1.4 not really", by=by, now=calendar.now())
    paper.refresh_from_db()
    assert paper.handed_in_at is None


@pytest.mark.parametrize("days", [-1, 30])
def test_papers_of_a_meeting_to_come_are_due_between_today_and_the_meeting(days, by, body):
    with pytest.raises(Refused):
        meeting(by, body, on=LATER, status="planned", papers_due_on=TODAY + timedelta(days=days))


def test_headings_of_minutes_stand_on_one_level_where_they_were_typed_on_one(by, held):
    services.write_minutes(
        gathering=held, text="# Board\n\n## Present\n\n- All\n\n## 1. Budget\n\nAgreed.\n\n### Note\n\nA word.", by=by,
        now=calendar.now(),
    )  # fmt: skip
    blocks = exchange.minutes_document(Minutes.objects.get()).blocks
    assert [(b.level, b.text) for b in blocks if type(b).__name__ == "Heading"] == [
        (1, "Present"), (1, "1. Budget"), (2, "Note"),
    ]  # fmt: skip


def test_practitioners_find_whom_to_ask(by, agencies, person):
    services.name_lead(
        topic="missing", agency=agencies["school"], named="Jo Bell", starts_on=TODAY, by=by, today=TODAY
    )
    client = signed_in(person("practitioner"))
    assert "Jo Bell" in client.get("/testbury/leads/").content.decode()
    assert "/testbury/leads/" in client.get("/testbury/partnership/").content.decode()
    assert client.get("/testbury/meetings/").status_code == 403


def test_the_meeting_page_names_minutes_only_to_who_may_read_them(circulated, held, person, agencies):
    pages = {
        key: signed_in(person("agency_lead", agency=agencies[key]))
        .get(f"/testbury/meetings/{held.pk}")
        .content.decode()
        for key in ("school", "charity")
    }
    link = f"/testbury/minutes/{circulated.pk}"
    assert [link in pages["school"], link in pages["charity"]] == [True, False]


def test_whoever_gave_up_the_seat_since_is_not_told_of_what_they_cannot_read(
    by, held, body, person, agencies
):
    person("agency_lead", agency=agencies["school"], name="Lena Lead")
    assert len(queries.people_to_tell(held, TODAY)) == 1
    body.members.update(ends_on=TODAY - timedelta(days=1))
    assert queries.people_to_tell(held, TODAY) == []


def test_a_page_of_the_search_is_marked_under_no_entry_of_the_navigation(manager):
    active = "govuk-service-navigation__item--active"
    assert active not in manager.get("/testbury/search?q=board").content.decode()
    assert active in manager.get("/testbury/people/").content.decode()
