"""Whoever is asked for a paper is told, and reminded of its day; no message says more than a reference."""

from datetime import timedelta

import pytest

from shield.kernel.accounts.models import Person
from shield.kernel.calendar import queries as calendar
from shield.kernel.clocks.models import Reminder
from shield.kernel.notices.models import Message
from shield.meetings import services
from shield.meetings.tests.factories import board, meeting
from tests.cast import TODAY

DUE = TODAY + timedelta(days=10)


@pytest.fixture
def planned(by):
    return meeting(by, board(by), on=TODAY + timedelta(days=14), status="planned")


@pytest.fixture
def lead(person, agencies):
    return person("agency_lead", agency=agencies["school"], name="Lena Lead")


@pytest.fixture
def paper(planned, lead, agencies, by):
    return services.ask_for_paper(
        gathering=planned, title="Jo Bell's report", agency=agencies["school"], due_on=DUE, by=by
    )


def told(template):
    return [(m.person_id, m.body) for m in Message.objects.filter(template=template)]


def test_the_leads_of_the_agency_are_told_without_a_title(paper, lead):
    [(person_id, body)] = told("paper_asked")
    assert person_id == lead.pk
    assert paper.reference in body
    assert "14 November 2019" in body
    assert "Jo Bell" not in body


def test_the_person_it_is_asked_of_is_told_alone_and_nobody_of_what_they_asked_themselves(
    planned, lead, by, person
):
    writer = person("scrutineer", name="Wim Writer")
    services.ask_for_paper(gathering=planned, title="A", person=writer, by=by)
    manager = Person.objects.get(pk=by.person_id)
    services.ask_for_paper(gathering=planned, title="B", person=manager, by=by)
    assert [person_id for person_id, _ in told("paper_asked")] == [writer.pk]


def test_each_step_of_a_day_is_told_once_until_it_is_handed_in(paper, by):
    days = [DUE - timedelta(days=3), DUE, DUE + timedelta(days=1), DUE + timedelta(days=2)]
    counts = [[services.remind_of_papers(today=day) for _ in range(2)] for day in (TODAY, *days)]
    assert counts[0] == [0, 0]
    assert all(again == 0 for _, again in counts)
    assert sum(first for first, _ in counts) == Reminder.objects.filter(about_id=paper.pk).count() >= 2
    services.hand_in(paper=paper, name="a.txt", content=b"Words", by=by, now=calendar.now())
    before = Reminder.objects.count()
    assert services.remind_of_papers(today=DUE + timedelta(days=4)) == 0
    assert Reminder.objects.count() == before


def test_a_paper_asked_for_by_the_day_after_tomorrow_is_not_reminded_of_at_once(planned, lead, agencies, by):
    soon = TODAY + timedelta(days=2)
    services.ask_for_paper(gathering=planned, title="A", agency=agencies["school"], due_on=soon, by=by)
    assert [services.remind_of_papers(today=TODAY + timedelta(days=n)) for n in range(4)] == [0, 0, 0, 1]


def test_no_paper_of_a_meeting_that_is_over_or_withdrawn_is_reminded_of(paper, planned, by):
    assert services.remind_of_papers(today=planned.held_on + timedelta(days=1)) == 0
    services.withdraw_paper(paper=paper, by=by)
    assert services.remind_of_papers(today=DUE) == 0


def test_a_paper_asked_of_the_police_is_told_to_its_safeguarding_partner(planned, by, person, agencies):
    partner = person("safeguarding_partner", agency=agencies["police"])
    person("practitioner", agency=agencies["police"])
    services.ask_for_paper(gathering=planned, title="Report", agency=agencies["police"], by=by)
    assert [person_id for person_id, _ in told("paper_asked")] == [partner.pk]
