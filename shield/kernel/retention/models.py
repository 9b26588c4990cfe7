"""Periods set here, legal holds, reviews, disposals and their log, requests for one's own data."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from shield.kernel.accounts.models import Person
from shield.kernel.history.models import append_only
from shield.kernel.records.models import Record, RecordQuerySet
from shield.kernel.records.rules import Retention, Sensitivity, new_id
from shield.kernel.retention import permissions
from shield.kernel.retention.rules import disposing, requests
from shield.kernel.retention.rules.schedule import LONGEST, period_words
from shield.kernel.sealed import rules as sealed

_PUBLIC, _INTERNAL, _PERSONAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL


class OwnPeriod(Record):
    """How long this partnership keeps the records of a class, where it differs from the schedule that came with Shield."""

    kind = "retention.period"
    label = "Retention period"
    view_permission = permissions.VIEW
    retention = Retention.PERMANENT
    sensitivity = {
        "retention_class": _PUBLIC, "months": _PUBLIC, "reason": _INTERNAL, "set_by": _PERSONAL, "set_on": _PUBLIC,
    }  # fmt: skip

    retention_class = models.CharField(max_length=40)
    months = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(LONGEST)])
    reason = models.CharField(max_length=1000)
    set_by = models.CharField(max_length=200)
    set_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "retention_class"], name="own_period_once_a_class")
        ]

    @property
    def heading(self) -> str:
        """The period."""
        return period_words(self.months)


class LegalHold(Record):
    """A record, or everything tied to one, may not be disposed of for as long as this lasts."""

    kind = "retention.hold"
    url_name = "hold"
    label = "Legal hold"
    view_permission = permissions.VIEW
    reference_prefix = "HLD"
    retention = Retention.PERMANENT
    sensitivity = {
        "about_kind": _INTERNAL, "about_id": _INTERNAL, "about_title": _INTERNAL, "wide": _INTERNAL, "reason": _INTERNAL,
        "asked_by": _PERSONAL, "their_reference": _INTERNAL, "placed_on": _INTERNAL, "placed_by": _PERSONAL,
        "ended_on": _INTERNAL, "ended_why": _INTERNAL, "ended_by": _PERSONAL,
    }  # fmt: skip

    about_kind = models.CharField(max_length=80)
    about_id = models.UUIDField(db_index=True)
    about_title = models.CharField(max_length=300)
    wide = models.BooleanField(default=False)
    """Whether everything that is tied to the record is held with it."""
    reason = models.TextField(max_length=2000)
    asked_by = models.CharField(max_length=200)
    their_reference = models.CharField(max_length=100, blank=True)
    placed_on = models.DateField()
    placed_by = models.CharField(max_length=200)
    ended_on = models.DateField(null=True, blank=True)
    ended_why = models.TextField(blank=True, max_length=2000)
    ended_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-placed_on", "-reference"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | ~Q(ended_why=""), name="hold_ends_with_a_reason"
            )
        ]

    @property
    def heading(self) -> str:
        """Its reference: what it is about is read anew wherever it is shown."""
        return self.reference


class KeptLonger(Record):
    """A reviewer keeps a record that was due until a later day, with the reason."""

    kind = "retention.kept_longer"
    label = "Kept longer"
    view_permission = permissions.VIEW
    retention = Retention.PERMANENT
    sensitivity = {
        "record_kind": _INTERNAL, "record_id": _INTERNAL, "keep_until": _INTERNAL, "reason": _INTERNAL,
        "decided_by": _PERSONAL, "decided_on": _INTERNAL,
    }  # fmt: skip

    record_kind = models.CharField(max_length=80)
    record_id = models.UUIDField()
    keep_until = models.DateField()
    reason = models.CharField(max_length=1000)
    decided_by = models.CharField(max_length=200)
    decided_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "record_id"], name="kept_longer_once")]


class Disposal(Record):
    """Records of one kind that somebody proposes to dispose of, and a second person confirms."""

    kind = "retention.disposal"
    url_name = "disposal"
    label = "Disposal"
    removes_records = True
    view_permission = permissions.VIEW
    reference_prefix = "DSP"
    retention = Retention.PERMANENT
    sensitivity = {
        "record_kind": _INTERNAL, "retention_class": _PUBLIC, "rule_words": _PUBLIC, "months": _PUBLIC, "reason": _INTERNAL,
        "count": _PUBLIC, "status": _INTERNAL, "proposed_by": _PERSONAL, "proposed_by_id": _INTERNAL, "proposed_on": _PUBLIC,
        "settled_by": _PERSONAL, "settled_by_id": _INTERNAL, "settled_on": _PUBLIC, "withdrawn_why": _INTERNAL,
        "finished_at": _INTERNAL,
    }  # fmt: skip

    record_kind = models.CharField(max_length=80)
    retention_class = models.CharField(max_length=40)
    rule_words = models.CharField(max_length=300)
    months = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=1000)
    count = models.PositiveIntegerField()
    status = models.CharField(max_length=9, choices=disposing.DisposalStatus.choices, default="proposed")
    proposed_by = models.CharField(max_length=200)
    proposed_by_id = models.UUIDField(null=True)
    proposed_on = models.DateField()
    settled_by = models.CharField(max_length=200, blank=True)
    settled_by_id = models.UUIDField(null=True, blank=True)
    settled_on = models.DateField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=1000, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-reference"]

    @property
    def heading(self) -> str:
        """Its reference."""
        return self.reference

    @property
    def period_words(self) -> str:
        """The period under which it was proposed."""
        return period_words(self.months)


class DisposalItem(Record):
    """One record of a disposal: its id and reference, never its title."""

    kind = "retention.disposal_item"
    label = "Record of a disposal"
    view_permission = permissions.VIEW
    retention = Retention.PERMANENT
    sensitivity = {
        "disposal": _INTERNAL, "record_id": _INTERNAL, "of_reference": _INTERNAL, "day": _INTERNAL, "status": _INTERNAL,
        "why": _INTERNAL,
    }  # fmt: skip

    disposal = models.ForeignKey(Disposal, on_delete=models.PROTECT, related_name="items")
    record_id = models.UUIDField()
    of_reference = models.CharField(max_length=40, blank=True)
    day = models.DateField()
    status = models.CharField(max_length=8, choices=disposing.ItemStatus.choices, default="waiting")
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["day", "id"]
        indexes = [models.Index(fields=["disposal", "status", "id"], name="items_of_a_disposal")]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "record_id"], condition=Q(status="waiting"), name="disposed_of_once"
            )
        ]


@append_only
class LoggedDisposal(models.Model):
    """One batch that was disposed of. The database itself refuses to change or remove a line, as it does with the history."""

    retention: ClassVar[Retention] = Retention.PERMANENT
    sensitivity: ClassVar[dict[str, Sensitivity]] = {
        "id": _INTERNAL, "partnership_id": _INTERNAL, "disposal_id": _INTERNAL, "disposal_reference": _PUBLIC, "record_kind": _INTERNAL,
        "record_label": _PUBLIC, "retention_class": _PUBLIC, "references": _INTERNAL, "count": _PUBLIC, "files": _PUBLIC,
        "rule_words": _PUBLIC, "period": _PUBLIC, "proposed_by": _PERSONAL, "confirmed_by": _PERSONAL, "disposed_at": _PUBLIC,
        "digest": _PUBLIC,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partnership_id = models.UUIDField(db_index=True)
    disposal_id = models.UUIDField()
    disposal_reference = models.CharField(max_length=40)
    record_kind = models.CharField(max_length=80)
    record_label = models.CharField(max_length=200)
    retention_class = models.CharField(max_length=40)
    references = models.TextField(blank=True)
    count = models.PositiveIntegerField()
    files = models.PositiveIntegerField(default=0)
    rule_words = models.CharField(max_length=300)
    period = models.CharField(max_length=60)
    proposed_by = models.CharField(max_length=200)
    confirmed_by = models.CharField(max_length=200)
    disposed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-disposed_at", "-id"]
        verbose_name = "line of the disposal log"

    def __str__(self) -> str:
        return f"{self.disposal_reference}: {self.count}"


class DoomedFile(models.Model):
    """Content of a stored file whose last row was disposed of: it goes from the disk after that is kept, or at the next run."""

    retention: ClassVar[Retention] = Retention.TECHNICAL
    sensitivity: ClassVar[dict[str, Sensitivity]] = {"sha256": _INTERNAL, "doomed_at": _INTERNAL}

    sha256 = models.CharField(max_length=64, primary_key=True)
    doomed_at = models.DateTimeField()

    class Meta:
        verbose_name = "content to be removed from the disk"

    def __str__(self) -> str:
        return self.sha256


class SubjectRequest(Record):
    """A person asks what is kept about them; one manager answers. No title, address or file name says who asks."""

    kind = "retention.subject_request"
    url_name = "subject_request"
    label = "Subject access request"
    view_permission = permissions.ANSWER
    reference_prefix = "SAR"
    traced = True
    retention = Retention.SUBJECT_ACCESS
    retention_from = "closed_on"
    sensitivity = {
        "person": _PERSONAL, "received_on": _INTERNAL, "their_reference": _INTERNAL, "extra_months": _INTERNAL,
        "extra_why": _INTERNAL, "due_on": _INTERNAL, "status": _INTERNAL, "owner_id": _INTERNAL, "owner_name": _PERSONAL,
        "gathered_at": _INTERNAL, "released_at": _INTERNAL, "released_by": _PERSONAL, "digest": _INTERNAL, "package": _PERSONAL,
        "closed_on": _INTERNAL, "closed_why": _INTERNAL,
    }  # fmt: skip

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField()
    their_reference = models.CharField(max_length=100, blank=True)
    extra_months = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(requests.MOST_EXTRA)]
    )
    extra_why = models.CharField(max_length=1000, blank=True)
    due_on = models.DateField()
    status = models.CharField(max_length=9, choices=requests.RequestStatus.choices, default="gathering")
    owner_id = models.UUIDField()
    owner_name = models.CharField(max_length=200)
    gathered_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    package = models.TextField(blank=True)
    """What was released, sealed: a ZIP as text."""
    closed_on = models.DateField(null=True, blank=True)
    closed_why = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["due_on", "reference"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="released") | ~Q(digest=""), name="released_request_is_frozen"
            )
        ]

    @property
    def heading(self) -> str:
        """Its reference, never the person's name."""
        return self.reference


class OwnItems(RecordQuerySet):
    """What was gathered is for the manager who answers the request, and for nobody else."""

    def visible_to(self, actor: Any) -> Self:
        """The items of requests that this person answers."""
        return super().visible_to(actor).filter(request__owner_id=actor.person_id).select_related("request")


class SubjectItem(Record):
    """One thing that was found about a person; its text is sealed."""

    kind = "retention.subject_item"
    label = "Item of a subject access request"
    view_permission = permissions.ANSWER
    traced = True
    retention = Retention.SUBJECT_ACCESS
    disposed_with = "request"
    sensitivity = {
        "request": _INTERNAL, "number": _INTERNAL, "where": _INTERNAL, "relation": _INTERNAL, "record_kind": _INTERNAL,
        "record_id": _INTERNAL, "since": _INTERNAL, "sealed_text": Sensitivity.CHILD, "marked": _INTERNAL, "decision": _INTERNAL,
        "exemption": _INTERNAL, "reason": _INTERNAL,
    }  # fmt: skip

    request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveIntegerField()
    where = models.CharField(max_length=200)
    relation = models.CharField(max_length=60)
    record_kind = models.CharField(max_length=80, blank=True)
    record_id = models.UUIDField(null=True, blank=True)
    since = models.DateField(null=True, blank=True)
    sealed_text = models.TextField()
    marked = models.BooleanField(default=False)
    """Whether other people were found in it."""
    decision = models.CharField(max_length=8, choices=requests.Decision.choices, default="open")
    exemption = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=1000, blank=True)

    objects = OwnItems.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="item_numbered_once")]

    @property
    def heading(self) -> str:
        """Its number."""
        return f"Item {self.number}"

    @property
    def _place(self) -> str:
        return f"retention.subject_item.text:{self.pk}"

    @property
    def text(self) -> str:
        """The text as it was gathered."""
        return sealed.unseal(ring(), self.sealed_text, self._place)

    @text.setter
    def text(self, text: str) -> None:
        self.sealed_text = sealed.seal(ring(), text, self._place)


class OwnMentions(RecordQuerySet):
    """Names found in items: for whoever answers the request."""

    def visible_to(self, actor: Any) -> Self:
        """Those in items of requests that this person answers."""
        return super().visible_to(actor).filter(item__request__owner_id=actor.person_id)


class ThirdParty(Record):
    """Somebody else found in an item: where in its text, and whether they are disclosed or redacted."""

    kind = "retention.third_party"
    label = "Third party in an item"
    view_permission = permissions.ANSWER
    traced = True
    retention = Retention.SUBJECT_ACCESS
    disposed_with = "item"
    sensitivity = {
        "item": _INTERNAL, "sealed_name": Sensitivity.CHILD, "spans": _INTERNAL, "decision": _INTERNAL, "reason": _INTERNAL,
    }  # fmt: skip

    item = models.ForeignKey(SubjectItem, on_delete=models.PROTECT, related_name="third_parties")
    sealed_name = models.TextField()
    spans = models.JSONField(default=list)
    decision = models.CharField(max_length=8, choices=requests.Decision.choices, default="open")
    reason = models.CharField(max_length=1000, blank=True)

    objects = OwnMentions.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["id"]

    @property
    def heading(self) -> str:
        """No name: it is sealed."""
        return self.label

    @property
    def _place(self) -> str:
        return f"retention.third_party.name:{self.pk}"

    @property
    def name(self) -> str:
        """Who it seems to be."""
        return sealed.unseal(ring(), self.sealed_name, self._place)

    @name.setter
    def name(self, name: str) -> None:
        self.sealed_name = sealed.seal(ring(), name, self._place)


def ring() -> sealed.KeyRing:
    """The keys of this installation."""
    return sealed.ring(Path(settings.SHIELD_KEYS))
