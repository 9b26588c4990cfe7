"""E-mail leaves without identities, after the act, as its reader chose, one at a time."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from shield.kernel.access.rules import Forbidden
from shield.kernel.history import queries as history
from shield.kernel.jobs import queries as jobs
from shield.kernel.jobs.tests.test_services import work
from shield.kernel.notices import queries, rules, services, tasks
from shield.kernel.notices.models import Choice, Message, WayOut
from shield.kernel.notices.rules import State, When
from shield.kernel.records.rules import Refused
from tests.cast import actor_of, failing_act


@pytest.fixture
def ana(person):
    return person("agency_lead", name="Ana Lead")


@pytest.fixture
def choose(ana, partnership):
    def put(person=ana, where=partnership, **choices):
        services.choose(choices=choices, by=actor_of(person, where))

    return put


def test_a_message_is_sent_by_the_worker_and_once(queue):
    message = queue()
    assert mail.outbox == []
    work()
    tasks.send(str(message.pk))
    assert [m.to for m in mail.outbox] == [["lead@example.invalid"]]
    assert "Testbury is ready" in mail.outbox[0].body
    message.refresh_from_db()
    assert (message.status, message.attempts, message.problem) == (State.SENT, 1, "")
    assert message.sent_at is not None


def test_an_act_that_fails_sends_nothing(queue):
    with failing_act():
        queue()
    assert not Message.objects.exists()
    assert jobs.waiting() == 0


def test_a_message_to_no_address_is_refused(queue):
    with pytest.raises(ValidationError):
        queue(address="nobody")


def test_a_message_can_be_recognised_by_its_id(queue, send, settings):
    settings.DEFAULT_FROM_EMAIL = "Shield <post@testbury.example>"
    message = queue()
    send()
    assert mail.outbox[0].message()["Message-ID"] == f"<{message.pk}@testbury.example>"


def test_one_worker_at_a_time_has_the_turn_and_a_dead_ones_ends(queue, send):
    queue()
    WayOut.objects.create(name=queries.MAIL, turn_until=timezone.now() + services.TURN)
    assert send() == 0
    assert send(minutes=3) == 1
    assert WayOut.objects.get().turn_until is None


def test_messages_leave_in_the_order_in_which_they_were_queued(queue, send):
    for number in range(5):
        queue(address=f"person{number}@example.invalid")
    assert send() == 5
    assert [m.to[0][6] for m in mail.outbox] == list("01234")


def test_a_fault_nobody_thought_of_keeps_no_other_message_back(queue, send, monkeypatch):
    queue(address="first@example.invalid")
    queue(address="second@example.invalid")
    sent = []

    def odd(letter):
        if letter.to == ["first@example.invalid"] and not sent.count("first"):
            sent.append("first")
            raise RuntimeError("nobody thought of this")
        sent.append(letter.to[0])

    monkeypatch.setattr("django.core.mail.EmailMessage.send", odd)
    assert send() == 1
    first = Message.objects.get(address="first@example.invalid")
    assert (first.status, first.problem) == (State.WAITING, "something went wrong (RuntimeError)")
    assert send(seconds=30) == 0
    assert send(minutes=2) == 1
    assert sent == ["first", "second@example.invalid", "first@example.invalid"]


# --- Several at once


def test_forty_actions_are_one_message_and_a_later_one_is_another(queue, send, ana):
    to_ana = {"template": rules.ACTION_WAITS, "person_id": ana.pk}
    first = queue(**to_ana)
    for _ in range(38):
        assert queue(**to_ana) == first
    queue(**to_ana, count=1)
    assert Message.objects.get().count == 40
    assert send() == 0, "it waits for more"
    assert send(minutes=11) == 1
    assert mail.outbox[0].subject == "40 actions wait for you in Shield"
    assert queue(**to_ana) != first


def test_messages_are_gathered_for_one_person_of_one_partnership_only(queue, ana, person, actor, otherton):
    bert = person("agency_lead")
    elsewhere = actor("business_manager", partnership=otherton)
    kind = {"template": rules.ACTION_WAITS}
    made = {
        queue(**kind, person_id=ana.pk), queue(**kind, person_id=bert.pk), queue(**kind, person_id=ana.pk, by=elsewhere),
        queue(**kind), queue(**kind),
    }  # fmt: skip
    assert len(made) == 5


# --- Each person's choice


def test_a_person_who_wants_none_gets_none_and_nothing_is_kept(queue, ana, choose):
    choose(report_ready=When.NEVER)
    assert queue(person_id=ana.pk) is None
    assert not Message.objects.exists()
    assert jobs.waiting() == 0


def test_a_choice_holds_for_one_partnership_and_one_person(queue, ana, choose, person, actor, otherton):
    choose(report_ready=When.NEVER)
    elsewhere = actor("business_manager", partnership=otherton)
    assert queue(person_id=ana.pk, by=elsewhere)
    assert queue(person_id=person("agency_lead").pk)


def test_what_is_wanted_in_the_summary_is_kept_for_it(queue, send, ana, choose, partnership):
    choose(report_ready=When.WEEKLY)
    message = queue(person_id=ana.pk)
    assert message.status == State.KEPT
    assert send(minutes=60) == 0
    assert queries.kept_for(ana.pk, partnership.pk) == {"A report you asked for is ready": 1}


def test_what_was_kept_leaves_at_once_when_no_summary_is_wanted_any_more(queue, send, ana, choose):
    choose(report_ready=When.WEEKLY)
    queue(person_id=ana.pk)
    choose(report_ready=When.AT_ONCE, weekly_summary=When.NEVER)
    assert send() == 1


def test_a_choice_is_in_the_history_with_what_changed_and_only_then(ana, choose, partnership):
    choose(report_ready=When.NEVER, action_waits=When.AT_ONCE)
    choose(report_ready=When.NEVER)
    told = [e.sentence for e in history.of_record(partnership.pk, ana.pk)]
    chosen = [each for each in told if "which e-mails" in each]
    assert len(chosen) == 1
    assert "A report you asked for is ready: not at all" in chosen[0]
    assert "action" not in chosen[0]
    assert Choice.objects.count() == 2


def test_the_system_has_no_choice_to_make(actor):
    with pytest.raises(Refused):
        services.choose(choices={"report_ready": When.NEVER}, by=actor("system"))


def test_a_message_to_a_person_ends_with_where_to_choose(queue, ana, settings):
    settings.SHIELD_ADDRESS = "https://shield.example.gov.uk/"
    assert "https://shield.example.gov.uk/testbury/my-e-mails" in queue(person_id=ana.pk).body


# --- Sending again


@pytest.fixture
def given_up(queue):
    message = queue()
    message.status, message.attempts, message.problem = State.FAILED, 9, rules.SILENT
    message.save()
    return message


def test_what_was_given_up_is_sent_again_to_the_address_of_today(given_up, by, send):
    services.send_again(message=given_up, address="new@example.invalid", by=by)
    assert send() == 1
    assert mail.outbox[0].to == ["new@example.invalid"]
    assert any("sent the message" in e.sentence for e in history.of_record(by.partnership_id, given_up.pk))


def test_what_is_on_its_way_is_not_sent_again(given_up, by):
    services.send_again(message=given_up, address="new@example.invalid", by=by)
    with pytest.raises(Refused, match="not given up"):
        services.send_again(message=given_up, address="new@example.invalid", by=by)


def test_only_who_may_sends_again_and_only_their_own_partnerships(given_up, actor, otherton):
    with pytest.raises(Forbidden):
        services.send_again(message=given_up, address="a@example.invalid", by=actor("agency_lead"))
    elsewhere = actor("business_manager", partnership=otherton)
    with pytest.raises(Message.DoesNotExist):
        services.send_again(message=given_up, address="a@example.invalid", by=elsewhere)


def test_sending_again_does_not_wait_for_the_hour_to_be_over(given_up, by, send):
    WayOut.objects.create(name=queries.MAIL, failures=9, next_at=timezone.now() + timedelta(hours=1))
    services.send_again(message=given_up, address="new@example.invalid", by=by)
    assert send() == 1


# --- Who sees what


def test_the_outbox_is_the_managers_and_ends_at_the_partnership(queue, by, actor, otherton):
    queue()
    assert queries.outbox(by).count() == 1
    assert queries.outbox(by, people=[uuid.uuid4()]).count() == 0
    assert queries.outbox(by, kind="report_ready", state=State.WAITING).count() == 1
    assert queries.outbox(actor("agency_lead")).count() == 0
    assert queries.outbox(actor("business_manager", partnership=otherton)).count() == 0


def test_a_delay_is_told_to_who_looks_after_it_with_their_own_number(queue, by, actor, otherton):
    assert queries.delay(by) == ""
    queue()
    since = timezone.now()
    WayOut.objects.create(name=queries.MAIL, failures=2, shut_since=since, problem=rules.SILENT)
    assert queries.delay(by).startswith("1 message is waiting: the mail server does not answer since ")
    assert queries.delay(actor("agency_lead")) == ""
    assert queries.delay(actor("business_manager", partnership=otherton)) == "", "nothing of theirs waits"


def test_an_unknown_kind_is_named_all_the_same(queue):
    message = queue()
    message.template = "of_an_earlier_version"
    assert message.template_label == "A message that is no longer sent"
    assert message.heading == str(message) == "A report has been built"
