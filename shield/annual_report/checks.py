"""Statutory contents, item by item: met, thin, missing, or does not apply, with the evidence that says so. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from shield.kernel.clocks.rules import ContentItem
from shield.kernel.reporting.rules import Proof

IMPACT_OF_REPORT = "impact"


class Standing(StrEnum):
    """How well the records support a statutory item."""

    MET = "met"
    THIN = "thin"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        """As a page prints it."""
        return {"met": "Met", "thin": "Thin", "missing": "Missing", "not_applicable": "Does not apply"}[
            self.value
        ]

    @property
    def tone(self) -> str:
        """The tone of its tag."""
        return {"met": "good", "thin": "attention", "missing": "late", "not_applicable": "neutral"}[
            self.value
        ]


@dataclass(frozen=True)
class Coverage:
    """One statutory item and where it stands."""

    item: ContentItem
    standing: Standing
    proofs: tuple[Proof, ...]
    narratives: tuple[str, ...]
    reason: str = ""

    @property
    def why(self) -> str:
        """Why it stands as it does, in words."""
        if self.standing is Standing.NOT_APPLICABLE:
            return self.reason
        count = len(self.proofs)
        told = "no record supports it" if not count else f"{count} records support it"
        if count == 1:
            told = "1 record supports it"
        if self.narratives:
            told += f"; told in {', '.join(self.narratives)}"
        if self.standing is Standing.THIN:
            told += f"; {self.item.met_from} would make it met"
        return told[:1].upper() + told[1:] + "."


def cover(
    items: Iterable[ContentItem],
    proofs: Iterable[Proof],
    *,
    told: Mapping[str, tuple[str, ...]],
    excused: Mapping[str, str],
    has_secure_establishment: bool,
) -> list[Coverage]:
    """Where each statutory item stands.

    `told` names the narratives that speak to an item: a narrative alone makes an item thin, never met, and does
    nothing for an item that asks for evidence. An item about secure establishments does not apply where there is none.
    """
    by_item: dict[str, list[Proof]] = {}
    for proof in proofs:
        by_item.setdefault(proof.item, []).append(proof)
    return [
        _one(item, tuple(by_item.get(item.code, ())), told, excused, has_secure_establishment)
        for item in items
    ]


def _one(
    item: ContentItem,
    proofs: tuple[Proof, ...],
    told: Mapping[str, tuple[str, ...]],
    excused: Mapping[str, str],
    secure: bool,
) -> Coverage:
    narratives = told.get(item.code, ())
    speaks = bool(narratives) and not item.evidence_only
    if item.code in excused:
        return Coverage(item, Standing.NOT_APPLICABLE, proofs, narratives, excused[item.code])
    if item.applies == "secure_establishment" and not secure:
        reason = "There is no secure establishment in the area."
        return Coverage(item, Standing.NOT_APPLICABLE, proofs, narratives, reason)
    if len(proofs) >= item.met_from:
        return Coverage(item, Standing.MET, proofs, narratives)
    if len(proofs) >= item.thin_below or speaks:
        return Coverage(item, Standing.THIN, proofs, narratives)
    return Coverage(item, Standing.MISSING, proofs, narratives)


def counts(covered: Iterable[Coverage]) -> dict[Standing, int]:
    """How many items stand where."""
    tally = dict.fromkeys(Standing, 0)
    for one in covered:
        tally[one.standing] += 1
    return tally


SPEAKS_TO: dict[str, tuple[str, ...]] = {
    "done": ("2.3", "5.1", "6"),
    "effective": ("11", "11.2"),
    "impact": ("10.1", "10.2"),
    "reviews": ("6", "6.2", "6.3"),
    "feedback": ("13.2", "14.2"),
    "available": ("13.10",),
    "arrangements": ("13.9",),
    "scrutiny": ("11", "14.5"),
    "money": ("13.8",),
    "education": ("13.3",),
}
"""Which parts of the report speak to which statutory item."""
