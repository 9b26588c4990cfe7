"""The weekly summary over what the modules' doors really say, and an hour without a mail server in ordinary work."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from shield.improvement import services as improvement
from shield.kernel.accounts import services as accounts
from shield.kernel.accounts.models import Agency, Partnership, Person
from shield.kernel.notices import services as post
from shield.kernel.notices.models import Message
from shield.kernel.notices.rules import State
from shield.meetings import services as meetings
from tests.cast import TODAY, actor_of, signed_in, system
from tests.postbox import closed_port, mail_server

SEVEN = datetime(2019, 11, 4, 7, 0, tzinfo=UTC)
Make = Callable[..., Person]


def test_what_waits_for_an_agency_lead_is_counted_and_nothing_of_it_is_told(
    person: Make, agencies: dict[str, Agency], partnership: Partnership
) -> None:
    lead = person("agency_lead", agency=agencies["school"])
    by = system(partnership)
    body = meetings.add_body(name="Partnership Board", sort="board", by=by)
    meetings.add_member(body=body, role="member", agency=agencies["school"], by=by)
    owner = improvement.Owner(agency=agencies["school"])
    for due in (TODAY - timedelta(days=1), TODAY + timedelta(days=2), date(2020, 5, 1)):
        improvement.add_action(text="Ask Zoë", owner=owner, due_on=due, by=by)
    gathering = meetings.record_gathering(
        title="Board on neglect", sort="board_meeting", held_on=date(2019, 12, 2), body=body, status="planned", by=by,
        today=TODAY,
    )  # fmt: skip
    meetings.ask_for_paper(gathering=gathering, title="Neglect", agency=agencies["school"], by=by)
    assert accounts.send_summaries(today=TODAY, now=SEVEN) == 1
    message = Message.objects.get(template="weekly_summary")
    assert message.person_id == lead.pk
    for line in (
        "- Late: 1",
        "- Due this week: 1",
        "- Waiting in all: 4",
        "- Action: 3",
        "- Paper to hand in: 1",
    ):
        assert line in message.body, line
    assert not re.search("Zoë|neglect|Board", message.subject + message.body, re.IGNORECASE)


@pytest.fixture
def dead_mail_server(settings: Any) -> int:
    """Mail leaves by SMTP, and nobody listens."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed_port()
    settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 5
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    return int(settings.EMAIL_PORT)


def test_a_partnership_works_on_while_its_mail_server_is_dead_and_every_message_arrives_once(
    person: Make, partnership: Partnership, dead_mail_server: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = person("business_manager", name="Mara Manager")
    by, client = actor_of(manager, partnership), signed_in(manager)
    began = timezone.now()

    def nobody_connects(*_: Any, **__: Any) -> None:
        raise AssertionError("an act of a person spoke to the mail server")

    with monkeypatch.context() as patched:
        patched.setattr(smtplib.SMTP, "connect", nobody_connects)
        people = [person("agency_lead") for _ in range(30)]
        for each in people:
            owner = improvement.Owner(person=each)
            improvement.add_action(text="Ask each child", owner=owner, due_on=date(2020, 5, 1), by=by)
        assert client.get(reverse("home", args=["testbury"])).status_code == 200
    assert Message.objects.filter(status=State.WAITING).count() == 30

    for minute in range(11, 71):
        assert post.send_waiting(now=began + timedelta(minutes=minute)) == 0
    for page in ("home", "emails"):
        said = client.get(reverse(page, args=["testbury"])).content.decode()
        assert "30 messages are waiting: the mail server does not answer since" in said
    with mail_server(dead_mail_server) as box:
        for minute in range(71, 140):
            post.send_waiting(now=began + timedelta(minutes=minute))
    assert box.to == [each.user.email for each in people]
    assert len({letter["Message-ID"] for letter in box.letters}) == 30
    assert "messages are waiting" not in client.get(reverse("home", args=["testbury"])).content.decode()
