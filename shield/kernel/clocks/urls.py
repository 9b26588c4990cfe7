"""Addresses of clocks, without the partnership."""

from __future__ import annotations

urlpatterns: list[object] = []
