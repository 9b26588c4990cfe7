"""Search over all that a person may see: titles and texts, fast, forgiving of spelling.

The index is derived from the records: it follows the history, can be made anew at any moment and is in no backup.
It never decides who sees what: every result is checked against its kind's `visible_to` in the same statement that
finds it. Nothing sealed is ever in it.
"""
