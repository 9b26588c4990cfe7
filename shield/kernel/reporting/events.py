"""What can happen to statements and reporting years."""

from shield.kernel.history.events import register

STATEMENT_RECORDED = register("reporting.statement_recorded", "recorded what {source} says of {title}")
STATEMENTS_IMPORTED = register("reporting.statements_imported", "recorded {count} statements of {source}")
DISCREPANCY_SETTLED = register(
    "reporting.discrepancy_settled", "settled the {attribute} of {title} as {value}: {reason}"
)
YEAR_ADDED = register("reporting.year_added", "set up the reporting year {title}")
