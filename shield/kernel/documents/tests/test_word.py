"""The Word file is made of Word's own headings, lists, captions, contents and descriptions."""

import io
import zipfile

import pytest
from docx import Document as open_file
from docx.oxml.ns import qn

from shield.kernel.documents.exchange import word
from shield.kernel.documents.tests import samples


@pytest.fixture(scope="module")
def made() -> bytes:
    return word.word(samples.whole(), at=samples.AT)


@pytest.fixture(scope="module")
def file(made):
    return open_file(io.BytesIO(made))


def test_headings_lists_and_words(file):
    styles = [line.style.name for line in file.paragraphs]
    assert styles.count("Heading 1") == 4
    assert styles.count("List Number") == 3
    assert "List Bullet 2" in styles
    assert any(samples.HARD in line.text for line in file.paragraphs)


def test_each_numbered_list_begins_at_one(file):
    numbers = [line._p.pPr.numPr.numId.val for line in file.paragraphs if line.style.name == "List Number"]
    assert numbers[0] == numbers[1] != numbers[2]


def test_tables_repeat_their_headings_and_keep_their_widths(file):
    table = next(each for each in file.tables if len(each.rows) == 61)
    first = table._tbl.tr_lst[0]
    assert first.trPr.find(qn("w:tblHeader")) is not None
    widths = [cell.width for cell in first.tc_lst]
    assert widths[1] > 2 * widths[0]
    assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")).startswith("Actions")


def test_captions_count_by_fields_that_are_filled_in(file):
    captions = [line for line in file.paragraphs if line.style.name == "Caption"]
    assert captions[0].text == "Figure 1: Referrals"
    assert " SEQ Figure " in captions[0]._p.xml


def test_pictures_are_described(file):
    assert len(file.inline_shapes) == 10
    for shape in file.inline_shapes:
        assert len(shape._inline.docPr.get("descr")) > 20


def test_the_contents_are_there_before_word_renews_them(file):
    lines = [line.text for line in file.paragraphs if line.style.name in ("TOC 1", "TOC 2")]
    assert lines[:2] == ["Foreword", "1  The year in numbers"]
    assert 'TOC \\o "1-2"' in file.element.xml


def test_language_properties_and_page_numbers(file):
    core = file.core_properties
    assert (core.title, core.language, core.content_status) == ("Yearly report", "en-GB", "Draft")
    assert 'w:lang w:val="en-GB"' in file.styles.element.xml
    assert " PAGE " in file.sections[0].footer.paragraphs[0]._p.xml
    assert file.styles["Normal"].font.name == "Arial"


def test_links_lead_out_only_where_they_can(made):
    related = zipfile.ZipFile(io.BytesIO(made)).read("word/_rels/document.xml.rels").decode()
    assert "https://www.gov.uk/guidance" in related
    assert "/kent/figures" not in related


def test_the_same_document_gives_the_same_bytes(made):
    assert word.word(samples.whole(), at=samples.AT) == made


def test_a_note_has_no_contents():
    note = open_file(io.BytesIO(word.word(samples.whole(layout="note", published=None), at=samples.AT)))
    assert not [line for line in note.paragraphs if line.style.name.startswith("TOC")]
