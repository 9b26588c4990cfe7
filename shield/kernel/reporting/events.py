"""What can happen to statements and reporting years."""

from shield.kernel.history.events import register

STATEMENT_RECORDED = register("reporting.statement_recorded", "recorded what {source} says of {title}")
STATEMENTS_IMPORTED = register("reporting.statements_imported", "recorded {count} statements of {source}")
DISCREPANCY_SETTLED = register(
    "reporting.discrepancy_settled", "settled the {attribute} of {title} as {value}: {reason}"
)
STATEMENT_WITHDRAWN = register(
    "reporting.statement_withdrawn", "took back what {source} says of {title}, {value}: {reason}"
)
YEAR_CHANGED = register("reporting.year_changed", "corrected the reporting year {title}: {fields}")
YEAR_CLOSED = register("reporting.year_closed", "closed the reporting year {title}, as its report is issued")
YEAR_OPENED = register("reporting.year_opened", "opened the reporting year {title} again")
YEAR_ADDED = register("reporting.year_added", "set up the reporting year {title}")
