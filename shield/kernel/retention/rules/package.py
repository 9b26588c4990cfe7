"""The answer to a request as data and as a document. Pure: the items as they were decided go in, nothing else does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shield.kernel.calendar.rules import in_words
from shield.kernel.documents.rules import blocks as b
from shield.kernel.retention.rules.requests import EXEMPTION_WORDS
from shield.kernel.retention.rules.schedule import ClassRule, period_words

ABOUT = (
    "Under article 15 of the UK GDPR you may know what is kept about you, why, for how long, with whom it is shared and where it "
    "came from; ask for it to be corrected, erased or restricted; object; and complain to the Information Commissioner’s Office "
    "(ico.org.uk)."
)
BLOCKED = "Where ████ stands, something was left out because it is about somebody else."


@dataclass(frozen=True)
class Given:
    """One item as it leaves: its text after redaction, or the exemption under which it is withheld."""

    number: int
    where: str
    relation: str
    since: date | None
    text: str
    redactions: int = 0
    exemption: str = ""

    @property
    def exemption_words(self) -> str:
        """The exemption in words."""
        return EXEMPTION_WORDS.get(self.exemption, "")


@dataclass(frozen=True)
class Answer:
    """The whole answer to one request."""

    reference: str
    organisation: str
    person: str
    received_on: date
    answered_on: date
    items: tuple[Given, ...]


def data(answer: Answer) -> dict[str, Any]:
    """The answer as plain data, for a machine to read."""
    return {
        "reference": answer.reference,
        "organisation": answer.organisation,
        "person": answer.person,
        "received_on": answer.received_on.isoformat(),
        "answered_on": answer.answered_on.isoformat(),
        "items": [
            {
                "number": item.number,
                "kept_in": item.where,
                "concerns_you": item.relation,
                "since": item.since.isoformat() if item.since else None,
                **(
                    {"withheld": item.exemption_words}
                    if item.exemption
                    else {"text": item.text, "redactions": item.redactions}
                ),
            }
            for item in answer.items
        ],
        "your_rights": ABOUT,
    }


def document(answer: Answer, *, draft: bool = False) -> b.Document:
    """The answer as a document that can be read."""
    made: list[b.Block] = [
        b.Heading(1, "About this answer"),
        b.Paragraph(
            b.runs(f"{answer.organisation} searched its system for what is kept about {answer.person}.")
        ),
        b.Paragraph(b.runs(ABOUT)),
        b.Paragraph(b.runs(BLOCKED)),
        _contents(answer.items),
    ]
    before = ""
    for item in answer.items:
        if item.where != before:
            made.append(b.Heading(1, item.where))
            before = item.where
        made += _item(item)
    return b.Document(
        title="What is kept about you",
        organisation=answer.organisation,
        blocks=tuple(made),
        subtitle=answer.reference,
        published=None if draft else answer.answered_on,
        status="Draft" if draft else "Issued",
        layout="note",
        meta=(("Request received", in_words(answer.received_on)), ("Answered", in_words(answer.answered_on))),
    )


def _contents(items: Sequence[Given]) -> b.Block:
    if not items:
        return b.Paragraph(b.runs("Nothing was found."))
    kept = Counter(item.where for item in items)
    withheld = Counter(item.where for item in items if item.exemption)
    columns = (
        b.Column("Kept in", share=3, row_header=True), b.Column("Items", align="right"), b.Column("Withheld", align="right"),
    )  # fmt: skip
    rows = tuple(b.row(where, str(count), str(withheld[where])) for where, count in kept.items())
    return b.Table("What was found", columns, rows)


def _item(item: Given) -> list[b.Block]:
    since = f", since {in_words(item.since)}" if item.since else ""
    head: list[b.Block] = [b.Heading(2, f"Item {item.number}: {item.relation}{since}")]
    if item.exemption:
        words = b.Paragraph(b.runs(f"This item is withheld. {item.exemption_words}."))
        return [*head, b.Callout("Withheld", (words,), "attention")]
    lines = [line.strip() for line in item.text.split("\n") if line.strip()]
    return [*head, *(b.Paragraph(b.runs(line)) for line in lines)]


def schedule_document(
    organisation: str, lines: Sequence[tuple[ClassRule, int | None, str, str]], on: date
) -> b.Document:
    """The retention schedule as a document: each class with the period here, the default, what it covers and why."""
    made: list[b.Block] = [
        b.Paragraph(
            b.runs(
                "How long this partnership keeps what. When a period is over nothing goes by itself: a person reviews it, a "
                "second person confirms, and the disposal log keeps what was disposed of under which rule. Whatever is under a "
                "legal hold stays."
            )
        )
    ]
    for rule, months, covers, reason in lines:
        default = "" if months == rule.months else period_words(rule.months)
        pairs = [
            ("Period", period_words(months) if rule.at_end != "expire" else "None: it expires by itself"),
            ("Default", default), ("Why it differs", reason), ("Counted from", rule.trigger_words), ("At the end", rule.at_end.label),
            ("Covers", covers), ("Source", rule.source_words), ("Note", rule.note),
        ]  # fmt: skip
        made += [
            b.Heading(1, rule.label),
            b.SummaryRows(tuple(b.SummaryRow(label, b.runs(value)) for label, value in pairs if value)),
        ]
    return b.Document(
        title="Retention schedule", organisation=organisation, blocks=tuple(made), published=on, status="Issued", layout="note"
    )  # fmt: skip
