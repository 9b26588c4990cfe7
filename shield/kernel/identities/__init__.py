"""Who stands behind a pseudonym: names kept apart from the case, sealed, for its team alone.

For: every case about a child. Names and their spellings are found in free text before it leaves the team, so that
nothing goes out with a real name in it. Nothing of it is in the report.
"""
