"""What python-docx has no words for: fields, bookmarks, repeated rows, numbering, and our styles."""

from typing import Any

from docx.document import Document as WordFile
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree  # type: ignore[import-untyped]

FONT = "Arial"
BRAND, INK, SOFT = RGBColor(0x0A, 0x55, 0x67), RGBColor(0x14, 0x19, 0x1C), RGBColor(0x50, 0x5A, 0x5F)
TEXT_WIDTH = int(Cm(16))
_EMU_IN_TWIP = 635
_BOXES = {
    "info": ("0A5567", "EEF3F5"),
    "attention": ("C2530F", "FBF1EA"),
    "late": ("C2530F", "FBF1EA"),
    "good": ("14583A", "EBF5F0"),
}


def element(tag: str, /, **values: str) -> Any:
    """A new element in Word's own vocabulary; attribute names are given without their prefix."""
    made = OxmlElement(tag)
    for name, value in values.items():
        made.set(qn(f"w:{name}"), value)
    return made


# ---- Styles --------------------------------------------------------------------------------------


def set_styles(file: WordFile, language: str) -> None:
    """Our type on Word's own named styles, so that its navigation and contents work, and a few of our own."""
    styles = file.styles
    _language(file, language)
    for name, size, colour in (
        ("Normal", 11, INK),
        ("Title", 30, BRAND),
        ("Subtitle", 15, INK),
        ("Heading 1", 22, BRAND),
        ("Heading 2", 15, INK),
        ("Heading 3", 12, INK),
        ("Heading 4", 11, SOFT),
        ("Caption", 10, BRAND),
        ("Quote", 12.5, BRAND),
        ("List Bullet", 11, INK),
        ("List Number", 11, INK),
        ("List Bullet 2", 11, INK),
        ("Header", 9, SOFT),
        ("Footer", 9, SOFT),
    ):
        _type(styles[name], size, colour)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4", "Caption"):
        styles[name].font.bold, styles[name].font.italic = True, False
    styles["Subtitle"].font.italic = styles["Quote"].font.italic = False
    _spacing(styles)
    _drop_title_rule(styles["Title"])
    for name, size, colour in (
        ("Lead", 13, BRAND),
        ("Small print", 9, INK),
        ("Note", 9, SOFT),
        ("Cover text", 12, INK),
        ("Key figure", 11, INK),
        ("Contents title", 22, BRAND),
    ):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        _type(style, size, colour)
    styles["Contents title"].font.bold = True
    for level in (1, 2):
        style = styles.add_style(f"TOC {level}", WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        style.font.bold = level == 1
        style.paragraph_format.left_indent = Cm(0.6 * (level - 1))
        style.paragraph_format.space_after = Pt(4)
    for tone in _BOXES:
        _box_styles(styles, tone)
    _link_style(styles)
    _table_style(styles)


def _type(style: Any, size: float, colour: RGBColor) -> None:
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        # The theme's fonts win over named ones unless they are taken away.
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), FONT)


def _spacing(styles: Any) -> None:
    normal = styles["Normal"].paragraph_format
    normal.space_after, normal.line_spacing = Pt(8), 1.25
    for name, before, after in (
        ("Heading 1", 0, 14),
        ("Heading 2", 20, 8),
        ("Heading 3", 16, 6),
        ("Heading 4", 12, 4),
        ("Caption", 16, 6),
        ("Quote", 12, 4),
    ):
        form = styles[name].paragraph_format
        form.space_before, form.space_after, form.keep_with_next = Pt(before), Pt(after), name != "Quote"
    styles["Quote"].paragraph_format.left_indent = Cm(0.8)
    footer = styles["Footer"].paragraph_format
    for stop in list(footer.tab_stops):
        footer.tab_stops.clear_all()
        del stop
    footer.tab_stops.add_tab_stop(Cm(8), WD_TAB_ALIGNMENT.CENTER)
    footer.tab_stops.add_tab_stop(Cm(16), WD_TAB_ALIGNMENT.RIGHT)


def _drop_title_rule(style: Any) -> None:
    form = style.element.get_or_add_pPr()
    for border in form.findall(qn("w:pBdr")):
        form.remove(border)


def _box_styles(styles: Any, tone: str) -> None:
    line, fill = _BOXES[tone]
    for name, bold in ((f"Box title {tone}", True), (f"Box {tone}", False)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        style.font.bold = bold
        style.paragraph_format.left_indent = style.paragraph_format.right_indent = Cm(0.3)
        form = style.element.get_or_add_pPr()
        border = element("w:pBdr")
        border.append(element("w:left", val="single", sz="36", space="8", color=line))
        shade = element("w:shd", val="clear", color="auto", fill=fill)
        # The schema wants borders and shading before spacing and indents.
        form.insert(0, border)
        form.insert(1, shade)


def _link_style(styles: Any) -> None:
    style = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    style.font.color.rgb, style.font.underline = BRAND, True


def _table_style(styles: Any) -> None:
    style = styles.add_style("Shield table", WD_STYLE_TYPE.TABLE)
    style.base_style = styles["Normal Table"]
    style.font.size = Pt(9.5)
    form = style.element.get_or_add_pPr()
    form.append(element("w:spacing", before="60", after="60", line="252", lineRule="auto"))
    table = element("w:tblPr")
    borders = element("w:tblBorders")
    for side in ("bottom", "insideH"):
        borders.append(element(f"w:{side}", val="single", sz="4", space="0", color="CED5DA"))
    table.append(borders)
    margins = element("w:tblCellMar")
    margins.append(element("w:left", w="60", type="dxa"))
    margins.append(element("w:right", w="100", type="dxa"))
    table.append(margins)
    style.element.append(table)
    first = element("w:tblStylePr", type="firstRow")
    cell = element("w:tcPr")
    under = element("w:tcBorders")
    under.append(element("w:bottom", val="single", sz="12", space="0", color="0A5567"))
    cell.append(under)
    first.append(cell)
    style.element.append(first)


def _language(file: WordFile, language: str) -> None:
    """The language in which everything is read aloud and spelt, unless it says otherwise."""
    defaults: Any = file.styles.element.find(qn("w:docDefaults"))
    form = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    named = form.find(qn("w:lang"))
    if named is None:
        named = element("w:lang")
        form.append(named)
    named.set(qn("w:val"), language)
    settings: Any = file.settings.element
    for old in settings.findall(qn("w:themeFontLang")):
        old.set(qn("w:val"), language)


# ---- Fields, bookmarks and links -----------------------------------------------------------------


def _mark(paragraph: Paragraph, kind: str) -> None:
    run = paragraph.add_run()
    run._r.append(element("w:fldChar", fldCharType=kind))


def begin_field(paragraph: Paragraph, instruction: str) -> None:
    """Open a field; what follows until its end is its present result."""
    _mark(paragraph, "begin")
    code = element("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = instruction
    paragraph.add_run()._r.append(code)
    _mark(paragraph, "separate")


def end_field(paragraph: Paragraph) -> None:
    """Close the field."""
    _mark(paragraph, "end")


def add_field(paragraph: Paragraph, instruction: str, result: str) -> None:
    """A field with its result already there."""
    begin_field(paragraph, instruction)
    paragraph.add_run(result)
    end_field(paragraph)


def add_bookmarked(paragraph: Paragraph, words: str, name: str, number: int) -> None:
    """Words that can be linked to."""
    paragraph._p.append(element("w:bookmarkStart", id=str(number), name=name))
    paragraph.add_run(words)
    paragraph._p.append(element("w:bookmarkEnd", id=str(number)))


def add_link_within(paragraph: Paragraph, words: str, bookmark: str, *, styled: bool = False) -> None:
    """Words that lead to a bookmark."""
    _linked(paragraph, element("w:hyperlink", anchor=bookmark, history="1"), words, styled=styled)


def add_link(paragraph: Paragraph, words: str, address: str) -> None:
    """Words that lead to an address."""
    related = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    holder = element("w:hyperlink", history="1")
    holder.set(qn("r:id"), related)
    _linked(paragraph, holder, words, styled=True)


def _linked(paragraph: Paragraph, holder: Any, words: str, *, styled: bool) -> None:
    run = paragraph.add_run(words)
    if styled:
        run.style = "Hyperlink"
    holder.append(run._r)
    paragraph._p.append(holder)


# ---- Lists and tables ----------------------------------------------------------------------------


def new_numbering(file: WordFile) -> int:
    """A numbered list that begins at one: a new instance of the numbering that List Number uses."""
    numbering: Any = file.part.numbering_part.element
    style: Any = file.styles["List Number"].element
    used = style.pPr.numPr.numId.val
    abstract = next(each.abstractNumId.val for each in numbering.num_lst if each.numId == used)
    made = numbering.add_num(abstract)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(made.numId)


def use_numbering(paragraph: Paragraph, number: int) -> None:
    """Put a paragraph into a numbered list."""
    form: Any = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    form.get_or_add_ilvl().val = 0
    form.get_or_add_numId().val = number


# python-docx searches for each cell and run again and again; these write the elements outright.
_TR, _TRPR, _TC, _TCPR, _TCW, _P, _PPR, _R, _RPR, _T = (
    qn(f"w:{name}") for name in ("tr", "trPr", "tc", "tcPr", "tcW", "p", "pPr", "r", "rPr", "t")
)
_JC, _KEEP, _BOLD, _ITALIC = (qn(f"w:{name}") for name in ("jc", "keepNext", "b", "i"))
_VAL, _W, _TYPE, _SPACE = qn("w:val"), qn("w:w"), qn("w:type"), qn("xml:space")
_PLACES = {"right": "right", "centre": "center"}


def add_row(table: Table, *, repeat: bool = False) -> Any:
    """A row that stays on one page; a repeated one is printed again at the head of each page."""
    row = etree.SubElement(table._tbl, _TR)
    form = etree.SubElement(row, _TRPR)
    etree.SubElement(form, qn("w:cantSplit"))
    if repeat:
        etree.SubElement(form, qn("w:tblHeader"))
    return row


def add_cell(row: Any, width: int, align: str, *, keep: bool = False) -> Any:
    """A cell of a width in EMU; answers its paragraph. Some readers ignore a column's width."""
    cell = etree.SubElement(row, _TC)
    form = etree.SubElement(cell, _TCPR)
    etree.SubElement(form, _TCW, {_W: str(width // _EMU_IN_TWIP), _TYPE: "dxa"})
    line = etree.SubElement(cell, _P)
    if keep or align in _PLACES:
        shape = etree.SubElement(line, _PPR)
        if keep:
            etree.SubElement(shape, _KEEP)
        if align in _PLACES:
            etree.SubElement(shape, _JC, {_VAL: _PLACES[align]})
    return line


def add_text(line: Any, words: str, *, bold: bool = False, italic: bool = False) -> None:
    """A run of words at the end of a paragraph's element."""
    run = etree.SubElement(line, _R)
    if bold or italic:
        form = etree.SubElement(run, _RPR)
        if bold:
            etree.SubElement(form, _BOLD)
        if italic:
            etree.SubElement(form, _ITALIC)
    text = etree.SubElement(run, _T)
    text.text = words
    text.set(_SPACE, "preserve")


def describe_table(table: Table, words: str, widths: list[int]) -> None:
    """Set the columns' widths and what a screen reader says of the table."""
    table.autofit = False
    form: Any = table._tbl.tblPr
    form.append(element("w:tblCaption", val=words))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
