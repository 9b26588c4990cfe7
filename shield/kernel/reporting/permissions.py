"""What may be done with figures and statements."""

from shield.kernel.access.rules import declare

VIEW_FIGURES = declare("reporting.view_figures", "See figures and the records behind them")
RECORD_STATEMENT = declare("reporting.record_statement", "Record what a source asserts")
SETTLE = declare("reporting.settle", "Settle a discrepancy")
EDIT_YEARS = declare("reporting.edit_years", "Set up reporting years")
