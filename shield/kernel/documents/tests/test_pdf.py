"""The PDF is set without a warning, keeps PDF/UA-1 (Typst refuses it otherwise) and is the same each time."""

import re
import zlib
from datetime import datetime
from pathlib import Path

import pytest

from shield.kernel.design.rules import charts
from shield.kernel.documents.exchange import pdf, typesetting
from shield.kernel.documents.rules.blocks import ChartBlock, Heading, Paragraph, runs
from shield.kernel.documents.tests import samples


def inside(made: bytes) -> bytes:
    """All of a PDF's streams, unpacked, after its plain parts."""
    unpacked = [made]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", made, re.S):
        try:
            unpacked.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(unpacked)


@pytest.fixture(scope="module")
def made() -> bytes:
    return pdf.pdf(samples.whole(), at=samples.AT)


def test_every_block_and_every_chart_is_set_and_tagged(made):
    assert made.startswith(b"%PDF")
    content = inside(made)
    assert b"pdfuaid" in content
    assert re.search(rb"/Lang\s*\(en-GB\)", content)
    assert content.count(b"/S/Figure") == 10
    assert len(re.findall(rb"/Type\s*/Page\b", content)) > 8


def test_cells_that_name_a_row_are_headers_of_the_row(made):
    assert made.count(b"/Scope/Row") == 60 + sum(len(chart.rows) for chart in samples.every_chart())


def test_the_same_document_gives_the_same_bytes(made):
    assert pdf.pdf(samples.whole(), at=samples.AT) == made


def test_a_note_has_no_cover(made):
    note = pdf.pdf(samples.whole(layout="note", status="Issued"), at=samples.AT)
    pages = [len(re.findall(rb"/Type\s*/Page\b", inside(each))) for each in (note, made)]
    assert pages[0] < pages[1]


def test_letters_that_no_font_has_are_spelt_out_and_nothing_is_lost():
    assert pdf._spelt("a👍b", frozenset("👍")) == "a[thumbs up sign]b"
    assert pdf._spelt("中", frozenset("中")) == "[character U+4E2D]"
    chart = charts.Bars(key="x", title="👍 中", items=(("中文 👍", 1),))
    blocks = (Heading(1, "中 👍"), Paragraph(runs("👍🏽 中")), ChartBlock(chart))
    assert pdf.pdf(samples.whole(blocks=blocks), at=samples.AT).startswith(b"%PDF")


def test_words_of_typst_stay_words():
    hostile = '#panic("x") #read("/etc/passwd") $x$ = Heading @ref <label> \\ // gone /* gone */'
    assert pdf.pdf(samples.whole(blocks=(Paragraph(runs(hostile)),)), at=samples.AT).startswith(b"%PDF")


def test_without_fonts_it_says_how_to_get_them(tmp_path: Path):
    with pytest.raises(typesetting.TypesettingError, match=r"design\.management\.build"):
        pdf.pdf(samples.whole(), at=samples.AT, fonts=tmp_path)


def test_a_warning_is_a_fault():
    with pytest.raises(typesetting.TypesettingError, match="unknown font family"):
        typesetting.compiled(
            b'#set document(title: "x")\n#set text(font: "Nowhere")\nx',
            {},
            typesetting.faces(str(typesetting.FONTS)),
            at=samples.AT,
        )


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(typesetting.TypesettingError, match="time zone"):
        pdf.pdf(samples.whole(), at=datetime(2019, 11, 4))
