"""Addresses of this module, without the partnership."""

from __future__ import annotations

urlpatterns: list[object] = []
