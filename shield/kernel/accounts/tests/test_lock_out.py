"""Wrong passwords lock out step by step: the account that is guessed at, and a machine that tries too many."""

import html
import re
import time

import pytest
from allauth.core import ratelimit
from allauth.core.internal import ratelimit as inner
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.cast import PASSWORD

LOCKED = "Too many attempts with a wrong password"
COUNCIL, ELSEWHERE = "192.0.2.10", "198.51.100.7"


@pytest.fixture
def clock(monkeypatch):
    """The clock of the lock-out, moved by hand."""

    class Clock:
        at = time.time()

        monotonic = staticmethod(time.monotonic)
        sleep = staticmethod(time.sleep)

        def time(self):
            return self.at

        def pass_by(self, seconds):
            self.at += seconds

    moved = Clock()
    monkeypatch.setattr(inner, "time", moved)
    return moved


@pytest.fixture
def people(person):
    """Many people of one council, with passwords."""

    def make(number):
        made = [person("practitioner") for _ in range(number)]
        for each in made:
            each.user.set_password(PASSWORD)
            each.user.save()
        return made

    return make


def attempt(email, password="wrong", address=COUNCIL):
    answer = Client(REMOTE_ADDR=address).post(
        reverse("account_login"), {"login": email, "password": password}
    )
    if answer.status_code == 302:
        return "in"
    text = html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return "locked" if LOCKED in text or answer.status_code == 429 else "wrong"


def test_the_steps_are_those_that_are_promised():
    assert settings.ACCOUNT_RATE_LIMITS == {"login_failed": "5/5m/key,10/h/key,20/d/key,300/h/ip"}
    assert [(r.amount, r.duration, r.per) for r in inner.parse_rates(settings.ACCOUNT_RATE_LIMITS["login_failed"])] == [
        (5, 300, "key"), (10, 3600, "key"), (20, 86400, "key"), (300, 3600, "ip"),
    ]  # fmt: skip


def test_five_wrong_passwords_lock_the_account_for_five_minutes_from_wherever(people, clock):
    [ana] = people(1)
    assert [attempt(ana.user.email) for _ in range(5)] == ["wrong"] * 5
    assert attempt(ana.user.email, PASSWORD) == "locked"
    assert attempt(ana.user.email.upper(), PASSWORD, ELSEWHERE) == "locked", "in whatever case, from wherever"
    clock.pass_by(301)
    assert attempt(ana.user.email, PASSWORD) == "in"


def test_ten_lock_for_an_hour_and_twenty_for_a_day(people, clock):
    [ana] = people(1)
    for _ in range(2):
        for _ in range(5):
            assert attempt(ana.user.email) == "wrong"
        clock.pass_by(301)
    assert attempt(ana.user.email, PASSWORD) == "locked"
    clock.pass_by(3600)
    for _ in range(2):
        for _ in range(5):
            assert attempt(ana.user.email) == "wrong"
        clock.pass_by(301)
    clock.pass_by(3600)
    assert attempt(ana.user.email, PASSWORD) == "locked"
    clock.pass_by(86400)
    assert attempt(ana.user.email, PASSWORD) == "in"


def test_one_locked_account_locks_nobody_else_behind_the_same_address(people, clock):
    ana, bert = people(2)
    for _ in range(6):
        attempt(ana.user.email)
    assert attempt(ana.user.email, PASSWORD) == "locked"
    assert attempt(bert.user.email, PASSWORD) == "in"


def test_a_council_behind_one_address_mistypes_a_good_deal_before_it_is_stopped(people, clock):
    [ana] = people(1)
    for number in range(299):
        ratelimit.consume(_request(), action="login_failed", key=f"somebody{number}@council.example")
    assert attempt(ana.user.email, PASSWORD) == "in"
    assert attempt(ana.user.email, PASSWORD, ELSEWHERE) == "in"


def test_a_machine_that_tries_many_accounts_is_stopped_and_only_that_machine(people, clock):
    [ana] = people(1)
    for number in range(300):
        ratelimit.consume(_request(), action="login_failed", key=f"somebody{number}@council.example")
    assert attempt(ana.user.email, PASSWORD) == "locked"
    assert attempt(ana.user.email, PASSWORD, ELSEWHERE) == "in"
    clock.pass_by(3601)
    assert attempt(ana.user.email, PASSWORD) == "in"


def _request():
    from django.test import RequestFactory

    return RequestFactory().post(reverse("account_login"), REMOTE_ADDR=COUNCIL)
