"""Files that leave: the results of a survey, and the poster “You said, we did”."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shield.domain.voice import rules
from shield.domain.voice.models import Question, Quotation, Said
from shield.kernel.accounts.models import Partnership
from shield.kernel.design import exchange
from shield.kernel.disclosure import rules as disclosure
from shield.kernel.documents.exchange import pdf
from shield.kernel.documents.rules import blocks as b

ON_A_POSTER = 7
"""Points for which a page has room; the latest answered come first."""


def results_csv(results: Sequence[tuple[Question, rules.Counted]]) -> bytes:
    """The counts of a survey as they may leave, with the rule in the last line."""
    rows: list[list[object]] = [["Question", "Answer", "Number"]]
    for question, counted in results:
        rows += [
            [question.text, label, disclosure.MARK if count is None else count]
            for label, count in counted.rows
        ]
    rows.append([disclosure.DEFAULT.in_words, "", ""])
    return exchange.csv_bytes(rows)


def poster(
    partnership: Partnership, groups: Sequence[tuple[str, list[Said]]], quotations: Sequence[Quotation]
) -> b.Document:
    """What people said and what was done, on one page to hang up."""
    latest = sorted(
        (row for _, rows in groups for row in rows), key=lambda row: str(row.answered_on or ""), reverse=True
    )[:ON_A_POSTER]
    made: list[b.Block] = [
        b.Table(
            "What people told us, and what we did",
            (b.Column("You said", share=1, row_header=True), b.Column("We did", share=1)),
            tuple(b.row(row.text, row.answer) for row in latest),
        )
    ]
    made += [b.Quote(b.runs(f"“{row.words}”"), row.get_group_display()) for row in quotations[:1]]
    made.append(b.Paragraph(b.runs("Thank you to everybody who told us.")))
    return b.Document(
        title="You said, we did",
        organisation=partnership.name,
        layout="note",
        status="Issued",
        blocks=tuple(made),
    )


def poster_pdf(
    partnership: Partnership,
    groups: Sequence[tuple[str, list[Said]]],
    quotations: Sequence[Quotation],
    *,
    at: datetime,
) -> bytes:
    """The poster as PDF."""
    return pdf.pdf(poster(partnership, groups, quotations), at=at)
