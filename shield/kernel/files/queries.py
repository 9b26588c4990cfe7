"""Finding files and their content."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from shield.kernel.access.rules import Actor
from shield.kernel.files.models import StoredFile
from shield.kernel.records.models import KINDS
from shield.kernel.records.rules import RecordRef


def path_of(sha256: str) -> Path:
    """Where content of this digest lies."""
    return Path(settings.SHIELD_FILES) / sha256[:2] / sha256


def about(record_id: uuid.UUID, actor: Actor) -> QuerySet[StoredFile]:
    """Files attached to one record."""
    return StoredFile.objects.visible_to(actor).filter(about_id=record_id).order_by("recorded_at")


def may_be_about(ref: RecordRef, actor: Actor) -> bool:
    """Whether a reference points to a record that the actor may see; nobody attaches a file to another."""
    model = KINDS.get(ref.kind)
    return model is not None and model.objects.visible_to(actor).filter(pk=ref.id).exists()


def attached_to_visible(file: StoredFile, actor: Actor) -> bool:
    """Whether the actor may see the record a file is attached to; without that nobody may open the file."""
    model = KINDS.get(file.about_kind)
    return model is not None and model.objects.open_to(actor).filter(pk=file.about_id).exists()
