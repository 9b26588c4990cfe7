"""Issuing freezes a report: values, definitions, references. What was issued can always be shown again."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from shield.annual_report import render
from shield.annual_report.models import EarlierIssue, Report, Status
from shield.annual_report.queries import Assembled
from shield.kernel.documents.rules import blocks as b
from shield.kernel.documents.rules import serial
from shield.kernel.records.rules import Refused

MOVES: dict[str, frozenset[str]] = {
    Status.DRAFT: frozenset({Status.ISSUED}),
    Status.ISSUED: frozenset({Status.PUBLISHED, Status.WITHDRAWN}),
    Status.PUBLISHED: frozenset({Status.WITHDRAWN}),
    Status.WITHDRAWN: frozenset({Status.DRAFT}),
}


def check_move(now: str, then: str) -> None:
    """Refuse a change of status that the rules do not know."""
    if then not in MOVES[Status(now)]:
        raise Refused(
            f"A report that is {Status(now).label.lower()} cannot become {Status(then).label.lower()}."
        )


def check_issuable(assembled: Assembled) -> None:
    """Refuse to issue while anything is open; the message lists all of it."""
    if assembled.obstacles:
        raise Refused("The report cannot be issued yet: " + "; ".join(assembled.obstacles) + ".")


def freeze(assembled: Assembled, on: date) -> str:
    """The report as it is issued, as text that can be read again."""
    assembled.report.status, assembled.report.issued_on = Status.ISSUED, on
    made = render.document(assembled)
    frozen = json.dumps(render.data(assembled, made), ensure_ascii=False, sort_keys=True)
    # What cannot be read again must never be issued.
    if serial.from_data(json.loads(frozen)["document"]) != made:
        raise Refused("This report could not be read again as it would be issued. Nothing was issued.")
    return frozen


def digest(report: Report) -> str:
    """The fingerprint of what was issued; empty for a draft."""
    return hashlib.sha256(report.frozen.encode()).hexdigest() if report.frozen else ""


def thaw(report: Report | EarlierIssue) -> tuple[b.Document, dict[str, Any]]:
    """A frozen report's document and facts."""
    facts = json.loads(report.frozen)
    made = serial.from_data(facts["document"])
    return made, facts
