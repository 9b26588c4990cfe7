"""What may leave by e-mail, when it is tried again, and what a fault means."""

import smtplib
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.notices import rules
from shield.kernel.notices.rules import When
from shield.kernel.notices.tests.conftest import FIELDS
from shield.kernel.records.rules import Refused

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize("name", ["name", "child", "title", "person"])
def test_a_message_carries_no_name_of_anybody(name):
    with pytest.raises(rules.Unsafe, match=name):
        rules.fill(rules.ACTION_WAITS, {**FIELDS, name: "Zoë"})


def test_no_template_asks_for_more_than_is_allowed():
    for template in rules.TEMPLATES.values():
        for count in (1, 2):
            subject, body = rules.fill(template, dict.fromkeys(rules.FIELDS, "x"), count=count)
            assert "{" not in subject + body
            assert "\n" not in subject
            assert body.endswith("\n")


def test_no_subject_carries_anything_of_a_record():
    for template in rules.TEMPLATES.values():
        assert "{" not in template.subject, template.key
        assert "{" not in template.many_subject.replace("{count}", ""), template.key


def test_every_message_says_what_to_do_next_and_what_it_is_called():
    for template in rules.TEMPLATES.values():
        assert template.label[0].isupper()
        assert template.to.endswith("."), template.key
        assert (
            "Sign in to" in template.body or "Open this link" in template.body or "tell the" in template.body
        )


def test_line_ends_in_a_field_do_not_reach_the_message():
    _, body = rules.fill(rules.REPORT_READY, {**FIELDS, "partnership": "A\r\nBcc: everybody@example.invalid"})
    assert "\r" not in body
    assert "A Bcc:" in body


def test_several_actions_are_told_as_one_and_one_as_itself():
    assert "ACT-0007" in rules.fill(rules.ACTION_WAITS, FIELDS)[1]
    subject, body = rules.fill(rules.ACTION_WAITS, FIELDS, count=40)
    assert subject == "40 actions wait for you in Shield"
    assert "ACT-0007" not in body
    assert "https://shield.example.invalid/all" in body
    # What is not gathered stays what it is.
    assert rules.fill(rules.REPORT_READY, FIELDS, count=3) == rules.fill(rules.REPORT_READY, FIELDS)


def test_a_summary_counts_kinds_and_takes_nothing_that_looks_like_a_title():
    assert rules.tally({"Action": 2, "Paper to hand in": 5}) == "- Paper to hand in: 5\n- Action: 2"
    for title in ("Board, 28 January 2019", "Review of ‘Zoë’", "zoë", "", "A" * 61):
        with pytest.raises(rules.Unsafe):
            rules.tally({title: 1})


def test_the_waits_are_one_five_and_fifteen_minutes_then_an_hour_each():
    assert [rules.wait_after(n) // timedelta(minutes=1) for n in range(1, 7)] == [1, 5, 15, 60, 60, 60]


@given(st.integers(1, 500))
def test_the_waits_never_shrink_and_never_exceed_an_hour(failures):
    assert timedelta(0) < rules.wait_after(failures) <= rules.wait_after(failures + 1) <= rules.HOURLY


@pytest.mark.parametrize(
    ("problem", "of", "words"),
    [
        (ConnectionRefusedError(), "way", "does not answer"),
        (TimeoutError(), "way", "does not answer"),
        (smtplib.SMTPConnectError(421, b"later"), "way", "does not answer"),
        (smtplib.SMTPServerDisconnected(), "way", "does not answer"),
        (smtplib.SMTPAuthenticationError(535, b"no"), "way", "our name and password"),
        (smtplib.SMTPSenderRefused(550, b"no", "us@example.invalid"), "way", "the address we send from"),
        (smtplib.SMTPNotSupportedError(), "way", "TLS"),
        (smtplib.SMTPRecipientsRefused({"a@example.invalid": (550, b"no")}), "never", "this address (550)"),
        (smtplib.SMTPRecipientsRefused({"a@example.invalid": (451, b"later")}), "message", "this address (451)"),
        (smtplib.SMTPDataError(554, b"spam"), "never", "this message (554)"),
        (smtplib.SMTPDataError(452, b"full"), "message", "this message (452)"),
        (rules.Undeliverable("said so"), "never", "said so"),
        (rules.Delayed("not now"), "way", "not now"),
        (ValueError("a@example.invalid"), "message", "ValueError"),
    ],
)  # fmt: skip
def test_a_fault_is_judged_in_words_without_an_address(problem, of, words):
    fault = rules.judge(problem)
    assert fault.of == of
    assert words in fault.words
    assert "@" not in fault.words


def test_a_foreign_text_is_kept_short_and_without_addresses():
    kept = rules.without_addresses("The address\nzoe@example.invalid is bad. " + "x" * 500)
    assert kept.startswith("The address (an address) is bad.")
    assert len(kept) == 200


@pytest.mark.parametrize(
    ("local", "due"),
    [
        ((2019, 11, 4, 6, 59), None),
        ((2019, 11, 4, 7, 0), date(2019, 11, 4)),
        ((2019, 11, 5, 23, 59), date(2019, 11, 4)),  # no worker ran on Monday
        ((2019, 11, 6, 0, 0), None),
        ((2019, 11, 10, 23, 0), None),
        ((2019, 7, 1, 7, 0), date(2019, 7, 1)),
    ],
)
def test_the_summary_is_due_on_monday_at_seven_and_a_day_longer(local, due):
    assert rules.week_to_tell(datetime(*local, tzinfo=LONDON)) == due


def test_seven_is_seven_in_london_in_summer_too():
    six_utc = datetime(2019, 7, 1, 6, 0, tzinfo=UTC)
    assert rules.week_to_tell(six_utc.astimezone(LONDON)) == date(2019, 7, 1)
    assert rules.week_to_tell((six_utc - timedelta(minutes=1)).astimezone(LONDON)) is None


def test_what_may_not_be_refused_is_not_refused():
    assert rules.when(rules.SIGN_IN_CHANGED, When.NEVER) == When.AT_ONCE
    assert rules.when(rules.CLOCK_DUE, When.NEVER) == When.AT_ONCE
    assert rules.when(rules.CLOCK_DUE, When.WEEKLY) == When.WEEKLY
    assert rules.when(rules.ACTION_WAITS, None) == When.AT_ONCE
    assert rules.when(rules.ACTION_WAITS, "nonsense") == When.AT_ONCE


@pytest.mark.parametrize(
    ("choices", "field"),
    [
        ({"sign_in_changed": "never"}, "sign_in_changed"),
        ({"clock_due": "never"}, "clock_due"),
        ({"nothing": "never"}, "nothing"),
        ({"action_waits": "sometimes"}, "action_waits"),
        ({"weekly_summary": "never", "action_waits": "weekly"}, "action_waits"),
    ],
)
def test_what_cannot_be_chosen_is_refused_at_its_field(choices, field):
    with pytest.raises(Refused) as refused:
        rules.check_choices(choices)
    assert refused.value.field == field


def test_the_end_of_a_message_says_where_to_choose_or_why_one_cannot():
    assert "choose" in rules.last_line(rules.ACTION_WAITS, "https://x")
    assert "cannot be switched off" in rules.last_line(rules.SIGN_IN_CHANGED, "https://x")


def test_one_message_waits_and_twelve_wait():
    since = "09:12 on 4 November 2019"
    assert rules.delay_in_words(1, rules.SILENT, since).startswith(
        "1 message is waiting: the mail server does not"
    )
    assert rules.delay_in_words(12, rules.SILENT, since).startswith("12 messages are waiting: ")
