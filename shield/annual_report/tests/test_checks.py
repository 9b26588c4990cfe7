"""Statutory items: met by records, thin by words alone, missing by neither, or they do not apply."""

from shield.annual_report import checks
from shield.annual_report.checks import Standing
from shield.kernel.clocks.rules import ContentItem
from shield.kernel.reporting.rules import Proof

IMPACT = ContentItem("impact", "Evidence of impact", "item 2", thin_below=1, met_from=3)
RESTRAINT = ContentItem("restraint", "Use of restraint", "item 5", 1, 1, applies="secure_establishment")


def _standing(
    item: ContentItem, proofs: int = 0, told: tuple[str, ...] = (), excused: str = "", secure: bool = False
) -> Standing:
    found = checks.cover(
        [item], [Proof(item.code, f"record {n}") for n in range(proofs)], told={item.code: told},
        excused={item.code: excused} if excused else {}, has_secure_establishment=secure,
    )  # fmt: skip
    return found[0].standing


def test_records_make_an_item_met_and_words_alone_only_thin() -> None:
    assert _standing(IMPACT) is Standing.MISSING
    assert _standing(IMPACT, told=("Training",)) is Standing.THIN
    assert _standing(IMPACT, proofs=1) is Standing.THIN
    assert _standing(IMPACT, proofs=3) is Standing.MET


def test_an_item_that_does_not_apply_says_why() -> None:
    assert _standing(IMPACT, excused="Nothing of the kind here.") is Standing.NOT_APPLICABLE
    assert _standing(RESTRAINT) is Standing.NOT_APPLICABLE
    assert _standing(RESTRAINT, secure=True) is Standing.MISSING


def test_an_item_that_asks_for_evidence_is_not_helped_by_words() -> None:
    better_off = ContentItem("impact", "Evidence of impact", "item 2", 1, 2, evidence_only=True)
    assert _standing(better_off, told=("Training",)) is Standing.MISSING
    assert _standing(better_off, proofs=1) is Standing.THIN
    assert _standing(better_off, proofs=2) is Standing.MET
