"""What an e-mail may say, when it is tried again, what a fault means. Only what is in a template's fields leaves."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from django.db.models import TextChoices

from shield.kernel.records.rules import Refused

TEMPLATES: dict[str, Template] = {}
"""Every message that Shield sends, by its key."""


class When(TextChoices):
    """When a person gets a kind of message."""

    AT_ONCE = "at_once", "At once"
    WEEKLY = "weekly", "In the weekly summary"
    NEVER = "never", "Not at all"


class State(TextChoices):
    """Where a message stands."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Handed over"
    DELIVERED = "delivered", "Delivered"
    BOUNCED = "bounced", "Could not be delivered"
    FAILED = "failed", "Given up"
    KEPT = "kept", "For the weekly summary"
    TOLD = "told", "Told in the weekly summary"


TONES: dict[str, str] = {
    State.WAITING: "attention", State.SENT: "info", State.DELIVERED: "good", State.BOUNCED: "late", State.FAILED: "late",
    State.KEPT: "neutral", State.TOLD: "neutral",
}  # fmt: skip
ENDED_BADLY = (State.FAILED, State.BOUNCED)
"""What can be sent again."""

EVERY_CHOICE = (When.AT_ONCE, When.WEEKLY, When.NEVER)
NO_CHOICE = (When.AT_ONCE,)
DUTY = (When.AT_ONCE, When.WEEKLY)
"""A statutory duty may wait for the weekly summary; nobody is left without being told of it."""


@dataclass(frozen=True, kw_only=True)
class Template:
    """One kind of message: its words, to whom it goes, and what its reader may choose.

    Its only openings are those in FIELDS. `many_subject` and `many_body` say the same of several at once: messages
    of such a kind are gathered for a few minutes, so that forty actions given out together are one e-mail.
    """

    key: str
    subject: str
    body: str
    label: str
    to: str = ""
    choices: tuple[When, ...] = EVERY_CHOICE
    default: When = When.AT_ONCE
    many_subject: str = ""
    many_body: str = ""
    secret: bool = False
    """Whether it carries a link that lets its reader in; such a message is never kept."""

    @property
    def gathers(self) -> bool:
        """Whether several are told as one."""
        return bool(self.many_body)

    @property
    def may_choose(self) -> bool:
        """Whether its reader has a choice."""
        return len(self.choices) > 1


FIELDS = frozenset(
    {"reference", "due", "link", "partnership", "count", "list", "late", "soon", "waiting", "tally"}
)
KIND_IN_WORDS = re.compile(r"[A-Z][A-Za-z ,’-]{1,59}")


class Unsafe(ValueError):
    """A message asked for something that may not leave by e-mail."""


def template(
    key: str, subject: str, body: str, *, label: str = "", to: str = "", choices: tuple[When, ...] = EVERY_CHOICE,
    default: When = When.AT_ONCE, many: tuple[str, str] = ("", ""), secret: bool = False,
) -> Template:  # fmt: skip
    """Add a message to the closed list; `many` is its subject and body for several at once."""
    if key in TEMPLATES:
        raise ValueError(f"The message {key} is registered twice.")
    TEMPLATES[key] = Template(
        key=key, subject=subject, body=body, label=label or subject, to=to, choices=choices, default=default,
        many_subject=many[0], many_body=many[1], secret=secret,
    )  # fmt: skip
    return TEMPLATES[key]


def fill(chosen: Template, fields: Mapping[str, str], *, count: int = 1) -> tuple[str, str]:
    """Subject and body; Unsafe if anything but what is in FIELDS is given. With a count above one, of several."""
    if set(fields) - FIELDS:
        raise Unsafe(f"An e-mail may not carry: {', '.join(sorted(set(fields) - FIELDS))}.")
    safe = {name: value if name == "tally" else " ".join(value.split()) for name, value in fields.items()}
    if count > 1 and chosen.gathers:
        safe["count"] = str(count)
        return chosen.many_subject.format(**safe), chosen.many_body.format(**safe)
    return chosen.subject.format(**safe), chosen.body.format(**safe)


def tally(numbers: Mapping[str, int]) -> str:
    """Kinds with their numbers, one a line, the largest first; Unsafe for anything that is not a kind in words."""
    if wrong := [kind for kind in numbers if not KIND_IN_WORDS.fullmatch(kind)]:
        raise Unsafe(f"A summary may not carry: {len(wrong)} kinds that are no plain words.")
    ordered = sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))
    return "\n".join(f"- {kind}: {number}" for kind, number in ordered)


def last_line(chosen: Template, choices_at: str) -> str:
    """What stands at the end of each message: where to say which e-mails one gets."""
    if chosen.may_choose:
        return f"\nTo choose which e-mails you get, and when: {choices_at}\n"
    return f"\nThis message cannot be switched off. Which e-mails you get: {choices_at}\n"


# When it is tried again

BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
HOURLY = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=4)
GATHERED_FOR = timedelta(minutes=10)
"""How long a message of a kind that is gathered waits for more of its kind for the same person."""
ASKED_FOR = timedelta(days=3)
"""How long after a message could last have been sent its state is asked for: GOV.UK Notify tries for three days."""


def wait_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: 1, 5 and 15 minutes, then an hour each time."""
    return BACK_OFF[failures - 1] if 0 < failures <= len(BACK_OFF) else HOURLY


# What a fault means


class Undeliverable(Exception):
    """This message will never be taken as it is; says why in words."""


class Delayed(OSError):
    """The way out takes nothing for now; says why in words."""


@dataclass(frozen=True)
class Fault:
    """What became of one attempt: the way out is shut, this message must wait, or it is never taken."""

    of: Literal["way", "message", "never"]
    words: str


SILENT = "the mail server does not answer"
BROKEN_OFF = "the mail server breaks off over this message"


def judge(problem: Exception) -> Fault:
    """What a fault means. Its words name no address, because the text of a mail server's answer often does."""
    if isinstance(problem, Undeliverable):
        return Fault("never", str(problem))
    if isinstance(problem, Delayed):
        return Fault("way", str(problem))
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code = next((answer[0] for answer in problem.recipients.values()), 0)
        return _by_code(code, "the mail server does not take mail for this address")
    if isinstance(problem, smtplib.SMTPDataError):
        return _by_code(problem.smtp_code, "the mail server does not take this message")
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        return Fault("way", "the mail server refuses our name and password")
    if isinstance(problem, smtplib.SMTPSenderRefused):
        return Fault("way", "the mail server refuses the address we send from")
    if isinstance(problem, smtplib.SMTPNotSupportedError):
        return Fault("way", "the mail server cannot do what is asked of it, such as TLS")
    if isinstance(problem, OSError):
        return Fault("way", SILENT)
    return Fault("message", f"something went wrong ({type(problem).__name__})")


def _by_code(code: int, words: str) -> Fault:
    """An answer that begins with 5 is final (RFC 5321, 4.2.1); any other may change."""
    return Fault("never" if 500 <= code < 600 else "message", f"{words} ({code})")


def without_addresses(text: str) -> str:
    """A foreign text as it may be kept: no address in it, and short."""
    return re.sub(r"\S+@\S+", "(an address)", " ".join(text.split()))[:200]


NOTIFY_STATES: dict[str, tuple[State, str]] = {
    "delivered": (State.DELIVERED, ""),
    "permanent-failure": (State.BOUNCED, "the address does not exist, or its server refused the message"),
    "temporary-failure": (State.BOUNCED, "the mailbox could not take it for three days: it is full, or its server did not answer"),
    "technical-failure": (State.BOUNCED, "GOV.UK Notify could not send it"),
}  # fmt: skip
"""What GOV.UK Notify's words for an e-mail's state mean; any other means that it is on its way."""


def delay_in_words(count: int, why: str, since: str) -> str:
    """One line on messages that wait because the way out is shut: “12 messages are waiting: …”."""
    return f"{count} {'message is' if count == 1 else 'messages are'} waiting: {why} since {since}"


# Each person's choice


def when(chosen: Template, wanted: str | None) -> When:
    """When a person gets a kind of message: as they chose, if that may be chosen."""
    return When(wanted) if wanted in chosen.choices else chosen.default


def check_choices(choices: Mapping[str, str]) -> None:
    """Refuse a choice that is not offered, and the weekly summary for what would then be told nowhere."""
    for key, wanted in choices.items():
        if key not in TEMPLATES or wanted not in TEMPLATES[key].choices:
            raise Refused("This cannot be chosen for this kind of e-mail.", key)
    if choices.get(SUMMARY.key) != When.NEVER:
        return
    for key, wanted in choices.items():
        if wanted == When.WEEKLY and key != SUMMARY.key:
            raise Refused(
                f"“{TEMPLATES[key].label}” is to come in the weekly summary, so keep the summary or choose otherwise here.",
                key,
            )


SUMMARY_FROM_HOUR = 7
SUMMARY_LATEST = timedelta(days=2)


def week_to_tell(local: datetime) -> date | None:
    """The Monday whose summary is due: from 7:00 on it, London time, and a day longer if no worker ran; else None."""
    monday = local.date() - timedelta(days=local.weekday())
    begins = datetime.combine(monday, datetime.min.time(), local.tzinfo)
    due = begins + timedelta(hours=SUMMARY_FROM_HOUR) <= local < begins + SUMMARY_LATEST
    return monday if due else None


# What Shield sends. Modules above add their own.

ACTION_WAITS = template(
    "action_waits",
    "An action waits for you in Shield",
    "An action of {partnership} ({reference}) has been given to you or your agency.\n\n"
    "It is due: {due}.\n\nSign in to read it and to say how far it has come:\n{link}\n",
    label="An action is given to you or your agency",
    to="The person who answers for it; for an agency, its agency leads and safeguarding partners. Never whoever gave it.",
    many=(
        "{count} actions wait for you in Shield",
        "{count} actions of {partnership} have been given to you or your agency.\n\n"
        "Sign in to see what each asks for, and by when:\n{list}\n",
    ),
)
REPORT_READY = template(
    "report_ready",
    "A report has been built",
    "The report you asked for in {partnership} is ready.\n\nSign in to read it:\n{link}\n",
    label="A report you asked for is ready",
    to="Whoever asked for it.",
)
CLOCK_DUE = template(
    "clock_due",
    "A date is near",
    "{reference} of {partnership} is due {due}.\n\n"
    "Sign in to see what is to be done, and to record it once it is:\n{link}\n",
    label="A date is near",
    to="Those who look after the dates of the partnership; for an action, whoever answers for it.",
    choices=DUTY,
)
CLOCK_LATE = template(
    "clock_late",
    "A date has passed",
    "{reference} of {partnership} was due {due} and is not recorded as done.\n\n"
    "Sign in to record it, or to say what stands in the way:\n{link}\n",
    to="Those who look after the dates of the partnership; for an action, whoever answers for it.",
    choices=DUTY,
)
ESCALATED = template(
    "escalated",
    "Something was escalated to you",
    "Something in {partnership} is late or stuck and was put before the safeguarding partners ({reference}). "
    "It was due: {due}.\n\nSign in to answer:\n{link}\n",
    to="The safeguarding partners and the business manager. Never whoever escalated it.",
    choices=NO_CHOICE,
)
ESCALATION_WITHDRAWN = template(
    "escalation_withdrawn",
    "What was escalated was taken back",
    "What was escalated in {partnership} ({reference}) was taken back and waits for no answer any more.\n\n"
    "Sign in to read why:\n{link}\n",
    to="The safeguarding partners and the business manager, and whoever escalated it. Never whoever took it back.",
)
ESCALATION_ANSWERED = template(
    "escalation_answered",
    "What you escalated was answered",
    "What you escalated in {partnership} ({reference}) was answered.\n\nSign in to read it:\n{link}\n",
    to="Whoever escalated it.",
)
OPENED_URGENTLY = template(
    "opened_urgently",
    "A restricted record was opened",
    "Somebody opened a restricted record of {partnership} because it was urgent ({reference}), until {due}.\n\n"
    "Sign in to see who and why, and to review it:\n{link}\n",
    to="Those who review urgent openings.",
    choices=NO_CHOICE,
)
INVITED = template(
    "invited",
    "You are invited to Shield",
    "{partnership} invites you to work with it in Shield.\n\n"
    "Open this link to accept. It can be used once, until {due}:\n\n{link}\n\n"
    "If you did not expect this, do nothing: without the link nobody can accept in your place.\n",
    label="An invitation",
    to="The address that was invited.",
    choices=NO_CHOICE,
    secret=True,
)
SIGN_IN_CHANGED = template(
    "sign_in_changed",
    "Your sign-in to Shield was changed",
    "How you sign in to Shield was changed: {reference}.\n\n"
    "If it was you, there is nothing to do. If it was not, tell the business manager of your partnership at once.\n",
    label="Your sign-in was changed",
    to="Whose sign-in it is.",
    choices=NO_CHOICE,
)
SUMMARY = template(
    "weekly_summary",
    "What waits for you in Shield this week",
    "What waits for you in {partnership} on {due}:\n\n"
    "- Late: {late}\n- Due this week: {soon}\n- Waiting in all: {waiting}\n\n{tally}"
    "Sign in to see what each is:\n{link}\n",
    label="The weekly summary",
    to="Everybody who can sign in and for whom something waits, on Monday at 7:00.",
    choices=(When.WEEKLY, When.NEVER),
    default=When.WEEKLY,
)
