"""Documents: one model of blocks for everything that is published, and the three ways it leaves the house.

A report, a meeting pack, a certificate or a briefing note is a `rules.blocks.Document`. It is kept as plain
JSON data (`rules.serial`) and made into a web page, a tagged PDF and a Word file by `exchange.html`,
`exchange.pdf` and `exchange.word`. This room knows nothing of safeguarding and needs no database.
"""
