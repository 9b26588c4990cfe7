"""Pieces of statements, each with its values."""

from __future__ import annotations

from typing import Any, NamedTuple


class Condition(NamedTuple):
    """A condition, or another piece of a statement, with its values."""

    sql: str
    values: list[Any]


class Scope(NamedTuple):
    """Which entries a statement leaves in: a condition, and the lists of ids it looks into, each read once."""

    lists: Condition
    condition: Condition
