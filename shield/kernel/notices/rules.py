"""The closed list of messages: subject and body say nothing about anybody. Pure."""

from __future__ import annotations

from dataclasses import dataclass

TEMPLATES: dict[str, Template] = {}
"""Every message the system can send, by key."""


@dataclass(frozen=True)
class Template:
    """One kind of message. The only things filled in are a reference, a date and a link."""

    key: str
    subject: str
    body: str


FIELDS = frozenset({"reference", "due", "link", "partnership"})


class Unsafe(ValueError):
    """A message asked for something that may not leave by e-mail."""


def template(key: str, subject: str, body: str) -> Template:
    """Add a message to the closed list."""
    if key in TEMPLATES:
        raise ValueError(f"The message {key} is registered twice.")
    TEMPLATES[key] = Template(key, subject, body)
    return TEMPLATES[key]


def fill(chosen: Template, fields: dict[str, str]) -> tuple[str, str]:
    """Subject and body; Unsafe if anything but a reference, a date, a link or the partnership is given."""
    if set(fields) - FIELDS:
        raise Unsafe(f"An e-mail may not carry: {', '.join(sorted(set(fields) - FIELDS))}.")
    safe = {name: " ".join(value.split()) for name, value in fields.items()}
    return chosen.subject.format(**safe), chosen.body.format(**safe)


ACTION_WAITS = template(
    "action_waits",
    "An action waits for you in Shield",
    "An action ({reference}) of {partnership} has been given to you or your agency. It is due {due}.\n\n"
    "Sign in to see it: {link}\n",
)
REPORT_READY = template(
    "report_ready",
    "A report has been built",
    "The report you asked for in {partnership} is ready.\n\nSign in to read it: {link}\n",
)
CLOCK_DUE = template(
    "clock_due",
    "A date is near",
    "{reference} of {partnership} is due {due}.\n\nSign in to see it: {link}\n",
)
CLOCK_LATE = template(
    "clock_late",
    "A date has passed",
    "{reference} of {partnership} was due {due} and is not recorded as done.\n\n"
    "Sign in to record it, or to say what stands in the way: {link}\n",
)
ESCALATED = template(
    "escalated",
    "Something was escalated to you",
    "Something in {partnership} is late or stuck and was put before the safeguarding partners ({reference}). "
    "It was due: {due}.\n\nSign in to answer: {link}\n",
)
ESCALATION_ANSWERED = template(
    "escalation_answered",
    "What you escalated was answered",
    "What you escalated in {partnership} ({reference}) was answered.\n\nSign in to read it: {link}\n",
)
OPENED_URGENTLY = template(
    "opened_urgently",
    "A restricted record was opened",
    "Somebody opened a restricted record of {partnership} because it was urgent ({reference}), until {due}.\n\n"
    "Sign in to see who and why, and to review it: {link}\n",
)
INVITED = template(
    "invited",
    "You are invited to Shield",
    "{partnership} invites you to work with it in Shield.\n\n"
    "Open this link to accept. It can be used once, until {due}:\n\n{link}\n\n"
    "If you did not expect this, do nothing: without the link nobody can accept in your place.\n",
)
SIGN_IN_CHANGED = template(
    "sign_in_changed",
    "Your sign-in to Shield was changed",
    "How you sign in to Shield was changed: {reference}.\n\n"
    "If it was not you, tell the business manager of your partnership at once.\n",
)
