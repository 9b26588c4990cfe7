"""Joint bodies of several partnerships: one is the host, the others take part by their own consent."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Q

from shield.kernel.accounts.models import Partnership
from shield.kernel.records.models import RecordQuerySet
from shield.kernel.records.rules import Sensitivity
from shield.meetings import rules
from shield.meetings.models.base import MeetingRecord
from shield.meetings.models.bodies import Body

_PUBLIC, _INTERNAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL


class JointParts(RecordQuerySet):
    """Parts in joint bodies: the one kind of record that two partnerships see."""

    def visible_to(self, actor: Any) -> Self:
        """Those of the actor's partnership on either side, for who may see meetings there."""
        if not actor.may(self.model.view_permission):
            return self.none()
        return self.filter(_either_side(actor)).select_related(*self.model.shown_with)

    def locked(self, pk: uuid.UUID, expected_version: int | None = None, *, by: Any) -> Any:
        """One row for a change by either side; which of the two may do what is the service's to say."""
        row = self.select_for_update().get(_either_side(by), pk=pk)
        row.refuse_if_stale(expected_version)
        return row


def _either_side(actor: Any) -> Q:
    return Q(partnership_id=actor.partnership_id) | Q(participant_id=actor.partnership_id)


class JointPart(MeetingRecord):
    """That another partnership was asked to take part in a body, what it answered, and from when to when it takes part.

    The record is the host's, with the body. The participant sees through it, and only through it, what the body does:
    nothing of what was before `shares_from`, and nothing of what comes after the end.
    """

    kind = "meetings.joint_part"
    url_name = "joint_part"
    label = "Part in a joint body"
    reference_prefix = "JNT"
    shown_with = ("body", "partnership", "participant")
    sensitivity = {
        "body": _PUBLIC, "participant": _PUBLIC, "status": _PUBLIC, "shares_from": _INTERNAL, "message": _INTERNAL,
        "asked_on": _INTERNAL, "answer": _INTERNAL, "answered_on": _INTERNAL, "ended_on": _PUBLIC, "end_reason": _INTERNAL,
    }  # fmt: skip

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="joint_parts")
    participant = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=rules.PartStatus.choices, default="asked")
    shares_from = models.DateField()
    message = models.TextField(max_length=2000, blank=True)
    asked_on = models.DateField()
    answer = models.TextField(max_length=2000, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.TextField(max_length=2000, blank=True)

    objects = JointParts.as_manager()

    class Meta:
        ordering = ["body__name", "participant__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "participant"],
                condition=Q(status__in=("asked", "taking_part")),
                name="joint_part_open_once",
            )
        ]

    @property
    def heading(self) -> str:
        """The body and who takes part."""
        return f"{self.body.name}: {self.participant.short_name}"

    @property
    def is_open(self) -> bool:
        """Whether it is asked or under way, not over."""
        return self.status in {rules.PartStatus.ASKED, rules.PartStatus.TAKING_PART}

    @property
    def shows(self) -> bool:
        """Whether the participant sees anything of the body: it said yes, though its part may be over by now."""
        return self.status in {rules.PartStatus.TAKING_PART, rules.PartStatus.ENDED}
