"""A mail server that is really spoken to: down for an hour, refusing some, breaking off, a worker that dies."""

import smtplib

import pytest

from shield.kernel.notices import queries, rules, services
from shield.kernel.notices.models import Message, WayOut
from shield.kernel.notices.rules import State
from tests.postbox import closed_port, mail_server


@pytest.fixture
def port(settings):
    """Mail leaves by SMTP to a port on which nobody listens yet."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed_port()
    settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 5
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    return settings.EMAIL_PORT


@pytest.fixture
def tried(monkeypatch):
    """How often a connection was asked for."""
    asked = []
    connect = smtplib.SMTP.connect

    def counted(self, *where, **more):
        asked.append(where)
        return connect(self, *where, **more)

    monkeypatch.setattr(smtplib.SMTP, "connect", counted)
    return asked


def test_a_mail_server_that_is_down_for_an_hour_loses_nothing_and_repeats_nothing(
    port, tried, queue, send, by
):
    sent_to = [f"person{number:02}@example.invalid" for number in range(30)]
    for address in sent_to:
        queue(address=address)
    assert tried == [], "queueing opens no connection"
    for minute in range(60):
        assert send(minutes=minute) == 0
    assert len(tried) == 4, "tried at once and after 1, 6 and 21 minutes, all thirty together"
    assert queries.delay(by).startswith("30 messages are waiting: the mail server does not answer since ")
    with mail_server(port) as box:
        for minute in range(60, 120):
            send(minutes=minute)
    assert box.to == sent_to
    assert len({letter["Message-ID"] for letter in box.letters}) == 30
    assert box.connections == 1
    assert set(Message.objects.values_list("status", flat=True)) == {State.SENT}
    assert queries.delay(by) == ""
    assert WayOut.objects.get().failures == 0


def test_after_four_days_what_waits_is_given_up_with_the_reason(port, queue, send):
    message = queue()
    send()
    send(hours=95)
    message.refresh_from_db()
    assert (message.status, message.problem) == (State.WAITING, rules.SILENT)
    send(hours=97)
    message.refresh_from_db()
    assert (message.status, message.problem) == (State.FAILED, rules.SILENT)


def test_an_address_that_is_refused_for_good_is_given_up_and_keeps_no_other_back(port, queue, send):
    with mail_server(port) as box:
        box.refuses = {"gone@example.invalid": 550, "full@example.invalid": 452}
        for name in ("gone", "full", "well"):
            queue(address=f"{name}@example.invalid")
        assert send() == 1
        stands = dict(Message.objects.values_list("address", "status"))
        assert stands == {
            "gone@example.invalid": State.FAILED, "full@example.invalid": State.WAITING, "well@example.invalid": State.SENT,
        }  # fmt: skip
        box.refuses = {}
        assert send(seconds=30) == 0
        assert send(minutes=2) == 1
    assert box.to == ["well@example.invalid", "full@example.invalid"]
    gone = Message.objects.get(address="gone@example.invalid")
    assert gone.problem == "the mail server does not take mail for this address (550)"


def test_one_address_that_stays_full_for_four_days_is_given_up(port, queue, send):
    with mail_server(port) as box:
        box.refuses = {"full@example.invalid": 452}
        message = queue(address="full@example.invalid")
        send()
        send(hours=97)
    message.refresh_from_db()
    assert message.status == State.FAILED


class Killed(BaseException):
    """The worker is ended on the spot."""


def test_a_worker_that_dies_between_sending_and_noting_sends_again_under_the_same_id(
    port, queue, send, monkeypatch
):
    message = queue()
    queue(address="next@example.invalid")

    def die(*_):
        raise Killed

    with mail_server(port) as box:
        with monkeypatch.context() as patched:
            patched.setattr(services, "_note", die)
            with pytest.raises(Killed):
                send()
        WayOut.objects.update(turn_until=message.give_up_at)  # who is killed gives no turn back
        assert send() == 0
        WayOut.objects.update(turn_until=None)  # in two minutes it has run out (test_outbox)
        assert send() == 2
    ids = [letter["Message-ID"] for letter in box.letters]
    assert ids[0] == ids[1] != ids[2]
    assert box.to == ["lead@example.invalid", "lead@example.invalid", "next@example.invalid"]
    message.refresh_from_db()
    assert (message.status, message.attempts) == (State.SENT, 2)


def test_a_message_over_which_the_server_breaks_off_does_not_keep_the_others_back(port, queue, send):
    first = queue(address="first@example.invalid")
    with mail_server(port) as box:
        box.breaks_off = True
        for hour in range(services.BROKEN_OFF):
            send(hours=hour)
        first.refresh_from_db()
        assert (first.attempts, first.problem) == (3, rules.SILENT)
        send(hours=4)
        first.refresh_from_db()
        assert (first.status, first.problem) == (State.WAITING, rules.BROKEN_OFF)
        assert WayOut.objects.get().failures == 0
