"""The Learning Circle: members by the name they choose, and a poster for everybody."""

import json
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from shield.domain.voice import exchange, queries, services
from shield.domain.voice.models import CircleMember
from shield.domain.voice.tests import factories
from shield.improvement.tests.pages import day, send, text_of, to
from shield.kernel.history.models import Event
from shield.kernel.records.rules import Refused
from shield.meetings import services as meetings
from tests.cast import TODAY


@pytest.fixture
def circle(actor):
    by = actor("business_manager")
    return meetings.add_body(name="Children and Family Learning Circle", sort="forum", by=by)


def test_a_member_joins_and_leaves_and_how_they_are_reached_is_wiped(manager, circle):
    given = {"body": str(circle.pk), "chosen_name": "Kit", "contact": "01632 960001"}
    send(manager, to("circle_join"), **given, **day("joined_on", TODAY))
    made = CircleMember.objects.get()
    assert "01632 960001" in text_of(manager.get(to("circle_member", made)))
    assert "Kit" in text_of(manager.get(to("circle")))
    send(manager, to("circle_leave", made), **day("left_on", TODAY))
    assert "01632" not in text_of(manager.get(to("circle_member", made)))
    assert CircleMember.objects.get().sealed_contact == ""


def test_neither_database_nor_history_tells_how_a_member_is_reached(by, circle):
    made = services.join_circle(
        body=circle, chosen_name="Kit", contact="01632 960001", joined_on=TODAY, by=by, today=TODAY
    )
    assert "01632" not in json.dumps(list(CircleMember.objects.values()), default=str)
    told = " ".join(f"{e.record_title} {e.details}" for e in Event.objects.all())
    assert "Kit" not in told
    with pytest.raises(Refused, match="between the day they joined"):
        services.leave_circle(member=made, left_on=date(2019, 11, 1), by=by, today=TODAY)


def test_members_are_for_those_who_run_the_circle(scrutineer, by, circle):
    made = services.join_circle(body=circle, chosen_name="Kit", joined_on=TODAY, by=by, today=TODAY)
    assert scrutineer.get(to("circle")).status_code == 403
    assert scrutineer.get(to("circle_member", made)).status_code == 404


def test_the_poster_is_one_page_however_much_was_said(client, by, activity, partnership):
    assert client.get(to("you_said_poster")).status_code == 404
    for number in range(12):
        factories.answered(
            by, activity, text=f"Point {number} " + "which is rather long " * 4, published=True
        )
    factories.quotation(by, activity, words="Hub words only", scope="hub")
    answer = client.get(to("you_said_poster"))
    assert answer.content.startswith(b"%PDF-")
    assert len(PdfReader(BytesIO(answer.content)).pages) == 1
    groups = queries.by_group(queries.published(partnership.pk))
    document = exchange.poster(
        partnership, groups, list(queries.quotable(partnership.pk)), address="https://shield.example/you-said"
    )
    assert "Hub words" not in repr(document)


def test_a_poster_holds_what_a_page_has_room_for_and_something_of_everybody(client, by, activity):
    factories.answered(by, activity, text="Too long for a poster. " * 80, published=True)
    for number in range(9):
        factories.answered(by, activity, text=f"Parents said {number}", published=True)
    factories.answered(by, activity, text="Children said this", group="children", published=True)
    factories.quotation(by, activity, words="Listen " * 25, scope="published")
    pages = PdfReader(BytesIO(client.get(to("you_said_poster")).content)).pages
    assert len(pages) == 1
    text = " ".join(pages[0].extract_text().split())
    for words in ("Children said this", "Parents said 0", "Parents said 2", "Listen Listen", "you-said"):
        assert words in text
    assert "Too long for" not in text
