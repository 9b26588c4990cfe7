"""Rules on partnerships, agencies and membership. Pure."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, timedelta

from django.db.models import TextChoices

from shield.kernel.records.rules import check_reason

RESERVED_SLUGS = frozenset({
    "sign-in", "sign-out", "sso", "static", "healthz", "staff", "account", "personas", "files", "jobs", "start", "invitation",
})  # fmt: skip
SLUG = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")


class Sector(TextChoices):
    """The sectors an agency may belong to."""

    LOCAL_AUTHORITY = "local_authority", "Local authority"
    POLICE = "police", "Police"
    HEALTH = "health", "Health"
    EDUCATION = "education", "Education and childcare"
    PROBATION = "probation", "Probation"
    FIRE = "fire", "Fire and rescue"
    VOLUNTARY = "voluntary", "Voluntary and community"
    OTHER = "other", "Other"


class LeadPartner(TextChoices):
    """The three statutory safeguarding partners (Children Act 2004 s16E)."""

    NONE = "", "Not a lead partner"
    LOCAL_AUTHORITY = "local_authority", "Local authority"
    POLICE = "police", "Police"
    HEALTH = "health", "Health"


class LeavingStatus(TextChoices):
    """Where a leaving stands."""

    PLANNED = "planned", "Planned"
    DONE = "done", "Carried out"
    WITHDRAWN = "withdrawn", "Withdrawn"


class InvitationStatus(TextChoices):
    """What became of an invitation; that it is too old follows from its dates."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    WITHDRAWN = "withdrawn", "Withdrawn"


def usable_slug(slug: str) -> bool:
    """Whether a partnership may have this word in its addresses."""
    return bool(SLUG.fullmatch(slug)) and slug not in RESERVED_SLUGS


def in_force(starts_on: date | None, ends_on: date | None, on: date) -> bool:
    """Whether a dated membership, role or office holds on a day; both ends included, None is open."""
    return (starts_on is None or starts_on <= on) and (ends_on is None or on <= ends_on)


def session_over(
    started: datetime, seen: datetime, now: datetime, *, idle: timedelta, absolute: timedelta
) -> bool:
    """Whether a sign-in has ended: too long without a page, or too long altogether."""
    return now - seen > idle or now - started > absolute


# --- Leaving

FURTHEST_AHEAD = timedelta(days=366)


def is_due(last_day: date, today: date) -> bool:
    """Whether a leaving that was planned is carried out: its last day is worked, so on the day after."""
    return last_day < today


def end_of_access(last_day: date, today: date) -> date:
    """The last day of a role or team. Access ends at once, so on the last day itself it ended the day before."""
    return last_day if last_day != today else today - timedelta(days=1)


def not_before_it_began(starts_on: date, ends_on: date) -> date:
    """The end of something that began after the end that was meant: it never held."""
    return max(ends_on, starts_on - timedelta(days=1))


# --- Invitations

INVITATION_LASTS = timedelta(days=7)


def digest(token: str) -> str:
    """What is kept of an invitation's link: enough to know it again, not enough to write it."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_open(status: str, expires_at: datetime | None, now: datetime) -> bool:
    """Whether an invitation's link still works."""
    return status == InvitationStatus.OPEN and expires_at is not None and now <= expires_at


def invitation_in_words(
    status: str, sent_at: datetime | None, expires_at: datetime | None, now: datetime
) -> tuple[str, str]:
    """Where an invitation stands, and the tone of its tag."""
    if status == InvitationStatus.ACCEPTED:
        return "Accepted", "good"
    if status == InvitationStatus.WITHDRAWN:
        return "Withdrawn", "neutral"
    if sent_at is None:
        return "Waiting to be sent", "info"
    return ("Sent, not yet accepted", "info") if is_open(status, expires_at, now) else ("Too old", "late")


# --- Sessions

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
            ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
SYSTEMS = (("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "a Chromebook"),
           ("Mac OS X", "a Mac"), ("Linux", "Linux"))  # fmt: skip


def device_in_words(user_agent: str) -> str:
    """What a browser says of itself, as a person would: “Firefox on Windows”. It is a hint, never proof."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if not browser:
        return f"A browser on {system}" if system else "A device that does not say what it is"
    return f"{browser} on {system}" if system else browser


class Finding(TextChoices):
    """What the review of an urgent opening found."""

    JUSTIFIED = "justified", "It was justified"
    NOT_JUSTIFIED = "not_justified", "It was not justified"


URGENT_FOR = timedelta(hours=4)
"""How long a restricted record stays open to whoever opened it urgently."""


NOT_AGAIN_FOR = timedelta(days=30)
"""For so long nobody opens a record again that they were found to have opened without need."""


def check_urgent_reason(reason: str) -> None:
    """A reason that a reviewer can judge: what is at stake, and why it cannot wait."""
    check_reason(reason, what="Say in a sentence what is at stake and why it cannot wait.", words=5)
