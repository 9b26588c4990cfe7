"""Agencies are told of what is asked of them and reminded of its day; no message says more than a reference."""

from datetime import date, timedelta

import pytest

from shield.domain.audits import services
from shield.domain.audits.models import AgencyPart
from shield.domain.audits.tests import factories as make
from shield.kernel.accounts.models import AgencyMembership, Person
from shield.kernel.notices.models import Message
from tests.cast import SINCE, TODAY

DUE = date(2019, 11, 15)  # a Friday
TITLE = "Jo Bell and the missing meeting"


@pytest.fixture
def lead(person, agencies):
    return person("agency_lead", agency=agencies["police"], name="Lena Lead")


@pytest.fixture
def join():
    """`join(person, agency)` lets somebody work for one agency more."""

    def work_for(person, agency):
        AgencyMembership(
            partnership_id=agency.partnership_id, person=person, agency=agency, starts_on=SINCE
        ).store()

    return work_for


@pytest.fixture
def asked(by, agencies, lead, person):
    person("practitioner", agency=agencies["police"])
    person("agency_lead", agency=agencies["school"])
    return make.begun(by, [agencies["police"], agencies["health"]], numbers=(1, 2, 3), title=TITLE)


def told(template):
    return list(Message.objects.filter(template=template))


def test_whoever_may_answer_is_told_once_of_all_parts_without_a_title(asked, lead):
    [message] = told("audit_asked")
    assert message.person_id == lead.pk
    assert asked.reference in message.body
    assert "15 November 2019" in message.body
    assert str(asked.pk) in message.body
    for hidden in ("Jo Bell", "Child 1", "LCS", "Police"):
        assert hidden not in message.subject + message.body


def test_whoever_works_for_two_of_the_agencies_gets_one_message_and_who_asks_gets_none(
    by, agencies, lead, join
):
    join(lead, agencies["health"])
    join(Person.objects.get(pk=by.person_id), agencies["police"])
    make.begun(by, [agencies["police"], agencies["health"]])
    assert [message.person_id for message in told("audit_asked")] == [lead.pk]


def test_parts_that_come_back_together_are_one_message(asked, by, agencies, officer, lead):
    for part in AgencyPart.objects.filter(record__audit=asked, agency=agencies["police"])[:2]:
        part = make.submit(part, officer, TODAY)
        services.ask_for_changes(
            part=part, reason="Say what Jo Bell said", by=by, expected_version=part.version
        )
    [message] = [each for each in told("audit_changes") if each.person_id == lead.pk]
    assert message.count == 2
    assert "2 of your agency's parts" in message.body
    assert "Jo Bell" not in message.body


def test_each_is_reminded_once_some_working_days_before_and_once_when_late(asked, lead):
    days = [TODAY, DUE - timedelta(days=3), DUE, DUE + timedelta(days=1), DUE + timedelta(days=30)]
    counts = [[services.remind_of_answers(today=day) for _ in range(2)] for day in days]
    assert counts == [[0, 0], [1, 0], [0, 0], [1, 0], [0, 0]]
    assert [m.person_id for m in told("clock_due")] == [lead.pk]
    [late] = told("clock_late")
    assert asked.reference in late.body
    assert "Jo Bell" not in late.body


def test_an_agency_that_has_answered_is_not_reminded(asked, agencies, officer, lead):
    for part in AgencyPart.objects.filter(record__audit=asked, agency=agencies["police"]):
        make.submit(part, officer, TODAY)
    assert services.remind_of_answers(today=DUE + timedelta(days=1)) == 0


def test_a_date_that_is_put_off_is_reminded_of_anew(asked, by, lead):
    assert services.remind_of_answers(today=DUE) == 1
    asked.refresh_from_db()
    services.change_audit(
        audit=asked, changes={"answers_due_on": DUE + timedelta(days=14)}, led_by=[], by=by, today=TODAY,
        expected_version=asked.version,
    )  # fmt: skip
    assert services.remind_of_answers(today=DUE + timedelta(days=1)) == 0
    assert services.remind_of_answers(today=DUE + timedelta(days=11)) == 1


def test_answers_due_the_day_after_tomorrow_are_not_reminded_of_at_once(by, agencies, lead):
    soon = make.chosen(by)
    services.begin_auditing(
        audit=soon, tool=make.tool(by), agencies=[agencies["police"]], due_on=TODAY + timedelta(days=2), by=by, today=TODAY,
        expected_version=soon.version,
    )  # fmt: skip
    assert [services.remind_of_answers(today=TODAY + timedelta(days=n)) for n in range(4)] == [0, 0, 0, 1]


def test_no_audit_that_was_stopped_is_reminded_of(asked, by, lead):
    services.stop_audit(
        audit=asked, reason="The frame was wrong", by=by, today=TODAY, expected_version=asked.version
    )
    assert services.remind_of_answers(today=DUE + timedelta(days=1)) == 0
