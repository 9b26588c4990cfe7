"""Dates: today in London, working days of England, spans. Pure, so any `rules.py` may use it."""
