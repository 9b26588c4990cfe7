"""A document as a Word file: real headings, lists, captions, contents and alternative text."""

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document as new_file
from docx.document import Document as WordFile
from docx.enum.text import WD_BREAK
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from shield.kernel.design.rules import wording
from shield.kernel.documents.exchange import typesetting
from shield.kernel.documents.exchange import word_parts as parts
from shield.kernel.documents.rules import blocks, numbering
from shield.kernel.documents.rules.blocks import Document, Runs

PIXELS = 1280
_SHORT = 9


@dataclass
class _Writer:
    """One file being written: the file, the document, and what is kept while writing."""

    file: WordFile
    document: Document
    anchors: dict[str, int]
    pictures: dict[str, bytes]
    styles: dict[str, str]


def word(document: Document, *, at: datetime, fonts: Path = typesetting.FONTS) -> bytes:
    """The document as .docx. `at` is the file's own date, so that the same document gives the same bytes."""
    document = numbering.numbered(document, printed=True)
    headings = [block for block in document.blocks if isinstance(block, blocks.Heading)]
    anchors = {block.anchor: index for index, block in enumerate(headings, start=1)}
    file = new_file()
    parts.set_styles(file, document.language)
    styles = {str(style.name): str(style.style_id) for style in file.styles}
    writer = _Writer(file, document, anchors, _pictures(document, fonts), styles)
    _properties(writer, at)
    _page(writer)
    _cover(writer)
    for block in document.blocks:
        _block(writer, block)
    held = io.BytesIO()
    writer.file.save(held)
    return _steady(held.getvalue(), at)


def _steady(packed: bytes, at: datetime) -> bytes:
    """The same package with its inner dates set, for the clock of the machine is no part of a document."""
    stamp = at.astimezone(UTC).timetuple()[:6]
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, date_time=(max(1980, stamp[0]), *stamp[1:]))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return held.getvalue()


def _properties(writer: _Writer, at: datetime) -> None:
    core, document = writer.file.core_properties, writer.document
    core.title, core.author, core.last_modified_by = (
        document.title,
        document.organisation,
        document.organisation,
    )
    core.subject, core.comments = document.period, document.subtitle
    core.language, core.content_status = document.language, document.status
    core.created = core.modified = at.astimezone(UTC).replace(tzinfo=None)
    core.revision = 1


def _page(writer: _Writer) -> None:
    section = writer.file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.5)
    section.different_first_page_header_footer = writer.document.layout == "report"
    head = section.header.paragraphs[0]
    draft = "Draft, not yet issued.  " if writer.document.status == "Draft" else ""
    head.text = f"{draft}{writer.document.organisation}"
    foot = section.footer.paragraphs[0]
    foot.text = f"{writer.document.title}\t\tPage "
    parts.add_field(foot, " PAGE ", "1")


def _cover(writer: _Writer) -> None:
    document = writer.document
    report = document.layout == "report"
    first = _line(writer, "Cover text", document.organisation)
    first.runs[0].bold = True
    if report:
        first.paragraph_format.space_after = Pt(150)
    if document.status == "Draft":
        mark = _line(writer, "Cover text").add_run("Draft, not yet issued")
        mark.bold, mark.font.color.rgb = True, RGBColor(0x9A, 0x3D, 0x0B)
    _line(writer, "Title", document.title)
    if document.subtitle:
        _line(writer, "Subtitle", document.subtitle)
    lines = [document.period, f"Published {wording.day(document.published)}" if document.published else ""]
    for line in [*lines, *(f"{name}: {value}" for name, value in document.meta)]:
        if line:
            _line(writer, "Cover text", line)
    if report:
        _contents(writer)


def _contents(writer: _Writer) -> None:
    """The contents as a field that Word can renew, filled in already, each line a link."""
    title = _line(writer, "Contents title", "Contents")
    title.paragraph_format.page_break_before = True
    entries = numbering.outline(writer.document)
    for index, entry in enumerate(entries):
        line = _line(writer, f"TOC {entry.level}")
        if index == 0:
            parts.begin_field(line, ' TOC \\o "1-2" \\h \\z \\u ')
        parts.add_link_within(line, entry.words, f"_Toc{writer.anchors[entry.anchor]:06}")
        if index == len(entries) - 1:
            parts.end_field(line)


def _line(writer: _Writer, style: str, words: str = "") -> WordParagraph:
    """A new paragraph. Its style is set by id: by name, python-docx searches all styles each time."""
    line = writer.file.add_paragraph()
    line._p.style = writer.styles[style]
    if words:
        parts.add_text(line._p, words)
    return line


def _block(writer: _Writer, block: blocks.Block) -> None:
    match block:
        case blocks.Heading():
            _heading(writer, block)
        case blocks.Paragraph():
            names = {"body": "Normal", "lead": "Lead", "small": "Small print", "note": "Note"}
            _runs(writer, _line(writer, names[block.style]), block.runs)
        case blocks.Bullets() | blocks.Numbered():
            _list(writer, block)
        case blocks.Table():
            _table(writer, block)
        case blocks.ChartBlock():
            _chart(writer, block)
        case blocks.Quote():
            _runs(writer, _line(writer, "Quote"), block.runs)
            if block.by:
                _line(writer, "Note", block.by)
        case blocks.Callout():
            line = _line(writer, f"Box title {block.tone}", block.title)
            line.paragraph_format.keep_with_next = True
            for each in block.blocks:
                _in_box(writer, each, block.tone)
        case blocks.SummaryRows():
            _summary(writer, block)
        case blocks.KeyFigures():
            _key_figures(writer, block)
        case blocks.PageBreak():
            writer.file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _in_box(writer: _Writer, block: blocks.Inner, tone: str) -> None:
    if isinstance(block, blocks.Paragraph):
        _runs(writer, _line(writer, f"Box {tone}"), block.runs)
    else:
        _block(writer, block)


def _heading(writer: _Writer, block: blocks.Heading) -> None:
    line = writer.file.add_heading(level=block.level)
    if block.level == 1 and writer.document.layout == "report":
        line.paragraph_format.page_break_before = True
    words = f"{block.number}  {block.text}" if block.number else block.text
    number = writer.anchors[block.anchor]
    parts.add_bookmarked(line, words, f"_Toc{number:06}", number)


def _list(writer: _Writer, block: blocks.Bullets | blocks.Numbered) -> None:
    kind = "List Bullet" if isinstance(block, blocks.Bullets) else "List Number"
    # Each numbered list is a list of its own, or Word would go on counting from the one before.
    number = parts.new_numbering(writer.file) if isinstance(block, blocks.Numbered) else None
    for item in block.items:
        line = _line(writer, kind)
        if number is not None:
            parts.use_numbering(line, number)
        _runs(writer, line, item.runs)
        for under in item.under:
            _runs(writer, _line(writer, "List Bullet 2"), under)


def _caption(writer: _Writer, word_: str, number: int, words: str) -> None:
    line = _line(writer, "Caption")
    line.paragraph_format.keep_with_next = True
    line.add_run(f"{word_} ")
    parts.add_field(line, f" SEQ {word_} \\* ARABIC ", str(number))
    line.add_run(f": {words}")


def _table(writer: _Writer, block: blocks.Table) -> None:
    _caption(writer, "Table", block.number, block.caption)
    table = writer.file.add_table(0, len(block.columns))
    table.style = "Shield table"
    whole = sum(column.share for column in block.columns)
    widths = [int(parts.TEXT_WIDTH * column.share / whole) for column in block.columns]
    parts.describe_table(table, block.caption, widths)
    headings = tuple(blocks.runs(column.label) for column in block.columns)
    for index, cells in enumerate((headings, *block.rows)):
        row = parts.add_row(table, repeat=index == 0)
        # A short table stays on one page with its caption.
        keep = len(block.rows) <= _SHORT and index < len(block.rows)
        for column, words, width in zip(block.columns, cells, widths, strict=True):
            line = parts.add_cell(row, width, column.align, keep=keep)
            _runs(writer, WordParagraph(line, table), words, strong=index == 0 or column.row_header)
    _line(writer, "Note", block.note)


def _chart(writer: _Writer, block: blocks.ChartBlock) -> None:
    _caption(writer, "Figure", block.number, block.words)
    line = writer.file.add_paragraph()
    drawing = line.add_run().add_picture(
        io.BytesIO(writer.pictures[block.chart.key]),
        width=Emu(int(parts.TEXT_WIDTH * block.chart.print_share)),
    )
    named = drawing._inline.docPr
    named.set("descr", block.chart.spoken)
    named.set("title", block.words)


def _pictures(document: Document, fonts: Path) -> dict[str, bytes]:
    """Every chart as PNG, all drawn at once."""
    charts = [block.chart for block in document.blocks if isinstance(block, blocks.ChartBlock)]
    drawings = [(each.svg_for_print(), PIXELS * each.print_share) for each in charts]
    made = typesetting.pictures(drawings, typesetting.faces(str(fonts)))
    return {each.key: picture for each, picture in zip(charts, made, strict=True)}


def _summary(writer: _Writer, block: blocks.SummaryRows) -> None:
    table = writer.file.add_table(0, 2)
    table.style = "Shield table"
    widths = [int(parts.TEXT_WIDTH * 0.3), int(parts.TEXT_WIDTH * 0.7)]
    parts.describe_table(table, "Details", widths)
    for each in block.rows:
        row = parts.add_row(table)
        for words, width, strong in zip(
            (blocks.runs(each.label), each.runs), widths, (True, False), strict=True
        ):
            line = parts.add_cell(row, width, "left")
            _runs(writer, WordParagraph(line, table), words, strong=strong)
    _line(writer, "Note")


def _key_figures(writer: _Writer, block: blocks.KeyFigures) -> None:
    """One paragraph for each number with what it counts: a table would say more than it means."""
    for each in block.items:
        line = _line(writer, "Key figure")
        value = line.add_run(each.value)
        value.bold, value.font.size, value.font.color.rgb = True, Pt(24), parts.BRAND
        line.add_run(f"  {each.label}")


def _runs(writer: _Writer, line: WordParagraph, words: Runs, *, strong: bool = False) -> None:
    for run in words:
        if isinstance(run, blocks.Link):
            _link(writer, line, run)
            continue
        stressed = isinstance(run, blocks.Text) and run.strong
        leaning = isinstance(run, blocks.Text) and run.emphasis
        parts.add_text(line._p, run.text, bold=strong or stressed, italic=leaning)


def _link(writer: _Writer, line: WordParagraph, run: blocks.Link) -> None:
    href: Any = run.href
    if href.startswith("#") and href[1:] in writer.anchors:
        parts.add_link_within(line, run.text, f"_Toc{writer.anchors[href[1:]]:06}", styled=True)
        return
    if href.startswith("/"):
        href = writer.document.site + href if writer.document.site else ""
    if not href or href.startswith("#"):
        line.add_run(run.text)
        return
    parts.add_link(line, run.text, href)
