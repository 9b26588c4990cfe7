"""Addresses and the way to the pages of the yearly report."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

STATUS_TONE = {"draft": "attention", "issued": "info", "published": "good", "withdrawn": "late"}


def to(request: Any, route: str, /, **kwargs: Any) -> str:
    """The address of a page of this partnership."""
    return reverse(route, kwargs={"partnership": request.partnership.slug, **kwargs})
