"""An action is chased, and its owner reminded: once a day by hand, once for each step of its date by itself."""

from datetime import date, timedelta

import pytest

from shield.improvement import doors, services
from shield.improvement.models import Action
from shield.improvement.tests import factories as make
from shield.kernel.access.rules import Forbidden
from shield.kernel.clocks import queries as clocks
from shield.kernel.clocks.models import Reminder
from shield.kernel.history import queries as history
from shield.kernel.notices.models import Message
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Refused
from tests.cast import TODAY

DUE = date(2019, 10, 21)


@pytest.fixture
def by(actor):
    return actor("business_manager")


@pytest.fixture
def lead(person, agencies):
    return person("agency_lead", agency=agencies["police"], name="Ana Lead")


@pytest.fixture
def late(by, agencies, lead):
    return make.action(by, text="Ask each child", due_on=DUE, agency=agencies["police"])


def reminders():
    return list(Message.objects.filter(template__in=["clock_due", "clock_late"]))


def test_chasing_reminds_who_answers_and_the_record_keeps_it(by, late, lead, actor, agencies):
    services.chase(action=late, by=by, today=TODAY)
    [message] = reminders()
    assert (message.person_id, message.template) == (lead.pk, "clock_late")
    assert late.reference in message.body
    assert "child" not in message.subject + message.body
    [entry, *_] = history.of_record(by.partnership_id, late.pk)
    assert entry.sentence == "told 1 person of “Ask each child”, due 21 October 2019"
    panel = next(p for p in records.panels(late.ref, by) if p.title == "Told of the date")
    assert [item.text for item in panel.items] == [
        "4 November 2019: 1 person was told that it was due on 21 October 2019"
    ]


def test_an_action_is_chased_once_a_day(by, late):
    services.chase(action=late, by=by, today=TODAY)
    with pytest.raises(Refused, match="chased today already"):
        services.chase(action=late, by=by, today=TODAY)
    services.chase(action=late, by=by, today=TODAY + timedelta(days=1))
    assert len(reminders()) == 2


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"due_on": None}, "has no date"),
        ({"status": "done", "done_on": TODAY}, "not open any more"),
        ({"agency": None}, "Nobody answers"),
    ],
)
def test_what_cannot_be_chased_says_why(by, agencies, values, why):
    row = make.action(by, **{"due_on": DUE, "agency": agencies["police"], **values})
    with pytest.raises(Refused, match=why):
        services.chase(action=row, by=by, today=TODAY)
    assert not Reminder.objects.exists()


def test_where_nobody_can_sign_in_somebody_must_ring(by, agencies):
    row = make.action(by, due_on=DUE, agency=agencies["health"])
    with pytest.raises(
        Refused, match=r"Nobody who answers for this can sign in here\. Ask Testbury Health Board"
    ):
        services.chase(action=row, by=by, today=TODAY)


def test_only_who_names_owners_chases(late, actor, agencies):
    for role in ("scrutineer", "safeguarding_partner", "agency_lead"):
        with pytest.raises(Forbidden):
            services.chase(action=late, by=actor(role, agency=agencies["police"]), today=TODAY)


def test_the_owner_is_reminded_once_for_each_step(by, agencies, lead):
    row = make.action(by, due_on=date(2019, 12, 20), agency=agencies["police"])
    steps = []
    for day in range(60):
        if services.remind_of_actions(today=TODAY + timedelta(days=day)):
            steps.append(TODAY + timedelta(days=day))
    assert steps == [date(2019, 12, 17), date(2019, 12, 21), date(2019, 12, 27)]
    assert [r.step for r in Reminder.objects.filter(about_id=row.pk).order_by("on")] == [
        "three_days", "late", "week_late",
    ]  # fmt: skip


def test_an_action_that_is_late_already_is_told_of_once_and_never_by_a_step_that_was_missed(by, late):
    later = DUE + timedelta(days=40)
    assert [services.remind_of_actions(today=later) for _ in range(2)] == [1, 0]
    assert Reminder.objects.get().step == "month_late"


def test_an_action_of_a_month_is_late_after_its_last_day(by, agencies, lead):
    make.action(by, due_on=date(2019, 11, 1), precision="month", agency=agencies["police"])
    assert services.remind_of_actions(today=date(2019, 11, 20)) == 0
    assert services.remind_of_actions(today=date(2019, 11, 27)) == 1
    assert reminders()[0].template == "clock_due"
    assert "30 November 2019" in reminders()[0].body


def test_nobody_is_reminded_of_what_is_done_or_has_no_owner(by, agencies, lead):
    make.action(by, due_on=DUE, status="done", done_on=TODAY, agency=agencies["police"])
    make.action(by, due_on=DUE, agency=None)
    make.action(by, due_on=DUE, agency=agencies["health"])
    assert services.remind_of_actions(today=TODAY) == 0
    assert not Reminder.objects.exists()


def test_what_is_due_in_a_month_is_escalated_with_its_last_day(by, agencies):
    row = make.action(by, due_on=date(2019, 10, 1), precision="month", agency=agencies["police"])
    assert clocks.due_of(row.ref, by) == date(2019, 10, 31)


# --- Pages


def test_a_manager_chases_and_escalates_from_the_action_and_from_what_they_wait_for(client_of, person, late):
    manager = client_of(person("business_manager"))
    assert [item.act for item in doors.awaited(_actor(manager, late), TODAY)] == ["Chase it"]
    page = manager.get(f"/testbury/actions/{late.pk}").content.decode()
    assert f"/testbury/actions/{late.pk}/chase" in page
    assert f"/testbury/clocks/escalations/raise?about=improvement.action%3A{late.pk}" in page
    asked = manager.get(f"/testbury/actions/{late.pk}/chase").content.decode()
    assert "Reminded by e-mail: Ana Lead." in asked
    for _ in range(2):
        assert manager.post(f"/testbury/actions/{late.pk}/chase", {"once": "k1"}).status_code == 302
    assert len(reminders()) == 1
    again = manager.post(f"/testbury/actions/{late.pk}/chase", {"once": "k2"})
    assert "chased today already" in again.content.decode()
    assert "1 person was told" in manager.get(f"/testbury/actions/{late.pk}").content.decode()


def _actor(client, row: Action):
    from shield.kernel.accounts import queries
    from shield.kernel.accounts.models import User

    user = User.objects.get(pk=client.session["_auth_user_id"])
    return queries.actor_for(user.person, row.partnership, TODAY)
