"""The outbox, who chose what, and the way out."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models

from shield.kernel.notices import permissions, rules
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import RecordRef, Retention, Sensitivity, new_id

_INTERNAL, _PERSONAL = Sensitivity.INTERNAL, Sensitivity.PERSONAL


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages are seen by whoever looks after a partnership's e-mails, and no other partnership's."""

    def visible_to(self, actor: Any) -> Self:
        """Those of the actor's own partnership."""
        if not actor.may(permissions.VIEW_OUTBOX):
            return self.none()
        return self.filter(partnership_id=actor.partnership_id)

    def due(self, now: Any) -> Self:
        """Those that wait and whose time has come, in the order in which they were queued."""
        ready = models.Q(next_at__isnull=True) | models.Q(next_at__lte=now)
        return self.filter(ready, status=rules.State.WAITING).order_by("queued_at", "pk")


class Message(models.Model):
    """One e-mail to one person: where it stands, and why it failed.

    `queued_at` and `sent_at` are told to people; `next_at`, `give_up_at` and `asked_at` are the machine's own time,
    by which it is tried again, also where a demonstration stands on another day.
    """

    kind: ClassVar[str] = "notices.message"
    url_name: ClassVar[str] = "email"
    label: ClassVar[str] = "E-mail"
    view_permission: ClassVar[Any] = permissions.VIEW_OUTBOX
    retention: ClassVar[Retention] = Retention.PARTNERSHIP_YEAR
    retention_from: ClassVar[str] = "queued_at"
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "id": _INTERNAL, "partnership_id": _INTERNAL, "person_id": _INTERNAL, "template": _INTERNAL, "address": _PERSONAL,
        "subject": _INTERNAL, "body": _INTERNAL, "status": _INTERNAL, "count": _INTERNAL, "attempts": _INTERNAL,
        "problem": _INTERNAL, "queued_at": _INTERNAL, "sent_at": _INTERNAL, "next_at": _INTERNAL, "give_up_at": _INTERNAL,
        "asked_at": _INTERNAL, "notify_id": _INTERNAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partnership_id = models.UUIDField(db_index=True)
    person_id = models.UUIDField(null=True, blank=True)
    template = models.CharField(max_length=60)
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    status = models.CharField(max_length=9, choices=rules.State.choices, default=rules.State.WAITING)
    count = models.PositiveIntegerField(default=1)
    """Of how many things it tells: messages of a kind that is gathered become one."""
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    give_up_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    notify_id = models.CharField(max_length=40, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at"]
        indexes = [
            models.Index(fields=["status", "queued_at"], name="message_in_order"),
            models.Index(fields=["partnership_id", "-queued_at"], name="message_of_partnership"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def heading(self) -> str:
        """What a page calls it."""
        return self.subject

    @property
    def ref(self) -> RecordRef:
        """The stable pointer to it."""
        return RecordRef(self.kind, self.pk, self.subject)

    @property
    def template_label(self) -> str:
        """What kind of message it is, in words."""
        known = rules.TEMPLATES.get(self.template)
        return known.label if known else "A message that is no longer sent"


KINDS[Message.kind] = Message  # type: ignore[assignment]


class Choice(models.Model):
    """When a person gets one kind of message of one partnership."""

    retention: ClassVar[Retention] = Retention.ACCOUNT
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "id": _INTERNAL, "partnership_id": _INTERNAL, "person_id": _INTERNAL, "template": _INTERNAL, "when": _INTERNAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partnership_id = models.UUIDField()
    person_id = models.UUIDField()
    template = models.CharField(max_length=60)
    when = models.CharField(max_length=7, choices=rules.When.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "partnership_id", "template"], name="email_chosen_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template}: {self.when}"


class Summary(models.Model):
    """The last week for which a person's weekly summary was put together, sent or not."""

    retention: ClassVar[Retention] = Retention.TECHNICAL
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "id": _INTERNAL, "partnership_id": _INTERNAL, "person_id": _INTERNAL, "week": _INTERNAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partnership_id = models.UUIDField()
    person_id = models.UUIDField()
    week = models.DateField(null=True, blank=True)
    """Its Monday."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "partnership_id"], name="summary_once")]

    def __str__(self) -> str:
        return str(self.week)


class WayOut(models.Model):
    """The one way out of the installation: whose turn it is to send, and since when it has been shut."""

    retention: ClassVar[Retention] = Retention.TECHNICAL
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "name": _INTERNAL, "turn_until": _INTERNAL, "failures": _INTERNAL, "next_at": _INTERNAL, "shut_since": _INTERNAL,
        "problem": _INTERNAL,
    }  # fmt: skip

    name = models.CharField(max_length=10, primary_key=True)
    turn_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    shut_since = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.problem or "open"
