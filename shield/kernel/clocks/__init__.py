"""Statutory clocks: duties as dated, versioned rule packs, and the clocks that records start.

A clock's due date is a pure function of its start, its rule, the pauses and extensions, and the calendar of
England's bank holidays; no counter is kept. Legal source: each rule names its own, and its edition.
"""
