"""Pages of the yearly report."""

from shield.annual_report.views.issuing import (
    build,
    build_ask,
    copies,
    issue_report,
    publish,
    reopen,
    withdraw,
)
from shield.annual_report.views.published import published, published_file
from shield.annual_report.views.reports import report, report_edit, report_open, reports
from shield.annual_report.views.writing import confirm, coverage, earlier_issue, excuse, preview, write

__all__ = [
    "build",
    "build_ask",
    "confirm",
    "copies",
    "coverage",
    "earlier_issue",
    "excuse",
    "issue_report",
    "preview",
    "publish",
    "published",
    "published_file",
    "reopen",
    "report",
    "report_edit",
    "report_open",
    "reports",
    "withdraw",
    "write",
]
