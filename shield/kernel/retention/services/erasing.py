"""The one statement of Shield that deletes records for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet


def erase(*, model: Any, ids: Sequence[Any]) -> None:
    """Delete rows for good, as part of an act that has its own rule and event.

    A plain QuerySet, because a record's own refuses; whatever PROTECTs the rows refuses still.
    """
    QuerySet(model=model).filter(pk__in=ids).delete()
