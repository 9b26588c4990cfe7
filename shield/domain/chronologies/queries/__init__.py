"""Reads across chronologies: whose they are, tables on their way in, the merged order, what was found in it."""
