"""Joint bodies: one partnership hosts, another takes part by its own consent, and each sees only what it is to see."""

from datetime import date, timedelta

import pytest

from shield.kernel.access.rules import Forbidden
from shield.kernel.history import queries as history
from shield.kernel.notices.models import Message
from shield.kernel.records.rules import Refused
from shield.meetings import doors, queries, services
from shield.meetings.models import BodyMember, JointPart
from shield.meetings.services import Item
from shield.meetings.tests.factories import board, decision, meeting
from tests.cast import TODAY, actor_of, signed_in

SINCE = date(2019, 5, 1)
BEFORE, AFTER = date(2019, 4, 8), date(2019, 7, 8)


@pytest.fixture
def body(by):
    return board(by, "Exploitation Forum", sort="joint", purpose="Children who cross the boundary")


@pytest.fixture
def guest(person, otherton):
    """The business manager of the partnership that is asked."""
    return person("business_manager", partnership=otherton, name="Gwen Guest")


@pytest.fixture
def there(guest, otherton):
    return actor_of(guest, otherton)


@pytest.fixture
def asked(body, otherton, by):
    return services.ask_to_take_part(
        body=body,
        participant=otherton,
        shares_from=SINCE,
        message="We share a railway line.",
        by=by,
        today=TODAY,
    )


@pytest.fixture
def joined(asked, there):
    return services.answer_part(part=asked, takes_part=True, answer="Gladly.", by=there, today=TODAY)


def page_of(part, **more):
    tail = "".join(f"/{each}" for each in more.values())
    return f"/otherton/bodies/joint/{part.pk}{'/meetings' if more else ''}{tail}"


def test_a_partnership_answers_for_itself(asked, by, there):
    assert [item.title for item in doors.work(there, TODAY)] == [
        "Testbury asks you to take part in Exploitation Forum"
    ]
    assert [(item.owner, item.kind) for item in doors.awaited(by, TODAY)] == [("Otherton", JointPart.kind)]
    with pytest.raises(Forbidden, match="Otherton Safeguarding Children Partnership to say"):
        services.answer_part(part=asked, takes_part=True, answer="", by=by, today=TODAY)
    with pytest.raises(Refused, match="Say why"):
        services.answer_part(part=asked, takes_part=False, answer=" ", by=there, today=TODAY)
    services.answer_part(part=asked, takes_part=False, answer="Not this year.", by=there, today=TODAY)
    with pytest.raises(Refused, match="answered already"):
        services.answer_part(part=asked, takes_part=True, answer="", by=there, today=TODAY)
    assert list(doors.work(there, TODAY)) == []


def test_it_is_in_the_histories_of_both(joined, by, there):
    told = [
        [entry.sentence for entry in history.of_record(side.partnership_id, joined.pk)]
        for side in (by, there)
    ]
    assert (
        told[0]
        == told[1]
        == [
            "answered whether Otherton takes part in Exploitation Forum: yes",
            "asked Otherton to take part in Exploitation Forum",
        ]
    )


@pytest.mark.parametrize("what", ["outside", "ended", "own", "twice"])
def test_what_cannot_be_made_joint_is_refused(what, body, by, otherton, partnership):
    participant = partnership if what == "own" else otherton
    if what == "outside":
        body = board(by, "Adults Board", outside=True)
    if what == "ended":
        body = board(by, "Old Board", ended_on=TODAY)
    given = {"participant": participant, "shares_from": SINCE, "by": by, "today": TODAY}
    if what == "twice":
        services.ask_to_take_part(body=body, **given)
    with pytest.raises(Refused):
        services.ask_to_take_part(body=body, **given)


def test_the_participant_sees_what_is_shared_and_nothing_before(joined, body, by, guest):
    early = meeting(by, body, on=BEFORE, title="Before they came")
    late = meeting(by, body, on=AFTER, title="Forum, July", business=[Item("The railway")])
    elsewhere = meeting(by, board(by), on=AFTER, title="Our own Board")
    decision(by, early, "An early decision", decided_on=BEFORE)
    decision(by, late, "Watch the station", decided_on=AFTER)
    client = signed_in(guest)
    shown = client.get(page_of(joined)).content.decode()
    words = ("Forum, July", "Watch the station", "Before they came", "An early decision", "Our own Board")
    assert [each in shown for each in words] == [True, True, False, False, False]
    assert "The railway" in client.get(page_of(joined, meeting=late.reference)).content.decode()
    for other in (early, elsewhere):
        assert client.get(page_of(joined, meeting=other.reference)).status_code == 404
    assert client.get(f"/testbury/meetings/{late.pk}").status_code == 404
    assert client.get(f"/otherton/meetings/{late.pk}").status_code == 404


def test_nothing_is_shown_before_the_answer_nor_after_the_end(asked, body, by, there, guest):
    late = meeting(by, body, on=AFTER, title="Forum, July")
    client, address = signed_in(guest), page_of(asked, meeting=late.reference)
    assert client.get(address).status_code == 404
    assert "Forum, July" not in client.get(page_of(asked)).content.decode()
    services.answer_part(part=asked, takes_part=True, answer="", by=there, today=TODAY)
    assert client.get(address).status_code == 200
    services.end_part(part=asked, reason="The line is closed.", by=there, today=TODAY)
    assert client.get(address).status_code == 200
    later = meeting(by, body, on=TODAY + timedelta(days=30), title="Forum, December", status="planned")
    assert client.get(page_of(asked, meeting=later.reference)).status_code == 404


def test_a_question_taken_back_opens_nothing_and_leaves_the_list(asked, body, by, there, guest):
    late = meeting(by, body, on=AFTER)
    with pytest.raises(Refused, match="not under way"):
        services.end_part(part=asked, reason="No", by=there, today=TODAY)
    services.end_part(part=asked, reason="It was a mistake", by=by, today=TODAY)
    client = signed_in(guest)
    assert list(doors.work(there, TODAY)) == []
    assert "Exploitation Forum" not in client.get("/otherton/bodies/").content.decode()
    assert client.get(page_of(asked, meeting=late.reference)).status_code == 404


def test_who_sits_there_is_on_the_hosts_roll_is_told_and_reads_the_members_papers(
    joined, body, by, there, guest, person, otherton
):
    other = person("agency_lead", partnership=otherton, name="Olive Other")
    services.seat_people(part=joined, people=[guest], by=there, today=TODAY)
    planned = meeting(
        by, body, on=TODAY + timedelta(days=14), status="planned", business=[Item("The railway")]
    )
    assert [(line.name, line.note) for line in queries.roll(planned, by)] == [("Gwen Guest", "Otherton")]
    for title, audience in (
        ("For all", "everybody"),
        ("For members", "members"),
        ("For partners", "partners"),
    ):
        paper = services.ask_for_paper(gathering=planned, title=title, audience=audience, by=by)
        services.hand_in(paper=paper, name="a.txt", content=b"Words", by=by, now=_now())
    papers = {
        who: [p.title for p in queries.shared_papers(joined, planned, actor_of(who, otherton))]
        for who in (guest, other)
    }
    assert papers == {guest: ["For all", "For members"], other: ["For all"]}
    assert services.send_pack(gathering=planned, by=by, now=_now()) == 1
    message = Message.objects.get(template="meeting_pack")
    assert message.partnership_id == otherton.pk
    assert f"/otherton/bodies/joint/{joined.pk}/meetings/{planned.reference}" in message.body


def test_a_paper_that_is_opened_from_the_other_side_is_traced_on_both(joined, body, by, guest):
    planned = meeting(by, body, on=TODAY + timedelta(days=14), status="planned")
    paper = services.ask_for_paper(gathering=planned, title="For all", by=by)
    secret = services.ask_for_paper(gathering=planned, title="For partners", audience="partners", by=by)
    for each in (paper, secret):
        services.hand_in(paper=each, name="a.txt", content=b"Words", by=by, now=_now())
    client = signed_in(guest)
    answer = client.get(page_of(joined, meeting=planned.reference, paper=paper.reference))
    assert (answer.status_code, answer.content) == (200, b"Words")
    assert client.get(page_of(joined, meeting=planned.reference, paper=secret.reference)).status_code == 404
    for side in (joined.partnership_id, joined.participant_id):
        newest = history.of_record(side, joined.pk)[0]
        assert (
            newest.sentence == f"opened {paper.reference} of Exploitation Forum, in which Otherton takes part"
        )
        assert newest.actor_name == "Gwen Guest"


def test_only_ones_own_people_are_seated_and_all_seats_end_with_the_part(joined, there, by, guest, person):
    stranger = person("agency_lead", name="Tess Testbury")
    with pytest.raises(Refused, match="your own partnership"):
        services.seat_people(part=joined, people=[stranger], by=there, today=TODAY)
    with pytest.raises(Forbidden):
        services.seat_people(part=joined, people=[], by=by, today=TODAY)
    services.seat_people(part=joined, people=[guest], by=there, today=TODAY)
    assert BodyMember.objects.get(part=joined).heading == "Gwen Guest, Otherton"
    services.end_part(part=joined, reason="It is done.", by=by, today=TODAY)
    assert BodyMember.objects.get(part=joined).ends_on == TODAY


def test_nobody_but_the_two_sides_sees_a_part(joined, db):
    from shield.kernel.accounts import queries as accounts
    from shield.kernel.accounts import services as founding

    third = founding.found_partnership(slug="thirdly", name="Thirdly Partnership", short_name="Thirdly")
    assert not JointPart.objects.visible_to(accounts.system_actor(third)).exists()
    with pytest.raises(JointPart.DoesNotExist):
        JointPart.objects.locked(joined.pk, by=accounts.system_actor(third))


def test_it_is_done_on_pages_from_both_sides(manager, body, guest, otherton):
    form = {
        "participant": str(otherton.pk),
        "shares_from_day": "1",
        "shares_from_month": "5",
        "shares_from_year": "2019",
    }
    sent = manager.post(f"/testbury/bodies/{body.pk}/ask", form)
    part = JointPart.objects.get()
    assert sent.headers["Location"] == f"/testbury/bodies/joint/{part.pk}"
    assert "will see if it says yes" in manager.get(sent.headers["Location"]).content.decode()
    client = signed_in(guest)
    assert "Exploitation Forum, hosted by Testbury" in client.get("/otherton/bodies/").content.decode()
    client.post(f"{page_of(part)}/answer", {"takes_part": "yes", "version": part.version})
    client.post(f"{page_of(part)}/seats", {"people": [str(guest.pk)]})
    assert "Gwen Guest, Otherton" in manager.get(f"/testbury/bodies/{body.pk}").content.decode()
    assert "Joint with Otherton" in manager.get("/testbury/bodies/").content.decode()
    manager.post(f"/testbury/bodies/joint/{part.pk}/end", {"reason": "It is done."})
    part.refresh_from_db()
    assert (part.status, part.end_reason) == ("ended", "It is done.")


def _now():
    from shield.kernel.calendar import queries as calendar

    return calendar.now()
