"""The yearly report out of the records: assembled, checked against the statutory contents, issued, published.

Legal source: Children Act 2004 s16G(7); Working Together to Safeguard Children, yearly report. It sees the
other modules through their doors only (`contribution.py`).
"""
