"""The table: one page of many rows, sorted and exported as the address asks, from a queryset or a list.

A view builds it with `params=request.GET` and hands it to the template, which shows it by `{% data_table
table %}`. Nothing in the address is trusted: an unknown column or a wild page number falls back to what
the page began with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shield.kernel.design.rules import components, values

PAGE_SIZE = 25


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column.

    `value` is an attribute's path ("agency.name"), a mapping's key, or a function of the row; without it,
    `key` is the path. `sort` makes the heading a link: True sorts by `key`; for a queryset it may name a
    field or several; for a list it may be a function of the row. `format` writes the value, `tone` shows
    it as a tag, `href` links it. `export` writes the value into the file; False leaves the column out of
    it.
    """

    key: str
    label: str
    value: str | Callable[[Any], Any] | None = None
    href: Callable[[Any], str | None] | None = None
    numeric: bool = False
    sort: bool | str | Sequence[str] | Callable[[Any], Any] = False
    format: Callable[[Any], str] | None = None
    tone: Callable[[Any], str | None] | None = None
    export: bool | Callable[[Any], Any] = True
    hidden_label: bool = False

    def value_of(self, row: Any) -> Any:
        """The value in a row."""
        if callable(self.value):
            return self.value(row)
        return follow(row, self.value or self.key)

    def cell(self, row: Any) -> Cell:
        """The value as the page shows it."""
        value = self.value_of(row)
        written = self.format(value) if self.format and value is not None else _in_a_table(value)
        tone = self.tone(row) if self.tone else None
        return Cell(
            column=self,
            text=written,
            href=self.href(row) if self.href else None,
            tag=components.tag(written, tone) if self.tone and written else None,
            classes=self._classes(value),
        )

    def _classes(self, value: Any) -> str:
        """Numbers stand at the right; dates do not break."""
        numeric = " govuk-table__cell--numeric" if self.numeric else ""
        return f"{numeric} shield-nowrap" if isinstance(value, date) else numeric

    def exported(self, row: Any) -> Any:
        """The value as the file holds it."""
        return self.export(row) if callable(self.export) else self.value_of(row)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell as it is shown."""

    column: Column
    text: str
    href: str | None = None
    tag: SafeString | None = None
    classes: str = ""

    @property
    def html(self) -> SafeString:
        """The cell's markup, made here because a table has hundreds of cells."""
        inner = self.tag or self.text
        if not inner:
            return format_html('<span class="shield-blank">{}</span>', "–")
        if self.href:
            return format_html('<a class="govuk-link" href="{}">{}</a>', self.href, inner)
        return format_html("{}", inner)


@dataclass(frozen=True, kw_only=True)
class Heading:
    """One heading as it is shown: a link when the table can be sorted by it."""

    column: Column
    href: str | None = None
    direction: str | None = None


@dataclass(frozen=True, kw_only=True)
class PageLink:
    """One entry of the pagination; without a number it is a gap."""

    number: int | None
    href: str | None = None
    current: bool = False


def follow(row: Any, path: str) -> Any:
    """Follow "agency.name" through attributes and mappings; a missing link on the way gives None."""
    value = row
    for step in path.split("."):
        if value is None:
            return None
        value = value.get(step) if isinstance(value, Mapping) else getattr(value, step)
    return value


def _in_a_table(value: Any) -> str:
    """Short dates in tables; everything else as usual."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return values.day_short(value)
    return values.shown(value)


class Table:
    """Rows, columns and what the address asks of them. On a queryset it costs one count and one page."""

    def __init__(
        self,
        rows: QuerySet[Any] | Sequence[Any],
        columns: Sequence[Column],
        params: Mapping[str, Any] | None = None,
        *,
        caption: str,
        default_sort: str = "",
        page_size: int = PAGE_SIZE,
        name: str = "",
        file_name: str = "",
        show_caption: bool = True,
        exportable: bool = True,
        filtered: bool = False,
        empty: str = "There is nothing here yet.",
        empty_hint: str = "",
        empty_href: str = "",
        empty_link: str = "",
    ) -> None:
        self.rows = rows
        self.columns = tuple(columns)
        self.caption = caption
        self.show_caption = show_caption
        self.exportable = exportable
        self.filtered = filtered
        self.page_size = page_size
        self.name = name
        self.file_name = file_name or caption
        self.empty = empty
        self.empty_hint = empty_hint
        self.empty_href = empty_href
        self.empty_link = empty_link
        self.default_sort = default_sort
        self._params = params or {}

    # What the address asks for.
    def _asked(self, key: str) -> str:
        return str(self._params.get(self._parameter(key)) or "")

    def _parameter(self, key: str) -> str:
        """Two tables on a page keep their parameters apart by name."""
        return f"{self.name}-{key}" if self.name else key

    @cached_property
    def sort(self) -> str:
        """The column sorted by, a minus before it for downwards; the default if the address names none."""
        known = {column.key for column in self.columns if column.sort}
        asked = self._asked("sort")
        return asked if asked.removeprefix("-") in known else self.default_sort

    @property
    def wants_export(self) -> bool:
        """Whether the address asks for the file."""
        return self.exportable and self._asked("export") == "csv"

    @cached_property
    def count(self) -> int:
        """How many rows there are on all pages."""
        return self.rows.count() if isinstance(self.rows, QuerySet) else len(self.rows)

    @property
    def page_count(self) -> int:
        """How many pages there are; an empty table has one."""
        return max(1, -(-self.count // self.page_size))

    @cached_property
    def page_number(self) -> int:
        """The page shown: the last when the address asks for one beyond it, the first for nonsense."""
        asked = self._asked("page")
        if not re.fullmatch(r"[0-9]{1,9}", asked):
            return 1
        return min(max(1, int(asked)), self.page_count)

    @property
    def first(self) -> int:
        """The number of the first row shown."""
        return (self.page_number - 1) * self.page_size + 1 if self.count else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.page_number * self.page_size, self.count)

    # The rows.
    @cached_property
    def ordered(self) -> QuerySet[Any] | Sequence[Any]:
        """All rows in the order asked for; rows without a value come last in both directions."""
        key, downwards = self.sort.removeprefix("-"), self.sort.startswith("-")
        column = next((each for each in self.columns if each.key == key), None)
        if isinstance(self.rows, QuerySet):
            return self._ordered_by_database(self.rows, column, key, downwards)
        if column is None:
            return self.rows
        worth = column.sort if callable(column.sort) else column.value_of
        present = [row for row in self.rows if worth(row) is not None]
        absent = [row for row in self.rows if worth(row) is None]
        return sorted(present, key=worth, reverse=downwards) + absent

    @staticmethod
    def _ordered_by_database(
        rows: QuerySet[Any], column: Column | None, key: str, downwards: bool
    ) -> QuerySet[Any]:
        if not key:
            return rows
        named = column.sort if column and column.sort else True
        fields = (
            [key]
            if named is True or callable(named)
            else [named]
            if isinstance(named, str)
            else list(named or ())
        )
        terms = [
            F(field).desc(nulls_last=True) if downwards else F(field).asc(nulls_last=True) for field in fields
        ]
        # The primary key settles ties, so that no row is on two pages or on none.
        return rows.order_by(*terms, "pk")

    @cached_property
    def page_rows(self) -> list[Any]:
        """The rows of the page shown."""
        start = (self.page_number - 1) * self.page_size
        return list(self.ordered[start : start + self.page_size])

    @property
    def cells(self) -> Iterator[list[Cell]]:
        """The rows of the page shown, cell by cell."""
        return ([column.cell(row) for column in self.columns] for row in self.page_rows)

    def exported_rows(self) -> Iterator[list[Any]]:
        """All rows of all pages, as the file holds them, headings first."""
        columns = [column for column in self.columns if column.export is not False]
        yield [column.label for column in columns]
        rows: Iterable[Any] = self.ordered
        if isinstance(rows, QuerySet):
            rows = rows.iterator(chunk_size=2000)
        for row in rows:
            yield [column.exported(row) for column in columns]

    # Links.
    def link(self, **changes: str | int | None) -> str:
        """This page's address with some parameters changed; None drops one, the others stay."""
        own = {self._parameter(key): value for key, value in changes.items()}
        pairs: list[tuple[str, str]] = []
        for key in self._params:
            if key not in own:
                many = self._params.getlist(key) if hasattr(self._params, "getlist") else [self._params[key]]
                pairs += [(key, str(each)) for each in many]
        pairs += [(key, str(value)) for key, value in own.items() if value is not None]
        return f"?{urlencode(pairs)}"

    @property
    def headings(self) -> list[Heading]:
        """The headings; a second choice of the same column turns its order round."""
        key, downwards = self.sort.removeprefix("-"), self.sort.startswith("-")
        made = []
        for column in self.columns:
            if not column.sort:
                made.append(Heading(column=column))
                continue
            current = column.key == key
            turned = f"-{column.key}" if current and not downwards else column.key
            direction = ("descending" if downwards else "ascending") if current else "none"
            href = self.link(sort=turned, page=None, export=None)
            made.append(Heading(column=column, href=href, direction=direction))
        return made

    @property
    def pages(self) -> list[PageLink]:
        """The entries of the pagination."""
        return [
            PageLink(
                number=number,
                href=self.page_href(number) if number else None,
                current=number == self.page_number,
            )
            for number in components.page_numbers(self.page_number, self.page_count)
        ]

    def page_href(self, number: int) -> str:
        """The address of another page of the table."""
        return self.link(page=number, export=None)

    @property
    def previous_href(self) -> str | None:
        """The address of the page before."""
        return self.page_href(self.page_number - 1) if self.page_number > 1 else None

    @property
    def next_href(self) -> str | None:
        """The address of the page after."""
        return self.page_href(self.page_number + 1) if self.page_number < self.page_count else None

    @property
    def pages_label(self) -> str:
        """What the pagination is called by a screen reader."""
        return f"Pages of {self.caption[:1].lower()}{self.caption[1:]}"

    @property
    def export_href(self) -> str:
        """The address of the file with all rows."""
        return self.link(export="csv", page=None)
