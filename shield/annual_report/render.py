"""The report as one document, and that document in every format. One source for all."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from shield.annual_report import contributors, narrative
from shield.annual_report.checks import Coverage
from shield.annual_report.models import Report, Status
from shield.annual_report.queries import Assembled
from shield.kernel.documents.exchange import html, pdf, word
from shield.kernel.documents.rules import blocks as b
from shield.kernel.documents.rules import serial
from shield.kernel.records import queries as records
from shield.kernel.records.rules import RecordRef
from shield.kernel.reporting.rules import Discrepancy, Figure, Gap, Section, UnknownFigure

FORMATS = ("report.html", "report.pdf", "report.docx", "report.json")
Say = Callable[[str, int], None]


def document(assembled: Assembled, *, traced: bool = False) -> b.Document:
    """The whole report as blocks, chapter by chapter; a part that nobody filled is left out.

    `traced`, for readers inside the partnership, says under each chapter where it comes from: the figures and the
    records it rests on, each with its page.
    """
    report = assembled.report
    made: list[b.Block] = []
    for chapter in contributors.CHAPTERS:
        inside = _chapter(chapter, assembled, traced)
        if inside:
            made += [b.Heading(1, chapter.title), *inside]
            made += _trace(chapter, assembled) if traced else []
    if report.status == Status.DRAFT:
        made += _in_draft(assembled)
    foreword = assembled.narratives.get("Foreword")
    return b.Document(
        title=report.title,
        subtitle=f"Report of the safeguarding partners, {assembled.period.in_words}",
        organisation=assembled.partnership.name,
        period=assembled.period.in_words,
        published=report.published_on,
        status="Draft" if report.status == Status.DRAFT else "Issued",
        foreword=_prose(foreword.text, assembled, traced) if foreword else (),  # type: ignore[arg-type]
        number_headings=True,
        data_behind_charts=True,
        blocks=tuple(made),
        meta=(
            ("Reporting year", f"{assembled.period.name} ({assembled.period.in_words})"),
            ("Figures as at", f"{assembled.period.as_at.day} {assembled.period.as_at:%B %Y}"),
            ("Guidance", report.year.edition.replace("WT", "Working Together to Safeguard Children ")),
        ),
    )


def _chapter(chapter: contributors.Chapter, assembled: Assembled, traced: bool) -> list[b.Block]:
    made: list[b.Block] = []
    alone = len(chapter.parts) == 1
    for part in chapter.parts:
        groups = _groups(part.gives, assembled)
        written = assembled.narratives.get(part.key)
        prose = _prose(written.text, assembled, traced) if written and written.text.strip() else ()
        inside = [*prose, *(block for group in groups for block in _given(group, several=len(groups) > 1))]
        if not inside:
            continue
        plain = alone or part.key == chapter.key or (len(groups) > 1 and not prose)
        made += [*([] if plain else [b.Heading(2, written.title if written else part.title)]), *inside]
    return _levels(made)


MOST_TRACED = 40
"""Records named under a chapter; the statutory contents name all of them."""


def _trace(chapter: contributors.Chapter, assembled: Assembled) -> list[b.Block]:
    """Where a chapter comes from: its figures, and the records that its modules give as evidence."""
    slug, year = assembled.partnership.slug, assembled.period.name
    modules = dict.fromkeys(part.gives.partition(".")[0] for part in chapter.parts if part.gives)
    sections = [assembled.sections[key] for key in modules if key in assembled.sections]
    lines: dict[str, b.Run] = {}
    for section in sections:
        for one in section.figures:
            words = f"{one.label}: {assembled.figure(one.key).text}"
            lines.setdefault(words, b.Link(words, f"/{slug}/figures/of/{one.key}?year={year}"))
    for section in sections:
        for proof in section.proofs[: MOST_TRACED - len(lines)]:
            href = records.address(proof.ref.kind, proof.ref.id, slug) if proof.ref else ""
            lines.setdefault(proof.text, b.Link(proof.text, href) if href else b.Text(proof.text))
    if not lines:
        return []
    return [b.Heading(2, "Where this comes from"), b.Bullets(tuple(b.Item((run,)) for run in lines.values()))]


def _given(group: Section, *, several: bool) -> list[b.Block]:
    """A group's blocks; each of several groups gets its own heading."""
    if not group.blocks:
        return []
    return [b.Heading(2, group.title), *group.blocks] if several else list(group.blocks)


def _levels(made: list[b.Block]) -> list[b.Block]:
    """No level is left out: a sub-heading right under the chapter moves up."""
    deepest, done = 1, []
    for block in made:
        if isinstance(block, b.Heading):
            level = min(block.level, deepest + 1)
            deepest = level
            done.append(b.Heading(level, block.text, block.anchor))
        else:
            done.append(block)
    return done


def _groups(gives: str, assembled: Assembled) -> list[Section]:
    if not gives:
        return []
    if not gives.endswith(".*"):
        found = assembled.groups.get(gives)
        return [found] if found else []
    named = {part.gives for chapter in contributors.CHAPTERS for part in chapter.parts}
    stem = gives.removesuffix("*")
    return [group for key, group in assembled.groups.items() if key.startswith(stem) and key not in named]


def _prose(text: str, assembled: Assembled, traced: bool = False) -> tuple[b.Block, ...]:
    def look_up(key: str) -> b.FigureText | None:
        try:
            href = (
                f"/{assembled.partnership.slug}/figures/of/{key}?year={assembled.period.name}"
                if traced
                else ""
            )
            return b.FigureText(assembled.figure(key).text, key, href)
        except UnknownFigure:
            return b.FigureText(f"[no figure “{key}”]", key)

    return narrative.as_blocks(text, look_up)


def _in_draft(assembled: Assembled) -> list[b.Block]:
    """What only a draft carries: what is open before it can be issued."""
    made: list[b.Block] = [b.Heading(1, "Open before this report can be issued")]
    made.append(b.Paragraph(b.runs("This chapter is part of the draft only."), "note"))
    if assembled.obstacles:
        made.append(b.Bullets(b.items(*(f"{o}." for o in assembled.obstacles))))
    if assembled.open_discrepancies:
        made += [
            b.Heading(2, "Discrepancies"),
            b.Bullets(b.items(*(d.line for d in assembled.open_discrepancies))),
        ]
    made.append(b.Heading(2, "Statutory contents"))
    made.append(
        b.Table(
            "Statutory contents, item by item",
            (
                b.Column("Item", share=4, row_header=True),
                b.Column("Standing", share=1),
                b.Column("Why", share=3),
            ),
            tuple(b.row(c.item.text, c.standing.label, c.why) for c in assembled.coverage),
        )
    )
    return made


def data(assembled: Assembled, made: b.Document) -> dict[str, Any]:
    """The report as JSON: sections, figures with definition and records, tables, gaps, statutory items, discrepancies."""
    return {
        "report": {
            "title": assembled.report.title,
            "partnership": assembled.partnership.slug,
            "year": assembled.period.name,
            "from": assembled.period.starts_on.isoformat(),
            "to": assembled.period.ends_on.isoformat(),
            "as_at": assembled.period.as_at.isoformat(),
            "edition": assembled.report.year.edition,
            "status": assembled.report.status,
        },
        "sections": [_section(s) for s in assembled.sections.values()],
        "figures": [figure_data(f) for f in assembled.figures],
        "tables": [_table(block) for block in made.blocks if isinstance(block, b.Table)],
        "gaps": [_gap(g) for g in assembled.gaps],
        "statutory_items": [_item(c) for c in assembled.coverage],
        "discrepancies": [_discrepancy(d) for d in assembled.discrepancies],
        "typed_numbers": [
            {"section": row.section, "number": t.number, "context": t.context} for row, t in assembled.typed
        ],
        "obstacles": assembled.obstacles,
        "document": serial.to_data(made),
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "text": gap.text,
        "record": _ref(gap.ref),
        "mended_by": gap.mended_by,
        "sort": gap.sort,
        "priority": gap.priority,
    }


def _item(covered: Coverage) -> dict[str, Any]:
    return {
        "code": covered.item.code,
        "text": covered.item.text,
        "citation": covered.item.citation,
        "standing": covered.standing.value,
        "why": covered.why,
        "confirmed": covered.item.confirmed,
        "evidence": [{"text": p.text, "record": _ref(p.ref)} for p in covered.proofs],
        "narratives": list(covered.narratives),
    }


def _discrepancy(found: Discrepancy) -> dict[str, Any]:
    return {
        "subject": found.subject,
        "title": found.subject_title,
        "attribute": found.attribute,
        "line": found.line,
        "open": found.is_open,
        "record": _ref(found.ref),
        "assertions": [
            {"value": _plain(a.value), "text": a.text, "places": list(a.places), "register": a.is_register}
            for a in found.assertions
        ],
        "settled_as": found.settlement.value_words if found.settlement else None,
        "reason": found.settlement.reason if found.settlement else None,
    }


def figure_data(figure: Figure) -> dict[str, Any]:
    """One figure with its definition and the records it counted; a withheld one without its value."""
    return {
        "key": figure.key,
        "label": figure.label,
        "unit": figure.unit,
        "about": figure.about.value,
        "definition": figure.definition,
        "value": None if figure.suppressed else figure.value,
        "denominator": None if figure.suppressed else figure.denominator,
        "text": figure.text,
        "period": figure.period.name,
        "as_at": figure.period.as_at.isoformat(),
        "unsettled": list(figure.unsettled),
        "suppressed": figure.suppressed,
        "note": figure.note,
        "records": [_ref(r) for r in figure.records],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "figures": [f.key for f in section.figures],
        "groups": [{"key": g.key, "title": g.title} for g in section.groups],
        "gaps": len(section.gaps),
    }


def _table(block: b.Table) -> dict[str, Any]:
    return {
        "caption": block.caption,
        "columns": [c.label for c in block.columns],
        "rows": [[b.plain(cell) for cell in row] for row in block.rows],
        "note": block.note,
    }


def _ref(ref: RecordRef | None) -> dict[str, str] | None:
    return {"kind": ref.kind, "id": str(ref.id), "title": ref.title} if ref else None


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def at_of(report: Report) -> datetime:
    """The file date of the report's formats: the day it was issued, or the day its figures were taken at."""
    day = report.issued_on or report.year.as_at
    return datetime.combine(day, time(12), tzinfo=UTC)


def formats(assembled: Assembled, say: Say = lambda step, percent: None) -> dict[str, bytes]:
    """Every format of the report, by file name."""
    say("Assembling the document", 20)
    made = document(assembled)
    return render(made, data(assembled, made), at_of(assembled.report), say)


def render(
    made: b.Document, facts: dict[str, Any], at: datetime, say: Say = lambda step, percent: None
) -> dict[str, bytes]:
    """The formats of a document already made, such as a frozen one."""
    say("Writing the web page", 40)
    files = {"report.html": html.page(made).encode()}
    say("Setting the PDF", 55)
    files["report.pdf"] = pdf.pdf(made, at=at)
    say("Writing the Word file", 80)
    files["report.docx"] = word.word(made, at=at)
    files["report.json"] = json.dumps(facts, ensure_ascii=False, indent=1).encode()
    say("Ready", 100)
    return files
