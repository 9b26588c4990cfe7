"""Rules on partnerships, agencies and membership. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from django.db.models import TextChoices

RESERVED_SLUGS = frozenset(
    {"sign-in", "sign-out", "static", "healthz", "staff", "account", "personas", "files", "jobs"}
)
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
