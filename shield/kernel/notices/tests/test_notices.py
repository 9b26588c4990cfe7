"""E-mail leaves without identities, after the act, and catches up when the mail server was down."""

import smtplib
import uuid

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend

from shield.kernel.jobs import queries as jobs
from shield.kernel.jobs.tests.test_services import NOW, work
from shield.kernel.notices import rules, services
from shield.kernel.notices.models import Message
from tests.cast import failing_act

FIELDS = {
    "reference": "ACT-0007",
    "due": "29 July 2019",
    "link": "https://shield.example.invalid/x",
    "partnership": "Testbury",
}


@pytest.fixture
def queue(actor):
    by = actor("business_manager")

    def put(template=rules.ACTION_WAITS, address="lead@example.invalid", fields=FIELDS):
        return services.queue(template=template, address=address, person_id=None, fields=fields, by=by)

    return put


class Down(EmailBackend):
    """A mail server that does not answer."""

    open_again = False

    def send_messages(self, messages):
        if not Down.open_again:
            raise smtplib.SMTPConnectError(421, "try later")
        return super().send_messages(messages)


@pytest.fixture
def mail_server(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    monkeypatch.setattr(Down, "open_again", False)
    return Down


@pytest.mark.parametrize("name", ["name", "child", "title", "person"])
def test_a_message_carries_no_name_of_anybody(name):
    with pytest.raises(rules.Unsafe, match=name):
        rules.fill(rules.ACTION_WAITS, {**FIELDS, name: "Zoë"})


def test_no_template_asks_for_more_than_is_allowed():
    for template in rules.TEMPLATES.values():
        subject, body = rules.fill(template, dict.fromkeys(rules.FIELDS, "x"))
        assert "{" not in subject + body
        assert "\n" not in subject


def test_line_ends_in_a_field_do_not_reach_the_message():
    _, body = rules.fill(rules.REPORT_READY, {**FIELDS, "partnership": "A\r\nBcc: everybody@example.invalid"})
    assert "\r" not in body
    assert "A Bcc:" in body


def test_a_message_is_sent_by_the_worker_and_once(queue):
    message = queue()
    assert mail.outbox == []
    work()
    assert services.send(message_id=message.pk) is False
    assert [m.to for m in mail.outbox] == [["lead@example.invalid"]]
    assert "ACT-0007" in mail.outbox[0].body
    message.refresh_from_db()
    assert (message.status, message.attempts, message.problem) == ("sent", 1, "")
    assert message.sent_at is not None


def test_an_act_that_fails_sends_nothing(queue):
    with failing_act():
        queue()
    assert not Message.objects.exists()
    assert jobs.waiting() == 0


def test_a_message_to_no_address_is_refused(queue):
    with pytest.raises(ValidationError):
        queue(address="nobody")


def test_a_mail_server_that_is_down_delays_the_message_and_the_retry_sends_it(queue, mail_server):
    message = queue()
    work()
    message.refresh_from_db()
    assert (message.status, message.attempts, message.problem) == ("waiting", 1, "SMTPConnectError")
    assert jobs.waiting() == 1
    mail_server.open_again = True
    make_ready()
    work()
    message.refresh_from_db()
    assert message.status == "sent"
    assert len(mail.outbox) == 1


def make_ready():
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.update(run_after=NOW)


def test_a_mail_server_that_is_down_for_hours_is_caught_up_with(queue, mail_server):
    message = queue()
    for _ in range(7):
        make_ready()
        work()
    message.refresh_from_db()
    assert (message.status, message.attempts, jobs.waiting()) == ("waiting", 5, 0)
    mail_server.open_again = True
    assert services.send_delayed() == 1
    work()
    message.refresh_from_db()
    assert message.status == "sent"
    assert services.send_delayed() == 0


def test_after_about_four_days_a_message_is_given_up_with_the_reason(queue, mail_server):
    message = queue()
    Message.objects.filter(pk=message.pk).update(attempts=services.GIVE_UP_AFTER - 1)
    assert services.send(message_id=message.pk) is False
    message.refresh_from_db()
    assert (message.status, message.problem) == ("failed", "SMTPConnectError")


def test_the_problem_kept_names_no_address(queue, mail_server):
    message = queue()
    with pytest.raises(smtplib.SMTPConnectError):
        services.send(message_id=message.pk)
    message.refresh_from_db()
    assert "@" not in message.problem


def test_an_unknown_message_is_an_error(db):
    with pytest.raises(Message.DoesNotExist):
        services.send(message_id=uuid.uuid4())
