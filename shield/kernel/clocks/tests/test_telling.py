"""Who is told of a date, once for each step; what is escalated and answered; how far duties were met in time."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.access.rules import Forbidden
from shield.kernel.accounts.models import Person, User
from shield.kernel.clocks import doors, queries, rules, services
from shield.kernel.clocks.models import Escalation, FurtherReason, Reminder
from shield.kernel.history import queries as history
from shield.kernel.notices import services as notices
from shield.kernel.notices.models import Choice, Message
from shield.kernel.records.rules import Refused, Stale
from tests.cast import TODAY

DUE = date(2019, 11, 29)


@pytest.fixture
def by(actor):
    return actor("business_manager")


@pytest.fixture
def clock(by, partnership, monkeypatch):
    """A duty of thirty days, started on 30 October and due on 29 November."""
    rule = rules.ClockRule(
        "report", "Publish the report", "the year ends", 30, "calendar_days", "The partners", "ch 3"
    )
    known = {"TEST": rules.Edition("TEST", "A test guide", date(2018, 1, 1), None, {"report": rule}, (), ())}
    monkeypatch.setattr(queries, "editions", lambda: known)
    made = services.start(code="report", edition="TEST", about=partnership.ref, on=date(2019, 10, 30), by=by)
    assert made.due_on == DUE
    return made


def messages(template=None):
    rows = Message.objects.all()
    return list(rows.filter(template=template) if template else rows)


# --- When


@pytest.mark.parametrize(
    ("day", "step"),
    [
        (-15, None), (-14, "fortnight"), (-4, "fortnight"), (-3, "three_days"), (0, "three_days"), (1, "late"),
        (6, "late"), (7, "week_late"), (27, "week_late"), (28, "month_late"), (400, "month_late"),
    ],
)  # fmt: skip
def test_the_newest_step_that_has_come_is_told_of(day, step):
    found = rules.step_reached(DUE, DUE - timedelta(days=100), DUE + timedelta(days=day))
    assert (found.code if found else None) == step


def test_whoever_sets_a_date_five_days_ahead_is_not_told_of_it_a_fortnight_before():
    assert rules.step_reached(DUE, DUE - timedelta(days=5), DUE - timedelta(days=5)) is None
    assert rules.step_reached(DUE, DUE - timedelta(days=5), DUE - timedelta(days=3)).code == "three_days"
    assert rules.step_reached(DUE, DUE - timedelta(days=2), DUE) is None


@given(st.integers(-40, 60), st.integers(0, 60))
def test_a_step_never_comes_before_its_day_nor_goes_back(day, later):
    first = rules.step_reached(DUE, date(2019, 1, 1), DUE + timedelta(days=day))
    then = rules.step_reached(DUE, date(2019, 1, 1), DUE + timedelta(days=day + later))
    assert first is None or (first.days <= day and then is not None and then.days >= first.days)


# --- Reminders


def test_each_step_is_told_once_to_those_who_keep_the_dates(by, clock, person, otherton):
    person("learning_manager")
    person("scrutineer")
    person("business_manager", partnership=otherton)
    day = DUE - timedelta(days=14)
    assert services.remind_of_clocks(today=day - timedelta(days=1)) == 0
    assert (services.remind_of_clocks(today=day), services.remind_of_clocks(today=day)) == (1, 0)
    assert [m.template for m in messages()] == ["clock_due"] * 2
    assert Reminder.objects.get().told == 2
    [first, *_] = history.of_record(clock.partnership_id, clock.pk)
    assert first.sentence == "queued a reminder of “Publish the report”, due 29 November 2019, for 2 people"


def test_a_message_carries_the_reference_the_date_and_a_link_and_no_title(clock):
    services.remind_of_clocks(today=DUE)
    [message] = messages()
    assert clock.reference in message.body
    assert "29 November 2019" in message.body
    assert f"http://127.0.0.1:8000/testbury/clocks/{clock.pk}/" in message.body
    assert "Publish" not in message.subject + message.body


def test_a_date_that_is_moved_is_told_of_anew(by, clock):
    services.remind_of_clocks(today=DUE)
    services.extend(clock=clock, extra=5, reason="The partners agreed to it.", by=by, today=DUE)
    assert [services.remind_of_clocks(today=DUE) for _ in range(2)] == [1, 0]
    assert "is due 4 December 2019" in Message.objects.latest("queued_at").body
    assert services.remind_of_clocks(today=DUE + timedelta(days=2)) == 1


@pytest.mark.parametrize("ends", ["met", "stopped", "paused"])
def test_nobody_is_told_of_a_clock_that_does_not_run(by, clock, ends):
    if ends == "met":
        services.meet(clock=clock, on=TODAY, by=by, today=TODAY)
    elif ends == "stopped":
        services.stop(clock=clock, reason="It no longer applies.", by=by)
    else:
        services.pause(clock=clock, reason="The court asked us to.", on=TODAY, by=by, today=TODAY)
    assert services.remind_of_clocks(today=DUE + timedelta(days=30)) == 0
    assert not messages()


def test_where_nobody_can_be_told_nothing_is_kept_and_what_is_late_is_escalated_all_the_same_once(
    clock, by, person, actor
):
    User.objects.filter(person_id=by.person_id).update(is_active=False)
    late = DUE + timedelta(days=1)
    assert services.remind_of_clocks(today=late - timedelta(days=1)) == 0
    assert [services.remind_of_clocks(today=late) for _ in range(2)] == [1, 0]
    assert not Reminder.objects.exists()
    answered = services.answer_escalation(
        escalation=Escalation.objects.get(), answer="The police will answer.", by=actor("safeguarding_partner"), today=late
    )  # fmt: skip
    assert services.remind_of_clocks(today=late) == 0
    person("learning_manager")
    assert services.remind_of_clocks(today=late) == 1, "whoever comes to keep the dates is told then"
    assert list(Escalation.objects.all()) == [answered]
    assert services.remind_of_clocks(today=DUE + timedelta(days=28)) == 1
    assert Escalation.objects.count() == 2


def test_only_messages_that_were_queued_are_counted(clock, by, person, monkeypatch):
    person("learning_manager")
    queue = notices.queue
    monkeypatch.setattr(
        notices, "queue", lambda **given: None if given["person_id"] == by.person_id else queue(**given)
    )
    services.remind_of_clocks(today=DUE)
    assert Reminder.objects.get().told == 1
    assert history.of_record(clock.partnership_id, clock.pk)[0].sentence.endswith("for 1 person")


def test_one_clock_that_fails_keeps_nobody_else_from_being_told(
    clock, by, actor, person, otherton, agencies, monkeypatch, caplog
):
    there = actor("business_manager", partnership=otherton)
    others = [
        services.start(code="report", edition="TEST", about=about, on=date(2019, 10, 30), by=of)
        for about, of in ((agencies["police"].ref, by), (otherton.ref, there))
    ]
    was_told = queries.was_told

    def broken(record_id, *given):
        if record_id == clock.pk:
            raise RuntimeError("Zoë Example, 1 Example Road")
        return was_told(record_id, *given)

    monkeypatch.setattr(queries, "was_told", broken)
    with pytest.raises(services.NotAllReminded, match="1 record") as ended:
        services.remind_of_clocks(today=DUE)
    assert {row.about_id for row in Reminder.objects.all()} == {each.pk for each in others}
    assert isinstance(ended.value.__cause__, RuntimeError)
    assert f"Nobody could be told of {clock.reference} of testbury: RuntimeError." in caplog.text
    assert "Example Road" not in caplog.text


def test_a_partnership_whose_dates_cannot_be_read_keeps_no_other_from_being_told(
    clock, actor, otherton, monkeypatch
):
    there = actor("business_manager", partnership=otherton)
    other = services.start(code="report", edition="TEST", about=otherton.ref, on=date(2019, 10, 30), by=there)
    to_tell_of = queries.to_tell_of

    def broken(by, today):
        if by.partnership_slug == "testbury":
            raise RuntimeError("No such table.")
        return to_tell_of(by, today)

    monkeypatch.setattr(queries, "to_tell_of", broken)
    with pytest.raises(services.NotAllReminded):
        services.remind_of_clocks(today=DUE)
    assert Reminder.objects.get().about_id == other.pk


def test_what_came_while_a_clock_was_marked_by_mistake_is_told_once_it_is_put_right(by, clock):
    services.meet(clock=clock, on=TODAY, by=by, today=TODAY)
    late = DUE + timedelta(days=2)
    assert services.remind_of_clocks(today=late) == 0
    services.put_right(clock=clock, reason="It was marked by mistake.", by=by)
    assert [services.remind_of_clocks(today=late) for _ in range(2)] == [1, 0]
    assert [m.template for m in messages("clock_late")] == ["clock_late"]
    assert Escalation.objects.get().about_id == clock.pk


def test_nothing_leaves_by_mail_before_the_act_is_kept(clock):
    services.remind_of_clocks(today=DUE)
    assert not mail.outbox


# --- Escalation


@pytest.fixture
def partner(person, actor):
    return actor("safeguarding_partner")


def test_a_duty_that_is_late_is_escalated_by_itself_once(by, clock, partner):
    late = DUE + timedelta(days=1)
    services.remind_of_clocks(today=late)
    services.remind_of_clocks(today=DUE + timedelta(days=28))
    [row] = Escalation.objects.all()
    assert (row.raised_by, row.raised_on, row.due_on) == (None, late, DUE)
    assert "29 November 2019" in row.reason
    assert {m.person_id for m in messages("escalated")} == {partner.person_id, by.person_id}
    assert [item.title for item in doors.work(partner, late) if item.sort == "Escalation"] == [
        "Escalated: Publish the report"
    ]


def raised(clock, by):
    return services.escalate(
        about=clock.ref, due_on=clock.due_on, reason="Two agencies have not answered.", by=by, today=TODAY
    )


def test_who_escalates_waits_for_the_answer_and_is_told_of_it(by, clock, partner):
    row = raised(clock, by)
    assert [item.owner for item in doors.awaited(by, TODAY)] == ["Safeguarding partners"]
    assert not [item for item in doors.work(by, TODAY) if item.sort == "Escalation"]
    services.answer_escalation(
        escalation=row,
        answer="The police will answer by Friday.",
        by=partner,
        today=TODAY,
        expected_version=row.version,
    )
    assert not list(doors.awaited(by, TODAY))
    assert [m.person_id for m in messages("escalation_answered")] == [by.person_id]
    titles = [entry.sentence for entry in history.of_record(clock.partnership_id, clock.pk)]
    assert titles[0] == "answered the escalation of “Publish the report”: The police will answer by Friday."


def test_an_escalation_waits_once_is_answered_once_and_needs_words(by, clock, partner):
    row = raised(clock, by)
    with pytest.raises(Refused, match="escalated already"):
        raised(clock, by)
    with pytest.raises(Refused, match="by whom and by when"):
        services.answer_escalation(escalation=row, answer="Yes.", by=partner, today=TODAY)
    services.answer_escalation(escalation=row, answer="The police will answer.", by=partner, today=TODAY)
    for act in (
        lambda: services.answer_escalation(escalation=row, answer="Something else.", by=partner, today=TODAY),
        lambda: services.withdraw_escalation(escalation=row, reason="It was an error.", by=by, today=TODAY),
    ):
        with pytest.raises(Refused, match="answered already"):
            act()
    raised(clock, by)
    assert Escalation.objects.count() == 2


def test_two_partners_who_answer_at_once_do_not_overwrite_each_other(by, clock, partner):
    row = raised(clock, by)
    read = row.version
    services.withdraw_escalation(escalation=row, reason="It was an error.", by=by, today=TODAY)
    with pytest.raises((Stale, Refused)):
        services.answer_escalation(
            escalation=row, answer="The police will answer.", by=partner, today=TODAY, expected_version=read
        )


def test_an_escalation_is_told_at_once_whatever_somebody_chose(by, clock, partner):
    Choice.objects.create(
        person_id=partner.person_id,
        partnership_id=partner.partnership_id,
        template="escalated",
        when="weekly",
    )
    raised(clock, by)
    assert [m.status for m in messages("escalated")] == ["waiting"]
    with pytest.raises(Refused):
        notices.choose(choices={"escalated": "weekly"}, by=partner)


def test_whoever_raised_it_does_not_answer_it_but_may_take_it_back(by, clock, partner):
    row = raised(clock, by)
    with pytest.raises(Forbidden, match="somebody else answers it"):
        services.answer_escalation(escalation=row, answer="I shall see to it.", by=by, today=TODAY)
    services.withdraw_escalation(escalation=row, reason="It was an error.", by=by, today=TODAY)


def test_what_shield_escalated_is_answered_by_anybody_who_answers(by, clock, partner):
    services.remind_of_clocks(today=DUE + timedelta(days=1))
    row = Escalation.objects.get()
    assert row.pk in {item.id for item in doors.work(by, TODAY)} & {
        item.id for item in doors.work(partner, TODAY)
    }
    services.answer_escalation(escalation=row, answer="I shall see to it.", by=by, today=TODAY)


def test_taking_back_stands_in_both_histories_and_is_told_to_those_who_were_asked(by, clock, partner, actor):
    learning = actor("learning_manager")
    row = raised(clock, learning)
    services.withdraw_escalation(escalation=row, reason="It was done after all.", by=by, today=TODAY)
    for record in (clock.pk, row.pk):
        newest = history.of_record(clock.partnership_id, record)[0].sentence
        assert newest == "took back the escalation of “Publish the report”: It was done after all."
    assert {m.person_id for m in messages("escalation_withdrawn")} == {partner.person_id, learning.person_id}


def test_a_further_reason_stands_beside_the_first_until_it_is_answered(by, clock, partner, actor):
    row = raised(clock, by)
    learning = actor("learning_manager")
    given = {"escalation": row, "by": learning, "today": TODAY}
    with pytest.raises(Forbidden):
        services.add_reason(escalation=row, reason="The school waits as well.", by=partner, today=TODAY)
    with pytest.raises(Refused, match="sentence"):
        services.add_reason(reason="No.", **given)
    services.add_reason(reason="The school waits as well.", **given)
    for record in (clock.pk, row.pk):
        newest = history.of_record(clock.partnership_id, record)[0].sentence
        assert newest == "gave a further reason to escalate “Publish the report”: The school waits as well."
    told = doors.subject_access(Person.objects.get(pk=learning.person_id), by)
    assert [each.where for each in told] == ["Clocks: further reason of an escalation"]
    services.answer_escalation(escalation=row, answer="The police will answer.", by=partner, today=TODAY)
    with pytest.raises(Refused, match="answered already"):
        services.add_reason(reason="The school waits as well.", **given)


def test_whoever_raised_it_and_has_left_since_is_not_told(by, clock, partner):
    row = raised(clock, by)
    User.objects.filter(person_id=by.person_id).update(is_active=False)
    services.answer_escalation(escalation=row, answer="The police will answer.", by=partner, today=TODAY)
    assert not messages("escalation_answered")


def test_only_who_runs_the_year_escalates_and_only_what_is_here(by, clock, actor, otherton):
    with pytest.raises(Forbidden):
        raised(clock, actor("scrutineer"))
    with pytest.raises(Forbidden):
        services.answer_escalation(
            escalation=raised(clock, by), answer="We shall see to it.", by=actor("scrutineer"), today=TODAY
        )
    with pytest.raises(Refused, match="no such record"):
        services.escalate(
            about=clock.ref, due_on=None, reason="From next door, wrongly.", by=actor("business_manager", partnership=otherton),
            today=TODAY,
        )  # fmt: skip


# --- In time


def test_compliance_counts_what_is_known_and_the_worst_comes_first():
    rows = rules.kept([("A", True), ("A", True), ("B", False), ("B", True), ("C", False)])
    assert [(row.title, row.rate_words) for row in rows] == [
        ("C", "0 of 1 (0 per cent)"), ("B", "1 of 2 (50 per cent)"), ("A", "2 of 2 (100 per cent)"),
    ]  # fmt: skip
    assert rules.Kept("", 0, 0).rate_words == "None was due"


# --- Pages


@pytest.fixture
def manager(person, client_of):
    return client_of(person("business_manager"))


def test_a_manager_escalates_a_partner_answers_and_everybody_sees_it(manager, clock, person, client_of):
    page = manager.get(f"/testbury/clocks/{clock.pk}/").content.decode()
    address = f"/testbury/clocks/escalations/raise?about={clock.ref.as_text()}"
    assert address in page
    shown = manager.post(address, {"reason": "short", "once": "a"})
    assert "Give the reason in a sentence" in shown.content.decode()
    for _ in range(2):
        sent = manager.post(address, {"reason": "Two agencies have not answered.", "once": "b"})
        assert sent.status_code == 302
    row = Escalation.objects.get()
    own = manager.get(f"/testbury/clocks/escalations/{row.pk}/").content.decode()
    assert "Take it back" in own
    assert "Answer it" not in own
    refused = manager.get(f"/testbury/clocks/escalations/{row.pk}/answer")
    assert refused.status_code == 403
    assert "somebody else answers it" in refused.content.decode()
    partner = client_of(person("safeguarding_partner"))
    assert "Escalated: Publish the report" in partner.get("/testbury/work").content.decode()
    sent = partner.post(
        f"/testbury/clocks/escalations/{row.pk}/answer",
        {"answer": "The police will answer by Friday.", "once": "c", "version": row.version},
    )
    assert sent.status_code == 302
    page = manager.get(f"/testbury/clocks/escalations/{row.pk}/").content.decode()
    assert "The police will answer by Friday." in page
    assert "Answer it" not in page
    assert f"/testbury/clocks/escalations/{row.pk}/answer" not in page
    assert "Answered" in manager.get(f"/testbury/clocks/{clock.pk}/").content.decode()


def test_of_two_who_escalate_together_both_reasons_are_kept(manager, clock, person, client_of):
    address = f"/testbury/clocks/escalations/raise?about={clock.ref.as_text()}"
    other = client_of(person("learning_manager", name="Lou Learning"))
    assert manager.get(address).status_code == other.get(address).status_code == 200
    other.post(address, {"reason": "The school has not answered.", "once": "a"})
    assert (
        "Give the reason in a sentence"
        in manager.post(address, {"reason": "No.", "once": "b"}).content.decode()
    )
    reason = {"reason": "The police have not answered.", "once": "c"}
    page, _ = (manager.post(address, reason, follow=True).content.decode() for _ in range(2))
    assert "Lou Learning escalated this meanwhile. Your reason was added to that escalation." in page
    for words in ("The school has not answered.", "The police have not answered."):
        assert words in page
    assert FurtherReason.objects.count() == 1
    shown = manager.get(address, follow=True)
    assert "before the safeguarding partners already" in shown.content.decode()


def test_what_may_not_be_seen_cannot_be_escalated(manager, clock):
    for about in (f"clocks.clock:{uuid.uuid4()}", "nonsense", "clocks.clock:x", "accounts.user:1"):
        assert manager.get(f"/testbury/clocks/escalations/raise?about={about}").status_code == 404


def test_a_period_that_ends_before_it_begins_is_said(manager, clock):
    asked = "from_day_day=1&from_day_month=5&from_day_year=2019&to_day_day=1&to_day_month=4&to_day_year=2019"
    page = manager.get(f"/testbury/clocks/met-in-time?{asked}").content.decode()
    assert "The last day must not be before the first day" in page


def boxes(page):
    found = dict(re.findall(r'name="((?:from|to)_day_\w+)"[^>]*value="(\d*)"', page))
    return [
        tuple(found.get(f"{end}_day_{part}", "") for part in ("day", "month", "year"))
        for end in ("from", "to")
    ]


@pytest.mark.parametrize(
    ("asked", "first", "last", "caption"),
    [
        ("", ("5", "11", "2018"), ("4", "11", "2019"), "5 November 2018 to 4 November 2019"),
        ("?sort=title", ("5", "11", "2018"), ("4", "11", "2019"), "5 November 2018 to 4 November 2019"),
        ("?to_day=2019-02-28", ("1", "3", "2018"), ("28", "2", "2019"), "1 March 2018 to 28 February 2019"),
        (
            "?from_day=2019-02-01",
            ("1", "2", "2019"),
            ("4", "11", "2019"),
            "1 February 2019 to 4 November 2019",
        ),
        (
            "?from_day=2019-02-31",
            ("31", "2", "2019"),
            ("4", "11", "2019"),
            "5 November 2018 to 4 November 2019",
        ),
    ],
)
def test_the_period_that_is_counted_stands_in_its_boxes_and_is_a_year(
    manager, clock, asked, first, last, caption
):
    page = manager.get(f"/testbury/clocks/met-in-time{asked}").content.decode()
    assert boxes(page) == [first, last]
    assert caption in page
    assert ("31 February 2019 is not a real date" in page) == ("31" in asked)
    assert "must include" not in page
    assert "Counted is each duty that fell due in this period, or was met in it" in page


def test_the_page_of_compliance_names_what_was_late(manager, by, clock):
    services.meet(clock=clock, on=TODAY, by=by, today=TODAY)
    page = manager.get("/testbury/clocks/met-in-time").content.decode()
    assert "1 of 1 (100 per cent)" in page
    assert "Not met in time" not in page
