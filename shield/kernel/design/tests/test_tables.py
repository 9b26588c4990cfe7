"""Tables: sorted, paged and exported as the address asks, and safely when it asks for nonsense."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from shield.kernel.design import exchange, views
from shield.kernel.design.queries import Column, Table, follow

ROWS = [
    {"name": f"Action {number:02}", "due": date(2019, 7, 1 + number % 28), "steps": number}
    for number in range(60)
]
COLUMNS = (
    Column(key="name", label="Action", sort=True, href=lambda row: f"/actions/{row['steps']}"),
    Column(key="due", label="Due", sort=True),
    Column(key="steps", label="Steps", sort=True, numeric=True),
    Column(
        key="state",
        label="State",
        value=lambda row: "Late" if row["steps"] % 2 else None,
        tone=lambda _: "late",
    ),
)


def table(address: str = "", rows: object = ROWS, columns: object = COLUMNS, **options: object) -> Table:
    options = {"caption": "Actions of the board", "default_sort": "name", **options}
    return Table(rows, columns, QueryDict(address), **options)


def shown(one: Table) -> str:
    return Template("{% load design %}{% data_table table %}").render(Context({"table": one}))


def read(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def test_a_table_shows_its_first_page_in_its_own_order():
    one = table()
    assert (one.count, one.page_count, one.page_number, one.first, one.last) == (60, 3, 1, 1, 25)
    assert one.page_rows[0]["name"] == "Action 00"


def test_the_address_chooses_column_and_direction():
    assert table("sort=-steps").page_rows[0]["steps"] == 59
    assert table("sort=steps&page=3").page_rows[-1]["steps"] == 59


@pytest.mark.parametrize("asked", ["password", "-state", "--name", "name;drop", "-", "owner__user", "\x00"])
def test_an_unknown_sort_is_the_default(asked):
    one = Table(ROWS, COLUMNS, {"sort": asked}, caption="Actions", default_sort="-steps")
    assert one.sort == "-steps"
    assert one.page_rows[0]["steps"] == 59


@pytest.mark.parametrize(
    ("asked", "page"),
    [("2", 2), ("99", 3), ("999999999999999999999", 1), ("0", 1), ("-1", 1), ("two", 1), ("²", 1), ("", 1)],
)
def test_a_page_that_is_not_there_is_the_last_and_nonsense_the_first(asked, page):
    assert Table(ROWS, COLUMNS, {"page": asked}, caption="Actions").page_number == page


def test_links_keep_the_other_parameters():
    one = table("state=late&state=open&page=2&sort=name")
    assert one.page_href(3) == "?state=late&state=open&sort=name&page=3"
    assert one.export_href == "?state=late&state=open&sort=name&export=csv"
    by_key = {heading.column.key: heading for heading in one.headings}
    assert by_key["name"].href == "?state=late&state=open&sort=-name"
    assert by_key["due"].href == "?state=late&state=open&sort=due"
    assert by_key["state"].href is None


def test_two_tables_on_a_page_do_not_disturb_each_other():
    address = "late-page=2&page=3&late-sort=-steps"
    assert table(address).page_number == 3
    late = table(address, name="late")
    assert (late.page_number, late.sort) == (2, "-steps")
    assert late.page_href(1) == "?page=3&late-sort=-steps&late-page=1"


def test_rows_without_a_value_come_last_in_both_directions():
    rows = [{"due": None}, {"due": date(2019, 1, 1)}, {"due": date(2018, 1, 1)}]
    columns = [Column(key="due", label="Due", sort=True)]
    for direction in ("due", "-due"):
        assert Table(rows, columns, {"sort": direction}, caption="Dates").page_rows[-1]["due"] is None


def test_a_table_of_records_costs_one_count_and_one_page(db):
    records = ContentType.objects.all()
    columns = [
        Column(key="model", label="Model", sort=True),
        Column(key="app_label", label="App", sort=("app_label", "model")),
    ]
    for address in ("", "sort=-app_label", "page=99"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            shown(
                Table(
                    records, columns, QueryDict(address), caption="Models", default_sort="model", page_size=2
                )
            )
        assert len(queries) == 2


def test_records_are_ordered_with_their_key_to_settle_ties(db):
    one = Table(
        ContentType.objects.all(),
        [Column(key="app_label", label="App", sort=True)],
        {"sort": "-app_label"},
        caption="M",
    )
    assert "DESC" in str(one.ordered.query)
    assert "id" in str(one.ordered.query).split("ORDER BY")[1]


def test_the_heading_says_how_the_table_is_sorted():
    html = shown(table("sort=-steps"))
    assert html.count('aria-sort="descending"') == 1
    assert html.count('aria-sort="none"') == 2
    assert "govuk-table__header--numeric" in html
    assert "govuk-table__cell--numeric" in html
    assert 'role="region" aria-label="Actions of the board"' in html


def test_cells_link_tag_and_escape():
    rows = [{"name": "<script>", "due": date(2019, 7, 29), "steps": 1204, "state": "x"}]
    html = shown(
        table(rows=rows, columns=[*COLUMNS[:3], Column(key="state", label="State", tone=lambda _: "late")])
    )
    assert '<a class="govuk-link" href="/actions/1204">&lt;script&gt;</a>' in html
    assert "29 Jul 2019" in html
    assert "1,204" in html
    assert "shield-tag--late" in html
    assert "1 row" in html


def test_an_empty_table_says_what_to_do():
    html = shown(table(rows=[], empty="No actions yet.", empty_href="/new", empty_link="Add one"))
    assert "No actions yet." in html
    assert '<a class="govuk-link" href="/new">Add one</a>' in html
    assert "<table" not in html
    assert "Nothing matches" in shown(table(rows=[], filtered=True))


def test_following_a_path_stops_at_what_is_not_there():
    assert follow({"agency": {"name": "Police"}}, "agency.name") == "Police"
    assert follow({"agency": None}, "agency.name") is None


def test_the_file_holds_all_rows_in_the_order_shown():
    request = RequestFactory().get("/", {"export": "csv", "sort": "-steps", "page": "2"})
    one = Table(ROWS, COLUMNS, request.GET, caption="Actions of the board")
    response = views.table_response(
        request, "design/components.html", {}, one, file_name="Zoë's actions/../x"
    )
    rows = read(response.content)
    assert rows[0] == ["Action", "Due", "Steps", "State"]
    assert rows[1] == ["Action 59", "2019-07-04", "59", "Late"]
    assert len(rows) == 61
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="zoe-s-actions-x.csv"'
    assert response["Cache-Control"] == "no-store"


def test_a_table_that_may_not_be_exported_shows_its_page():
    request = RequestFactory().get("/", {"export": "csv"})
    one = Table(ROWS, COLUMNS, request.GET, caption="Actions", exportable=False)
    response = views.table_response(request, "design/table.html", {}, one)
    assert b"<table" in response.content
    assert b"Download" not in response.content


def test_columns_may_stay_out_of_the_file_or_be_written_otherwise():
    columns = [
        Column(key="name", label="Name", export=False),
        Column(key="steps", label="Steps", export=lambda row: row["steps"] * 2),
    ]
    assert list(table(columns=columns, rows=ROWS[:2]).exported_rows()) == [["Steps"], [0], [2]]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1", "=cmd|' /C calc'!A0", "＝1"]
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert exchange.neutral(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "text"),
    [(-5, "-5"), (Decimal("-1.50"), "-1.50"), (True, "Yes"), (None, ""), (date(2019, 7, 29), "2019-07-29"),
     (datetime(2019, 7, 29, 15, 5, tzinfo=UTC), "2019-07-29 16:05"), ("a-b", "a-b"), (["x", "y"], "x, y")],
)  # fmt: skip
def test_numbers_stay_numbers_and_dates_are_dates(value, text):
    assert exchange.neutral(value) == text


@given(st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=2), min_size=1, max_size=5))
def test_no_cell_of_a_file_can_run(rows):
    body = exchange.csv_bytes(rows)
    assert body.startswith(b"\xef\xbb\xbf")
    for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


@pytest.mark.parametrize(
    ("words", "name"), [("Läte äctions", "late-actions.csv"), ("../..", "table.csv"), ("漢字", "table.csv")]
)
def test_file_names_are_plain(words, name):
    assert exchange.file_name(words) == name
