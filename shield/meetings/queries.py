"""Reads across bodies, gatherings and decisions."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet

from shield.kernel.access.rules import Actor
from shield.meetings import rules
from shield.meetings.models import Attendance, Body, BodyMember, Gathering, Resolution


def gatherings(actor: Actor) -> QuerySet[Gathering]:
    """Meetings and events the actor may see, with body, chair and priority; the latest first."""
    return Gathering.objects.visible_to(actor).select_related(
        "body", "chair_agency", "chair_office", "priority"
    )


def held_between(
    partnership_id: uuid.UUID, starts_on: date, ends_on: date, kinds: Iterable[str] = ()
) -> QuerySet[Gathering]:
    """Gatherings held in a period, of certain kinds if any are named, in order of date."""
    rows = Gathering.objects.filter(
        partnership_id=partnership_id,
        status=rules.GatheringStatus.HELD,
        held_on__gte=starts_on,
        held_on__lte=ends_on,
    )
    if kinds:
        rows = rows.filter(sort__in=list(kinds))
    rows = rows.select_related("body", "chair_agency", "chair_office", "priority").prefetch_related(
        "items", "led_by"
    )
    return rows.order_by("held_on", "title")


def bodies(actor: Actor) -> QuerySet[Body]:
    """Bodies the actor may see, with how many gatherings each has."""
    return (
        Body.objects.visible_to(actor)
        .select_related("parent")
        .annotate(meetings=Count("gatherings"))
        .order_by("name")
    )


def neighbours(gathering: Gathering, actor: Actor) -> tuple[Gathering | None, Gathering | None]:
    """The gathering of the same body before and after this one."""
    rows = Gathering.objects.visible_to(actor)
    rows = (
        rows.filter(body=gathering.body_id)
        if gathering.body_id
        else rows.filter(body__isnull=True, sort=gathering.sort)
    )
    before = rows.filter(held_on__lt=gathering.held_on).order_by("-held_on").first()
    after = rows.filter(held_on__gt=gathering.held_on).order_by("held_on").first()
    return before, after


def resolutions(actor: Actor) -> QuerySet[Resolution]:
    """The decisions register, the latest first."""
    return (
        Resolution.objects.visible_to(actor)
        .select_related("decision", "body", "gathering")
        .order_by("-decision__decided_on", "reference")
    )


def register(gathering: Gathering) -> QuerySet[Attendance]:
    """Who was there, by agency."""
    return Attendance.objects.filter(gathering=gathering).select_related("agency", "office", "person")


def members_on(body: Body, on: date) -> QuerySet[BodyMember]:
    """Who sits on a body on a day."""
    return (
        BodyMember.objects.filter(body=body)
        .filter(Q(starts_on__isnull=True) | Q(starts_on__lte=on))
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        .select_related("agency", "office", "person")
    )
