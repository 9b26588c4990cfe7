"""The pages on decisions and bodies, and who may open which page."""

from datetime import date

import pytest

from shield.improvement import services as improvement
from shield.improvement.models import Recommendation
from shield.meetings import services
from shield.meetings.models import Body, Resolution
from shield.meetings.tests.factories import board, meeting
from shield.meetings.tests.reading import day, hidden, text_of, to
from tests.cast import TODAY

# --- Decisions


def test_a_decision_on_a_recommendation_moves_it(manager, by):
    priority = improvement.add_priority(title="Neglect", number=1, by=by)
    recommended = improvement.add_recommendation(
        title="Ask each child", number=1, priority=priority, by=by, status="presented"
    )
    improvement.add_recommendation(
        title="Closed long ago", number=2, priority=priority, by=by, status="closed"
    )
    made = meeting(by, board(by))
    page = manager.get(to("gathering_decide", made))
    assert "Recommendation 1: Ask each child (presented to the board)" in text_of(page)
    assert "Closed long ago" not in text_of(page)
    sent = {
        **hidden(page), "text": "Accept it", "outcome": "agreed", "needs_action": "on", f"about_{priority.pk.hex}": [str(recommended.pk)]
    }  # fmt: skip
    answer = manager.post(to("gathering_decide", made), sent)
    taken = Resolution.objects.get()
    assert answer.headers["Location"] == to("resolution", taken)
    assert list(taken.decision.priorities.all()) == [priority]
    assert Recommendation.objects.get(pk=recommended.pk).status == "accepted"
    text = text_of(manager.get(to("resolution", taken)))
    for told in (
        "Not acted upon",
        "Recommendation 1: Ask each child",
        "Accepted",
        "Board, 08 July 2019",
        "Turn it into an action",
    ):
        assert told in text, told


def test_nothing_is_decided_at_an_event_of_no_body(manager, by):
    answer = manager.get(to("gathering_decide", meeting(by)))
    assert answer.status_code == 403
    assert "belongs to no body" in answer.content.decode()


def test_a_decision_whose_meeting_is_not_known_is_recorded_on_its_body(manager, by):
    body = board(by)
    page = manager.get(to("body_decide", body))
    sent = {
        **hidden(page),
        "text": "Go on",
        "outcome": "agreed",
        "precision": "month",
        **day("decided_on", date(2019, 9, 14)),
    }
    manager.post(to("body_decide", body), sent)
    taken = Resolution.objects.get()
    assert (taken.gathering, taken.decision.decided_on, taken.decision.precision) == (
        None,
        date(2019, 9, 1),
        "month",
    )
    assert "September 2019" in text_of(manager.get(to("resolution", taken)))


def test_a_decision_page_costs_at_most_fifteen_queries(manager, full, count_queries):
    taken = Resolution.objects.get()
    manager.get(to("resolution", taken))
    with count_queries() as sent:
        manager.get(to("resolution", taken))
    assert len(sent) <= 15


# --- Bodies


def test_a_body_is_set_up_and_changed(manager, cast):
    page = manager.get(to("body_add"))
    sent = {**hidden(page), "name": "Working Group", "sort": "executive", "joint_with": "Greenwich\nLewisham"}
    manager.post(to("body_add"), sent)
    body = Body.objects.get()
    assert body.joint_with == ["Greenwich", "Lewisham"]
    page = manager.get(to("body_change", body))
    manager.post(to("body_change", body), {**sent, **hidden(page), "name": "Executive"})
    text = text_of(manager.get(to("body", body)))
    assert "Renamed from Working Group." in text
    assert "changed the body Executive: name" in text_of(manager.get(to("body_history", body)))


def test_a_bodys_page_tells_who_sits_on_it_its_terms_meetings_and_decisions(manager, by, full):
    services.agree_terms(
        body=full.body, summary="Decides for the partnership", by=by, agreed_on=date(2018, 10, 29)
    )
    text = text_of(manager.get(to("body", full.body)))
    for told in (
        "Testbury Police", "Chair", "Version 1, agreed 29 October 2018", "Decides for the partnership", "Board, 08 July 2019",
        "Agree the plan", "By rotation Testbury Council is next to chair",
    ):  # fmt: skip
        assert told in text, told


def test_a_bodys_page_costs_at_most_fifteen_queries(manager, full, count_queries):
    manager.get(to("body", full.body))
    with count_queries() as sent:
        manager.get(to("body", full.body))
    assert len(sent) <= 15


@pytest.mark.parametrize(
    ("name", "sent", "shown"),
    [
        ("body_terms", {"summary": "Decides", "precision": "day"}, "Version 1"),
        ("body_note_change", {"sort": "relaunched", "precision": "day", "text": "Began anew"}, "Began anew"),
    ],
)
def test_terms_and_changes_are_added_to_a_body(manager, by, name, sent, shown):
    body = board(by)
    answer = manager.post(to(name, body), {**hidden(manager.get(to(name, body))), **sent}, follow=True)
    assert shown in text_of(answer)


def test_a_member_is_added_and_the_membership_ends(manager, by, agencies):
    body = board(by)
    address = to("body_member", body)
    sent = {**hidden(manager.get(address)), "role": "member", "agency": agencies["school"].pk}
    assert "Hillside School" in text_of(manager.post(address, sent, follow=True))
    member = body.members.get()
    page = manager.get(to("member_end", member))
    assert "Hillside School sits on Partnership Board." in text_of(page)
    manager.post(to("member_end", member), hidden(page))
    member.refresh_from_db()
    assert member.ends_on == TODAY


def test_a_member_is_somebody(manager, by):
    body = board(by)
    address = to("body_member", body)
    answer = manager.post(address, {**hidden(manager.get(address)), "role": "member"})
    assert "Choose an agency, an office or a person." in text_of(answer)


# --- Need to know

ACTS = ("gathering_change", "gathering_agenda", "gathering_attendance", "gathering_decide")


def test_an_agency_lead_reads_but_does_not_record(person, client_of, full, agencies):
    lead = client_of(person("agency_lead", agency=agencies["school"]))
    assert "Record a meeting" not in text_of(lead.get(to("gatherings")))
    for name in ACTS:
        assert lead.get(to(name, full)).status_code == 403
    assert lead.get(to("gathering_record")).status_code == 403
    assert lead.get(to("body_add")).status_code == 403


def test_a_practitioner_sees_no_meeting_and_not_that_there_is_one(person, client_of, full):
    practitioner = client_of(person("practitioner"))
    assert practitioner.get(to("gatherings")).status_code == 403
    for name in ("gathering", *ACTS):
        assert practitioner.get(to(name, full)).status_code == 404


def test_nobody_of_another_partnership_sees_a_meeting(person, client_of, full, otherton):
    stranger = client_of(person("business_manager", partnership=otherton))
    for address in (
        to("gatherings"),
        to("gathering", full),
        to("body", full.body),
        to("gathering_change", full),
    ):
        assert stranger.get(address).status_code == 404
        assert stranger.get(address.replace("testbury", "otherton")).status_code == (
            200 if address == to("gatherings") else 404
        )


def test_signed_out_one_is_asked_to_sign_in_whether_it_exists_or_not(client, full):
    for address in (
        to("gathering", full),
        to("gatherings"),
        to("gathering", full).replace(str(full.pk)[:8], "00000000"),
    ):
        assert client.get(address).headers["Location"].startswith("/sign-in?next=")
