"""A document leaves as a web page, a PDF or a Word file."""
