"""Stored files."""

from __future__ import annotations

from django.db import models

from shield.kernel.files import permissions
from shield.kernel.records.models import Record
from shield.kernel.records.rules import Retention, Searched, Sensitivity

_INTERNAL = Sensitivity.INTERNAL


class StoredFile(Record):
    """One file attached to one record; its content lies in the data directory under its digest."""

    kind = "files.file"
    url_name = "file"
    label = "File"
    searched = Searched(by=("description",), under="about")
    view_permission = permissions.VIEW
    retention = Retention.PERMANENT
    sensitivity = dict.fromkeys(
        ("about_kind", "about_id", "name", "content_type", "size", "sha256", "description"),
        _INTERNAL,
    )

    about_kind = models.CharField(max_length=80)
    about_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    description = models.CharField(max_length=1000, blank=True)

    @property
    def heading(self) -> str:
        """Its name."""
        return self.name
