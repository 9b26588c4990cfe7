"""Files that leave: the results of a survey, and the poster “You said, we did”."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import zip_longest

from shield.domain.voice import rules
from shield.domain.voice.models import Question, Quotation, Said
from shield.kernel.accounts.models import Partnership
from shield.kernel.design import exchange
from shield.kernel.disclosure import rules as disclosure
from shield.kernel.documents.exchange import pdf
from shield.kernel.documents.rules import blocks as b

LINES_ON_A_POSTER = 18
"""Lines for which a page has room in large print, beside a quotation and the thanks."""
LETTERS_IN_A_LINE = 44
"""Letters in a line of it, with those that stand before a text; rather too few than too many."""
LONGEST_QUOTE = 200


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
    partnership: Partnership,
    groups: Sequence[tuple[str, list[Said]]],
    quotations: Sequence[Quotation],
    *,
    address: str,
) -> b.Document:
    """What people said and what was done, on one page to hang up in large print; all of it is on the page at `address`."""
    made: list[b.Block] = []
    for row in _on_a_page(groups):
        words = "We did: " if row.we_did else "Why nothing can be done: "
        made.append(b.Heading(1, f"You said: {row.text}"))
        made.append(b.Paragraph(b.runs(b.Text(words, strong=True), row.answer)))
    short = [row for row in quotations if len(row.words) <= LONGEST_QUOTE]
    made += [b.Quote(b.runs(f"“{row.words}”"), row.get_group_display()) for row in short[:1]]
    made.append(
        b.Paragraph(b.runs("Thank you to everybody who told us. Read all of it: ", b.Link(address, address)))
    )
    return b.Document(
        title="You said, we did",
        organisation=partnership.name,
        layout="poster",
        status="Issued",
        blocks=tuple(made),
    )


def _on_a_page(groups: Sequence[tuple[str, list[Said]]]) -> list[Said]:
    """As many points as a page has room for: the latest of each group in turn, so that everybody's voice is on it."""
    latest = [sorted(rows, key=lambda row: str(row.answered_on or ""), reverse=True) for _, rows in groups]
    room, chosen = LINES_ON_A_POSTER, []
    for row in (row for turn in zip_longest(*latest) for row in turn if row is not None):
        lines = (
            sum(1 + len(text) // LETTERS_IN_A_LINE for text in (row.text, row.answer)) + 2
        )  # the space around them
        if lines <= room:
            chosen.append(row)
            room -= lines
    return chosen


def poster_pdf(
    partnership: Partnership,
    groups: Sequence[tuple[str, list[Said]]],
    quotations: Sequence[Quotation],
    *,
    address: str,
    at: datetime,
) -> bytes:
    """The poster as PDF."""
    return pdf.pdf(poster(partnership, groups, quotations, address=address), at=at)
