"""What a report is made of: figures with their records, tables, sections, gaps; and what sources assert.

A figure is computed from records, never typed. A statement is what some source asserts: where statements
disagree with each other or with the register there is a discrepancy, which a person settles with a reason.
Legal source: Working Together to Safeguard Children, yearly report.
"""
