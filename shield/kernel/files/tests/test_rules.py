"""What a file is, by its content; what it may be called."""

import io
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.files import rules
from shield.kernel.records.rules import Refused


def archive(*names):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as zipped:
        for name in names:
            zipped.writestr(name, "<x/>")
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (b"%PDF-1.7 and so on", "pdf"),
        (b"\x89PNG\r\n\x1a\n\x00", "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (archive("[Content_Types].xml", "word/document.xml"), "docx"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), "pptx"),
        ("Notes of the 29 July meeting – Zoë".encode(), "txt"),
    ],
)
def test_the_content_says_what_a_file_is(content, extension):
    assert rules.content_type(content)[1] == extension


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00",
        b"\x7fELF",
        archive("evil.exe"),
        archive("word/document.xml"),
        archive("evil.exe", "notes about word/document.xml and [Content_Types].xml"),
        archive("[Content_Types].xml", "word/document.xml", "xl/workbook.xml"),
        archive("[Content_Types].xml", "word/document.xml", "../../etc/passwd"),
        archive("[Content_Types].xml", "word/document.xml", "/etc/passwd"),
        archive("[Content_Types].xml", "word/document.xml", "C:\\evil.exe"),
        archive("[Content_Types].xml", "word/document.xml")[:60],
        b"PK\x03\x04 word/document.xml [Content_Types].xml",
        b"<html><script>",
        b"  <!DOCTYPE html>",
        b"<svg onload=x>",
        b"<?xml version='1.0'?>",
        b"\xff\xfe\x00n\x00o",
        b"text with \x00 in it",
        "Zoë".encode("latin-1"),
    ],
    # Named by place: an archive holds the time it was made, and every worker of a test run must name a case alike.
    ids=range(19),
)
def test_other_content_is_refused_whatever_its_name(content):
    with pytest.raises(Refused):
        rules.content_type(content)


@pytest.mark.parametrize(
    ("given_name", "extension", "kept"),
    [
        ("Minutes of the Board (29 July).PDF", "pdf", "Minutes-of-the-Board-29-July.pdf"),
        ("../../etc/passwd.sh", "txt", "etc-passwd.txt"),
        ("report.pdf.exe", "pdf", "report-pdf.pdf"),
        ("Zoë.docx", "docx", "Zoe.docx"),
        ("孩子.pdf", "pdf", "file.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "pdf", "a-b-Set-Cookie-x.pdf"),
        ("", "pdf", "file.pdf"),
    ],
)
def test_a_name_is_made_safe_and_takes_the_extension_of_the_content(given_name, extension, kept):
    assert rules.safe_name(given_name, extension) == kept


@given(st.text(max_size=300))
def test_no_name_leads_out_of_its_folder(name):
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,79}\.pdf", rules.safe_name(name, "pdf"))


def test_an_empty_and_an_oversized_file_are_refused():
    rules.check_size(rules.SIZE_LIMIT)
    for size in (0, rules.SIZE_LIMIT + 1):
        with pytest.raises(Refused):
            rules.check_size(size)


WORD = ("[Content_Types].xml", "word/document.xml")


def packed(*, extra=(), zeros=0, encrypted=False, link=False):
    """A Word file with something beside its own members."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name in (*WORD, *extra):
            zipped.writestr(name, "<x/>")
        if zeros:
            zipped.writestr("word/media/zeros.bin", b"\0" * zeros)
        if link:
            entry = zipfile.ZipInfo("word/link")
            entry.external_attr = 0o120777 << 16
            zipped.writestr(entry, "/etc/passwd")
    made = bytearray(held.getvalue())
    if encrypted:
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            made[made.index(mark) + place] |= 1
    return bytes(made)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (packed(zeros=150 * 1024 * 1024), "far too large"),
        (packed(zeros=20 * 1024 * 1024), "far too large"),
        (packed(extra=[f"word/{n}.xml" for n in range(2_100)]), "far too large"),
        (packed(encrypted=True), "password"),
        (packed(link=True), "damaged"),
    ],
    ids=["bomb", "ratio", "entries", "password", "link"],
)
def test_an_archive_that_swells_or_hides_something_is_refused(content, why):
    with pytest.raises(Refused, match=why):
        rules.content_type(content)


def test_a_real_word_file_is_taken():
    from docx import Document

    held = io.BytesIO()
    made = Document()
    for _ in range(200):
        made.add_paragraph("Minutes of the Board. " * 40)
    made.save(held)
    assert rules.content_type(held.getvalue())[1] == "docx"
