"""Tables of Excel, CSV, Word and pasted text become rows; whatever is wrong is told with its row and column."""

import io
import zipfile
from datetime import UTC, date, datetime, time

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.calendar.rules.reading import Doubtful, read
from shield.kernel.documents.exchange import excel as writing
from shield.kernel.files import exchange
from shield.kernel.files.exchange import grid as grids
from shield.kernel.records.rules import Refused

AT = datetime(2019, 11, 4, tzinfo=UTC)
HEAD = ["Date", "Time", "What happened"]


def is_day(text):
    try:
        return read(text, latest=date(2019, 11, 4)).is_known
    except Doubtful:
        return False


def table(content):
    return exchange.read_table(content, is_day=is_day)


def pasted(text):
    return exchange.read_pasted(text, is_day=is_day)


def cells(grid):
    return [list(line.cells) for line in grid.lines]


def book(*rows):
    return writing.workbook([HEAD, *rows], sheet="Chronology", at=AT)


def changed(content, path, old, new):
    """The same workbook with one part rewritten."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(held, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            assert name != path or old.encode() in text
            after.writestr(name, text.replace(old.encode(), new.encode()) if name == path else text)
    return held.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_workbooks_days_and_times_are_read_as_excel_shows_them():
    grid = table(
        book([date(2016, 5, 22), time(14, 30), "Seen"], [datetime(2016, 5, 23, 9, 5), 42512, "=1+1"])
    )
    assert cells(grid)[1:] == [["2016-05-22", "14:30", "Seen"], ["2016-05-23 09:05", "42512", "=1+1"]]
    assert grid.problems == []


def test_a_workbook_that_counts_from_1904_is_read_from_1904():
    old, new = "<sheets>", '<workbookPr date1904="1"/><sheets>'
    grid = table(changed(book([date(2016, 5, 22), "", "Seen"]), "xl/workbook.xml", old, new))
    assert cells(grid)[1][0] == "2020-05-23"


def test_a_formula_and_an_error_are_told_with_row_and_column():
    content = book(["22/05/2016", "", "Seen"])
    formula = changed(
        content, SHEET, '<row r="2"><c', '<row r="2"><c r="A2"><f>TODAY()</f><v>1</v></c><c r="B2"'
    )
    [problem] = table(formula).problems
    assert (problem.row, problem.column) == (2, "A")
    assert "formula" in problem.why
    error = changed(content, SHEET, '<row r="2"><c', '<row r="2"><c r="C2" t="e"><v>#REF!</v></c><c r="B2"')
    assert [str(p) for p in table(error).problems] == ["Row 2, column C: It holds the error #REF!."]


def test_a_cell_merged_over_rows_holds_for_each_of_them():
    content = book(["22/05/2016", "", "One"], ["", "", "Two"], ["23/05/2016", "", "Three"])
    merged = changed(
        content, SHEET, "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    )
    assert [row[0] for row in cells(table(merged))[1:]] == ["22/05/2016", "22/05/2016", "23/05/2016"]


def test_only_the_first_sheet_is_read_and_it_is_said():
    content = changed(
        book(["22/05/2016", "", "Seen"]),
        "xl/workbook.xml",
        "</sheets>",
        '<sheet name="Notes" sheetId="2"/></sheets>',
    )
    assert table(content).notes == ["The workbook has 2 sheets. Only the first, “Chronology”, is read."]


def test_a_workbook_with_an_entity_opens_nothing():
    content = changed(
        book(["22/05/2016", "", "Seen"]),
        SHEET,
        "<worksheet",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet',
    )
    content = changed(content, SHEET, "Seen", "&e;")
    assert "root:" not in str(cells(table(content)))


@pytest.mark.parametrize("content", [
    b"", b"PK\x03\x04nonsense", b"%PDF-1.7", b"\xd0\xcf\x11\xe0old excel", b"a\0b", b"\xff\xfea", b"caf\x8d\xe9,b\n1,2\n",
    b"Just a sentence without a day.",
])  # fmt: skip
def test_what_is_no_table_is_refused_in_words(content):
    with pytest.raises(Refused) as refused:
        table(content)
    assert len(refused.value.message) > 15


def test_a_bomb_is_refused_before_it_is_opened():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("xl/workbook.xml", b" " * 90_000_000)
    with pytest.raises(Refused, match="far too large"):
        table(held.getvalue())


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_whatever_its_sign_and_encoding(sign, encoding):
    text = f'Date{sign}What happened\n22/05/2016{sign}Zoë was seen\n23/05/2016{sign}"Two\nlines"\n'
    grid = table(text.encode(encoding))
    assert cells(grid) == [
        ["Date", "What happened"],
        ["22/05/2016", "Zoë was seen"],
        ["23/05/2016", "Two\nlines"],
    ]
    assert grid.notes == []


def test_letters_of_windows_are_read_and_put_to_a_person():
    grid = table("Date,Event\n22/05/2016,Zoë’s school\n".encode("cp1252"))
    assert cells(grid)[1] == ["22/05/2016", "Zoë’s school"]
    assert "Check these words: Zoë" in grid.notes[0]


def test_lines_of_date_and_event_are_split_where_the_date_ends():
    grid = pasted(
        "Notes of the school\n22/05/2016 - Seen - well\n3 - 5 June 2016 - Away\nc. May 2017: Moved\nand then she left\n"
    )
    assert cells(grid) == [
        ["22/05/2016", "Seen - well"],
        ["3 - 5 June 2016", "Away"],
        ["c. May 2017", "Moved"],
    ]
    assert [str(p) for p in grid.problems] == ["Row 5: No date was found at the beginning of this line."]
    assert "was taken for a title" in grid.notes[0]


def test_commas_within_sentences_make_no_columns():
    grid = pasted("22/05/2016 - Seen, fed, well\n23/05/2016 - Not seen\n")
    assert cells(grid)[0] == ["22/05/2016", "Seen, fed, well"]


def test_a_table_written_with_strokes_loses_its_rule():
    assert cells(pasted("| Date | Event |\n|---|---|\n| 22/05/2016 | Seen |\n")) == [
        ["Date", "Event"],
        ["22/05/2016", "Seen"],
    ]


def document(*tables, lines=()):
    made = Document()
    for line in lines:
        made.add_paragraph(line)
    for rows in tables:
        shown = made.add_table(rows=len(rows), cols=len(rows[0]))
        for number, row in enumerate(rows):
            for at, text in enumerate(row):
                shown.cell(number, at).text = text
    return made


def saved(made):
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def test_word_tables_are_joined_and_other_tables_left_out():
    rows = [["Date", "Event"], ["22/05/2016", "Seen"]]
    content = saved(document([["Prepared by"]], rows, [["Date", "Event"], ["23/05/2016", "Gone"]]))
    grid = table(content)
    assert cells(grid) == [["Date", "Event"], ["22/05/2016", "Seen"], ["23/05/2016", "Gone"]]
    assert "3 tables" in grid.notes[0]


def test_cells_merged_in_word_hold_for_each_row():
    made = document([["Date", "Event"], ["22/05/2016", "One"], ["", "Two"]])
    shown = made.tables[0]
    shown.cell(1, 0).merge(shown.cell(2, 0))
    assert [row[0] for row in cells(table(saved(made)))[1:]] == ["22/05/2016", "22/05/2016"]


def test_a_word_document_without_a_table_is_read_by_its_lines():
    assert cells(table(saved(document(lines=["22/05/2016 - Seen"])))) == [["22/05/2016", "Seen"]]


def test_a_cell_without_end_is_told_and_not_kept(monkeypatch):
    monkeypatch.setattr(grids, "LONGEST_CELL", 100)
    grid = pasted(f"Date,Event\n22/05/2016,{'x' * 101}\n")
    assert [str(p) for p in grid.problems] == ["Row 2, column B: It holds 101 letters; 100 are the most."]


def test_more_rows_than_anybody_reads_are_refused(monkeypatch):
    from shield.kernel.files.exchange import tables

    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    with pytest.raises(Refused, match="more than 3 rows"):
        pasted("Date,Event\n" + "22/05/2016,Seen\n" * 4)


def test_columns_are_called_as_spreadsheets_call_them():
    assert [grids.letter(at) for at in (0, 25, 26, 51, 701, 702)] == ["A", "Z", "AA", "AZ", "ZZ", "AAA"]


@given(st.text(max_size=200))
def test_any_text_is_a_table_or_refused(text):
    try:
        grid = pasted(text)
    except Refused as refused:
        assert refused.message  # noqa: PT017 - either is right
    else:
        assert grid.lines
