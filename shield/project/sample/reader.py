"""Reading the sample's files: records by kind, references by key."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one written in C takes a tenth of the time; PyYAML can be installed without it."""
SINGULAR = {
    "agencies": "agency",
    "bodies": "body",
    "priorities": "priority",
    "evidence": "evidence",
    "body_changes": "body_change",
    "planned_activities": "planned_activity",
    "activities": "activity",
}


class BadSample(ValueError):
    """A file of the sample cannot be used; the message names the record."""


@dataclass
class Known:
    """Records made so far, found by kind and key."""

    records: dict[str, Any] = field(default_factory=dict)

    def put(self, kind: str, key: str, record: Any) -> None:
        """Remember a record under its kind and key."""
        self.records[f"{kind}:{key}"] = record

    def get(self, kind: str, key: str | None) -> Any:
        """A record by kind and key; None for no key, BadSample for an unknown one."""
        if not key:
            return None
        try:
            return self.records[f"{kind}:{key}"]
        except KeyError:
            raise BadSample(f"The sample names {kind} “{key}”, which no file holds.") from None

    def many(self, kind: str, keys: list[str] | None) -> list[Any]:
        """Several records of one kind."""
        return [self.get(kind, key) for key in keys or []]

    def named(self, reference: str | None) -> Any:
        """A record by `kind:key`."""
        if not reference:
            return None
        kind, _, key = reference.partition(":")
        return self.get(kind, key)


@cache
def read() -> dict[str, list[dict[str, Any]]]:
    """Every record of every file, by kind, in the order of the sections; read once a process, so nobody changes it."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(FOLDER.glob("*.yaml"), key=lambda p: (p.name.startswith("appendix"), p.name)):
        held = yaml.load(path.read_text(encoding="utf-8"), Loader=SAFE)  # noqa: S506 - either of them is a safe one
        for kind, rows in held.items():
            kinds.setdefault(kind, []).extend(rows if isinstance(rows, list) else [rows])
    return kinds


def singular(kind: str) -> str:
    """`decisions` as references name it: `decision`."""
    return SINGULAR.get(kind, kind.removesuffix("s"))
