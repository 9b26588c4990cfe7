"""Lists as they are uploaded: read, cut down to what is needed, or refused in words."""

import hashlib
import io
import zipfile

import pytest

from shield.domain.audits import exchange
from shield.kernel.records.rules import Refused

CSV = b"Ref,Age band,Team\nL1,0 to 4,North\nL2,5 to 9,South\n"


def workbook(rows):
    """The least that Excel calls a workbook."""
    cells = "".join(
        f'<row r="{r}">'
        + "".join(
            f'<c r="{chr(65 + c)}{r}" t="inlineStr"><is><t>{text}</t></is></c>' for c, text in enumerate(row)
        )
        + "</row>"
        for r, row in enumerate(rows, start=1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
        )
    return held.getvalue()


def test_a_csv_list_keeps_references_and_the_columns_asked_for():
    listed = exchange.read_list(CSV, kept=["age band"])
    assert [entry.reference for entry in listed.entries] == ["L1", "L2"]
    assert listed.entries[1].groups == {"Age band": "5 to 9"}
    assert listed.columns == ("Age band",)
    assert listed.digest == hashlib.sha256(CSV).hexdigest()


def test_an_excel_list_says_the_same_as_a_csv_list():
    rows = [["Ref", "Team"], ["L1", "North"], ["L2", ""]]
    listed = exchange.read_list(workbook(rows), own="ref", kept=["Team"])
    assert [(e.reference, e.groups["Team"]) for e in listed.entries] == [("L1", "North"), ("L2", "Not given")]


def test_the_reference_may_stand_in_another_column_and_semicolons_may_part_them():
    listed = exchange.read_list("Team;Our number\nNorth;N7\n".encode("utf-8-sig"), own="our number")
    assert [entry.reference for entry in listed.entries] == ["N7"]


@pytest.mark.parametrize(
    ("content", "asked", "why"),
    [
        (b"Ref,Name\nL1,Anna\n", {}, "says who a child is: “Name”"),
        (b"Ref,Date of birth\nL1,x\n", {}, "Date of birth"),
        (CSV, {"own": "Number"}, "no column “Number”. Its columns are “Ref”, “Age band”, “Team”"),
        (CSV, {"kept": ["Ward"]}, "no column “Ward”"),
        (b"Ref\n", {}, "a row of headings and at least one record"),
        (b"%PDF-1.7 x", {}, "as a CSV file or an Excel workbook"),
        (b"\x00\x01\x02", {}, "as a CSV file or an Excel workbook. If it is one, it is damaged"),
        ("Ref,Team\nL1,Café\n".encode("latin-1"), {}, "save it as “CSV UTF-8”"),
        (b"x" * (exchange.SIZE_LIMIT + 1), {}, "larger than 2 MB"),
    ],
    ids=["name", "birth", "own", "kept", "empty", "pdf", "bytes", "encoding", "large"],
)
def test_what_is_no_such_list_is_refused_in_words(content, asked, why):
    with pytest.raises(Refused, match=why):
        exchange.read_list(content, **asked)


def test_a_workbook_that_calls_for_a_file_of_ours_is_not_obeyed():
    bomb = workbook([["Ref"], ["L1"]])
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bomb)) as source, zipfile.ZipFile(held, "w") as archive:
        for name in source.namelist():
            text = source.read(name).decode()
            if name.endswith("sheet1.xml"):
                text = '<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + text.replace("L1", "L1&e;")
            archive.writestr(name, text)
    listed = exchange.read_list(held.getvalue())
    assert [entry.reference for entry in listed.entries] == ["L1"]


@pytest.mark.parametrize("pointer", ["²", "7", "-1", "1" * 40])
def test_a_cell_that_points_nowhere_is_refused_in_words(pointer):
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([["Ref"], ["L1"]]))) as source,
        zipfile.ZipFile(held, "w") as archive,
    ):
        for name in source.namelist():
            text = source.read(name).decode()
            archive.writestr(
                name, text.replace('t="inlineStr"><is><t>L1</t></is>', f't="s"><v>{pointer}</v>')
            )
    with pytest.raises(Refused, match="damaged"):
        exchange.read_list(held.getvalue())


def test_a_null_byte_in_a_list_is_said_in_the_words_of_lists():
    with pytest.raises(Refused, match="holds characters that no text has"):
        exchange.read_list(b"Ref\nL1\0\n")
