"""Addresses and the way to the pages of the yearly report."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from shield.annual_report.models import Report

STATUS_TONE = {"draft": "attention", "issued": "info", "published": "good", "withdrawn": "late"}


def way_to(request: Any, report: Report, *further: str) -> list[tuple[str, str]]:
    """The way to a report and to a page below it."""
    here = [("Yearly reports", to(request, "reports")), (report.title, to(request, "report", id=report.pk))]
    return [*here, *((title, "") for title in further)]


def to(request: Any, route: str, /, **kwargs: Any) -> str:
    """The address of a page of this partnership."""
    return reverse(route, kwargs={"partnership": request.partnership.slug, **kwargs})
