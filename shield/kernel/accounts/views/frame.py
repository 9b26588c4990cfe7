"""What the pages of this module share: the way to them, addresses."""

from __future__ import annotations

from typing import Any

from django.urls import reverse


def to(request: Any, name: str, record: Any = None) -> str:
    """The address of a page of this partnership, of one record if one is given."""
    kwargs = {"partnership": request.actor.partnership_slug}
    return reverse(name, kwargs=kwargs if record is None else {**kwargs, "id": record.pk})


def way(request: Any, *further: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page: the partnership, and what lies between."""
    return [("Partnership", to(request, "profile")), *further]
