"""A page with a table, or the table's file when the address asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shield.kernel.design import exchange
from shield.kernel.design.queries import Table


def table_response(
    request: HttpRequest, template: str, context: Mapping[str, Any], table: Table, *, file_name: str = ""
) -> HttpResponse:
    """The page, with the table in its context as `table`; or all its rows as CSV for `?export=csv`."""
    if not table.wants_export:
        return render(request, template, {"table": table, **context})
    response = HttpResponse(exchange.csv_bytes(table.exported_rows()), content_type="text/csv; charset=utf-8")
    name = exchange.file_name(file_name.removesuffix(".csv") or table.file_name)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    # A download may name people: nothing between here and the reader keeps a copy.
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
