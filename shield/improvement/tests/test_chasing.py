"""An action is chased, and its owner reminded: once a day by hand, once for each step of its date by itself."""

from datetime import date, timedelta

import pytest

from shield.improvement import doors, queries, services
from shield.improvement.models import Action
from shield.improvement.tests import factories as make
from shield.kernel.access.rules import Forbidden
from shield.kernel.accounts.models import Agency
from shield.kernel.clocks import queries as clocks
from shield.kernel.clocks.models import Reminder
from shield.kernel.history import queries as history
from shield.kernel.notices.models import Message
from shield.kernel.records import queries as records
from shield.kernel.records.rules import Refused
from tests.cast import TODAY, actor_of

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
    assert entry.sentence == "chased “Ask each child”, due 21 October 2019: queued a message for 1 person"
    panel = next(p for p in records.panels(late.ref, by) if p.title == "Reminders of the date")
    assert [item.text for item in panel.items] == [
        "4 November 2019: chased, message queued for 1 person; due on 21 October 2019"
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


def test_whoever_set_a_date_knows_of_the_steps_before(by, agencies, lead):
    soon = TODAY + timedelta(days=2)
    row = make.action(by, due_on=soon, agency=agencies["police"])
    far = make.action(by, due_on=date(2019, 12, 20), agency=agencies["police"])
    services.change_action(
        action=far, changes={"due_on": soon}, owner=services.Owner(agency=agencies["police"]), by=by,
        expected_version=far.version,
    )  # fmt: skip
    assert [services.remind_of_actions(today=TODAY + timedelta(days=n)) for n in range(4)] == [0, 0, 0, 2]
    assert {r.step for r in Reminder.objects.all()} == {"late"}
    assert {r.about_id for r in Reminder.objects.all()} == {row.pk, far.pk}


def test_only_a_change_of_the_date_sets_it_anew(by, agencies, lead, settings):
    row = make.action(by, due_on=date(2019, 12, 20), agency=agencies["police"])
    settings.SHIELD_TODAY = later = TODAY + timedelta(days=6)

    def change(**changes):
        now = Action.objects.get(pk=row.pk)
        services.change_action(
            action=now, changes=changes, owner=services.Owner(agency=agencies["police"]), by=by,
            expected_version=now.version,
        )  # fmt: skip
        return queries.date_set_on(now)

    assert queries.date_set_on(row) == TODAY
    assert change(text="Ask every child") == TODAY
    assert change(due_on=date(2019, 12, 10)) == later


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


# --- Safeguarding partners


def test_a_partner_who_has_it_on_their_work_list_is_chased_and_reminded(by, agencies, person):
    partner = person("safeguarding_partner", agency=agencies["police"], name="Callum Partner")
    person("practitioner", agency=agencies["police"])
    person("safeguarding_partner", agency=agencies["health"])
    row = make.action(by, due_on=DUE, agency=agencies["police"])
    theirs = actor_of(partner, row.partnership)
    assert [item.act for item in doors.work(theirs, TODAY)] == ["Say how far it is"]
    services.chase(action=row, by=by, today=TODAY)
    services.remind_of_actions(today=TODAY)
    assert {message.person_id for message in reminders()} == {partner.pk}
    assert len(reminders()) == 2


def test_a_partner_of_the_council_is_told_of_what_its_services_answer_for(by, agencies, person):
    partner = person("safeguarding_partner", agency=agencies["council"])
    unit = Agency(
        partnership=agencies["council"].partnership, name="Early Help", sector="local_authority", parent=agencies["council"]
    ).store()  # fmt: skip
    row = make.action(by, due_on=DUE, agency=unit)
    assert queries.who_answers(row, TODAY) == [partner]


def test_a_manager_who_works_for_an_agency_is_not_reminded_as_one_of_its_leads(by, agencies, person):
    person("business_manager", agency=agencies["police"])
    row = make.action(by, due_on=DUE, agency=agencies["police"])
    assert queries.who_answers(row, TODAY) == []


def offered(by):
    return {item.id: item.act for item in doors.awaited(by, TODAY)}


def test_what_nobody_can_be_told_of_is_not_offered_to_be_chased(by, agencies, lead, person):
    told = make.action(by, due_on=DUE, agency=agencies["police"])
    named = make.action(by, due_on=DUE, text="By name")
    services.give_owner(record=named, owner=services.Owner(person=lead), by=by)
    gone = person("agency_lead", agency=agencies["charity"])
    left = make.action(by, due_on=DUE, agency=agencies["charity"])
    nobody = make.action(by, due_on=DUE, agency=agencies["health"])
    undated = make.action(by, agency=agencies["police"])
    gone.user.is_active = False
    gone.user.save()
    assert offered(by) == {
        told.pk: "Chase it", named.pk: "Chase it", left.pk: "", nobody.pk: "", undated.pk: ""
    }  # fmt: skip


def test_whom_one_can_chase_costs_the_same_for_one_action_and_for_fifty(by, agencies, lead, count_queries):
    make.action(by, due_on=DUE, agency=agencies["police"])
    with count_queries() as few:
        assert len(offered(by)) == 1
    for _ in range(49):
        make.action(by, due_on=DUE, agency=agencies["police"])
    with count_queries() as many:
        assert set(offered(by).values()) == {"Chase it"}
    assert len(few) == len(many)


# --- Pages


def test_the_page_to_chase_says_what_to_do_where_nobody_can_be_told(client_of, person, by, agencies):
    row = make.action(by, due_on=DUE, agency=agencies["health"])
    manager = client_of(person("business_manager"))
    assert "Chase it" not in manager.get(f"/testbury/actions/{row.pk}").content.decode()
    shown = manager.get(f"/testbury/actions/{row.pk}/chase", follow=True)
    assert shown.redirect_chain == [(f"/testbury/actions/{row.pk}", 302)]
    assert "Nobody who answers for this can sign in here. Ask Testbury Health Board" in shown.content.decode()


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
    assert "message queued for 1 person" in manager.get(f"/testbury/actions/{late.pk}").content.decode()


def _actor(client, row: Action):
    from shield.kernel.accounts import queries
    from shield.kernel.accounts.models import User

    user = User.objects.get(pk=client.session["_auth_user_id"])
    return queries.actor_for(user.person, row.partnership, TODAY)
