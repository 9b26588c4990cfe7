"""GOV.UK Notify, spoken to over HTTP by its own client: what it takes, refuses, and says later."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage, send_mail

from shield.kernel.notices import exchange, queries, rules, services
from shield.kernel.notices.models import Message
from shield.kernel.notices.rules import State
from tests.postbox import KEY, closed_port, fault, notify_server

LIMIT = fault(429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds")


@pytest.fixture
def notify(settings):
    """GOV.UK Notify answers, and our key is known to it."""
    settings.EMAIL_BACKEND = "shield.kernel.notices.exchange.NotifyBackend"
    settings.SHIELD_NOTIFY_API_KEY, settings.SHIELD_NOTIFY_TEMPLATE = (
        KEY,
        "f33517ff-2a88-4f6e-b855-c550268ce08a",
    )
    with notify_server() as server:
        settings.SHIELD_NOTIFY_URL = server.url
        yield server


def only():
    return Message.objects.get()


def test_a_message_is_taken_with_its_words_and_its_reference(notify, queue, send, settings):
    settings.SHIELD_NOTIFY_REPLY_TO = "8e222534-7f05-4972-86e3-17c5d9f894e2"
    message = queue()
    assert send() == 1
    [taken] = notify.taken.values()
    assert taken["email_address"] == "lead@example.invalid"
    assert taken["template_id"] == settings.SHIELD_NOTIFY_TEMPLATE
    assert taken["personalisation"] == {"subject": message.subject, "body": message.body}
    assert taken["reference"] == str(message.pk)
    assert taken["email_reply_to_id"] == settings.SHIELD_NOTIFY_REPLY_TO
    assert (only().status, only().notify_id) == (State.SENT, taken["id"])


def test_a_bad_key_gives_up_at_once_and_says_why(notify, queue, send, settings):
    settings.SHIELD_NOTIFY_API_KEY = KEY[:-4] + "0000"
    queue()
    assert send() == 0
    assert (only().status, only().problem) == (State.FAILED, "GOV.UK Notify refuses our key")


def test_a_clock_that_is_wrong_is_no_bad_key(notify, queue, send):
    notify.answers = [
        fault(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")
    ]
    queue()
    send()
    assert (only().status, only().problem) == (State.WAITING, exchange.CLOCK)


def test_what_it_will_never_take_is_given_up_without_the_address(notify, queue, send, caplog):
    notify.answers = [
        fault(400, "BadRequestError", "Can’t send to zoe@example.invalid using a team-only API key")
    ]
    queue()
    queue(address="second@example.invalid")
    assert send() == 1
    first = Message.objects.get(address="lead@example.invalid")
    assert first.status == State.FAILED
    assert "team-only API key" in first.problem
    assert "@" not in first.problem + caplog.text


def test_a_limit_delays_everything_and_is_caught_up_with(notify, queue, send, by):
    notify.answers = [LIMIT]
    queue()
    queue(address="second@example.invalid")
    assert send() == 0
    assert "a limit is reached" in queries.delay(by)
    assert send(seconds=30) == 0
    assert len(notify.asked) == 1
    assert send(minutes=2) == 2
    assert [each["email_address"] for each in notify.taken.values()] == [
        "lead@example.invalid",
        "second@example.invalid",
    ]


@pytest.mark.parametrize("down", ["closed", "fault", "nonsense"])
def test_a_service_that_is_down_delays_and_says_so(down, notify, queue, send, settings):
    if down == "closed":
        settings.SHIELD_NOTIFY_URL = f"http://127.0.0.1:{closed_port()}"
    notify.answers = [
        (500, {"result": "error", "message": "Internal server error"}) if down == "fault" else (502, [])
    ]
    queue()
    assert send() == 0
    assert (only().status, only().problem) == (State.WAITING, exchange.SILENT)
    settings.SHIELD_NOTIFY_URL = notify.url
    notify.answers = []
    assert send(minutes=2) == 1


def test_what_was_taken_and_not_noted_is_not_sent_twice(notify, queue, send):
    message = queue()
    send()
    Message.objects.update(
        status=State.WAITING, notify_id=""
    )  # as a worker leaves it that died before noting
    assert send() == 1
    assert len(notify.taken) == 1
    message.refresh_from_db()
    assert message.notify_id in notify.taken


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("created", State.SENT),
        ("sending", State.SENT),
        ("delivered", State.DELIVERED),
        ("permanent-failure", State.BOUNCED),
        ("temporary-failure", State.BOUNCED),
        ("technical-failure", State.BOUNCED),
        ("of a later version", State.SENT),
    ],
)
def test_what_became_of_it_is_asked_back(said, state, notify, queue, send, began):
    queue()
    send()
    notify.taken[only().notify_id]["status"] = said
    assert services.ask_back(now=began) == (state != State.SENT)
    assert only().status == state
    assert bool(only().problem) == (state == State.BOUNCED)
    asked = len(notify.asked)
    services.ask_back(now=began)
    assert (len(notify.asked) == asked) == (state != State.SENT), (
        "what has come to an end is asked about no more"
    )


def test_what_bounced_is_sent_again_as_another_message(notify, queue, send, by, began):
    message = queue()
    send()
    notify.taken[only().notify_id]["status"] = "permanent-failure"
    services.ask_back(now=began)
    services.send_again(message=message, address="new@example.invalid", by=by)
    assert send() == 1
    assert [each["email_address"] for each in notify.taken.values()] == [
        "lead@example.invalid",
        "new@example.invalid",
    ]


def test_a_message_it_knows_no_more_stays_as_it_was_and_old_ones_are_not_asked_about(
    notify, queue, send, began
):
    queue()
    send()
    notify.taken.clear()
    assert services.ask_back(now=began) == 0
    assert only().status == State.SENT
    asked = len(notify.asked)
    services.ask_back(now=began + rules.GIVE_UP_AFTER + rules.ASKED_FOR + timedelta(minutes=1))
    assert len(notify.asked) == asked


def test_a_service_that_is_down_is_asked_once_and_again_later(notify, queue, send, began):
    queue()
    queue(address="second@example.invalid")
    send()
    notify.answers = [LIMIT]
    asked = len(notify.asked)
    assert services.ask_back(now=began) == 0
    assert len(notify.asked) == asked + 1


def test_by_smtp_nothing_is_asked_back(queue, send, began):
    queue()
    send()
    assert services.ask_back(now=began) == 0
    assert only().asked_at is None


def test_other_mail_of_the_site_leaves_the_same_way(notify):
    assert send_mail("Shield: password", "Open this link.", None, ["ana@example.invalid"]) == 1
    services.send_unkept(
        template=rules.INVITED, address="new@example.invalid",
        fields={"partnership": "Testbury", "due": "1 May 2019", "link": "https://x"},
    )  # fmt: skip
    assert {each["email_address"] for each in notify.taken.values()} == {
        "ana@example.invalid",
        "new@example.invalid",
    }
    assert all("reference" not in each for each in notify.taken.values())


def test_a_fault_reaches_whoever_sends_without_an_outbox(notify):
    notify.answers = [LIMIT]
    with pytest.raises(rules.Delayed):
        EmailMessage("Shield", "Words", to=["ana@example.invalid"]).send()
